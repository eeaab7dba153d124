"""The results of a run as they are reported. The JSON output and its schema are made from these types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Grade = Literal["model", "layer", "unverified"]
Applicability = Literal["safe", "unsafe"]


@dataclass(frozen=True, slots=True)
class PenaltyResult:
    """The penalty of one weight, as it was seen in ``model.losses``."""

    weight: str
    expected: float
    observed: float


@dataclass(frozen=True, slots=True)
class ProofResult:
    """How a fix was proven: in a model of the project, in a minimal model, or not, and why."""

    grade: Grade
    reason: str | None = None
    model: str | None = None
    penalties: tuple[PenaltyResult, ...] = ()


@dataclass(frozen=True, slots=True)
class RelatedResult:
    """Another place that a finding is about, such as the default of a parameter that decides it."""

    message: str
    path: str
    line: int
    column: int
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class FindingResult:
    """One finding. Lines and columns count from 1, in a notebook those of a cell.

    ``end_column`` is just past the last character; ``cell`` counts all cells of a notebook from 1, those of text too.
    """

    code: str
    name: str
    message: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    cell: int | None = None
    layer: str | None = None
    weight: str | None = None
    related: tuple[RelatedResult, ...] = ()
    """Where the regularizer was decided, if not in the call itself; what it is compared with."""
    fix: str | None = None
    effect: str | None = None
    """Where the fix is made and what it reaches, if that is more than the layer's own call."""
    fixable: bool = False
    applicability: Applicability | None = None
    """Whether the fix does what the policy asks for and no more; an unsafe one is made with ``--unsafe-fixes`` only."""
    reason: str | None = None
    """Why there is no fix."""
    proof: ProofResult | None = None
    written: bool | None = None
    """In ``fix``: whether the fix is in the file now."""


@dataclass(frozen=True, slots=True)
class ErrorResult:
    """A file, or a part of one, that could not be read, checked or written, and where that shows."""

    path: str
    message: str
    cell: int | None = None
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """The run in numbers."""

    policy: str
    """Which policy applied: a file, or ``built-in default``."""
    files: int
    """Files that were checked."""
    layers: int
    """Layer constructors with weights that were found."""
    unread: int
    """Weights whose regularizer could not be read; no rule speaks about them."""
    findings: int
    fixable: int
    """Findings that have a safe fix."""
    written: int = 0
    errors: int = 0
    suppressed: int = 0
    """Findings that comments in the source hide."""
    added: int = 0
    """Of these, the findings that got their comment in this run (``check --add-ignore``)."""
    baselined: int = 0
    """Findings that the baseline has."""
    unneeded: int = 0
    """Entries of the baseline that stand for more findings than there are."""
    passed_over: int = 0
    """Blocks in Markdown that say that they are Python and cannot be parsed."""
    unsafe: int = 0
    """Findings that have an unsafe fix which was not made."""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run; the JSON output is this object."""

    version: int
    findings: tuple[FindingResult, ...]
    summary: Summary
    errors: tuple[ErrorResult, ...] = ()
