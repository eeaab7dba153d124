"""From modules to findings: what is wrong with each file, what would mend it, and what is hidden.

Nothing heavy is imported before a file needs it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import compress, count
from typing import TYPE_CHECKING

from reglint.places import decided_at
from reglint.reading import NONE_GIVEN, read_modules, shown_path
from reglint.report.results import FindingResult, RelatedResult
from reglint.suppress.screen import may_be_wrong, may_hide
from reglint.suppress.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from reglint.files.documents import Document, Problem
    from reglint.files.text import Place, Span
    from reglint.fix.fix import CommentFix, Fix, NotFixable
    from reglint.fix.fixer import Fixer
    from reglint.keras.module import KerasModule
    from reglint.policy.policy import Policy
    from reglint.report.results import ErrorResult
    from reglint.resolve.project import Project
    from reglint.rules.consistency import Tally
    from reglint.rules.rule import CommentFinding, Finding, Rule
    from reglint.suppress.baseline import Comparison


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was checked."""

    policy: str
    results: tuple[FindingResult, ...] = ()
    lines: tuple[str, ...] = ()
    """The first line of what each finding is about."""
    layers: int = 0
    unread: int = 0
    passed_over: int = 0
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

    def only(self, numbers: Sequence[int]) -> Checked:
        """The same with only some of its findings, by their numbers."""
        fixable = tuple(self.fixable[number] for number in numbers)
        return replace(
            self,
            results=tuple(self.results[number] for number in numbers),
            lines=tuple(self.lines[number] for number in numbers),
            subjects=tuple(self.subjects[number] for number in numbers),
            fixable=fixable,
            fixer=self.fixer if any(isinstance(found, tuple) for found in fixable) else None,
        )

    def without_tree(self) -> Checked:
        """The same without the syntax tree, so that memory does not grow with the number of files."""
        without = tuple(None if isinstance(found, tuple) else found for found in self.fixable)
        return replace(self, fixer=None, fixable=without)


def check_files(
    paths: Sequence[Path],
    policy_for: Callable[[Path], Policy],
    errors: list[ErrorResult],
    *,
    given: Mapping[Path, bytes] = NONE_GIVEN,
    baseline: Comparison | None = None,
) -> Iterator[tuple[Document, Checked]]:
    """Each file with what is found in it that is not in the ``baseline``; those that cannot be checked are ``errors``.

    ``given`` has the bytes of further paths, which are not read from the disk.
    """

    @cache
    def of_all_files() -> Tally:
        from reglint.comparing import compare

        return compare(paths, policy_for, given)

    def check_module(module: KerasModule, project: Project) -> Checked:  # noqa: ARG001
        return _check_module(module, policy_for(module.document.path), of_all_files)

    for reading in read_modules(paths, policy_for, check_module, given):
        if reading.error is not None:
            errors.append(reading.error)
        if reading.document is not None:
            policy = policy_for(reading.document.path)
            selected = policy.rules.speaking(reading.document.path)
            checked = reading.made or Checked(policy.source)
            if reading.made is not None:
                checked = replace(checked, passed_over=reading.document.passed_over)
            checked = _with_problems(checked, reading.document, reading.problems, selected)
            looked_for = () if reading.problems else _settled(selected, policy)
            yield reading.document, _compared(checked, reading.document, looked_for, baseline)


def _settled(selected: frozenset[str], policy: Policy) -> frozenset[str]:
    """The rules that have no other finding in a file, whichever files are in the run.

    What compares all files of a project has more of them in a run of more files.
    """
    if policy.consistency != "project":
        return selected
    from reglint.rules.reg204_inconsistent_regularizer import RULE

    return selected - {RULE.code}


def _check_module(module: KerasModule, policy: Policy, of_all_files: Callable[[], Tally]) -> Checked:
    from reglint.rules.findings import find
    from reglint.rules.judge import undecided

    findings = find(module, policy, of_all_files)
    unread = sum(use.state == "unknown" for site in module.sites for use in site.weights)
    checked = Checked(policy.source, layers=len(module.sites), unread=unread + undecided(module, policy))
    selected = _settled(policy.rules.speaking(module.document.path), policy)
    return _with_results(checked, module, findings, selected)


def _with_results(
    checked: Checked, module: KerasModule, findings: list[Finding], selected: Collection[str]
) -> Checked:
    """The same with those of its findings that nothing hides, and the fix of each.

    ``selected`` are the rules that were looked for, by their codes.
    """
    from reglint.resolve.scopes import qualified_name
    from reglint.rules.rule import CommentFinding

    document = module.document
    shown: list[Finding | CommentFinding] = [*findings]
    if (may_hide if findings else may_be_wrong)(document.code):
        from reglint.suppress.suppress import suppress

        places = [(finding.rule.code, module.span(finding.site.call)) for finding in findings]
        suppressed = suppress(document, places, selected)
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
    ordered = list(_in_order(shown, module))
    of_code = [finding for finding, _ in ordered if not isinstance(finding, CommentFinding)]
    remedies = iter(fixer.remedies(of_code))
    for finding, span in ordered:
        place = document.place(span)
        lines.append(document.line(place))
        if isinstance(finding, CommentFinding):
            mending = finding.fix if document.exact else None
            results.append(_result(document, finding.rule, finding.message, place, mending))
            subjects.append(Subject(span))
            fixable.append(mending)
            continue
        remedy = next(remedies)
        results.append(
            replace(
                _result(document, finding.rule, finding.message, place, remedy),
                layer=finding.site.layer.name,
                weight=finding.weight.role,
                related=_related(finding, module),
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


def _related(finding: Finding, module: KerasModule) -> tuple[RelatedResult, ...]:
    """Where the regularizer that a finding is about was decided, if not in the call, and what else it speaks of."""
    decided = decided_at(finding.change.use.argument, module)
    related = [
        *((f"`{found.text}` decides it", found) for found in decided),
        *((found.text, found) for found in finding.beside),
    ]
    return tuple(
        RelatedResult(text, found.path, found.line, found.column, found.cell) for text, found in related
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
    result = FindingResult(
        code=rule.code,
        name=rule.name,
        message=message,
        path=shown_path(document.path),
        line=place.line,
        column=place.column,
        end_line=place.end_line,
        end_column=place.end_column,
        cell=place.cell,
    )
    return _with_remedy(result, remedy)


def _with_remedy(result: FindingResult, remedy: Fix | CommentFix | NotFixable | None) -> FindingResult:
    from reglint.fix.fix import Fix, NotFixable

    fixable = remedy is not None and not isinstance(remedy, NotFixable)
    return replace(
        result,
        fix=str(remedy) if fixable else None,
        fixable=fixable,
        applicability=None if remedy is None or isinstance(remedy, NotFixable) else remedy.applicability,
        effect=remedy.effect if isinstance(remedy, Fix) else None,
        reason=remedy.reason if isinstance(remedy, NotFixable) else None,
    )


def _with_problems(
    checked: Checked, document: Document, problems: Sequence[Problem], selected: Collection[str]
) -> Checked:
    """The same with a finding for each part of the document that is not Python, all in the order of the document."""
    if not problems:
        return checked
    from reglint.rules.reg001_syntax_error import RULE

    if RULE.code not in selected:
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


def _compared(
    checked: Checked, document: Document, looked_for: Collection[str], baseline: Comparison | None
) -> Checked:
    """The same without the findings that the baseline has, whose layers stay as they are."""
    if baseline is None:
        return checked
    new = baseline.is_new(document, checked.results, checked.subjects, looked_for)
    return replace(with_only(checked, new), baselined=new.count(False))


def with_only(checked: Checked, wanted: Sequence[bool]) -> Checked:
    """The same with only some of its findings, and with fixes that change nothing for the others."""
    kept = checked.only(list(compress(count(), wanted)))
    fixes = [found[1] if isinstance(found, tuple) else None for found in checked.fixable]
    hidden = {fix for fix, is_wanted in zip(fixes, wanted, strict=True) if fix is not None and not is_wanted}
    return _remedied_anew(kept) if hidden.intersection(compress(fixes, wanted)) else kept


def _remedied_anew(checked: Checked) -> Checked:
    """The same with fixes that are made for its own findings alone."""
    from reglint.fix.fix import Fix

    assert checked.fixer is not None
    results, fixable = list(checked.results), list(checked.fixable)
    findings = {number: found[0] for number, found in enumerate(fixable) if isinstance(found, tuple)}
    remedies = checked.fixer.remedies(list(findings.values()))
    for (number, finding), remedy in zip(findings.items(), remedies, strict=True):
        results[number] = _with_remedy(results[number], remedy)
        fixable[number] = (finding, remedy) if isinstance(remedy, Fix) else None
    return replace(checked, results=tuple(results), fixable=tuple(fixable))
