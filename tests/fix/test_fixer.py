"""Fixes: (before, after) pairs under a strict policy, and what cannot be fixed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reglint.files.documents import read_document
from reglint.fix.fix import Fix
from reglint.fix.fixer import Fixer
from reglint.keras.module import KerasModule, read_module
from reglint.policy import Policy, load
from reglint.resolve.project import Project
from reglint.rules.rule import all_rules

if TYPE_CHECKING:
    from pathlib import Path

KERNEL_L2 = '[weights]\nkernel = { require = "l2", strength = 1e-4 }\n'
BOTH_L2 = KERNEL_L2 + 'bias = { require = "l2", strength = 1e-4 }\n'


def policy_of(tmp_path: Path, text: str) -> Policy:
    file = tmp_path / "policy.toml"
    file.write_text(text)
    return load(file)


def module_of(tmp_path: Path, source: str) -> KerasModule:
    file = tmp_path / "model.py"
    file.write_bytes(source.encode())
    if not (tmp_path / "ruff.toml").exists():
        (tmp_path / "ruff.toml").write_text("line-length = 200\n")
    return read_module(read_document(file), Project(), None)


def fixed(tmp_path: Path, source: str, policy: str = KERNEL_L2) -> tuple[str, list[str]]:
    """The source after all fixes, and the reasons of the findings that have none."""
    module = module_of(tmp_path, source)
    findings = [f for rule in all_rules() for f in rule.check(module, policy_of(tmp_path, policy))]
    findings.sort(key=lambda finding: module.span(finding.site.call))
    fixer = Fixer(module)
    remedies = fixer.remedies(findings)
    reasons = [remedy.reason for remedy in remedies if not isinstance(remedy, Fix)]
    edits = fixer.edits(remedy for remedy in remedies if isinstance(remedy, Fix))
    return module.document.edited(edits).source, reasons


HEAD = "from keras import layers, regularizers\n"
L2 = "regularizers.l2(1e-4)"

LAYOUTS = {
    "one line": ("layers.Dense(4)", f"layers.Dense(4, kernel_regularizer={L2})"),
    "trailing comma on one line": ("layers.Dense(4,)", f"layers.Dense(4, kernel_regularizer={L2},)"),
    "space inside": ("layers.Dense( 4 )", f"layers.Dense( 4, kernel_regularizer={L2} )"),
    "no arguments": ("layers.Dense()", f"layers.Dense(kernel_regularizer={L2})"),
    "called at once": ("y = layers.Dense(4)(x)", f"y = layers.Dense(4, kernel_regularizer={L2})(x)"),
    "parentheses around": ("y = ((layers.Dense)(4))", f"y = ((layers.Dense)(4, kernel_regularizer={L2}))"),
    "value in parentheses": (
        "layers.Dense(4, activation=('relu'))",
        f"layers.Dense(4, activation=('relu'), kernel_regularizer={L2})",
    ),
    "exploded": (
        "layers.Dense(\n    4,\n    activation='relu',\n)",
        f"layers.Dense(\n    4,\n    activation='relu',\n    kernel_regularizer={L2},\n)",
    ),
    "exploded without trailing comma": (
        "layers.Dense(\n    4,\n    activation='relu'\n)",
        f"layers.Dense(\n    4,\n    activation='relu',\n    kernel_regularizer={L2}\n)",
    ),
    "one argument exploded": (
        "layers.Dense(\n    4,\n)",
        f"layers.Dense(\n    4,\n    kernel_regularizer={L2},\n)",
    ),
    "one argument on its own line": (
        "layers.Dense(\n    4\n)",
        f"layers.Dense(\n    4,\n    kernel_regularizer={L2},\n)",
    ),
    "one argument on its own line, with a comment": (
        "layers.Dense(\n    4  # units\n)",
        f"layers.Dense(\n    4,  # units\n    kernel_regularizer={L2},\n)",
    ),
    "one argument on the last line": (
        "layers.Dense(\n    4)",
        f"layers.Dense(\n    4,\n    kernel_regularizer={L2})",
    ),
    "a splat on its own line": (
        "o = {}\nlayers.LSTM(\n    **o\n)",
        f"o = {{}}\nlayers.LSTM(\n    kernel_regularizer={L2},\n    recurrent_regularizer={L2},\n    **o,\n)",
    ),
    "aligned": (
        "x = layers.Conv2D(4, 3,\n                  padding='same')",
        f"x = layers.Conv2D(4, 3,\n                  padding='same',\n                  kernel_regularizer={L2})",
    ),
    "aligned in a block": (
        "if a:\n\tx = layers.Conv2D(4, 3,\n\t\tpadding='same')",
        f"if a:\n\tx = layers.Conv2D(4, 3,\n\t\tpadding='same',\n\t\tkernel_regularizer={L2})",
    ),
    "several on the last line": (
        "layers.Conv2D(\n    4, 3, padding='same'\n)",
        f"layers.Conv2D(\n    4, 3, padding='same', kernel_regularizer={L2}\n)",
    ),
    "comment after the last argument": (
        "layers.Dense(\n    4,  # units\n    'relu',  # act\n)",
        f"layers.Dense(\n    4,  # units\n    'relu',  # act\n    kernel_regularizer={L2},\n)",
    ),
    "comment and no trailing comma": (
        "layers.Dense(\n    4,  # units\n    'relu'  # act\n)",
        f"layers.Dense(\n    4,  # units\n    'relu',  # act\n    kernel_regularizer={L2}\n)",
    ),
    "comment on its own line": (
        "layers.Dense(\n    4,\n    # no activation\n)",
        f"layers.Dense(\n    4,\n    kernel_regularizer={L2},\n    # no activation\n)",
    ),
    "before a splat": (
        "o = {}\nlayers.Dense(4, **o)",
        f"o = {{}}\nlayers.Dense(4, kernel_regularizer={L2}, **o)",
    ),
    "before a splat on its line": (
        "o = {}\nlayers.Dense(\n    4,\n    **o,\n)",
        f"o = {{}}\nlayers.Dense(\n    4,\n    kernel_regularizer={L2},\n    **o,\n)",
    ),
    "inside a wrapper": (
        "layers.TimeDistributed(layers.Dense(4), name='t')",
        f"layers.TimeDistributed(layers.Dense(4, kernel_regularizer={L2}), name='t')",
    ),
    "a fix inside another fix": (
        "layers.Dense(4, activation=layers.Dense(2))",
        f"layers.Dense(4, activation=layers.Dense(2, kernel_regularizer={L2}), kernel_regularizer={L2})",
    ),
    "chained": (
        "y = layers.Dense(4)(layers.Dense(2)(x))",
        f"y = layers.Dense(4, kernel_regularizer={L2})(layers.Dense(2, kernel_regularizer={L2})(x))",
    ),
    "two weights": (
        "layers.LSTM(4)",
        f"layers.LSTM(4, kernel_regularizer={L2}, recurrent_regularizer={L2})",
    ),
    "two weights exploded": (
        "layers.LSTM(\n    4,\n)",
        f"layers.LSTM(\n    4,\n    kernel_regularizer={L2},\n    recurrent_regularizer={L2},\n)",
    ),
    "None": ("layers.Dense(4, kernel_regularizer=None)", f"layers.Dense(4, kernel_regularizer={L2})"),
    "another kind": (
        "layers.Dense(4, kernel_regularizer=regularizers.l1(0.1), name='d')",
        f"layers.Dense(4, kernel_regularizer={L2}, name='d')",
    ),
    "another strength": (
        "layers.Dense(4, kernel_regularizer = regularizers.l2( 0.1 ))",
        "layers.Dense(4, kernel_regularizer = regularizers.l2( 1e-4 ))",
    ),
    "a string": ("layers.Dense(4, kernel_regularizer='l2')", f"layers.Dense(4, kernel_regularizer={L2})"),
    "no final newline and text that is not ascii": (
        "x = 'Größe 𝄞'; layers.Dense(4, name='ü')",
        f"x = 'Größe 𝄞'; layers.Dense(4, name='ü', kernel_regularizer={L2})",
    ),
}


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("name", LAYOUTS)
def test_layout(name: str, ending: str, tmp_path: Path) -> None:
    before, after = ((HEAD + source).replace("\n", ending) for source in LAYOUTS[name])
    assert fixed(tmp_path, before) == (after, [])
    assert fixed(tmp_path, after) == (after, [])


SPELLINGS = {
    "tf.keras": (
        "import tensorflow as tf\ntf.keras.layers.Dense(4)",
        "import tensorflow as tf\ntf.keras.layers.Dense(4, kernel_regularizer=tf.keras.regularizers.l2(1e-4))",
    ),
    "keras": (
        "import keras\nkeras.layers.Dense(4)",
        "import keras\nkeras.layers.Dense(4, kernel_regularizer=keras.regularizers.l2(1e-4))",
    ),
    "as the file does: class": (
        "from keras import layers, regularizers as R\nlayers.Dense(4, kernel_regularizer=R.L2(1e-4))\nlayers.Dense(2)",
        "from keras import layers, regularizers as R\nlayers.Dense(4, kernel_regularizer=R.L2(1e-4))\n"
        "layers.Dense(2, kernel_regularizer=R.L2(1e-4))",
    ),
    "as the file does: bare": (
        "from keras.layers import Dense\nfrom keras.regularizers import l2\nDense(4)",
        "from keras.layers import Dense\nfrom keras.regularizers import l2\nDense(4, kernel_regularizer=l2(1e-4))",
    ),
    "the bare class": (
        "from keras.layers import Dense\nfrom keras.regularizers import L2\nDense(4)",
        "from keras.layers import Dense\nfrom keras.regularizers import L2\nDense(4, kernel_regularizer=L2(1e-4))",
    ),
    "a name that comes after the function, which may be called before": (
        "import keras\nfrom keras import layers\ndef build():\n    return layers.Dense(4)\n"
        "build()\nfrom keras import regularizers",
        "import keras\nfrom keras import layers\ndef build():\n"
        "    return layers.Dense(4, kernel_regularizer=keras.regularizers.l2(1e-4))\n"
        "build()\nfrom keras import regularizers",
    ),
    "all names come after the function": (
        "def build():\n    return layers.Dense(4)\nfrom keras import layers, regularizers",
        "def build():\n    return layers.Dense(4, kernel_regularizer=regularizers.l2(1e-4))\n"
        "from keras import layers, regularizers",
    ),
    "another name for Keras": (
        "from tensorflow import keras as tk\nL = tk.layers\nL.Dense(4)",
        "from tensorflow import keras as tk\nL = tk.layers\nL.Dense(4, kernel_regularizer=tk.regularizers.l2(1e-4))",
    ),
    "import joined": (
        "from tensorflow.keras import layers\nlayers.Dense(4)",
        "from tensorflow.keras import layers, regularizers\nlayers.Dense(4, kernel_regularizer=regularizers.l2(1e-4))",
    ),
    "import joined in order": (
        "from keras import layers, utils\nlayers.Dense(4)",
        "from keras import layers, regularizers, utils\nlayers.Dense(4, kernel_regularizer=regularizers.l2(1e-4))",
    ),
    "import joined in parentheses": (
        "from keras import (layers, models)  # noqa\nlayers.Dense(4)",
        "from keras import (layers, models, regularizers)  # noqa\n"
        "layers.Dense(4, kernel_regularizer=regularizers.l2(1e-4))",
    ),
    "import added": (
        "from tensorflow.keras.layers import Dense\nimport os\nDense(4)",
        "from tensorflow.keras import regularizers\nfrom tensorflow.keras.layers import Dense\nimport os\n"
        "Dense(4, kernel_regularizer=regularizers.l2(1e-4))",
    ),
    "what is inside TensorFlow": (
        "import tensorflow as tf\nfrom tensorflow.python.keras.layers import Dense\nDense(4)",
        "import tensorflow as tf\nfrom tensorflow.python.keras import regularizers\n"
        "from tensorflow.python.keras.layers import Dense\nDense(4, kernel_regularizer=regularizers.l2(1e-4))",
    ),
    "import added once": (
        "from keras.layers import Dense\nDense(4)\nDense(2)",
        "from keras import regularizers\nfrom keras.layers import Dense\n"
        "Dense(4, kernel_regularizer=regularizers.l2(1e-4))\nDense(2, kernel_regularizer=regularizers.l2(1e-4))",
    ),
    "import added, one name a line": (
        "from keras import layers\nfrom keras import models\nfrom keras import utils\nlayers.Dense(4)",
        "from keras import layers\nfrom keras import models\nfrom keras import regularizers\nfrom keras import utils\n"
        "layers.Dense(4, kernel_regularizer=regularizers.l2(1e-4))",
    ),
    "import added beside a star": (
        "from keras.layers import *\nDense(4)",
        "from keras.layers import *\nfrom keras import regularizers\n"
        "Dense(4, kernel_regularizer=regularizers.l2(1e-4))",
    ),
    "import added beside one with an alias": (
        "import tensorflow.keras.layers as KL\nKL.Dense(4)",
        "import tensorflow.keras.layers as KL\nfrom tensorflow.keras import regularizers\n"
        "KL.Dense(4, kernel_regularizer=regularizers.l2(1e-4))",
    ),
    "import added in the function": (
        "def f():\n    from keras.layers import Dense\n    return Dense(4)",
        "def f():\n    from keras import regularizers\n    from keras.layers import Dense\n"
        "    return Dense(4, kernel_regularizer=regularizers.l2(1e-4))",
    ),
    "the name is taken": (
        "from keras import layers\nregularizers = []\nlayers.Dense(4)",
        "from keras import layers, regularizers as keras_regularizers\nregularizers = []\n"
        "layers.Dense(4, kernel_regularizer=keras_regularizers.l2(1e-4))",
    ),
    "the bare name is shadowed": (
        "from keras import layers\nfrom keras.regularizers import l2\ndef f(l2):\n    layers.Dense(4)",
        "from keras import layers, regularizers\nfrom keras.regularizers import l2\ndef f(l2):\n"
        "    layers.Dense(4, kernel_regularizer=regularizers.l2(1e-4))",
    ),
    "tf_keras beside keras": (
        "import keras\nimport tf_keras\ntf_keras.layers.Dense(4)",
        "import keras\nimport tf_keras\ntf_keras.layers.Dense(4, kernel_regularizer=tf_keras.regularizers.l2(1e-4))",
    ),
    "import added beside that of a project module": (
        "from parts import Dense, os\nDense(4)",
        "from parts import Dense, os\nfrom tensorflow.keras import regularizers\n"
        "Dense(4, kernel_regularizer=regularizers.l2(1e-4))",
    ),
    "import added beside the star of a project module": (
        "from parts import *\nDense(4)",
        "from parts import *\nfrom tensorflow.keras import regularizers\n"
        "Dense(4, kernel_regularizer=regularizers.l2(1e-4))",
    ),
    "last line without a newline": (
        "f = lambda: KL.Dense(4)\nimport keras.layers as KL",
        "f = lambda: KL.Dense(4, kernel_regularizer=regularizers.l2(1e-4))\nimport keras.layers as KL\n"
        "from keras import regularizers",
    ),
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_spelling(name: str, tmp_path: Path) -> None:
    before, after = SPELLINGS[name]
    (tmp_path / "parts.py").write_text("import os\nfrom tensorflow.keras.layers import *\n")
    assert fixed(tmp_path, before) == (after, [])
    assert fixed(tmp_path, after) == (after, [])


POLICIES = {
    "l1_l2": (
        '[weights]\nkernel = { require = "l1_l2", strength = [0.005, 1e-3] }',
        "layers.Dense(4)",
        "layers.Dense(4, kernel_regularizer=regularizers.l1_l2(l1=0.005, l2=1e-3))",
    ),
    "l1": (
        '[weights]\nkernel = { require = "l1", strength = 1e-3 }',
        "layers.Dense(4)",
        "layers.Dense(4, kernel_regularizer=regularizers.l1(1e-3))",
    ),
    "bias": (BOTH_L2, "layers.Dense(4)", f"layers.Dense(4, kernel_regularizer={L2}, bias_regularizer={L2})"),
    "forbidden: last": (
        '[weights]\ngamma = "forbidden"',
        "layers.BatchNormalization(axis=1, gamma_regularizer='l2')",
        "layers.BatchNormalization(axis=1)",
    ),
    "forbidden: first": (
        '[weights]\ngamma = "forbidden"',
        "layers.BatchNormalization(gamma_regularizer='l2', axis=1)",
        "layers.BatchNormalization(axis=1)",
    ),
    "forbidden: only": (
        '[weights]\ngamma = "forbidden"',
        "layers.BatchNormalization(\n    gamma_regularizer='l2',\n)",
        "layers.BatchNormalization()",
    ),
    "forbidden: only, with a comment": (
        '[weights]\ngamma = "forbidden"',
        "layers.BatchNormalization(  # (none)\n    gamma_regularizer='l2',\n)",
        "layers.BatchNormalization(  # (none)\n    gamma_regularizer=None,\n)",
    ),
    "forbidden: a comment stays": (
        '[weights]\ngamma = "forbidden"',
        "layers.BatchNormalization(\n    axis=1,  # channels\n    gamma_regularizer='l2',\n)",
        "layers.BatchNormalization(\n    axis=1,  # channels\n    gamma_regularizer=None,\n)",
    ),
    "any keeps the kind": (
        '[weights]\nkernel = { require = "any", strength = 1e-3, max = 0.01 }',
        "layers.Dense(4, kernel_regularizer=regularizers.l1(0.5))",
        "layers.Dense(4, kernel_regularizer=regularizers.l1(1e-3))",
    ),
}


@pytest.mark.parametrize("name", POLICIES)
def test_policy(name: str, tmp_path: Path) -> None:
    policy, before, after = POLICIES[name]
    assert fixed(tmp_path, HEAD + before, policy) == (HEAD + after, [])


SHORT_LINES = {
    "fits": ("x = layers.Dense(4)", f"x = layers.Dense(4, kernel_regularizer={L2})"),
    "exploded": (
        "hidden = layers.Dense(64, activation='relu', name='hidden_layer')(inputs)",
        "hidden = layers.Dense(\n    64,\n    activation='relu',\n    name='hidden_layer',\n"
        f"    kernel_regularizer={L2},\n)(inputs)",
    ),
    "exploded in a block": (
        "def build(x):\n    return layers.Conv2D(32, (3, 3), padding='same', activation='relu')(x)",
        "def build(x):\n    return layers.Conv2D(\n        32,\n        (3, 3),\n        padding='same',\n"
        f"        activation='relu',\n        kernel_regularizer={L2},\n    )(x)",
    ),
    "the arguments of one line below the call": (
        "x = layers.Conv2D(\n    64, (3, 3), activation='relu', padding='same', name='block1_conv1'\n)(x)",
        "x = layers.Conv2D(\n    64,\n    (3, 3),\n    activation='relu',\n    padding='same',\n"
        f"    name='block1_conv1',\n    kernel_regularizer={L2},\n)(x)",
    ),
}


@pytest.mark.parametrize("name", SHORT_LINES)
def test_a_call_that_gets_too_long_becomes_several_lines(name: str, tmp_path: Path) -> None:
    (tmp_path / "ruff.toml").write_text("line-length = 88\n")
    before, after = (HEAD + source + "\n" for source in SHORT_LINES[name])
    assert fixed(tmp_path, before) == (after, [])
    assert fixed(tmp_path, after) == (after, [])


RUFF_FORMATTED = {
    "assigned": 'dense = layers.Dense(units, activation="relu", name="a_name_of_the_layer")',
    "called at once": 'x = layers.Conv2D(64, (3, 3), activation="relu", padding="same", name="conv")(x)',
    "called at once on something long": 'x = layers.Dense(64, name="d")(some_rather_long_name_of_a_tensor)',
    "called at once, which is divided": """\
x = layers.Dense(64, activation="relu", name="dense_layer")(
    some_rather_long_name_of_a_tensor, training=training
)""",
    "chained": "x = layers.Dense(64)(layers.Dense(units)(layers.Flatten()(inputs)))",
    "in the list of a Sequential": """\
model = keras.Sequential([layers.Dense(64, activation="relu"), layers.Dense(10)])
model = keras.Sequential(
    [
        keras.Input((4,)),
        layers.Dense(64, activation="relu", name="hidden_layer"),
        layers.Dense(10),
    ]
)""",
    "added": """\
model.add(layers.Dense(10))
model.add(layers.Dense(32, activation="relu"))
model.add(layers.Dense(32, activation="relu", input_shape=(784,), name="hidden"))""",
    "returned": """\

def head(x):
    return layers.Dense(10, activation="softmax", name="predictions")(x)


def block(x, units):
    if units:
        return layers.Dense(units)(x)
    return layers.LSTM(units, return_sequences=True, name="recurrent")(x)""",
    "in wrappers": """\
x = layers.TimeDistributed(layers.Dense(64, activation="relu"), name="distributed")(x)
x = layers.Bidirectional(layers.LSTM(64, return_sequences=True))(x)
x = layers.Bidirectional(layers.LSTM(64), merge_mode="concat", name="both_ways")(
    layers.TimeDistributed(layers.Dense(10))(x)
)""",
    "magic trailing commas": """\
x = layers.Dense(
    10,
)(x)
model.add(
    layers.Dense(
        10,
        activation="relu",
    )
)""",
    "on one line below the call": """\
x = layers.Conv2D(
    64, (3, 3), activation="relu", padding="same", strides=2, name="a_convolution"
)(x)
x = layers.Conv2D(
    filters=64, kernel_size=(3, 3), padding="same", name="a_convolution_of_the_block"
)(x)
x = layers.Dense(10, activation="relu", name="dense")(x)""",
    "the only argument below the call": """\
x = layers.Dense(
    self.some_configuration.number_of_units_of_the_hidden_layer_at(index + 1, depth)
)(x)
x = layers.Dense(
    **self.some_configuration.options_of_the_hidden_layer_that_is_at(index, depth=3)
)(x)""",
    "comments": """\
x = layers.Dense(
    10,  # units
    activation="relu",  # activation
)(x)  # called
x = layers.Dense(
    10,
    # no activation
)(x)
x = layers.Dense(64)(x)  # a comment that stands after the call
x = layers.Dense(64, activation="relu", name="d")(x)  # noqa: E501
layers_of_it = [
    layers.Dense(64),  # the first layer of the network, which is hidden
]""",
    "comprehensions": """\
blocks = [layers.Dense(units) for units in sizes]
blocks = [layers.Dense(units, activation="relu") for units in sizes if units]
blocks = [
    layers.Dense(units, activation="relu", name=f"dense_{units}") for units in sizes
]""",
    "dicts and targets": """\
heads = {"a": layers.Dense(10), "b": layers.Dense(2, activation="softmax")}
heads["class"] = layers.Dense(number_of_classes, activation="softmax", name="c")
x = self.dense = layers.Dense(64, activation="relu", name="hidden_layer")""",
    "among other arguments": """\
x = tf.nn.relu(layers.Dense(64, name="dense")(x), name="relu")
x = layers.Dense(64, activation=layers.Dense(2))
x = layers.add([x, layers.Conv2D(64, 1, name="shortcut")(shortcut)], name="add")""",
    "after an operator": 'x = x + layers.Conv2D(64, 1, padding="same", name="shortcut")(shortcut)',
    "a lambda": 'make = lambda x: layers.Dense(64, activation="relu", name="hidden")(x)',
    "wide characters": 'x = layers.Dense(64, name="全結合層")(x)',
}
"""Layouts that ruff itself has made, and keeps after the fix."""


def ruff_format(source: str) -> str:
    ruff = [sys.executable, "-m", "ruff"] if find_spec("ruff") else [shutil.which("ruff") or "ruff"]
    command = [*ruff, "format", "--isolated", "--line-length=88", "-"]
    done = subprocess.run(command, input=source, capture_output=True, encoding="utf-8", check=True)
    return done.stdout


def check_that_ruff_changes_nothing(source: str, policy: str, tmp_path: Path) -> None:
    (tmp_path / "ruff.toml").write_text("line-length = 88\n")
    after, reasons = fixed(tmp_path, source, policy)
    assert reasons == []
    assert after != source
    assert ruff_format(after) == after
    assert fixed(tmp_path, after, policy) == (after, [])


@pytest.mark.parametrize("policy", [KERNEL_L2, BOTH_L2], ids=["kernel", "bias"])
@pytest.mark.parametrize("name", RUFF_FORMATTED)
def test_ruff_changes_nothing_after_the_fix(name: str, policy: str, tmp_path: Path) -> None:
    source = f"import keras\n{HEAD}\n{RUFF_FORMATTED[name]}\n"
    assert ruff_format(source) == source, "the table must hold what ruff has formatted"
    check_that_ruff_changes_nothing(source, policy, tmp_path)


def calls(names: str, *arguments: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, passed: f"{name}({', '.join(passed)})",
        st.sampled_from(names.split()),
        st.tuples(*arguments),
    )


OPTIONS = st.lists(
    st.sampled_from(
        [
            'activation="relu"',
            'name=f"{prefix}_attention_output_dense"',
            "dtype=self.dtype_policy",
            "kernel_initializer=clone_initializer(self.kernel_initializer)",
            "kernel_regularizer=None",
            "bias_initializer=(1, 2)",
        ]
    ),
    unique_by=lambda option: option.split("=")[0],
).map(lambda options: ", ".join(["units", *options]))
LAYERS = calls("layers.Dense keras.layers.LSTM", OPTIONS)
MADE = LAYERS | calls(
    "layers.TimeDistributed layers.Bidirectional", LAYERS, st.sampled_from(['name="a"', ""])
)
CALLED = st.recursive(
    st.sampled_from(["x", "some_rather_long_name_of_a_tensor", "x, training=training", "[x, y]"]),
    lambda inner: st.builds("{}({})".format, MADE, inner),
    max_leaves=3,
)
VALUES = st.recursive(
    MADE | st.builds("{}({})".format, MADE, CALLED),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda values: f"[{', '.join(values)}]")
        | inner.map(lambda value: f"[{value} for i in range(depth)]")
        | inner.map(lambda value: f"{{'a': {value}}}")
        | calls("model.add tf.nn.relu", inner)
        | calls("wrap keras.Sequential", inner, st.just('name="a"'))
    ),
    max_leaves=4,
)
ASSIGNED = VALUES | st.builds(
    lambda form, one, other: form.format(one, other),
    st.sampled_from(
        [
            "{} + y",
            "residual + {}",
            "{} * scale + {}",
            "{} + {} - some_rather_long_name_of_a_tensor",
            "-{} @ {}",
            "{} if training else {}",
            "{} if training is not None else None",
            "{}, {}",
            "not {} or {}",
        ]
    ),
    MADE | st.builds("{}({})".format, MADE, CALLED),
    MADE | st.builds("{}({})".format, LAYERS, st.just("x")),
)
STATEMENTS = (
    st.builds(
        "{}{}{}".format,
        st.sampled_from(
            ["x = ", "self.layer_with_a_name = ", "x = self.layer = ", "x: object = ", "return "]
        ),
        ASSIGNED,
        st.sampled_from(["", "", "  # a comment", "  # noqa: E501"]),
    )
    | VALUES
)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(STATEMENTS, min_size=1, max_size=4))
def test_ruff_changes_nothing_after_the_fix_of_anything_it_formatted(
    tmp_path: Path, statements: list[str]
) -> None:
    body = "".join(f"    {statement}\n" for statement in statements)
    source = ruff_format(f"import keras\n{HEAD}\n\ndef build(x):\n{body}")
    check_that_ruff_changes_nothing(source, BOTH_L2, tmp_path)


APPLICABILITY = {
    "added": ("layers.Dense(1)", "safe"),
    "replaced": ("layers.Dense(1, kernel_regularizer='l1')", "safe"),
    "a comment in the value": (
        "layers.Dense(1, kernel_regularizer=regularizers.l1(  # why\n    0.1))",
        "unsafe",
    ),
    "a comment beside the value": (
        "layers.Dense(1, kernel_regularizer='l1',  # why\n    use_bias=True)",
        "safe",
    ),
    "a comment in another value": ("layers.Dense((  # why\n    1), kernel_regularizer='l1')", "safe"),
    "no comment": ("layers.Dense(1, name='#', kernel_regularizer=regularizers.get('l1'))", "safe"),
}


@pytest.mark.parametrize(("source", "applicability"), APPLICABILITY.values(), ids=APPLICABILITY)
def test_a_fix_that_drops_a_comment_is_unsafe(source: str, applicability: str, tmp_path: Path) -> None:
    module = module_of(tmp_path, HEAD + source + "\n")
    policy = policy_of(tmp_path, KERNEL_L2)
    fixes = Fixer(module).remedies([f for rule in all_rules() for f in rule.check(module, policy)])
    assert [fix.applicability for fix in fixes if isinstance(fix, Fix)] == [applicability]


def test_no_import_is_added_inside_a_try(tmp_path: Path) -> None:
    source = "try:\n    from keras.layers import Dense\nexcept ImportError:\n    Dense = None\nDense(4)\n"
    after, reasons = fixed(tmp_path, source)
    assert after == source
    assert reasons == [
        "Keras is imported under a condition here; import regularizers in each branch, and reglint will use it"
    ]


def test_a_file_that_the_parser_would_change_is_refused(tmp_path: Path) -> None:
    module = module_of(tmp_path, HEAD + "\x0clayers.Dense(4)\n")  # libcst drops this form feed
    policy = policy_of(tmp_path, KERNEL_L2)
    (finding,) = (finding for rule in all_rules() for finding in rule.check(module, policy))
    (remedy,) = Fixer(module).remedies([finding])
    assert not isinstance(remedy, Fix)
    assert remedy.reason == "the parser would lose white space in line 2, so this file is left alone"


def test_every_byte_outside_the_edits_is_kept(tmp_path: Path) -> None:
    source = (
        "\ufefffrom keras import layers, regularizers\r\n\x0c\r\nx = 1\nlayers.Dense(4)\t# ö \r\n  \n# end"
    )
    after, reasons = fixed(tmp_path, source)
    assert reasons == []
    assert "\ufeff" + after == source.replace("Dense(4)", f"Dense(4, kernel_regularizer={L2})")
