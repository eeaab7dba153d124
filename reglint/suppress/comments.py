"""The comments of a module: where they stand, which lines each is about, and where another one may stand.

They are read from the tree, so that nothing in a string is taken for one.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from reglint.resolve.positions import exact_ranges

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reglint.files.text import Text


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, from its ``#`` to the end of its line. Offsets count characters from 0, lines from 1."""

    start: int
    text: str
    alone: bool
    """Whether it has a line of its own."""
    first_line: int
    last_line: int
    """The lines that it is about: its own, and for one that is ``alone`` also the code right below: a whole
    statement (of a compound one the head), or inside brackets one line."""


@dataclass(frozen=True, slots=True)
class Comments:
    """All comments of a module, in the order of the source."""

    comments: tuple[Comment, ...]
    open_lines: frozenset[int]
    """The lines of code at whose end a comment stands or may be added: none inside a string, none that goes on
    after a backslash."""

    def at_end_of(self, line: int) -> Comment | None:
        """The comment after the code of a line."""
        return next((one for one in self.comments if one.first_line == line and not one.alone), None)


def read_comments(tree: cst.Module, text: Text) -> Comments:
    """The comments of ``tree``, whose code ``text`` is."""
    ranges = exact_ranges(tree)
    in_brackets: set[cst.CSTNode] = set()
    in_strings: set[int] = set()
    for node, place in ranges.items():
        if isinstance(node, cst.ParenthesizedWhitespace):
            in_brackets |= {node.first_line, *node.empty_lines}
        elif isinstance(node, cst.FormattedString):
            in_strings.update(range(place.start.line, place.end.line))
    lines: dict[int, _Line] = {}
    for node, place in ranges.items():
        if isinstance(node, (cst.TrailingWhitespace, cst.EmptyLine)):
            start = None
            if node.comment is not None:
                start = text.starts[place.start.line - 1] + ranges[node.comment].start.column
            lines[place.start.line] = _Line(node, start, node in in_brackets)
    statement_ends = sorted(number for number, line in lines.items() if line.ends_statement)
    comments = []
    for number, line in sorted(lines.items()):
        if line.start is not None and line.node.comment is not None:
            last = _below(number, lines, statement_ends, text) if line.empty else number
            comments.append(Comment(line.start, line.node.comment.value, line.empty, number, last))
    code = frozenset(number for number, line in lines.items() if not line.empty)
    return Comments(tuple(comments), code - in_strings)


class _Line(NamedTuple):
    """How a line ends."""

    node: cst.TrailingWhitespace | cst.EmptyLine
    start: int | None
    """Where its comment starts."""
    in_brackets: bool

    @property
    def empty(self) -> bool:
        """Whether there is no code on it."""
        return isinstance(self.node, cst.EmptyLine)

    @property
    def ends_statement(self) -> bool:
        """Whether a statement ends with it, or the head of a compound one."""
        return not self.empty and not self.in_brackets


def _below(number: int, lines: Mapping[int, _Line], statement_ends: Sequence[int], text: Text) -> int:
    """The last line that the comment on a line of its own is about."""
    first = number + 1
    while first in lines and lines[first].empty and lines[first].start is not None:
        first += 1
    if not text.line(first).strip():
        return number
    if lines[number].in_brackets:
        return first
    found = bisect_left(statement_ends, first)
    return statement_ends[found] if found < len(statement_ends) else first
