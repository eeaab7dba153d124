"""The tutorials run, and have the penalties that they state."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

pytestmark = pytest.mark.keras

TUTORIALS = Path(__file__).parents[2] / "fixtures" / "tutorials"

# Every weight is set to 2, so that l1(c) adds 2c and l2(c) adds 4c for each of the weight's numbers.
PENALTIES = {
    "mnist_mlp": {
        "dense": {"kernel": 4 * 0.01 * 784 * 64, "bias": 4 * 0.01 * 64},
        "dense_1": {"kernel": None, "bias": None},
    },
    "mnist_cnn": {
        "conv2d": {"kernel": 2 * 0.001 * 3 * 3 * 1 * 32, "bias": None},
        "conv2d_1": {"kernel": None, "bias": None},
        "dense": {"kernel": None, "bias": None},
        "dense_1": {"kernel": None, "bias": None},
    },
    "binary_l1l2": {
        "hidden": {"kernel": (2 * 0.005 + 4 * 0.001) * 100 * 128, "bias": None},
        "batch_normalization": {"gamma": None, "beta": None},
        "probability": {"kernel": None, "bias": None},
    },
}


@pytest.fixture
def few_digits(keras_of, monkeypatch):
    """Sixteen made-up images in place of the download."""
    import numpy as np

    images, labels = np.zeros((16, 28, 28), "uint8"), np.arange(16) % 10
    mnist = keras_of(3).datasets.mnist
    monkeypatch.setattr(mnist, "load_data", lambda: ((images, labels), (images, labels)))


@pytest.mark.usefixtures("few_digits")
@pytest.mark.parametrize("name", sorted(PENALTIES))
def test_a_tutorial_runs_and_has_the_penalties_that_it_states(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model = runpy.run_path(str(next(TUTORIALS.glob(f"*/{name}.py"))), run_name="__main__")["model"]
    observed = {}
    for layer in model.layers:
        for weight in layer.trainable_weights:
            weight.assign(weight * 0 + 2)
        losses = [float(loss) for loss in layer.losses]
        if layer.trainable_weights:
            regularizers = {w.name: getattr(layer, f"{w.name}_regularizer") for w in layer.trainable_weights}
            stated = [weight for weight, regularizer in regularizers.items() if regularizer]
            observed[layer.name] = dict.fromkeys(regularizers) | dict(zip(stated, losses, strict=True))
    expected = {
        layer: {weight: penalty and pytest.approx(penalty) for weight, penalty in weights.items()}
        for layer, weights in PENALTIES[name].items()
    }
    assert observed == expected
    assert len(model.losses) == sum(len(layer.losses) for layer in model.layers)
