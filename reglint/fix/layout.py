"""The layout of a statement that edits have made longer or shorter: which brackets are opened, where lines end.

The rules are those of ruff and black. What fits on one line stays there; else brackets are opened from the outermost
inwards and from left to right, each only where what is up to the next one does not fit. What is divided already stays
as it is, in whatever style that is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from reglint.files.edit import Edit
from reglint.fix.operators import value_of
from reglint.fix.style import Style, comment_width, indentation, width
from reglint.fix.written import Written, WrittenText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reglint.fix.brackets import Bracket, Item, LogicalLine
    from reglint.fix.operators import Value


def lay_out(text: str, line: LogicalLine, written: Sequence[Written], style: Style) -> list[Edit]:
    """The edits that bring a statement into shape after ``written`` came in: of white space and commas only."""
    indent = indentation(text, line.start)
    part = _Part(
        brackets=line.brackets,
        start=line.start,
        end=line.end,
        column=width(indent),
        indent=indent,
        after=comment_width(line.comment),
        aligned=style.layout == "aligned",
    )
    layout = _Layout(WrittenText(text, written), replace(style, length=_limit(text, written, style.length)))
    value = value_of(line, text)
    if value is None or not layout.parenthesize(value, part):
        layout.settle(part)
    return layout.edits


def _limit(text: str, written: Sequence[Written], length: int) -> int:
    """The width that lines may have: where none of them became longer, the one that they had already."""
    growth: dict[tuple[int, int], int] = {}
    for one in written:
        row = text.rfind("\n", 0, one.start) + 1, text.find("\n", one.end)
        if "\n" in text[one.start : one.end]:
            return length
        growth[row] = growth.get(row, 0) + one.growth
    if any(more > 0 for more in growth.values()):
        return length
    return max(length, *(width(text[start : end if end >= 0 else None].rstrip()) for start, end in growth))


@dataclass(frozen=True, slots=True)
class _Part:
    """Code that stands on one line, but for what is divided already in its brackets."""

    brackets: Sequence[Bracket]
    start: int
    end: int
    column: int
    """The width of what is before it on its line."""
    indent: str
    """The indentation of the line."""
    after: int
    """The width of what must follow it on the line."""
    aligned: bool
    """Whether further lines are to start below the first argument."""


class _Layout:
    def __init__(self, text: WrittenText, style: Style) -> None:
        self.text, self.style = text, style
        self.edits: list[Edit] = []

    def settle(self, part: _Part) -> int:
        """Open the brackets that must be opened; the column at which the last line then ends."""
        text = self.text
        if self.fits(part) or (part.aligned and self.align(part)):
            return text.advance(part.column, part.start, part.end)
        column, start = part.column, part.start
        code_before_close = False
        for number, bracket in enumerate(part.brackets):
            if text.breaks(start, bracket.open):  # a backslash
                part = replace(part, indent=indentation(text.value, bracket.open))
            column = text.advance(column, start, bracket.open)
            start = bracket.close + 1
            later = part.brackets[number + 1 :]
            here = replace(part, column=column, after=self.reach(start, part, later))
            end = text.advance(column, bracket.open, start)
            if text.breaks(bracket.open, start):
                joined = self.join(bracket, here)
                column = self.inside(bracket, here) + 1 if joined is None else joined
                code_before_close = not text.breaks(bracket.end_of_items(), start)
            elif (
                not bracket.items
                or (part.aligned and text.is_written(bracket))
                or (code_before_close and not text.is_touched(bracket))
            ):
                column = end
            elif end + here.after > self.style.length:
                column = self.open(bracket, here)
            elif self.strands(bracket, replace(part, start=start, column=end), later):
                column = self.open(bracket, here, explode=True)
            else:
                column = end
        return text.advance(column, start, part.end)

    def strands(self, bracket: Bracket, rest: _Part, later: Sequence[Bracket]) -> bool:
        """Whether what follows a call with new arguments would be divided instead: the ``(x)`` of ``Dense(4)(x)``."""
        text = self.text
        if not text.is_touched(bracket) or any(map(text.is_touched, later)):
            return False
        return not text.breaks(rest.start, rest.end) and not self.fits(rest)

    # Parentheses around a value

    def parenthesize(self, value: Value, part: _Part) -> bool:
        """Put the value of a statement that is too long for its line into parentheses; whether that was to be done."""
        if self.fits(part) or self.text.breaks(part.start, part.end) or part.aligned or not self.style.closes:
            return False
        indent = part.indent + self.style.step
        inner = replace(part, start=value.start, end=value.end, column=width(indent), indent=indent, after=0)
        inside = [bracket for bracket in part.brackets if bracket.open >= value.start]
        self.put(value.start, value.start, f"({self.style.newline}{indent}")
        pending = [(value.start, value.end)]
        while pending:
            start, end = pending.pop()
            its = replace(
                inner,
                brackets=[bracket for bracket in inside if start <= bracket.open < end],
                start=start,
                end=end,
            )
            parts = value.parts(start, end)
            if len(parts) == 1 or (
                self.fits(its) and not (value.is_tuple and (start, end) == (value.start, value.end))
            ):
                self.settle(its)
                continue
            for (_, before), (after, _) in pairwise(parts):
                self.put(before, after, self.style.newline + indent)
            pending += reversed(parts)
        comma = "," if value.is_tuple and not self.text.value.endswith(",", 0, value.end) else ""
        self.put(value.end, value.end, f"{comma}{self.style.newline}{part.indent})")
        return True

    # Opening what is on one line

    def open(self, bracket: Bracket, part: _Part, explode: bool = False) -> int:
        """Put what is in a bracket that starts in ``part`` on lines of its own; the column at which that ends."""
        first, last = bracket.items[0], bracket.items[-1]
        indent = part.indent + self.style.step
        inner = replace(
            part,
            brackets=bracket.inner,
            start=first.start,
            end=last.stop,
            column=width(indent),
            indent=indent,
            after=0 if self.style.closes else 1 + part.after,
        )
        hugs = bracket.trailer and self.style.layout == "hugging" and self.fits(inner)
        explode = explode or last.comma is not None or (len(bracket.items) > 1 and not hugs)
        self.put(bracket.open + 1, first.start, self.style.newline + indent)
        if self.style.closes:
            comma = "," if explode and last.comma is None else ""
            self.put(last.stop, bracket.close, comma + self.style.newline + part.indent)
        column = self.explode(bracket, inner) if explode else self.divide(bracket, inner)
        return 1 + (width(part.indent) if self.style.closes else column)

    def explode(self, bracket: Bracket, part: _Part) -> int:
        """One item a line, from the second on."""
        for item, following in pairwise(bracket.items):
            self.put(item.stop, following.start, self.style.newline + part.indent)
        column = 0
        for item in bracket.items:
            after = max(1, part.after) if item is bracket.items[-1] else 1
            column = self.settle(
                replace(part, brackets=item.brackets, start=item.start, end=item.end, after=after)
            )
        return column

    def divide(self, bracket: Bracket, part: _Part) -> int:
        """Divide what is on one line below a bracket, if it is too long: a comprehension at its clauses."""
        if not bracket.clauses or self.fits(part):
            return self.settle(part)
        start = part.start
        column = 0
        for clause in (*bracket.clauses, part.end):
            end = len(self.text.value[start:clause].rstrip()) + start
            its = [inner for inner in part.brackets if start <= inner.open < end]
            after = part.after if clause == part.end else 0
            column = self.settle(replace(part, brackets=its, start=start, end=end, after=after))
            if clause != part.end:
                self.put(end, clause, self.style.newline + part.indent)
            start = clause
        return column

    # What is divided already

    def inside(self, bracket: Bracket, part: _Part) -> int:
        """See to the lines of a bracket that starts in ``part``; the column at which its last line then ends."""
        text = self.text
        rows = self.rows(bracket)
        closed = text.breaks(bracket.end_of_items(), bracket.close)
        aligned = part.aligned or (len(rows) > 1 and not text.breaks(bracket.open, rows[0][0].start))
        column, end = part.column + 1, bracket.open + 1
        for row in rows:
            start = row[0].start
            opened = text.breaks(end, start)
            column = text.advance(column, end, start)
            end = row[-1].end
            its = _Part(
                brackets=[inner for item in row for inner in item.brackets],
                start=start,
                end=end,
                column=column,
                indent=indentation(text.value, start) if opened else part.indent,
                after=text.tail(end) if closed or row is not rows[-1] else 1 + part.after,
                aligned=aligned,
            )
            if not text.reaches(start, end) or self.fits(its):
                column = text.advance(column, start, end)
            elif opened and closed and len(rows) == 1 and not text.breaks(start, end):
                column = self.inside_body(bracket, its)
            elif any(map(text.is_new, row[1:])):
                column = self.wrap(row, its)
            else:
                column = self.settle(its)
            end = row[-1].end
        return text.advance(column, end, bracket.close)

    def inside_body(self, bracket: Bracket, part: _Part) -> int:
        """See to the one line that stands between the lines of the two brackets."""
        last = bracket.items[-1]
        if len(bracket.items) == 1:
            return self.divide(bracket, part)
        if last.comma is None:
            self.put(last.end, last.end, ",")
        return self.explode(bracket, part)

    def rows(self, bracket: Bracket) -> list[list[Item]]:
        """The items by the lines that they start on."""
        rows: list[list[Item]] = []
        for item in bracket.items:
            if rows and not self.text.breaks(rows[-1][-1].end, item.start):
                rows[-1].append(item)
            else:
                rows.append([item])
        return rows

    # Putting on one line again

    def join(self, bracket: Bracket, part: _Part) -> int | None:
        """Close what was too long for one line and, as something in or before it is shorter now, no longer is.

        The column at which it then ends; None where nothing is done.
        """
        text = self.text
        edits = self.on_one_line(bracket)
        if edits is None:
            return None
        removed = sum(width(text.value[edit.start : edit.end]) for edit in edits)
        end = part.column + width(text.value[bracket.open : bracket.close + 1]) - removed
        won = text.column(bracket.open) - part.column + text.saved(bracket)
        if not end + part.after <= self.style.length < end + part.after + won:
            return None
        self.edits += edits
        return end

    def on_one_line(self, bracket: Bracket) -> list[Edit] | None:
        """The edits that put a bracket on one line, if nothing but its length stands against that."""
        text = self.text
        if not text.breaks(bracket.open, bracket.close):
            return []
        if not bracket.items or bracket.items[-1].comma is not None:
            return None
        after_open = Edit(bracket.open + 1, bracket.items[0].start, "")
        before_close = Edit(bracket.items[-1].end, bracket.close, "")
        edits = [edit for edit in (after_open, before_close) if edit.end > edit.start]
        if after_open not in edits or any(text.value[edit.start : edit.end].strip() for edit in edits):
            return None
        for inner in bracket.inner:
            deeper = self.on_one_line(inner)
            if deeper is None:
                return None
            edits += deeper
        breaks = sum(text.value.count("\n", edit.start, edit.end) for edit in edits)
        return edits if breaks == text.value.count("\n", bracket.open, bracket.close) else None

    # Aligned arguments

    def align(self, part: _Part) -> bool:
        """Start further lines below the first argument of the one changed call, if everything fits then."""
        text = self.text
        changed = list(text.changed(part.brackets))
        if len(changed) != 1 or text.breaks(part.start, part.end):
            return False
        items = changed[0].items
        column = text.advance(part.column, part.start, items[0].start)
        after = text.width(items[-1].end, part.end) + part.after
        row = replace(part, start=items[0].start, end=items[-1].end, column=column, after=after)
        before = len(self.edits)
        end = self.wrap(items, row)
        fits = len(self.edits) > before and end + after <= self.style.length
        if not fits:
            del self.edits[before:]
        return fits

    def wrap(self, row: Sequence[Item], part: _Part) -> int:
        """Start a line before each new item that does not fit; the column at which the last one ends."""
        text = self.text
        margin = self.style.newline + part.indent + " " * (part.column - width(part.indent))
        column = text.advance(part.column, row[0].start, row[0].end)
        for before, item in pairwise(row):
            end = text.advance(column, before.end, item.end)
            after = part.after if item is row[-1] else 1
            if end + after > self.style.length and (text.is_new(item) or text.is_new(before)):
                self.put(before.stop, item.start, margin)
                end = text.advance(part.column, item.start, item.end)
            column = end
        return column

    # Measuring and writing

    def put(self, start: int, end: int, text: str) -> None:
        self.edits.append(Edit(start, end, text))

    def fits(self, part: _Part) -> bool:
        if self.text.breaks(part.start, part.end):
            return False
        return part.column + self.text.width(part.start, part.end) + part.after <= self.style.length

    def reach(self, start: int, part: _Part, later: Sequence[Bracket]) -> int:
        """The width of what follows ``start`` on its line up to where the line can end."""
        end = next((bracket.open + 1 for bracket in later if bracket.items), part.end)
        at_end = end == part.end and not self.text.breaks(start, end)
        return self.text.width(start, end) + (part.after if at_end else 0)
