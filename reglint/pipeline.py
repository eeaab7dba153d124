"""The stages in a row: from paths to a report.

Nothing heavy is imported before a file needs it: most files of a project hold no Keras and never reach the
parser.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from reglint.checking import check_files, with_only
from reglint.files.documents import DocumentError
from reglint.files.edit import apply_edits, joined, moved
from reglint.files.text import Text
from reglint.files.writing import Writer
from reglint.reading import NONE_GIVEN, document_error, internal_error
from reglint.report.results import PenaltyResult, ProofResult, Report, Summary
from reglint.rounds import MOST_ROUNDS, Progress, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from reglint.checking import Checked
    from reglint.files.documents import Document
    from reglint.files.edit import Edit
    from reglint.fix.fix import Fix
    from reglint.keras.catalog import Generation
    from reglint.policy.policy import Policy
    from reglint.report.results import ErrorResult
    from reglint.rules.rule import Change as RuleChange
    from reglint.rules.rule import Finding
    from reglint.suppress.baseline import Comparison
    from reglint.verify import Job, Proof, Settings

JSON_VERSION = 1
UNPROVEN = "the proof was skipped (--no-verify)"


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
    found = check_files(paths, policy_for, errors, given=given, baseline=baseline)
    files = [file.without_tree() for _, file in found]
    return outcome_of(files, errors, baseline=baseline)


def fix(
    paths: Sequence[Path],
    policy_for: Callable[[Path], Policy],
    *,
    settings: Callable[[Path], Settings] | None,
    unsafe: bool = False,
    write: bool = True,
    writer: Writer | None = None,
    given: Mapping[Path, bytes] = NONE_GIVEN,
    baseline: Comparison | None = None,
    on_progress: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Find what breaks the policy, mend it, and prove each fix in ``model.losses``.

    Only proven fixes are made, and no unsafe ones; with ``unsafe`` all, and with no ``settings`` for the proof all that
    are safe. ``settings`` are those of each file. ``given`` has the bytes of further paths, which are neither read from
    the disk nor written there. The ``writer`` knows which files were written if the run is interrupted.

    Raises:
        reglint.verify.VerifierMissing: the proof needs Keras, and it is not there.
    """
    writer = writer or Writer()
    errors: list[ErrorResult] = []
    its_round = _Round(settings, unsafe, errors, on_progress)
    files: dict[Path, Progress] = {}
    found = check_files(paths, policy_for, errors, given=given, baseline=baseline)
    todo = [_Todo(document, checked, checked) for document, checked in found]
    for _ in range(MOST_ROUNDS):
        changed = its_round.make(files, todo)
        todo = _further(files, changed, paths, policy_for, given, baseline)
        if not todo:
            break
    changes = []
    done = []
    for its in files.values():
        written = write
        if its.steps:
            change = Change(its.before, its.after)
            if write and its.before.path not in given:
                try:
                    writer.write(change.before, change.after.data)
                except DocumentError as error:
                    errors.append(document_error(error))
                    written = False
            changes.append(change)
        done.append(its.checked if written else _unwritten(its.checked))
    return outcome_of(done, errors, tuple(changes), baseline)


class _Todo(NamedTuple):
    """A file as a round finds it."""

    document: Document
    found: Checked
    wanted: Checked
    """Those of the findings that the round is about."""


def _further(
    files: Mapping[Path, Progress],
    changed: Collection[Path],
    paths: Sequence[Path],
    policy_for: Callable[[Path], Policy],
    given: Mapping[Path, bytes],
    baseline: Comparison | None,
) -> list[_Todo]:
    """What there is to do in the files as they are after a round that changed some of them.

    What the baseline has cannot be told from what is new then, so that only what the first round found is mended.
    """
    compared = any(policy_for(path).consistency == "project" for path in changed)
    again = {
        path
        for path in (files if compared else changed)
        if files[path].open or policy_for(path).consistency != "off"
    }
    if not again:
        return []
    texts = {path: its.after.data for path, its in files.items() if its.steps}
    found = check_files(
        paths if compared else [],
        policy_for,
        [],  # what cannot be read was said in the first round
        given={**given, **texts} if compared else {path: texts[path] for path in again},
    )
    todo = []
    for document, checked in found:
        if document.path in again:
            wanted = files[document.path].wanted(checked, new=baseline is None)
            if any(wanted):
                todo.append(_Todo(document, checked, with_only(checked, wanted)))
    return todo


@dataclass(frozen=True, slots=True)
class _Round:
    """One time through the files: fixes are tried together, proven, and made."""

    settings: Callable[[Path], Settings] | None
    unsafe: bool
    errors: list[ErrorResult]
    on_progress: Callable[[str], None]

    def make(self, files: dict[Path, Progress], todo: Sequence[_Todo]) -> list[Path]:
        """Make the fixes in these files, and say which of them have changed."""
        unproven = None if self.settings is not None else ProofResult("unverified", UNPROVEN)
        made = {
            each.document.path: _Made.all_of(each.wanted, each.document, unproven, self.unsafe)
            for each in todo
            if any(each.wanted.fixable)
        }
        if self.settings is not None:
            _prove(list(made.values()), self.settings, self.unsafe, self.on_progress)
        changed = []
        for document, found, wanted in todo:
            path = document.path
            its = made.get(path)
            step = None
            try:
                step = its.step() if its is not None else None
            except ValueError as error:
                self.errors.append(internal_error(path, error))
                its = None
            mended, still_open = _with_proofs(wanted, its), _open(wanted, its)
            before = files.get(path)
            files[path] = (
                Progress.of_first_round(document, mended, still_open, step)
                if before is None
                else before.joined(found, mended, still_open, step)
            )
            if step is not None:
                changed.append(path)
        return changed


def _open(file: Checked, made: _Made | None) -> frozenset[int]:
    """The findings that have no fix, or one that only the other fixes are in the way of."""
    without = {
        number
        for number, (result, subject) in enumerate(zip(file.results, file.subjects, strict=True))
        if not result.fixable and subject.span is not None
    }
    return frozenset(without | (set() if made is None else made.hindered))


# Proving


@dataclass(slots=True)
class _Made:
    """The fixes of a file on their way: the proof of each finding, and which of them are kept."""

    file: Checked
    document: Document
    proofs: list[ProofResult | None]
    kept: set[int]
    hindered: set[int] = field(default_factory=set)
    """Those that cannot be made beside the others."""

    @classmethod
    def all_of(cls, file: Checked, document: Document, proof: ProofResult | None, unsafe: bool) -> _Made:
        """The fixes of a file, those of its code with one proof; the unsafe ones where they are asked for.

        Without those that cannot be made together with the others: their proof says why.
        """
        kept = {
            number
            for number, result in enumerate(file.results)
            if result.fixable and (unsafe or result.applicability == "safe")
        }
        proofs = [
            proof if number in kept and isinstance(found, tuple) else None
            for number, found in enumerate(file.fixable)
        ]
        made = cls(file, document, proofs, kept)
        if file.fixer is not None:
            refused = file.fixer.refused(fix for _, fix in made.in_code().values())
            for number, (_, fix) in made.in_code().items():
                if fix in refused:
                    made.kept.discard(number)
                    made.hindered.add(number)
                    made.proofs[number] = ProofResult("unverified", refused[fix])
        return made

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

    def step(self) -> Step | None:
        """What becomes of the document, if anything does.

        A comment that the layout of the new code moved stays: its fix is kept no more.

        Raises:
            ValueError: the document cannot be edited so.
        """
        others = self.code_edits()
        code = self.document.edited(others)
        edits = []
        for number, found in enumerate(self.file.fixable):
            if number in self.kept and found is not None and not isinstance(found, tuple):
                its = found.after(others, self.document.source, code.source)
                edits += its
                if not its:
                    self.kept.discard(number)
                    self.hindered.add(number)
        deletions = joined(edits)
        return Step(code.edited(deletions), (others, deletions)) if self.kept else None


def _prove(
    made: list[_Made],
    settings: Callable[[Path], Settings],
    unsafe: bool,
    on_progress: Callable[[str], None],
) -> None:
    """Prove the fixes of each file together; where some fail, prove again what is left without them.

    What is written is then exactly what was built.
    """
    from reglint.verify import by_settings, prove

    pending = [its for its in made if its.in_code()]
    while pending:
        fixes = sum(len(its.in_code()) for its in pending)
        on_progress(f"fixes to prove: {fixes}, in files: {len(pending)}")
        jobs = [_job(its) for its in pending]
        proven = by_settings([job for job, _ in jobs], settings, prove)
        again = []
        for its, (_, subjects), proofs in zip(pending, jobs, proven, strict=True):
            failed: set[int] = set()
            for subject, proof in zip(subjects, proofs, strict=True):
                for number in subject.findings:
                    its.proofs[number] = _proof_result(its, number, proof)
                if proof.grade == "unverified":
                    failed |= subject.sharing
            _let_down(its, subjects, proofs)
            if failed and not unsafe:
                its.kept -= failed
                if its.in_code():
                    again.append(its)
        pending = again


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a target of a proof, one layer, is about, by the numbers of findings."""

    line: int
    findings: tuple[int, ...]
    """Those about this layer."""
    sharing: frozenset[int]
    """Those whose fix changes this layer: theirs are right only if this one is."""


def _let_down(made: _Made, subjects: Sequence[_Subject], proofs: Sequence[Proof]) -> None:
    """Take back the proofs of findings whose fix changes another layer as well, one that is not proven."""
    for subject, proof in zip(subjects, proofs, strict=True):
        for number in subject.sharing.difference(subject.findings) if proof.grade == "unverified" else ():
            own = made.proofs[number]
            if own is None or own.grade != "unverified":
                reason = f"the same edit changes the layer on line {subject.line}, of which: {proof.reason}"
                made.proofs[number] = ProofResult("unverified", reason)


def _job(made: _Made) -> tuple[Job, list[_Subject]]:
    """What to prove about a file: each layer that a fix changes, and the findings that it is about."""
    from reglint.fix.fixer import expected_penalty
    from reglint.verify import Job, Target

    fixer = made.file.fixer
    assert fixer is not None
    edits = made.code_edits()
    after = Text(apply_edits(made.document.source, edits))
    in_code = made.in_code()
    changed: dict[object, dict[str, RuleChange]] = {}
    sharing: dict[object, set[int]] = {}
    own: dict[object, list[int]] = {}
    for number, (finding, fix) in in_code.items():
        own.setdefault(finding.site.call, []).append(number)
        for change in fix.changes:
            changed.setdefault(change.site.call, {})[change.use.weight.role] = change
            sharing.setdefault(change.site.call, set()).add(number)
    targets, subjects = [], []
    generation: Generation = 3
    for call, changes in changed.items():
        site = next(iter(changes.values())).site
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
                weights=tuple((role, expected_penalty(change)) for role, change in changes.items()),
                in_part=frozenset(
                    use.weight.role for use in site.weights if use.by_callers and use.weight.role in changes
                ),
            )
        )
        line = made.document.place(before).line
        subjects.append(_Subject(line, tuple(own.get(call, ())), frozenset(sharing[call])))
    document = made.document
    return Job(document.path, document.source, after.value, generation, tuple(targets)), subjects


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


def _with_proofs(file: Checked, made: _Made | None) -> Checked:
    results = tuple(
        replace(
            result,
            proof=made.proofs[number] if made is not None and result.fixable else None,
            written=(made is not None and number in made.kept) if result.fixable else None,
        )
        for number, result in enumerate(file.results)
    )
    return replace(file, results=results, made=frozenset() if made is None else frozenset(made.kept))


def _unwritten(file: Checked) -> Checked:
    """The same where nothing was written after all."""
    results = tuple(replace(result, written=False) if result.written else result for result in file.results)
    return replace(file, results=results)


# Reporting


def outcome_of(
    files: list[Checked],
    errors: list[ErrorResult],
    changes: tuple[Change, ...] = (),
    baseline: Comparison | None = None,
) -> Outcome:
    """The report of a run that checked, and perhaps changed, these files."""
    results = tuple(result for file in files for result in file.results)
    summary = Summary(
        policy=", ".join(dict.fromkeys(file.policy for file in files)) or "none applied",
        files=len(files),
        layers=sum(file.layers for file in files),
        unread=sum(file.unread for file in files),
        findings=len(results),
        fixable=sum(result.applicability == "safe" for result in results),
        unsafe=sum(
            result.applicability == "unsafe" and number not in file.made
            for file in files
            for number, result in enumerate(file.results)
        ),
        written=sum(result.written or False for result in results),
        errors=len(errors),
        suppressed=sum(file.suppressed for file in files),
        added=sum(file.added for file in files),
        baselined=sum(file.baselined for file in files),
        passed_over=sum(file.passed_over for file in files),
        unneeded=0 if baseline is None else baseline.unneeded(),
    )
    lines = tuple(line for file in files for line in file.lines)
    made = tuple(number in file.made for file in files for number in range(len(file.results)))
    return Outcome(Report(JSON_VERSION, results, summary, tuple(errors)), lines, made, changes)
