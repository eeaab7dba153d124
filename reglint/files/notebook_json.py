"""The JSON text of a notebook: where the source of each cell stands in it, and edits of nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from reglint.files.edit import Edit, apply_edits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SPACE = re.compile(r"[ \t\r\n]*")
_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_DECODER = json.JSONDecoder()


class NotANotebook(Exception):
    """The text is no notebook: what is wrong with it."""


@dataclass(frozen=True, slots=True)
class RawCell:
    """A code cell: its number among all cells, from 1, its source, and the language that it says it is in."""

    number: int
    source: str
    language: str | None


def read_cells(text: str) -> tuple[str | None, list[RawCell]]:
    """The language of a notebook (None where it names none) and its code cells.

    Raises:
        NotANotebook: it is no JSON, or not that of a notebook.
    """
    content = _load(text)
    if not isinstance(content, dict):
        raise NotANotebook("its JSON is not an object with a list of cells")
    found = []
    for number, cell in enumerate(_cells(content), 1):
        if not isinstance(cell, dict):
            raise NotANotebook(f"cell {number} is not an object")
        if cell.get("cell_type") == "code":
            found.append(RawCell(number, _source(cell, number), _language_of_cell(cell)))
    return _language(content), found


def _load(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        line = text[text.rfind("\n", 0, error.pos) + 1 :][:7]
        if not text.strip():
            raise NotANotebook("it is empty") from error
        if line in ("<<<<<<<", "=======", ">>>>>>>"):
            raise NotANotebook(f"line {error.lineno} is left of a merge conflict") from error
        message = error.msg[:1].lower() + error.msg[1:]
        raise NotANotebook(f"line {error.lineno}, column {error.colno} is not JSON ({message})") from error
    except RecursionError as error:
        raise NotANotebook("its JSON is nested too deeply") from error
    except ValueError as error:  # an integer of thousands of digits
        raise NotANotebook(f"its JSON cannot be read: {error}") from error


def _cells(content: dict[str, Any]) -> Iterator[Any]:
    """All cells: those of format 4, or those of the worksheets of format 3."""
    sheets = [content] if "cells" in content else content.get("worksheets")
    if not isinstance(sheets, list):
        raise NotANotebook('it has no "cells"')
    for sheet in sheets:
        cells = sheet.get("cells", []) if isinstance(sheet, dict) else None
        if not isinstance(cells, list):
            raise NotANotebook('its "cells" are not a list')
        yield from cells


def _key(cell: Mapping[str, Any]) -> str:
    """Where the source of a code cell is: since format 4 in ``source``."""
    return "input" if "source" not in cell and "input" in cell else "source"


def _source(cell: dict[str, Any], number: int) -> str:
    source = cell.get(_key(cell))
    if isinstance(source, str):
        return source
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    raise NotANotebook(f'the "{_key(cell)}" of cell {number} is neither text nor a list of lines')


def _language(content: dict[str, Any]) -> str | None:
    for path in (("metadata", "language_info", "name"), ("metadata", "kernelspec", "language")):
        name = _text_at(content, path)
        if name is not None:
            return name
    return None


def _language_of_cell(cell: dict[str, Any]) -> str | None:
    """What VS Code, or a notebook of format 3, says about a single cell."""
    return _text_at(cell, ("metadata", "vscode", "languageId")) or _text_at(cell, ("language",))


def _text_at(value: Any, path: Iterable[str]) -> str | None:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None


def edit_cells(text: str, edits: Mapping[int, Iterable[Edit]]) -> str:
    """The JSON text of a notebook with edits of its cells' sources, by the number of the cell.

    Every character that is not of an edited one stays as it is. A line end that comes in starts a new string where the
    source is a list of lines.
    """
    walker = _Walker(text)
    cells = walker.cells()
    changes = [
        source.edit(edit)
        for number in edits
        for source in [walker.source(cells[number - 1])]
        for edit in edits[number]
    ]
    return apply_edits(text, changes)


class _Walker:
    """Finds where the values of a valid JSON text start."""

    def __init__(self, text: str) -> None:
        self.text = text

    def skip(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return at if found is None else found.end()

    def end(self, at: int) -> int:
        """Where the value that starts at ``at`` ends."""
        return _DECODER.raw_decode(self.text, at)[1]

    def members(self, at: int) -> dict[str, int]:
        """Where the values of the object at ``at`` start; of equal keys, as everywhere, the last one counts."""
        starts = {}
        at = self.skip(at + 1)
        while self.text[at] != "}":
            key, at = _DECODER.raw_decode(self.text, at)
            start = self.skip(self.skip(at) + 1)
            starts[key] = start
            at = self._next(start)
        return starts

    def items(self, at: int) -> list[int]:
        """Where the items of the array at ``at`` start."""
        starts = []
        at = self.skip(at + 1)
        while self.text[at] != "]":
            starts.append(at)
            at = self._next(at)
        return starts

    def _next(self, at: int) -> int:
        """Past the value at ``at`` and the comma after it."""
        at = self.skip(self.end(at))
        return self.skip(at + 1) if self.text[at] == "," else at

    def cells(self) -> list[int]:
        top = self.members(self.skip(0))
        sheets = [top] if "cells" in top else [self.members(sheet) for sheet in self.items(top["worksheets"])]
        return [cell for sheet in sheets if "cells" in sheet for cell in self.items(sheet["cells"])]

    def source(self, cell: int) -> _Source:
        members = self.members(cell)
        at = members[_key(members)]
        if self.text[at] == "[":
            strings = [(start, self.end(start)) for start in self.items(at)]
            return _Source(self.text, strings, at)
        return _Source(self.text, [(at, self.end(at))], None)


@dataclass(frozen=True)
class _Source:
    """The source of a cell: the strings that it is made of, and where its list starts if it is one."""

    text: str
    strings: list[tuple[int, int]]
    opened: int | None

    @cached_property
    def _characters(self) -> list[tuple[int, int]]:
        """Where each character of the source stands in the JSON text."""
        return [
            found.span()
            for start, end in self.strings
            for found in _CHARACTER.finditer(self.text, start + 1, end - 1)
        ]

    @cached_property
    def _break(self) -> str:
        """What ends a string of the list and starts the next one, as the file writes it."""
        assert self.opened is not None
        if len(self.strings) > 1:
            between = self.text[self.strings[0][1] : self.strings[1][0]]
        else:
            white_space = self.text[self.opened + 1 : self.strings[0][0]]
            between = "," + (white_space or " " * (self.text[self.opened - 1] == " "))
        return f'"{between}"'

    def edit(self, edit: Edit) -> Edit:
        """The edit of the JSON text that makes an edit of the source."""
        characters = self._characters
        if not characters:
            raise ValueError("an edit of a cell that is empty")
        size = len(characters)
        start = characters[edit.start][0] if edit.start < size else characters[-1][1]
        ends_a_line = edit.text.endswith("\n")
        if edit.end == edit.start:
            end = start
        elif ends_a_line or edit.end == size:
            end = characters[edit.end - 1][1]
        else:
            end = characters[edit.end][0]
        lines = _LINE.findall(edit.text)
        if self.opened is None:
            return Edit(start, end, "".join(map(self._encode, lines)))
        new = self._break.join(map(self._encode, lines))
        last = self.text[characters[-1][0] : characters[-1][1]]
        if edit.start == size and last == "\\n":
            new = self._break + new
        is_within_a_string = edit.end < size and characters[edit.end][0] == end
        if ends_a_line and is_within_a_string:
            new += self._break
        return Edit(start, end, new)

    def _encode(self, line: str) -> str:
        return json.dumps(line, ensure_ascii=self.text.isascii())[1:-1]
