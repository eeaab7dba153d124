"""Which rules speak about which files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reglint.policy.errors import nearest
from reglint.rules.codes import modules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from reglint.policy.globs import Globs

_ALWAYS = "REG001"
"""The rule about files that could not be checked is on without being selected."""
_GROUP = len("REG1")
"""How many letters the rules of one group begin with."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Rules by their codes, or the beginnings of codes; the longest that fits decides, ``ignore`` before ``select``."""

    select: tuple[str, ...] = ("REG",)
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[Globs, tuple[str, ...]], ...] = ()

    def speaks(self, code: str, path: Path) -> bool:
        """Whether a rule speaks about a file."""
        selected = _longest(code, (*self.select, _ALWAYS))
        if selected <= _longest(code, self.ignore):
            return False
        return not any(_longest(code, codes) for globs, codes in self.per_file_ignores if globs.match(path))

    def speaking(self, path: Path) -> frozenset[str]:
        """The codes of the rules that speak about a file."""
        return frozenset(code for code in modules() if self.speaks(code, path))

    def narrowed(self, select: Sequence[str], ignore: Sequence[str]) -> Selection:
        """The same as a command line changes it: its ``select`` takes the place of the policy's, ``ignore`` adds."""
        if not select:
            return Selection(self.select, (*self.ignore, *ignore), self.per_file_ignores)
        return Selection(tuple(select), tuple(ignore), self.per_file_ignores)


def _longest(code: str, beginnings: Sequence[str]) -> int:
    """The length of the longest of ``beginnings`` that a code has; 0 if it has none."""
    return max((len(beginning) for beginning in beginnings if code.startswith(beginning)), default=0)


def problem(beginning: str) -> tuple[str, str] | None:
    """What is wrong with a code or the beginning of one: that no rule has it, and the nearest that one has."""
    if any(code.startswith(beginning) for code in modules()):
        return None
    beginnings = {code[:length] for code in modules() for length in (_GROUP, len(code))}
    close = nearest(beginning, sorted(beginnings))
    hint = f'did you mean "{close}"?' if close else f"the rules are {', '.join(modules())}"
    return f'no rule begins with "{beginning}"', hint
