"""What the use of a parameter says about its values."""

from __future__ import annotations

import ast

import pytest

from reglint.verify.uses import Use, use_of


@pytest.mark.parametrize(
    ("code", "use"),
    [
        ("def f(p): return Dense(1)(p)", Use("tensor")),
        ("def f(p): return Add()([p, q])", Use("tensor")),
        ("def f(p): return layers.concatenate([p, q])", Use("tensor")),
        ("def f(p): return p.shape[1]", Use("tensor")),
        ("def f(p): return Input(p)", Use("shape")),
        ("def f(p): return Conv2D(1, 3, input_shape=p)", Use("shape")),
        ("def f(p):\n  if p == 'max': pass", Use("constant", "'max'")),
        ("def f(p):\n  if p in ('avg', 'max'): pass", Use("constant", "'avg'")),
        ("def f(p):\n  for n in p: pass", Use("sequence")),
        ("def f(p): return p[0] + len(p)", Use("sequence")),
        ("def f(p):\n  assert len(p) == 7\n  return p[0]", Use("sequence", "7")),
        ("def f(p):\n  if len(p) != 2: raise E", Use("sequence", "2")),
        ("def f(p):\n  if len(p) > 2: raise E", Use("sequence")),
        ("def f(p):\n  if len(p) == n: raise E", Use("sequence")),
        ("def f(p): return [n for n in p]", Use("sequence")),
        ("def f(p): return g(1, p)\ndef g(a, b): return Dense(a)(b)", Use("tensor")),
        ("def f(p): return g(b=p)\ndef g(a, b): return Input(b)", Use("shape")),
        (
            "def f(p): return G(p)\nclass G:\n  def __init__(self, n): self.n = n\n  def m(self): return self.n[0]",
            Use("sequence"),
        ),
        ("def f(p): return f(p)", None),
        ("def f(p): return p if isinstance(p, int) else p[0]", Use("number")),
        ("def f(p): return p if isinstance(p, (float, int)) else len(p)", Use("number")),
        ("def f(p): return len(p) if isinstance(p, list) else p", Use("sequence")),
        ("def f(p): return Dense(p)", Use("argument", "units")),
        ("def f(p): return layers.Conv2D(1, 3, strides=p)", Use("argument", "strides")),
        ("def f(p): return Dense(2 * p)", Use("argument", "units")),
        ("def f(p): return Dense(p if top else 1)", Use("argument", "units")),
        ("def f(p): return G(p)\nclass G:\n  def __init__(self, n): Dense(n)", Use("argument", "units")),
        ("def f(p): return unknown(p)", None),
        ("def f(p): return Dense(p)\nclass Dense: pass", None),
    ],
)
def test_use_of_a_parameter(code: str, use: Use | None) -> None:
    definitions = {
        node.name: node for node in ast.parse(code).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))
    }
    function = definitions["f"]
    assert isinstance(function, ast.FunctionDef)
    assert use_of("p", function, definitions) == use
