"""A weight other than a kernel or bias has no regularizer and the policy asks for one.

Recurrent, depthwise, pointwise and embedding matrices, and the scales and offsets of normalization layers, have
arguments of their own: `kernel_regularizer` does not reach them. Depthwise, pointwise and recurrent weights follow what
the policy says of kernels unless it says something else of them.

Bad:

    from keras import layers, regularizers

    layers.LSTM(32, kernel_regularizer=regularizers.l2(1e-4))

Good:

    from keras import layers, regularizers

    layers.LSTM(
        32,
        kernel_regularizer=regularizers.l2(1e-4),
        recurrent_regularizer=regularizers.l2(1e-4),
    )
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.keras.catalog import ROLES
from reglint.rules.missing import missing
from reglint.rules.rule import Finding, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.keras.module import KerasModule
    from reglint.policy.policy import Policy


def check(module: KerasModule, policy: Policy) -> Iterator[Finding]:
    """Other weights that need a penalty and have none."""
    return missing(module, policy, RULE, frozenset(ROLES) - {"kernel", "bias"})


RULE = Rule("REG103", "missing-weight-regularizer", check, __doc__)
