"""What the policy asks of one weight of one layer: which penalties satisfy it, and which a fix writes."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from reglint.keras.penalty import Penalty

if TYPE_CHECKING:
    from reglint.keras.penalty import Kind
    from reglint.policy.numbers import Number
    from reglint.policy.source import Origin

Violation = Literal["missing", "kind", "strength", "forbidden"]

TOLERANCE = 1e-6
"""Strengths that differ by no more than this share of the larger one are the same strength."""

ANY: tuple[Kind, ...] = ("l1", "l2", "l1_l2", "other")
OPTIONAL: tuple[Kind, ...] = ("none", *ANY)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which strengths one part of a penalty must be, ends included; None where there is no end."""

    min: Number | None = None
    max: Number | None = None

    @property
    def exact(self) -> Number | None:
        """The only strength that is allowed, where there is one."""
        return self.min if self.min == self.max else None

    def allow(self, strength: float, tolerance: float = TOLERANCE) -> bool:
        """Whether a strength is within them, up to a share of the end."""
        low = self.min.value if self.min else 0.0
        high = self.max.value if self.max else math.inf
        return low * (1 - tolerance) <= strength <= high * (1 + tolerance)

    def __str__(self) -> str:
        """``at least 1e-6 and at most 1e-2``; empty where there are no ends."""
        ends = [f"at least {self.min}"] if self.min else []
        ends += [f"at most {self.max}"] if self.max else []
        return " and ".join(ends)


NO_BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Part:
    """What the strength of one part of a penalty, L1 or L2, may be, and the one that a fix writes."""

    written: Number
    bounds: Bounds = NO_BOUNDS


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one weight must carry: a penalty of one of ``kinds``, each part of it as ``l1`` and ``l2`` say.

    A fix keeps a kind that is allowed and writes ``fix`` in place of one that is not. ``where`` names the
    deciding key as a person would: ``[layers."Conv*"] kernel``.
    """

    kinds: tuple[Kind, ...]
    where: str = field(compare=False)
    fix: Kind
    l1: Part
    l2: Part
    as_on: str = ""
    """The weight whose penalty this is, where the policy asks for the same as there: ``kernel``."""
    not_written: str | None = None
    """Why no fix can be written, if so."""
    origin: Origin | None = field(default=None, compare=False)
    """Where the entry stands, for one that stands in a file."""

    def violation(
        self, found: Penalty, tolerances: tuple[float, float] = (TOLERANCE, TOLERANCE)
    ) -> Violation | None:
        """How ``found`` breaks this requirement; None if it satisfies it.

        ``missing``: no penalty where one is required. ``forbidden``: one where none is allowed. ``kind``: one
        of another kind. ``strength``: of the right kind but not of the right strength. A strength that could
        not be read, or that of a regularizer which is neither L1 nor L2, is never wrong. ``tolerances``
        are the shares of L1 and L2 to which the strengths are good, for those that were measured.
        """
        if found.kind not in self.kinds:
            if found.kind == "none":
                return "missing"
            return "forbidden" if self.kinds == ("none",) else "kind"
        if self.kinds == OPTIONAL and self.l1.bounds == self.l2.bounds == NO_BOUNDS:
            return None
        allowed = all(
            strength is None or strength == 0 or part.bounds.allow(strength, tolerance)
            for strength, part, tolerance in zip(
                (found.l1, found.l2), (self.l1, self.l2), tolerances, strict=True
            )
        )
        return None if allowed else "strength"

    def penalty(self, found: Penalty | None = None) -> Penalty:
        """The penalty that a fix writes in place of ``found``; ``l1.written``, ``l2.written`` spell it."""
        kind = (found or Penalty()).kind
        if kind not in self.kinds or kind == "other":
            kind = self.fix
        return Penalty(
            l1=self.l1.written.value if kind in ("l1", "l1_l2") else 0.0,
            l2=self.l2.written.value if kind in ("l2", "l1_l2") else 0.0,
        )

    def __str__(self) -> str:
        """In words, to end a sentence with: ``l2(1e-4)``, ``l2 of at least 1e-6 and at most 1e-2``."""
        suffix = f" as on its {self.as_on}" if self.as_on else ""
        if self.kinds == OPTIONAL:
            return "no penalty or any" + _of(self._bounds("l1_l2")) + suffix
        if self.kinds == ANY:
            return "any penalty" + _of(self._bounds("l1_l2")) + suffix
        penalties = [kind for kind in self.kinds if kind != "none"]
        bounds = {self._bounds(kind) for kind in penalties}
        if len(bounds) == 1:
            words = [*penalties[:-1], penalties[-1] + _of(bounds.pop())]
        else:
            words = [self._exactly(kind) or kind + _of(self._bounds(kind)) for kind in penalties]
        if all(map(self._exactly, penalties)):
            words = [self._exactly(kind) for kind in penalties]
        return " or ".join(["no penalty"] * ("none" in self.kinds) + words) + suffix

    def _exactly(self, kind: Kind) -> str:
        """``l2(1e-4)`` where no other strength is allowed, else an empty string."""
        l1, l2 = self.l1.bounds.exact, self.l2.bounds.exact
        if kind == "l1_l2":
            return f"l1_l2(l1={l1}, l2={l2})" if l1 and l2 else ""
        only = l1 if kind == "l1" else l2
        return f"{kind}({only})" if only else ""

    def _bounds(self, kind: Kind) -> str:
        l1, l2 = self.l1.bounds, self.l2.bounds
        if kind in ("l1", "l2") or l1 == l2:
            return str(l1 if kind == "l1" else l2)
        return ", ".join(f"{name} {bounds}" for name, bounds in (("l1", l1), ("l2", l2)) if str(bounds))


def _of(bounds: str) -> str:
    return f" of {bounds}" if bounds else ""


@dataclass(frozen=True, slots=True)
class SameAsKernel:
    """The penalty that the kernel of the same layer has, or has once its own requirement is met."""

    where: str = field(compare=False)
    origin: Origin | None = field(default=None, compare=False)


Asked: TypeAlias = Requirement | SameAsKernel
"""An entry of the policy about one weight."""
