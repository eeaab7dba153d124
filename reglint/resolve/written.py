"""How code is written: libcst's own trees of the parts of a module, and where their nodes stand.

The trees that are read have no layout (``lean.py``). Where it matters, as for a fix, a part is parsed by libcst, and
each node that was read has its twin there.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from reglint.resolve.nodes import children
from reglint.resolve.trees import parse_tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from libcst.metadata import CodeRange

    from reglint.resolve.scopes import ModuleIndex, Part

_DEEP = 20_000
"""The recursion limit for libcst's position provider, which goes down the tree by recursion."""
_STRINGS = (cst.SimpleString, cst.ConcatenatedString, cst.FormattedString)


@dataclass(slots=True)
class Written:
    """A part of a module as libcst's own parser reads it."""

    tree: cst.Module
    twins: Mapping[cst.CSTNode, cst.CSTNode]
    """The node of ``tree`` for each node of the tree that was read."""
    _ranges: Mapping[cst.CSTNode, CodeRange] | None = None

    @property
    def ranges(self) -> Mapping[cst.CSTNode, CodeRange]:
        """Where every node stands, white space and parentheses too; slow where it is first asked for."""
        if self._ranges is None:
            self._ranges = exact_ranges(self.tree)
        return self._ranges


def written(part: Part) -> Written:
    """A part that has been read, as it is written.

    Raises:
        libcst.ParserSyntaxError: libcst cannot parse what Python can.
        ValueError: it reads it in another way.
    """
    if part.written is None:
        assert part.tree is not None
        tree = parse_tree(part.source) if part.ranges is not None else part.tree
        part.written = Written(tree, dict(_twins(part.tree, tree)))
        part.index.nodes.update(dict.fromkeys(part.written.twins.values(), part))
    return part.written


def written_trees(index: ModuleIndex) -> list[cst.Module]:
    """The trees of all parts of a module as libcst's own parser makes them.

    Raises:
        libcst.ParserSyntaxError: libcst cannot parse what Python can.
    """
    return [written(part).tree for part in index.all_parts() if part.tree is not None]


def home_of(node: cst.CSTNode, index: ModuleIndex) -> tuple[Written, Part]:
    """The part that a node is in, of either tree.

    Raises:
        KeyError: it is in none of them.
    """
    part = index.nodes.get(node) or _found(node, index)
    return written(part), part


def _found(node: cst.CSTNode, index: ModuleIndex) -> Part:
    for part in index.read_parts[index.placed :]:
        assert part.tree is not None
        index.nodes.update(dict.fromkeys(_nodes(part.tree), part))
    index.placed = len(index.read_parts)
    if node in index.nodes:
        return index.nodes[node]
    # Of what only libcst's own tree has, as parentheses, those are asked for that are around something found there.
    for part in index.read_parts:
        if part.written is not None and node in part.written.ranges:
            return part
    raise KeyError(node)


def exact_ranges(tree: cst.Module) -> Mapping[cst.CSTNode, CodeRange]:
    """Where every node stands, comments and white space too, in libcst's terms: lines from 1, columns from 0."""
    from libcst.metadata import MetadataWrapper, PositionProvider

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _DEEP))
    try:
        return MetadataWrapper(tree, unsafe_skip_copy=True).resolve(PositionProvider)
    finally:
        sys.setrecursionlimit(limit)


def _twins(read: cst.CSTNode, parsed: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    pending = [(read, parsed)]
    while pending:
        ours, theirs = pair = pending.pop()
        yield pair
        ours_below, theirs_below = _below(ours), _below(theirs)
        is_string = isinstance(ours, _STRINGS)
        if len(ours_below) != len(theirs_below) or (
            type(ours) is not type(theirs) and not (is_string and isinstance(theirs, _STRINGS))
        ):
            if is_string:
                continue  # a part of a formatted string that is written in no other way
            raise ValueError(f"two parsers differ at {type(theirs).__name__}")
        pending.extend(zip(ours_below, theirs_below, strict=True))


def _below(node: cst.CSTNode) -> Sequence[cst.CSTNode]:
    """The nodes below one in both trees: of a string the expressions in it."""
    if isinstance(node, _STRINGS):
        return tuple(_formatted(node))
    if isinstance(node, cst.Slice):
        return tuple(each for each in (node.lower, node.upper, node.step) if each is not None)
    return tuple(children(node))


def _formatted(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    match node:
        case cst.ConcatenatedString(left=left, right=right):
            yield from (*_formatted(left), *_formatted(right))
        case cst.FormattedString(parts=parts):
            for part in parts:
                yield from _formatted(part)
        case cst.FormattedStringExpression(expression=expression, format_spec=specification):
            yield expression
            for part in specification or ():
                yield from _formatted(part)


def _nodes(tree: cst.CSTNode) -> Iterator[cst.CSTNode]:
    pending: list[cst.CSTNode] = [tree]
    while pending:
        node = pending.pop()
        yield node
        pending += _below(node)
