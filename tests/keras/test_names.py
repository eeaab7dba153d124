"""One object, many import paths."""

from __future__ import annotations

import importlib

import pytest

from reglint.keras.catalog import load
from reglint.keras.names import KerasExternals, is_defined, keras_name

NAMES = {
    "keras.layers.Dense": ("keras", "layers.Dense", None),
    "tensorflow.keras.layers.Dense": ("tensorflow.keras", "layers.Dense", None),
    "tf_keras.layers.Dense": ("tf_keras", "layers.Dense", 2),
    "tf_keras.src.layers.Dense": ("tf_keras", "layers.Dense", 2),
    "keras.src.layers.Dense": ("keras", "layers.Dense", None),
    "keras.src.layers.core.dense.Dense": ("keras", "layers.Dense", None),
    "keras.api.layers.Dense": ("keras", "layers.Dense", None),
    "keras._tf_keras.keras.layers.Dense": ("keras", "layers.Dense", None),
    "keras.layers.core.Dense": ("keras", "layers.Dense", 2),
    "keras.layers.experimental.preprocessing.Resizing": ("keras", "layers.Resizing", 2),
    "tensorflow.python.keras.layers.core.Dense": ("tensorflow.python.keras", "layers.Dense", 2),
    "tensorflow.compat.v1.keras.layers.Dense": ("tensorflow.compat.v1.keras", "layers.Dense", 2),
    "tensorflow.compat.v2.keras.layers.Dense": ("tensorflow.compat.v2.keras", "layers.Dense", None),
    "tensorflow.keras": ("tensorflow.keras", "", None),
    "keras.regularizers.l2": ("keras", "regularizers.l2", None),
    "keras.src": ("keras", "", None),
}


@pytest.mark.parametrize("dotted", NAMES)
def test_keras_names(dotted: str) -> None:
    name = keras_name(dotted)
    assert name is not None
    assert (name.root, name.path, name.generation) == NAMES[dotted]


@pytest.mark.parametrize(
    "dotted", ["tensorflow.layers.Dense", "torch.nn.Linear", "keras_hub.layers.Dense", "os"]
)
def test_other_names(dotted: str) -> None:
    assert keras_name(dotted) is None


@pytest.mark.parametrize(
    ("module", "name", "exported"),
    [
        ("keras.layers", "Dense", True),
        ("keras.layers", "print", False),
        ("tensorflow.keras.regularizers", "l2", True),
        ("keras.models", "Dense", False),
        ("torch.nn", "Conv2D", False),
        ("tensorflow.keras", "layers", True),
    ],
)
def test_star_exports(module: str, name: str, exported: bool) -> None:
    assert KerasExternals().exports(module, name) is exported


@pytest.mark.keras
@pytest.mark.parametrize("module", ["keras.regularizers", "keras.src.regularizers", "tf_keras.regularizers"])
@pytest.mark.parametrize("name", ["l1", "l2", "l1_l2", "L1", "L2", "L1L2"])
def test_which_regularizers_are_defined(module: str, name: str) -> None:
    assert is_defined(f"{module}.{name}") is hasattr(importlib.import_module(module), name)


LAYERS = {
    "Dense": (3,),
    "Conv2D": (3, 3),
    "DepthwiseConv2D": (3,),
    "SeparableConv2D": (3, 3),
    "Embedding": (3, 4),
    "LSTM": (3,),
    "GRUCell": (3,),
    "BatchNormalization": (),
    "LayerNormalization": (),
    "PReLU": (),
    "MultiHeadAttention": (2, 3),
}


@pytest.mark.keras
@pytest.mark.parametrize("generation", [2, 3])
@pytest.mark.parametrize("name", LAYERS)
def test_layers_keep_their_regularizers(generation, name, keras_of):
    keras = keras_of(generation)
    weights = load(generation).layer(name).weights
    made = [keras.regularizers.L2(0.1 + number) for number in range(len(weights))]
    given = {weight.argument: each for weight, each in zip(weights, made, strict=True)}
    layer = getattr(keras.layers, name)(*LAYERS[name], **given)
    bare = getattr(keras.layers, name)(*LAYERS[name])
    assert weights
    for argument, each in given.items():
        attribute = argument if hasattr(layer, argument) else f"_{argument}"
        assert getattr(layer, attribute) is each
        assert getattr(bare, attribute) is None
        kept = KerasExternals().keeps(f"keras.layers.{name}", attribute)
        assert kept is not None
        assert kept[0] == argument
    assert KerasExternals().keeps(f"keras.layers.{name}", "regularizer") is None
    assert KerasExternals().keeps(f"keras.models.{name}", attribute) is None


@pytest.mark.parametrize(
    ("function", "does"),
    [
        ("tools.keras_import", True),
        ("tools.import_from_keras", True),
        ("tools.importKeras", True),
        ("keras.layers.Dense", False),
        ("keras.tools.load", False),
        ("importlib.import_module", False),
    ],
)
def test_functions_that_import(function: str, does: bool) -> None:
    assert KerasExternals().imports(function) is does
