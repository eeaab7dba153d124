"""Places outside of a layer's call that have a say in it, as reports name them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from reglint.reading import shown_path

if TYPE_CHECKING:
    from pathlib import Path

    from reglint.keras.module import KerasModule
    from reglint.resolve.values import Expression


class Located(NamedTuple):
    """Where an expression stands, and its text. Lines and columns count from 1, in a notebook those of a cell."""

    path: str
    cell: int | None
    line: int
    column: int
    text: str


def decided_at(argument: Expression | None, module: KerasModule) -> list[Located]:
    """Where an argument is decided, if that is elsewhere: the default of a parameter, or what its callers pass."""
    from reglint.resolve.decided import decided

    if argument is None:
        return []
    return [locate(origin, module) for origin in decided(argument, module.resolver)]


def locate(expression: Expression, module: KerasModule) -> Located:
    """The place of an expression, in this module or another one of the project."""
    from reglint.resolve.positions import exact_span

    index = expression.place.scope.index
    span = exact_span(expression.node, index)
    text = index.text.value[span.start : span.end]
    if index is module.index:
        place = module.document.place(span)
        return Located(shown_path(module.document.path), place.cell, place.line, place.column, text)
    return Located(shown_path(as_given(index.path, module.document.path)), None, span.line, span.column, text)


def as_given(path: Path, beside: Path) -> Path:
    """A path of the project, relative where ``beside`` was given as a relative one."""
    if beside.is_absolute() or not path.is_absolute():
        return path
    return type(path)(os.path.relpath(path))
