"""Notebooks: their code cells as one module."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from reglint.files.cells import Cell, CellDocument
from reglint.files.documents import DocumentError, Problem, line_of
from reglint.files.magics import is_python
from reglint.files.notebook_json import NotANotebook, edit_cells, read_cells
from reglint.files.text import Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from reglint.files.edit import Edit

_WAY_OUT = "open it in Jupyter and save it again, or leave it out of the run"


@dataclass(frozen=True)
class Notebook(CellDocument):
    """A Jupyter notebook; its cells are numbered among all of it, those of text too."""

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(
            Problem(Place(cell.number, its.line, its.column, its.line, its.end_column), its.message)
            for cell in self.cells
            for its in [cell.problem]
            if its is not None
        )

    def locate(self, line: int, column: int) -> tuple[int | None, int, int]:
        cell, its_line = self._in_cell(line)
        return cell.number, its_line, column

    def line(self, place: Place) -> str:
        return next((cell.text.line(place.line) for cell in self.cells if cell.number == place.cell), "")

    def _with_edits(self, by_cell: Mapping[int, Sequence[Edit]]) -> Notebook:
        text = edit_cells(self.data.decode(self.encoding), by_cell)
        return read_notebook(self.path, text.encode(self.encoding))


def read_notebook(path: Path, data: bytes) -> Notebook:
    """Read a notebook of format 3 or 4; one in another language than Python has no cells here.

    Raises:
        DocumentError: the bytes are not those of a notebook.
    """
    encoding = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8"
    try:
        language, cells = read_cells(data.decode(encoding))
    except UnicodeDecodeError as error:
        raise DocumentError(
            path, f"is no notebook: line {line_of(error)} is not UTF-8; {_WAY_OUT}"
        ) from error
    except NotANotebook as error:
        raise DocumentError(path, f"is no notebook: {error}; {_WAY_OUT}") from error
    return Notebook(
        path,
        data,
        encoding,
        tuple(
            Cell(cell.number, cell.source)
            for cell in cells
            if _names_python(cell.language or language) and is_python(cell.source)
        ),
    )


def _names_python(language: str | None) -> bool:
    return language is None or language.lower().startswith(("python", "ipython"))
