"""A kernel has no regularizer and the policy asks for one.

The layer trains without its weight penalty, and nothing says so: the model builds, the loss falls, and the weights of
this one layer grow as they like.

Bad:

    from keras import layers

    layers.Dense(64, activation="relu")

Good:

    from keras import layers, regularizers

    layers.Dense(64, activation="relu", kernel_regularizer=regularizers.l2(1e-4))
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
    """Kernels that need a penalty and have none."""
    return missing(module, policy, RULE, frozenset({"kernel"}))


RULE = Rule("REG101", "missing-kernel-regularizer", check, __doc__)
