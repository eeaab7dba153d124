"""Where the constructed layers of a module break the policy: what the rules about weights have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.keras.penalty import Penalty
from reglint.rules.rule import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.keras.module import KerasModule
    from reglint.policy.policy import Policy
    from reglint.policy.requirement import Violation

NO_PENALTY = Penalty()


def violations(module: KerasModule, policy: Policy, *kinds: Violation) -> Iterator[Change]:
    """The weights whose penalty is known and breaks the policy in one of these ways."""
    for site in module.sites:
        for use in site.weights:
            if use.state in ("unknown", "passed") or not use.certain:
                continue
            requirement = policy.requirement(site.layer.name, use.weight.role)
            if any(policy.requirement(other.name, use.weight.role) != requirement for other in site.others):
                continue
            if requirement.violation(use.penalty or NO_PENALTY) in kinds:
                yield Change(site, use, requirement)
