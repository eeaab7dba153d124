"""Unified diffs that ``git apply`` takes."""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from click import style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.files.documents import Document

_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_QUOTED = re.compile(rb'[\x00-\x1f"\\\x7f]')
_COLORS = {b"+": "green", b"-": "red", b"@": "cyan"}


def render_diff(before: Document, after: Document, color: bool = False) -> bytes:
    """The difference between a document and its successor, in the document's own encoding.

    Lines end with ``\n`` only, as git sees them: a carriage return is part of its line. Paths are relative
    to the current folder, where ``git apply`` looks for them. Of a notebook it is that of the file, not of its cells.
    """
    return b"".join(_diff(before.path, before.data, after.data, color))


def _diff(path: Path, before: bytes, after: bytes, color: bool) -> Iterator[bytes]:
    old, new = _LINE.findall(before), _LINE.findall(after)
    lines = difflib.diff_bytes(difflib.unified_diff, old, new, _name(b"a/", path), _name(b"b/", path))
    for number, line in enumerate(lines):
        text = line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"
        head = b"" if number < 2 else text[:1]
        yield _colored(text, _COLORS[head]) if color and head in _COLORS else text


def _name(prefix: bytes, path: Path) -> bytes:
    """The path as git writes it: from here, quoted where it holds a control character or a quote.

    Links are followed, as a fix does: git changes no file by the name of a link. What is not below this folder is
    named from the root of its repository, since no patch may go up.
    """
    target, here = Path(os.path.realpath(path)), Path(os.path.realpath(os.getcwd()))
    repositories = (folder for folder in target.parents if (folder / ".git").exists())
    top = here if here in target.parents else next(repositories, None)
    shown = path if top is None else target.relative_to(top)
    name = prefix + os.fsencode(shown.as_posix().lstrip("/"))
    if _QUOTED.search(name):
        return b'"' + _QUOTED.sub(lambda found: b"\\%03o" % found[0][0], name) + b'"'
    # Behind a name with blanks git writes a tab, by which patch finds its end.
    return name + b"\t" * (b" " in name)


def _colored(text: bytes, color: str) -> bytes:
    start, _, end = style("|", fg=color).partition("|")
    return start.encode() + text.removesuffix(b"\n") + end.encode() + b"\n" * text.endswith(b"\n")
