"""The comments of a module: where they stand, which lines each is about, and where another one may stand.

Python's tokenizer finds them, and the tree of libcst where the running Python cannot follow: never in a string.
"""

from __future__ import annotations

import tokenize
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from reglint.files.syntax import syntax_problem
from reglint.files.tokens import FORMATTED_END, FORMATTED_START

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reglint.files.documents import Document
    from reglint.files.text import Text

_NO_CODE = {tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


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
    statement (of a compound one the head), or inside brackets one line; never that of another cell."""


@dataclass(frozen=True, slots=True)
class Comments:
    """All comments of a module, in the order of the source."""

    comments: tuple[Comment, ...]
    open_lines: frozenset[int]
    """The lines of code at whose end a comment stands or may be added: none inside a string, none that goes on
    after a backslash."""


def read_comments(document: Document) -> Comments:
    """The comments of the module of a document, which has been parsed before."""
    text = document.text
    lines = None if syntax_problem(text.value) else _by_tokens(text)
    if lines is None:
        lines = _by_tree(text)
    statement_ends = sorted(number for number, line in lines.items() if line.ends_statement)
    comments = []
    for number, line in sorted(lines.items()):
        if line.start is not None:
            end, _ = text.position(document.limit(line.start))
            last = _below(number, end, lines, statement_ends, text) if line.empty else number
            comments.append(Comment(line.start, line.comment, line.empty, number, last))
    return Comments(
        tuple(comments),
        frozenset(number for number, line in lines.items() if not line.empty and not line.in_string),
    )


class _Line(NamedTuple):
    """How a line ends. There is none for lines that end in a string or with a backslash."""

    comment: str
    start: int | None
    """Where the comment starts; None where there is none."""
    empty: bool
    """Whether there is no code on it."""
    in_brackets: bool
    in_string: bool = False
    """Whether it ends in a formatted string, where older Pythons know no comments."""

    @property
    def ends_statement(self) -> bool:
        """Whether a statement ends with it, or the head of a compound one."""
        return not self.empty and not self.in_brackets and not self.in_string


def _by_tokens(text: Text) -> dict[int, _Line] | None:
    """The line ends as Python's tokenizer finds them; None where it reads the text in another way than the parser."""
    lines: dict[int, _Line] = {}
    comment, start, empty, depth, formatted = "", None, True, 0, 0
    try:
        for token in tokenize.generate_tokens(_numbered(text).__next__):
            if token.type == tokenize.COMMENT:
                comment, start = token.string, text.starts[token.start[0] - 1] + token.start[1]
                if not text.value.startswith(comment, start):
                    return None
            elif token.type in (tokenize.NL, tokenize.NEWLINE):
                lines[token.start[0]] = _Line(comment, start, empty, depth > 0, formatted > 0)
                comment, start, empty = "", None, True
            elif token.type not in _NO_CODE:
                empty = False
                formatted += (token.type in FORMATTED_START) - (token.type in FORMATTED_END)
                if token.type == tokenize.OP:
                    depth += (token.string in "([{") - (token.string in ")]}")
    except (tokenize.TokenError, SyntaxError):
        return None
    return lines


def _numbered(text: Text) -> Iterator[str]:
    """The lines, each with the one line end that all tokenizers know."""
    for number in range(1, len(text.starts) + 1):
        yield f"{text.line(number)}\n"


def _by_tree(text: Text) -> dict[int, _Line]:
    """The line ends as they are in the tree, for syntax that is newer than the running Python."""
    import libcst as cst

    from reglint.resolve.written import exact_ranges

    ranges = exact_ranges(cst.parse_module(text.value))
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
            number, comment, start = place.start.line, "", None
            if node.comment is not None:
                start = text.starts[number - 1] + ranges[node.comment].start.column
                comment = node.comment.value
                if not text.value.startswith(comment, start):
                    comment, start = "", None
            empty = isinstance(node, cst.EmptyLine)
            lines[number] = _Line(comment, start, empty, node in in_brackets, number in in_strings)
    return lines


def _below(
    number: int, end: int, lines: Mapping[int, _Line], statement_ends: Sequence[int], text: Text
) -> int:
    """The last line that the comment on a line of its own is about; none after ``end``."""
    first = number + 1
    while first in lines and lines[first].empty and lines[first].start is not None:
        first += 1
    if first > end or not text.line(first).strip():
        return number
    if lines[number].in_brackets:
        return first
    found = bisect_left(statement_ends, first)
    return statement_ends[found] if found < len(statement_ends) else first
