"""Unified diffs that ``git apply`` takes."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from click import style

if TYPE_CHECKING:
    from reglint.files.documents import Document

_LINES = re.compile(r".*?\n|.+$", re.DOTALL)
_COLORS = {"+": "green", "-": "red", "@": "cyan"}


def render_diff(document: Document, source: str, color: bool = False) -> str:
    """The difference between a document and its new source; lines end with ``\\n`` only, as git sees them."""
    name = document.path.as_posix().removeprefix("./")
    before, after = _LINES.findall(document.source), _LINES.findall(source)
    parts = []
    for line in difflib.unified_diff(before, after, f"a/{name}", f"b/{name}"):
        text = line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        head = text[0] if not text.startswith(("+++", "---")) else ""
        parts.append(style(text, fg=_COLORS[head]) if color and head in _COLORS else text)
    return "".join(parts)
