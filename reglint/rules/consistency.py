"""Whether layers of the same class carry the same penalty, as far as the policy leaves them a choice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from reglint.keras.traits import Traits
from reglint.places import Located
from reglint.policy.policy import like
from reglint.reading import shown_path
from reglint.rules.judge import as_it_is, judged
from reglint.rules.reg204_inconsistent_regularizer import RULE
from reglint.rules.rule import Change, Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping

    import libcst as cst

    from reglint.keras.models import Model
    from reglint.keras.module import KerasModule
    from reglint.keras.penalty import Penalty
    from reglint.keras.sites import Site
    from reglint.keras.weights import WeightUse
    from reglint.policy.policy import Policy
    from reglint.policy.requirement import Requirement
    from reglint.resolve.values import Place

Group: TypeAlias = "tuple[Hashable, ...]"
"""What weights have in common that are compared: class and role of the layer, the deciding entry of the policy."""
Spoken: TypeAlias = "Collection[tuple[cst.Call, str]]"
"""The weights about which another rule has a finding: the call and the role."""

NO_MAJORITY = "no majority says which penalty is right; give all of them the same one"
MOSTLY_NONE = "nothing says whether this penalty is one too many or the others lack theirs"
SEVERAL_MODELS = "the layer is part of several models, which need not agree; change it by hand"


class Carried(NamedTuple):
    """A penalty, how many weights of a group have it, and the first of them."""

    penalty: Penalty
    number: int
    first: Located


Tally: TypeAlias = "Mapping[Group, tuple[Carried, ...]]"
"""The penalties in each group: what is kept of a file, or of all of them."""


@dataclass(frozen=True, slots=True)
class _Weight:
    """A weight that can be compared."""

    site: Site
    use: WeightUse
    penalty: Penalty
    at: Located
    group: Group


@dataclass(frozen=True, slots=True)
class _Majority:
    """The penalty that most weights of a group have; of as many, the one that comes first."""

    carried: Carried
    total: int
    tied: bool

    @classmethod
    def of(cls, carried: Iterable[Carried]) -> _Majority:
        ordered = sorted(carried, key=lambda each: (-each.number, _order(each.first)))
        first, *others = ordered
        return cls(
            first, sum(each.number for each in ordered), any(each.number == first.number for each in others)
        )


def tally(module: KerasModule, policy: Policy, spoken: Spoken) -> Tally:
    """The penalties of a module, for a policy that compares the layers of the whole project."""
    return _tally(_weights(module, policy, spoken))


def merged(tallies: Iterable[Tally]) -> Tally:
    """The penalties of several modules together, whatever their order."""
    found: dict[Group, list[Carried]] = defaultdict(list)
    for each in tallies:
        for group, carried in each.items():
            found[group] += carried
    return {group: _distinct(carried) for group, carried in found.items()}


def inconsistent(module: KerasModule, policy: Policy, spoken: Spoken, project: Tally) -> Iterator[Finding]:
    """The weights that have another penalty than most of their kind within the scope that the policy names.

    ``project`` are the penalties of all files of the run.
    """
    weights = list(_weights(module, policy, spoken))
    if policy.consistency == "model":
        by_model: dict[Model, list[_Weight]] = defaultdict(list)
        models = {weight.site.call: module.models.of(weight.site) for weight in weights}
        for weight in weights:
            for model in models[weight.site.call]:
                by_model[model].append(weight)
        shared = {call for call, its in models.items() if len(its) > 1}
        spoken_here: set[tuple[cst.Call, str]] = set()
        for its in by_model.values():
            for finding in _odd_ones(its, _tally(its), "model", module, shared):
                if (finding.site.call, finding.weight.role) not in spoken_here:
                    spoken_here.add((finding.site.call, finding.weight.role))
                    yield finding
    elif policy.consistency == "file":
        yield from _odd_ones(weights, _tally(weights), "file", module)
    elif policy.consistency == "project":
        yield from _odd_ones(weights, project, "project", module)


# Comparing


def _odd_ones(
    weights: list[_Weight],
    carried: Tally,
    scope: str,
    module: KerasModule,
    shared: Collection[cst.Call] = (),
) -> Iterator[Finding]:
    """Those of the weights that differ from the majority; ``shared`` are layers of several models."""
    for weight in weights:
        majority = _Majority.of(carried[weight.group])
        if _same(majority.carried.penalty, weight.penalty):
            continue
        example = _example(weight, weights, majority, module)
        if example is None:
            continue
        requirement = replace(
            like(majority.carried.penalty, "the majority"),
            not_written=NO_MAJORITY
            if 2 * majority.carried.number <= majority.total
            else MOSTLY_NONE
            if majority.carried.penalty.kind == "none"
            else SEVERAL_MODELS
            if weight.site.call in shared
            else None,
        )
        message = f"{as_it_is(weight.site, weight.use)}; {_others(weight, majority, scope)}"
        change = Change(weight.site, weight.use, requirement)
        yield Finding(RULE, message, weight.site, weight.use.weight, change, (example,))


def _example(
    weight: _Weight, weights: list[_Weight], majority: _Majority, module: KerasModule
) -> Located | None:
    """The first weight of the majority that can be there together with this one."""
    for other in weights:
        if (
            other.group == weight.group
            and _same(majority.carried.penalty, other.penalty)
            and not _exclusive(weight.site.place, other.site.place)
        ):
            return other.at
    first = majority.carried.first
    return first if first.path != shown_path(module.document.path) else None


def _exclusive(one: Place, other: Place) -> bool:
    """Whether two places of a function stand in different arms of one ``if``, so that never both are run."""
    if one.scope is not other.scope:
        return False
    arms = dict(one.path)
    if any(arms.get(branch, arm) != arm for branch, arm in other.path):
        return True
    first, second = sorted((one, other), key=lambda place: place.order)
    index = one.scope.index
    for branch, arm in first.path:
        if index.branches[branch].loop:
            return False
        if (branch, arm) in index.ended_arms and (branch, arm) not in second.path:
            return True
    return False


def _others(weight: _Weight, majority: _Majority, scope: str) -> str:
    """What the others have: ``14 of 15 `Conv2D` kernels in this model have l2(0.0001)``."""
    kind = f"`{weight.site.class_name}` {_plural(weight.use.weight.role)} in this {scope}"
    penalty, number = majority.carried.penalty, majority.carried.number
    if majority.tied:
        return f"the {majority.total} {kind} have no majority, and the first has {penalty}"
    return f"{number} of {majority.total} {kind} have {penalty}"


def _plural(role: str) -> str:
    match role:
        case "bias":
            return "biases"
        case "embeddings":
            return "embeddings"
        case "depthwise" | "pointwise" | "recurrent":
            return f"{role} kernels"
        case _:
            return f"{role}s"


# Counting


def _weights(module: KerasModule, policy: Policy, spoken: Spoken) -> Iterator[_Weight]:
    """The weights that can be compared: their penalty is known, and so is what the policy asks of them.

    Left out are those that break the policy, and those whose penalty follows from their kernel: other rules speak of
    these. The output of a layer is no weight.
    """
    for site, use, penalty, requirement in judged(module, policy):
        if use.weight.role == "activity" or requirement is None or requirement.as_on:
            continue
        if not any(use is each for each in site.weights):
            continue  # callers differ
        layer = _class(module, site)
        if layer is None or not _is_comparable(penalty) or (site.call, use.weight.role) in spoken:
            continue
        place = module.document.place(module.span(site.call))
        path = shown_path(module.document.path)
        at = Located(path, place.cell, place.line, place.column, f"`{site.class_name}` has {penalty}")
        group = (policy.source, layer, use.weight.role, *_entry(requirement))
        yield _Weight(site, use, penalty, at, group)


def _class(module: KerasModule, site: Site) -> str | None:
    """The class of a layer: the project's own, where it is of one; None where it is one of several."""
    names = {(Traits(module, site, made).classes or (made.layer.name,))[0] for made in site.alternatives}
    return names.pop() if len(names) == 1 else None


def _is_comparable(penalty: Penalty) -> bool:
    """Whether it is known what a penalty adds to the loss; of a regularizer of the project's own it is not."""
    return penalty.kind != "other" and all(
        strength is not None and strength >= 0 for strength in (penalty.l1, penalty.l2)
    )


def _entry(requirement: Requirement) -> Group:
    """The entry of the policy that decides about a weight: an override makes a group of its own."""
    origin = requirement.origin
    return () if origin is None else (str(origin.source.path), origin.key)


def _tally(weights: Iterable[_Weight]) -> Tally:
    found: dict[Group, list[Carried]] = defaultdict(list)
    for weight in weights:
        found[weight.group].append(Carried(weight.penalty, 1, weight.at))
    return {group: _distinct(carried) for group, carried in found.items()}


def _distinct(carried: Iterable[Carried]) -> tuple[Carried, ...]:
    """The same with each penalty once."""
    found: list[Carried] = []
    for each in sorted(
        carried, key=lambda each: (each.penalty.l1 or 0, each.penalty.l2 or 0, _order(each.first))
    ):
        if found and _same(found[-1].penalty, each.penalty):
            last = found.pop()
            first = min(last.first, each.first, key=_order)
            found.append(Carried(last.penalty, last.number + each.number, first))
        else:
            found.append(each)
    return tuple(found)


def _same(one: Penalty, other: Penalty) -> bool:
    return like(one, "").violation(other) is None


def _order(at: Located) -> tuple[str, int, int, int]:
    return at.path, at.cell or 0, at.line, at.column
