"""A weight has a penalty and the policy allows none there.

Norm scales, offsets and the kernel of an output layer are often left without a penalty on purpose: shrinking them
changes what the model can say, not how well it generalizes.

Policy:

    [weights]
    gamma = "forbidden"

Bad:

    from keras import layers, regularizers

    layers.BatchNormalization(gamma_regularizer=regularizers.l2(1e-4))

Good:

    from keras import layers

    layers.BatchNormalization()
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.rules.judge import for_whom, violations
from reglint.rules.rule import Finding, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.keras.module import KerasModule
    from reglint.policy.policy import Policy


def check(module: KerasModule, policy: Policy) -> Iterator[Finding]:
    """Penalties where the policy allows none."""
    for change in violations(module, policy, "forbidden"):
        weight = change.use.weight
        message = (
            f"`{change.site.class_name}` has `{weight.argument}` {change.use.penalty}"
            f"{for_whom(change.site, change.use)}; "
            f"the policy allows no penalty there"
        )
        yield Finding(RULE, message, change.site, weight, change)


RULE = Rule("REG203", "forbidden-regularizer", check, __doc__)
