"""Writing suppressions into a file: where each goes, and how it joins the comment that is there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reglint.files.edit import Edit
from reglint.suppress.comments import Comment, read_comments
from reglint.suppress.directives import Directive, read_directives

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reglint.files.documents import Document
    from reglint.files.text import Span, Text

NO_PLACE = (
    "no comment can stand on its lines; write `# reglint: ignore[{code}]` on a line above the statement"
)


@dataclass(frozen=True, slots=True)
class Additions:
    """The edits that write suppressions, and for each finding whether it got one."""

    edits: tuple[Edit, ...]
    placed: tuple[bool, ...]


def additions(document: Document, found: Sequence[tuple[str, Span]], reason: str | None = None) -> Additions:
    """What suppresses the findings of a file, a code and a place for each.

    A comment goes to the end of the first line of its finding, or else of the last one that can take one: no comment
    can stand in a string or after a backslash. ``reason`` follows the codes.
    """
    comments = read_comments(document)
    codes: dict[int, set[str]] = defaultdict(set)
    placed = []
    for code, span in found:
        lines = (span.line, *range(span.end_line, span.line, -1))
        line = next((line for line in lines if line in comments.open_lines), None)
        placed.append(line is not None)
        if line is not None:
            codes[line].add(code)
    ends = {comment.first_line: comment for comment in comments.comments if not comment.alone}
    edits = (
        _addition(document.text, line, sorted(its), ends.get(line), reason) for line, its in codes.items()
    )
    return Additions(tuple(edits), tuple(placed))


def _addition(text: Text, line: int, codes: list[str], comment: Comment | None, reason: str | None) -> Edit:
    for directive in read_directives(comment) if comment is not None else ():
        if isinstance(directive, Directive) and directive.kind == "ignore" and directive.codes:
            place = directive.codes[-1].end
            return Edit(place, place, "".join(f", {code}" for code in codes))
    place = text.starts[line - 1] + len(text.line(line).rstrip(" \t\f"))
    words = f"  # reglint: ignore[{', '.join(codes)}]"
    return Edit(place, place, f"{words} {reason}" if reason else words)
