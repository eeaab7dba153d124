"""Where a statement that is too long for its line can be divided at the operators of its value.

The value of an assignment or of a ``return`` then stands in parentheses of its own, as ruff and black write it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reglint.fix.brackets import Bracket, LogicalLine

_LEVELS = (
    (",",),
    ("if", "else"),
    ("or",),
    ("and",),
    ("in", "not", "is", "<", ">", "<=", ">=", "==", "!="),
    ("|",),
    ("^",),
    ("&",),
    ("<<", ">>"),
    ("+", "-"),
    ("*", "@", "/", "//", "%"),
    ("**",),
)
"""The operators, those that bind the least first."""

_LEVEL = {operator: level for level, operators in enumerate(_LEVELS) for operator in operators}
_TUPLE, _CONDITION = 0, 1
_COMPARISONS = frozenset({"<=", ">=", "==", "!="})
_NOT_DIVIDED = frozenset({"lambda", "yield", "await", ":=", ";"})


class Gap(NamedTuple):
    """A stretch of white space at an operator that can become a line end."""

    start: int
    end: int
    level: int


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a statement, from its first character to its last, and where it can be divided."""

    start: int
    end: int
    gaps: Sequence[Gap]
    is_tuple: bool

    def parts(self, start: int, end: int) -> list[tuple[int, int]]:
        """What the operators that bind the least divide the code from ``start`` to ``end`` into."""
        gaps = [gap for gap in self.gaps if start < gap.start and gap.end < end]
        first = min((gap.level for gap in gaps), default=0)
        gaps = [gap for gap in gaps if gap.level == first]
        return list(
            zip([start, *(gap.end for gap in gaps)], [*(gap.start for gap in gaps), end], strict=True)
        )


def value_of(line: LogicalLine, text: str) -> Value | None:
    """The value of a statement that goes into parentheses when it is too long; None where none does.

    A value with one operator and a call behind it is divided in that call.
    """
    if not line.operators or _NOT_DIVIDED.intersection(operator.text for operator in line.operators):
        return None
    before = [operator for operator in line.operators if _assigns(operator.text)][-1:]
    if not before and line.operators[0].text == "return":
        before = line.operators[:1]
    if not before or (line.operators[0].start == line.start and line.operators[0].text != "return"):
        return None
    start = before[0].start + len(before[0].text)
    start += len(text[start : line.end]) - len(text[start : line.end].lstrip(" \t"))
    inside = [one for one in line.operators if one.start >= start and one.binary and one.text in _LEVEL]
    level = min((_LEVEL[one.text] for one in inside), default=None)
    if level is None:
        return None
    dividing = sum(_LEVEL[one.text] == level for one in inside)
    if level > _CONDITION and dividing == 1 and _has_an_end_to_open(line.brackets, start, line.end):
        return None
    gaps = [
        Gap(one.start + 1, _after_space(text, one.start + 1), level)
        if _LEVEL[one.text] == _TUPLE
        else Gap(len(text[: one.start].rstrip(" \t")), one.start, _LEVEL[one.text])
        for one in inside
    ]
    return Value(start, line.end, [gap for gap in gaps if gap.end < line.end], level == _TUPLE)


def _assigns(operator: str) -> bool:
    return operator.endswith("=") and operator not in _COMPARISONS


def _has_an_end_to_open(brackets: Iterable[Bracket], start: int, end: int) -> bool:
    """Whether a value starts or ends with brackets that have something in them."""
    return any(
        bracket.items and (bracket.close == end - 1 or (bracket.open == start and not bracket.trailer))
        for bracket in brackets
    )


def _after_space(text: str, offset: int) -> int:
    while text[offset : offset + 1] in (" ", "\t"):
        offset += 1
    return offset
