"""Where the constructed layers of a module break the policy: what the rules about weights have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.keras.traits import NO_PENALTY, Traits
from reglint.rules.rule import Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reglint.keras.module import KerasModule
    from reglint.keras.penalty import Penalty
    from reglint.keras.sites import Site
    from reglint.keras.weights import WeightUse
    from reglint.policy.policy import Policy
    from reglint.policy.requirement import Requirement, Violation


def violations(module: KerasModule, policy: Policy, *kinds: Violation) -> Iterator[Change]:
    """The weights whose penalty is known and breaks the policy in one of these ways."""
    for site, use, penalty, requirement in judged(module, policy):
        if requirement is not None and requirement.violation(penalty) in kinds:
            yield Change(site, use, requirement)


def as_it_is(site: Site, use: WeightUse) -> str:
    """What regularizes a weight, in words to begin a message with."""
    layer, argument = site.class_name, use.weight.argument
    where = for_whom(site, use)
    if use.state == "none":
        return f"`{layer}` sets `{argument}` to None{where}"
    if use.penalty is None:
        return f"`{layer}` has no `{argument}`{where}"
    if use.penalty.kind == "none":
        return f"`{layer}` has `{argument}` of strength 0{where}"
    return f"`{argument}` of `{layer}` is {use.penalty}{where}"


def for_whom(site: Site, use: WeightUse) -> str:
    """In words, where it is not for all callers that a weight has this."""
    known = next(each for each in site.weights if each.weight.role == use.weight.role)
    return " for some callers" if known.by_callers else ""


def undecided(module: KerasModule, policy: Policy) -> int:
    """How many weights have a known penalty of which it is not known what the policy asks there."""
    return sum(requirement is None for *_, requirement in judged(module, policy))


def judged(
    module: KerasModule, policy: Policy
) -> Iterator[tuple[Site, WeightUse, Penalty, Requirement | None]]:
    """The weights whose penalty is known, with what the policy asks of them; None where that is not known."""
    for site in module.sites:
        subjects = [Traits(module, site, made) for made in site.alternatives]
        for use in site.weights:
            penalty = subjects[0].penalty(use.weight.role)
            if use.by_callers and use.certain:
                requirement = _asked_of_all(subjects, use.weight.role, policy)
                its = _worst(use.by_callers, requirement)
                yield site, its, its.penalty or NO_PENALTY, requirement
            elif penalty is not None:
                yield site, use, penalty, _asked_of_all(subjects, use.weight.role, policy)


def _worst(uses: Sequence[WeightUse], requirement: Requirement | None) -> WeightUse:
    """The first one that breaks a requirement, if any does."""
    if requirement is None:
        return uses[0]
    return next((use for use in uses if requirement.violation(use.penalty or NO_PENALTY)), uses[0])


def _asked_of_all(subjects: Sequence[Traits], role: str, policy: Policy) -> Requirement | None:
    """What is asked of a weight, whichever of several layers it is that has it; None where that is not known."""
    first, *others = subjects
    requirement = policy.requirement(first, role)
    return requirement if all(policy.requirement(other, role) == requirement for other in others) else None
