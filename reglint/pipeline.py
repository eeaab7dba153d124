"""The stages in a row: from paths to a report.

Nothing heavy is imported before a file needs it: most files of a project hold no Keras and never reach the
parser.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import compress, count
from typing import TYPE_CHECKING

from reglint.files.documents import DocumentError, write_document
from reglint.files.edit import apply_edits, joined, moved
from reglint.files.text import Text
from reglint.reading import NONE_GIVEN, document_error, internal_error, read_modules, shown_path
from reglint.report.results import FindingResult, PenaltyResult, ProofResult, Report, Summary
from reglint.suppress.screen import may_be_wrong, may_hide
from reglint.suppress.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from reglint.files.documents import Document, Problem
    from reglint.files.edit import Edit
    from reglint.files.text import Place, Span
    from reglint.fix.fix import CommentFix, Fix, NotFixable
    from reglint.fix.fixer import Fixer
    from reglint.keras.catalog import Generation
    from reglint.keras.module import KerasModule
    from reglint.policy.policy import Policy
    from reglint.report.results import ErrorResult
    from reglint.resolve.project import Project
    from reglint.rules.rule import CommentFinding, Finding, Rule
    from reglint.suppress.baseline import Comparison
    from reglint.verify import Job, Proof, Settings

JSON_VERSION = 1
UNPROVEN = "the proof was skipped (--no-verify)"


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was checked."""

    policy: str
    results: tuple[FindingResult, ...] = ()
    lines: tuple[str, ...] = ()
    """The first line of what each finding is about."""
    layers: int = 0
    unread: int = 0
    subjects: tuple[Subject, ...] = ()
    """For each finding what it is about."""
    suppressed: int = 0
    baselined: int = 0
    added: int = 0
    """How many of the suppressed findings have a new comment."""
    fixable: tuple[tuple[Finding, Fix] | CommentFix | None, ...] = ()
    """For each finding its fix, where it has one."""
    fixer: Fixer | None = None
    """What makes the fixes of the code, where there are any."""
    made: frozenset[int] = frozenset()
    """The findings whose fix is in the new source."""


@dataclass(frozen=True, slots=True)
class Change:
    """A file before and after what was done with it."""

    before: Document
    after: Document


@dataclass(frozen=True, slots=True)
class Outcome:
    """A whole run: the report, and the files that changed or would."""

    report: Report
    lines: tuple[str, ...]
    """For each finding the first line of what it is about."""
    made: tuple[bool, ...]
    """For each finding whether its fix is among the changes."""
    changes: tuple[Change, ...] = ()


def check(
    paths: Sequence[Path],
    policy_for: Callable[[Path], Policy],
    *,
    given: Mapping[Path, bytes] = NONE_GIVEN,
    baseline: Comparison | None = None,
) -> Outcome:
    """Find what breaks the policy and is not in the ``baseline``; nothing is changed and no user code is run.

    ``given`` has the bytes of further paths, which are not read from the disk.
    """
    errors: list[ErrorResult] = []
    files = [
        _without_tree(_compared(file, document, baseline))
        for document, file in _check_files(paths, policy_for, errors, given)
    ]
    return _outcome(files, errors, baseline=baseline)


def fix(
    paths: Sequence[Path],
    policy_for: Callable[[Path], Policy],
    *,
    settings: Settings | None,
    unsafe: bool = False,
    write: bool = True,
    given: Mapping[Path, bytes] = NONE_GIVEN,
    baseline: Comparison | None = None,
    on_progress: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Find what breaks the policy, mend it, and prove each fix in ``model.losses``.

    Only proven fixes are made; with ``unsafe``, or with no ``settings`` for the proof, the others as well. ``given``
    has the bytes of further paths, which are neither read from the disk nor written there.

    Raises:
        reglint.verify.VerifierMissing: the proof needs TensorFlow, and it is not there.
    """
    errors: list[ErrorResult] = []
    unproven = None if settings is not None else ProofResult("unverified", UNPROVEN)
    files: list[tuple[Checked, _Made | None]] = []
    for document, found in _check_files(paths, policy_for, errors, given):
        file = _compared(found, document, baseline)
        files.append((file, _Made.all_of(file, document, unproven) if any(file.fixable) else None))
    if settings is not None:
        _prove([its for _, its in files if its is not None], settings, unsafe, on_progress)
    changes = []
    done = []
    for file, its in files:
        if its is None or not its.kept:
            done.append(_with_proofs(file, its, written=False))
            continue
        try:
            change = Change(its.document, its.mended())
        except ValueError as error:
            errors.append(internal_error(its.document.path, error))
            done.append(_with_proofs(file, None, written=False))
            continue
        if not its.kept:
            done.append(_with_proofs(file, its, written=False))
            continue
        written = write
        if write and its.document.path not in given:
            try:
                write_document(change.before, change.after.data)
            except DocumentError as error:
                errors.append(document_error(error))
                written = False
        changes.append(change)
        done.append(_with_proofs(file, its, written=written))
    return _outcome(done, errors, tuple(changes), baseline)


def add_ignores(
    paths: Sequence[Path],
    policy_for: Callable[[Path], Policy],
    *,
    reason: str | None = None,
    baseline: Comparison | None = None,
) -> Outcome:
    """Write a comment that suppresses it for each finding; those for which there is no place are left."""
    errors: list[ErrorResult] = []
    changes = []
    done = []
    for document, found in _check_files(paths, policy_for, errors):
        file = _without_tree(_compared(found, document, baseline))
        left, edits = _with_ignores(file, document, reason)
        if not edits:
            done.append(left)
            continue
        try:
            change = Change(document, _with_comments(document, edits))
            write_document(change.before, change.after.data)
        except DocumentError as error:
            errors.append(document_error(error))
            done.append(file)
            continue
        changes.append(change)
        done.append(left)
    return _outcome(done, errors, tuple(changes), baseline)


# Checking


def _check_files(
    paths: Sequence[Path],
    policy_for: Callable[[Path], Policy],
    errors: list[ErrorResult],
    given: Mapping[Path, bytes] = NONE_GIVEN,
) -> Iterator[tuple[Document, Checked]]:
    def generation_for(path: Path) -> Generation | None:
        generation = policy_for(path).keras
        return None if generation == "auto" else generation

    def check_module(module: KerasModule, project: Project) -> Checked:  # noqa: ARG001
        return _check_module(module, policy_for(module.document.path))

    for reading in read_modules(paths, generation_for, check_module, given):
        if reading.error is not None:
            errors.append(reading.error)
        if reading.document is not None:
            checked = reading.made or Checked(policy_for(reading.document.path).source)
            yield reading.document, _with_problems(checked, reading.document, reading.problems)


def _check_module(module: KerasModule, policy: Policy) -> Checked:
    from reglint.rules.rule import all_rules

    findings = [finding for rule in all_rules() for finding in rule.check(module, policy)]
    checked = Checked(
        policy.source,
        layers=len(module.sites),
        unread=sum(use.state == "unknown" for site in module.sites for use in site.weights),
    )
    return _with_results(checked, module, findings)


def _with_results(checked: Checked, module: KerasModule, findings: list[Finding]) -> Checked:
    """The same with those of its findings that nothing hides, and the fix of each."""
    from reglint.resolve.scopes import qualified_name
    from reglint.rules.rule import CommentFinding

    document = module.document
    shown: list[Finding | CommentFinding] = [*findings]
    if (may_hide if findings else may_be_wrong)(document.code):
        from reglint.suppress.suppress import suppress

        places = [(finding.rule.code, module.span(finding.site.call)) for finding in findings]
        suppressed = suppress(module.index.tree, document.text, places)
        shown = [*compress(findings, suppressed.shown), *suppressed.wrong]
        checked = replace(checked, suppressed=suppressed.shown.count(False))
    if not shown:
        return checked
    from reglint.fix.fix import Fix
    from reglint.fix.fixer import Fixer

    fixer = Fixer(module)
    results: list[FindingResult] = []
    lines: list[str] = []
    subjects: list[Subject] = []
    fixable: list[tuple[Finding, Fix] | CommentFix | None] = []
    for finding, span in _in_order(shown, module):
        place = document.place(span)
        lines.append(document.line(place))
        if isinstance(finding, CommentFinding):
            mending = finding.fix if document.exact else None
            results.append(_result(document, finding.rule, finding.message, place, mending))
            subjects.append(Subject(span))
            fixable.append(mending)
            continue
        remedy = fixer.fix(finding)
        results.append(
            replace(
                _result(document, finding.rule, finding.message, place, remedy),
                layer=finding.site.layer.name,
                weight=finding.weight.role,
            )
        )
        subjects.append(Subject(span, qualified_name(finding.site.place.scope)))
        fixable.append((finding, remedy) if isinstance(remedy, Fix) else None)
    return replace(
        checked,
        results=tuple(results),
        lines=tuple(lines),
        subjects=tuple(subjects),
        fixable=tuple(fixable),
        fixer=fixer if any(isinstance(found, tuple) for found in fixable) else None,
    )


def _in_order(
    findings: list[Finding | CommentFinding], module: KerasModule
) -> Iterator[tuple[Finding | CommentFinding, Span]]:
    """The findings with what each is about, as they stand in the source."""
    from reglint.rules.rule import CommentFinding

    keyed = [
        (finding.span, finding.rule.code, "", finding)
        if isinstance(finding, CommentFinding)
        else (module.span(finding.site.call), finding.rule.code, finding.weight.role, finding)
        for finding in findings
    ]
    for span, *_, finding in sorted(keyed, key=lambda key: key[:3]):
        yield finding, span


def _result(
    document: Document, rule: Rule, message: str, place: Place, remedy: Fix | CommentFix | NotFixable | None
) -> FindingResult:
    from reglint.fix.fix import NotFixable

    fixable = remedy is not None and not isinstance(remedy, NotFixable)
    return FindingResult(
        code=rule.code,
        name=rule.name,
        message=message,
        path=shown_path(document.path),
        line=place.line,
        column=place.column,
        end_line=place.end_line,
        end_column=place.end_column,
        cell=place.cell,
        fix=str(remedy) if fixable else None,
        fixable=fixable,
        reason=remedy.reason if isinstance(remedy, NotFixable) else None,
    )


def _with_problems(checked: Checked, document: Document, problems: Sequence[Problem]) -> Checked:
    """The same with a finding for each part of the document that is not Python, all in the order of the document."""
    if not problems:
        return checked
    rows = [
        *(
            (_syntax_error(document, problem), document.line(problem.place), Subject(), None)
            for problem in problems
        ),
        *zip(checked.results, checked.lines, checked.subjects, checked.fixable, strict=True),
    ]
    rows.sort(key=lambda row: (row[0].cell or 0, row[0].line, row[0].column))
    results, lines, subjects, fixable = zip(*rows, strict=True)
    return replace(checked, results=results, lines=lines, subjects=subjects, fixable=fixable)


def _syntax_error(document: Document, problem: Problem) -> FindingResult:
    from reglint.rules.reg001_syntax_error import RULE

    place = problem.place
    return FindingResult(
        code=RULE.code,
        name=RULE.name,
        message=str(problem),
        path=shown_path(document.path),
        line=place.line,
        column=place.column,
        end_line=place.end_line,
        end_column=place.end_column,
        cell=place.cell,
        reason=f"nothing in the {'file' if place.cell is None else 'cell'} was checked; make it parse first",
    )


def _without_tree(file: Checked) -> Checked:
    """The same without the syntax tree, so that memory does not grow with the number of files."""
    without = tuple(None if isinstance(found, tuple) else found for found in file.fixable)
    return replace(file, fixer=None, fixable=without)


# Suppressing


def _compared(file: Checked, document: Document, baseline: Comparison | None) -> Checked:
    """The same without the findings that the baseline has."""
    if baseline is None:
        return file
    new = baseline.is_new(document, file.results, file.subjects)
    return replace(_only(file, list(compress(count(), new))), baselined=new.count(False))


def _only(file: Checked, numbers: Sequence[int]) -> Checked:
    """The same with only some of its findings, by their numbers."""
    fixable = tuple(file.fixable[number] for number in numbers)
    return replace(
        file,
        results=tuple(file.results[number] for number in numbers),
        lines=tuple(file.lines[number] for number in numbers),
        subjects=tuple(file.subjects[number] for number in numbers),
        fixable=fixable,
        fixer=file.fixer if any(isinstance(found, tuple) for found in fixable) else None,
    )


def _with_ignores(file: Checked, document: Document, reason: str | None) -> tuple[Checked, tuple[Edit, ...]]:
    """What is left of a file's findings, and the edits that write the comments which suppress the others."""
    from reglint.resolve.project import parse
    from reglint.suppress.additions import NO_PLACE, additions
    from reglint.suppress.suppress import can_be_suppressed

    found = {
        number: (result.code, subject.span)
        for number, (result, subject) in enumerate(zip(file.results, file.subjects, strict=True))
        if can_be_suppressed(result.code) and subject.span is not None
    }
    if not found:
        return file, ()
    text = document.text
    added = additions(parse(document.path, text.value).tree, text, list(found.values()), reason)
    placed = set(compress(found, added.placed))
    left = _only(file, [number for number in range(len(file.results)) if number not in placed])
    results = (
        replace(result, fix=None, fixable=False, reason=NO_PLACE.format(code=result.code))
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


# Proving


@dataclass(slots=True)
class _Made:
    """The fixes of a file on their way: the proof of each finding, and which of them are kept."""

    file: Checked
    document: Document
    proofs: list[ProofResult | None]
    kept: set[int]

    @classmethod
    def all_of(cls, file: Checked, document: Document, proof: ProofResult | None) -> _Made:
        """All fixes of a file, those of its code with one proof."""
        proofs = [proof if isinstance(found, tuple) else None for found in file.fixable]
        kept = {number for number, found in enumerate(file.fixable) if found is not None}
        return cls(file, document, proofs, kept)

    def in_code(self) -> dict[int, tuple[Finding, Fix]]:
        """The fixes that change the code, by the number of their finding: what is to be proven."""
        return {
            number: found
            for number, found in enumerate(self.file.fixable)
            if number in self.kept and isinstance(found, tuple)
        }

    def code_edits(self) -> list[Edit]:
        """The edits that make the fixes of the code."""
        fixer = self.file.fixer
        return [] if fixer is None else fixer.edits([fix for _, fix in self.in_code().values()])

    def mended(self) -> Document:
        """The new document. A comment that the layout of the new code moved stays: its fix is kept no more.

        Raises:
            ValueError: the document cannot be edited so.
        """
        others = self.code_edits()
        code = self.document.edited(others)
        edits = []
        for number, found in enumerate(self.file.fixable):
            if found is not None and not isinstance(found, tuple):
                its = found.after(others, self.document.source, code.source)
                edits += its
                if not its:
                    self.kept.discard(number)
        return code.edited(joined(edits))


def _prove(made: list[_Made], settings: Settings, unsafe: bool, on_progress: Callable[[str], None]) -> None:
    """Prove the fixes of each file together; where some fail, prove again what is left without them.

    What is written is then exactly what was built.
    """
    from reglint.verify import prove

    pending = [its for its in made if its.in_code()]
    while pending:
        fixes = sum(len(its.in_code()) for its in pending)
        on_progress(f"fixes to prove: {fixes}, in files: {len(pending)}")
        jobs = [_job(its) for its in pending]
        proven = prove([job for job, _ in jobs], settings)
        again = []
        for its, (_, numbers), proofs in zip(pending, jobs, proven, strict=True):
            failed = set()
            for its_numbers, proof in zip(numbers, proofs, strict=True):
                for number in its_numbers:
                    its.proofs[number] = _proof_result(its, number, proof)
                    if proof.grade == "unverified":
                        failed.add(number)
            if failed and not unsafe:
                its.kept -= failed
                if its.in_code():
                    again.append(its)
        pending = again


def _job(made: _Made) -> tuple[Job, list[list[int]]]:
    """What to prove about a file, and the findings that each target of it is about."""
    from reglint.fix.fixer import expected_penalty
    from reglint.verify import Job, Target

    fixer = made.file.fixer
    assert fixer is not None
    edits = made.code_edits()
    after = Text(apply_edits(made.document.source, edits))
    in_code = made.in_code()
    by_call: dict[object, list[int]] = {}
    for number, (_, fix) in in_code.items():
        by_call.setdefault(fix.call, []).append(number)
    targets = []
    generation: Generation = 3
    for numbers in by_call.values():
        its = [in_code[number][0] for number in numbers]
        site = its[0].site
        generation = site.generation
        before = fixer.module.span(site.call)
        span = after.span(moved(before.start, edits), moved(before.end, edits))
        targets.append(
            Target(
                line=span.line,
                column=span.column,
                end_line=span.end_line,
                end_column=span.end_column,
                layer=site.layer.name,
                weights=tuple((finding.weight.role, expected_penalty(finding.change)) for finding in its),
            )
        )
    document = made.document
    job = Job(document.path, document.source, after.value, generation, tuple(targets))
    return job, list(by_call.values())


def _proof_result(made: _Made, number: int, proof: Proof) -> ProofResult:
    role = made.file.results[number].weight
    return ProofResult(
        proof.grade,
        proof.reason,
        proof.model,
        tuple(
            PenaltyResult(weight.weight, weight.expected, weight.observed)
            for weight in proof.penalties
            if weight.role == role
        ),
    )


def _with_proofs(file: Checked, made: _Made | None, *, written: bool) -> Checked:
    results = tuple(
        replace(
            result,
            proof=made.proofs[number] if made is not None and result.fixable else None,
            written=(written and made is not None and number in made.kept) if result.fixable else None,
        )
        for number, result in enumerate(file.results)
    )
    return replace(file, results=results, made=frozenset() if made is None else frozenset(made.kept))


# Reporting


def _outcome(
    files: list[Checked],
    errors: list[ErrorResult],
    changes: tuple[Change, ...] = (),
    baseline: Comparison | None = None,
) -> Outcome:
    results = tuple(result for file in files for result in file.results)
    summary = Summary(
        policy=", ".join(dict.fromkeys(file.policy for file in files)) or "none applied",
        files=len(files),
        layers=sum(file.layers for file in files),
        unread=sum(file.unread for file in files),
        findings=len(results),
        fixable=sum(result.fixable for result in results),
        written=sum(result.written or False for result in results),
        errors=len(errors),
        suppressed=sum(file.suppressed for file in files),
        added=sum(file.added for file in files),
        baselined=sum(file.baselined for file in files),
        unneeded=0 if baseline is None else baseline.unneeded(),
    )
    lines = tuple(line for file in files for line in file.lines)
    made = tuple(number in file.made for file in files for number in range(len(file.results)))
    return Outcome(Report(JSON_VERSION, results, summary, tuple(errors)), lines, made, changes)
