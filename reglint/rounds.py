"""Further rounds of fixes: what the fixes before made possible, and how that becomes one report.

An import that one fix adds can be what another finding was without a fix for; layers that were mended can be another
majority. A file that was fixed is therefore read again as it is then, as long as that brings anything to do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from reglint.files.edit import moved, unmoved
from reglint.files.text import Text
from reglint.suppress.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from reglint.checking import Checked
    from reglint.files.documents import Document
    from reglint.files.edit import Edit
    from reglint.report.results import FindingResult

MOST_ROUNDS = 5
"""After so many rounds what is left is left: a policy that is at odds with itself would go on for ever."""

_Key: TypeAlias = "tuple[int, str, str | None]"
"""A finding: where it starts, its code, and the weight. What is about code that cannot be read has none."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a round made of a document: edits of its module, in stages one after the other."""

    after: Document
    stages: tuple[Sequence[Edit], ...] = ()

    def forward(self, offset: int) -> int:
        """Where a character of the text before stands in the text after."""
        for edits in self.stages:
            offset = moved(offset, edits)
        return offset

    def back(self, offset: int) -> int:
        """Where a character of the text after stood in the text before."""
        for edits in reversed(self.stages):
            offset = unmoved(offset, edits)
        return offset


@dataclass(frozen=True, slots=True)
class Progress:
    """A file after some rounds."""

    before: Document
    checked: Checked
    """All that was found, where it stood before the first round; ``made`` are the findings that are fixed."""
    open: frozenset[int]
    """The findings, by their numbers, that a further round may bring a fix for."""
    steps: tuple[Step, ...] = ()

    @property
    def after(self) -> Document:
        """The document as it is by now."""
        return self.steps[-1].after if self.steps else self.before

    @classmethod
    def of_first_round(
        cls, before: Document, mended: Checked, still_open: frozenset[int], step: Step | None
    ) -> Progress:
        """A file after the first round, without the syntax tree."""
        bare = replace(mended, fixable=(None,) * len(mended.results), fixer=None)
        return cls(before, bare, still_open, () if step is None else (step,))

    def wanted(self, later: Checked, *, new: bool) -> list[bool]:
        """Which findings of the text as it is now a further round is about; ``new`` ones only where that is said."""
        known = self._known()
        return [
            key is not None and (known[key] in self.open if key in known else new) for key in _keys(later)
        ]

    def joined(
        self, later: Checked, mended: Checked, numbers: Collection[int], step: Step | None
    ) -> Progress:
        """The same with what a further round found, ``later``, and did.

        ``mended`` are those of the findings that the round was about, of which ``numbers`` are still open.
        """
        known = self._known()
        rows = list(_rows(self.checked, self.open))
        there = set(_keys(later))
        gone = {number for key, number in known.items() if number in self.open and key not in there}
        for place, (key, row) in enumerate(zip(_keys(mended), _rows(mended, numbers), strict=True)):
            number = None if key is None else known.get(key)
            if number is None:
                rows.append(self._at_the_start(row, mended.subjects[place]))
            else:
                old = rows[number]
                rows[number] = replace(
                    row, result=_placed(row.result, old.result), line=old.line, subject=old.subject
                )
        kept = sorted(
            (row for number, row in enumerate(rows) if number not in gone),
            key=lambda row: (row.result.cell or 0, row.result.line, row.result.column, row.result.code),
        )
        steps = self.steps if step is None else (*self.steps, step)
        return Progress(
            self.before,
            replace(
                self.checked,
                results=tuple(row.result for row in kept),
                lines=tuple(row.line for row in kept),
                subjects=tuple(row.subject for row in kept),
                fixable=(None,) * len(kept),
                made=frozenset(number for number, row in enumerate(kept) if row.made),
                fixer=None,
            ),
            frozenset(number for number, row in enumerate(kept) if row.open),
            steps,
        )

    def _known(self) -> dict[_Key, int]:
        """The findings by their keys in the text as it is now."""
        found = {}
        for number, (key, _) in enumerate(zip(_keys(self.checked), self.checked.results, strict=True)):
            if key is not None:
                offset, code, weight = key
                for step in self.steps:
                    offset = step.forward(offset)
                found[offset, code, weight] = number
        return found

    def _at_the_start(self, row: _Row, subject: Subject) -> _Row:
        """A finding of a later round, placed in the text before the first one."""
        span = subject.span
        if span is None:
            return row
        start, end = span.start, span.end
        for step in reversed(self.steps):
            start, end = step.back(start), step.back(end)
        text = Text(self.before.source)
        found = text.span(start, end)
        place = self.before.place(found)
        result = replace(
            row.result,
            line=place.line,
            column=place.column,
            end_line=place.end_line,
            end_column=place.end_column,
            cell=place.cell,
        )
        return replace(
            row, result=result, line=self.before.line(place), subject=Subject(found, subject.scope)
        )


@dataclass(frozen=True, slots=True)
class _Row:
    result: FindingResult
    line: str
    subject: Subject
    made: bool
    open: bool


def _rows(checked: Checked, still_open: Collection[int]) -> Iterator[_Row]:
    columns = zip(checked.results, checked.lines, checked.subjects, strict=True)
    for number, (result, line, subject) in enumerate(columns):
        yield _Row(result, line, subject, number in checked.made, number in still_open)


def _keys(checked: Checked) -> Iterable[_Key | None]:
    for result, subject in zip(checked.results, checked.subjects, strict=True):
        yield None if subject.span is None else (subject.span.start, result.code, result.weight)


def _placed(result: FindingResult, where: FindingResult) -> FindingResult:
    return replace(
        result,
        line=where.line,
        column=where.column,
        end_line=where.end_line,
        end_column=where.end_column,
        cell=where.cell,
    )
