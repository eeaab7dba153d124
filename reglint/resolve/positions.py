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

    from reglint.resolve.scopes import Located, ModuleIndex

_Node = TypeVar("_Node", bound=cst.CSTNode)
_DEEP = 20_000
"""The recursion limit for libcst's provider, which goes down the tree by recursion."""
_FORMATTED = tuple(getattr(ast, name) for name in ("JoinedStr", "TemplateStr") if hasattr(ast, name))
_LOCATED = (ast.Call, ast.Import, ast.ImportFrom)


def spans_of(index: ModuleIndex) -> Mapping[Located, Span]:
    """The span of each call and import that the walk recorded, the parentheses around it left out."""
    text = index.text
    syntax = index.syntax or parse_syntax(text.value)
    if isinstance(syntax, SyntaxProblem):
        return exact_spans(index.tree, text, index.located)
    found = sorted(_located(syntax), key=source_order)
    if len(found) != len(index.located) or any(map(_differ, index.located, found)):
        return exact_spans(index.tree, text, index.located)
    return _LazySpans(dict(zip(index.located, found, strict=True)), text)


class _LazySpans(dict["Located", Span]):
    """Spans made when asked for: most calls of a module are no layers."""

    def __init__(self, nodes: Mapping[Located, ast.Call | ast.Import | ast.ImportFrom], text: Text) -> None:
        self.nodes, self.text = nodes, text

    def __missing__(self, located: Located) -> Span:
        node = self.nodes[located]
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        self[located] = span = self.text.span(
            self.text.offset(node.lineno, node.col_offset),
            self.text.offset(node.end_lineno, node.end_col_offset),
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


def exact_spans(tree: cst.Module, text: Text, nodes: Iterable[_Node]) -> dict[_Node, Span]:
    """The spans of any nodes, from libcst's own provider: for the few files that are rewritten."""
    ranges = exact_ranges(tree)
    return {node: span_in(text, ranges[node]) for node in nodes}


def span_in(text: Text, place: CodeRange) -> Span:
    """A place in libcst's terms as a span of a text."""
    return text.span(
        text.starts[place.start.line - 1] + place.start.column,
        text.starts[place.end.line - 1] + place.end.column,
    )


def exact_ranges(tree: cst.Module) -> Mapping[cst.CSTNode, CodeRange]:
    """Where every node stands, comments and white space too, in libcst's terms: lines from 1, columns from 0."""
    from libcst.metadata import MetadataWrapper, PositionProvider

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _DEEP))
    try:
        return MetadataWrapper(tree, unsafe_skip_copy=True).resolve(PositionProvider)
    finally:
        sys.setrecursionlimit(limit)
