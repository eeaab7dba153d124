"""The file is not Python that can be parsed, so nothing in it was checked.

Bad:

    model = keras.Sequential([layers.Dense(10)

Good:

    model = keras.Sequential([layers.Dense(10)])
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.rules.rule import Finding, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.keras.module import KerasModule
    from reglint.policy.policy import Policy


def check(module: KerasModule, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001
    """Nothing: a module that was parsed has no syntax error. Where parsing fails, the pipeline reports this rule."""
    return iter(())


RULE = Rule("REG001", "syntax-error", check, __doc__)
