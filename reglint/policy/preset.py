"""The presets: policies with a source, to extend."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from reglint.policy.source import Source
from reglint.policy.toml import parse

_FOLDER = Path(__file__).parent / "presets"


@cache
def names() -> tuple[str, ...]:
    """Every preset, sorted."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.toml")))


def text(name: str) -> str:
    """The file of a preset."""
    return (_FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def source(name: str) -> Source:
    """A preset as a policy file."""
    return Source(parse(text(name)), Path(f"preset {name}"))


def about(name: str) -> tuple[str, str]:
    """What a preset is for, and where its numbers are from: the comment that it begins with."""
    comment = re.match(r"(?:#.*\n)*", text(name))
    assert comment is not None
    words = " ".join(line.lstrip("#").strip() for line in comment[0].splitlines())
    what, _, where = words.partition(" source: ")
    return what, where
