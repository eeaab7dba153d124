"""What is wrong with a policy file: where, and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

KeyPath = tuple[str | int, ...]
"""An entry of the policy: ``("layers", "Conv*", "kernel", "min")``; an int is an index into an array."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a policy file. Lines and columns count from 1, columns in characters."""

    path: Path
    message: str
    line: int | None = None
    column: int | None = None
    key: KeyPath = ()
    hint: str | None = None

    def __str__(self) -> str:
        """``reglint.toml:7:1: unknown key "kernal" in [weights]; did you mean "kernel"?``"""
        place = str(self.path) if self.line is None else f"{self.path}:{self.line}:{self.column}"
        return f"{place}: {self.message}" + (f"; {self.hint}" if self.hint else "")


class PolicyError(Exception):
    """A policy that cannot be used. Its text is its problems, one a line, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def nearest(word: str, valid: Iterable[str]) -> str | None:
    """What of ``valid`` the word was most likely meant to be, whatever its case; None if nothing is close."""
    import difflib  # only needed once something is wrong

    by_lower = {entry.lower(): entry for entry in valid}
    close = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.5)
    return by_lower[close[0]] if close else None
