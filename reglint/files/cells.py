"""Files with code in several places, which are one module in their order: notebooks, and text with code in it."""

from __future__ import annotations

from abc import abstractmethod
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from reglint.files.documents import Document
from reglint.files.edit import Edit, apply_edits
from reglint.files.magics import without_magics
from reglint.files.syntax import unparsable
from reglint.files.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from reglint.files.syntax import SyntaxProblem

_INDENTED = "if True:\n"
"""What goes before a cell that is indented as a whole: IPython takes the indentation away."""


@dataclass(frozen=True)
class Cell:
    """A piece of code: its number, which tells it from the others of its file, and its text as people see it."""

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
class CellDocument(Document):
    """A file whose cells are one module in their order; those that are not Python are left out."""

    cells: tuple[Cell, ...]

    @cached_property
    def code(self) -> bytes:
        return "\n".join(cell.source for cell in self.cells).encode("utf-8", "surrogatepass")

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

    def _in_cell(self, line: int) -> tuple[Cell, int]:
        """The cell of a line of the module, and its number there."""
        cell, start = self._cell_at(self.text.starts[line - 1])
        return cell, line - self.text.position(start)[0] + 1

    def limit(self, offset: int) -> int:
        cell, start = self._cell_at(offset)
        return start + len(cell.masked)

    def edited(self, edits: Iterable[Edit]) -> CellDocument:
        edits = list(edits)
        by_cell: dict[int, list[Edit]] = defaultdict(list)
        for edit in edits:
            cell, start = self._cell_at(edit.start)
            by_cell[cell.number].append(_within(cell, Edit(edit.start - start, edit.end - start, edit.text)))
        after = self._with_edits(by_cell)
        if after.source != apply_edits(self.source, edits):
            raise ValueError("the edited file reads otherwise than it should")
        return after

    @abstractmethod
    def _with_edits(self, by_cell: Mapping[int, Sequence[Edit]]) -> CellDocument:
        """The document after edits of its cells' sources, by the number of the cell."""


def _within(cell: Cell, edit: Edit) -> Edit:
    """An edit of the module as one of the cell, whose last line end belongs to the module alone."""
    if edit.end == len(cell.masked) + 1 and edit.text.endswith("\n"):
        edit = Edit(edit.start, edit.end - 1, edit.text[:-1])
    if edit.start < 0 or edit.end > len(cell.masked):
        raise ValueError(f"an edit goes beyond cell {cell.number}")
    if cell.masked[edit.start : edit.end] != cell.source[edit.start : edit.end]:
        raise ValueError(f"an edit goes into a magic of cell {cell.number}")
    return edit
