"""Whole words in a text, found by a search for their letters.

A pattern that starts with ``\\b`` tries every character.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, AnyStr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def occurrences(word: AnyStr, text: AnyStr, start: int = 0) -> Iterator[int]:
    """The offsets, from ``start`` on, at which ``word``, an identifier, stands in ``text`` by itself."""
    start = text.find(word, start)
    while start >= 0:
        end = start + len(word)
        if not (_goes_on(text[start - 1 : start]) or _goes_on(text[end : end + 1])):
            yield start
        start = text.find(word, end)


def stands_in(word: AnyStr, text: AnyStr) -> bool:
    """Whether ``word`` stands in ``text`` by itself."""
    return next(occurrences(word, text), None) is not None


def any_of(words: Iterable[bytes]) -> re.Pattern[bytes]:
    """A pattern for ``one_stands_in``, that finds these words, and longer ones that end in them."""
    return re.compile(rb"(?:%s)\b" % b"|".join(sorted(map(re.escape, words))))


def one_stands_in(words: re.Pattern[bytes], text: bytes) -> bool:
    """Whether one of the words of ``any_of`` stands in ``text`` by itself."""
    starts = (match.start() for match in words.finditer(text))
    return any(not _goes_on(text[start - 1 : start]) for start in starts)


def _goes_on(character: str | bytes) -> bool:
    return character.isalnum() or character in ("_", b"_")
