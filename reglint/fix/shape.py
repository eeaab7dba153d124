"""Edits that leave the lines that they are made in too long, and what brings these into shape again."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, TypeAlias

from reglint.files.edit import Edit, apply_edits
from reglint.files.text import Text
from reglint.fix.brackets import logical_lines
from reglint.fix.layout import lay_out
from reglint.fix.style import style_of
from reglint.fix.written import Written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_Piece: TypeAlias = tuple[int, int, int, "Edit | None"]
"""A stretch of text from one offset up to another, how much longer something made it, and a further edit of it."""


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
    starts = [one.start for one in written]
    more: list[Edit] = []
    for line in lines:
        its = written[bisect_left(starts, line.start) : bisect_left(starts, line.end)]
        if its:
            more += lay_out(text.value, line, its, style)
    return [_with_the_next_character(source, edit) for edit in _together(written, text.value, more)]


def _written(edits: Iterable[Edit]) -> Iterator[Written]:
    shift = 0
    for edit in sorted(edits):
        growth = len(edit.text) - (edit.end - edit.start)
        yield Written(edit.start + shift, edit.start + shift + len(edit.text), growth)
        shift += growth


def _together(written: Iterable[Written], text: str, more: Iterable[Edit]) -> Iterator[Edit]:
    """The edits that do what has ``written`` the ``text`` and then ``more`` to it."""
    pieces: list[_Piece] = [(one.start, one.end, one.growth, None) for one in written]
    pieces += [(edit.start, edit.end, 0, edit) for edit in more]
    pieces.sort(key=lambda piece: piece[:2])
    before = 0
    for group in _touching(pieces):
        start, end = group[0][0], max(piece[1] for piece in group)
        growth = sum(piece[2] for piece in group)
        within = [
            Edit(edit.start - start, edit.end - start, edit.text) for *_, edit in group if edit is not None
        ]
        yield Edit(start - before, end - before - growth, apply_edits(text[start:end], within))
        before += growth


def _touching(pieces: Iterable[_Piece]) -> Iterator[list[_Piece]]:
    """The pieces, those that touch or overlap together."""
    group: list[_Piece] = []
    end = -1
    for piece in pieces:
        if group and piece[0] > end:
            yield group
            group = []
        group.append(piece)
        end = max(end, piece[1])
    if group:
        yield group


def _with_the_next_character(source: str, edit: Edit) -> Edit:
    """An insertion right after some code takes in the next character: it does not move the end of that code."""
    place = edit.start
    if (
        edit.end > place
        or not 0 < place < len(source)
        or source[place - 1].isspace()
        or source[place - 1] in "([{"
    ):
        return edit
    return Edit(place, place + 1, edit.text + source[place])
