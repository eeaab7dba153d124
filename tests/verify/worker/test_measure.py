"""What is measured of models, built in this process."""

from __future__ import annotations

import os
from typing import Any

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

pytestmark = pytest.mark.keras


@pytest.fixture(params=["keras", "tf_keras"])
def keras(request: pytest.FixtureRequest) -> Any:
    return pytest.importorskip(request.param)


def _model(keras: Any) -> Any:
    inputs = keras.Input((6, 6, 2))
    x = keras.layers.SeparableConv2D(3, 2, depthwise_regularizer="l1", name="separable")(inputs)
    x = keras.layers.BatchNormalization(gamma_regularizer="l2", name="norm")(x)
    x = keras.layers.Flatten()(x)
    return keras.Model(inputs, keras.layers.Dense(2, bias_regularizer="l2", name="dense")(x))


def test_every_weight_gets_values_of_its_own(keras: Any) -> None:
    from reglint.verify.worker.measure import fill

    model = _model(keras)
    fill(model)
    values = [weight.numpy() for weight in model.weights]
    assert all((each != 0).all() for each in values)
    assert all(
        (each > 0).all() for each, weight in zip(values, model.weights, strict=True) if not weight.trainable
    )
    trainable = [each for each, weight in zip(values, model.weights, strict=True) if weight.trainable]
    assert all((each < 0).any() and (each > 0).any() for each in trainable)
    assert len({float(abs(each).max()) for each in values}) == len(values)


@pytest.mark.parametrize(
    ("role", "weights"),
    [
        ("depthwise", ["separable/depthwise_kernel"]),
        ("pointwise", ["separable/pointwise_kernel"]),
        ("bias", ["separable/bias"]),
        ("kernel", []),
    ],
)
def test_weights_of_a_role(keras: Any, role: str, weights: list[str]) -> None:
    from reglint.verify.worker.measure import full_name, role_weights

    layer = _model(keras).get_layer("separable")
    assert [full_name(weight) for weight in role_weights(layer, role)] == weights


def test_losses_are_attributed_to_weights_by_their_gradients(keras: Any) -> None:
    from reglint.verify.worker.measure import measure

    model = _model(keras)
    dense = model.get_layer("dense")
    record = measure(model, None, [(5, dense, "bias", 0.0, 0.01), (6, dense, "kernel", 0.0, 0.01)])
    names = [name for name, _, _ in record["weights"]]
    depends = [[names[number] for number in loss["depends"]] for loss in record["losses"]]
    assert sorted(depends) == [["dense/bias"], ["norm/gamma"], ["separable/depthwise_kernel"]]
    bias, kernel = record["penalized"]
    [[entry, error]] = bias["entries"]
    assert record["losses"][entry]["value"] == pytest.approx(0.01 * bias["squares"], rel=1e-5)
    assert error < 1e-5
    assert (kernel["entries"], kernel["trainable"], record["holds"]) == ([], True, [5, 6])
    assert (bias["times"], kernel["times"]) == (1, 0)
    assert [len(output) for output in record["outputs"]] == [2]


def test_configurations_are_compared_without_regularizers(keras: Any) -> None:
    from reglint.verify.worker.measure import measure

    def layers(**arguments: Any) -> Any:
        keras.backend.clear_session()
        return measure(keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, **arguments)]), None, [])[
            "layers"
        ]

    assert layers() == layers(kernel_regularizer="l2") != layers(activation="tanh")


def test_the_place_of_a_lambda_in_its_file_does_not_count(keras: Any) -> None:
    from reglint.verify.worker.measure import measure

    def layers(lines: int) -> Any:
        keras.backend.clear_session()
        function = eval("\n" * lines + "lambda tensor: tensor * 2")
        return measure(keras.Sequential([keras.Input((2,)), keras.layers.Lambda(function)]), None, [])[
            "layers"
        ]

    assert layers(0) == layers(3)
