"""What the policy asks of one weight of one layer: which penalties satisfy it, and which a fix writes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reglint.keras.penalty import Penalty

if TYPE_CHECKING:
    from collections.abc import Iterator

Require = Literal["l1", "l2", "l1_l2", "any", "none", "optional"]
Violation = Literal["missing", "kind", "strength", "forbidden"]

TOLERANCE = 1e-6
"""Strengths that differ by no more than this share of the larger one are the same strength."""


@dataclass(frozen=True, slots=True)
class Number:
    """A strength or a bound of the policy, and how it is written there: ``1e-4`` rather than ``0.0001``."""

    value: float
    text: str

    def __str__(self) -> str:
        return self.text


DEFAULT_STRENGTH = Number(1e-4, "1e-4")


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one weight must carry.

    ``l1`` and ``l2`` are the strengths that a fix writes for the two parts of the penalty; with ``exact`` no
    others are right. ``min`` and ``max`` bound the strength of each part that is there, ends included.
    ``where`` names the deciding key as a person would: ``[layers."Conv*"] kernel``.
    """

    require: Require
    where: str
    l1: Number = DEFAULT_STRENGTH
    l2: Number = DEFAULT_STRENGTH
    exact: bool = False
    min: Number | None = None
    max: Number | None = None

    def violation(self, found: Penalty) -> Violation | None:
        """How ``found`` breaks this requirement; None if it satisfies it.

        ``missing``: no penalty where one is required. ``forbidden``: one where none is allowed. ``kind``: one
        of another kind. ``strength``: of the right kind but not of the right strength. A strength that could
        not be read, or that of a regularizer which is neither L1 nor L2, is never wrong.
        """
        if found.kind == "none":
            return None if self.require in ("none", "optional") else "missing"
        if self.require == "none":
            return "forbidden"
        if self.require not in ("any", "optional", found.kind):
            return "kind"
        return None if all(self._allows(*part) for part in self._parts(found)) else "strength"

    def penalty(self, found: Penalty | None = None) -> Penalty:
        """The penalty that a fix writes in place of ``found``; ``l1.text``, ``l2.text`` spell its strengths.

        Where the kind is free ("any", "optional") a penalty keeps its kind; where there is none, "any" gets
        an L2 penalty and "optional" none.
        """
        kind: str = self.require
        if kind in ("any", "optional"):
            free = "l2" if kind == "any" else "none"
            kind = found.kind if found is not None and found.kind in ("l1", "l2", "l1_l2") else free
        return Penalty(
            l1=self.l1.value if kind in ("l1", "l1_l2") else 0.0,
            l2=self.l2.value if kind in ("l2", "l1_l2") else 0.0,
        )

    def __str__(self) -> str:
        """In words, to end a sentence with: ``l2(1e-4)``, ``l2 of at least 1e-6 and at most 1e-2``."""
        if self.exact:
            strengths = {"l1": str(self.l1), "l2": str(self.l2), "l1_l2": f"l1={self.l1}, l2={self.l2}"}
            return f"{self.require}({strengths[self.require]})"
        kind = {"any": "any penalty", "none": "no penalty", "optional": "no penalty or any"}
        bounds = [f"at least {self.min}"] if self.min else []
        bounds += [f"at most {self.max}"] if self.max else []
        return kind.get(self.require, self.require) + (f" of {' and '.join(bounds)}" if bounds else "")

    def _parts(self, found: Penalty) -> Iterator[tuple[float, Number]]:
        """The strengths that can be read and are not zero, each with the one that a fix would write."""
        for strength, target in ((found.l1, self.l1), (found.l2, self.l2)):
            if strength is not None and strength != 0:
                yield strength, target

    def _allows(self, strength: float, target: Number) -> bool:
        if self.exact:
            return math.isclose(strength, target.value, rel_tol=TOLERANCE)
        if self.require == "optional" and self.min is None and self.max is None:
            return True
        low = self.min.value if self.min else 0.0
        high = self.max.value if self.max else math.inf
        return low * (1 - TOLERANCE) <= strength <= high * (1 + TOLERANCE)
