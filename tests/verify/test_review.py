"""Observations, written by hand, against a policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from reglint.policy import from_mapping
from reglint.verify.review import review

if TYPE_CHECKING:
    from reglint.verify.review import ModelReview

POLICY = from_mapping(
    {
        "weights": {
            "kernel": {"require": "l2", "min": 0.001, "max": 0.1},
            "bias": "same-as-kernel",
            "gamma": "forbidden",
        },
        "custom_layers": {"pkg.layers.Mine": {"kernel": "regularizer"}},
    }
)

DENSE = ("keras.src.layers.core.dense", "Dense")
NORM = ("keras.src.layers.normalization.batch_normalization", "BatchNormalization")


def _penalty(weight: int, l1: float = 0.0, l2: float = 0.0, error: float = 0.0) -> dict[str, Any]:
    return {"weight": weight, "l1": l1, "l2": l2, "error": error, "doubt": [1e-9, 1e-9]}


def _review(
    penalties: list[dict[str, Any]],
    *,
    layer: tuple[str, str] = DENSE,
    names: tuple[str, ...] = ("d/kernel", "d/bias"),
    value: float | None = None,
    dtype: str = "float32",
    trainable: bool = True,
    depends: list[int] | None = None,
) -> ModelReview:
    """One layer whose weights have ``sum(|w|)`` 2 and ``sum(w**2)`` 4; each penalty is an entry of the losses."""
    observation = {
        "name": "net",
        "class": "Net",
        "generation": 3,
        "weights": [
            {"name": name, "shape": [2, 3], "dtype": dtype, "trainable": trainable} for name in names
        ],
        "losses": [
            {
                "value": 2 * each["l1"] + 4 * each["l2"] if value is None else value,
                "depends": depends or [each["weight"]],
            }
            for each in penalties
        ],
        "penalties": [{"entry": entry, **each} for entry, each in enumerate(penalties)],
        "sums": {str(each["weight"]): {"absolute": 2.0, "squares": 4.0} for each in penalties},
        "layers": [
            {
                "name": "d",
                "module": layer[0],
                "class": layer[1],
                "lineage": [list(layer), ["keras.src.layers.layer", "Layer"]],
                "inside": None,
                "own": list(range(len(names))),
                "attributes": {},
                "activation": "linear",
                "output": None,
                "made": None,
            }
        ],
    }
    return review(observation, POLICY)


RIGHT = _penalty(0, l2=0.01)
BOTH = [RIGHT, _penalty(1, l2=0.01)]
ASKED = "the policy asks for l2 of at least 0.001 and at most 0.1 ([weights] kernel)"
SAME = "the policy asks for l2(0.01) as on its kernel ([weights] bias)"


@pytest.mark.parametrize(
    ("penalties", "options", "problems"),
    [
        (BOTH, {}, []),
        ([RIGHT], {}, [f"it has no penalty in model.losses; {SAME}"]),
        ([RIGHT, _penalty(1, l2=0.0100005)], {}, []),
        ([RIGHT, _penalty(1, l2=0.02)], {}, [f"its penalty in model.losses is l2(0.02); {SAME}"]),
        (
            [_penalty(0, l1=0.5)],
            {"names": ("k/kernel",)},
            [f"its penalty in model.losses is l1(0.5); {ASKED}"],
        ),
        (
            [_penalty(0, l2=0.5)],
            {"names": ("k/kernel",)},
            [f"its penalty in model.losses is l2(0.5); {ASKED}"],
        ),
        (
            [_penalty(0, l2=0.01, error=0.3)],
            {"names": ("k/kernel",)},
            [f"its penalty in model.losses is a penalty that is neither L1 nor L2; {ASKED}"],
        ),
        (
            [RIGHT, RIGHT],
            {"names": ("k/kernel",)},
            [f"it is penalized 2 times in model.losses (0.04, 0.04); {ASKED}"],
        ),
        (
            [RIGHT],
            {"names": ("k/kernel",), "value": 0.05},
            [f"its entry of model.losses is 0.05, and its slope that of l2(0.01), which is 0.04; {ASKED}"],
        ),
        ([RIGHT], {"names": ("k/kernel",), "value": 0.0401, "dtype": "float16"}, []),
        ([], {"trainable": False}, []),
        ([], {"layer": NORM, "names": ("n/gamma", "n/beta")}, []),
        (
            [_penalty(0, l2=0.01)],
            {"layer": NORM, "names": ("n/gamma", "n/beta")},
            ["its penalty in model.losses is l2(0.01); the policy asks for no penalty ([weights] gamma)"],
        ),
        (
            [],
            {"layer": ("pkg.layers", "Mine"), "names": ("m/w", "m/kernel")},
            [f"it has no penalty in model.losses; {ASKED}"],
        ),
        ([], {"layer": ("pkg.layers", "Other"), "names": ("m/w", "m/v")}, []),
    ],
)
def test_problems(penalties: list[dict[str, Any]], options: dict[str, Any], problems: list[str]) -> None:
    assert [weight.problem for weight in _review(penalties, **options).problems] == problems


def test_a_penalty_with_others_cannot_be_told() -> None:
    [problem] = _review([RIGHT], names=("k/kernel",), depends=[0, 1]).problems
    reason = "its only penalty is in an entry of model.losses that depends on 2 weights"
    assert (problem.penalty, problem.value) == (None, 0.04)
    assert problem.problem == f"{reason}; {ASKED}"


def test_coverage() -> None:
    found = _review([RIGHT])
    assert (found.parameters, found.penalized, found.coverage, found.penalty) == (12, 6, 0.5, 0.04)
    assert _review([], trainable=False).coverage == 0.0


def test_a_frozen_weight_says_why_it_is_right() -> None:
    [kernel, bias] = _review([], trainable=False).weights
    assert (kernel.problem, bias.problem) == (None, None)
    assert kernel.note == "frozen: nothing trains it, so that no penalty could act on it"
