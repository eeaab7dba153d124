"""Source text with its syntax tree, and edits of it that leave every line where it is."""

from __future__ import annotations

import ast
import re
import sys
import threading
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reglint.verify.proof import Target

_PARSING = threading.Lock()
"""CPython 3.11 counts the depth of trees for all threads together, and raises SystemError where two of them parse."""

_BREAK = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces the text from ``start`` to ``end`` (offsets in characters)."""

    start: int
    end: int
    text: str


def parse(text: str) -> ast.Module:
    """The syntax tree of a text, in any thread. Raises as ``ast.parse`` does."""
    with _PARSING:
        return ast.parse(text)


def parse_expression(text: str) -> ast.expr:
    """The same for an expression."""
    with _PARSING:
        return ast.parse(text, mode="eval").body


class Source:
    """One module. Raises SyntaxError if it is none (ValueError for a null byte)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = parse(text)

    @cached_property
    def _lines(self) -> list[tuple[int, str]]:
        """The offset and the text of every line, as Python counts lines."""
        return [(match.start(), match.group()) for match in _LINE.finditer(self.text)]

    def _offset(self, line: int, column: int) -> int:
        """The offset of a position of the syntax tree, whose columns are bytes of UTF-8."""
        start, text = self._lines[line - 1]
        return start + len(text.encode()[:column].decode(errors="ignore"))

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Where a node starts and ends; decorators are part of what they decorate."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        first: ast.expr | ast.stmt = node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.decorator_list:
            first = node.decorator_list[0]
        end = self._offset(node.end_lineno, node.end_col_offset)
        start = self._offset(first.lineno, first.col_offset)
        return (self.text.rindex("@", 0, start) if first is not node else start), end

    def is_alone(self, node: ast.stmt) -> bool:
        """Whether a simple statement has its lines for itself, so that something can be written in front of it."""
        start, end = self.span(node)
        before = self._lines[node.lineno - 1][1][: start - self._lines[node.lineno - 1][0]]
        after = _BREAK.split(self.text[end:], maxsplit=1)[0].lstrip()
        return not before.strip() and (not after or after.startswith("#"))

    @cached_property
    def calls(self) -> list[ast.Call]:
        """Every call, in the order of the syntax tree."""
        return [node for node in placed(self.tree) if isinstance(node, ast.Call)]

    def find(self, targets: Sequence[Target]) -> dict[int, ast.Call]:
        """The calls that stand exactly where the targets say, by the target's index."""
        spans = {self.span(call): call for call in reversed(self.calls)}
        found = {}
        for index, target in enumerate(targets):
            try:
                start = self._lines[target.line - 1][0] + target.column - 1
                end = self._lines[target.end_line - 1][0] + target.end_column - 1
            except IndexError:
                continue
            if (start, end) in spans:
                found[index] = spans[start, end]
        return found

    def counterparts(self, other: Source, calls: dict[int, ast.Call]) -> dict[int, ast.Call]:
        """The calls of ``self`` that became ``calls`` of ``other``, by the same index.

        A fix adds no constructor call, so that the n-th call of a name stays the n-th; where the numbers differ,
        there is no counterpart.
        """
        mine, theirs = self._by_callee(), other._by_callee()
        found = {}
        for index, call in calls.items():
            callee = ast.unparse(call.func)
            if len(mine.get(callee, ())) == len(theirs[callee]):
                found[index] = mine[callee][next(n for n, each in enumerate(theirs[callee]) if each is call)]
        return found

    def _by_callee(self) -> dict[str, list[ast.Call]]:
        calls: dict[str, list[ast.Call]] = {}
        for call in self.calls:
            calls.setdefault(ast.unparse(call.func), []).append(call)
        return calls

    def edited(self, edits: Iterable[Edit]) -> str:
        """The text with edits applied, which must not overlap; an insertion goes before a replacement."""
        pieces = []
        done = 0
        for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
            pieces += [self.text[done : edit.start], edit.text]
            done = edit.end
        return "".join([*pieces, self.text[done:]])

    def replace(self, node: ast.expr | ast.stmt, text: str = "") -> Edit:
        """The edit of a node to an expression on as many lines, by default to one that does nothing."""
        start, end = self.span(node)
        return Edit(start, end, "(" + text + "\n" * len(_BREAK.findall(self.text[start:end])) + ")")


def placed(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it, in the order of the syntax tree, as far as ``parts`` goes."""
    yield node
    for child in parts(node):
        yield from placed(child)


def parts(node: ast.AST) -> Iterator[ast.AST]:
    """The children of a node; before Python 3.12, not those of an f-string, whose positions mean nothing."""
    if not isinstance(node, ast.JoinedStr) or sys.version_info >= (3, 12):
        yield from ast.iter_child_nodes(node)
