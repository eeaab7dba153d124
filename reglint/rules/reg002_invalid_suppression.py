"""A comment to reglint cannot be read, or names a code that no rule has.

It hides less than it was meant to, or nothing. The message says what to write instead.

Bad:

    from keras import layers

    layers.Dense(64)  # reglint: ignore[REG1O1]

Good:

    from keras import layers

    layers.Dense(64)  # reglint: ignore[REG101] pretrained, stays frozen
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.rules.rule import Finding, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.keras.module import KerasModule
    from reglint.policy.policy import Policy


def check(module: KerasModule, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001
    """Nothing: comments are read after all rules have spoken, in ``reglint.suppress``."""
    return iter(())


RULE = Rule("REG002", "invalid-suppression", check, __doc__)
