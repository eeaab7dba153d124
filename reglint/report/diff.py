"""Unified diffs that ``git apply`` takes."""

from __future__ import annotations

import difflib
import os
import re
from typing import TYPE_CHECKING

from click import style

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reglint.files.documents import Document, Part

_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_QUOTED = re.compile(rb'[\x00-\x1f"\\\x7f]')
_COLORS = {b"+": "green", b"-": "red", b"@": "cyan"}


def render_diff(before: Document, after: Document, color: bool = False) -> bytes:
    """The difference between a document and its successor, in the document's own encoding.

    Lines end with ``\\n`` only, as git sees them: a carriage return is part of its line. Paths are relative
    to the current folder, where ``git apply`` looks for them. Of a notebook each cell is shown by itself.
    """
    return b"".join(
        line
        for old, new in zip(before.parts(), after.parts(), strict=True)
        if old.data != new.data
        for line in _diff(before.path, old, new, color)
    )


def _diff(path: Path, before: Part, after: Part, color: bool) -> Iterator[bytes]:
    old, new = (_LINE.findall(part.data) for part in (before, after))
    old_name, new_name = (_name(prefix, path, before.name) for prefix in (b"a/", b"b/"))
    lines = difflib.diff_bytes(difflib.unified_diff, old, new, old_name, new_name)
    for number, line in enumerate(lines):
        text = line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"
        head = b"" if number < 2 else text[:1]
        yield _colored(text, _COLORS[head]) if color and head in _COLORS else text


def _name(prefix: bytes, path: Path, part: str) -> bytes:
    """The path as git writes it: from here, and quoted where it holds a control character or a quote."""
    here = os.getcwd()
    inside = path.is_absolute() and path.is_relative_to(here)
    name = prefix + os.fsencode((path.relative_to(here) if inside else path).as_posix().lstrip("/") + part)
    if _QUOTED.search(name):
        return b'"' + _QUOTED.sub(lambda found: b"\\%03o" % found[0][0], name) + b'"'
    return name


def _colored(text: bytes, color: str) -> bytes:
    start, _, end = style("|", fg=color).partition("|")
    return start.encode() + text.removesuffix(b"\n") + end.encode() + b"\n" * text.endswith(b"\n")
