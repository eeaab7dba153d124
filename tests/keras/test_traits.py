from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import pytest

from reglint.keras.catalog import load
from reglint.keras.penalty import Penalty
from reglint.keras.traits import Traits

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from tests.conftest import Reader

HEAD = """\
from functools import partial
import keras
import tensorflow as tf
from keras import layers
from keras.layers import *
"""


def traits(source: str, read: Reader, **others: str) -> Traits:
    module = read(HEAD + source, **others)
    site = module.sites[-1]
    return Traits(module, site, site.alternatives[0])


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("Dense(4, name='head')", ("head",)),
        ("Dense(4)", ()),
        ("Dense(4, name=None)", ()),
        ("Dense(4, name='a' if flag else 'b')", ("a", "b")),
        ("Dense(4, name='a' if flag else None)", ("a", "")),
        ("NAME = 'head'\nDense(4, name=NAME)", ("head",)),
        ("Dense(4, name=f'head_{n}')", None),
        ("Dense(4, name=prefix + '_head')", None),
        ("Dense(4, **options)", None),
        ("Dense(4, **{'name': 'head'})", ("head",)),
        ("partial(Dense, name='head')(4)", ("head",)),
        ("def block(name):\n    Dense(4, name=name)", None),
        ("def block(name=None):\n    Dense(4, name=name)", None),
        ("def block(name=None):\n    Dense(4, name=name)\nblock('a')\nblock('b')\nblock()", ("a", "b", "")),
    ],
)
def test_names(source: str, names: tuple[str, ...] | None, read: Reader) -> None:
    assert traits(source, read).names == names


@pytest.mark.parametrize(
    ("source", "activations"),
    [
        ("Dense(4, 'softmax')", ("softmax",)),
        ("Dense(4, activation='softmax')", ("softmax",)),
        ("Dense(4, activation=tf.nn.softmax)", ("softmax",)),
        ("Dense(4, activation=keras.activations.softmax)", ("softmax",)),
        ("Dense(4, activation=tf.keras.activations.relu)", ("relu",)),
        ("Dense(4, activation=layers.ReLU())", ("relu",)),
        ("Dense(4, activation='relu' if flag else None)", ("relu", "linear")),
        ("Dense(4)", ("linear",)),
        ("Conv2D(4, 3, activation=None)", ("linear",)),
        ("LSTM(4)", ("tanh",)),
        ("BatchNormalization()", ()),
        ("Dense(4, activation=flag)", None),
        ("Dense(4, activation=lambda x: x)", None),
        ("Dense(4, **options)", None),
    ],
)
def test_activations(source: str, activations: tuple[str, ...] | None, read: Reader) -> None:
    assert traits(source, read).activations == activations


@pytest.mark.parametrize(
    ("source", "classes"),
    [
        ("Dense(4)", ()),
        ("class Mine(Dense): pass\nMine(4)", ("model.Mine",)),
        ("class A(Dense): pass\nclass B(A): pass\nB(4)", ("model.B",)),
        ("from pkg.blocks import ConvBN\nConvBN(4, 3)", ("pkg.blocks.ConvBN",)),
        ("import pkg.blocks as b\npartial(b.ConvBN, 4)(3)", ("pkg.blocks.ConvBN",)),
    ],
)
def test_classes(source: str, classes: tuple[str, ...], read: Reader) -> None:
    others = {
        "pkg/__init__.py": "",
        "pkg/blocks.py": "from keras.layers import Conv2D\nclass ConvBN(Conv2D): pass\n",
    }
    assert traits(source, read, **others).classes == classes


@pytest.mark.parametrize(
    ("source", "kernel", "penalty"),
    [
        ("Dense(4, kernel_regularizer='l2')", "kernel", Penalty(l2=0.01)),
        ("Dense(4, kernel_regularizer=None)", "kernel", Penalty()),
        ("Dense(4)", "kernel", Penalty()),
        ("Dense(4, kernel_regularizer=flag)", "kernel", None),
        ("def f(reg):\n    Dense(4, kernel_regularizer=reg)", "kernel", None),
        ("DepthwiseConv2D(3)", "depthwise", Penalty()),
        ("SeparableConv2D(4, 3)", "depthwise", Penalty()),
        ("LSTM(4)", "kernel", Penalty()),
        ("BatchNormalization()", None, None),
    ],
)
def test_kernel(source: str, kernel: str | None, penalty: Penalty | None, read: Reader) -> None:
    found = traits(source, read)
    assert found.kernel == kernel
    assert (found.penalty(kernel) if kernel else None) == penalty


@pytest.mark.keras
@pytest.mark.parametrize("generation", [2, 3])
def test_what_an_activation_is_by_default(generation: int, keras_of: Callable[[int], ModuleType]) -> None:
    layers = keras_of(generation).layers
    catalog = load(generation)
    for name in catalog.names():
        layer = catalog.layer(name)
        if "activation" in layer.parameters:
            default = inspect.signature(getattr(layers, name).__init__).parameters["activation"].default
            assert (name, default or "linear") == (name, "tanh" if layer.weight("recurrent") else "linear")
