"""A text with what edits wrote into it: where that is, and how wide lines are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from reglint.fix.style import comment_width, width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reglint.fix.brackets import Bracket, Item


class Written(NamedTuple):
    """What an edit wrote: from which character offset up to which, and how much longer the text became by it."""

    start: int
    end: int
    growth: int


@dataclass(frozen=True, slots=True)
class WrittenText:
    """A text after some edits. Offsets count its characters from 0, columns are widths from the start of a line."""

    value: str
    written: Sequence[Written]

    # What was written where

    def is_touched(self, bracket: Bracket) -> bool:
        """Whether something was written inside a bracket."""
        return any(bracket.open < one.start and one.end <= bracket.close for one in self.written)

    def is_written(self, bracket: Bracket) -> bool:
        """Whether a bracket was itself written."""
        return any(one.start <= bracket.open and bracket.close < one.end for one in self.written)

    def is_new(self, item: Item) -> bool:
        """Whether an item was written, or part of it outside its brackets."""
        return any(
            one.start < item.end
            and item.start < one.end
            and not any(bracket.open < one.start and one.end <= bracket.close for bracket in item.brackets)
            for one in self.written
        )

    def is_changed(self, bracket: Bracket) -> bool:
        """Whether a bracket has a new item."""
        return self.is_touched(bracket) and any(map(self.is_new, bracket.items))

    def changed(self, brackets: Sequence[Bracket]) -> Iterator[Bracket]:
        """Those of the brackets and of all inside them that have a new item."""
        pending = list(brackets)
        while pending:
            bracket = pending.pop()
            if self.is_touched(bracket):
                pending += bracket.inner
                if self.is_changed(bracket):
                    yield bracket

    def reaches(self, start: int, end: int) -> bool:
        """Whether something was written into a stretch of the text."""
        return any(one.start < end and start < one.end for one in self.written)

    def saved(self, bracket: Bracket) -> int:
        """How many characters fewer there are up to the end of a bracket, from the start of its line on."""
        line = self.value.rfind("\n", 0, bracket.open) + 1
        growth = sum(one.growth for one in self.written if line <= one.start and one.end <= bracket.close)
        return max(-growth, 0)

    # Measuring

    def breaks(self, start: int, end: int) -> bool:
        """Whether a stretch of the text is on several lines."""
        return self.value.find("\n", start, end) >= 0

    def width(self, start: int, end: int) -> int:
        """The width of a stretch of the text up to the end of its first line."""
        return width(self.value[start:end].partition("\n")[0])

    def advance(self, column: int, start: int, end: int) -> int:
        """The column at which a stretch of the text ends that starts at ``column``."""
        *lines, last = self.value[start:end].split("\n")
        return width(last) if lines else column + width(last)

    def column(self, offset: int) -> int:
        """The column of an offset as the text is."""
        return width(self.value[self.value.rfind("\n", 0, offset) + 1 : offset])

    def tail(self, end: int) -> int:
        """The width of what follows an item up to the end of its line: a comma, a comment."""
        code, mark, comment = self.value[end : self.value.find("\n", end)].partition("#")
        return width(code.strip()) + comment_width((mark + comment).rstrip())
