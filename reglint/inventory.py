"""The inventory run: from paths to every layer constructor and what regularizes its weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.places import as_given, decided_at
from reglint.reading import NONE_GIVEN, read_modules, shown_path
from reglint.report.inventory import Inventory, LayerEntry, Origin, PenaltyEntry, WeightEntry
from reglint.report.results import ErrorResult

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import libcst as cst

    from reglint.keras.module import KerasModule
    from reglint.keras.sites import Site
    from reglint.keras.weights import WeightUse
    from reglint.policy.policy import Policy
    from reglint.resolve.project import Project
    from reglint.resolve.values import Expression


def take_inventory(
    paths: Sequence[Path], policy_for: Callable[[Path], Policy], given: Mapping[Path, bytes] = NONE_GIVEN
) -> Inventory:
    """Read the files of ``paths``; one that cannot be read is an error entry, and the rest goes on.

    ``given`` has the bytes of further paths, which are not read from the disk.
    """
    layers: list[LayerEntry] = []
    errors: list[ErrorResult] = []
    files = 0
    for reading in read_modules(paths, policy_for, _entries, given):
        layers += reading.made or ()
        errors += (reading.error,) if reading.error is not None else ()
        if reading.document is None:
            continue
        files += 1
        path = shown_path(reading.document.path)
        errors += (
            ErrorResult(path, str(problem), problem.place.cell, problem.place.line, problem.place.column)
            for problem in reading.problems
        )
    return Inventory(tuple(layers), files, tuple(errors))


def _entries(module: KerasModule, project: Project) -> tuple[LayerEntry, ...]:  # noqa: ARG001
    return tuple(_entry(site, module) for site in module.sites)


def _entry(site: Site, module: KerasModule) -> LayerEntry:
    place = module.document.place(module.span(site.call))
    return LayerEntry(
        path=shown_path(module.document.path),
        cell=place.cell,
        line=place.line,
        column=place.column,
        layer=_dotted(site),
        project_class=site.project_class,
        via=site.via,
        weights={
            use.weight.role: _weight(use, site, module)
            for use in site.weights
            # Nearly every layer takes an activity regularizer, and next to none has one.
            if use.weight.role != "activity" or use.state == "set"
        },
    )


def _dotted(site: Site) -> str:
    """``keras.layers.Dense``, or the name by which the policy makes a custom layer known."""
    # A module of the project may be called "layers" too.
    return site.name.path if site.alternatives[0].custom else f"keras.{site.name.module}.{site.layer.name}"


def _weight(use: WeightUse, site: Site, module: KerasModule) -> WeightEntry:
    penalty = None
    if use.penalty is not None:
        penalty = PenaltyEntry(use.penalty.kind, use.penalty.l1, use.penalty.l2)
    origin = None
    if use.made is not None:
        origin = _origin(use.made, module)
    elif use.argument is not None:
        origin = _elsewhere(use.argument, module) or _here(site.call, module)
    return WeightEntry(use.state, penalty, origin, use.reason)


def _origin(made: Expression, module: KerasModule) -> Origin | None:
    """Where the call that makes a regularizer stands, in this file or another one."""
    import libcst as cst

    from reglint.resolve.positions import span_of

    index = made.place.scope.index
    assert isinstance(made.node, cst.Call)
    if index is module.index:
        return _here(made.node, module)
    found = span_of(made.node, index)
    path = as_given(index.path, module.document.path)
    return Origin(shown_path(path), None, found.line, found.column)


def _elsewhere(argument: Expression, module: KerasModule) -> Origin | None:
    """Where an argument is decided, if that is in one other place."""
    found = decided_at(argument, module)
    return Origin(found[0].path, found[0].cell, found[0].line, found[0].column) if len(found) == 1 else None


def _here(call: cst.Call, module: KerasModule) -> Origin:
    place = module.document.place(module.span(call))
    return Origin(shown_path(module.document.path), place.cell, place.line, place.column)
