"""What a module says about each weight, as far as a policy can be made from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reglint.keras.penalty import Penalty
from reglint.keras.traits import Traits
from reglint.policy.layers import known
from reglint.rules.rule import all_rules
from reglint.suppress.screen import may_hide
from reglint.suppress.suppress import suppress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reglint.keras.module import KerasModule
    from reglint.policy.subject import Possible

State = Literal["known", "passed", "unread", "suppressed"]

_ABOUT_WEIGHTS = ("REG1", "REG2")
"""The rules that judge by the policy."""
_DIGITS = 7
"""Strengths with the same first digits are the same to a policy (``reglint.policy.requirement.TOLERANCE``)."""


@dataclass(frozen=True, slots=True)
class Observed:
    """One weight of one constructed layer, free of the syntax tree. A policy can be asked about it (``Subject``)."""

    path: Path
    role: str
    layer: str
    """The layer class; of several that the call can construct the first."""
    only: bool
    """Whether it is the only class that the call can construct."""
    state: State
    found: Penalty
    """What it has; no penalty where that is not known."""
    is_output: bool | None

    kernel: str | None = None
    names: Possible = None
    activations: Possible = None
    classes: Possible = None

    def penalty(self, role: str) -> Penalty | None:
        """What the weight has."""
        return self.found if self.state == "known" and role == self.role else None

    @property
    def nameable(self) -> bool:
        """Whether a table for the layer's class can say something about the weight."""
        layers = known()
        return self.only and self.layer in layers.by_name and self.role in layers.settable([self.layer])


def observe(module: KerasModule) -> Iterator[Observed]:
    """The weights of the layers that a module constructs."""
    for site, suppressed in zip(module.sites, _suppressed(module), strict=True):
        first, *others = (Traits(module, site, made) for made in site.alternatives)
        only = all(other.layer == first.layer for other in others)
        is_output = first.is_output
        for use in site.weights:
            role = use.weight.role
            penalty = first.penalty(role)
            state: State = "known" if penalty is not None else "passed" if use.state == "passed" else "unread"
            state = "suppressed" if suppressed else state
            found = _rounded(penalty or Penalty())
            yield Observed(module.document.path, role, first.layer, only, state, found, is_output)


def _suppressed(module: KerasModule) -> list[bool]:
    """For each layer whether a comment says that a finding about it is meant to stay."""
    if not may_hide(module.document.code):
        return [False] * len(module.sites)
    codes = [rule.code for rule in all_rules() if rule.code.startswith(_ABOUT_WEIGHTS)]
    spans = [module.span(site.call) for site in module.sites]
    shown = suppress(module.document, [(code, span) for span in spans for code in codes], codes).shown
    return [not all(shown[start : start + len(codes)]) for start in range(0, len(shown), len(codes))]


def _rounded(penalty: Penalty) -> Penalty:
    l1, l2 = (
        None if strength is None else float(f"{strength:.{_DIGITS}g}")
        for strength in (penalty.l1, penalty.l2)
    )
    return Penalty(l1, l2, penalty.other)
