"""TOML as text: its values, how its numbers are written, and where its keys stand."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found, unused-ignore]

if TYPE_CHECKING:
    from reglint.policy.errors import KeyPath

_POSITION = re.compile(r" \(at line (\d+), column (\d+)\)$")


class TomlSyntaxError(Exception):
    """Text that is not TOML, and where, as far as it is known (line and column from 1)."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


@dataclass(frozen=True, slots=True)
class Document:
    """A TOML text and what it says."""

    text: str
    values: dict[str, Any]
    written: dict[str, Any]
    """``values`` again, with every float as it is written: ``"1e-4"``."""

    def position(self, key: KeyPath) -> tuple[int, int]:
        """Line and column, from 1, of a key that ``values`` has; for an element of an array, of its key.

        ``tomllib`` has no positions, but a TOML statement ends with its line, so a key is in the first
        statement after which the lines read so far have it. Lines that end inside a value cannot be read;
        the end of the statement before stands for them.
        """
        lines = self.text.split("\n")
        end = bisect_left(range(len(lines)), True, key=lambda count: _holds(_beginning(lines, count)[1], key))
        start, before = _beginning(lines, end - 1)
        new = [
            part for n, part in enumerate(key) if isinstance(part, str) and not _holds(before, key[: n + 1])
        ]
        statement = "\n".join(lines[start:end])
        line, column = line_and_column(statement, _offset(statement, new))
        return start + line, column


def parse(text: str) -> Document:
    """Read a TOML text, or raise `TomlSyntaxError`."""
    text = text.replace("\r\n", "\n")
    try:
        return Document(text, tomllib.loads(text), tomllib.loads(text, parse_float=str))
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        found = _POSITION.search(message)
        line, column = map(int, found.groups()) if found else line_and_column(text, len(text))
        raise TomlSyntaxError(
            _POSITION.sub("", message).removesuffix(" (at end of document)"), line, column
        ) from None
    except RecursionError:
        raise TomlSyntaxError("Arrays or tables are nested too deeply") from None
    except ValueError:  # an integer with more digits than Python reads
        raise TomlSyntaxError("A number has too many digits") from None


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """The place of a character of ``text``, both counted from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _beginning(lines: list[str], count: int) -> tuple[int, dict[str, Any]]:
    """The longest readable beginning of at most ``count`` lines: how many lines it has, and its values."""
    while True:
        try:
            return count, tomllib.loads("\n".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            count -= 1


def _holds(values: Any, key: KeyPath) -> bool:
    try:
        for part in key:
            values = values[part]
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _offset(statement: str, names: list[str]) -> int:
    """Where the last of these names, one inside the other, is written as a key."""
    offset = len(statement) - len(statement.lstrip())
    after = 0
    for name in names:
        quoted = re.escape(name)
        found = re.compile(rf"""(?<![\w-])(?:"{quoted}"|'{quoted}'|{quoted})(?=\s*[=.\]])""").search(
            statement, after
        )
        if found:
            offset, after = found.start(), found.end()
    return offset
