"""What the names of a module may hold, by its names alone."""

from __future__ import annotations

import ast

import pytest

from reglint.resolve.outline import Outline, outline_of

METHODS = frozenset({"add_weight"})


def outline(source: str) -> Outline:
    found = outline_of(ast.parse(source), METHODS)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("source", "key", "held"),
    [
        pytest.param("x = a", "x", {"a"}, id="a name"),
        pytest.param("x = a.b.c", "x", {"a.b.c"}, id="a chain"),
        pytest.param("x = f(a)", "x", {"f()"}, id="a result"),
        pytest.param("x = f()()", "x", {"f()", "f()()"}, id="a result that is called"),
        pytest.param("x = f()()()", "x", {"f()", "f()()", "f()()()"}, id="called again and again"),
        pytest.param("x = f" + "()" * 50, "x", {"?"}, id="called without end"),
        pytest.param("x = list(a)", "x", {"list()", "a"}, id="what is handed on"),
        pytest.param("x = 'Dense'", "x", set(), id="a wanted name in a string"),
        pytest.param("x = a['k']", "x", {"a", "#k"}, id="an entry"),
        pytest.param("x['k'] = a", "#k", {"a"}, id="an entry that is set"),
        pytest.param("x = {'k': a}", "#k", {"a"}, id="a dict"),
        pytest.param("x.y = a", ".y", {"a"}, id="an attribute that is set"),
        pytest.param("setattr(x, 'y', a)", ".y", {"a"}, id="setattr"),
        pytest.param("x = getattr(a, 'b')", "x", {"a.b"}, id="getattr"),
        pytest.param("x = getattr(a, n)", "x", {"?a"}, id="getattr with a computed name"),
        pytest.param("def f():\n    x = a", "x@/f", {"a@/f"}, id="in a function"),
        pytest.param("class C:\n    def f(self):\n        x = a", "x@C/f", {"a@C/f"}, id="in a method"),
        pytest.param("def f():\n    return a", "f()", {"a@/f"}, id="what is returned"),
        pytest.param("def f(x=a): ...", "x@/f", {"a", "$|f|x|0"}, id="a parameter with a default"),
        pytest.param("class C(A): ...", "C", {"A"}, id="a subclass"),
        pytest.param(
            "class C(A):\n    def f(self):\n        self.w = self.add_weight()",
            "C",
            {"A", "?"},
            id="with weights",
        ),
        pytest.param("for x in a: ...", "x", {"a"}, id="a loop"),
        pytest.param("with a as x: ...", "x", {"a"}, id="a context"),
    ],
)
def test_held(source: str, key: str, held: set[str]) -> None:
    assert outline(source).held[key] == held


@pytest.mark.parametrize("source", ["x = 1", "x = 'dense'", "x = a < b", "x: int"])
def test_what_cannot_be_a_class_is_not_held(source: str) -> None:
    assert "x" not in outline(source).held


def test_calls_in_the_order_of_the_source() -> None:
    assert [tuple(call) for call in outline("f(g(1))\nx.h(a[0](2))\n").calls] == [
        ("f", "f", 1),
        ("g", "g", 1),
        ("h", "x.h", 2),
        ("", "a", 2),
    ]
