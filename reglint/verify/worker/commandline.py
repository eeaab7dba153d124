"""Command lines of scripts: nobody gives any arguments here, so that defaults count, and made-up values without one."""

from __future__ import annotations

import argparse
import functools
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def install(make_up: Callable[[str], Any]) -> None:
    """Has ``argparse`` and ``absl.flags`` ask for nothing. ``make_up`` gives a value, told what for."""
    argparse.ArgumentParser.parse_known_args = _asking_for_nothing(  # type: ignore[method-assign]
        argparse.ArgumentParser.parse_known_args, make_up
    )
    flags: Any = sys.modules.get("absl.flags")
    if flags is not None:
        flags.FLAGS.mark_as_parsed()


def _asking_for_nothing(original: Any, make_up: Callable[[str], Any]) -> Any:
    @functools.wraps(original)
    def parse_known_args(self: argparse.ArgumentParser, *args: Any, **kwargs: Any) -> Any:
        asked = [action for action in self._actions if action.required and action.nargs != argparse.PARSER]
        for action in asked:
            action.required = False
            if not action.option_strings:
                action.nargs = "?" if action.nargs is None else "*"
        for group in self._mutually_exclusive_groups:
            group.required = False
        namespace, rest = original(self, *args, **kwargs)
        for action in asked:
            if getattr(namespace, action.dest) in (None, []):
                choices = list(action.choices or ())
                value = choices[0] if choices else make_up(f"the argument `{action.dest}`")
                setattr(namespace, action.dest, value)
        return namespace, rest

    return parse_known_args
