"""Layers alone in a minimal model, built in this process."""

from __future__ import annotations

import os
from typing import Any

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

pytestmark = pytest.mark.keras

_COMMON: list[tuple[str, tuple[object, ...], dict[str, object]]] = [
    ("Dense", (3,), {}),
    ("EinsumDense", ("abc,cd->abd",), {"output_shape": (None, 4), "bias_axes": "d"}),
    ("Conv1D", (4, 3), {}),
    ("Conv2D", (4, 11), {"strides": 4}),
    ("Conv2D", (32, 3), {"groups": 32}),
    ("Conv3D", (2, 3), {}),
    ("Conv2DTranspose", (4, 3), {}),
    ("DepthwiseConv2D", (3,), {}),
    ("SeparableConv1D", (4, 3), {}),
    ("Embedding", (10, 4), {}),
    ("LSTM", (3,), {}),
    ("GRUCell", (3,), {}),
    ("ConvLSTM2D", (2, 3), {}),
    ("BatchNormalization", (), {"axis": 3}),
    ("LayerNormalization", (), {}),
    ("GroupNormalization", (), {"groups": 4}),
    ("PReLU", (), {}),
    ("MultiHeadAttention", (2, 4), {}),
    ("AdditiveAttention", (), {}),
]


@pytest.mark.parametrize("package", ["keras", "tf_keras"])
@pytest.mark.parametrize(("name", "arguments", "keywords"), _COMMON)
def test_a_layer_is_built_alone(
    package: str, name: str, arguments: tuple[object, ...], keywords: dict[str, object]
) -> None:
    from reglint.verify.worker.shapes import alone

    keras: Any = pytest.importorskip(package)
    layer = getattr(keras.layers, name)
    model = alone(name, lambda: layer(*arguments, **keywords), (8,))
    assert model.built
    assert len(model.weights) > 0


def test_a_layer_that_fits_no_shape_raises_what_the_best_one_raised() -> None:
    from reglint.verify.worker.shapes import alone

    keras: Any = pytest.importorskip("keras")

    class Picky(keras.layers.Layer):
        def call(self, tensor: Any) -> Any:
            raise ValueError(f"no good: {tensor.shape}")

    with pytest.raises(ValueError, match="no good") as caught:
        alone("Dense", Picky, (8,))
    assert "(None, 8)" in str(caught.value)
