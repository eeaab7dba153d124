"""What is observed of models, built in this process."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

pytestmark = pytest.mark.keras


@pytest.fixture(params=["keras", "tf_keras"])
def keras(request: pytest.FixtureRequest) -> Any:
    return pytest.importorskip(request.param)


def _penalties(observation: Any) -> dict[str, tuple[float, float]]:
    """The strengths on each weight, as they were read from the gradients."""
    names = [weight["name"].rsplit("/", 1)[-1] for weight in observation["weights"]]
    return {names[each["weight"]]: (each["l1"], each["l2"]) for each in observation["penalties"]}


@pytest.mark.parametrize("units", [1, 3, 50])
@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.01), (1e-5, 0.0), (0.005, 0.001), (1e-4, 1e-2), (1.0, 1e-3)])
def test_strengths_are_read_from_the_gradient(keras: Any, units: int, l1: float, l2: float) -> None:
    from reglint.verify.worker.observe import observe

    regularizer = keras.regularizers.L1L2(l1, l2)
    layer = keras.layers.Dense(units, kernel_regularizer=regularizer, bias_regularizer=regularizer)
    observation = observe(keras.Sequential([keras.Input((units,)), layer]))
    assert _penalties(observation).keys() == {"kernel", "bias"}
    for each in observation["penalties"]:
        for part, strength, doubt in zip(("l1", "l2"), (l1, l2), each["doubt"], strict=True):
            assert each[part] == pytest.approx(strength, rel=1e-5, abs=doubt)
            assert bool(each[part]) == bool(strength)
            assert doubt < 1e-5 * (l1 + l2)
        assert each["error"] < 1e-5
    json.dumps(observation)


def test_a_penalty_of_another_kind_fits_no_strengths(keras: Any) -> None:
    from reglint.verify.worker.observe import observe

    layer = keras.layers.Dense(4, kernel_regularizer=keras.regularizers.OrthogonalRegularizer())
    [penalty] = observe(keras.Sequential([keras.Input((4,)), layer]))["penalties"]
    assert penalty["error"] > 0.01


def test_the_model_stays_as_it_is(keras: Any) -> None:
    from reglint.verify.worker.observe import observe

    model = keras.Sequential(
        [keras.Input((4, 4, 2)), keras.layers.Conv2D(3, 2), keras.layers.BatchNormalization()]
    )
    before = [weight.copy() for weight in model.get_weights()]
    observe(model)
    assert all((old == new).all() for old, new in zip(before, model.get_weights(), strict=True))


def test_weights_come_back_if_the_losses_cannot_be_read(keras: Any) -> None:
    from reglint.verify.worker.observe import observe

    class Raising(keras.regularizers.Regularizer):  # type: ignore[misc, name-defined]
        def __call__(self, _: Any) -> Any:
            if ready:
                raise RuntimeError("no losses")
            return 0.0

    ready: list[bool] = []
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, kernel_regularizer=Raising())])
    before = [weight.copy() for weight in model.get_weights()]
    ready.append(True)
    with pytest.raises(RuntimeError, match="no losses"):
        observe(model)
    assert all((old == new).all() for old, new in zip(before, model.get_weights(), strict=True))


def test_layers_with_what_the_policy_asks_about_them(keras: Any) -> None:
    from reglint.verify.worker.observe import observe

    inputs = keras.Input((5, 8))
    x = keras.layers.Dense(4, activation="relu", name="first")(inputs)
    x = keras.layers.Bidirectional(keras.layers.LSTM(2, name="cell"))(x)
    x = keras.layers.Dropout(0.5)(x)
    outputs = keras.layers.Activation("softmax")(keras.layers.Dense(3, name="last")(x))
    observation = observe(keras.Model(inputs, outputs))
    described = {
        layer["name"]: (layer["class"], layer["activation"], layer["output"])
        for layer in observation["layers"][1:]
    }
    assert described == {
        "first": ("Dense", "relu", False),
        "bidirectional": ("Bidirectional", "", False),
        "forward_cell": ("LSTM", "tanh", None),
        "backward_cell": ("LSTM", "tanh", None),
        "lstm_cell": ("LSTMCell", "tanh", None),
        "last": ("Dense", "linear", True),
    }
    outer = [observation["layers"][layer["inside"]]["name"] for layer in observation["layers"][3:]]
    assert outer[:2] == ["bidirectional", "forward_cell"]
    assert observation["generation"] == (2 if keras.__name__ == "tf_keras" else 3)
