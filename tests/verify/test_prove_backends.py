"""The same proofs on every backend of Keras 3 that is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from reglint.verify import Job, Settings, examine, prove

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import MakeJob, ProveMarked

    from reglint.verify import Proof

pytestmark = pytest.mark.keras

SOURCES = {
    "module level": """
import keras
from keras import layers
inputs = keras.Input((8, 8, 2))
x = layers.Conv2D(4, 3«, kernel_regularizer="l1"»)(inputs)
x = layers.BatchNormalization(«gamma_regularizer="l2"»)(x)
x = layers.Flatten()(layers.SeparableConv2D(3, 2«, depthwise_regularizer="l2", pointwise_regularizer="l1"»)(x))
x = layers.Dense(2, activity_regularizer="l2"«, kernel_regularizer=keras.regularizers.l1_l2(0.01, 0.02)»)(x)
model = keras.Model(inputs, x)
model.compile("adam", "mse")
""",
    "a function": """
import keras
from keras import layers
def build(words, units=4):
    inputs = keras.Input((None,), dtype="int32")
    x = layers.Embedding(words, 8«, embeddings_regularizer="l2"»)(inputs)
    x = layers.Bidirectional(layers.GRU(units, return_sequences=True«, recurrent_regularizer="l2"»))(x)
    x = layers.MultiHeadAttention(2, 4«, kernel_regularizer="l2"»)(x, x)
    return keras.Model(inputs, x)
""",
    "a class": """
import keras
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(8«, kernel_regularizer="l2"»)
    def call(self, x):
        y = self.dense(x)
        self.add_loss(keras.ops.sum(keras.ops.square(y)))
        return y
""",
    "a layer of one's own": """
import keras
class Scale(keras.layers.Layer):
    def __init__(self, kernel_regularizer=None):
        super().__init__()
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)
    def build(self, shape):
        self.kernel = self.add_weight(shape=shape[1:], name="kernel", regularizer=self.kernel_regularizer)
    def call(self, x):
        return x * self.kernel
model = keras.Sequential([keras.Input((4,)), Scale(«kernel_regularizer="l2"»)])
""",
    "16 bits": """
import keras
keras.mixed_precision.set_dtype_policy("mixed_bfloat16")
first = keras.layers.Dense(8, dtype="bfloat16"«, kernel_regularizer="l2"»)
model = keras.Sequential([keras.Input((4,)), first, keras.layers.Dense(2«, kernel_regularizer="l2"»)])
""",
    "alone": """
import keras
def loose(p):
    return keras.layers.LSTMCell(p.units«, kernel_regularizer="l2"»)
""",
}

ATTENTION = [f"multi_head_attention/{part}/kernel" for part in ("query", "key", "value", "attention_output")]


@pytest.fixture(scope="module")
def proofs(prove_marked: ProveMarked, backend: str) -> dict[str, list[Proof]]:
    return prove_marked(SOURCES, backend=backend)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "module level",
            [
                ("model", ["conv2d/kernel"]),
                ("model", ["batch_normalization/gamma"]),
                ("model", ["separable_conv2d/depthwise_kernel", "separable_conv2d/pointwise_kernel"]),
                ("model", ["dense/kernel"]),
            ],
        ),
        (
            "a function",
            [
                ("model", ["embedding/embeddings"]),
                (
                    "model",
                    [
                        "bidirectional/forward_gru/gru_cell/recurrent_kernel",
                        "bidirectional/backward_gru/gru_cell/recurrent_kernel",
                    ],
                ),
                ("model", ATTENTION),
            ],
        ),
        ("a class", [("model", ["net/dense/kernel"])]),
        ("a layer of one's own", [("model", ["sequential/scale/kernel"])]),
        ("16 bits", [("model", ["sequential/dense/kernel"]), ("model", ["sequential/dense_1/kernel"])]),
        ("alone", [("layer", ["rnn/lstm_cell/kernel"])]),
    ],
)
def test_proven(proofs: dict[str, list[Proof]], name: str, expected: list[tuple[str, list[str]]]) -> None:
    found = proofs[name]
    assert [(each.grade, [weight.weight for weight in each.penalties]) for each in found] == expected
    for weight in (weight for each in found for weight in each.penalties):
        assert weight.observed == pytest.approx(weight.expected, rel=2e-2 if name == "16 bits" else 1e-4)
        assert weight.expected > 1e-6


def test_observed(tmp_path: Path, backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", backend)
    source = """
import keras
model = keras.Sequential([
    keras.Input((4,)),
    keras.layers.Dense(3, kernel_regularizer=keras.regularizers.L1L2(0.25, 0.5), activity_regularizer="l2"),
    keras.layers.Dense(2, bias_regularizer="l1"),
])
"""
    [examined] = examine([Job(tmp_path / "subject.py", source, source, 3, ())], Settings())
    [found] = examined.models
    assert found.grade == "model"
    assert [
        (found.observation["weights"][each["weight"]]["name"], each["l1"], each["l2"])
        for each in found.observation["penalties"]
    ] == [
        ("sequential/dense/kernel", pytest.approx(0.25), pytest.approx(0.5)),
        ("sequential/dense_1/bias", pytest.approx(0.01), 0.0),
    ]


def test_keras_2_stays_on_tensorflow(prove_marked: ProveMarked) -> None:
    pytest.importorskip("tf_keras")
    source = """
import tf_keras
model = tf_keras.Sequential([tf_keras.layers.Dense(2, input_shape=(4,)«, kernel_regularizer="l2"»)])
"""
    [proof] = prove_marked({"": source}, 2, backend="jax")[""]
    assert (proof.grade, proof.reason) == ("model", None)


def test_a_backend_without_gradients(prove_marked: ProveMarked) -> None:
    pytest.importorskip("scipy", reason="Keras on NumPy needs it")
    [proof] = prove_marked({"": SOURCES["a class"]}, backend="numpy")[""]
    assert (proof.grade, proof.reason) == (
        "unverified",
        "Keras runs on numpy (KERAS_BACKEND), which has no gradients: it takes tensorflow, jax or torch",
    )


def test_tensorflow_is_not_needed_elsewhere(
    tmp_path: Path, make_job: MakeJob, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interpreter to which TensorFlow looks as if it was not installed."""
    if backend == "tensorflow":
        pytest.skip("it is needed there")
    (tmp_path / "tensorflow.py").write_text("raise ModuleNotFoundError('no TensorFlow', name='tensorflow')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("KERAS_BACKEND", backend)
    path = tmp_path / "project" / "subject.py"
    path.parent.mkdir()
    [[proof]] = prove([make_job(path, SOURCES["a class"])], Settings())
    assert (proof.grade, proof.reason) == ("model", None)


_CHECK = """
import keras, reglint
model = keras.Sequential([
    keras.Input((4,)),
    keras.layers.Dense(3, kernel_regularizer="l2", name="first"),
    keras.layers.Dense(3, name="second"),
])
before = [keras.ops.convert_to_numpy(weight).copy() for weight in model.weights]
try:
    reglint.assert_regularized(model, {"weights": {"kernel": {"require": "l2", "strength": 0.01}}})
except (AssertionError, ValueError) as error:
    print(error)
for weight, values in zip(model.weights, before):
    assert (keras.ops.convert_to_numpy(weight) == values).all()
"""


def _checked(backend: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", _CHECK],
        env={**os.environ, "KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_assert_regularized(backend: str) -> None:
    first, second = _checked(backend)
    assert first.startswith("1 weight does not carry what the policy asks for")
    assert second == (
        "  Dense `second`: sequential/second/kernel: it has no penalty in model.losses; "
        "the policy asks for l2(0.01) ([weights] kernel)"
    )


def test_assert_regularized_without_gradients() -> None:
    pytest.importorskip("scipy", reason="Keras on NumPy needs it")
    assert _checked("numpy") == [
        "the model `sequential` cannot be checked: Keras runs on numpy (KERAS_BACKEND), which has no gradients: "
        "it takes tensorflow, jax or torch"
    ]
