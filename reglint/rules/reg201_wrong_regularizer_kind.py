"""A weight has a penalty of another kind than the policy asks for.

L1 drives weights to exactly zero, L2 makes all of them smaller: one in place of the other is another model.

Bad:

    from keras import layers, regularizers

    layers.Dense(64, kernel_regularizer=regularizers.l1(1e-4))

Good:

    from keras import layers, regularizers

    layers.Dense(64, kernel_regularizer=regularizers.l2(1e-4))
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.rules.judge import as_it_is, violations
from reglint.rules.rule import Finding, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.keras.module import KerasModule
    from reglint.policy.policy import Policy


def check(module: KerasModule, policy: Policy) -> Iterator[Finding]:
    """Penalties of a kind that the policy does not allow there."""
    for change in violations(module, policy, "kind"):
        weight = change.use.weight
        message = f"{as_it_is(change.site, change.use)}; the policy asks for {change.requirement}"
        yield Finding(RULE, message, change.site, weight, change)


RULE = Rule("REG201", "wrong-regularizer-kind", check, __doc__)
