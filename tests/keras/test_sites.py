"""Which calls are layer constructors, and what regularizes their weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Reader

FOUND = {
    "tf.keras.layers": ("import tensorflow as tf", "tf.keras.layers.Dense(4)"),
    "unaliased tensorflow": ("import tensorflow", "tensorflow.keras.layers.Dense(4)"),
    "keras.layers": ("import keras", "keras.layers.Dense(4)"),
    "tf.keras as keras": ("from tensorflow import keras", "keras.layers.Dense(4)"),
    "module": ("from keras import layers", "layers.Dense(4)"),
    "module alias": ("from tensorflow.keras import layers as kl", "kl.Dense(4)"),
    "import as": ("import tensorflow.keras.layers as KL", "KL.Dense(4)"),
    "bare": ("from keras.layers import Dense", "Dense(4)"),
    "bare alias": ("from keras.layers import Dense as D", "D(4)"),
    "star": ("from keras.models import *\nfrom keras.layers import *\nfrom os import *", "Dense(4)"),
    "assigned alias": ("import tensorflow as tf\nL = tf.keras.layers", "L.Dense(4)"),
    "assigned class": ("from keras import layers\nFc = layers.Dense", "Fc(4)"),
    "tf_keras": ("import tf_keras", "tf_keras.layers.Dense(4)"),
    "keras.src": ("from keras.src import layers", "layers.Dense(4)"),
    "keras.src submodule": ("from keras.src.layers.core.dense import Dense", "Dense(4)"),
    "old submodule": ("from keras.layers.core import Dense", "Dense(4)"),
    "tensorflow.python": ("from tensorflow.python.keras import layers", "layers.Dense(4)"),
    "compat": ("import tensorflow.compat.v1 as tf", "tf.keras.layers.Dense(4)"),
    "if / else imports": (
        "if FLAG:\n    from keras.layers import Dense\nelse:\n    from tensorflow.keras.layers import Dense",
        "Dense(4)",
    ),
    "try / except imports": (
        "try:\n    from keras import layers\nexcept ImportError:\n    from tensorflow.keras import layers",
        "layers.Dense(4)",
    ),
    "partial": (
        "from functools import partial\nfrom keras import layers\nFc = partial(layers.Dense, units=4)",
        "Fc()",
    ),
    "import in the function": ("def f():\n    from keras import layers", "    layers.Dense(4)"),
}

CONTEXTS = {
    "alone": "{}",
    "assigned": "layer = {}",
    "called at once": "y = {}(x)",
    "in Sequential": "model = keras_models.Sequential([{}, 1])",
    "added": "model.add({})",
    "as an argument": "wrapper({}, merge_mode='sum')",
    "in a function": "def build(x):\n    return {}(x)",
    "in a method": "class Block:\n    def __init__(self):\n        self.fc = {}",
    "in a comprehension": "stack = [{} for _ in range(3)]",
    "in a lambda": "make = lambda: {}",
    "in a decorator": "@register({})\ndef g(): pass",
    "in a conditional": "layer = None if flag else {}",
    "under with": "with strategy.scope():\n    layer = {}",
}

LOOK_ALIKES = {
    "own class": "class Dense:\n    pass\nDense(4)",
    "own class after the import": "from keras.layers import Dense\nclass Dense:\n    pass\nDense(4)",
    "method": "from keras.layers import Dense\nclass A:\n    def f(self):\n        self.Dense(4)",
    "torch": "from torch.nn import Conv2D\nConv2D(4)",
    "flax": "import flax.linen as nn\nnn.Dense(4)",
    "string": "from keras import layers\nx = 'layers.Dense(4)'",
    "parameter of the same name": "from keras.layers import Dense\ndef f(Dense):\n    return Dense(4)",
    "local of the same name": "from keras import layers\ndef f():\n    layers = make()\n    layers.Dense(4)",
    "loop variable of the same name": "from keras.layers import Dense\nfor Dense in things():\n    Dense(4)",
    "deleted": "from keras.layers import Dense\ndel Dense\nDense(4)",
    "star import of something else": "from torch.nn import *\nDense(4)",
    "no weights": "from keras import layers\nlayers.Flatten()",
    "not a layer of Keras": "from keras import layers\nlayers.Dens(4)",
    "wrapper": "from keras import layers\nlayers.TimeDistributed(block)",
    "undefined": "Dense(4)",
    "function of the project": "from keras.layers import Dense as KD\ndef Dense(n):\n    return 3\nDense(4)",
}


@pytest.mark.parametrize("spelling", FOUND)
def test_a_constructor_is_found_in_any_spelling(spelling: str, read: Reader) -> None:
    imports, call = FOUND[spelling]
    module = read(f"{imports}\n{call}\n")
    assert [site.layer.name for site in module.sites] == ["Dense"]
    line = len(imports.splitlines()) + 1
    column = len(call) - len(call.lstrip()) + 1
    span = module.span(module.sites[0].call)
    assert (span.line, span.column, span.end_line, span.end_column) == (line, column, line, len(call) + 1)


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_constructor_is_found_wherever_it_stands(context: str, read: Reader) -> None:
    module = read(
        "from keras import layers, models as keras_models\n" + CONTEXTS[context].format("layers.Dense(4)")
    )
    assert [site.layer.name for site in module.sites] == ["Dense"]


@pytest.mark.parametrize("case", LOOK_ALIKES)
def test_a_look_alike_is_no_site(case: str, read: Reader) -> None:
    assert read(LOOK_ALIKES[case]).sites == ()


def test_the_outer_call_of_a_layer_is_no_site(read: Reader) -> None:
    module = read("from keras import layers\ny = layers.Dense(8)(layers.Bidirectional(layers.LSTM(4))(x))\n")
    assert [site.layer.name for site in module.sites] == ["Dense", "LSTM"]


@pytest.mark.parametrize(
    ("imports", "generation"),
    [
        ("from keras import layers", 3),
        ("from tensorflow.keras import layers", 3),
        ("from tf_keras import layers", 2),
        ("from tensorflow.python.keras import layers", 2),
        ("import keras.layers.convolutional as layers", 2),
    ],
)
def test_generation(imports: str, generation: int, read: Reader) -> None:
    assert [site.generation for site in read(f"{imports}\nlayers.Conv2D(4, 3)\n").sites] == [generation]


@pytest.mark.parametrize(
    ("source", "generation", "states"),
    [
        ("Dense(4, 'relu', kernel_regularizer=regularizers.l2(l=0.1))", 2, "set l2(0.1)"),
        ("Dense(4, kernel_regularizer='l1_l2')", 2, "set l1_l2(l1=0.01, l2=0.01)"),
        ("Dense(4, kernel_regularizer=regularizers.l2(l=0.1, name='a'))", 3, "unknown None"),
        ("Dense(4, kernel_regularizer='l3')", 3, "unknown None"),
        ("Dense(4, kernel_regularizer=regularizers.l2(-0.1))", 3, "unknown None"),
        (
            "Dense(4, kernel_regularizer=regularizers.l2(l=0.1) if x else regularizers.l2(0.1))",
            3,
            "unknown None",
        ),
        ("EinsumDense('ab', 4, kernel_regularizer=regularizers.l2(l=0.1))", 2, "set l2(0.1)"),
    ],
)
def test_a_module_with_what_only_keras_2_takes(
    source: str, generation: int, states: str, read: Reader
) -> None:
    module = read(f"from keras import layers, regularizers\nlayers.Dense(1)\nlayers.{source}\n")
    first, second = module.sites
    assert (first.generation, second.generation) == (generation, generation)
    assert f"{second.weights[0].state} {second.weights[0].penalty}" == states


def test_a_module_with_a_layer_that_only_keras_3_has(read: Reader) -> None:
    module = read(
        "from keras import layers\nlayers.GroupedQueryAttention(8, 2, 2)\n"
        "layers.Dense(4, kernel_regularizer='l1_l2')\n"
    )
    assert [(site.generation, site.weights[0].state) for site in module.sites] == [
        (3, "absent"),
        (3, "unknown"),
    ]


PENALTIES = {
    "regularizers.l2(0.01)": ("set", "l2(0.01)"),
    "regularizers.L2(l2=1e-4)": ("set", "l2(0.0001)"),
    "regularizers.l1(0.001)": ("set", "l1(0.001)"),
    "regularizers.L1L2(0.005, 0.001)": ("set", "l1_l2(l1=0.005, l2=0.001)"),
    "regularizers.l1_l2(l2=0.02)": ("set", "l2(0.02)"),
    "regularizers.L1L2()": ("set", "no penalty"),
    "regularizers.l2()": ("set", "l2(0.01)"),
    "regularizers.L2": ("set", "l2(0.01)"),
    "'l2'": ("set", "l2(0.01)"),
    "None": ("none", "None"),
    "REG": ("set", "l2(0.0005)"),
    "regularizers.l2(DECAY)": ("set", "l2(0.0005)"),
    "regularizers.l2(DECAY / 2)": ("set", "l2(0.00025)"),
    "regularizers.l2(flags.decay)": ("set", "l2(?)"),
    "regularizers.l2(1e-4) if big else regularizers.l2(1e-4)": ("set", "l2(0.0001)"),
    "regularizers.l2(1e-4) if big else None": ("unknown", "None"),
    "from_config(0.1)": ("unknown", "None"),
    "Mine(0.1)": ("set", "Mine"),
    "lambda w: 0.1 * w": ("set", "a lambda"),
    "0.01": ("unknown", "None"),
    "regularizers.l2(0.1, 0.2, 0.3)": ("unknown", "None"),
}


@pytest.mark.parametrize("argument", PENALTIES)
def test_what_a_regularizer_argument_means(argument: str, read: Reader) -> None:
    module = read(
        f"""
        from keras import layers, regularizers
        DECAY = 5e-4
        REG = regularizers.l2(DECAY)
        class Mine(regularizers.Regularizer): pass
        layers.Dense(4, kernel_regularizer={argument})
        """
    )
    (use,) = (use for use in module.sites[0].weights if use.weight.role == "kernel")
    assert (use.state, str(use.penalty)) == PENALTIES[argument]


CALLS = {
    "layers.Dense(4)": {"kernel": "absent", "bias": "absent", "activity": "absent"},
    "layers.Dense(4, use_bias=False)": {"kernel": "absent", "activity": "absent"},
    "layers.Dense(4, None, False)": {"kernel": "absent", "activity": "absent"},
    "layers.Dense(4, use_bias=flag)": {"kernel": "absent", "activity": "absent"},
    "layers.Dense(4, None, True, 'zeros', 'zeros', 'l2')": {
        "kernel": "set",
        "bias": "absent",
        "activity": "absent",
    },
    "layers.Dense(4, **options)": {"kernel": "unknown", "activity": "unknown"},
    "layers.Dense(4, **{'kernel_regularizer': 'l2'})": {
        "kernel": "set",
        "bias": "absent",
        "activity": "absent",
    },
    "layers.Dense(*sizes)": {"kernel": "unknown", "activity": "unknown"},
    "layers.Dense(*(4, 'relu'))": {"kernel": "absent", "bias": "absent", "activity": "absent"},
    "layers.DepthwiseConv2D(3)": {"bias": "absent", "depthwise": "absent", "activity": "absent"},
    "layers.BatchNormalization(scale=False)": {"beta": "absent", "activity": "absent"},
}


@pytest.mark.parametrize("call", CALLS)
def test_the_weights_that_a_call_is_certain_to_make(call: str, read: Reader) -> None:
    module = read(f"from keras import layers\n{call}\n")
    certain = {use.weight.role: use.state for use in module.sites[0].weights if use.certain}
    assert certain == CALLS[call]


def test_a_parameter_is_passed(read: Reader) -> None:
    module = read("from keras import layers\ndef f(reg=None):\n    layers.Dense(4, kernel_regularizer=reg)\n")
    assert module.sites[0].weights[0].state == "passed"


SPLATS = {
    "kw = {'kernel_regularizer': 'l2'}": "set",
    "kw = dict(kernel_regularizer='l2')": "set",
    "kw = {}\nkw['kernel_regularizer'] = 'l2'": "set",
    "kw = {}\nkw.update(kernel_regularizer='l2')": "set",
    "kw = {}\nkw.update({'kernel_regularizer': 'l2'})": "set",
    "kw = {**{'kernel_regularizer': 'l2'}, 'use_bias': True}": "set",
    "kw = {'use_bias': True} | {'kernel_regularizer': 'l2'}": "set",
    "kw = {'use_bias': True}": "absent",
    "kw = {}\nif flag:\n    kw['kernel_regularizer'] = 'l2'": "unknown",
    "kw = {}\nkw.update(flag)": "unknown",
    "kw = {'use_bias': False}\nkw.pop('use_bias')": "absent",
    "kw = {flag: 'l2'}": "unknown",
}


@pytest.mark.parametrize("setup", SPLATS)
def test_a_splat_is_read(setup: str, read: Reader) -> None:
    module = read(f"from keras import layers\n{setup}\nlayers.Dense(4, **kw)\n")
    assert module.sites[0].weights[0].state == SPLATS[setup]


def test_names_are_followed_into_the_files_of_the_project(read: Reader) -> None:
    module = read(
        "from shared import layers, REG\nfrom pkg import conv\nlayers.Dense(4, kernel_regularizer=REG)\nconv(4, 3)\n",
        **{
            "shared": "from keras import layers, regularizers\nREG = regularizers.l2(1e-3)\n",
            "pkg/__init__.py": "from .parts import *\n",
            "pkg/parts.py": "from keras.layers import Conv2D as conv\n",
        },
    )
    assert [(site.layer.name, str(site.weights[0].penalty)) for site in module.sites] == [
        ("Dense", "l2(0.001)"),
        ("Conv2D", "None"),
    ]


THROUGH_THE_PROJECT = {
    "injected by key": (
        "def build(**kwargs):\n    layers = kwargs['layers']\n    layers.Dense(4)",
        [("Dense", None, "absent")],
    ),
    "injected by a helper": (
        "def get(kwargs):\n    backend = kwargs.get('backend', None)\n    layers = kwargs.get('layers', None)\n"
        "    return backend, layers\ndef build(**kwargs):\n    _, layers = get(kwargs)\n    layers.Dense(4)",
        [("Dense", None, "absent")],
    ),
    "an object that stands for the layers": (
        "from keras.src.layers import VersionAwareLayers\nlayers = VersionAwareLayers()\nlayers.Dense(4)",
        [("Dense", None, "absent")],
    ),
    "a global that a function sets": (
        "from keras import layers as L\nlayers = None\ndef build(**kwargs):\n    global layers\n"
        "    layers = kwargs.pop('layers') if kwargs else L\n    layers.Dense(4)",
        [("Dense", None, "absent")],
    ),
    "getattr": ("from keras import layers\ngetattr(layers, 'Dense')(4)", [("Dense", None, "absent")]),
    "importlib": (
        "import importlib\nkeras = importlib.import_module('keras')\nkeras.layers.Dense(4)",
        [("Dense", None, "absent")],
    ),
    "a helper that returns the module": (
        "def get_keras():\n    import keras\n    return keras\nget_keras().layers.Dense(4)",
        [("Dense", None, "absent")],
    ),
    "a helper that returns the class": (
        "from keras import layers\ndef kind(n):\n    return layers.Dense\nkind(2)(4)",
        [("Dense", None, "absent")],
    ),
    "a helper that returns the regularizer": (
        "from keras import layers, regularizers\ndef reg(c=1e-3):\n    return regularizers.l2(c / 2) if c else None\n"
        "layers.Dense(4, kernel_regularizer=reg(0.02))",
        [("Dense", None, "l2(0.01)")],
    ),
    "a helper with one result": (
        "from keras import layers, regularizers\ndef reg(c=1e-3):\n    return regularizers.l2(c / 2)\n"
        "layers.Dense(4, kernel_regularizer=reg(0.02))\nlayers.Dense(4, kernel_regularizer=reg())",
        [("Dense", None, "l2(0.01)"), ("Dense", None, "l2(0.0005)")],
    ),
    "a method that returns the regularizer": (
        "from keras import layers, regularizers\nclass A:\n    def __init__(self, c=0.02):\n        self.c = c\n"
        "        self.fc = layers.Dense(4, kernel_regularizer=self.reg())\n    def reg(self):\n"
        "        return regularizers.l2(0.02)",
        [("Dense", None, "l2(0.02)")],
    ),
    "an attribute of self": (
        "from keras import layers, regularizers\nclass A:\n    def __init__(self):\n"
        "        self.reg = regularizers.l2(0.02)\n    def call(self):\n"
        "        layers.Dense(4, kernel_regularizer=self.reg)",
        [("Dense", None, "l2(0.02)")],
    ),
    "options from a helper": (
        "from keras import layers\ndef options():\n    return {'kernel_regularizer': 'l2'}\n"
        "layers.Dense(4, **options())",
        [("Dense", None, "l2(0.01)")],
    ),
    "a parameter that every call passes": (
        "from keras import layers\ndef block(reg):\n    layers.Dense(4, kernel_regularizer=reg)\n"
        "block('l2')\nblock(reg='l2')",
        [("Dense", None, "l2(0.01)")],
    ),
    "a parameter that the calls leave to its default": (
        "from keras import layers\ndef block(reg=None):\n    layers.Dense(4, kernel_regularizer=reg)\nblock()",
        [("Dense", None, "none")],
    ),
    "a parameter that goes through two functions": (
        "from keras import layers\ndef inner(reg):\n    layers.Dense(4, kernel_regularizer=reg)\n"
        "def outer(reg='l1'):\n    inner(reg)\nouter('l2')",
        [("Dense", None, "l2(0.01)")],
    ),
    "a strength that is a parameter with a default": (
        "from keras import layers, regularizers\ndef block(decay=1e-4):\n"
        "    layers.Dense(4, kernel_regularizer=regularizers.l2(decay))",
        [("Dense", None, "l2(0.0001)")],
    ),
    "callers that differ": (
        "from keras import layers\ndef block(reg=None):\n    layers.Dense(4, kernel_regularizer=reg)\n"
        "block()\nblock('l2')",
        [("Dense", None, "passed")],
    ),
    "a subclass without its own __init__": (
        "from keras import layers\nclass Mine(layers.Dense):\n    pass\nMine(4, kernel_regularizer='l2')",
        [("Dense", "Mine", "l2(0.01)")],
    ),
    "a subclass that binds arguments": (
        "from keras import layers\nclass Mine(layers.Dense):\n    def __init__(self, n, **kwargs):\n"
        "        super().__init__(n, kernel_regularizer='l2', **kwargs)\nMine(4)",
        [("Dense", "Mine", "l2(0.01)")],
    ),
    "a subclass that passes arguments on": (
        "from keras import layers\nclass Mine(layers.Dense):\n    def __init__(self, n, **kwargs):\n"
        "        layers.Dense.__init__(self, n, **kwargs)\nMine(4, kernel_regularizer='l1')",
        [("Dense", "Mine", "l1(0.01)")],
    ),
    "a subclass of a subclass": (
        "from keras import layers\nclass A(layers.Dense):\n    def __init__(self, reg=None, **kw):\n"
        "        super(A, self).__init__(4, kernel_regularizer=reg, **kw)\nclass B(A):\n    pass\nB('l2')",
        [("Dense", "B", "l2(0.01)")],
    ),
    "a class only in Keras 2": (
        "from keras import layers\nlayers.LocallyConnected2D(4, 3)",
        [("LocallyConnected2D", None, "absent")],
    ),
    "a function that calls itself": (
        "from keras import layers\ndef f(n):\n    return f(n - 1)\nf(3).Dense(4)\nlayers.Dense(4)",
        [("Dense", None, "absent")],
    ),
}


@pytest.mark.parametrize("name", THROUGH_THE_PROJECT)
def test_values_are_followed_through_the_project(name: str, read: Reader) -> None:
    source, expected = THROUGH_THE_PROJECT[name]
    found = []
    for site in read(source).sites:
        use = next(use for use in site.weights if use.weight.role == "kernel")
        found.append((site.layer.name, site.project_class, str(use.penalty) if use.penalty else use.state))
    assert found == expected


def test_imports_in_a_circle_end(read: Reader) -> None:
    module = read("from a import Dense\nDense(4)\n", a="from b import Dense\n", b="from a import Dense\n")
    assert module.sites == ()


def test_an_attribute_that_is_made_of_itself_many_times_ends(read: Reader) -> None:
    steps = "".join(f"        self.data = self.data.step{number}(3)\n" for number in range(12))
    module = read(
        "from keras.layers import Dense\nclass Data:\n    def __init__(self, data):\n        self.data = start(data)\n"
        f"{steps}    def rows(self):\n        return self.data\nfor row in Data(1).rows():\n    Dense(row)\n"
    )
    assert [site.layer.name for site in module.sites] == ["Dense"]


def test_why_one_of_several_is_not_known(read: Reader) -> None:
    module = read(
        """
        from keras import layers
        reg = "l2" if flag else load()
        layers.Dense(4, kernel_regularizer=reg, bias_regularizer="l2" if flag else None)
        """
    )
    reasons = {use.weight.role: use.reason for use in module.sites[0].weights}
    assert reasons == {
        "kernel": 'the name "load" is not defined in this file',
        "bias": "it is one of several",
        "activity": None,
    }


@pytest.mark.parametrize(
    ("callee", "via"),
    [
        ("layers.Dense", "direct"),
        ("older.Dense if old else layers.Dense", "direct"),
        ("layers.Conv2D if flat else layers.Conv1D", "dynamic"),
        ("partial(layers.Dense, units=4)", "partial"),
        ("Mine", "subclass"),
    ],
)
def test_how_the_class_was_reached(callee: str, via: str, read: Reader) -> None:
    (site,) = read(
        "from functools import partial\nfrom keras import layers\nfrom tensorflow.python.keras import layers as older\n"
        f"class Mine(layers.Dense): pass\nmake = {callee}\nmake(3)\n"
    ).sites
    assert site.via == via
