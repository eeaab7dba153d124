"""Which findings the comments of a file hide, and which of these comments are wrong or hide nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reglint.policy.errors import nearest
from reglint.rules.rule import CommentFinding, all_rules
from reglint.suppress.comments import read_comments
from reglint.suppress.directives import Code, Directive, Malformed, read_directives
from reglint.suppress.removal import removal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from reglint.files.documents import Document
    from reglint.files.text import Span, Text

_OWN_CODE = re.compile(r"REG[0-9]+")
_LIKE_OURS = re.compile(r"[Rr]|.*-")


def can_be_suppressed(code: str) -> bool:
    """Whether comments can hide findings of a rule: not what is wrong with the file or its comments themselves."""
    return not code.startswith("REG0")


@dataclass(frozen=True, slots=True)
class Suppressed:
    """What the comments of a file do to its findings."""

    shown: tuple[bool, ...]
    """For each finding whether it is still to be reported."""
    wrong: tuple[CommentFinding, ...] = ()
    """What is wrong with the comments themselves."""


@dataclass(slots=True)
class _Use:
    """A directive, and what of it was needed."""

    directive: Directive
    needed: bool = False
    codes: set[Code] = field(default_factory=set)

    def hides(self, code: str, span: Span) -> bool:
        if not self.directive.covers(span.line, span.end_line):
            return False
        matching = self.directive.matching(code)
        if matching == []:
            return False
        self.needed = True
        self.codes.update(matching or ())
        return True


def suppress(document: Document, found: Sequence[tuple[str, Span]], selected: Collection[str]) -> Suppressed:
    """Apply the comments of a document, which has been parsed, to its findings: a code and a place for each.

    ``selected`` are the codes of the rules that were looked for: only they report, and what may hide findings of
    another one is not known to be unused.
    """
    text = document.text
    uses: list[_Use] = []
    wrong: list[CommentFinding] = []
    for comment in read_comments(document).comments:
        for directive in read_directives(comment):
            if isinstance(directive, Malformed):
                wrong.append(_invalid(directive.message, text.span(directive.start, directive.end)))
            else:
                uses.append(_Use(directive))
    shown = tuple(not [use for use in uses if use.hides(code, span)] for code, span in found)
    for use in uses:
        wrong += _unknown(use.directive, text)
        wrong += _unused(use, document, selected)
    return Suppressed(shown, tuple(each for each in wrong if each.rule.code in selected))


def _known(code: Code) -> bool:
    return any(rule.code.startswith(code.text) for rule in all_rules())


def _is_ours(code: Code) -> bool:
    return _OWN_CODE.fullmatch(code.text) is not None


def _invalid(message: str, span: Span) -> CommentFinding:
    from reglint.rules.reg002_invalid_suppression import RULE

    return CommentFinding(RULE, message, span)


def _unknown(directive: Directive, text: Text) -> Iterator[CommentFinding]:
    """The codes that no rule has; those in ``noqa`` may be another tool's."""
    if directive.kind == "noqa":
        return
    for code in directive.codes or ():
        if not _known(code):
            valid = {word: rule.code for rule in all_rules() for word in (rule.code, rule.name)}
            # A code of another tool is close to some of ours by its digits alone.
            meant = nearest(code.text, valid) if _LIKE_OURS.match(code.text) else None
            hint = f"; did you mean `{valid[meant]}`?" if meant else ""
            yield _invalid(f"no rule has the code `{code.text}`{hint}", text.span(code.start, code.end))


def _were_looked_for(selected: Collection[str], beginning: str) -> bool:
    """Whether every rule with this beginning was looked for, of those whose findings comments can hide."""
    return all(
        rule.code in selected
        for rule in all_rules()
        if rule.code.startswith(beginning) and can_be_suppressed(rule.code)
    )


def _unused(use: _Use, document: Document, selected: Collection[str]) -> Iterator[CommentFinding]:
    from reglint.rules.reg003_unused_suppression import RULE

    directive = use.directive
    if directive.codes is None:
        if use.needed or directive.kind == "noqa" or not _were_looked_for(selected, ""):
            return
        unused = None
        who = f"`{directive}`"
    else:
        ours = _is_ours if directive.kind == "noqa" else _known
        unused = [
            code
            for code in directive.codes
            if code not in use.codes and ours(code) and _were_looked_for(selected, code.text)
        ]
        if not unused:
            return
        named = ", ".join(f"`{code.text}`" for code in unused)
        who = f"`{directive}`" if len(unused) == len(directive.codes) else f"{named} in `{directive}`"
    yield CommentFinding(
        RULE,
        f"nothing here is suppressed by {who}",
        document.text.span(directive.start, directive.end),
        removal(directive, unused, document),
    )
