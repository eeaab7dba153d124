"""What an entry about one weight asks for: the numbers that it gives, and those that follow from them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec import UNSET

from reglint.policy import form
from reglint.policy.requirement import DEFAULT_STRENGTH, TOLERANCE, Number, Requirement

if TYPE_CHECKING:
    from msgspec import UnsetType

    from reglint.policy.errors import KeyPath
    from reglint.policy.source import Source


def requirement(source: Source, asked: form.Require | form.Weight, key: KeyPath) -> Requirement:
    """What the entry at ``key`` asks for; numbers that make no sense there are reported to ``source``."""
    weight = asked if isinstance(asked, form.Weight) else form.Weight(asked)
    where = source.place(key)
    if weight.require == "none" or weight.require == "forbidden":
        for name in ("strength", "min", "max"):
            if getattr(weight, name) is not UNSET:
                message = f'{where}.{name}: "{weight.require}" allows no penalty, so it has no {name}'
                source.report((*key, name), message)
        return Requirement("none", where)
    strengths = _strengths(source, weight, (*key, "strength"))
    low, high = _bound(source, weight.min, (*key, "min")), _bound(source, weight.max, (*key, "max"))
    _check_order(source, key, strengths, low, high)
    bounded = weight.min is not UNSET or weight.max is not UNSET
    if weight.require == "optional" and strengths and not bounded:
        hint = "it is what a fix writes in place of one that they exclude"
        source.report(
            (*key, "strength"), f'{where}.strength: "optional" has a strength only with min or max', hint
        )
    exact = bool(strengths) and not bounded and weight.require in ("l1", "l2", "l1_l2")
    written = strengths or [_default(low, high)]
    return Requirement(weight.require, where, written[0], written[-1], exact, low, high)


def _strengths(source: Source, weight: form.Weight, key: KeyPath) -> list[Number]:
    """The strength, or the two of "l1_l2"; empty if it is not given or makes no sense."""
    if isinstance(weight.strength, tuple):
        if weight.require == "l1_l2":
            both = [_number(source, key, strength, index) for index, strength in enumerate(weight.strength)]
            found = [number for number in both if number is not None]
            return found if len(found) == 2 else []
        source.report(key, f'{source.place(key)}: only "l1_l2" has two strengths', "write one number")
    elif weight.strength is not UNSET:
        if weight.require != "l1_l2":
            number = _number(source, key, weight.strength)
            return [] if number is None else [number]
        written = source.written(key)
        hint = f"write [{written}, {written}] if they are the same"
        source.report(key, f'{source.place(key)}: "l1_l2" has two strengths, [l1, l2]', hint)
    return []


def _bound(source: Source, value: float | UnsetType, key: KeyPath) -> Number | None:
    return None if value is UNSET else _number(source, key, value)


def _number(source: Source, key: KeyPath, value: float, *index: int) -> Number | None:
    """A strength or bound as the file has it, if it is finite and more than 0 (``min`` may be 0)."""
    written = source.written((*key, *index))
    may_be_zero = key[-1] == "min"
    if math.isfinite(value) and (value > 0 or (value == 0 and may_be_zero)):
        return Number(value, written)
    expected = "0 or more" if may_be_zero else "a number more than 0"
    source.report(key, f"{source.place(key)}: expected {expected}, got {written}")
    return None


def _check_order(
    source: Source, key: KeyPath, strengths: list[Number], low: Number | None, high: Number | None
) -> None:
    if low and high and low.value > high.value:
        place = (*key, "min")
        source.report(place, f"{source.place(place)}: {low} is more than max, {high}")
        return
    place = (*key, "strength")
    for strength in strengths:
        if low and strength.value < low.value * (1 - TOLERANCE):
            source.report(place, f"{source.place(place)}: {strength} is less than min, {low}")
        if high and strength.value > high.value * (1 + TOLERANCE):
            source.report(place, f"{source.place(place)}: {strength} is more than max, {high}")


def _default(low: Number | None, high: Number | None) -> Number:
    """What a fix writes where the policy gives no strength: the default, or the bound that excludes it."""
    if low and low.value > DEFAULT_STRENGTH.value:
        return low
    return high if high and high.value < DEFAULT_STRENGTH.value else DEFAULT_STRENGTH
