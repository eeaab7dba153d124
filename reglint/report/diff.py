"""Unified diffs that ``git apply`` takes."""

from __future__ import annotations

import difflib
import os
import re
from typing import TYPE_CHECKING

from click import style

if TYPE_CHECKING:
    from pathlib import Path

    from reglint.files.documents import Document

_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_QUOTED = re.compile(rb'[\x00-\x1f"\\\x7f]')
_COLORS = {b"+": "green", b"-": "red", b"@": "cyan"}


def render_diff(document: Document, source: str, color: bool = False) -> bytes:
    """The difference between a document and its new source, in the document's own encoding.

    Lines end with ``\\n`` only, as git sees them: a carriage return is part of its line. Paths are relative
    to the current folder, where ``git apply`` looks for them.
    """
    before, after = (_LINE.findall(data) for data in (document.data, document.encode(source)))
    old, new = _name(b"a/", document.path), _name(b"b/", document.path)
    parts: list[bytes] = []
    for line in difflib.diff_bytes(difflib.unified_diff, before, after, old, new):
        text = line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"
        head = b"" if text.startswith((b"+++ ", b"--- ")) and len(parts) < 2 else text[:1]
        parts.append(_colored(text, _COLORS[head]) if color and head in _COLORS else text)
    return b"".join(parts)


def _name(prefix: bytes, path: Path) -> bytes:
    """The path as git writes it: from here, and quoted where it holds a control character or a quote."""
    here = os.getcwd()
    inside = path.is_absolute() and path.is_relative_to(here)
    name = prefix + os.fsencode((path.relative_to(here) if inside else path).as_posix().lstrip("/"))
    if _QUOTED.search(name):
        return b'"' + _QUOTED.sub(lambda found: b"\\%03o" % found[0][0], name) + b'"'
    return name


def _colored(text: bytes, color: str) -> bytes:
    start, _, end = style("|", fg=color).partition("|")
    return start.encode() + text.removesuffix(b"\n") + end.encode() + b"\n" * text.endswith(b"\n")
