"""Made-up values."""

from __future__ import annotations

import ast

import pytest

from reglint.verify.guesses import guess, shapes_for
from reglint.verify.uses import Use


@pytest.mark.parametrize(
    ("name", "annotation", "value"),
    [
        ("num_classes", "", "10"),
        ("n_features", "", "8"),
        ("input_dim", "", "8"),
        ("vocab_size", "", "100"),
        ("maxlen", "", "16"),
        ("img_height", "", "32"),
        ("num_layers", "", "2"),
        ("dropout_rate", "", "0.1"),
        ("dilation_rate", "", "1"),
        ("learning_rate", "", "1e-4"),
        ("activation", "", "'relu'"),
        ("trainable", "", "True"),
        ("thing", "int", "8"),
        ("thing", "bool", "True"),
        ("thing", "tuple[int, ...]", "__reglint_shape__"),
        ("units", "float", "8"),
        ("thing", "Config", "__reglint_data__('the argument thing')"),
    ],
)
def test_guess(name: str, annotation: str, value: str) -> None:
    parsed = ast.parse(annotation, mode="eval").body if annotation else None
    assert guess(name, parsed) == value


@pytest.mark.parametrize(
    ("code", "shapes"),
    [
        ("", ((8,), (16, 8), (32, 32, 3))),
        ("Dense(1)", ((8,), (16, 8), (32, 32, 3))),
        ("Conv2D(1); Dense(1)", ((32, 32, 3), (8,), (128, 128, 3), (16, 8))),
        ("Embedding(1); LSTM(2)", ((16,), (16, 8), (8,), (32, 32, 3))),
        ("DepthwiseConv2D(3)", ((32, 32, 3), (128, 128, 3), (8,), (16, 8))),
    ],
)
def test_shapes_follow_the_layers(code: str, shapes: tuple[tuple[int, ...], ...]) -> None:
    assert shapes_for(code) == shapes


@pytest.mark.parametrize(
    ("name", "use", "value"),
    [
        ("input_size", Use("shape"), "__reglint_shape__"),
        ("filters", Use("sequence"), "[8, 16, 16, 32]"),
        ("things", Use("sequence"), "[8, 16, 16, 32]"),
        ("things", Use("sequence", "2"), "[8, 16]"),
        ("filters", Use("sequence", "6"), "[8, 16, 16, 32, 8, 16]"),
        ("strides", Use("sequence", "2"), "[1] * 2"),
        ("input_shape", Use("sequence"), "__reglint_shape__"),
        ("pool", Use("constant", "'max'"), "'max'"),
        ("image_size", Use("number"), "32"),
        ("thing", Use("number"), "8"),
        ("thing", Use("argument", "units"), "8"),
        ("classes", Use("argument", "units"), "10"),
        ("thing", Use("argument", "kernel_size"), "3"),
        ("thing", Use("argument", "data_format"), "__reglint_data__('the argument data_format')"),
    ],
)
def test_the_use_says_more_than_the_name(name: str, use: Use, value: str) -> None:
    assert guess(name, None, use) == value
