"""Verdicts on measurements. The weight in question has ``sum(|w|) = 10`` and ``sum(w**2) = 4``."""

from __future__ import annotations

from typing import Any

import pytest

from reglint.keras.penalty import Penalty
from reglint.verify import Target, WeightProof
from reglint.verify.judge import Verdict, judge

_L2 = Penalty(l2=0.5)
_KERNEL, _BIAS = 0, 1


def _model(*losses: tuple[float | None, list[int]], slope: float = 0.0, **changes: Any) -> dict[str, Any]:
    """The measurement of a model with one Dense layer; ``losses`` are (value, weights that it depends on)."""
    return {
        "layers": [["Dense", "dense", "digest"]],
        "weights": [["dense/kernel", [2, 2], "float32"], ["dense/bias", [2], "float32"]],
        "outputs": [[1.0, 2.0]],
        "losses": [{"value": value, "depends": depends} for value, depends in losses],
        "penalized": [
            {
                "target": 0,
                "layer": "dense",
                "role": "kernel",
                "weight": _KERNEL,
                "trainable": True,
                "absolute": 10.0,
                "squares": 4.0,
                "entries": [
                    [number, slope] for number, (_, depends) in enumerate(losses) if _KERNEL in depends
                ],
                "times": 1,
            }
        ],
        "holds": [0],
        "stray": [],
        "wrapped": False,
        "bound": "model",
        **changes,
    }


def _judge(
    before: dict[str, Any], after: dict[str, Any], penalty: Penalty = _L2, generation: int = 3
) -> Verdict:
    target = Target(1, 1, 1, 9, "Dense", (("kernel", penalty),))
    return judge(0, target, [before], [after], generation)


_PROVEN = _model((2.0, [_KERNEL]))


@pytest.mark.parametrize(
    ("penalty", "value"),
    [
        (Penalty(l2=0.5), 2.0),
        (Penalty(l1=0.1), 1.0),
        (Penalty(l1=0.1, l2=0.5), 3.0),
        (Penalty(l2=0.5), 2.0001),
    ],
)
def test_proven(penalty: Penalty, value: float) -> None:
    verdict = _judge(_model(), _model((value, [_KERNEL])), penalty)
    expected = 10 * (penalty.l1 or 0) + 4 * (penalty.l2 or 0)
    assert verdict == Verdict(
        "proven",
        None,
        (WeightProof("dense/kernel", "kernel", pytest.approx(expected), value),),
        True,
        "model",
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(_model((9.0, [_KERNEL])), _PROVEN, id="another strength is replaced"),
        pytest.param(
            _model((0.3, []), (7.0, [_KERNEL, _BIAS]), (None, [])),
            _model((0.3, []), (2.0, [_KERNEL]), (7.0, [_KERNEL, _BIAS]), (None, [])),
            id="other losses stay",
        ),
        pytest.param(
            _model(),
            _model(
                (2.0, [_KERNEL]),
                (5.0, [_BIAS]),
                penalized=[
                    *_PROVEN["penalized"],
                    {**_PROVEN["penalized"][0], "target": 1, "role": "bias", "weight": _BIAS},
                ],
            ),
            id="the penalty of another target",
        ),
        pytest.param(_model(outputs=None), _model((2.0, [_KERNEL]), outputs=None), id="not run forward"),
        pytest.param(
            _model(outputs=[[1.0, float("nan")]]),
            _model((2.0, [_KERNEL]), outputs=[[1.0, float("nan")]]),
            id="not a number, twice",
        ),
        pytest.param(_model(layers=[["Dense", "dense", ""]]), _PROVEN, id="a layer without a configuration"),
    ],
)
def test_proven_beside_other_losses(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert _judge(before, after).outcome == "proven"


def _of_two_callers(*losses: tuple[float, list[int]]) -> dict[str, Any]:
    """The measurement of a model with two layers from one call, of which two callers decide."""
    model = _model(*losses)
    model["weights"].append(["other/kernel", [2, 2], "float32"])
    entries = [[number, 0.0] for number, (_, depends) in enumerate(losses) if 2 in depends]
    model["penalized"].append({**model["penalized"][0], "layer": "other", "weight": 2, "entries": entries})
    return model


_BOTH = _of_two_callers((2.0, [_KERNEL]), (2.0, [2]))


@pytest.mark.parametrize(
    ("before", "after", "outcome", "reason"),
    [
        pytest.param(_of_two_callers((2.0, [2])), _BOTH, "proven", None, id="one had it"),
        pytest.param(
            _of_two_callers((9.0, [_KERNEL]), (2.0, [2])), _BOTH, "proven", None, id="one had another"
        ),
        pytest.param(_of_two_callers(), _BOTH, "proven", None, id="none had it"),
        pytest.param(
            _BOTH,
            _BOTH,
            "open",
            "all layers made here have their penalty in the unfixed source as well",
            id="both had it",
        ),
        pytest.param(
            _of_two_callers((2.0, [2])),
            _of_two_callers((2.0, [2])),
            "refuted",
            "no entry of model.losses is a penalty on `dense/kernel`",
            id="the other one does not get it",
        ),
        pytest.param(
            _of_two_callers((2.0, [2]), (9.0, [_KERNEL])),
            _of_two_callers((2.0, [2]), (9.0, [_KERNEL])),
            "refuted",
            "the penalty on `dense/kernel` is 9 in model.losses, expected 2",
            id="the other one keeps another",
        ),
        pytest.param(
            _of_two_callers((2.0, [2])),
            _of_two_callers((2.0, [_KERNEL])),
            "refuted",
            "no entry of model.losses is a penalty on `other/kernel`",
            id="the one that had it loses it",
        ),
    ],
)
def test_layers_of_callers_that_differ(
    before: dict[str, Any], after: dict[str, Any], outcome: str, reason: str | None
) -> None:
    target = Target(1, 1, 1, 9, "Dense", (("kernel", _L2),), frozenset({"kernel"}))
    verdict = judge(0, target, [before], [after], 3)
    assert (verdict.outcome, verdict.reason) == (outcome, reason)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        pytest.param(
            _model(), _model(), "no entry of model.losses is a penalty on `dense/kernel`", id="missing"
        ),
        pytest.param(
            _model(),
            _model((2.0, [])),
            "no entry of model.losses is a penalty on `dense/kernel` "
            "(an entry of that value is there, and it is a constant: no weight moves)",
            id="a constant",
        ),
        pytest.param(
            _model(),
            _model((2.0, [_BIAS])),
            "no entry of model.losses is a penalty on `dense/kernel`",
            id="the penalty of another weight",
        ),
        pytest.param(
            _model(),
            _model((1.0, [_KERNEL])),
            "the penalty on `dense/kernel` is 1 in model.losses, expected 2",
            id="value",
        ),
        pytest.param(
            _model(),
            _model((2.0, [_KERNEL]), (2.0, [_KERNEL])),
            "`dense/kernel` is penalized 2 times (by 2, 2), expected once by 2",
            id="doubled",
        ),
        pytest.param(
            _PROVEN,
            _PROVEN,
            "the unfixed source already has this penalty on `dense/kernel`",
            id="already there",
        ),
        pytest.param(
            _model(),
            _model((2.0, [_KERNEL]), slope=0.5),
            "the gradient of the penalty on `dense/kernel` is not that of l2(0.5)",
            id="gradient",
        ),
        pytest.param(
            _model(),
            _model((2.0, [_KERNEL]), penalized=[{**_PROVEN["penalized"][0], "times": 2}]),
            "`dense/kernel` is penalized once more by an entry of model.losses that the model's own code adds",
            id="once more",
        ),
        pytest.param(
            _model(),
            _model(penalized=[{**_PROVEN["penalized"][0], "trainable": False, "entries": []}]),
            "`dense/kernel` is frozen (trainable=False): Keras 3 leaves its penalty out of the loss",
            id="frozen",
        ),
        pytest.param(
            _model(),
            _model((2.0, [_KERNEL]), penalized=[{**_PROVEN["penalized"][0], "role": "bias"}]),
            "the layer has no kernel weight",
            id="no such weight",
        ),
        pytest.param(
            _model(),
            _model((2.0, [_KERNEL]), weights=[["dense/kernel", [2, 3], "float32"]]),
            "the fix changes the weights or their shapes",
            id="weights",
        ),
        pytest.param(
            _model(),
            _model((2.0, [_KERNEL]), layers=[["Dense", "dense", "other"]]),
            "the fix changes the layer `dense`",
            id="configuration",
        ),
        pytest.param(
            _model(), _model((2.0, [_KERNEL]), layers=[]), "the fix changes the number of layers", id="layers"
        ),
        pytest.param(
            _model(),
            _model((2.0, [_KERNEL]), (1.0, [])),
            "the fix changes other losses of the model",
            id="losses",
        ),
        pytest.param(
            _model((1.0, [])),
            _model((2.0, [_KERNEL]), (1.1, [])),
            "the fix changes other losses of the model",
            id="value of another loss",
        ),
        pytest.param(
            _model(),
            _model((2.0, [_KERNEL]), outputs=[[1.0, 2.1]]),
            "the fix changes the model's outputs",
            id="outputs",
        ),
    ],
)
def test_refuted(before: dict[str, Any], after: dict[str, Any], reason: str) -> None:
    assert _judge(before, after) == Verdict("refuted", reason)


def test_keras_2_keeps_the_penalty_of_a_frozen_weight() -> None:
    frozen = [{**_PROVEN["penalized"][0], "trainable": False}]
    assert _judge(_model(), _model((2.0, [_KERNEL]), penalized=frozen), generation=2).outcome == "proven"


@pytest.mark.parametrize(
    ("after", "outcome"), [(_model(), "proven"), (_PROVEN, "refuted"), (_model((9.0, [_KERNEL])), "refuted")]
)
def test_the_absence_of_a_penalty(after: dict[str, Any], outcome: str) -> None:
    assert _judge(_PROVEN, after, Penalty()).outcome == outcome


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (_model(holds=[]), "no layer made here is in the model"),
        (_model((2.0, [_KERNEL]), stray=[[0, "dense_1"]]), "the layer `dense_1` made here is in no model"),
    ],
)
def test_open(after: dict[str, Any], reason: str) -> None:
    assert _judge(_model(), after) == Verdict("open", reason)


def test_half_precision_is_judged_coarsely() -> None:
    weights = [["dense/kernel", [2, 2], "float16"], ["dense/bias", [2], "float16"]]
    after = _model((2.02, [_KERNEL]), slope=0.01, weights=weights)
    assert _judge(_model(weights=weights), after).outcome == "proven"


def test_another_number_of_models() -> None:
    target = Target(1, 1, 1, 9, "Dense", (("kernel", _L2),))
    verdict = judge(0, target, [], [_PROVEN], 3)
    assert verdict == Verdict(
        "refuted", "the fixed source builds another number of models than the unfixed one"
    )
