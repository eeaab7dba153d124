"""Which statements may fail."""

from __future__ import annotations

import ast

import pytest

from reglint.verify.forgiving import forgivable, shown, storing


@pytest.mark.parametrize(
    ("code", "forgiven"),
    [
        ("n = len(words)", ["n = len(words)"]),
        ("n = 3\nm = n\nname = 'a'", []),
        (
            "n = size * 2\nn += config.units\nvocabulary.update(words[3])",
            ["size * 2", "config.units", "words[3]"],
        ),
        ("for line in file:\n    words = line.split()", ["line.split()"]),
        ("for line in file.lines():\n    n = 1", ["file.lines()"]),
        ("with open(p) as f:\n    n = f.read()", ["f.read()"]),
        ("if __name__ == '__main__':\n    n = len(x)\nelse:\n    n = min(x)", ["len(x)", "min(x)"]),
        ("try:\n    n = f()\nexcept Error:\n    n = g()\nfinally:\n    m = h()", ["h()"]),
        ("try:\n    n = f()\nfinally:\n    m = h()", ["f()", "h()"]),
        ("def build():\n    units = f()\n    return Dense(units)", []),
        ("def train():\n    x = f()\n    model.fit(x)", ["f()", "model.fit(x)"]),
        (
            "class Gan:\n    size = f()\n    def __init__(self):\n        self.model = g()\n"
            "    def train(self):\n        x = h()\n        self.model.fit(x)",
            ["h()", "self.model.fit(x)"],
        ),
        ("n = (m := f())\ndef g():\n    fit(x)\n    n = yield f()\n    super().fit(n)", ["fit(x)"]),
    ],
)
def test_statements_that_may_fail(code: str, forgiven: list[str]) -> None:
    tree = ast.parse(code)
    found = forgivable(tree)
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and id(node) in found]
    statements.sort(key=lambda node: node.lineno)
    assert [
        text for node, text in zip(statements, forgiven, strict=True) if text not in ast.unparse(node)
    ] == []


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("x[0] = 1\nx.units = 2\nx = y[0]\nx[i] += n", [1, 4]),
        ("for i in n:\n    x[i], a = b", []),
        ("try:\n    x[0] = 1\nexcept KeyError:\n    x = 2", []),
        ("def build():\n    x[0] = 1\ndef train():\n    x[0] = y[0] = 1\n    model.fit(x)", [4]),
    ],
)
def test_statements_that_set_items(code: str, lines: list[int]) -> None:
    tree = ast.parse(code)
    found = storing(tree)
    assert [
        node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt) and id(node) in found
    ] == lines


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("f( x )", "`f(x)`"),
        ("f('a' * 3, [1, 2, 3])", "`f('a' * 3, [1, 2, 3])`"),
        (f"f({'x' * 80})", f"`f({'x' * 58}...`"),
    ],
)
def test_shown(code: str, text: str) -> None:
    assert shown(ast.parse(code, mode="eval").body) == text
