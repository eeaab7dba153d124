"""Where nodes stand in the source.

libcst's own ``PositionProvider`` costs more than parsing, so calls and imports have the places that ``ast`` gives them.
Any other node is looked for in the tree of libcst's own parser, as are those of a part that ``ast`` cannot follow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.resolve.written import home_of

if TYPE_CHECKING:
    import libcst as cst

    from reglint.files.text import Span
    from reglint.resolve.scopes import Located, ModuleIndex


def span_of(node: Located, index: ModuleIndex) -> Span:
    """Where a call or import stands, the parentheses around it left out."""
    part, text = index.homes[node], index.text
    if part.ranges is None:
        return exact_span(node, index)
    line, column, end_line, end_column = part.ranges[node]
    lines = part.cut.lines
    return text.span(text.offset(lines + line, column), text.offset(lines + end_line, end_column))


def exact_span(node: cst.CSTNode, index: ModuleIndex) -> Span:
    """Where any node of a module stands, the parentheses around it left out; slow where it is first asked for.

    Raises:
        KeyError: it is not in the module.
        libcst.ParserSyntaxError: libcst cannot parse what Python can.
    """
    written, part = home_of(node, index)
    place = written.ranges[written.twins.get(node, node)]
    text, lines = index.text, part.cut.lines
    return text.span(
        text.starts[lines + place.start.line - 1] + place.start.column,
        text.starts[lines + place.end.line - 1] + place.end.column,
    )


def twin(node: cst.CSTNode, index: ModuleIndex) -> cst.CSTNode:
    """A node as libcst's own parser makes it, with its layout.

    Raises:
        KeyError: it is not in the module.
        libcst.ParserSyntaxError: libcst cannot parse what Python can.
    """
    written, _ = home_of(node, index)
    return written.twins.get(node, node)
