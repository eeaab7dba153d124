"""Proofs of fixes in scripts and notebooks: what their authors' machine and data had, and a proof has not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import ProveMarked

pytestmark = pytest.mark.keras

_BEFORE_RELEASE = """
import keras_core as keras
from keras_core import layers
from keras_core.models import Sequential

model = Sequential([keras.Input((4,)), layers.Dense(3«, kernel_regularizer="l2"»)])
"""

_FILLS = """
import keras
import numpy as np

names = open("names.txt").read().splitlines()
numbers = {letter: number for number, letter in enumerate("abc")}
x = np.zeros((len(names), 5, len(numbers)))
for i, name in enumerate(names):
    for t, letter in enumerate(name):
        x[i, t, numbers[letter]] = 1.0
    x[i, t + 1 :, numbers[" "]] += 1.0
model = keras.Sequential([keras.Input(x.shape[1:]), keras.layers.LSTM(3«, kernel_regularizer="l2"»)])
"""

_OPTIMIZER = """
import tensorflow as tf
from tensorflow.keras import layers

def build():
    model = tf.keras.Sequential([tf.keras.Input((4,)), layers.Dense(3«, kernel_regularizer="l2"»)])
    model.compile(tf.keras.optimizers.legacy.Adam(1e-3, decay=0.1), "mse")
    return model

model = build()
model.fit(load("x.csv"))
model.optimizer.learning_rate = 1e-4
rates = model.history.history["lr"]
"""

_SIZES = """
import numpy as np
from keras import Sequential, layers

shape = (2, 3)
words = np.array([1, 2, 5])
model = Sequential([
    layers.Embedding(words.max() + 1, 4«, embeddings_regularizer="l2"»),
    layers.Dense(np.prod(shape)«, kernel_regularizer="l2"»),
    layers.Reshape((-1, np.prod(shape))),
])
"""

_PARTS = """
import keras
from keras import layers

class Denoise(keras.Model):
    def __init__(self):
        super().__init__()
        self.encoder = keras.Sequential([
            keras.Input((28, 28, 1)), layers.Conv2D(4, 3, strides=2«, kernel_regularizer="l2"»)
        ])
        self.decoder = keras.Sequential([layers.Conv2DTranspose(1, 3, strides=2«, kernel_regularizer="l2"»)])

    def call(self, x):
        return self.decoder(self.encoder(x))

denoise = Denoise()
denoise.compile("adam", "mse")
"""

_MANY = (
    "import keras\nfrom keras import layers\n"
    + """
model = keras.Sequential([keras.Input((4,)), layers.Dense(3«, kernel_regularizer="l2"»)])
"""
    * 12
)

_LOADED = """
import joblib
import keras
from keras import layers
from tensorflow.keras.applications import MobileNetV2

matrix = joblib.load("glove.pkl")
base = MobileNetV2(include_top=False, weights="../input/mobilenet_v2.h5", pooling="avg", input_shape=(32, 32, 3))
image = keras.Input((32, 32, 3))
words = keras.Input((5,))
x = layers.Embedding(20, 4, weights=[matrix], trainable=False)(words)
x = layers.LSTM(3«, kernel_regularizer="l2"»)(x)
outputs = layers.Dense(1«, kernel_regularizer="l2"»)(layers.concatenate([base(image), x]))
model = keras.Model([image, words], outputs)
"""

SOURCES = {
    "the name before the release": _BEFORE_RELEASE,
    "data that is filled in": _FILLS,
    "an optimizer of before": _OPTIMIZER,
    "sizes that NumPy computes": _SIZES,
    "parts that say what they take": _PARTS,
    "many models": _MANY,
    "weights from files": _LOADED,
}


@pytest.fixture(scope="module")
def shown(prove_marked: ProveMarked) -> dict[str, list[tuple[str, str | None]]]:
    return {
        name: [(proof.grade, proof.model or proof.reason) for proof in proofs]
        for name, proofs in prove_marked(SOURCES).items()
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("the name before the release", [("model", "model (module level)")]),
        (
            "data that is filled in",
            [
                (
                    "model",
                    "model (module level) with made-up `open(...)`, `enumerate(name)`, "
                    "`x[i, t, numbers[letter]] = 1.0` and 1 more",
                )
            ],
        ),
        ("an optimizer of before", [("model", "model (module level)")]),
        ("sizes that NumPy computes", [("model", "model (module level)")] * 2),
        ("weights from files", [("model", "model (module level) with made-up `joblib.load(...)`")] * 2),
        ("many models", [("model", "model (module level)")] * 12),
        ("parts that say what they take", [("model", "denoise (module level)")] * 2),
    ],
)
def test_scripts(
    shown: dict[str, list[tuple[str, str | None]]], name: str, expected: list[tuple[str, str]]
) -> None:
    assert shown[name] == expected
