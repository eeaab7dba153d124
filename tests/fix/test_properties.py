"""What holds for the fix of any module, over generated ones: layers in random spellings and layouts."""

from __future__ import annotations

import ast
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reglint import pipeline
from reglint.policy import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

POLICY = (
    '[weights]\nkernel = { require = "l2", strength = 1e-4 }\nbias = { require = "l2", strength = 1e-4 }\n'
)


def benchmark(name: str) -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


fixing = benchmark("fixing")


# The modules


@dataclass(frozen=True)
class Spelled:
    """How a module imports Keras, and what it writes before the name of a layer, and of a regularizer if it can."""

    imports: str
    prefix: str = ""
    regularizers: str | None = None


LAYERS = "Bidirectional, Conv2D, Dense, DepthwiseConv2D, LSTM, SeparableConv2D, TimeDistributed"
ONE_A_LINE = LAYERS.replace(", ", ",\n    ")
SPELLED = [
    Spelled("import keras\n", "keras.layers.", "keras.regularizers."),
    Spelled("import tensorflow as tf\n", "tf.keras.layers.", "tf.keras.regularizers."),
    Spelled("from keras import layers\n", "layers."),
    Spelled("from keras import (\n    layers,  # all of them\n    models,\n)\n", "layers."),
    Spelled("from keras import (layers,\n                   models)\n", "layers."),
    Spelled("from keras import Model, layers, utils\n", "layers."),
    Spelled("from keras import layers\nfrom keras import models\n", "layers."),
    Spelled("from tensorflow.keras import layers as L, regularizers as R\n", "L.", "R."),
    Spelled("import tensorflow.keras.layers as KL\n", "KL."),
    Spelled("import os\n\nimport keras\n\nlayers = keras.layers\n", "layers.", "keras.regularizers."),
    Spelled(f"from keras.layers import {LAYERS}\n"),
    Spelled(f"from keras.layers import (\n    {ONE_A_LINE},\n)\nfrom keras.models import Model\n"),
    Spelled("from keras.layers import *\n"),
    Spelled(f"from keras.layers import {LAYERS}\nfrom keras.regularizers import l1\n"),
    Spelled(f"from keras.layers import {LAYERS}\nfrom keras.regularizers import L2 as Penalty\n"),
]
HEADS = ["", "", "", "WEIGHT_DECAY = 1e-4\n", "LEARNING_RATE = 1e-4\n", "regularizers = None\n", "l2 = 0.5\n"]
OPTIONS = [
    "activation='relu'",
    'activation="tanh"',
    "name=None",
    "kernel_initializer = 'ones'",
    "bias_initializer='zeros'",
    "kernel_regularizer=None",
    "kernel_regularizer='l2'",
    "bias_regularizer='l1'",
    "use_bias=True",
    "dtype='float32'",
    "trainable=(not False)",
]
REGULARIZERS = [
    "l2(0.3)",
    "L2( l2 = 0.3 )",
    "l2(l2=3e-1,)",
    "l2()",
    "l1(1e-4)",
    "L1L2(0.0, 0.3)",
    "l1_l2(l1=0.2, l2=1e-4)",
    "L2(\n    0.3  # (why\n)",
]
SIMPLE = {"Dense": ["4"], "Conv2D": ["4", "3"], "LSTM": ["4"], "SeparableConv2D": ["4", "(3, 3)"]}
CALLED = "(x)"


@dataclass(frozen=True)
class Layout:
    """How the arguments of a call are divided: what stands between them, before the first and behind the last."""

    open: str
    between: str
    close: str
    comment: str = ""

    def call(self, name: str, arguments: list[str], indent: str) -> str:
        margin = "\n" + indent
        column = margin + " " * (len(name) + 1)
        marks = {"<": margin, ">": margin + "    ", "|": column, "#": self.comment}

        def written(text: str) -> str:
            return "".join(marks.get(character, character) for character in text)

        return name + written(f"({self.open}") + written(self.between).join(arguments) + written(self.close)


LAYOUTS = [
    *[Layout("", ", ", ")")] * 4,
    Layout("", ", ", ",)"),
    Layout(" ", " , ", " )"),
    Layout(">", ",>", ",<)"),
    Layout(">", ",>", "<)"),
    Layout(">", ",>", ")"),
    Layout(">", ", ", "<)"),
    Layout("", ",|", ")"),
    Layout("", "|, ", ")"),
    Layout(">", ">, ", "<)"),
    Layout(">", ",#>", ",#<)", "  # (why, not"),
    Layout(">", ",>", "#<)", "  # last"),
    Layout(">", ",>", ",>#<)", "# none, so far"),
]
CONTEXTS = [
    *["{name} = {layer}"] * 4,
    "{name} = [{layer}]  # a comment",
    "{name} = {{'a': {layer}, 'b': 1}}",
    "{name} = (\n{indent}    {layer}\n{indent})",
    "{name} = [{layer} for _ in range(2)]",
    "{name} = ({layer}, {layer})",
    "if True: {name} = {layer}",
    "{name}: object = {layer}; other = 1",
]
SHARED = [
    "reg{name} = {reg}\n{name} = [{dense}(4, kernel_regularizer=reg{name}), {dense}(5, kernel_regularizer=reg{name})]",
    "kw{name} = dict(kernel_regularizer={reg})\n{name} = {dense}(4, **kw{name})",
    "kw{name} = {{'units': 4, 'kernel_regularizer': {reg}, 'name': None}}\n{name} = {dense}(**kw{name})",
    "kw{name} = {{'units': 4}}\n{name} = {dense}(**kw{name})",
    "part{name} = functools.partial({dense}, 4, kernel_regularizer={reg})\n{name} = part{name}(), part{name}()",
    "part{name} = functools.partial({dense},\n    units=4)\n{name} = [part{name}(), part{name}(name=None)]",
    "def make{name}(units, reg={reg}):\n    return {dense}(units, kernel_regularizer=reg)\n\n\n"
    "{name} = make{name}(4), make{name}(5)",
    "def make{name}(units, reg=None):\n    return {dense}(units, kernel_regularizer=reg)\n\n\n"
    "{name} = make{name}(4), make{name}(5, {reg}), make{name}(5, reg=None)",
    "class Own{name}({dense}):\n    def __init__(self, units):\n        super().__init__(units)\n\n\n"
    "{name} = Own{name}(4), Own{name}(5)",
]
"""Values that are decided elsewhere than in the call; `reg` is a regularizer, or None."""
CALLING = [
    "{name} = {layer}(x)",
    "model.add({layer})",
    "{name} = f({layer})(g(x), y)",
    "return {layer}(x)[0]",
]


@st.composite
def layer(draw: st.DrawFn, spelled: Spelled, indent: str) -> str:
    prefix = spelled.prefix
    name = draw(st.sampled_from([*SIMPLE, "TimeDistributed", "Bidirectional"]))
    layout = draw(st.sampled_from(LAYOUTS))
    if name not in SIMPLE:
        inner = "Dense" if name == "TimeDistributed" else "LSTM"
        wrapped = draw(st.sampled_from(LAYOUTS)).call(prefix + inner, SIMPLE[inner], indent + "    ")
        options = draw(st.lists(st.sampled_from(["name=None", "dtype='float32'"]), unique=True))
        return layout.call(prefix + name, [wrapped, *options], indent)
    known = [*OPTIONS]
    if spelled.regularizers is not None:
        known += [f"kernel_regularizer={spelled.regularizers}{each}" for each in REGULARIZERS]
    known = [option for option in known if name != "SeparableConv2D" or not option.startswith("kernel")]
    chosen = draw(
        st.lists(st.sampled_from(known), max_size=4, unique_by=lambda text: text.split("=")[0].strip())
    )
    return layout.call(prefix + name, [*SIMPLE[name], *chosen], indent)


@st.composite
def shared(draw: st.DrawFn, spelled: Spelled, name: str) -> str:
    """Layers of which something else decides what they get; above them the import that this takes."""
    written = [f"{spelled.regularizers}{each}" for each in REGULARIZERS] if spelled.regularizers else ["'l2'"]
    made = draw(st.sampled_from(SHARED)).format(
        name=name, dense=f"{spelled.prefix}Dense", reg=draw(st.sampled_from([*written, "None"]))
    )
    return f"import functools\n\n{made}\n"


@st.composite
def sources(draw: st.DrawFn, *, runs: bool) -> str:
    """The source of a module; if it ``runs``, each of its layers can be found by a name of the module."""
    spelled = draw(st.sampled_from(SPELLED))
    parts = [draw(st.sampled_from(["", '"""A module."""\n\n', "# a comment\n"])), spelled.imports]
    parts.append(draw(st.sampled_from(HEADS)))
    number = 0
    contexts = st.sampled_from(CONTEXTS if runs else [*CONTEXTS, *CALLING])
    for _ in range(draw(st.integers(1, 3))):
        indent = ""
        if not runs and draw(st.booleans()):
            parts.append(f"\n\ndef build_{number}(x, model, regularizer=None):\n")
            indent = draw(st.sampled_from(["    ", "\t", "  "]))
        for _ in range(draw(st.integers(1, 2))):
            context = draw(contexts)
            if context.startswith("return") and not indent:
                context = CONTEXTS[0]
            # What is compared knows regularizers by their own names only.
            if not indent and " as Penalty" not in spelled.imports and draw(st.integers(0, 3)) == 0:
                parts.append(draw(shared(spelled, f"v{number}")))
                number += 1
                continue
            made = draw(layer(spelled, indent))
            parts.append(f"{indent}{context.format(name=f'v{number}', layer=made, indent=indent)}\n")
            number += 1
    source = "".join(parts)
    if draw(st.booleans()):
        source = source.removesuffix("\n")
    return source.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n"])))


# The properties


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "strict.toml").write_text(POLICY)
    return folder


@dataclass(frozen=True)
class Run:
    """What a fix makes of a source."""

    after: bytes
    fixes: int
    named: set[int]
    """The lines that the fixes name."""
    left: list[str | None]
    """Why the other findings have no fix."""


def run(source: bytes, folder: Path) -> Run:
    policy = load(folder / "strict.toml")
    outcome = pipeline.fix([], lambda _: policy, settings=None, given={folder / "model.py": source})
    assert outcome.report.errors == ()
    found = outcome.report.findings
    return Run(
        outcome.changes[0].after.data if outcome.changes else source,
        sum(outcome.made),
        {line for lines in fixing.lines_named(found).values() for line in lines},
        [one.reason for one in found if not one.fixable],
    )


@settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(sources(runs=False))
def test_a_fix_changes_what_it_says_and_nothing_else(folder: Path, source: str) -> None:
    before = source.encode()
    made = run(before, folder)
    assert made.fixes > 0
    assert made.left == []
    ast.parse(made.after)
    assert fixing.first_difference(before, made.after, made.named) is None
    policy = load(folder / "strict.toml")
    checked = pipeline.check([], lambda _: policy, given={folder / "model.py": made.after})
    assert checked.report.findings == ()
    assert run(made.after, folder) == Run(made.after, 0, set(), [])


def kept(value: Any, layer_class: type) -> Iterator[Any]:
    """The layers in a value, those in wrappers as well."""
    if isinstance(value, layer_class):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from kept(item, layer_class)
    elif isinstance(value, dict):
        yield from kept(list(value.values()), layer_class)


@pytest.mark.keras
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(sources(runs=True))
def test_the_fixed_constructors_have_the_penalties(folder: Path, source: str) -> None:
    import keras
    import numpy as np

    after = run(source.encode(), folder).after
    names: dict[str, Any] = {}
    exec(compile(after, "model.py", "exec"), names)
    layers = [
        one for name, value in names.items() if name[0] == "v" for one in kept(value, keras.layers.Layer)
    ]
    assert layers
    for one in layers:
        shape = (2, 8, 8, 3) if "conv2d" in one.name else (2, 5, 3)
        one.build(shape)
        for weight in one.trainable_weights:
            weight.assign(np.full(weight.shape, 0.5, "float32"))
        expected = [1e-4 * 0.25 * int(np.prod(weight.shape)) for weight in one.trainable_weights]
        assert sorted(map(float, one.losses)) == pytest.approx(sorted(expected), rel=1e-4)
