"""Which layers end a model, which do not, and of which that is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reglint.keras.traits import Traits

if TYPE_CHECKING:
    from tests.conftest import Reader

HEAD = """\
import keras
import tensorflow as tf
from keras import Input, Model, Sequential
from keras.layers import *
"""

# A source, and of each layer with weights, in the order of the source, whether it ends a model.
CASES: dict[str, tuple[str, list[bool | None]]] = {
    # Sequential
    "the last of a list": ("m = Sequential([Dense(4), Dense(2)])", [False, True]),
    "before layers without weights": (
        "m = Sequential([Dense(4), Dropout(0.1), Dense(2), Activation('softmax')])",
        [False, True],
    ),
    "the last that is added": (
        "m = Sequential()\nm.add(Dense(4))\nm.add(Flatten())\nm.add(Dense(2))\nm.add(Activation('softmax'))",
        [False, True],
    ),
    "added to a list": ("m = Sequential([Dense(4)])\nm.add(Dense(2))", [False, True]),
    "returned": ("def build():\n    return Sequential([Dense(4), Dense(2)])", [False, True]),
    "added in a function": (
        "def build():\n    m = Sequential()\n    m.add(Dense(4))\n    m.add(Dense(2))\n    return m",
        [False, True],
    ),
    "two models of one name": (
        "m = Sequential()\nm.add(Dense(4))\nm = Sequential()\nm.add(Dense(2))",
        [True, True],
    ),
    "added in a branch": (
        "m = Sequential()\nm.add(Dense(4))\nif flag:\n    m.add(Dense(3))\nelse:\n    m.add(Dropout(0.1))",
        [None, None],
    ),
    "added after a branch": (
        "m = Sequential()\nif flag:\n    m.add(Dense(4))\nm.add(Dense(3))",
        [False, True],
    ),
    "added in a loop": ("m = Sequential()\nfor n in sizes:\n    m.add(Dense(n))", [None]),
    "before what is not known": ("m = Sequential([Dense(4), block()])", [None]),
    "added to what is not known": ("def f(m):\n    m.add(Dense(4))", [None]),
    "a wrapped layer": ("m = Sequential([Bidirectional(LSTM(4)), TimeDistributed(Dense(2))])", [False, True]),
    "before a wrapped layer": ("m = Sequential([Dense(4), TimeDistributed(Dense(2))])", [False, True]),
    "a block in a list": (
        "m = Sequential([Sequential([Dense(4), Dense(3)]), Dense(2)])",
        [False, False, True],
    ),
    "tf.keras": (
        "m = tf.keras.Sequential([tf.keras.layers.Dense(4), tf.keras.layers.Dense(2)])",
        [False, True],
    ),
    # Functional
    "the outputs of a model": (
        "i = Input((4,))\nx = Dense(4)(i)\ny = Dense(2)(x)\nm = Model(inputs=i, outputs=y)",
        [False, True],
    ),
    "by position, in a list": (
        "i = Input((4,))\nx = Dense(4)(i)\ny = Dense(2)(x)\nz = Dense(3)(x)\nm = Model([i], [y, z])",
        [False, True, True],
    ),
    "one name again and again": (
        "i = Input((4,))\nx = Dense(4)(i)\nx = BatchNormalization()(x)\nx = Dense(2)(x)\nm = keras.Model(i, x)",
        [False, False, True],
    ),
    "through layers without weights": (
        "i = Input((4,))\nx = Dense(4)(i)\nx = Activation('relu')(x)\nx = Dense(2)(x)\n"
        "x = tf.nn.softmax(x)\nm = Model(i, x)",
        [False, True],
    ),
    "a layer with a name": ("i = Input((4,))\nhead = Dense(2)\nm = Model(i, head(i))", [True]),
    "one in another": ("i = Input((4,))\nm = Model(i, Dense(2)(Dense(4)(i)))", [True, False]),
    "a gate": (
        "i = Input((4,))\ng = Dense(4, activation='sigmoid')(i)\nx = Multiply()([i, g])\nx = Dense(2)(x)\n"
        "m = Model(i, x)",
        [False, True],
    ),
    "a gate as an operation": (
        "i = Input((4,))\ng = Dense(4, activation='sigmoid')(i)\nx = Dense(2)(i * g)\nm = Model(i, x)",
        [False, True],
    ),
    "an output that goes on too": (
        "i = Input((4,))\nx = Dense(4)(i)\ny = Dense(2)(x)\nm = Model(i, [x, y])",
        [True, True],
    ),
    "returned to the caller": (
        "def block(x):\n    return Dense(4)(x)\ni = Input((4,))\nm = Model(i, block(i))",
        [True],
    ),
    "returned to a caller that goes on": (
        "def block(x):\n    return Dense(4)(x)\ni = Input((4,))\nx = block(i)\nm = Model(i, Dense(2)(x))",
        [False, True],
    ),
    "nobody calls it": ("def block(x):\n    return Dense(4)(x)", [None]),
    "passed to a function of the project": ("x = Dense(4)(x)\ny = block(x)", [None]),
    "the inputs of a model": ("x = Dense(4)(i)\nm = Model(x, y)", [None]),
    "not used": ("x = Dense(4)(i)", [None]),
    # softmax and sigmoid
    "softmax": ("x = Dense(4, activation='softmax')(i)", [True]),
    "sigmoid of a kind": ("x = Dense(4, activation=tf.nn.sigmoid)(i)", [True]),
    "relu": ("x = Dense(4, activation='relu')(i)", [None]),
    "convolution with sigmoid": ("x = Conv2D(4, 3, activation='sigmoid')(i)", [None]),
    "activation not known": ("x = Dense(4, activation=flag)(i)", [None]),
    # Subclasses
    "what call returns": (
        "class Net(Model):\n    def __init__(self):\n        super().__init__()\n        self.a = Dense(4)\n"
        "        self.b = Dense(2)\n    def call(self, x):\n        x = self.a(x)\n        return self.b(x)",
        [False, True],
    ),
    "what call of a layer returns": (
        "class Block(Layer):\n    def __init__(self):\n        self.a = Dense(4)\n"
        "    def call(self, x):\n        return self.a(x)",
        [None],
    ),
    "never called": ("class Net(Model):\n    def __init__(self):\n        self.a = Dense(4)", [None]),
}


@pytest.mark.parametrize("case", CASES)
def test_outputs(case: str, read: Reader) -> None:
    source, expected = CASES[case]
    module = read(HEAD + source)
    assert [Traits(module, site, site.alternatives[0]).is_output for site in module.sites] == expected


ELSEWHERE = "def block(x):\n    return Dense(4)(x)\ni = Input((4,))\nm = Model(i, Dense(2)(block(i)))\n"


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("", [False, True]),
        ("from model import block\ny = block(x)\n", [None, True]),
        ("import model\nregister(model.block)\n", [None, True]),
    ],
)
def test_what_is_called_elsewhere_may_end_a_model_there(
    other: str, expected: list[bool | None], read: Reader
) -> None:
    module = read(HEAD + ELSEWHERE, other=other)
    assert [Traits(module, site, site.alternatives[0]).is_output for site in module.sites] == expected
