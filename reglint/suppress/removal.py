"""Taking a suppression out of its comment: every other byte stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.files.edit import Edit
from reglint.fix.fix import CommentFix

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from reglint.files.documents import Document
    from reglint.suppress.directives import Code, Directive

_BLANKS = " \t\f"


def removal(directive: Directive, unused: Collection[Code] | None, document: Document) -> CommentFix:
    """What takes the ``unused`` codes out of a directive, or all of it where that leaves no code (or is None)."""
    codes = directive.codes or ()
    if unused is not None and len(unused) < len(codes):
        names = ", ".join(f"`{code.text}`" for code in unused)
        return CommentFix(tuple(_without(codes, unused)), f"remove {names} from the comment")
    return CommentFix((_whole(directive, document),), "remove the comment")


def _without(codes: Sequence[Code], unused: Collection[Code]) -> Iterator[Edit]:
    """Each with the comma and the blanks before it; the first ones with those after."""
    first_kept = next(number for number, code in enumerate(codes) if code not in unused)
    for number, code in enumerate(codes):
        if number < first_kept:
            yield Edit(code.start, codes[number + 1].start, "")
        elif code in unused:
            yield Edit(codes[number - 1].end, code.end, "")


def _whole(directive: Directive, document: Document) -> Edit:
    text = document.text
    comment = directive.comment
    start, end = directive.start, directive.end
    comment_end = comment.start + len(comment.text)
    last = not text.value[end:comment_end].strip()
    if start == comment.start and last:
        if comment.alone:
            return _line(comment.first_line, document)
        return Edit(_back(text.value, start), end, "")
    if start == comment.start and comment.alone:
        return Edit(start, text.value.index("#", end), "")
    return Edit(_back(text.value, start), end, "")


def _line(number: int, document: Document) -> Edit:
    """What takes a line out; of the last one of a cell, which has no line end, the one before it."""
    text = document.text
    start = text.starts[number - 1]
    end = text.starts[number] if number < len(text.starts) else len(text.value)
    limit = document.limit(start)
    if end <= limit:
        return Edit(start, end, "")
    if start and document.limit(start - 1) == limit:
        start = text.starts[number - 2] + len(text.line(number - 1))
    return Edit(start, limit, "")


def _back(source: str, offset: int) -> int:
    """Where the blanks before an offset start."""
    return len(source[:offset].rstrip(_BLANKS))
