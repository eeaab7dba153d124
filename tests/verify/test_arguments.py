"""The arguments that builders are called with."""

from __future__ import annotations

import ast

import pytest

from reglint.verify.arguments import Arguments, arguments, is_generator


def _function(code: str) -> ast.FunctionDef:
    node = ast.parse(code).body[0]
    assert isinstance(node, ast.FunctionDef)
    return node


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def f(): ...", Arguments("", 0)),
        ("def f(units=3, *args, **kwargs): ...", Arguments("", 0, optional=True)),
        ("def f(num_classes, units=3): ...", Arguments("num_classes=10", 1, optional=True)),
        ("def f(a, /, num_classes): ...", Arguments("__reglint_data__('the argument a'), num_classes=10", 2)),
        ("def f(*, input_shape): ...", Arguments("input_shape=__reglint_shape__", 1)),
        ("def f(classes=9, weights='imagenet'): ...", Arguments("weights=None", 1, optional=True)),
        ("def f(pretrained=True): ...", Arguments("pretrained=False", 1)),
        ("def f(weights=None): ...", Arguments("", 0, optional=True)),
        ("def f(x, filters): ...", Arguments("x=__reglint_input__, filters=8", 1, tensors=True)),
        (
            "def f(filters, block):\n  return Dense(filters)(block)",
            Arguments("filters=8, block=__reglint_input__", 1, tensors=True),
        ),
    ],
)
def test_arguments(code: str, expected: Arguments) -> None:
    assert arguments(_function(code), {}) == expected


def test_given_arguments_are_exact() -> None:
    function = _function("def f(classes, units=3, **more): ...")
    assert arguments(function, {}, {"classes": 2, "deep": [1]}) == Arguments(
        "classes=2, deep=[1]", 0, optional=True
    )


def test_a_method_is_not_given_its_object() -> None:
    assert arguments(_function("def m(self, n_classes): ..."), {}, method=True).text == "n_classes=10"


@pytest.mark.parametrize(
    ("code", "yields"),
    [
        ("def f():\n  yield 1", True),
        ("def f():\n  def g(): yield 1", False),
        ("def f():\n  for x in y: yield x", True),
    ],
)
def test_is_generator(code: str, yields: bool) -> None:
    assert is_generator(_function(code)) is yields
