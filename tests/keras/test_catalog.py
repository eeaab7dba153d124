from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from reglint.keras import derive
from reglint.keras.catalog import KERNEL_LIKE, ROLES, Weight, load

BIAS = Weight("bias", "bias_regularizer", "use_bias")
BETA = Weight("beta", "beta_regularizer", "center")
GAMMA = Weight("gamma", "gamma_regularizer", "scale")


def weight(role: str) -> Weight:
    return Weight(role, f"{role}_regularizer")


KERNEL_BIAS = (weight("kernel"), BIAS)
RECURRENT = (weight("kernel"), BIAS, weight("recurrent"))
SEPARABLE = (BIAS, weight("depthwise"), weight("pointwise"))
WEIGHTS = {
    **dict.fromkeys(("Dense", "MultiHeadAttention"), KERNEL_BIAS),
    **{f"Conv{rank}D{transpose}": KERNEL_BIAS for rank in (1, 2, 3) for transpose in ("", "Transpose")},
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN", "LSTMCell", "GRUCell", "SimpleRNNCell"), RECURRENT),
    **dict.fromkeys(("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"), RECURRENT),
    **dict.fromkeys(("DepthwiseConv1D", "DepthwiseConv2D"), (BIAS, weight("depthwise"))),
    **dict.fromkeys(("SeparableConv1D", "SeparableConv2D"), SEPARABLE),
    **dict.fromkeys(("BatchNormalization", "LayerNormalization", "GroupNormalization"), (GAMMA, BETA)),
    "Embedding": (weight("embeddings"),),
    "PReLU": (weight("alpha"),),
    "EinsumDense": (weight("kernel"), Weight("bias", "bias_regularizer", "bias_axes", default=False)),
}
ONLY_2 = {
    **dict.fromkeys(("LocallyConnected1D", "LocallyConnected2D"), KERNEL_BIAS),
    **dict.fromkeys(("CuDNNGRU", "CuDNNLSTM"), (weight("kernel"), weight("bias"), weight("recurrent"))),
    "SyncBatchNormalization": (GAMMA, BETA),
}
ONLY_3 = {"GroupQueryAttention": KERNEL_BIAS, "ReversibleEmbedding": (weight("embeddings"),)}


@pytest.mark.parametrize(("generation", "expected"), [(2, WEIGHTS | ONLY_2), (3, WEIGHTS | ONLY_3)])
def test_every_layer_with_weights_and_nothing_else(generation, expected):
    catalog = load(generation)
    assert {layer.name: layer.weights for layer in map(catalog.layer, catalog.names())} == expected


@pytest.mark.parametrize("generation", [2, 3])
@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("Convolution2D", "Conv2D"),
        ("Convolution1DTranspose", "Conv1DTranspose"),
        ("SeparableConvolution1D", "SeparableConv1D"),
        ("MaxPool2D", "MaxPooling2D"),
    ],
)
def test_an_alias_is_its_layer(generation, alias, name):
    catalog = load(generation)
    assert catalog.layer(alias) is catalog.layer(name)
    assert catalog.layer(alias).name == name
    assert (alias in catalog.names()) == (name in catalog.names()) == ("Conv" in name)


@pytest.mark.parametrize("generation", [2, 3])
def test_names_are_sorted_and_unique(generation):
    names = load(generation).names()
    assert list(names) == sorted(set(names))


@pytest.mark.parametrize("generation", [2, 3])
@pytest.mark.parametrize("name", ["dense", "Dense2D", "Input", "InputSpec", "Model", "Sequential", ""])
def test_what_is_no_layer_class_is_not_in_the_catalog(generation, name):
    assert load(generation).layer(name) is None


def test_layers_of_one_generation_are_not_in_the_other():
    assert [name for name in load(2).names() if load(3).layer(name) is None] == sorted(ONLY_2)
    assert [name for name in load(3).names() if load(2).layer(name) is None] == sorted(
        [*ONLY_3, "GroupedQueryAttention"]
    )


@pytest.mark.parametrize("generation", [2, 3])
@pytest.mark.parametrize(
    "name", ["Bidirectional", "TimeDistributed", "RNN", "StackedRNNCells", "Wrapper", "SpectralNormalization"]
)
def test_a_wrapper_has_no_weights_of_its_own(generation, name):
    assert load(generation).layer(name).weights == ()


@pytest.mark.parametrize("generation", [2, 3])
@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("Dense", ["units", "activation", "use_bias", "kernel_initializer"]),
        ("Conv2D", ["filters", "kernel_size", "strides", "padding"]),
        ("LSTM", ["units", "activation", "recurrent_activation", "use_bias"]),
        ("Embedding", ["input_dim", "output_dim", "embeddings_initializer", "embeddings_regularizer"]),
        ("Bidirectional", ["layer", "merge_mode", "weights", "backward_layer"]),
        ("Add", []),
    ],
)
def test_parameters_are_in_the_order_of_the_constructor(generation, name, parameters):
    assert list(load(generation).layer(name).parameters[:4]) == parameters


def test_parameters_are_those_of_the_generation():
    assert "time_major" in load(2).layer("LSTM").parameters
    assert "time_major" not in load(3).layer("LSTM").parameters
    assert "lora_rank" in load(3).layer("Dense").parameters


@pytest.mark.parametrize(
    ("generation", "name", "ineffective"),
    [
        (2, "DepthwiseConv1D", ("kernel",)),
        (2, "DepthwiseConv2D", ("kernel",)),
        (2, "SeparableConv1D", ("kernel",)),
        (2, "SeparableConv2D", ("kernel",)),
        (2, "EinsumDense", ("activity",)),
        (2, "SimpleRNN", ()),
        (3, "DepthwiseConv2D", ()),
        (3, "SeparableConv2D", ()),
        (3, "EinsumDense", ()),
        (3, "SimpleRNN", ("activity",)),
    ],
)
def test_arguments_that_add_nothing_are_no_weights(generation, name, ineffective):
    layer = load(generation).layer(name)
    assert layer.ineffective == ineffective
    assert [layer.weight(role) for role in ineffective] == [None] * len(ineffective)


@pytest.mark.parametrize(
    ("generation", "name", "accepts"),
    [
        (3, "Dense", True),
        (3, "Flatten", True),
        (3, "Bidirectional", True),
        (3, "SpatialDropout2D", False),
        (3, "InputLayer", False),
        (2, "Dense", True),
        (2, "BatchNormalization", True),
        (2, "SpatialDropout2D", True),
        (2, "InputLayer", False),
    ],
)
def test_activity(generation, name, accepts):
    layer = load(generation).layer(name)
    assert layer.accepts_activity is accepts
    assert layer.weight("activity") == (weight("activity") if accepts else None)


def test_a_weight_by_its_role():
    dense = load(3).layer("Dense")
    assert dense.weight("bias") == BIAS
    assert dense.weight("recurrent") is None
    assert load(2).layer("DepthwiseConv2D").weight("kernel") is None


@pytest.mark.parametrize("generation", [2, 3])
def test_roles(generation):
    catalog = load(generation)
    order = {role: index for index, role in enumerate(ROLES)}
    used = {"activity"}
    for name in catalog.names():
        roles = [weight.role for weight in catalog.layer(name).weights]
        assert roles == sorted(roles, key=order.__getitem__)
        used.update(roles)
    assert used == set(ROLES)
    assert set(KERNEL_LIKE) < set(ROLES)


def test_importing_the_catalog_reads_no_data_and_no_keras():
    script = (
        "import sys, reglint.keras.catalog, reglint.keras.penalty\n"
        "print(sorted({'json', 'importlib.resources', 'keras', 'tf_keras', 'tensorflow'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_the_data_is_as_the_derivation_writes_it():
    for generation in (2, 3):
        text = derive.path(generation).read_text(encoding="utf-8")
        assert derive.render(json.loads(text)) == text


def relied_on(data: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """What findings and fixes rest on, of the layers with weights; the rest changes with every release."""
    return {
        name: (record["weights"], record.get("ineffective"), name in data["without_activity"])
        for name, record in data["layers"].items()
        if name in names and "weights" in record
    }


def release(data: dict[str, Any]) -> tuple[int, ...]:
    return tuple(map(int, data["version"].split(".")[:3]))


@pytest.mark.keras
@pytest.mark.filterwarnings("ignore:Argument `input_shape` is deprecated")
@pytest.mark.parametrize("generation", [2, 3])
def test_the_data_is_what_the_installed_keras_does(generation):
    stored: dict[str, Any] = json.loads(derive.path(generation).read_text(encoding="utf-8"))
    derived = derive.derive(generation)
    if derived["version"] != stored["version"]:
        # An older release lacks layers; a newer one must not have any that the data lacks.
        older = release(derived) < release(stored)
        names = derived["layers"].keys() | (set() if older else stored["layers"].keys())
        stored, derived = relied_on(stored, names), relied_on(derived, names)
    assert derived == stored, "the installed Keras differs; regenerate with: python -m reglint.keras.derive"


@pytest.mark.keras
@pytest.mark.parametrize("generation", [2, 3])
@pytest.mark.parametrize(
    ("name", "arguments", "shape"),
    [
        ("Dense", (10, "relu", False), (None, 3)),
        ("Conv2D", (4, 3, 2, "same"), (None, 8, 8, 3)),
        ("LSTM", (4, "relu", "sigmoid", False), (None, 5, 3)),
        ("BatchNormalization", (-1, 0.9, 1e-3, False), (None, 3)),
    ],
)
def test_positional_arguments_are_the_parameters_in_order(generation, name, arguments, shape, keras_of):
    layer = load(generation).layer(name)
    by_name = dict(zip(layer.parameters, arguments, strict=False))
    cls = getattr(keras_of(generation).layers, name)
    positional, keyword = cls(*arguments, name="layer"), cls(**by_name, name="layer")
    assert positional.get_config() == keyword.get_config()
    for built in (positional, keyword):
        built.build(shape)
    assert [w.shape for w in positional.weights] == [w.shape for w in keyword.weights]


@pytest.mark.keras
@pytest.mark.parametrize("generation", [2, 3])
@pytest.mark.parametrize("name", ["Bidirectional", "TimeDistributed", "RNN"])
def test_a_wrapper_takes_no_regularizer_and_has_that_of_its_layer(generation, name, keras_of):
    keras = keras_of(generation)
    wrapper = getattr(keras.layers, name)
    inner = {
        "Bidirectional": keras.layers.LSTM(2, kernel_regularizer="l2"),
        "TimeDistributed": keras.layers.Dense(2, kernel_regularizer="l2"),
        "RNN": keras.layers.LSTMCell(2, kernel_regularizer="l2"),
    }[name]
    with pytest.raises((TypeError, ValueError), match="kernel_regularizer"):
        wrapper(inner, kernel_regularizer="l2")
    layer = wrapper(inner)
    layer(keras.Input((4, 3)))
    assert len(layer.losses) == {"Bidirectional": 2, "TimeDistributed": 1, "RNN": 1}[name]


@pytest.mark.keras
@pytest.mark.parametrize("generation", [2, 3])
def test_attention_has_a_penalty_for_each_of_its_kernels_and_biases(generation, keras_of):
    keras = keras_of(generation)
    layer = keras.layers.MultiHeadAttention(2, 2, kernel_regularizer="l2", bias_regularizer="l2")
    tensor = keras.Input((4, 3))
    layer(tensor, tensor)
    assert len(layer.losses) == 8
