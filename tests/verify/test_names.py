"""What code reads, binds and changes."""

from __future__ import annotations

import ast

import pytest

from reglint.verify import names


def _statement(code: str) -> ast.stmt:
    return ast.parse(code).body[0]


@pytest.mark.parametrize(
    ("code", "read"),
    [
        ("x = a + b.c[d]", {"a", "b", "d"}),
        ("x += 1", {"x"}),
        ("def f(p, q=Q): return p + G + len(h)", {"Q", "G", "len", "h"}),
        ("def f(p: T) -> U:\n  y = p\n  def g(): return y + z\n  return g", {"T", "U", "z"}),
        ("def f():\n  global n\n  n = 1\n  return n", {"n"}),
        ("f = lambda x: x + y", {"y"}),
        (
            "@dec\nclass C(Base):\n  size = N\n  def m(self): return make(self.size)",
            {"dec", "Base", "N", "make"},
        ),
        ("import a.b as c", set()),
    ],
)
def test_reads(code: str, read: set[str]) -> None:
    assert names.reads(_statement(code)) == read


@pytest.mark.parametrize(
    ("code", "bound"),
    [
        ("(a, b), *c = x", {"a", "b", "c"}),
        ("x.y = z[0] = 1", set()),
        ("import a.b, c.d as e", {"a", "e"}),
        ("from m import n, o as p", {"n", "p"}),
        ("def f(x): y = 1", {"f"}),
        ("for i in r: j = i", {"i", "j"}),
        ("with open(p) as f: pass", {"f"}),
        ("print(n := 3)", {"n"}),
        ("try: a = 1\nexcept E as e: b = 2", {"a", "b", "e"}),
        ("x = [i for i in y]", {"x"}),
    ],
)
def test_binds(code: str, bound: set[str]) -> None:
    assert names.binds(_statement(code)) == bound


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("model.add(layer)", {"model", "layer"}),
        ("model.layers[0].trainable = False", {"model"}),
        ("config['units'] = n", {"config"}),
        ("type(model).losses = 1", {"type", "model"}),
        ("freeze(model, deep=True)", {"model"}),
        ("x = model.predict(y)", set()),
        ("model", set()),
    ],
)
def test_changes(code: str, changed: set[str]) -> None:
    assert names.changes(_statement(code)) == changed


@pytest.mark.parametrize(
    ("code", "pairs"),
    [
        ("for layer in model.layers[:5]: pass", {("layer", "model")}),
        ("for i, layer in enumerate(base.layers): pass", {("i", "base"), ("layer", "base")}),
        ("head = model.layers[-1]", {("head", "model")}),
        ("head = model.get_layer('x')", {("head", "model")}),
        ("y = Dense(1)(x)", set()),
    ],
)
def test_aliases(code: str, pairs: set[tuple[str, str]]) -> None:
    assert {pair for pair in names.aliases(_statement(code)) if pair[1] != "enumerate"} == pairs


@pytest.mark.parametrize(
    ("code", "root", "last"),
    [("a.b[0].c(d).e", "a", "e"), ("f(x)", "f", ""), ("a", "a", "a"), ("1 + 2", None, "")],
)
def test_root_and_last(code: str, root: str | None, last: str) -> None:
    node = ast.parse(code, mode="eval").body
    assert (names.root(node), names.last(node)) == (root, last)
