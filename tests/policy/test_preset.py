"""The presets: what each asks for, in code that is written like that which it is for."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from reglint import cli
from reglint.fix.fixer import Fixer
from reglint.policy import load, preset
from reglint.rules.rule import all_rules

if TYPE_CHECKING:
    from tests.conftest import Reader

RESNET = """
from tensorflow.keras import Input, Model, layers

def conv_block(x, filters, stride=1):
    x = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)

inputs = Input((32, 32, 3))
x = conv_block(inputs, 16)
y = conv_block(x, 16)
x = layers.Add()([x, y])
x = layers.GlobalAveragePooling2D()(x)
outputs = layers.Dense(10, activation="softmax")(x)
model = Model(inputs=inputs, outputs=outputs)
"""
MOBILENET = """
from keras import layers, models

model = models.Sequential()
model.add(layers.Conv2D(32, 3, strides=2, use_bias=False))
model.add(layers.BatchNormalization())
model.add(layers.DepthwiseConv2D(3, use_bias=False))
model.add(layers.Conv2D(64, 1, use_bias=False))
model.add(layers.SeparableConv2D(128, 3))
model.add(layers.GlobalAveragePooling2D())
model.add(layers.Dense(1000))
model.add(layers.Softmax())
"""
VGG = """
from keras import Sequential
from keras.layers import Conv2D, Dense, Flatten, MaxPooling2D
from keras.regularizers import l2

model = Sequential([
    Conv2D(64, 3, activation="relu", kernel_regularizer=l2(5e-4)),
    MaxPooling2D(),
    Flatten(),
    Dense(4096, activation="relu", kernel_regularizer=l2(2.5e-4), bias_regularizer=l2(2.5e-4)),
    Dense(10, activation="softmax"),
])
"""
DECAYED = """
import keras
from keras import layers, regularizers

model = keras.Sequential([
    layers.Embedding(100, 8, embeddings_regularizer="l2"),
    layers.LSTM(8, kernel_regularizer=regularizers.L1(1e-4), recurrent_regularizer=regularizers.L2(1e-4)),
    layers.LayerNormalization(gamma_regularizer="l2"),
    layers.Dense(4),
])
model.compile(optimizer=keras.optimizers.AdamW(weight_decay=0.01))
"""
K, B, D, P = "kernel_regularizer=", "bias_regularizer=", "depthwise_regularizer=", "pointwise_regularizer="
R = "regularizers."

# preset, source, and of each finding its line, code and fix
CASES = {
    "default": (RESNET, [(5, "REG101", f"{K}{R}l2(1e-4)"), (14, "REG101", f"{K}{R}l2(1e-4)")]),
    "resnet": (
        RESNET.replace("BatchNormalization()", "BatchNormalization(beta_regularizer='l2')"),
        [(5, "REG101", f"{K}{R}l2(5e-5)"), (6, "REG203", "remove beta_regularizer")],
    ),
    "keras-cifar-resnet": (
        RESNET.replace('"softmax")', '"softmax", kernel_regularizer="l2")'),
        [(5, "REG101", f"{K}{R}l2(1e-4)"), (14, "REG203", "remove kernel_regularizer")],
    ),
    "mobilenet": (
        MOBILENET,
        [
            (5, "REG101", f"{K}{R}l2(2e-5)"),
            (8, "REG101", f"{K}{R}l2(2e-5)"),
            (9, "REG103", f"{P}{R}l2(2e-5)"),
            (11, "REG101", f"{K}{R}l2(2e-5)"),
        ],
    ),
    "efficientnet": (
        MOBILENET,
        [
            (5, "REG101", f"{K}{R}l2(5e-6)"),
            (7, "REG103", f"{D}{R}l2(5e-6)"),
            (8, "REG101", f"{K}{R}l2(5e-6)"),
            (9, "REG102", f"{B}{R}l2(5e-6)"),
            (9, "REG103", f"{D}{R}l2(5e-6)"),
            (9, "REG103", f"{P}{R}l2(5e-6)"),
            (11, "REG101", f"{K}{R}l2(5e-6)"),
            (11, "REG102", f"{B}{R}l2(5e-6)"),
        ],
    ),
    "inception": (
        VGG,
        [
            (7, "REG202", f"{K}l2(2e-5)"),
            (10, "REG202", f"{K}l2(2e-5)"),
            (10, "REG203", "remove bias_regularizer"),
            (11, "REG101", f"{K}l2(2e-5)"),
        ],
    ),
    "vgg": (
        VGG,
        [
            (7, "REG202", f"{K}l2(2.5e-4)"),
            (10, "REG203", "remove bias_regularizer"),
            (11, "REG101", f"{K}l2(2.5e-4)"),
        ],
    ),
    "no-bias-decay": (VGG, [(10, "REG203", "remove bias_regularizer"), (11, "REG101", f"{K}l2(1e-4)")]),
    "decoupled": (
        DECAYED,
        [
            (6, "REG201", "remove embeddings_regularizer"),
            (7, "REG201", "remove recurrent_regularizer"),
            (8, "REG201", "remove gamma_regularizer"),
        ],
    ),
    "tutorial": (
        VGG,
        [
            (7, "REG201", f"{K}l1(0.001)"),
            (10, "REG202", f"{K}l2(0.01)"),
            (10, "REG202", f"{B}l2(0.01)"),
            (11, "REG101", f"{K}l2(0.01)"),
            (11, "REG102", f"{B}l2(0.01)"),
        ],
    ),
}


@pytest.mark.parametrize("name", preset.names())
def test_what_a_preset_finds(name: str, read: Reader, tmp_path: Path) -> None:
    source, expected = CASES[name]
    policy_file = tmp_path / "policy.toml"
    policy_file.write_text(f'extends = "{name}"')
    policy, module = load(policy_file), read(source)
    fixer = Fixer(module)
    findings = [finding for rule in all_rules() for finding in rule.check(module, policy)]
    found = [
        (module.span(each.site.call).line, each.rule.code, each.weight.role, str(fix))
        for each, fix in zip(findings, fixer.remedies(findings), strict=True)
    ]
    assert [(line, code, fix) for line, code, _, fix in sorted(found)] == sorted(expected)


@pytest.mark.parametrize("name", preset.names())
def test_every_preset_says_what_it_is_and_where_it_is_from(name: str) -> None:
    what, where = preset.about(name)
    assert what.endswith(".")
    assert where.endswith(".")


def test_the_presets_are_listed_and_printed() -> None:
    result = CliRunner().invoke(cli.main, ["policy", "presets"])
    assert re.findall(r"^([a-z-]+)  ", result.stdout, re.MULTILINE) == list(preset.names())
    assert result.stdout.count("source: ") == len(preset.names())
    assert CliRunner().invoke(cli.main, ["policy", "presets", "vgg"]).stdout == preset.text("vgg")
    result = CliRunner().invoke(cli.main, ["policy", "presets", "vgd"])
    assert result.exit_code == 2
    assert 'no preset "vgd"; did you mean "vgg"?' in result.output


# Preset, file of keras.applications, and for each layer class what fixes write. Keras itself has the classes only.
APPLICATIONS: dict[tuple[str, str], dict[str, set[str]]] = {
    ("default", "resnet.py"): {"Conv2D": {f"{K}{R}L2(1e-4)"}, "Dense": {f"{K}{R}L2(1e-4)"}},
    ("resnet", "resnet.py"): {"Conv2D": {f"{K}{R}L2(5e-5)"}},
    ("mobilenet", "mobilenet.py"): {"Conv2D": {f"{K}{R}L2(2e-5)"}},
    ("efficientnet", "efficientnet.py"): {
        "Conv2D": {f"{K}{R}L2(5e-6)", f"{B}{R}L2(5e-6)"},
        "DepthwiseConv2D": {f"{D}{R}L2(5e-6)"},
        "Dense": {f"{K}{R}L2(5e-6)", f"{B}{R}L2(5e-6)"},
    },
    ("inception", "inception_v3.py"): {"Conv2D": {f"{K}{R}L2(2e-5)"}, "Dense": {f"{K}{R}L2(2e-5)"}},
    ("vgg", "vgg16.py"): {"Conv2D": {f"{K}{R}L2(2.5e-4)"}, "Dense": {f"{K}{R}L2(2.5e-4)"}},
    ("no-bias-decay", "vgg16.py"): {"Conv2D": {f"{K}{R}L2(1e-4)"}, "Dense": {f"{K}{R}L2(1e-4)"}},
    ("tutorial", "vgg16.py"): {
        "Conv2D": {f"{K}{R}L1(0.001)"},
        "Dense": {f"{K}{R}L2(0.01)", f"{B}{R}L2(0.01)"},
    },
    ("decoupled", "resnet.py"): {},
    ("keras-cifar-resnet", "resnet.py"): {"Conv2D": {f"{K}{R}L2(1e-4)"}},
}


def test_each_preset_is_tried_on_the_models_of_keras() -> None:
    assert {name for name, _ in APPLICATIONS} == set(preset.names())


@pytest.mark.keras
@pytest.mark.parametrize(("name", "file"), APPLICATIONS)
def test_presets_in_the_models_of_keras(name: str, file: str, read: Reader, tmp_path: Path) -> None:
    """Every constructor that a preset is about is found, and no other: these models have no regularizers."""
    spec = importlib.util.find_spec("keras")
    assert spec is not None
    assert spec.origin is not None
    source = (Path(spec.origin).parent / "src" / "applications" / file).read_text()
    policy_file = tmp_path / "policy.toml"
    policy_file.write_text(f'extends = "{name}"')
    policy, module = load(policy_file), read(source)
    findings = [finding for rule in all_rules() for finding in rule.check(module, policy)]
    fixer = Fixer(module)
    written: dict[str, set[str]] = {}
    for finding, fix in zip(findings, fixer.remedies(findings), strict=True):
        written.setdefault(finding.site.layer.name, set()).add(str(fix))
    assert written == APPLICATIONS[name, file]
    expected = [site for site in module.sites if site.layer.name in written]
    assert {finding.site.call for finding in findings} == {site.call for site in expected}
