"""The style of a file: how long its lines may be, and how it divides a call into several."""

from __future__ import annotations

import configparser
import os
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from reglint.policy.toml import TomlSyntaxError, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reglint.files.text import Text
    from reglint.fix.brackets import Bracket, LogicalLine

DEFAULT_LENGTH = 88
"""The line length of ruff and black where nothing else is said."""

Layout: TypeAlias = Literal["exploded", "hugging", "aligned"]

_TAB_WIDTH = 4
_PRAGMA = re.compile(r"#\s*(?:(?i:noqa)|nosec|(?:type|pyright|pylint|flake8|isort|ruff|ty):)")


@dataclass(frozen=True, slots=True)
class Style:
    """How a file writes what is too long for one line."""

    length: int
    """How many columns a line may have."""
    newline: str
    step: str
    """How much deeper the inside of a bracket is indented."""
    layout: Layout = "exploded"
    """What is done with the arguments of a call: one a line; all on one line below the opening parenthesis as long
    as they fit there; or further lines that start below the first argument."""
    closes: bool = True
    """Whether the closing parenthesis of a divided call has a line of its own."""


def width(text: str) -> int:
    """The columns that a text takes, as ruff and black count them."""
    if text.isascii():
        return len(text) + (_TAB_WIDTH - 1) * text.count("\t")
    return sum(
        2 if unicodedata.east_asian_width(character) in "WF" else not unicodedata.combining(character)
        for character in text.replace("\t", " " * _TAB_WIDTH)
    )


def comment_width(comment: str) -> int:
    """What a comment at the end of a line adds to its length: for ruff, those to other tools add nothing."""
    return width(comment) + 2 if comment and not _PRAGMA.match(comment) else 0


# The line length


def line_length(path: Path) -> int:
    """The line length of the project that a file belongs to.

    The nearest configuration in the file's folder or above counts: that of ruff, else of black, else of flake8 or
    pycodestyle; else 88. A configuration that cannot be read is passed over.
    """
    return _length_below(Path(os.path.abspath(path)).parent)


@cache
def _length_below(folder: Path) -> int:
    found = next(_lengths_in(folder), None)
    if found is not None:
        return found
    return DEFAULT_LENGTH if folder.parent == folder else _length_below(folder.parent)


def _lengths_in(folder: Path) -> Iterator[int]:
    """The line lengths that a folder's own configuration states, what goes first first."""
    tools = _read_toml(folder / "pyproject.toml").get("tool")
    tools = tools if isinstance(tools, dict) else {}
    ruff = (_read_toml(folder / name) for name in (".ruff.toml", "ruff.toml"))
    tables = [table for table in (*ruff, tools.get("ruff"), tools.get("black")) if isinstance(table, dict)]
    for table in tables:
        yield from _valid(table.get("line-length"))
    if any(tables):
        yield DEFAULT_LENGTH
    for name in (".flake8", "setup.cfg", "tox.ini"):
        yield from _ini_lengths(folder / name)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return parse(path.read_text(encoding="utf-8-sig")).values
    except (OSError, UnicodeDecodeError, TomlSyntaxError):
        return {}


def _ini_lengths(path: Path) -> Iterator[int]:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, configparser.Error):
        return
    for section in ("flake8", "pycodestyle", "pep8"):
        for key in ("max-line-length", "max_line_length"):
            value = parser.get(section, key, fallback="")
            if value.isdecimal():
                yield from _valid(int(value))


def _valid(length: object) -> Iterator[int]:
    if isinstance(length, int) and not isinstance(length, bool) and length > 0:
        yield length


# The layout of calls


def style_of(text: Text, lines: Iterable[LogicalLine], length: int, newline: str, indent: str) -> Style:
    """The style of a file, from the calls in it that are divided already; ``indent`` is one step of its blocks."""
    seen: Counter[Layout] = Counter()
    steps: Counter[str] = Counter()
    closed = 0
    for line in lines:
        for bracket in _divided(line.brackets, text.value):
            layout = _layout_of(bracket, text)
            if layout is not None:
                seen[layout] += 1
            if layout in ("exploded", "hugging"):
                steps.update(_step(bracket, text.value))
                closed += 1 if "\n" in text.value[bracket.end_of_items() : bracket.close] else -1
    if seen["aligned"] > seen["hugging"] + seen["exploded"]:
        layout = "aligned"
    else:
        layout = "hugging" if seen["hugging"] else "exploded"
    return Style(length, newline, steps.most_common(1)[0][0] if steps else indent, layout, closed >= 0)


def _divided(brackets: Iterable[Bracket], source: str) -> Iterator[Bracket]:
    """The calls that stand on several lines, at any depth."""
    pending = list(brackets)
    while pending:
        bracket = pending.pop()
        if "\n" in source[bracket.open : bracket.close]:
            pending += bracket.inner
            if bracket.trailer and bracket.items:
                yield bracket


def _layout_of(bracket: Bracket, text: Text) -> Layout | None:
    ends = [bracket.open + 1, *(item.stop for item in bracket.items)]
    starts = [
        item.start
        for item, end in zip(bracket.items, ends, strict=False)
        if "\n" in text.value[end : item.start]
    ]
    first = bracket.items[0].start
    if first in starts:
        if len(bracket.items) == 1:
            return None
        return "exploded" if len(starts) == len(bracket.items) else "hugging"
    if starts and {text.position(start)[1] for start in starts} == {text.position(first)[1]}:
        return "aligned"
    return None


def _step(bracket: Bracket, source: str) -> Iterator[str]:
    outer, inner = (indentation(source, offset) for offset in (bracket.open, bracket.items[0].start))
    if inner.startswith(outer) and inner != outer:
        yield inner.removeprefix(outer)


def indentation(source: str, offset: int) -> str:
    """The white space that starts the line of an offset."""
    start = max(source.rfind("\n", 0, offset), source.rfind("\r", 0, offset)) + 1
    line = source[start:offset]
    return line[: len(line) - len(line.lstrip(" \t\f"))]
