"""A weight has another penalty than the same weight of other layers of its class.

Fourteen convolutions with `l2(1e-4)` and one with `l2(1e-3)` are most often a slip: a layer that was added later, or a
number from an experiment. The policy says within what they are compared: `consistency = "model"`, `"file"` or
`"project"`. Where layers are meant to differ, an override of the policy says so: what one entry of the policy decides
about is compared only with itself.

Policy:

    consistency = "model"

Bad:

    from keras import Sequential, layers, regularizers

    model = Sequential(
        [
            layers.Conv2D(16, 3, kernel_regularizer=regularizers.l2(1e-4)),
            layers.Conv2D(32, 3, kernel_regularizer=regularizers.l2(1e-4)),
            layers.Conv2D(64, 3, kernel_regularizer=regularizers.l2(1e-3)),
        ]
    )

Good:

    from keras import Sequential, layers, regularizers

    model = Sequential(
        [
            layers.Conv2D(16, 3, kernel_regularizer=regularizers.l2(1e-4)),
            layers.Conv2D(32, 3, kernel_regularizer=regularizers.l2(1e-4)),
            layers.Conv2D(64, 3, kernel_regularizer=regularizers.l2(1e-4)),
        ]
    )
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.rules.rule import Finding, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.keras.module import KerasModule
    from reglint.policy.policy import Policy


def check(module: KerasModule, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001
    """Nothing: layers are compared after the rules about single weights have spoken, in ``reglint.rules.findings``."""
    return iter(())


RULE = Rule("REG204", "inconsistent-regularizer", check, __doc__)
