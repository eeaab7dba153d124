"""The text output, in the manner of ruff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click import style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.report.results import FindingResult, ProofResult, Report, Summary

_TAB = 4


def render_finding(finding: FindingResult, source_line: str) -> str:
    """``path:line:column: CODE message``, the source line with a marker, what to do, and the proof of the fix."""
    place = f"{style(finding.path, bold=True)}:{finding.line}:{finding.column}:"
    lines = [f"{place} {style(finding.code, fg='red', bold=True)} {finding.message}"]
    if source_line:
        lines += _excerpt(finding, source_line)
    lines += [f"{'':>{_gutter(finding)}} {style('=', fg='blue')} {text}" for text in _advice(finding)]
    return "\n".join(lines) + "\n"


def render_summary(summary: Summary, command: str) -> str:
    """The closing lines: how much was found, what can be done about it, and which policy applied."""
    lines = []
    if summary.findings:
        left = summary.findings - summary.written
        lines.append(f"Found {_count(summary.findings, 'finding')}" + _outcome(summary, command, left))
        if command == "check" and summary.fixable:
            lines.append(f"{summary.fixable} can be fixed and proven with `reglint fix`.")
    elif not summary.errors:
        lines.append(style("All checks passed!", fg="green"))
    checked = f"{_count(summary.layers, 'layer')} in {_count(summary.files, 'file')}"
    unread = (
        f" ({_count(summary.unread, 'regularizer')} could not be read and are not judged)" if summary.unread else ""
    )
    lines.append(f"Checked {checked}{unread}. Policy: {summary.policy}.")
    return "\n".join(lines) + "\n"


def render_errors(report: Report) -> Iterator[str]:
    """A line for each file that could not be checked or written."""
    for error in report.errors:
        yield f"{style('error', fg='red', bold=True)}: {error.path}: {error.message}"


def _outcome(summary: Summary, command: str, left: int) -> str:
    if command == "check":
        return "."
    return f" ({summary.written} fixed, {left} left)."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _gutter(finding: FindingResult) -> int:
    return len(str(finding.line)) + 1


def _excerpt(finding: FindingResult, source_line: str) -> Iterator[str]:
    width = _gutter(finding)
    bar = style("|", fg="blue")
    before = source_line[: finding.column - 1].replace("\t", " " * _TAB)
    shown = source_line.replace("\t", " " * _TAB)
    stop = finding.end_column - 1 if finding.end_line == finding.line else len(source_line)
    marked = source_line[finding.column - 1 : stop].replace("\t", " " * _TAB)
    yield f"{'':>{width}} {bar}"
    yield f"{style(str(finding.line).rjust(width), fg='blue')} {bar} {shown}"
    yield f"{'':>{width}} {bar} {' ' * len(before)}{style('^' * max(1, len(marked)), fg='red')}"


def _advice(finding: FindingResult) -> Iterator[str]:
    if finding.fix is not None:
        verb = "fixed" if finding.written else "fix"
        yield f"{style(verb, fg='cyan')}: {finding.fix}"
    elif finding.reason is not None:
        yield f"{style('no fix', fg='yellow')}: {finding.reason}"
    if finding.proof is not None:
        yield from _proof(finding.proof, finding.written)


def _proof(proof: ProofResult, written: bool | None) -> Iterator[str]:
    if proof.grade == "unverified":
        kept = "written unproven" if written else "not written"
        yield f"{style('unverified', fg='yellow')}, {kept}: {proof.reason}"
        return
    where = f"in {proof.model}" if proof.grade == "model" and proof.model else "of this layer alone"
    yield f"{style('proof', fg='green')} ({proof.grade}): model.losses {where}"
    for penalty in proof.penalties:
        yield f"  {penalty.weight}: expected {penalty.expected:.6g}, observed {penalty.observed:.6g}"
