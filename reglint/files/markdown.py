"""Markdown: the Python in its fences as one module."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from reglint.files.cells import Cell, CellDocument
from reglint.files.documents import DocumentError, line_of
from reglint.files.edit import apply_edits
from reglint.files.fences import read_fences
from reglint.files.text import Place, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from reglint.files.documents import Problem
    from reglint.files.edit import Edit
    from reglint.files.fences import Fence


@dataclass(frozen=True)
class Markdown(CellDocument):
    """A Markdown file. What is said to be Python in it and is none is often meant so, and no problem."""

    content: Text
    fences: tuple[Fence, ...]
    """What the cells are, by their number."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        return ()

    @cached_property
    def passed_over(self) -> int:
        return sum(cell.problem is not None for cell in self.cells)

    def locate(self, line: int, column: int) -> tuple[int | None, int, int]:
        cell, its_line = self._in_cell(line)
        fence = self.fences[cell.number]
        return None, fence.first_line + its_line - 1, fence.widths[its_line - 1] + column

    def line(self, place: Place) -> str:
        return self.content.line(place.line)

    def _with_edits(self, by_cell: Mapping[int, Sequence[Edit]]) -> Markdown:
        edits = [self.fences[number].edit(edit) for number, its in by_cell.items() for edit in its]
        return read_markdown(self.path, apply_edits(self.content.value, edits).encode(self.encoding))


def read_markdown(path: Path, data: bytes) -> Markdown:
    """Read a Markdown file.

    Raises:
        DocumentError: the bytes are not UTF-8.
    """
    encoding = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentError(path, f"line {line_of(error)} is not UTF-8; save the file as UTF-8") from error
    fences = tuple(read_fences(text))
    cells = tuple(Cell(number, fence.source) for number, fence in enumerate(fences))
    return Markdown(path, data, encoding, cells, Text(text), fences)
