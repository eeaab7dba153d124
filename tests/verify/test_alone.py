"""Constructor calls taken out of the code around them."""

from __future__ import annotations

import ast

import pytest

from reglint.verify.alone import CannotIsolate, isolate
from reglint.verify.source import Source
from reglint.verify.survey import Side


def _side(code: str) -> Side:
    source = Source(code)
    return Side(source, {0: next(call for call in source.calls if names(call) == "Dense")})


def names(call: ast.Call) -> str:
    return ast.unparse(call.func).rsplit(".", 1)[-1]


@pytest.mark.parametrize(
    ("code", "expression", "reads"),
    [
        ("Dense(3, name='x')", "Dense(3, name='x')", {"Dense"}),
        ("N = 3\nDense(N)", "Dense(N)", {"Dense", "N"}),
        ("def f(n): return Dense(n)", "Dense(8)", {"Dense"}),
        ("def f(n=5): return Dense(n)", "Dense(5)", {"Dense"}),
        ("def f(units=None): return Dense(units)", "Dense(8)", {"Dense"}),
        (
            "def f(c=None): return Dense(c['n'], c.act, bias=c or 1)",
            "Dense(8, 'relu', bias=None or 1)",
            {"Dense"},
        ),
        ("def f(n):\n  m = 2\n  k = m * 3\n  return Dense(k)", "Dense(2 * 3)", {"Dense"}),
        ("def f(self): return Dense(self.units, use_bias=self.b)", "Dense(8, use_bias=True)", {"Dense"}),
        ("def f(p): return Dense(2, name=p + 'x', activation=p)", "Dense(2, activation='relu')", {"Dense"}),
        ("def f(p=''): return Dense(2, name=f'{p}_x')", "Dense(2)", {"Dense"}),
        ("def f(p): return Dense(2, dtype=p, **p)", "Dense(2)", {"Dense"}),
        ("from keras.layers import *\ndef f(n): return Dense(n)", "Dense(8)", {"Dense"}),
        (
            "def f(l2=1e-3): return Dense(1, kernel_regularizer=R(l2))",
            "Dense(1, kernel_regularizer=R(0.001))",
            {"Dense", "R"},
        ),
        (
            "class Net(R):\n  def __init__(self, units): self.reg = R(units)\n"
            "  def call(self): return Dense(self.units, kernel_regularizer=self.reg)",
            "Dense(8, kernel_regularizer=Net(units=8).reg)",
            {"Dense", "Net"},
        ),
    ],
)
def test_isolate(code: str, expression: str, reads: set[str]) -> None:
    prelude = "" if "import" in code else "from keras.layers import Dense\nfrom r import R\n"
    alone = isolate(_side(prelude + code), 0, "Dense", 3)
    assert alone.expression == f"__reglint_made__(0, {expression})"
    assert alone.reads == reads
    assert alone.imports == []


def test_imports_of_the_function_come_along() -> None:
    alone = isolate(_side("def f():\n  from keras import layers as L\n  return L.Dense(3)"), 0, "Dense", 3)
    assert (alone.expression, alone.imports) == (
        "__reglint_made__(0, L.Dense(3))",
        ["from keras import layers as L"],
    )


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("def f(layers): return layers.Dense(3)", "what `layers.Dense` is, only the code around it knows"),
        (
            "from keras.layers import Dense\ndef f(r): return Dense(3, kernel_regularizer=r)",
            "what `r` is, only the code around it knows",
        ),
        (
            "from keras.layers import Dense\ndef f(self): return Dense(3, kernel_regularizer=self.r)",
            "what `self.r` is, only the code around it knows",
        ),
    ],
)
def test_what_cannot_be_isolated(code: str, reason: str) -> None:
    with pytest.raises(CannotIsolate) as caught:
        isolate(_side(code), 0, "Dense", 3)
    assert str(caught.value) == reason
