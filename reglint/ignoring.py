"""Writing a suppression for each finding: from paths to a report."""

from __future__ import annotations

from dataclasses import replace
from itertools import compress
from typing import TYPE_CHECKING

from reglint.checking import check_files
from reglint.files.documents import DocumentError
from reglint.files.writing import Writer
from reglint.pipeline import Change, outcome_of
from reglint.reading import document_error, internal_error

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from reglint.checking import Checked
    from reglint.files.documents import Document
    from reglint.files.edit import Edit
    from reglint.pipeline import Outcome
    from reglint.policy.policy import Policy
    from reglint.report.results import ErrorResult
    from reglint.suppress.baseline import Comparison


def add_ignores(
    paths: Sequence[Path],
    policy_for: Callable[[Path], Policy],
    *,
    reason: str | None = None,
    baseline: Comparison | None = None,
    writer: Writer | None = None,
) -> Outcome:
    """Write a comment that suppresses it for each finding; those for which there is no place are left.

    The ``writer`` knows which files were written if the run is interrupted.
    """
    writer = writer or Writer()
    errors: list[ErrorResult] = []
    changes = []
    done = []
    for document, checked in check_files(paths, policy_for, errors, baseline=baseline):
        file = checked.without_tree()
        left, edits = _with_ignores(file, document, reason)
        if not edits:
            done.append(left)
            continue
        try:
            change = Change(document, _with_comments(document, edits))
            writer.write(change.before, change.after.data)
        except DocumentError as error:
            errors.append(document_error(error))
            done.append(file)
            continue
        except ValueError as error:
            errors.append(internal_error(document.path, error))
            done.append(file)
            continue
        changes.append(change)
        done.append(left)
    return outcome_of(done, errors, tuple(changes), baseline)


def _with_ignores(file: Checked, document: Document, reason: str | None) -> tuple[Checked, tuple[Edit, ...]]:
    """What is left of a file's findings, and the edits that write the comments which suppress the others."""
    from reglint.suppress.additions import NO_PLACE, additions
    from reglint.suppress.suppress import can_be_suppressed

    found = {
        number: (result.code, subject.span)
        for number, (result, subject) in enumerate(zip(file.results, file.subjects, strict=True))
        if can_be_suppressed(result.code) and subject.span is not None
    }
    if not found:
        return file, ()
    added = additions(document, list(found.values()), reason)
    placed = set(compress(found, added.placed))
    left = file.only([number for number in range(len(file.results)) if number not in placed])
    results = (
        replace(result, fix=None, fixable=False, applicability=None, reason=NO_PLACE.format(code=result.code))
        if can_be_suppressed(result.code)
        else result
        for result in left.results
    )
    left = replace(left, results=tuple(results), suppressed=file.suppressed + len(placed), added=len(placed))
    return left, added.edits


def _with_comments(document: Document, edits: Sequence[Edit]) -> Document:
    """The document after edits of its comments.

    Raises:
        DocumentError: it cannot have them.
        ValueError: as ``Document.edited``.
    """
    if not document.exact:
        raise DocumentError(document.path, "its encoding would lose part of this file, so it is left alone")
    try:
        return document.edited(edits)
    except UnicodeEncodeError as error:
        letter = error.object[error.start]
        raise DocumentError(
            document.path, f"its encoding, {document.encoding}, has no {letter!r}; give a reason without it"
        ) from error
