"""Offsets, lines and columns of a text."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a text: character offsets from 0 (``end`` exclusive), lines and columns from 1.

    ``end_column`` is the column just past the last character.
    """

    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands for people: lines and columns from 1, in a notebook those of a cell.

    ``cell`` counts all cells from 1, those of text too; None where there are none. ``end_column`` is just past the
    last character.
    """

    cell: int | None
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class Text:
    """A source text with its lines, split as Python's tokenizer splits them (not at form feeds)."""

    value: str

    @cached_property
    def starts(self) -> list[int]:
        """The offset at which each line starts."""
        if "\r" in self.value:
            return [0, *(match.end() for match in _LINE_END.finditer(self.value))]
        *lines, _ = self.value.split("\n")
        return [0, *accumulate([len(line) + 1 for line in lines])]

    def line(self, number: int) -> str:
        """Line ``number`` (from 1) without its line end; empty past the last one."""
        if not 1 <= number <= len(self.starts):
            return ""
        start = self.starts[number - 1]
        end = self.starts[number] if number < len(self.starts) else len(self.value)
        return self.value[start:end].rstrip("\r\n")

    def offset(self, line: int, utf8_column: int) -> int:
        """The character offset of a position as ``ast`` gives it: line from 1, column in UTF-8 from 0."""
        start = self.starts[line - 1]
        prefix = self.value[start : start + utf8_column]
        if prefix.isascii():
            return start + utf8_column
        return start + len(prefix.encode("utf-8", "surrogatepass")[:utf8_column].decode("utf-8", "ignore"))

    def span(self, start: int, end: int) -> Span:
        """The span between two character offsets."""
        return Span(start, end, *self.position(start), *self.position(end))

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column, from 1, of a character offset."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1
