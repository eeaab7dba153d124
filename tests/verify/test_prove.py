"""Proofs of fixes in models as people write them, each built for real."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reglint.verify import Settings, VerifierMissing, client, prove

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import MakeJob, ProveMarked

    from reglint.verify import Proof

pytestmark = pytest.mark.keras

_SEQUENTIAL = """
import keras
import matplotlib.pyplot as plt
from keras import layers, regularizers

model = keras.Sequential([
    keras.Input((784,)),
    layers.Dense(64, activation="relu"«, kernel_regularizer=regularizers.l2(0.01), bias_regularizer="l1"»),
    layers.Dense(10«, kernel_regularizer=regularizers.l1_l2(0.005, 0.001)»),
])
model.compile("adam", "mse")
model.summary()
plt.show()
"""

_ADDED = """
from tensorflow.keras.datasets import mnist
from tensorflow.keras.layers import Dense, Dropout
from tensorflow.keras.models import Sequential
from tensorflow.keras.optimizers import SGD
from tensorflow.keras.utils import to_categorical

(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train = x_train.reshape(60000, -1).astype("float32") / 255
y_train = to_categorical(y_train)
model = Sequential()
model.add(Dense(32, input_shape=x_train.shape[1:]«, kernel_regularizer="l2"»))
for units in [16, 8]:
    model.add(Dense(units«, kernel_regularizer="l1"»))
    model.add(Dropout(0.5))
model.add(Dense(y_train.shape[1]«, kernel_regularizer="l2"»))
model.compile(loss="mse", optimizer=SGD(lr=0.1))
history = model.fit(x_train, y_train)
print(history.history["loss"])
model.save("model.h5")
"""

_FUNCTIONAL = """
import tensorflow as tf
from tensorflow.keras import layers

inputs = tf.keras.Input((28, 28, 1))
x = layers.Conv2D(8, 3«, kernel_regularizer="l1"»)(inputs)
x = layers.BatchNormalization(«gamma_regularizer="l2", beta_regularizer="l2"»)(x)
x = layers.Flatten()(x)
outputs = layers.Dense(10, activity_regularizer="l2", bias_regularizer="l1"«, kernel_regularizer="l2"»)(x)
model = tf.keras.Model(inputs, outputs)
if __name__ == "__main__":
    model.fit(load())
"""

_DATA = """
import pandas as pd
import numpy as np
from sklearn.model_selection import train_test_split
from keras import Input, Model, layers

frame = pd.read_csv("data.csv")
x_train, x_test = train_test_split(frame.values)
vocabulary = np.load("words.npz")["words"]
inputs = Input((x_train.shape[1],))
x = layers.Embedding(len(vocabulary) + 1, 4«, embeddings_regularizer="l2"»)(inputs)
x = layers.Bidirectional(layers.LSTM(3«, kernel_regularizer="l2", recurrent_regularizer="l1"»))(x)
model = Model(inputs, layers.Dense(len(frame.columns)«, kernel_regularizer="l2"»)(x))
"""

_DEFAULTS = """
import keras
def build_model(units=8):
    inputs = keras.Input((4,))
    return keras.Model(inputs, keras.layers.Dense(units«, kernel_regularizer="l2"»)(inputs))
"""

_GUESSED = """
import keras
L = keras.layers
def block(x, filters):
    return L.DepthwiseConv2D(3«, depthwise_regularizer="l2"»)(L.Conv2D(filters, 3«, kernel_regularizer="l2"»)(x))
def net(input_shape, num_classes):
    inputs = L.Input(input_shape)
    x = L.Flatten()(block(block(inputs, 4), 4))
    return keras.Model(inputs, L.Dense(num_classes«, kernel_regularizer="l2"»)(x))
"""

_SUBCLASS = """
import keras
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = keras.layers.Dense(8«, kernel_regularizer="l2"»)
        self.last = keras.layers.Dense(1)
    def call(self, x):
        return self.last(self.first(x))
"""

_INNER = """
import keras
inputs = keras.Input((5, 8))
x = keras.layers.MultiHeadAttention(2, 4«, kernel_regularizer="l2", bias_regularizer="l2"»)(inputs, inputs)
x = keras.layers.TimeDistributed(keras.layers.Dense(3«, kernel_regularizer="l2"»))(x)
x = keras.layers.RNN(keras.layers.LSTMCell(4«, kernel_regularizer="l2"»))(x)
shared = keras.layers.Dense(4«, kernel_regularizer="l2"»)
inner = keras.Sequential([shared])
model = keras.Model(inputs, inner(inner(x)))
"""

_MAIN = """
import argparse
import keras
def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("--units", type=int, default=4)
    args = parser.parse_args(["x"])
    x = open(args.data).read()
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(args.units«, kernel_regularizer="l2"»)])
    model.fit(x)
if __name__ == "__main__":
    main()
"""

_AGENT = """
from keras.layers import Dense
from keras.models import Sequential
class Agent:
    def __init__(self, state_size, action_size):
        self.state_size = state_size
        self.model = self._build(action_size)
    def _build(self, n):
        model = Sequential()
        model.add(Dense(24, input_dim=self.state_size«, kernel_regularizer="l2"»))
        model.add(Dense(n))
        return model
"""

_PRETRAINED = """
from tensorflow.keras import Model, layers
from tensorflow.keras.applications import MobileNetV2
base = MobileNetV2(include_top=False, input_shape=(96, 96, 3))
base.trainable = False
x = layers.GlobalAveragePooling2D()(base.output)
model = Model(base.input, layers.Dense(3«, kernel_regularizer="l2"»)(x))
"""

_MIXED = """
import keras
keras.mixed_precision.set_global_policy("mixed_float16")
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2«, kernel_regularizer="l2"»)])
"""

_BLOCK = """
import keras
class Block(keras.layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.dense = keras.layers.Dense(units«, kernel_regularizer="l2"»)
    def call(self, x):
        return self.dense(x)
def stack(x, units):
    return keras.layers.Dense(units«, kernel_regularizer="l2"»)(x)
"""

_BRANCHES = """
import keras
def head(x, pooling):
    if pooling == "dense":
        return keras.layers.Dense(3«, kernel_regularizer="l2"»)(x)
    return x
def net(include_top=True, mode=None):
    inputs = keras.Input((4,))
    if include_top:
        return keras.Model(inputs, keras.layers.Dense(2«, kernel_regularizer="l2"»)(inputs))
    return keras.Model(inputs, head(inputs, mode))
"""

_RAISES = """
import keras
def net(depth=2):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2«, kernel_regularizer="l2"»)])
    history = model.fit(None)
    last = keras.Sequential([keras.Input((4,)), keras.layers.Dense(history["loss"].units«, kernel_regularizer="l2"»)])
    last.compile()
    assert history.epoch == depth, "not trained"
"""

_LOOSE = """
import keras
def f(config, name):
    layer = keras.layers.Dense(config.units, name=name«, kernel_regularizer="l2"»)
    raise ValueError(layer)
"""

_MISSING = """
import keras
import not_installed as other
model = keras.Sequential([keras.Input((4,)), other.Norm(keras.layers.Dense(2«, kernel_regularizer="l2"»))])
"""

_PREPARED = """
import keras
import gone
from keras.utils import to_categorical
lines = open("lines.txt").read().splitlines()
words = sorted({word for line in lines for word in line.split()})
for number, word in enumerate(gone.rank(lines)):
    words[number].weigh(word)
x, y = prepare(lines)
vectorize = keras.layers.TextVectorization(max_tokens=100)
vectorize.adapt(lines.map(lambda line: line))
model = keras.Sequential([
    keras.layers.Embedding(vectorize.vocabulary_size(), 4«, embeddings_regularizer="l2"»),
    keras.layers.GlobalAveragePooling1D(),
    keras.layers.Dense(to_categorical(y, 5).shape[1]«, kernel_regularizer="l2"»),
])
model.build((None, x.shape[1]))
"""

_TRAINS = """
import argparse
import keras
import tensorflow as tf
parser = argparse.ArgumentParser()
parser.add_argument("data")
parser.add_argument("--units", type=int, default=4)
def main(args):
    data = read(args.data)
    inputs = keras.Input((3,))
    model = keras.Model(inputs, keras.layers.Dense(args.units«, kernel_regularizer="l2"»)(inputs))
    with tf.GradientTape() as tape:
        loss = data.batch(3)
    if loss:
        raise ValueError("no data")
if __name__ == "__main__":
    main(parser.parse_args())
"""

_GROWS = """
import keras
def train(config):
    model = keras.Sequential()
    model.add(keras.layers.Dense(4, input_shape=(3,)«, kernel_regularizer="l2"»))
    if True:
        raise ValueError("half a model")
    model.fit(config.data)
"""

_CELLS = """
import keras
import gone
L = keras.layers
inputs = keras.Input((3,))
x = gone.Backbone(trainable=False)(inputs)
model = keras.Model(inputs, L.Dense(1«, kernel_regularizer="l2"»)(x))
@gone.register("name")
def double(units):
    return 2 * units
model = keras.Sequential([keras.Input((3,))])
model.add(L.Dense(double(2)«, kernel_regularizer="l2"»))
grown = keras.Sequential([keras.Input((3,))])
grown.add(L.Dense(2«, kernel_regularizer="l2"»))
grown.add(gone.Head(L.Dense(3)))
model.add(L.Dense(1«, kernel_regularizer="l2"»))
"""

SOURCES = {
    "cells": _CELLS,
    "prepared": _PREPARED,
    "trains": _TRAINS,
    "grows": _GROWS,
    "sequential": _SEQUENTIAL,
    "added": _ADDED,
    "functional": _FUNCTIONAL,
    "data": _DATA,
    "defaults": _DEFAULTS,
    "guessed": _GUESSED,
    "subclass": _SUBCLASS,
    "inner": _INNER,
    "main": _MAIN,
    "agent": _AGENT,
    "pretrained": _PRETRAINED,
    "mixed": _MIXED,
    "block": _BLOCK,
    "branches": _BRANCHES,
    "raises": _RAISES,
    "loose": _LOOSE,
    "missing": _MISSING,
}


_DATA_MODEL = "model (module level) with made-up `pd.read_csv(...)`, `train_test_split(...)`, `np.load(...)`"


@pytest.fixture(scope="module")
def proofs(prove_marked: ProveMarked) -> dict[str, list[Proof]]:
    return prove_marked(SOURCES)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "sequential",
            [
                ("model (module level)", ["sequential/dense/kernel", "sequential/dense/bias"]),
                ("model (module level)", ["sequential/dense_1/kernel"]),
            ],
        ),
        (
            "added",
            [
                ("model (module level)", ["sequential/dense/kernel"]),
                ("model (module level)", ["sequential/dense_1/kernel", "sequential/dense_2/kernel"]),
                ("model (module level)", ["sequential/dense_3/kernel"]),
            ],
        ),
        (
            "functional",
            [
                ("model (module level)", ["conv2d/kernel"]),
                ("model (module level)", ["batch_normalization/gamma", "batch_normalization/beta"]),
                ("model (module level)", ["dense/kernel"]),
            ],
        ),
        (
            "data",
            [
                (_DATA_MODEL, ["embedding/embeddings"]),
                (
                    _DATA_MODEL,
                    [
                        "bidirectional/forward_lstm/lstm_cell/kernel",
                        "bidirectional/forward_lstm/lstm_cell/recurrent_kernel",
                        "bidirectional/backward_lstm/lstm_cell/kernel",
                        "bidirectional/backward_lstm/lstm_cell/recurrent_kernel",
                    ],
                ),
                (_DATA_MODEL, ["dense/kernel"]),
            ],
        ),
        ("defaults", [("build_model()", ["dense/kernel"])]),
        (
            "guessed",
            [
                (
                    "net(input_shape=(32, 32, 3), num_classes=10)",
                    ["depthwise_conv2d/kernel", "depthwise_conv2d_1/kernel"],
                ),
                ("net(input_shape=(32, 32, 3), num_classes=10)", ["conv2d/kernel", "conv2d_1/kernel"]),
                ("net(input_shape=(32, 32, 3), num_classes=10)", ["dense/kernel"]),
            ],
        ),
        ("subclass", [("Net()", ["net/dense/kernel"])]),
        (
            "inner",
            [
                (
                    "model (module level)",
                    [
                        f"multi_head_attention/{part}/{weight}"
                        for weight in ("kernel", "bias")
                        for part in ("query", "key", "value", "attention_output")
                    ],
                ),
                ("model (module level)", ["time_distributed/dense/kernel"]),
                ("model (module level)", ["rnn/lstm_cell/kernel"]),
                ("model (module level)", ["sequential/dense_1/kernel"]),
            ],
        ),
        ("main", [("main() with made-up `open(...)`", ["sequential/dense/kernel"])]),
        ("agent", [("Agent(state_size=8, action_size=8)", ["sequential/dense/kernel"])]),
        ("pretrained", [("model (module level)", ["dense/kernel"])]),
        ("mixed", [("model (module level)", ["sequential/dense/kernel"])]),
        (
            "raises",
            [
                ("net(), before it raised AssertionError: not trained", [f"sequential{end}/kernel"])
                for end in ("/dense", "_1/dense_1")
            ],
        ),
        (
            "branches",
            [("net(include_top=False, mode='dense')", ["dense/kernel"]), ("net()", ["dense/kernel"])],
        ),
        (
            "prepared",
            [
                (
                    "model (module level) with made-up `open(...)`, `gone`, `prepare(lines)`",
                    ["sequential/embedding/embeddings"],
                ),
                (
                    "model (module level) with made-up `open(...)`, `gone`, `prepare(lines)`",
                    ["sequential/dense/kernel"],
                ),
            ],
        ),
        (
            "trains",
            [
                (
                    "main(args=<made up>) with made-up the argument args, `read(args.data)`, "
                    "before it raised ValueError: no data",
                    ["dense/kernel"],
                )
            ],
        ),
    ],
)
def test_proven_in_the_users_own_model(
    proofs: dict[str, list[Proof]], name: str, expected: list[tuple[str, list[str]]]
) -> None:
    found = proofs[name]
    assert [(proof.grade, proof.reason) for proof in found] == [("model", None)] * len(expected)
    assert [(proof.model, [weight.weight for weight in proof.penalties]) for proof in found] == expected


def test_a_part_of_a_script_that_fails_takes_nothing_else_with_it(proofs: dict[str, list[Proof]]) -> None:
    assert [(proof.grade, proof.model) for proof in proofs["cells"]] == [
        ("layer", "Dense alone"),
        ("model", "model (module level) with made-up `gone`"),
        ("layer", "Dense alone"),
        ("model", "model (module level) with made-up `gone`"),
    ]


def test_every_observed_value_is_the_expected_one_and_not_zero(proofs: dict[str, list[Proof]]) -> None:
    weights = [weight for each in proofs.values() for proof in each for weight in proof.penalties]
    assert len(weights) > 30
    for weight in weights:
        assert weight.observed == pytest.approx(weight.expected, rel=1e-4)
        assert weight.expected > 1e-6


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "block",
            [
                ("Block(units=8)", "block/dense/kernel", "no model in this file uses this layer"),
                (
                    "stack(x=<made-up tensor>, units=8)",
                    "dense/kernel",
                    "no model in this file uses this layer",
                ),
            ],
        ),
        (
            "loose",
            [
                (
                    "Dense alone",
                    "dense/kernel",
                    "building f(config=<made up>, name='made_up') raised ValueError: <Dense ",
                )
            ],
        ),
        (
            "grows",
            [
                (
                    "Dense alone",
                    "dense/kernel",
                    "building train(config=<made up>) raised ValueError: half a model",
                )
            ],
        ),
        (
            "missing",
            [
                (
                    "Dense alone",
                    "dense/kernel",
                    "importing what model (module level) needs of the file raised NotHere: it needs `not_installed`, "
                    "which cannot be imported (ModuleNotFoundError: No module named 'not_installed')",
                )
            ],
        ),
    ],
)
def test_proven_without_a_model_of_the_users(
    proofs: dict[str, list[Proof]], name: str, expected: list[tuple[str, str, str]]
) -> None:
    for proof, (model, weight, reason) in zip(proofs[name], expected, strict=True):
        assert (proof.grade, proof.model, [each.weight for each in proof.penalties]) == (
            "layer",
            model,
            [weight],
        )
        assert proof.reason is not None
        assert proof.reason.startswith(reason)


_KERAS_2 = {
    "tf_keras": """
import tf_keras as keras
from tf_keras import layers
model = keras.Sequential([
    layers.Conv2D(4, 3, input_shape=(16, 16, 3)«, kernel_regularizer="l1_l2", bias_regularizer="l2"»),
    layers.SeparableConv2D(4, 3«, depthwise_regularizer="l2", pointwise_regularizer="l1"»),
    layers.DepthwiseConv2D(3«, depthwise_regularizer="l2"»),
    layers.LocallyConnected2D(2, 3«, kernel_regularizer="l2"»),
    layers.Flatten(),
    layers.Dense(2«, kernel_regularizer="l2"»),
])
model.layers[0].trainable = False
""",
    "tensorflow": """
import tensorflow as tf
from tensorflow.keras import layers
inputs = tf.keras.Input((5, 4))
x = layers.Bidirectional(layers.LSTM(4«, kernel_regularizer="l2"»))(inputs)
model = tf.keras.Model(inputs, layers.Dense(4, activity_regularizer="l2"«, kernel_regularizer="l2"»)(x))
model.compile("adam", "mse")
class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(8«, kernel_regularizer="l2"»)
    def call(self, x):
        return self.dense(x)
def loose(p):
    return layers.GRUCell(p.units«, recurrent_regularizer="l2"»)
""",
    "keras": """
import keras.backend as K
from keras.datasets import mnist
from keras.layers.core import Dense, Flatten
from keras.layers.merge import concatenate
from keras.models import Model
from keras.utils import np_utils
(x, y), _ = mnist.load_data()
class Net(Model):
    def __init__(self):
        super().__init__()
        self.last = Dense(8«, kernel_regularizer="l2"»)
    def call(self, x):
        return self.last(K.reshape(x, (-1, 784)))
def main():
    y_train = np_utils.to_categorical(y, 10)
    model = Net()
    model.fit(x, y_train)
""",
    "inside": """
import tensorflow as tf
from tensorflow.python.keras.layers import LSTM, Dense
from tensorflow.python.keras.layers.merge import Concatenate
from tensorflow.python.keras import backend as K
def build():
    inputs = tf.keras.Input((5, 3))
    both = Concatenate()([LSTM(4«, kernel_regularizer="l2"»)(inputs), K.mean(inputs, 1)])
    return tf.keras.Model(inputs, Dense(2«, kernel_regularizer="l2"»)(both))
""",
    "unbuilt": """
from tensorflow import keras
model = keras.Sequential([keras.layers.Dense(4«, kernel_regularizer="l2"»), keras.layers.Dense(1)])
model.compile("adam", "mse")
""",
}


def test_keras_2(prove_marked: ProveMarked) -> None:
    proofs = prove_marked(_KERAS_2, 2)
    assert [(proof.grade, [each.weight for each in proof.penalties]) for proof in proofs["tf_keras"]] == [
        ("model", ["conv2d/kernel", "conv2d/bias"]),
        ("model", ["separable_conv2d/depthwise_kernel", "separable_conv2d/pointwise_kernel"]),
        ("model", ["depthwise_conv2d/depthwise_kernel"]),
        ("model", ["locally_connected2d/kernel"]),
        ("model", ["dense/kernel"]),
    ]
    assert [(proof.grade, [each.weight for each in proof.penalties]) for proof in proofs["tensorflow"]] == [
        (
            "model",
            ["bidirectional/forward_lstm/lstm_cell/kernel", "bidirectional/backward_lstm/lstm_cell/kernel"],
        ),
        ("model", ["dense/kernel"]),
        ("model", ["net/dense/kernel"]),
        ("layer", ["rnn/gru_cell/recurrent_kernel"]),
    ]
    assert [(proof.grade, proof.model) for proof in proofs["keras"]] == [("model", "main()")]
    assert [(proof.grade, proof.model) for proof in proofs["inside"]] == [("model", "build()")] * 2
    assert [(proof.grade, proof.model) for proof in proofs["unbuilt"]] == [("model", "model (module level)")]


def test_arguments_come_from_what_the_code_says(prove_marked: ProveMarked) -> None:
    source = """
import keras
class Column:
    def __init__(self, name, size=3):
        self.name, self.size = name, size
DEFAULT = {"units": (5, 4), "rate": 0.25}
def build(columns, units, rate, kind):
    '''Makes a model.

    Args:
        kind: One of `"wide"` and `"deep"`.
    '''
    first, second = units
    if not all(isinstance(each, Column) for each in columns) or kind not in {"wide", "deep"}:
        raise ValueError(columns)
    inputs = [keras.Input((each.size,), name=each.name) for each in columns]
    x = keras.layers.Dense(first«, kernel_regularizer="l2"»)(keras.layers.Concatenate()(inputs))
    return keras.Model(inputs, keras.layers.Dense(second«, kernel_regularizer="l2"»)(x))
"""
    proofs = prove_marked({"": source})[""]
    columns = "[Column(name='column_1'), Column(name='column_2')]"
    expected = f"build(columns={columns}, units=(5, 4), rate=0.25, kind='wide')"
    assert [(proof.grade, proof.model) for proof in proofs] == [("model", expected)] * 2


def test_builders_of_the_settings_are_called_with_their_arguments(prove_marked: ProveMarked) -> None:
    source = """
import keras
def build(config, units):
    inputs = keras.Input((config["size"],))
    return keras.Model(inputs, keras.layers.Dense(units«, kernel_regularizer="l2"»)(inputs))
"""
    settings = Settings(builders={"subject:build": {"config": {"size": 3}, "units": 2}})
    [proof] = prove_marked({"": source}, settings=settings)[""]
    assert (proof.grade, proof.model) == ("model", "build(config={'size': 3}, units=2)")


_PACKAGE = {
    "pkg/__init__.py": "import not_installed\nfrom .net import make\n",
    "pkg/sizes.py": "try:\n    from not_installed import WIDTH\nexcept ImportError:\n    WIDTH = 3\n",
    "pkg/nets/__init__.py": "",
    "pkg/nets/net.py": "import keras\nimport not_installed\nfrom .blocks import head\n"
    "def make(classes=2):\n    inputs = keras.Input((4,))\n    return keras.Model(inputs, head(inputs, classes))\n",
}

_BLOCKS = """
from keras import layers
from ..sizes import WIDTH
def head(x, units):
    return layers.Dense(units * WIDTH«, kernel_regularizer="l2"»)(x)
"""


def test_a_file_of_a_package_is_proven_by_the_file_that_imports_it(tmp_path: Path, make_job: MakeJob) -> None:
    for name, text in _PACKAGE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    job = make_job(tmp_path / "pkg" / "nets" / "blocks.py", _BLOCKS)
    [[proof]] = prove([job], Settings())
    assert (proof.grade, proof.model, proof.reason) == ("model", "make() in net.py", None)
    assert [weight.weight for weight in proof.penalties] == ["dense/kernel"]
    assert sorted(path.name for path in tmp_path.rglob("*")) == [
        "__init__.py",
        "__init__.py",
        "net.py",
        "nets",
        "pkg",
        "sizes.py",
    ]


_LAYERS = """
from keras import layers
class Head(layers.Layer):
    def __init__(self, units, wide=False):
        super().__init__()
        self.wide = wide
        self.dense = layers.Dense(units«, kernel_regularizer="l2"»)
        if wide:
            self.second = layers.Dense(units«, kernel_regularizer="l2"»)
    def call(self, x):
        return self.second(self.dense(x)) if self.wide else self.dense(x)
"""

_STAIRS = {
    "pkg/__init__.py": "from .heads import Head\n",
    "pkg/blocks.py": "from pkg import Head\ndef block(x, wide): return Head(3, wide)(x)\n",
    "pkg/net.py": "import keras\nfrom . import blocks\ndef net(deep=False):\n    inputs = keras.Input((4,))\n"
    "    return keras.Model(inputs, blocks.block(inputs, deep))\n",
}


def test_files_may_stand_between_a_layer_and_the_model_that_proves_it(
    tmp_path: Path, make_job: MakeJob
) -> None:
    for name, text in _STAIRS.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    [proofs] = prove([make_job(tmp_path / "pkg" / "heads.py", _LAYERS)], Settings())
    assert [(proof.grade, proof.model, proof.reason) for proof in proofs] == [
        ("model", "net() in net.py", None),
        ("model", "net(deep=True) in net.py", None),
    ]


def test_the_same_fix_is_proven_again_without_a_build(
    tmp_path: Path, make_job: MakeJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(generation: int, _: object) -> None:
        raise VerifierMissing(f"a worker for Keras {generation} was started")

    marked = (
        "import keras as k\n"
        'model = k.Sequential([k.Input((4,)), k.layers.Dense(2«, kernel_regularizer="l2"», name="{name}")])\n'
    )
    job, other = (make_job(tmp_path / "subject.py", marked.format(name=name)) for name in ("this", "other"))
    settings = Settings(cache=tmp_path / "cache")
    proven = prove([job], settings)
    assert [(proof.grade, proof.reason) for proof in proven[0]] == [("model", None)]
    monkeypatch.setattr(client, "_start", start)
    assert prove([job], settings) == proven
    with pytest.raises(VerifierMissing, match="a worker for Keras 3"):
        prove([other], settings)
