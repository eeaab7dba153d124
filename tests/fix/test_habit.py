"""What a module is used to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reglint.fix.habit import habit_of, is_for

if TYPE_CHECKING:
    from tests.conftest import Reader

HEAD = "from keras import layers, regularizers\nfrom keras.regularizers import l2\n"

HABITS: dict[str, tuple[str, str, object]] = {
    "functions": ("regularizers.l2(1)\nregularizers.L1(1)\nl2(2)", "classes", False),
    "classes": ("regularizers.L2(1)", "classes", True),
    "prefixes": ("a.l1(1)\nregularizers.l2(1)\na.l2(1)\nl2(1)", "prefixes", ("a", "regularizers")),
    "a keyword": ("l2(l2=1)", "keywords", {"l2": "l2"}),
    "a keyword that is not always there": ("l2(l2=1)\nl2(1)", "keywords", {}),
    "a constant in use": ("FACTOR = 1\nl2(FACTOR)", "factors", ("FACTOR",)),
    "an attribute in use": ("l2(config.factor)", "factors", ("config.factor",)),
    "a constant by its name": (
        "WEIGHT_DECAY = 1\nL2_FACTOR = 2\nRATE = 3",
        "factors",
        ("WEIGHT_DECAY", "L2_FACTOR"),
    ),
    "a constant that is something else": (
        "WEIGHT_DECAY = 1\nAdamW(weight_decay=WEIGHT_DECAY)",
        "factors",
        (),
    ),
    "a constant that is set twice": ("WEIGHT_DECAY = 1\nWEIGHT_DECAY = 2", "factors", ()),
    "what is shared": (
        "A = l2(1)\nB = l2(1)\nlayers.Dense(4, kernel_regularizer=B)\nlayers.Dense(4, bias_regularizer=self.r)",
        "shared",
        ("B", "self.r", "A"),
    ),
    "numbers": ("l2(1e-03)\nl2(0.0010)\nf(2E1)\nregularizers.L1(l1=1)", "numbers", {1e-3: "1e-03", 1: "1"}),
    "the order": ("f(a=1, kernel_regularizer=2, name=3)\ng(name=3)", "later", {"name"}),
    "an order that differs": (
        "f(name=1, kernel_regularizer=2)\nf(kernel_regularizer=2, name=1)",
        "later",
        set(),
    ),
}


@pytest.mark.parametrize("name", HABITS)
def test_habit(name: str, read: Reader) -> None:
    source, attribute, value = HABITS[name]
    assert getattr(habit_of(read(HEAD + source)), attribute) == value


def test_a_habit_without_some_names(read: Reader) -> None:
    habit = habit_of(read(HEAD + "A = l2(1)\nB = l2(1)\nl2(config.factor)\nl2(FACTOR)"))
    assert (habit.shared, habit.factors) == (("A", "B"), ("config.factor", "FACTOR"))
    less = habit.without({"A", "config.factor"})
    assert (less.shared, less.factors) == (("B",), ("FACTOR",))


@pytest.mark.parametrize(
    ("name", "argument", "answer"),
    [
        ("REG", "kernel_regularizer", True),
        ("KERNEL_REG", "kernel_regularizer", True),
        ("BIAS_REG", "kernel_regularizer", False),
        ("BIAS_REG", "bias_regularizer", True),
        ("self.bias_regularizer", "kernel_regularizer", False),
        ("kernel_and_bias_reg", "bias_regularizer", True),
    ],
)
def test_what_a_name_is_for(name: str, argument: str, answer: bool) -> None:
    assert is_for(name, argument) is answer
