"""The results of ``reglint verify``: models with their layers, weights and penalties, as text and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from click import style

from reglint.report.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.report.results import ErrorResult


@dataclass(frozen=True, slots=True)
class PenaltyEntry:
    """A penalty as it was measured; ``other`` is one of neither kind, whose strengths are then 0."""

    kind: str
    l1: float | None
    l2: float | None
    text: str
    """As a person would write it: ``l2(0.01)``."""


@dataclass(frozen=True, slots=True)
class WeightEntry:
    """One weight of a layer."""

    name: str
    role: str | None
    shape: tuple[int, ...]
    parameters: int
    trainable: bool
    penalty: PenaltyEntry | None
    """What ``model.losses`` has on it; None where that could not be told."""
    value: float
    """What this adds to the loss, for the known values that the weights had."""
    share: float
    """``value`` as a share of all penalties of the model."""
    asked: str | None
    """What the policy asks for."""
    problem: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class LayerEntry:
    """One layer; ``path`` and ``line`` (in a notebook of ``cell``) are where it was made, as far as it is known."""

    name: str
    layer: str
    path: str | None
    cell: int | None
    line: int | None
    weights: tuple[WeightEntry, ...]


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model. ``coverage`` is the share of its trainable parameters that carry a penalty."""

    path: str
    built: str
    """What was built: ``build_model()``, ``model (module level)``."""
    grade: Literal["model", "layer"]
    """``layer``: it was put around a function of tensors, or a layer, of the project."""
    name: str
    model: str
    """Its class."""
    parameters: int
    penalized: int
    coverage: float
    penalty: float
    """The sum of the penalties on all weights."""
    layers: tuple[LayerEntry, ...]

    @property
    def problems(self) -> int:
        """The weights that do not carry what the policy asks for."""
        return sum(weight.problem is not None for layer in self.layers for weight in layer.weights)


@dataclass(frozen=True, slots=True)
class UnverifiedEntry:
    """What could not be observed: something that builds models, or the layers of one call."""

    path: str
    what: str
    reason: str
    cell: int | None = None
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class VerificationSummary:
    """The run in numbers."""

    policy: str
    files: int
    models: int
    weights: int
    """Trainable weights that the policy names."""
    problems: int
    """Weights that do not carry what the policy asks for."""
    unverified: int
    errors: int


@dataclass(frozen=True, slots=True)
class Verification:
    """A whole run; the JSON output is this object."""

    version: int
    models: tuple[ModelEntry, ...]
    unverified: tuple[UnverifiedEntry, ...]
    summary: VerificationSummary
    errors: tuple[ErrorResult, ...] = ()


def render_json(verification: Verification) -> bytes:
    """One object in UTF-8, ``version`` first."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(verification), indent=2) + b"\n"


def render_text(verification: Verification) -> Iterator[str]:
    """A table for each model with its coverage, then what could not be verified, and the summary."""
    for path, models in groupby(verification.models, key=lambda model: model.path):
        for model in models:
            around = " in a minimal model" if model.grade == "layer" else ""
            yield f"{style(path, bold=True)}: {style(model.built, bold=True)}{around}"
            yield from _table(model)
            yield from _problems(model)
            yield _coverage(model)
            yield ""
    for entry in verification.unverified:
        yield f"{_place(entry.path, entry)}: {style('unverified', fg='yellow')}: {entry.what}: {entry.reason}"
    if verification.unverified:
        yield ""
    yield from _summary(verification.summary)


_COLUMNS = ("layer", "weight", "parameters", "penalty", "loss", "share", "")
_RIGHT = frozenset({"parameters", "loss", "share"})


def _table(model: ModelEntry) -> Iterator[str]:
    """The trainable weights, and of the others those with a penalty."""
    rows: list[tuple[str, ...]] = [_COLUMNS]
    hidden = 0
    for layer in model.layers:
        name = f"{layer.name} ({layer.layer})"
        for weight in layer.weights:
            if not weight.trainable and not weight.value:
                hidden += 1
                continue
            rows.append((name, *_row(weight, layer.name)))
            name = ""
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    for row in rows:
        cells = [
            f"{text:>{width}}" if column in _RIGHT else f"{text:<{width}}"
            for column, text, width in zip(_COLUMNS, row, widths, strict=True)
        ]
        line = "  ".join(cells).rstrip()
        yield f"  {style(line, dim=True) if row is _COLUMNS else line.replace(_WRONG, style(_WRONG, fg='red'))}"
    if hidden:
        yield f"  ({counted(hidden, 'weight')} that nothing trains, without a penalty, not shown)"


_WRONG = "<- wrong"


def _row(weight: WeightEntry, layer: str) -> tuple[str, ...]:
    penalty = "?" if weight.penalty is None else "-" if weight.penalty.kind == "none" else weight.penalty.text
    return (
        f"/{weight.name}".rpartition(f"/{layer}/")[2].lstrip("/"),
        f"{weight.parameters:,}",
        penalty,
        f"{weight.value:.6g}" if weight.value else "",
        f"{weight.share:.1%}" if weight.value else "",
        _WRONG if weight.problem is not None else "" if weight.trainable else "frozen",
    )


def _problems(model: ModelEntry) -> Iterator[str]:
    for layer in model.layers:
        place = f"{_place(layer.path, layer)}: " if layer.path is not None else ""
        for weight in layer.weights:
            if weight.problem is not None:
                yield f"{place}{style('policy', fg='red', bold=True)}: {weight.name}: {weight.problem}"


def _coverage(model: ModelEntry) -> str:
    coverage = f"{style(f'{model.coverage:.1%}', bold=True)} of {model.parameters:,} trainable parameters"
    return f"  coverage: {coverage} carry a penalty"


def _summary(summary: VerificationSummary) -> Iterator[str]:
    if summary.problems:
        does = "does" if summary.problems == 1 else "do"
        yield style(
            f"{counted(summary.problems, 'weight')} {does} not carry what the policy asks for.", fg="red"
        )
    elif summary.models:
        checked = f"{counted(summary.weights, 'weight')} that the policy names"
        yield style(f"Verified {checked} in {counted(summary.models, 'model')}.", fg="green")
    else:
        yield "No models were built."
    if summary.unverified:
        yield f"{summary.unverified} could not be verified, see above; nothing is known of what they build."
    if summary.errors:
        yield style(f"{counted(summary.errors, 'error')}, see above.", fg="red")
    if summary.files:
        yield f"Read {counted(summary.files, 'file')}. Policy: {summary.policy}."
    else:
        yield "No Python files were read."


def _place(path: str | None, entry: UnverifiedEntry | LayerEntry) -> str:
    """``path:line``, with the cell of a notebook and the column as far as they are known."""
    cell = f"cell {entry.cell}" if entry.cell is not None else None
    column = entry.column if isinstance(entry, UnverifiedEntry) else None
    return ":".join(str(part) for part in (path, cell, entry.line, column) if part is not None)
