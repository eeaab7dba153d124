"""Which statements are kept, and what is written in their place."""

from __future__ import annotations

import ast
import re

import pytest

from reglint.verify.slicing import Slicer
from reglint.verify.source import Source

_FORGIVEN = re.compile(r"__reglint_cell__\(.*?, lambda: \((.*)\)\)$", re.M)
_LOOPED = re.compile(r"__reglint_each__\(.*?, \((.*?)\)\)(?=:$)", re.M)
_MOVED = re.compile(r"__reglint_forgive__\(.*?, lambda: \((.*?)\)\)(?=:$)", re.M)
"""What is written around code that may be made up; tables of what is kept go without it."""


def _slicer(code: str, *callees: str) -> Slicer:
    source = Source(code)
    calls = [call for call in source.calls if ast.unparse(call.func) in callees]
    return Slicer(source, dict(enumerate(calls)))


def _kept(code: str, wanted: str) -> list[str]:
    """The lines that are left of a slice for one name."""
    slicer = _slicer(code)
    text = slicer.text(slicer.closure([], [wanted]))
    assert text.count("\n") == code.count("\n")
    ast.parse(text)
    text = _FORGIVEN.sub(r"\1", _MOVED.sub(r"\1", _LOOPED.sub(r"\1", text)))
    return [line.strip() for line in text.splitlines() if line.strip() not in ("()", "", "(", ")")]


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        pytest.param(
            "import keras\nimport matplotlib\nmodel = keras.Sequential()\nmodel.add(D(1))\n"
            "model.compile('adam')\nmodel.fit(x, y)\nmodel.summary()\nprint(model)\nmodel.save('m')",
            ["import keras", "model = keras.Sequential()", "model.add(D(1))"],
            id="training is dropped, adding is kept",
        ),
        pytest.param(
            "units = 4\nother = 5\nx = Input(units)\nx = Dense(2)(x)\nmodel = Model(x)",
            ["units = 4", "x = Input(units)", "x = Dense(2)(x)", "model = Model(x)"],
            id="data flow",
        ),
        pytest.param(
            "model = Sequential()\nfor n in [8, 4]:\n  print(n)\n  model.add(D(n))",
            ["model = Sequential()", "for n in [8, 4]:", "model.add(D(n))"],
            id="a loop that builds",
        ),
        pytest.param(
            "model = Sequential()\nwhile True:\n  if done(): break\n  log()\nwhile more():\n"
            "  model.add(D(1))\n  if full: break",
            ["model = Sequential()", "while more():", "model.add(D(1))", "if full: break"],
            id="a loop that does not build",
        ),
        pytest.param(
            "base = App()\nfor layer in base.layers[:3]:\n  layer.trainable = False\nhead = base.get_layer('h')\n"
            "head.trainable = True\nmodel = Model(base)",
            [
                "base = App()",
                "for layer in base.layers[:3]:",
                "layer.trainable = False",
                "head = base.get_layer('h')",
                "head.trainable = True",
                "model = Model(base)",
            ],
            id="changes by way of another name",
        ),
        pytest.param(
            "def grow(m): m.add(D(1))\nmodel = Sequential()\ngrow(model)\nplot(model)\ntfjs.save(model)",
            ["def grow(m): m.add(D(1))", "model = Sequential()", "grow(model)"],
            id="functions of the module may change it",
        ),
        pytest.param(
            "def build(): return Model(N)\nN = 3\nM = 4\nif __name__ == '__main__':\n  args = parse()\n"
            "  model = build()\n  model.fit()",
            ["def build(): return Model(N)", "N = 3", "if (True):", "model = build()"],
            id="main guard",
        ),
        pytest.param(
            "'''Text.'''\nfrom __future__ import annotations\nimport sys\nsys.path.insert(0, '.')\n"
            "from layers import *\nimport os\nmodel = Sequential()",
            [
                "'''Text.'''",
                "from __future__ import annotations",
                "import sys",
                "sys.path.insert(0, '.')",
                "from layers import *",
                "model = Sequential()",
            ],
            id="what is always kept",
        ),
        pytest.param(
            "x = train_test_split(a)\ny = model.fit(x)\nx = train_test_split(b)\nmodel = Model(x.shape)",
            [
                "x = (__reglint_data__('`train_test_split(...)`, which a proof does not run'))",
                "x = (__reglint_data__('`train_test_split(...)`, which a proof does not run'))",
                "model = Model(x.shape)",
            ],
            id="data that is brought twice",
        ),
        pytest.param(
            "import os\nfrom __future__ import annotations\nmodel = Sequential()",
            ["model = Sequential()"],
            id="a __future__ import in a later cell",
        ),
        pytest.param(
            "try:\n  import keras\nexcept ImportError:\n  import tf_keras as keras\n  warn()\nmodel = keras.Model()",
            [
                "try:",
                "import keras",
                "except ImportError:",
                "import tf_keras as keras",
                "model = keras.Model()",
            ],
            id="imports in a try",
        ),
        pytest.param(
            "with strategy.scope():\n  model = Model()\n  model.compile()\nstrategy = Mirrored()",
            ["with strategy.scope():", "model = Model()", "strategy = Mirrored()"],
            id="a scope",
        ),
        pytest.param(
            "model = Model()\nmodel = load_model('best.h5')\ndel model",
            ["model = Model()"],
            id="results of what is not run do not replace the model",
        ),
        pytest.param(
            "type(model).losses = []\nkeras.Model.losses = []\nmodel = keras.Model()\nsetattr(keras, 'a', 1)\n"
            "import keras",
            [
                "type(model).losses = []",
                "keras.Model.losses = []",
                "model = keras.Model()",
                "setattr(keras, 'a', 1)",
                "import keras",
            ],
            id="patches are kept",
        ),
    ],
)
def test_a_slice_keeps_what_the_model_depends_on(code: str, kept: list[str]) -> None:
    assert _kept(code, "model") == kept


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (
            "m = D(1, k.D(\n2))",
            "m = __reglint_cell__('`D(1, k.D(2))`', "
            "lambda: (__reglint_made__(0, D(1, __reglint_made__(1, k.D(\n2))))))",
        ),
        (
            "m = pd.read_csv(\n'x').shape[1]",
            "m = __reglint_cell__(\"`pd.read_csv('x').shape[1]`\", lambda: ("
            "(__reglint_data__('`pd.read_csv(...)`, which a proof does not run')\n).shape[1]))",
        ),
        (
            "(a, b), m = mnist.load_data()",
            "(a, b), m = __reglint_spread__(((0, 0, ), 0, ), ((__reglint_dataset__('mnist'))))",
        ),
        ("a, *m = 1, 2", "a, *m = 1, 2"),
        (
            "a, m = x, f()",
            "a, m = __reglint_spread__((0, 0, ), (__reglint_cell__('`(x, f())`', lambda: (x, f()))))",
        ),
        (
            "def m():\n  n = f()\n  d = D(n)\n  d.fit(n)",
            "def m():\n  n = __reglint_forgive__('`f()`', lambda: (f()))\n  d = __reglint_made__(0, D(n))\n"
            "  __reglint_forgive__('`d.fit(n)`', lambda: (d.fit(n)))",
        ),
        ("@a.b(1)\nclass m: pass", "@__reglint_decorator__(a.b(1))\nclass m: pass"),
        (
            "m = {}\nfor a, b in c:\n  m[a] = b",
            "m = {}\nfor a, b in __reglint_each__((0, 0, ), (c)):\n"
            "  with __reglint_storing__('`m[a] = b`', lambda: (a, b, m,), is_cell=True): m[a] = b",
        ),
        (
            "m = {}; m[f()] = 1\nif m: m[2] = 3\nfor a in f(): pass",
            "m = {}; m[f()] = 1\nif m: m[2] = 3\n()",
        ),
        (
            "m = {}\nfor a in f():\n  m[a] = D(a)\n  m[a] += a # as well",
            "m = {}\nfor a in __reglint_each__(0, (__reglint_forgive__('`f()`', lambda: (f())))):\n"
            "  m[a] = __reglint_cell__('`D(a)`', lambda: (__reglint_made__(0, D(a))))\n"
            "  with __reglint_storing__('`m[a] += a`', lambda: (a, m,), is_cell=True): m[a] += a # as well",
        ),
        (
            "def m():\n  return open('x')",
            "def m():\n  return (__reglint_data__('`open(...)`, which a proof does not run'))",
        ),
    ],
)
def test_what_is_kept_is_instrumented(code: str, text: str) -> None:
    slicer = _slicer(code, "D", "k.D")
    assert slicer.text(slicer.closure([], ["m"])) == text


def test_a_function_that_makes_a_layer_is_not_data_whatever_its_name() -> None:
    slicer = _slicer("def load_model(): return D(1)\nm = load_model()", "D")
    assert slicer.text(slicer.closure([], ["m"])).endswith("lambda: (load_model()))")


def test_reached_follows_definitions_and_inside_finds_the_calls() -> None:
    slicer = _slicer(
        "def a(): return b()\ndef b():\n  return D(1)\ndef c(): return D(2)\nclass d: x = a", "D"
    )
    assert [slicer.inside(slicer.reached([name])) for name in "abcd"] == [{0}, {0}, {1}, {0}]
