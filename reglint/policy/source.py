"""The table of a TOML file that holds a policy: its entries as values, as text and as places to point at."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reglint.policy.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from reglint.policy.errors import KeyPath
    from reglint.policy.toml import Document


PYPROJECT = "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an entry stands."""

    source: Source
    key: KeyPath

    def at(self, key: KeyPath) -> Origin:
        """Where another entry of the same file stands."""
        return Origin(self.source, key)

    def __str__(self) -> str:
        """``reglint.toml:7``, ``preset resnet:5``."""
        return f"{self.source.path}:{self.source.position(self.key)[0]}"


@dataclass(frozen=True, slots=True)
class Source:
    """One policy file, and what was found wrong with it so far. Key paths start at the policy's own table."""

    document: Document
    path: Path
    table: tuple[str, ...] = ()
    """The keys of the policy's table: none, or ``tool`` and ``reglint``."""
    problems: list[Problem] = field(default_factory=list)

    def report(self, key: KeyPath, message: str, hint: str | None = None) -> None:
        """Add a problem with the entry at ``key``."""
        line, column = self.position(key)
        self.problems.append(Problem(self.path, message, line, column, key, hint))

    def position(self, key: KeyPath) -> tuple[int, int]:
        """Line and column, from 1, of the entry at ``key``."""
        return self.document.position((*self.table, *key))

    def value(self, key: KeyPath) -> Any:
        """The entry at ``key``."""
        return _entry(self.document.values, (*self.table, *key))

    def toml(self, key: KeyPath) -> str:
        """The entry at ``key`` as TOML on one line, its numbers as the file has them."""
        return _toml(self.value(key), _entry(self.document.written, (*self.table, *key)))

    def written(self, key: KeyPath) -> str:
        """The number at ``key`` as the file has it: ``1e-4``."""
        return str(_entry(self.document.written, (*self.table, *key))).lstrip("+")

    def shown(self, key: KeyPath) -> str:
        """The entry at ``key`` for a message; an array or a table by name only."""
        value = self.value(key)
        if isinstance(value, dict):
            return "a table"
        if isinstance(value, list):
            return f"an array of {len(value)}"
        if isinstance(value, (bool, str)):
            return json.dumps(value, ensure_ascii=False)
        return self.written(key)

    def place(self, key: KeyPath) -> str:
        """A key as a person would name it: ``[layers."Conv*"] kernel.min``, ``[[overrides]] 2 weights.kernel``."""
        if key[:1] == ("overrides",) and len(key) > 1 and isinstance(key[1], int):
            header = f"[[{dotted((*self.table, 'overrides'))}]] {key[1] + 1}"
            return " ".join((header, dotted(key[2:]))).rstrip()
        key = tuple(part for part in key if isinstance(part, str))
        depth = 2 if key[:1] in (("layers",), ("custom_layers",)) else 1
        at_top = len(key) <= 1 and not isinstance(self.value(key), dict)
        head, tail = ((), key) if at_top else (key[:depth], key[depth:])
        header = dotted((*self.table, *head))
        return " ".join(part for part in (header and f"[{header}]", dotted(tail)) if part)


def _entry(values: Any, key: KeyPath) -> Any:
    for part in key:
        values = values[part]
    return values


def _toml(value: Any, written: Any) -> str:
    match value:
        case dict():
            entries = (f"{dotted((key,))} = {_toml(entry, written[key])}" for key, entry in value.items())
            return f"{{ {', '.join(entries)} }}" if value else "{}"
        case list():
            return f"[{', '.join(_toml(*pair) for pair in zip(value, written, strict=True))}]"
        case bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(written)


def dotted(key: KeyPath) -> str:
    """A key as TOML has it: ``layers."Conv*".kernel``; without the indices into arrays."""
    return ".".join(
        part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else json.dumps(part, ensure_ascii=False)
        for part in key
        if isinstance(part, str)
    )
