"""The inventory: every layer constructor with what regularizes its weights, as text and as JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from click import style

from reglint.report.text import counted, shown_position

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reglint.report.results import ErrorResult


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was decided: a file, in a notebook the cell, line and column; all count from 1."""

    path: str
    cell: int | None
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class PenaltyEntry:
    """A penalty: its kind, and its strengths where they could be read."""

    kind: str
    l1: float | None
    l2: float | None


@dataclass(frozen=True, slots=True)
class WeightEntry:
    """What regularizes one weight."""

    state: str
    """``set``, ``absent`` (no argument), ``none`` (None), ``passed`` (callers decide) or ``unknown``."""
    penalty: PenaltyEntry | None
    origin: Origin | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class LayerEntry:
    """One layer constructor; ``line`` and ``column`` are where its call starts, from 1."""

    path: str
    cell: int | None
    line: int
    column: int
    layer: str
    """The Keras class: ``keras.layers.Conv2D``, for a project's subclass of it too."""
    project_class: str | None
    via: str
    weights: dict[str, WeightEntry]


@dataclass(frozen=True, slots=True)
class Inventory:
    """All layer constructors of a run."""

    layers: tuple[LayerEntry, ...]
    files: int
    errors: tuple[ErrorResult, ...] = ()


def render_json(inventory: Inventory, version: int) -> str:
    """One object: ``version``, ``layers``, ``summary``, ``errors``."""
    import msgspec

    content = {
        "version": version,
        "layers": [
            {
                "path": entry.path,
                "cell": entry.cell,
                "line": entry.line,
                "column": entry.column,
                "layer": entry.layer,
                "class": entry.project_class,
                "via": entry.via,
                "weights": {
                    role: {
                        "state": weight.state,
                        "penalty": weight.penalty,
                        "from": weight.origin,
                        "reason": weight.reason,
                    }
                    for role, weight in entry.weights.items()
                },
            }
            for entry in inventory.layers
        ],
        "summary": {
            "files": inventory.files,
            "constructors": len(inventory.layers),
            "by_layer": dict(Counter(entry.layer for entry in inventory.layers).most_common()),
            "by_role": {
                role: dict(states.most_common()) for role, states in _by_role(inventory.layers).items()
            },
            "unknown": dict(_reasons(inventory.layers).most_common()),
        },
        "errors": inventory.errors,
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"


def render_text(inventory: Inventory) -> Iterator[str]:
    """A table for each file, then the summary."""
    for path, group in groupby(inventory.layers, key=lambda entry: entry.path):
        yield style(path, bold=True)
        rows = [
            (
                shown_position(entry),
                _name(entry),
                ", ".join(f"{role} {_shown(weight)}" for role, weight in entry.weights.items()),
            )
            for entry in group
        ]
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        for place, name, weights in rows:
            yield f"  {place:>{widths[0]}}  {name:<{widths[1]}}  {weights}".rstrip()
        yield ""
    yield from _summary(inventory)


def _name(entry: LayerEntry) -> str:
    layer = entry.layer.rpartition(".")[2]
    if entry.project_class is not None:
        return f"{entry.project_class} ({layer})"
    return layer if entry.via == "direct" else f"{layer} ({entry.via})"


def _shown(weight: WeightEntry) -> str:
    if weight.state == "absent":
        return "-"
    if weight.state == "none":
        return "None"
    if weight.state == "set" and weight.penalty is not None:
        strengths = {"l1": (weight.penalty.l1,), "l2": (weight.penalty.l2,)}.get(
            weight.penalty.kind, (weight.penalty.l1, weight.penalty.l2)
        )
        if weight.penalty.kind in ("none", "other"):
            return weight.penalty.kind
        return f"{weight.penalty.kind}({', '.join('?' if number is None else f'{number:g}' for number in strengths)})"
    return style(weight.state, fg="yellow")


def _summary(inventory: Inventory) -> Iterator[str]:
    layers = inventory.layers
    yield f"{counted(len(layers), 'layer constructor')} in {counted(inventory.files, 'file')}"
    by_layer = Counter(entry.layer.rpartition(".")[2] for entry in layers)
    for name, count in by_layer.most_common():
        yield f"  {name:<24}{count:>6}"
    for role, states in _by_role(layers).items():
        yield f"{role}: " + ", ".join(f"{count} {state}" for state, count in states.most_common())
    reasons = _reasons(layers)
    if reasons:
        yield "not read, because:"
        for reason, count in reasons.most_common():
            yield f"  {count:>5}  {reason}"


def _by_role(layers: Sequence[LayerEntry]) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {}
    for entry in layers:
        for role, weight in entry.weights.items():
            counts.setdefault(role, Counter())[_shown_state(weight)] += 1
    return dict(sorted(counts.items()))


def _shown_state(weight: WeightEntry) -> str:
    return _shown(weight) if weight.state == "set" else weight.state


def _reasons(layers: Sequence[LayerEntry]) -> Counter[str]:
    return Counter(
        weight.reason or ""
        for entry in layers
        for weight in entry.weights.values()
        if weight.state == "unknown"
    )
