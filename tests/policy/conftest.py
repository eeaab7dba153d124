"""What a policy asks of a layer that is described in words, without any code."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from reglint.keras.penalty import Penalty
    from reglint.policy import Policy, Requirement
    from reglint.policy.subject import Possible


@dataclass(frozen=True)
class Described:
    """A layer; what is not said of it is certain not to be there."""

    layer: str
    path: Path = Path("model.py")
    kernel: str | None = "kernel"
    penalties: dict[str, Penalty] = field(default_factory=dict)
    names: Possible = ()
    activations: Possible = ("linear",)
    classes: Possible = ()
    is_output: bool | None = False

    def penalty(self, role: str) -> Penalty | None:
        return self.penalties.get(role)


class Ask(Protocol):
    """Asks a policy about a weight of a layer."""

    def __call__(self, policy: Policy, layer: str, role: str, **traits: object) -> Requirement | None: ...


@pytest.fixture(scope="session")
def ask() -> Ask:
    return lambda policy, layer, role, **traits: policy.requirement(Described(layer, **traits), role)
