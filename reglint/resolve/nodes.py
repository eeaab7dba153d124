"""The nodes of libcst's trees: which of their fields hold code, and what is below a node."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING

import libcst as cst

if TYPE_CHECKING:
    from collections.abc import Iterator

_LAYOUT = frozenset(
    (
        *("lpar", "rpar", "lbracket", "rbracket", "lbrace", "rbrace"),
        *("comma", "semicolon", "equal", "dot", "colon", "at"),
        *("leading_lines", "header", "footer", "indent", "trailing_whitespace", "lines_after_decorators"),
        *("encoding", "default_indent", "default_newline", "has_trailing_newline"),
        *("operator", "asynchronous", "star", "type_parameters", "type_params"),
    )
)
"""The fields that hold how code is written, or what has nothing below it; those of white space are more of them."""
# Formatted strings are passed over: before Python 3.12 nothing in them has a position.
LEAVES = frozenset(
    (
        *(cst.Name, cst.SimpleString, cst.Integer, cst.Float, cst.Imaginary, cst.Ellipsis, cst.Pass),
        *(getattr(cst, name) for name in ("FormattedString", "TemplatedString") if hasattr(cst, name)),
    )
)
# Their types, found by their bases: asking an abstract class with ``isinstance`` or ``issubclass`` is slow.
STATEMENTS = frozenset(
    kind
    for kind in vars(cst).values()
    if isinstance(kind, type)
    and not {cst.BaseSmallStatement, cst.BaseCompoundStatement}.isdisjoint(kind.__mro__)
)
NODES = frozenset(
    kind for kind in vars(cst).values() if isinstance(kind, type) and cst.CSTNode in kind.__mro__
)
# Where the order of a node's dataclass fields is not the order of the source.
_SOURCE_ORDER: dict[type[cst.CSTNode], tuple[str, ...]] = {cst.IfExp: ("body", "test", "orelse")}


@cache
def code_fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    """The fields of a node class that can hold code, in source order."""
    if kind in _SOURCE_ORDER:
        return _SOURCE_ORDER[kind]
    return tuple(
        entry.name
        for entry in fields(kind)
        if entry.name not in _LAYOUT and not entry.name.startswith("whitespace")
    )


@cache
def code_fields_reversed(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    """The same from the last to the first; none of a leaf."""
    return () if kind in LEAVES else code_fields(kind)[::-1]


def children(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The nodes directly below ``node`` that can hold code, in source order."""
    for name in code_fields(type(node)):
        value = getattr(node, name)
        kind = type(value)
        if kind in NODES:
            yield value
        elif kind is list or kind is tuple:
            yield from value


def below(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A node and all below it that can hold code."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending += children(node)


def dotted_name(node: cst.CSTNode | None) -> str | None:
    """``a.b.c`` for a chain of names, else None."""
    parts = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return None
    parts.append(node.value)
    return ".".join(reversed(parts))


def last_name(node: cst.CSTNode) -> str:
    """``c`` of ``a.b.c``, also where ``a.b`` is no chain of names; empty for what is no name."""
    if isinstance(node, cst.Name):
        return node.value
    return node.attr.value if isinstance(node, cst.Attribute) else ""
