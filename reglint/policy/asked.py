"""What an entry about one weight asks for: the numbers that it gives, and those that follow from them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from msgspec import UNSET

from reglint.keras.penalty import Penalty
from reglint.policy import form
from reglint.policy.numbers import DEFAULT_STRENGTH, Number
from reglint.policy.requirement import ANY, OPTIONAL, TOLERANCE, Bounds, Part, Requirement, SameAsKernel
from reglint.policy.source import Origin

if TYPE_CHECKING:
    from msgspec import UnsetType

    from reglint.keras.penalty import Kind
    from reglint.policy.errors import KeyPath
    from reglint.policy.requirement import Asked
    from reglint.policy.source import Source

_WITHOUT_NUMBERS = {
    "none": "allows no penalty",
    "forbidden": "allows no penalty",
    "same-as-kernel": "takes its penalty from the kernel",
}


def asked(source: Source, entry: form.Entry, key: KeyPath, unit: form.Unit) -> Asked:
    """What the entry at ``key`` asks for; numbers that make no sense there are reported to ``source``.

    ``unit`` is that of the file's numbers, where the entry does not say.
    """
    weight = entry if isinstance(entry, form.Weight) else form.Weight(entry)
    where = source.place(key)
    if isinstance(weight.require, str) and weight.require in _WITHOUT_NUMBERS:
        for name in ("strength", "min", "max", "unit", "fix"):
            if getattr(weight, name) is not UNSET:
                reason = f'"{weight.require}" {_WITHOUT_NUMBERS[weight.require]}, so it has no {name}'
                source.report((*key, name), f"{where}.{name}: {reason}")
        if weight.require == "same-as-kernel":
            if key[-1] == "kernel":
                source.report(key, f'{where}: "same-as-kernel" is for the other weights of a layer')
            return SameAsKernel(where, Origin(source, key))
        number = Part(DEFAULT_STRENGTH)
        return Requirement(("none",), where, "none", number, number, origin=Origin(source, key))
    kinds = _kinds(weight)
    if weight.unit == "weight-decay" and not {"l2", "l1_l2"}.intersection(kinds):
        source.report(
            (*key, "unit"), f"{where}.unit: weight decay is an L2 penalty, and none is asked for here"
        )
    return _Reader(source, weight, key, kinds, unit if weight.unit is UNSET else weight.unit).requirement()


def _kinds(weight: form.Weight) -> tuple[Kind, ...]:
    match weight.require:
        case "any":
            return ANY
        case "optional":
            return OPTIONAL
        case "l1" | "l2" | "l1_l2" as kind:
            return (kind,)
        case list(kinds):
            return tuple(dict.fromkeys(kinds))
    raise AssertionError(weight.require)


class _Reader:
    """Reads an entry that allows a penalty."""

    def __init__(
        self, source: Source, weight: form.Weight, key: KeyPath, kinds: tuple[Kind, ...], unit: form.Unit
    ) -> None:
        self.source, self.weight, self.key, self.kinds, self.unit = source, weight, key, kinds, unit

    def requirement(self) -> Requirement:
        weight, kinds = self.weight, self.kinds
        low, high = self.number(weight.min, "min"), self.number(weight.max, "max")
        bounded = weight.min is not UNSET or weight.max is not UNSET
        named = "other" not in kinds
        strengths = self.strengths(bounded, named)
        self.check_order(strengths, low, high)
        l1, l2 = (
            self.part(name, strengths[index] if strengths else None, low, high, bounded or not named)
            for index, name in enumerate(("l1", "l2"))
        )
        fix: Kind = "l2" if kinds == ANY else kinds[0]
        origin = Origin(self.source, self.key)
        found = Requirement(kinds, self.source.place(self.key), fix, l1, l2, origin=origin)
        return found if weight.fix is UNSET else self.with_fix(found, weight.fix, bounded)

    def part(
        self, name: str, strength: Number | None, low: Number | None, high: Number | None, bounded: bool
    ) -> Part:
        """The L1 or L2 part, its numbers in the unit of Keras."""
        exactly = self.in_unit(strength, name)
        ends = Bounds(self.in_unit(low, name), self.in_unit(high, name))
        return Part(exactly or _default(ends), ends if bounded else Bounds(exactly, exactly))

    def strengths(self, bounded: bool, named: bool) -> list[Number]:
        """That of the L1 and that of the L2 part; empty if they are not given or make no sense."""
        given = self.weight.strength
        if given is UNSET:
            return []
        if not {"l1", "l2", "l1_l2"}.intersection(self.kinds):
            self.report("strength", '"none" allows no penalty, so it has no strength')
            return []
        if isinstance(given, tuple):
            if "l1_l2" not in self.kinds or not named:
                self.report("strength", 'only "l1_l2" has two strengths', "write one number")
                return []
            both = [self.number(strength, "strength", index) for index, strength in enumerate(given)]
            found = [number for number in both if number is not None]
            return found if len(found) == 2 else []
        if "l1_l2" in self.kinds and named:
            written = self.source.written((*self.key, "strength"))
            hint = f"write [{written}, {written}] if they are the same"
            self.report("strength", '"l1_l2" has two strengths, [l1, l2]', hint)
            return []
        if self.kinds == OPTIONAL and not bounded:
            hint = "it is what a fix writes in place of one that they exclude"
            self.report("strength", '"optional" has a strength only with min or max', hint)
        number = self.number(given, "strength")
        return [] if number is None else [number, number]

    def with_fix(self, found: Requirement, fix: form.Written, bounded: bool) -> Requirement:
        """The same, with what a fix writes as the entry says."""
        if self.kinds == OPTIONAL and not bounded:
            self.report("fix", '"optional" has a fix only with min or max')
        if self.weight.strength is not UNSET and (bounded or "other" in self.kinds):
            self.report("strength", "it is what a fix writes here, and so is fix", "leave one of them out")
        l1 = self.in_unit(self.number(fix.l1, "fix", "l1"), "l1")
        l2 = self.in_unit(self.number(fix.l2, "fix", "l2"), "l2")
        if l1 is None and l2 is None:
            if not self.source.value((*self.key, "fix")):
                self.report("fix", "expected l1, l2 or both", "write { l2 = 1e-4 }")
            return found
        written = Penalty(l1.value if l1 else 0.0, l2.value if l2 else 0.0)
        if found.violation(written) is not None:
            self.report("fix", f"{written} is not {found}")
        return replace(
            found,
            fix=written.kind,
            l1=replace(found.l1, written=l1 or found.l1.written),
            l2=replace(found.l2, written=l2 or found.l2.written),
        )

    def check_order(self, strengths: list[Number], low: Number | None, high: Number | None) -> None:
        if low and high and low.value > high.value:
            self.report("min", f"{low} is more than max, {high}")
            return
        for strength in dict.fromkeys(strengths):
            if low and strength.value < low.value * (1 - TOLERANCE):
                self.report("strength", f"{strength} is less than min, {low}")
            if high and strength.value > high.value * (1 + TOLERANCE):
                self.report("strength", f"{strength} is more than max, {high}")

    def number(self, value: float | UnsetType, *names: str | int) -> Number | None:
        """A number as the file has it, if it is there, finite and more than 0 (``min`` may be 0)."""
        if value is UNSET:
            return None
        written = self.source.written((*self.key, *names))
        may_be_zero = names == ("min",)
        if math.isfinite(value) and (value > 0 or (value == 0 and may_be_zero)):
            return Number(value, written)
        expected = "0 or more" if may_be_zero else "a number more than 0"
        key = (*self.key, *(name for name in names if isinstance(name, str)))
        self.source.report(key, f"{self.source.place(key)}: expected {expected}, got {written}")
        return None

    def in_unit(self, number: Number | None, name: str) -> Number | None:
        """A number about the L1 or the L2 part in the unit of Keras; only L2 penalties have another one."""
        halved = number is not None and self.unit == "weight-decay" and name == "l2"
        return number.halved() if number is not None and halved else number

    def report(self, name: str, message: str, hint: str | None = None) -> None:
        key = (*self.key, name)
        self.source.report(key, f"{self.source.place(key)}: {message}", hint)


def _default(ends: Bounds) -> Number:
    """What a fix writes where the policy gives no strength: the default, or the end that excludes it."""
    if ends.min and ends.min.value > DEFAULT_STRENGTH.value:
        return ends.min
    return ends.max if ends.max and ends.max.value < DEFAULT_STRENGTH.value else DEFAULT_STRENGTH
