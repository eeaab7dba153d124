"""Fixes tried on the text: what reglint itself reads of the module once they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.files.syntax import syntax_problem
from reglint.keras.penalty import Penalty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reglint.files.edit import Edit
    from reglint.keras.module import KerasModule
    from reglint.keras.weights import WeightUse
    from reglint.rules.rule import Change


def failure(module: KerasModule, edits: Sequence[Edit], changes: Sequence[Change]) -> str | None:
    """Why ``edits`` do not do what ``changes`` say and nothing else, as far as the code shows; None if they do."""
    try:
        after = module.amended(module.document.edited(edits))
    except ValueError as error:
        return f"the code that it would make cannot be read: {error}"
    # libcst reads some code that Python does not, and Python's own parser not what is newer than the running one.
    problem = syntax_problem(after.document.source)
    if problem is not None and syntax_problem(module.document.source) is None:
        return f"the code that it would make cannot be read: {problem.message}"
    if len(after.sites) != len(module.sites):
        return "it would change which layers there are"
    wanted = {(id(change.site.call), change.use.weight.role): change for change in changes}
    for old, new in zip(module.sites, after.sites, strict=True):
        before, now = ({use.weight.role: use for use in site.weights} for site in (old, new))
        if old.layer.name != new.layer.name or before.keys() != now.keys():
            return "it would change which weights a layer has"
        for role, use in now.items():
            change = wanted.get((id(old.call), role))
            if change is None and _says(use) != _says(before[role]):
                return "it would change other layers as well"
            if change is not None and not _satisfies(use, change):
                return "reglint could not follow it to the layer from there"
    return None


def _says(use: WeightUse) -> tuple[object, ...]:
    return use.state, use.penalty, use.certain, {(each.state, each.penalty) for each in use.by_callers}


def _satisfies(use: WeightUse, change: Change) -> bool:
    if use.by_callers:
        return all(_satisfies(each, change) for each in use.by_callers)
    if use.state in ("unknown", "passed"):
        return False
    return change.requirement.violation(use.penalty or Penalty()) is None
