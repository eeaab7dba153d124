"""What the rules about missing regularizers say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.rules.judge import as_it_is, violations
from reglint.rules.rule import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.keras.module import KerasModule
    from reglint.policy.policy import Policy
    from reglint.rules.rule import Rule


def missing(module: KerasModule, policy: Policy, rule: Rule, roles: frozenset[str]) -> Iterator[Finding]:
    """The weights of these roles that need a penalty and have none."""
    for change in violations(module, policy, "missing"):
        weight = change.use.weight
        if weight.role not in roles:
            continue
        message = f"{as_it_is(change.site, change.use)}; the policy asks for {change.requirement}"
        yield Finding(rule, message, change.site, weight, change)
