"""The numbers of a policy: their values, their units, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Number:
    """A strength or a bound, and how it is written: ``1e-4`` rather than ``0.0001``."""

    value: float
    text: str
    computed: bool = field(default=False, compare=False)
    """Whether nobody wrote it in a policy: it is that of other code."""

    def __str__(self) -> str:
        return self.text

    def halved(self) -> Number:
        """The ``c`` of Keras's ``l2(c)``, which is ``c * sum(w ** 2)``, for a decay ``d``, ``d / 2 * sum(w ** 2)``.

        It is written as the decay is: ``1e-4`` gives ``5e-5``, ``0.01`` gives ``0.005``.
        """
        return _number(Decimal(self.text) / 2, next((mark for mark in "eE" if mark in self.text), "f"))


def as_people_write(value: float) -> Number:
    """A strength that was computed, as code has it: ``5e-4`` below a thousandth, ``0.01`` above."""
    number = _number(Decimal(repr(value)), "e" if 0 < abs(value) < 1e-3 else "f")
    return replace(number, computed=True)


def _number(value: Decimal, form: str) -> Number:
    text = f"{value.normalize():{form}}"
    return Number(float(text), text)


DEFAULT_STRENGTH = Number(1e-4, "1e-4")
"""What a fix writes where the policy gives no number."""
