"""A bias has no regularizer and the policy asks for one.

Most policies leave biases alone. Where one asks for them, a layer that was forgotten trains its bias without a penalty.

Policy:

    [weights]
    bias = { require = "l2", strength = 1e-4 }

Bad:

    from keras import layers

    layers.Dense(64)

Good:

    from keras import layers, regularizers

    layers.Dense(64, bias_regularizer=regularizers.l2(1e-4))
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.rules.missing import missing
from reglint.rules.rule import Finding, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.keras.module import KerasModule
    from reglint.policy.policy import Policy


def check(module: KerasModule, policy: Policy) -> Iterator[Finding]:
    """Biases that need a penalty and have none."""
    return missing(module, policy, RULE, frozenset({"bias"}))


RULE = Rule("REG102", "missing-bias-regularizer", check, __doc__)
