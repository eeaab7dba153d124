"""What comments say to reglint: ``reglint: ignore[...]``, ``reglint: file-ignore[...]`` and ``noqa``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reglint.policy.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.suppress.comments import Comment

Kind = Literal["ignore", "file-ignore", "noqa"]

EXAMPLE = "# reglint: ignore[REG101]"
_KINDS: dict[str, Kind] = {"ignore": "ignore", "file-ignore": "file-ignore"}
_PART = re.compile(r"(?<=\s)#(?=\s*[A-Za-z])")
"""Where a further comment starts within one, as in ``# type: ignore  # reglint: ignore``; not ``see #12``."""
_OURS = re.compile(
    r"#+\s*reglint:\s*(?P<kind>[\w-]*)(?:\s*\[(?P<codes>[^\]]*)\])?(?P<rest>.*)",
    re.DOTALL,
)
_CODE = r"[A-Z]+[0-9]+"
_NOQA = re.compile(
    rf"#+\s*(?i:noqa)(?:\s*:\s*(?P<codes>{_CODE}(?:(?:\s*,\s*|\s+){_CODE})*)|(?![\w:]|\s*:))",
)
_WORD = re.compile(r"[^\s,]+")
_CODE_WITHOUT_BRACKETS = re.compile(r"[\s:=(]*(REG[0-9]+)\b")


@dataclass(frozen=True, slots=True)
class Code:
    """A code or a prefix of codes as it was written; offsets count characters of the text from 0."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Directive:
    """One instruction in a comment. It may be part of a comment that says other things too."""

    kind: Kind
    comment: Comment
    start: int
    """Where its ``#`` is."""
    end: int
    """Where its last word ends."""
    codes: tuple[Code, ...] | None
    """What it names; None stands for all codes."""

    def __str__(self) -> str:
        """``reglint: ignore[REG101, REG102]``"""
        codes = ", ".join(code.text for code in self.codes or ())
        if self.kind == "noqa":
            return f"noqa: {codes}" if codes else "noqa"
        return f"reglint: {self.kind}[{codes}]" if codes else f"reglint: {self.kind}"

    def covers(self, first_line: int, last_line: int) -> bool:
        """Whether it speaks about code that stands on these lines."""
        comment = self.comment
        if self.kind == "noqa":  # as for ruff and flake8, nothing but the line that it ends
            return first_line <= comment.first_line <= last_line
        return self.kind == "file-ignore" or (
            first_line <= comment.last_line and comment.first_line <= last_line
        )

    def matching(self, code: str) -> list[Code] | None:
        """What in it names ``code``; None if it hides all codes."""
        return None if self.codes is None else [named for named in self.codes if code.startswith(named.text)]


@dataclass(frozen=True, slots=True)
class Malformed:
    """What was meant for reglint and cannot be read: why, and where it stands."""

    message: str
    start: int
    end: int


def read_directives(comment: Comment) -> Iterator[Directive | Malformed]:
    """What a comment says to reglint."""
    starts = [0, *(found.start() for found in _PART.finditer(comment.text, 1))]
    for start, stop in zip(starts, [*starts[1:], len(comment.text)], strict=True):
        part = comment.text[start:stop].rstrip()
        noqa = _NOQA.match(part)
        ours = _OURS.match(part)
        if noqa is not None:
            yield _directive("noqa", comment, start, part, noqa)
        elif ours is not None:
            problem = _problem(ours, comment)
            if problem is not None:
                yield Malformed(problem, comment.start + start, comment.start + start + len(part))
            else:
                yield _directive(_KINDS[ours["kind"]], comment, start, part, ours)


def _directive(kind: Kind, comment: Comment, start: int, part: str, found: re.Match[str]) -> Directive:
    offset = comment.start + start
    codes = None
    if found["codes"] is not None:
        inner = offset + found.start("codes")
        codes = tuple(
            Code(word[0], inner + word.start(), inner + word.end()) for word in _WORD.finditer(found["codes"])
        )
    return Directive(kind, comment, offset, offset + len(part), codes)


def _problem(found: re.Match[str], comment: Comment) -> str | None:
    """What keeps a comment to reglint from being read, and what to write instead."""
    kind, codes, rest = found["kind"], found["codes"], found["rest"]
    if kind not in _KINDS:
        meant = nearest(kind, _KINDS)
        hint = f"did you mean `{meant}`?" if meant else f"write `{EXAMPLE}`"
        return f"`{f'reglint: {kind}'.rstrip()}` is no directive; {hint}"
    if codes is None:
        bare = _CODE_WITHOUT_BRACKETS.match(rest)
        if rest.lstrip().startswith("["):
            return f"the bracket after `reglint: {kind}` is not closed"
        if bare is not None:
            return f"codes stand in brackets; write `reglint: {kind}[{bare[1]}]`"
        if rest and not rest[0].isspace():
            return f"`reglint: {kind}` is followed by `{rest[0]}`; write `{EXAMPLE}`, and then the reason"
    elif not _WORD.search(codes):
        return f"`reglint: {kind}[]` names no code; name one, or leave the brackets out to ignore all"
    if kind == "file-ignore" and not comment.alone:
        return "`reglint: file-ignore` needs a line of its own; for this line write `reglint: ignore`"
    return None
