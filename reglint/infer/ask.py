"""What can be asked of some weights, and what most of them have.

A penalty that is written was meant; one that is not may have been forgotten. So what most weights have is asked of all
of them, and that they have none only where none of them has one.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from reglint.policy.numbers import DEFAULT_STRENGTH, Number, as_people_write
from reglint.policy.requirement import ANY, OPTIONAL, Bounds, Part, Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reglint.keras.penalty import Kind, Penalty

MAJORITY = Fraction(1, 2)
"""Most of some weights are more of them than this share."""
ENOUGH = 2
"""Fewer weights than these say nothing about others."""
WEIGHT = 2
"""The unit of ``cost``: one weight that is not explained at all."""

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Ask:
    """What is asked of some weights: the kinds that are allowed, and the strengths of the L1 and the L2 part."""

    kinds: tuple[Kind, ...]
    l1: Number | None = None
    l2: Number | None = None

    @cached_property
    def requirement(self) -> Requirement:
        """The same, as a policy has it."""
        l1, l2 = (Part(number or DEFAULT_STRENGTH, Bounds(number, number)) for number in (self.l1, self.l2))
        return Requirement(self.kinds, "", self.kinds[0], l1, l2)

    @property
    def requires(self) -> bool:
        """Whether a weight without a penalty breaks it."""
        return "none" not in self.kinds

    def allows(self, penalty: Penalty) -> bool:
        """Whether a weight with this penalty satisfies it."""
        return self.requirement.violation(penalty) is None

    def cost(self, penalty: Penalty) -> int:
        """How badly it explains that a weight has this penalty, from 0 to ``WEIGHT``."""
        if not self.allows(penalty):
            return WEIGHT
        if penalty.kind == "none":
            return 0
        if self.kinds == OPTIONAL:
            return WEIGHT
        named = penalty.kind == "other" if self.kinds == ANY else self._strengths_of(penalty)
        return 0 if named and self.requires else WEIGHT // 2

    def _strengths_of(self, penalty: Penalty) -> bool:
        """Whether it says which strength a penalty has, as far as that can be read."""
        parts = ((penalty.l1, self.l1), (penalty.l2, self.l2))
        return all(asked is not None for strength, asked in parts if strength)

    @property
    def toml(self) -> str:
        """The entry of a policy file."""
        words = {OPTIONAL: "optional", ANY: "any"}
        kinds = words.get(self.kinds, self.kinds[0] if len(self.kinds) == 1 else [*self.kinds])
        require = json.dumps(kinds)
        strengths = [str(number) for number in (self.l1, self.l2) if number is not None]
        if not strengths:
            return require
        strength = strengths[0] if len(strengths) == 1 else f"[{', '.join(strengths)}]"
        return f"{{ require = {require}, strength = {strength} }}"


NOTHING = Ask(OPTIONAL)
NO_PENALTY = Ask(("none",))


def most(found: Sequence[Penalty]) -> Ask | None:
    """What most of some weights have in common; None where that is nothing, or they are too few to say."""
    having = [penalty for penalty in found if penalty.kind != "none"]
    if len(found) < ENOUGH:
        return None
    if not having:
        return NO_PENALTY
    if is_most(len(having), len(found)):
        kind = _common((penalty.kind for penalty in having), len(found))
        return _that_holds([*_of_kind((), kind, having), Ask(ANY)], having)
    return permitted(found) if 2 * len(having) <= len(found) else None


def conceivable(found: Sequence[Penalty]) -> Iterator[Ask]:
    """What could be asked so that several weights satisfy it: each kind, and each strength; what more have first."""
    counts = Counter(penalty for penalty in found if penalty.kind != "none")
    for penalty, count in sorted(counts.items(), key=lambda each: (-each[1], str(each[0]))):
        if count >= ENOUGH:
            yield from _of_kind((), penalty.kind, [penalty] * count)


def suggested(found: Sequence[Penalty]) -> Ask | None:
    """The penalty that more weights have than any other, if it is at least one in four; None where there is none."""
    counts = Counter(penalty for penalty in found if penalty.kind != "none").most_common(2)
    if not counts or len({count for _, count in counts}) < len(counts) or 4 * counts[0][1] < len(found):
        return None
    penalty, _ = counts[0]
    return next(iter(_of_kind((), penalty.kind, [penalty] * ENOUGH)), None)


def permitted(found: Sequence[Penalty]) -> Ask:
    """What some weights may have, where most of those that have a penalty agree, and need not have."""
    having = [penalty for penalty in found if penalty.kind != "none"]
    kind = _common((penalty.kind for penalty in having), len(having))
    return _that_holds(_of_kind(("none",), kind, having), having) or NOTHING


def _of_kind(others: tuple[Kind, ...], kind: Kind | None, having: Sequence[Penalty]) -> list[Ask]:
    """What asks for one kind: with its strength, where most of those that can be read have the same, and without."""
    if kind is None or kind == "other":
        return []
    alike = [penalty for penalty in having if penalty.kind == kind]
    readable = [(p.l1, p.l2) for p in alike if p.l1 is not None and p.l2 is not None]
    both = _common(readable, len(readable))
    if both is None or min(both) < 0:
        return [Ask((*others, kind))]
    l1, l2 = (as_people_write(strength) if strength else None for strength in both)
    return [Ask((*others, kind), l1, l2), Ask((*others, kind))]


def _that_holds(asks: Sequence[Ask], found: Sequence[Penalty]) -> Ask | None:
    """The first that most of the weights satisfy."""
    return next((ask for ask in asks if is_most(sum(map(ask.allows, found)), len(found))), None)


def _common(values: Iterable[_Value], of: int) -> _Value | None:
    """What most of so many weights have; of several that as many have there is none."""
    counts = Counter(values).most_common(1)
    return counts[0][0] if counts and is_most(counts[0][1], of) else None


def is_most(count: int, of: int) -> bool:
    """Whether so many of so many weights decide what is asked of all of them."""
    return of > 0 and count >= ENOUGH and Fraction(count, of) > MAJORITY
