"""Edits that leave the lines that they are made in too long, and what brings these into shape again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.files.text import Text
from reglint.fix.brackets import logical_lines
from reglint.fix.edit import Edit, apply_edits
from reglint.fix.layout import lay_out
from reglint.fix.style import style_of
from reglint.fix.written import Written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


def in_shape(source: str, edits: Sequence[Edit], length: int, newline: str, indent: str) -> list[Edit]:
    """The edits with what keeps the lines of statements within ``length`` columns, in the style of the file.

    ``newline`` and ``indent`` are the line end of the file and one step of its indentation.
    """
    written = list(_written(edits))
    text = Text(apply_edits(source, edits))
    try:
        lines = list(logical_lines(text))
    except ValueError:  # syntax newer than the running Python: what is added is right, if on long lines
        return list(edits)
    style = style_of(text, lines, length, newline, indent)
    more: list[Edit] = []
    for line in lines:
        its = [one for one in written if line.start < one.end and one.start < line.end]
        if its:
            more += lay_out(text.value, line, its, style)
    return list(_together(source, written, text.value, more))


def _written(edits: Iterable[Edit]) -> Iterator[Written]:
    shift = 0
    for edit in sorted(edits):
        growth = len(edit.text) - (edit.end - edit.start)
        yield Written(edit.start + shift, edit.start + shift + len(edit.text), growth)
        shift += growth


def _together(source: str, written: Sequence[Written], text: str, more: Sequence[Edit]) -> Iterator[Edit]:
    """The edits of ``source`` that do what has ``written`` the ``text`` and then ``more`` to it."""
    shift = 0
    for start, end in _joined(
        [(one.start, one.end) for one in written] + [(edit.start, edit.end) for edit in more]
    ):
        within = [
            Edit(edit.start - start, edit.end - start, edit.text)
            for edit in more
            if start <= edit.start <= end
        ]
        growth = sum(one.growth for one in written if start <= one.start <= end)
        edit = Edit(start - shift, end - shift - growth, apply_edits(text[start:end], within))
        shift += growth
        yield _settled(source, edit)


def _joined(stretches: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The stretches in order, those that touch as one."""
    start = stop = -1
    for first, last in sorted(stretches):
        if start < 0:
            start, stop = first, last
        elif first <= stop:
            stop = max(stop, last)
        else:
            yield start, stop
            start, stop = first, last
    if start >= 0:
        yield start, stop


def _settled(source: str, edit: Edit) -> Edit:
    """An insertion after the last character of some code takes in the next one: the code does not grow by it."""
    place = edit.start
    if (
        edit.end > place
        or not 0 < place < len(source)
        or source[place - 1].isspace()
        or source[place - 1] in "([{"
    ):
        return edit
    return Edit(place, place + 1, edit.text + source[place])
