"""Which layers of a module are one model."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import libcst as cst
import pytest

if TYPE_CHECKING:
    from reglint.keras.models import Model
    from tests.conftest import Reader

HEAD = """\
from functools import partial
from keras import Input, Model, Sequential, layers
from keras.layers import Dense
"""

# source, the units of the layers of each model
CASES = {
    "the list of a Sequential": (
        "a = Sequential([Dense(1), Dense(2)])\nb = Sequential([Dense(3), Sequential([Dense(4)])])",
        [[1, 2], [3, 4]],
    ),
    "what is added to a Sequential": (
        "a = Sequential()\na.add(Dense(1))\nb = Sequential([Dense(2)])\na.add(layers.TimeDistributed(Dense(3)))\n"
        "b.add(Dense(4))",
        [[1, 3], [2, 4]],
    ),
    "a name that is bound again": (
        "m = Sequential()\nm.add(Dense(1))\nm = Sequential()\nm.add(Dense(2))",
        [[1], [2]],
    ),
    "a Sequential in an attribute": (
        "class Net:\n    def __init__(self):\n        self.a = Sequential()\n        self.a.add(Dense(1))\n"
        "        self.a.add(Dense(2))\n        self.b = Sequential([Dense(3)])",
        [[1, 2], [3]],
    ),
    "a Sequential that a function adds to": (
        "def block(model):\n    model.add(Dense(1))\n    model.add(Dense(2))\n"
        "def build():\n    model = Sequential()\n    model.add(Dense(3))\n    block(model)\n    return model",
        [[1, 2, 3]],
    ),
    "the module's own code, up to each Model": (
        "i = Input((2,))\nx = Dense(1)(i)\nencoder = Model(i, Dense(2)(x))\n"
        "j = Input((2,))\ny = Dense(3)(j)\ndecoder = Model(j, y)\nz = Dense(4)(y)",
        [[1, 2], [3, 4]],
    ),
    "functions": (
        "def small():\n    i = Input((2,))\n    return Model(i, Dense(1)(i))\n"
        "def large():\n    i = Input((2,))\n    x = Dense(2)(i)\n    x = Dense(3)(x)\n    return Model(i, x)\n"
        "model = small()\nother = large()\nk = Dense(4)",
        [[1], [2, 3], [4]],
    ),
    "a helper is part of the model that calls it": (
        "def block(x):\n    return Dense(1)(inner(x))\ndef inner(x):\n    return Dense(2)(x)\n"
        "def build():\n    i = Input((2,))\n    x = block(i)\n    return Model(i, Dense(3)(x))\n"
        "def other():\n    return Sequential([Dense(4)])",
        [[1, 2, 3], [4]],
    ),
    "a helper of two models": (
        "def block(x):\n    return Dense(1)(x)\n"
        "def small():\n    i = Input((2,))\n    return Model(i, Dense(2)(block(i)))\n"
        "def large():\n    i = Input((2,))\n    return Model(i, Dense(3)(block(i)))",
        [[1, 2], [1, 3]],
    ),
    "a helper that is handed on": (
        "def block(x):\n    return Dense(1)(x)\ndef thin(x):\n    return Dense(2)(x)\n"
        "def build():\n    i = Input((2,))\n    x = repeat(block, i)\n    x = partial(thin)(x)\n"
        "    return Model(i, Dense(3)(x))",
        [[1, 2, 3]],
    ),
    "a nested helper": (
        "def build():\n    def block(x):\n        return Dense(1)(x)\n    i = Input((2,))\n"
        "    last = lambda x: Dense(2)(x)\n    return Model(i, last(block(i)))",
        [[1, 2]],
    ),
    "helpers that nobody calls, or only what makes no layers": (
        "def one(x):\n    return Dense(1)(Dense(2)(x))\ndef other(x):\n    return Dense(3)(x)\n"
        "def main(x):\n    print(one(x), other(x))",
        [[1, 2], [3]],
    ),
    "helpers that call each other": (
        "def one(x):\n    return Dense(1)(other(x))\ndef other(x):\n    return Dense(2)(one(x))",
        [[1], [2]],
    ),
    "a class that is a model": (
        "class Net(Model):\n    def __init__(self):\n        super().__init__()\n        self.a = Dense(1)\n"
        "        self.b = Block()\n    def build(self, shape):\n        self.c = Dense(2)\n"
        "    def functional(self):\n        return Model(Input((2,)), self.call(Input((2,))))\n"
        "class Block(layers.Layer):\n    def __init__(self):\n        super().__init__()\n        self.d = Dense(3)\n"
        "class Deep(Net):\n    def __init__(self):\n        super().__init__()\n        self.e = Dense(4)",
        [[1, 2, 3], [4]],
    ),
    "a class of layers that is none itself": (
        "class Parts:\n    def __init__(self):\n        self.a = Dense(1)\n    def first(self):\n"
        "        i = Input((2,))\n        return Model(i, Dense(2)(self.head(i)))\n"
        "    def head(self, x):\n        return Dense(3)(x)\n"
        "    def second(self):\n        return Sequential([Dense(4)])",
        [[1], [2, 3], [4]],
    ),
    "an object of layers in a model": (
        "class Parts:\n    def __init__(self):\n        self.a = Dense(1)\n"
        "def build():\n    i = Input((2,))\n    parts = Parts()\n    return Model(i, Dense(2)(parts.a(i)))",
        [[1, 2]],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_models(case: str, read: Reader) -> None:
    source, expected = CASES[case]
    module = read(HEAD + source)
    models: dict[Model, list[int]] = defaultdict(list)
    for site in module.sites:
        units = site.call.args[0].value
        assert isinstance(units, cst.Integer)
        for model in module.models.of(site):
            models[model].append(units.evaluated_value)
    assert sorted(map(sorted, models.values())) == expected
