"""Notebooks: their code cells as one module."""

from __future__ import annotations

import codecs
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from reglint.files.documents import Document, DocumentError, Part, Problem
from reglint.files.edit import Edit, apply_edits
from reglint.files.magics import is_python, without_magics
from reglint.files.notebook_json import NotANotebook, edit_cells, read_cells
from reglint.files.syntax import unparsable
from reglint.files.text import Place, Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from reglint.files.syntax import SyntaxProblem

_WAY_OUT = "open it in Jupyter and save it again, or leave it out of the run"
_INDENTED = "if True:\n"
"""What goes before a cell that is indented as a whole: IPython takes the indentation away."""


@dataclass(frozen=True)
class Cell:
    """A code cell: its number among all cells, from 1, and its text as people see it."""

    number: int
    source: str

    @cached_property
    def text(self) -> Text:
        return Text(self.source)

    @cached_property
    def _read(self) -> tuple[str, str, SyntaxProblem | None]:
        masked = without_magics(self.source)
        problem = unparsable(masked)
        if problem is None:
            return "", masked, None
        for head, text in (("", without_magics(self.source, automagic=True)), (_INDENTED, masked)):
            if unparsable(head + text) is None:
                return head, text, None
        return "", masked, problem

    @property
    def head(self) -> str:
        """What the module has before the cell."""
        return self._read[0]

    @property
    def masked(self) -> str:
        """The cell as plain Python: what that cannot read is white space, and each character is in its place."""
        return self._read[1]

    @property
    def problem(self) -> SyntaxProblem | None:
        """Why the cell is no part of the module, if it is none."""
        return self._read[2]


@dataclass(frozen=True)
class Notebook(Document):
    """A Jupyter notebook, whose code cells are one module in their order; those that are not Python are left out."""

    cells: tuple[Cell, ...]

    @cached_property
    def code(self) -> bytes:
        return "\n".join(cell.source for cell in self.cells).encode("utf-8", "surrogatepass")

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(
            Problem(Place(cell.number, its.line, its.column, its.line, its.end_column), its.message)
            for cell in self.cells
            for its in [cell.problem]
            if its is not None
        )

    @cached_property
    def _module(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.problem is None)

    @cached_property
    def source(self) -> str:
        return "".join(f"{cell.head}{cell.masked}\n" for cell in self._module)

    @cached_property
    def _starts(self) -> list[int]:
        """Where each cell of the module starts."""
        starts = []
        at = 0
        for cell in self._module:
            starts.append(at + len(cell.head))
            at = starts[-1] + len(cell.masked) + 1
        return starts

    def _cell_at(self, offset: int) -> tuple[Cell, int]:
        """The cell of a character of the module, and where the cell starts."""
        number = max(0, bisect_right(self._starts, offset) - 1)
        return self._module[number], self._starts[number]

    def limit(self, offset: int) -> int:
        cell, start = self._cell_at(offset)
        return start + len(cell.masked)

    def locate(self, line: int) -> tuple[int | None, int]:
        cell, start = self._cell_at(self.text.starts[line - 1])
        return cell.number, line - self.text.position(start)[0] + 1

    def line(self, place: Place) -> str:
        return next((cell.text.line(place.line) for cell in self.cells if cell.number == place.cell), "")

    def parts(self) -> tuple[Part, ...]:
        return tuple(
            Part(f":cell {cell.number}", _whole_lines(cell.source).encode("utf-8", "surrogatepass"))
            for cell in self.cells
        )

    def edited(self, edits: Iterable[Edit]) -> Notebook:
        edits = list(edits)
        by_cell: dict[int, list[Edit]] = defaultdict(list)
        for edit in edits:
            cell, start = self._cell_at(edit.start)
            by_cell[cell.number].append(_within(cell, Edit(edit.start - start, edit.end - start, edit.text)))
        text = edit_cells(self.data.decode(self.encoding), by_cell)
        after = read_notebook(self.path, text.encode(self.encoding))
        if after.source != apply_edits(self.source, edits):
            raise ValueError("the edited notebook reads otherwise than it should")
        return after


def _within(cell: Cell, edit: Edit) -> Edit:
    """An edit of the module as one of the cell, whose last line end belongs to the module alone."""
    if edit.end == len(cell.masked) + 1 and edit.text.endswith("\n"):
        edit = Edit(edit.start, edit.end - 1, edit.text[:-1])
    if edit.start < 0 or edit.end > len(cell.masked):
        raise ValueError(f"an edit goes beyond cell {cell.number}")
    if cell.masked[edit.start : edit.end] != cell.source[edit.start : edit.end]:
        raise ValueError(f"an edit goes into a magic of cell {cell.number}")
    return edit


def _whole_lines(source: str) -> str:
    return source if not source or source.endswith("\n") else source + "\n"


def read_notebook(path: Path, data: bytes) -> Notebook:
    """Read a notebook of format 3 or 4; one in another language than Python has no cells here.

    Raises:
        DocumentError: the bytes are not those of a notebook.
    """
    encoding = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8"
    try:
        language, cells = read_cells(data.decode(encoding))
    except UnicodeDecodeError as error:
        line = len((error.object[: error.start] + b"x").splitlines())
        raise DocumentError(path, f"is no notebook: line {line} is not UTF-8; {_WAY_OUT}") from error
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
