"""The text output, in the manner of ruff."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from click import style

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reglint.report.results import ErrorResult, FindingResult, ProofResult, Summary

Command: TypeAlias = Literal["check", "fix", "diff"]

_TAB = 4
_LONGEST = 200
"""Characters of a source line that are shown, from ``_CONTEXT`` before the marker at the latest."""
_CONTEXT = 120


def render_finding(
    finding: FindingResult, source_line: str, command: Command = "check", made: bool = False
) -> str:
    """``path:line:column: CODE message``, the source line with a marker, what to do, and the proof.

    ``made`` says whether the fix is among those that the command made: wrote, or put in its diff.
    """
    place = f"{style(finding.path, bold=True)}:{shown_position(finding)}:"
    lines = [f"{place} {style(finding.code, fg='red', bold=True)} {finding.message}"]
    if source_line:
        lines += _excerpt(finding, source_line)
    margin = " " * _gutter(finding)
    for text in _advice(finding, command, made):
        lines.append(f"{margin} {style('=', fg='blue')} {text}".replace("\n", f"\n{margin}     "))
    return "\n".join(lines) + "\n"


def render_summary(summary: Summary, command: Command, made: int = 0) -> str:
    """The closing lines: how much was found, what can be done about it, and which policy applied.

    ``made`` is the number of fixes that the command made.
    """
    lines = []
    if summary.added:
        lines.append(f"Wrote comments that suppress {counted(summary.added, 'finding')}.")
    if summary.findings:
        lines.append(f"Found {counted(summary.findings, 'finding')}{_outcome(summary, command, made)}.")
        lines += _fixes_left(summary, command)
    elif summary.files and not summary.errors:
        lines.append(style("All checks passed!", fg="green"))
    if summary.errors:
        lines.append(style(f"{counted(summary.errors, 'error')}, see above.", fg="red"))
    if summary.files:
        checked = f"{counted(summary.layers, 'layer')} in {counted(summary.files, 'file')}"
        unread = f" ({counted(summary.unread, 'regularizer')} could not be read)" if summary.unread else ""
        lines.append(f"Checked {checked}{unread}. Policy: {summary.policy}.")
        if summary.passed_over:
            lines.append(
                f"Passed over {counted(summary.passed_over, 'block')} of Markdown that cannot be parsed."
            )
        hidden = [
            *([f"{summary.suppressed} suppressed by comments"] if summary.suppressed else []),
            *([f"{summary.baselined} in the baseline"] if summary.baselined else []),
        ]
        if hidden:
            lines.append(f"Not reported: {', '.join(hidden)}.")
        if summary.unneeded:
            count = (
                "1 entry of the baseline is"
                if summary.unneeded == 1
                else f"{summary.unneeded} entries of the baseline are"
            )
            lines.append(f"{count} no longer needed; run `reglint check` with --update-baseline.")
    else:
        lines.append("No Python files were checked.")
    return "\n".join(lines) + "\n"


def render_errors(errors: Iterable[ErrorResult]) -> Iterator[str]:
    """A line for each error."""
    for error in errors:
        place = error.path if error.line is None else f"{error.path}:{shown_position(error)}"
        yield f"{style('error', fg='red', bold=True)}: {place}: {error.message}"


def shown_position(place: HasPosition) -> str:
    """``line:column``, and before it the cell of a notebook."""
    cell = "" if place.cell is None else f"cell {place.cell}:"
    return f"{cell}{place.line}:{place.column}"


class HasPosition(Protocol):
    """What stands somewhere in a file."""

    @property
    def cell(self) -> int | None: ...
    @property
    def line(self) -> int | None: ...
    @property
    def column(self) -> int | None: ...


def render_made(findings: Iterable[FindingResult]) -> str:
    """Which findings were mended, by file and rule, as ruff enumerates them."""
    by_file: dict[str, Counter[tuple[str, str]]] = {}
    for finding in findings:
        by_file.setdefault(finding.path, Counter())[finding.code, finding.name] += 1
    total = sum(rules.total() for rules in by_file.values())
    if not total:
        return ""
    lines = [f"Fixed {counted(total, 'finding')}:"]
    for path, rules in by_file.items():
        lines.append(f"- {style(path, bold=True)}:")
        for (code, name), number in sorted(rules.items()):
            lines.append(f"    {number} \N{MULTIPLICATION SIGN} {style(code, fg='red', bold=True)} ({name})")
    return "\n".join(lines) + "\n\n"


def _fixes_left(summary: Summary, command: Command) -> Iterator[str]:
    """What could still be fixed, and how."""
    unsafe = (
        f"{counted(summary.unsafe, 'unsafe fix', 'unsafe fixes')} available with `reglint fix --unsafe-fixes`"
    )
    if command == "check" and summary.fixable:
        also = f" ({unsafe})" if summary.unsafe else ""
        yield f"{summary.fixable} can be fixed with `reglint fix`, which proves each fix first{also}."
    elif summary.unsafe:
        yield f"{unsafe}."


def _outcome(summary: Summary, command: Command, made: int) -> str:
    if command == "check":
        return ""
    done = "fixed" if command == "fix" else "in the diff"
    return f" ({made} {done}, {summary.findings - made} left)"


def counted(number: int, noun: str, several: str | None = None) -> str:
    """``1 finding``, ``2 findings``; with ``several`` where that is no "s" at the end."""
    return f"{number} {noun if number == 1 else several or f'{noun}s'}"


def _gutter(finding: FindingResult) -> int:
    return len(str(finding.line)) + 1


def _excerpt(finding: FindingResult, source_line: str) -> Iterator[str]:
    width = _gutter(finding)
    bar = style("|", fg="blue")
    start = finding.column - 1
    stop = finding.end_column - 1 if finding.end_line == finding.line else len(source_line)
    first = max(0, start - _CONTEXT)
    shown, last = source_line[first : first + _LONGEST], first + _LONGEST
    indent, marked = (
        _cells(_visible(part)) for part in (source_line[first:start], source_line[start : min(stop, last)])
    )
    yield f"{'':>{width}} {bar}"
    yield f"{style(str(finding.line).rjust(width), fg='blue')} {bar} {_visible(shown)}"
    yield f"{'':>{width}} {bar} {' ' * indent}{style('^' * max(1, marked), fg='red')}"


def _visible(text: str) -> str:
    """The text with spaces for tabs, and a sign for each character that a terminal would obey."""
    if text.isprintable():
        return text
    return "".join(
        " " * _TAB
        if character == "\t"
        else character
        if character.isprintable() or unicodedata.category(character) == "Zs"
        else chr(0x2400 + ord(character))
        if character < " "
        else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )


def _cells(text: str) -> int:
    """How many columns of a terminal a text takes: East Asian wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


def _advice(finding: FindingResult, command: Command, made: bool) -> Iterator[str]:
    for place in finding.related:
        cell = f"cell {place.cell}:" if place.cell is not None else ""
        yield f"{style('see', fg='cyan')}: {place.path}:{cell}{place.line}:{place.column}: {place.message}"
    if finding.fix is not None:
        verb = "fixed" if finding.written else "unsafe fix" if finding.applicability == "unsafe" else "fix"
        effect = f" ({finding.effect})" if finding.effect is not None else ""
        yield f"{style(verb, fg='cyan')}: {finding.fix}{effect}"
        if verb == "unsafe fix" and not made and command != "check":
            left_out = "not written" if command == "fix" else "not in the diff"
            yield f"{left_out}: it does more than the policy asks for or drops a comment; --unsafe-fixes makes it"
    elif finding.reason is not None:
        yield f"{style('no fix', fg='yellow')}: {finding.reason}"
    if finding.proof is not None:
        yield from _proof(finding.proof, command, made)


def _proof(proof: ProofResult, command: Command, made: bool) -> Iterator[str]:
    if proof.grade == "unverified":
        what = {
            ("fix", True): "written all the same",
            ("fix", False): "not written",
            ("diff", True): "in the diff all the same",
            ("diff", False): "not in the diff",
        }[command, made]
        yield f"{style('unverified', fg='yellow')}, {what}: {proof.reason}"
        return
    details = [
        f"{penalty.weight}: expected {penalty.expected:.6g}, observed {penalty.observed:.6g}"
        for penalty in proof.penalties
    ]
    if proof.reason is not None:
        details.append(f"why not in your model: {proof.reason}")
    head = f"{style('proof', fg='green')} ({proof.grade}): in model.losses of {proof.model}"
    yield "\n".join([head, *details])
