"""Values that come out of objects, computed names and calculations, as far as they decide a layer or its penalty."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Reader


def found(read: Reader, source: str, **others: str) -> list[str]:
    """Each constructor's class and what regularizes its first weight."""
    imports = "from keras import layers, regularizers\n"
    module = read(
        imports + textwrap.dedent(source), **{name: textwrap.dedent(text) for name, text in others.items()}
    )
    return [f"{site.layer.name} {site.weights[0].penalty or site.weights[0].state}" for site in module.sites]


POINT = "from collections import namedtuple\nP = namedtuple('P', 'layer reg')\n"
RECORDS = {
    "by position": (
        POINT + "p = P(layers.Dense, 'l2')\np.layer(4, kernel_regularizer=p.reg)",
        ["Dense l2(0.01)"],
    ),
    "by keyword": (
        POINT + "p = P(reg='l2', layer=layers.Dense)\np.layer(4, kernel_regularizer=p.reg)",
        ["Dense l2(0.01)"],
    ),
    "missing": (POINT + "p = P(layers.Dense)\np.layer(4, kernel_regularizer=p.reg)", ["Dense unknown"]),
    "replaced": (
        POINT + "p = P(layers.Dense, 'l2')._replace(reg='l1')\nlayers.Dense(4, kernel_regularizer=p.reg)",
        ["Dense unknown"],
    ),
    "names in a list": (
        "import collections\nP = collections.namedtuple('P', ['reg'])\nlayers.Dense(4, kernel_regularizer=P('l2').reg)",
        ["Dense l2(0.01)"],
    ),
    "typing, called": (
        "import typing\nP = typing.NamedTuple('P', [('reg', str)])\n"
        "layers.Dense(4, kernel_regularizer=P('l2').reg)",
        ["Dense l2(0.01)"],
    ),
    "typing, a class": (
        "from typing import NamedTuple\nclass P(NamedTuple):\n    reg: str\n    n: int = 3\n"
        "p = P('l2')\nlayers.Dense(p.n, kernel_regularizer=p.reg)",
        ["Dense l2(0.01)"],
    ),
    "dataclass": (
        """
        from dataclasses import dataclass, field
        @dataclass(frozen=True)
        class Base:
            n: int
        @dataclass(frozen=True)
        class Config(Base):
            decay: float = 1e-4
            kwargs: dict = field(default_factory=dict)
            other: float = field(default=0.5)
        c = Config(4)
        layers.Dense(c.n, kernel_regularizer=regularizers.l2(c.decay))
        layers.Dense(4, kernel_regularizer=regularizers.l2(Config(4, 0.1).decay))
        layers.Dense(4, kernel_regularizer=regularizers.l2(c.other))
        layers.Dense(4, **c.kwargs)
        """,
        ["Dense l2(0.0001)", "Dense l2(0.1)", "Dense l2(0.5)", "Dense absent"],
    ),
    "dataclass with its own __init__": (
        """
        from dataclasses import dataclass
        @dataclass
        class Config:
            decay: float = 1e-4
            def __init__(self, decay):
                self.decay = decay * 2
        layers.Dense(4, kernel_regularizer=regularizers.l2(Config(0.1).decay))
        """,
        ["Dense l2(0.2)"],
    ),
    "dataclass, seen from inside": (
        """
        from dataclasses import dataclass
        @dataclass
        class Config:
            reg: str = None
            def f(self):
                layers.Dense(4, kernel_regularizer=self.reg)
        """,
        ["Dense unknown"],
    ),
    "dataclass, set again": (
        """
        from dataclasses import dataclass
        @dataclass
        class Config:
            reg: str = None
        c = Config()
        c.reg = 'l2'
        layers.Dense(4, kernel_regularizer=c.reg)
        """,
        ["Dense unknown"],
    ),
    "no dataclass": (
        "class Config:\n    reg: str = 'l2'\nlayers.Dense(4, kernel_regularizer=Config().reg)",
        ["Dense l2(0.01)"],
    ),
    "namespace": (
        "from types import SimpleNamespace\nns = SimpleNamespace(reg='l2')\nlayers.Dense(4, kernel_regularizer=ns.reg)",
        ["Dense l2(0.01)"],
    ),
    "namespace, set again": (
        "import types\nns = types.SimpleNamespace(reg='l2')\nns.reg = 'l1'\nlayers.Dense(4, kernel_regularizer=ns.reg)",
        ["Dense unknown"],
    ),
    "enumeration": (
        "from enum import Enum\nclass Decay(Enum):\n    LOW = 1e-5\n"
        "layers.Dense(4, kernel_regularizer=regularizers.l2(Decay.LOW.value))",
        ["Dense l2(1e-05)"],
    ),
}


@pytest.mark.parametrize("case", RECORDS)
def test_the_fields_of_an_object(case: str, read: Reader) -> None:
    source, expected = RECORDS[case]
    assert found(read, source) == expected


NAMES = {
    "getattr(layers, 'Conv{}D'.format(2))(4, 3)": ["Conv2D absent"],
    "getattr(layers, '{0}{1}'.format('Den', 'se'))(4)": ["Dense absent"],
    "getattr(layers, '{kind}'.format(kind='Dense'))(4)": ["Dense absent"],
    "getattr(layers, 'Conv%dD' % 2)(4, 3)": ["Conv2D absent"],
    "getattr(layers, '%s%s' % ('Den', 'se'))(4)": ["Dense absent"],
    "getattr(layers, f'Conv{1 + 1}D')(4, 3)": ["Conv2D absent"],
    "getattr(layers, 'Conv' + str(2) + 'D')(4, 3)": ["Conv2D absent"],
    "getattr(layers, ''.join(['Conv', '2', 'D']))(4, 3)": ["Conv2D absent"],
    "getattr(layers, 'dense'.capitalize())(4)": ["Dense absent"],
    "getattr(layers, 'lstm'.upper())(4)": ["LSTM absent"],
    "for kind in ('lstm', 'gru'):\n    getattr(layers, kind.upper())(4)": ["LSTM absent"],
    "for n in (1, 2):\n    getattr(layers, f'Conv{n}D')(4, 3)": ["Conv1D absent"],
    "def f(n):\n    getattr(layers, f'Conv{n}D')(4, 3)": ["Conv1D absent"],
    "def f(n):\n    getattr(layers, f'Conv{n}D')(4, 3)\nf(3)": ["Conv3D absent"],
    "def f(n):\n    name = 'Conv%dD' % n\n    getattr(layers, name)(4, 3)": ["Conv1D absent"],
    "def f(n):\n    getattr(layers, f'MaxPooling{n}D')(2)": [],
    "def f(n):\n    getattr(layers, n)(2)": [],
    "def f(n):\n    getattr(torch, f'Conv{n}D')(4, 3)": [],
    "getattr(layers, f'{(lambda: 2)()}')(4)": [],
    "getattr(layers, 'Conv{'.format(2))(4)": [],
    "getattr(layers, '%q' % 2)(4)": [],
    "vars(layers)['Dense'](4)": ["Dense absent"],
    "layers.__dict__['Dense'](4)": ["Dense absent"],
    "globals()['layers'].Dense(4)": ["Dense absent"],
    "globals()['Dense'](4)": [],
    "import sys\nsys.modules['keras'].layers.Dense(4)": ["Dense absent"],
    "__import__('keras').layers.Dense(4)": ["Dense absent"],
    "__import__('keras.layers').layers.Dense(4)": ["Dense absent"],
    "import importlib\nimportlib.import_module('.layers', 'keras').Dense(4)": ["Dense absent"],
    "import importlib\nimportlib.import_module('.layers', package=load()).Dense(4)": [],
    "import pytest\npytest.importorskip('tensorflow').keras.layers.Dense(4)": ["Dense absent"],
    "K = LazyLoader('K', globals(), 'tensorflow.keras')\nK.layers.Dense(4)": [],
    "from lazy import LazyLoader\nK = LazyLoader('K', globals(), 'tensorflow.keras')\nK.layers.Dense(4)": [
        "Dense absent"
    ],
}


@pytest.mark.parametrize("code", NAMES)
def test_a_class_by_a_computed_name(code: str, read: Reader) -> None:
    assert found(read, code) == NAMES[code]


def test_a_computed_name_that_is_not_known_is_any_that_it_can_be(read: Reader) -> None:
    module = read("from keras import layers\ndef f(n):\n    getattr(layers, f'Conv{n}D')(4, 3)\n")
    (site,) = module.sites
    assert [made.layer.name for made in site.alternatives] == ["Conv1D", "Conv2D", "Conv3D"]


def test_what_a_module_works_out_by_name(read: Reader) -> None:
    lazy = "def __getattr__(name):\n    import keras\n    return getattr(keras, name)\n"
    assert found(read, "from lazy import layers as L\nL.Dense(4)", lazy=lazy) == ["Dense absent"]
    closed = "def __getattr__(name):\n    raise AttributeError(name)\n"
    assert found(read, "from closed import layers as L\nL.Dense(4)", closed=closed) == []


NUMBERS = {
    "10**-4": "l2(0.0001)",
    "1e-3 / 2": "l2(0.0005)",
    "float('1e-4')": "l2(0.0001)",
    "int(3.9)": "l2(3)",
    "min(0.1, 0.2)": "l2(0.1)",
    "max(0.1, 0.2)": "l2(0.2)",
    "abs(-0.5)": "l2(0.5)",
    "round(0.126, 2)": "l2(0.13)",
    "pow(10, -2)": "l2(0.01)",
    "float(load())": "l2(?)",
    "float('x')": "l2(?)",
    "10**10**10": "l2(?)",
    "1 / 0": "l2(?)",
    "('a' * 10**9)": "l2(?)",
}


@pytest.mark.parametrize("number", NUMBERS)
def test_a_strength_is_worked_out(number: str, read: Reader) -> None:
    assert found(read, f"layers.Dense(4, kernel_regularizer=regularizers.l2({number}))") == [
        f"Dense {NUMBERS[number]}"
    ]


CONFIGURATIONS = {
    "{'class_name': 'L2', 'config': {'l2': 0.1}}": "l2(0.1)",
    "{'class_name': 'L2', 'config': {'l2': load()}}": "l2(?)",
    "{'class_name': 'L2', 'config': load()}": "unknown",
    "{'class_name': load(), 'config': {}}": "unknown",
    "{'l2': 0.1}": "unknown",
    "regularizers.get({'class_name': 'L1L2', 'config': {'l1': 0.1}})": "l1(0.1)",
    "regularizers.deserialize({'class_name': 'l2', 'config': {'l2': 0.1}})": "l2(0.1)",
}


@pytest.mark.parametrize("argument", CONFIGURATIONS)
def test_a_regularizer_as_a_configuration(argument: str, read: Reader) -> None:
    assert found(read, f"layers.Dense(4, kernel_regularizer={argument})") == [
        f"Dense {CONFIGURATIONS[argument]}"
    ]


KERAS_1 = {
    "layers.Dense(4, W_regularizer='l2')": {"kernel": "set", "bias": "absent"},
    "layers.Dense(4, W_regularizer='l2', b_regularizer='l1')": {"kernel": "set", "bias": "set"},
    "layers.Dense(4, bias=False, W_regularizer='l2')": {"kernel": "set"},
    "layers.LSTM(4, U_regularizer='l2')": {"kernel": "absent", "bias": "absent", "recurrent": "set"},
    "layers.Embedding(4, 4, W_regularizer='l2')": {"embeddings": "set"},
    "layers.Dense(4, W_regularizer=l1l2(0.1))": {"kernel": "unknown", "bias": "absent"},
}


@pytest.mark.parametrize("call", KERAS_1)
def test_the_arguments_of_keras_1(call: str, read: Reader) -> None:
    module = read(f"from keras import layers\n{call}\n")
    roles = {use.weight.role: use.state for use in module.sites[0].weights if use.weight.role != "activity"}
    assert roles == KERAS_1[call]
