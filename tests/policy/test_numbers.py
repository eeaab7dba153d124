from __future__ import annotations

import pytest

from reglint.policy.numbers import Number, as_people_write


@pytest.mark.parametrize(
    ("decay", "strength"),
    [
        ("1e-4", "5e-5"),
        ("5e-4", "2.5e-4"),
        ("4E-5", "2E-5"),
        ("1.5e-3", "7.5e-4"),
        ("0.01", "0.005"),
        ("0.0001", "0.00005"),
        ("0.02", "0.01"),
        ("1", "0.5"),
        ("2.0", "1"),
        ("1_0.5", "5.25"),
    ],
)
def test_half_of_a_decay_is_written_as_the_decay_is(decay: str, strength: str) -> None:
    number = Number(float(decay), decay).halved()
    assert (number.text, number.value) == (strength, float(strength))
    assert number.value == pytest.approx(float(decay) / 2, rel=1e-15)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5e-05, "5e-5"),
        (0.0005, "5e-4"),
        (0.00025, "2.5e-4"),
        (0.001, "0.001"),
        (0.01, "0.01"),
        (0.5, "0.5"),
        (1.0, "1"),
    ],
)
def test_a_strength_as_people_write_it(value: float, text: str) -> None:
    assert as_people_write(value) == Number(value, text)
