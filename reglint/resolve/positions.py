"""Where the calls and imports of a libcst tree stand in the source.

libcst's own ``PositionProvider`` costs more than parsing. ``ast`` gives positions at a tenth of the price: the calls
and imports of both trees, in source order, are the same ones. Where ``ast`` cannot follow (syntax newer than the
running Python, or deeper than its limits), libcst's provider answers instead.
"""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING, TypeVar

import libcst as cst

from reglint.files.syntax import SyntaxProblem, parse_syntax
from reglint.files.text import Span, Text
from reglint.resolve.outline import called_name, source_order
from reglint.resolve.scopes import last_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from libcst.metadata import CodeRange

    from reglint.resolve.scopes import Located, ModuleIndex, Part

_Node = TypeVar("_Node", bound=cst.CSTNode)
_DEEP = 20_000
"""The recursion limit for libcst's provider, which goes down the tree by recursion."""
_FORMATTED = tuple(getattr(ast, name) for name in ("JoinedStr", "TemplateStr") if hasattr(ast, name))
_LOCATED = (ast.Call, ast.Import, ast.ImportFrom)


def span_of(node: Located, index: ModuleIndex) -> Span:
    """Where a call or import stands, the parentheses around it left out."""
    part = index.homes[node]
    if part.spans is None:
        part.spans = spans_of(part)
    return part.spans[node]


def spans_of(part: Part) -> Mapping[Located, Span]:
    """The span of each call and import that the walk recorded, the parentheses around it left out."""
    syntax = parse_syntax(part.source)
    if not isinstance(syntax, SyntaxProblem):
        found = sorted(_located(syntax), key=source_order)
        if len(found) == len(part.located) and not any(map(_differ, part.located, found)):
            nodes = dict(zip(part.located, found, strict=True))
            return _LazySpans(nodes, part.index.text, part.cut.lines)
    return exact_spans(part, part.located)


class _LazySpans(dict["Located", Span]):
    """Spans made when asked for: most calls of a module are no layers."""

    def __init__(
        self, nodes: Mapping[Located, ast.Call | ast.Import | ast.ImportFrom], text: Text, lines: int
    ) -> None:
        self.nodes, self.text, self.lines = nodes, text, lines

    def __missing__(self, located: Located) -> Span:
        node = self.nodes[located]
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        self[located] = span = self.text.span(
            self.text.offset(self.lines + node.lineno, node.col_offset),
            self.text.offset(self.lines + node.end_lineno, node.end_col_offset),
        )
        return span


def _located(tree: ast.AST) -> Iterator[ast.Call | ast.Import | ast.ImportFrom]:
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, _FORMATTED):
            continue
        if isinstance(node, _LOCATED):
            yield node
        pending.extend(ast.iter_child_nodes(node))


def _differ(ours: Located, theirs: ast.Call | ast.Import | ast.ImportFrom) -> bool:
    """Whether two nodes that should be the same one cannot be."""
    if isinstance(ours, cst.Call) and isinstance(theirs, ast.Call):
        return last_name(ours.func) != called_name(theirs.func)
    return type(ours).__name__ != type(theirs).__name__


def exact_spans(part: Part, nodes: Iterable[_Node]) -> dict[_Node, Span]:
    """The spans of any nodes of a part, from libcst's own provider: for the few files that are rewritten."""
    ranges = exact_ranges(part.tree)
    return {node: _span_in(part, ranges[node]) for node in nodes}


def exact_span(node: cst.CSTNode, index: ModuleIndex) -> Span:
    """Where any node of a module stands, the parentheses around it left out; slow where it is first asked for."""
    for part in index.parts:
        if part.is_read and part.ranges is None:
            part.ranges = exact_ranges(part.tree)
        if part.ranges is not None and node in part.ranges:
            return _span_in(part, part.ranges[node])
    raise KeyError(node)


def _span_in(part: Part, place: CodeRange) -> Span:
    """A place in libcst's terms as a span of the whole text."""
    text, lines = part.index.text, part.cut.lines
    return text.span(
        text.starts[lines + place.start.line - 1] + place.start.column,
        text.starts[lines + place.end.line - 1] + place.end.column,
    )


def exact_ranges(tree: cst.Module | None) -> Mapping[cst.CSTNode, CodeRange]:
    """Where every node stands, comments and white space too, in libcst's terms: lines from 1, columns from 0."""
    from libcst.metadata import MetadataWrapper, PositionProvider

    if tree is None:
        return {}
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _DEEP))
    try:
        return MetadataWrapper(tree, unsafe_skip_copy=True).resolve(PositionProvider)
    finally:
        sys.setrecursionlimit(limit)
