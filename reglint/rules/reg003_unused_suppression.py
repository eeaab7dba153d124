"""A comment suppresses a finding that is not there.

What it was written for is mended or gone. Left behind, it would hide the next mistake on its line. `reglint fix` takes
out the comment, or the one code that is not needed.

Bad:

    from keras import layers, regularizers

    layers.Dense(64, kernel_regularizer=regularizers.l2(1e-4))  # reglint: ignore[REG101]

Good:

    from keras import layers, regularizers

    layers.Dense(64, kernel_regularizer=regularizers.l2(1e-4))
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.rules.rule import Finding, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.keras.module import KerasModule
    from reglint.policy.policy import Policy


def check(module: KerasModule, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001
    """Nothing: what is used is known after all rules have spoken, in ``reglint.suppress``."""
    return iter(())


RULE = Rule("REG003", "unused-suppression", check, __doc__)
