"""A policy file and what it extends, in the order in which later entries go before earlier ones."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET

from reglint.policy import form, preset
from reglint.policy.check import sound
from reglint.policy.errors import PolicyError, Problem, nearest
from reglint.policy.source import PYPROJECT, Source
from reglint.policy.toml import TomlSyntaxError, line_and_column, parse

if TYPE_CHECKING:
    from reglint.policy.errors import KeyPath


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a policy: its entries, and where they stand."""

    source: Source
    file: form.File

    def has(self, *key: str) -> bool:
        """Whether the file itself has the entry."""
        values = self.source.value(())
        for name in key:
            if not isinstance(values, dict) or name not in values:
                return False
            values = values[name]
        return True


def open_source(path: Path) -> Source | None:
    """The policy in a file; None for a ``pyproject.toml`` that has none.

    Raises:
        PolicyError: it cannot be read.
    """
    in_pyproject = path.name == PYPROJECT
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PolicyError([Problem(path, f"cannot be read: {error.strerror}")]) from None
    if in_pyproject and b"reglint" not in data:
        return None
    try:
        document = parse(data.decode("utf-8").removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        place = line_and_column(before, len(before))
        raise PolicyError([Problem(path, f"not UTF-8: byte 0x{data[error.start]:02x}", *place)]) from None
    except TomlSyntaxError as error:
        raise PolicyError([Problem(path, f"not TOML: {error.message}", error.line, error.column)]) from None
    if not in_pyproject:
        return Source(document, path)
    tool = document.values.get("tool")
    if not isinstance(tool, dict) or "reglint" not in tool:
        return None
    return Source(document, path, ("tool", "reglint"))


def parts(source: Source, above: tuple[Source, ...] = ()) -> list[Part]:
    """What a file extends, in the order in which it names it, then the file itself; each file once.

    Raises:
        PolicyError: a file that it extends cannot be read.
    """
    entries = sound(source, form.File)
    own = Part(source, msgspec.convert({} if entries is UNSET else entries, form.File))
    extends = own.file.extends
    named = [] if extends is UNSET else [extends] if isinstance(extends, str) else extends
    found: list[Part] = []
    for number, name in enumerate(named):
        key: KeyPath = ("extends",) if isinstance(extends, str) else ("extends", number)
        base = _base(source, name, key, (*above, source))
        if base is not None:
            found += parts(base, (*above, source))
    # Where two of them extend the same file, it counts where it stands first.
    return [*{os.path.realpath(part.source.path): part for part in found}.values(), own]


def _base(source: Source, name: str, key: KeyPath, above: tuple[Source, ...]) -> Source | None:
    """The policy that ``extends`` names; what is wrong with the name is reported."""
    place = source.place(key)
    is_path = name.endswith(".toml") or "/" in name or os.sep in name
    if not is_path:
        if name in preset.names():
            return preset.source(name)
        close = nearest(name, preset.names())
        hint = f'did you mean "{close}"?' if close else f"the presets are {', '.join(preset.names())}"
        source.report(key, f'{place}: no preset "{name}"', f"{hint} (the path of a file ends with .toml)")
        return None
    path = source.path.parent / Path(name).expanduser()
    chain = [*above]
    if any(_same(path, each.path) for each in chain):
        start = next(number for number, each in enumerate(chain) if _same(path, each.path))
        circle = " extends ".join([*(str(each.path) for each in chain[start:]), str(path)])
        source.report(key, f"{place}: policies that extend each other: {circle}")
        return None
    try:
        base = open_source(path)
    except PolicyError as error:
        # What is wrong inside of a file is shown there; that it is not there, here.
        if error.problems[0].line is not None:
            raise
        source.report(key, f"{place}: {error.problems[0]}")
        return None
    if base is None:
        source.report(key, f"{place}: {path} has no [tool.reglint] table")
    return base


def _same(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)
