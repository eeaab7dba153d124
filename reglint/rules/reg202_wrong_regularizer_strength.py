"""A penalty is stronger or weaker than the policy allows.

A strength that was mistyped, or left over from an experiment, is as quiet as a missing penalty: `l2(1)` holds a layer
near zero, `l2(1e-9)` does nothing.

Policy:

    [weights]
    kernel = { require = "l2", strength = 1e-4, min = 1e-6, max = 1e-2 }

Bad:

    from keras import layers, regularizers

    layers.Dense(64, kernel_regularizer=regularizers.l2(1))

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
    """Penalties of the right kind and a strength that the policy does not allow there."""
    for change in violations(module, policy, "strength"):
        weight = change.use.weight
        message = f"{as_it_is(change.site, change.use)}; the policy asks for {change.requirement}"
        yield Finding(RULE, message, change.site, weight, change)


RULE = Rule("REG202", "wrong-regularizer-strength", check, __doc__)
