"""Edits of a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace the characters from ``start`` to ``end`` (exclusive) by ``text``; insert where they are equal."""

    start: int
    end: int
    text: str


def apply_edits(source: str, edits: Iterable[Edit]) -> str:
    """The text after the edits, each of which counts in the text before; equal edits count once.

    Raises:
        ValueError: two edits overlap.
    """
    parts: list[str] = []
    done = 0
    for edit in dict.fromkeys(sorted(edits, key=lambda edit: (edit.start, edit.end))):
        if edit.start < done:
            raise ValueError(f"two edits overlap at character {edit.start}")
        parts += (source[done : edit.start], edit.text)
        done = edit.end
    return "".join((*parts, source[done:]))


def joined(deletions: Iterable[Edit]) -> list[Edit]:
    """The deletions, those that overlap as one."""
    found: list[Edit] = []
    for edit in sorted(deletions):
        if found and edit.start < found[-1].end:
            found[-1] = Edit(found[-1].start, max(found[-1].end, edit.end), "")
        else:
            found.append(edit)
    return found


def moved(offset: int, edits: Iterable[Edit]) -> int:
    """Where the character at ``offset`` stands after the edits; text inserted just before it moves it."""
    return offset + sum(
        len(edit.text) - (edit.end - edit.start) for edit in dict.fromkeys(edits) if edit.end <= offset
    )


def unmoved(offset: int, edits: Iterable[Edit]) -> int:
    """Where the character that stands at ``offset`` after the edits stood before; what an edit wrote, at its start."""
    growth = 0
    for edit in dict.fromkeys(sorted(edits)):
        start = edit.start + growth
        if start + len(edit.text) > offset:
            return min(offset - growth, edit.start) if start <= offset else offset - growth
        growth += len(edit.text) - (edit.end - edit.start)
    return offset - growth
