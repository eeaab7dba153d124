"""The trees that are made from ``ast`` have the nodes that libcst's own parser makes."""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import libcst as cst
import pytest

from reglint.files.text import Text
from reglint.resolve.lean import UnusualError, lean_tree
from reglint.resolve.nodes import children

SOURCES = {
    "literals": "x = 1, 0x10, 1_000, 1.50, 1E-4, 1e999, 2j, 'a', b'b', r'\\d', None, True, ...",
    "strings side by side": "x = ('a' \"b\"\n  'c')",
    "displays": "x = [], [1, *a], {1, *b}, {}, {1: 2, **c, 'd': 3}, (), (1,), 1, *e",
    "operators": "x = a + b - c * d @ e / f // g % h ** i << j >> k & l | m ^ n",
    "unary and boolean": "x = -a + ~b and not c or +d and e and f",
    "comparison": "x = a < b <= c == d != e > f >= g is h is not i in j not in k",
    "augmented": "a += 1; b -= 1; c |= d; e @= f\ng: int\nh: int = 1",
    "conditional": "x = a if b else c if d else e",
    "calls": "f(a, *b, c=d, *e, **g)(h)(i for i in j)",
    "subscripts": "a[1][1:2][::3][1:2, 3][..., None][b, c][f(1), 2][(1), 2][(1, 2)][()][((1), 2)][(1),][(1,)]\n"
    "a[((1, 2), 3)][(1, 2), 3][(  # :(\n1), (2)][  # (\n(1, (2))]",
    "comprehensions": "x = [a for b in c if d if e for f in g], {a for a in b}, {a: b for a, b in c}",
    "lambdas": "f = lambda: 0\ng = lambda a, /, b=1, *c, d=2, e, **h: 0\ni = lambda *, j: 0",
    "parameters": "def f(a: b = c, /, d=1, *e: g, h, i=2, **j: k) -> l: pass\nasync def m(*, n): await o",
    "classes": "@a\n@b(1)\nclass C(D, *e, metaclass=F, **g):\n    x = 1\n    def h(self): yield\nclass I: pass",
    "imports": "import a.b.c as d, e\nfrom . import f\nfrom ..g.h import (i as j, k)\nfrom l import *",
    "branches": "if a: b\nelif c:\n    d\nelse:\n    if e: f\n    else: g\nif h:\n    i\nelse:\n    if j: k\n    l",
    "loops": "for a, (b, *c) in d:\n    break\nelse: e\nwhile f: continue\nasync def g():\n    async for h in i: j",
    "with": "with a as b, c as (d, e): f\nwith (g): h\nasync def i():\n    async with j as k.l: m",
    "try": "try: a\nexcept b: c\nexcept (d, e) as f: g\nexcept: h\nelse: i\nfinally: j\ntry: k\nfinally: l",
    "one line": "a; b = 1; import c; d()\ne;\nif f: g; h\nclass I: j; k",
    "joined lines": "a = 1; \\\n  b = 2\n# a comment that ends so \\\nc\nd = \\\n  3; e",
    "other statements": "del a, b\ndel (c), d[e]\nassert f, g\nraise h from i\nraise\nglobal k\nreturn",
    "yield": "def f():\n    x = yield a\n    yield from b\n    yield\n    nonlocal c",
    "formatted strings": "x = f'{a}b{c!r:>{d}}{{e}}' 'f' f'{g()}'",
    "walrus": "if (a := f(1)) > 2: [b := c]",
    "decorated and indented": "if a:\n    # so\n\n    @b\n    def c(): d",
    "a comment only": "# nothing\n",
    "not ascii": "x = 'é'; y = 'ä' ; z\nif ü: ö",
}
STRINGS = (cst.SimpleString, cst.ConcatenatedString, cst.FormattedString)


def lean(source: str, ending: str = "\n") -> cst.Module:
    source = source.replace("\n", ending)
    return lean_tree(ast.parse(source), Text(source)).tree


def shape(node: cst.CSTNode) -> object:
    """A tree as names and values; of literals what they mean."""
    match node:
        case cst.Name(value=value):
            return value
        case cst.Integer(value=text) | cst.Float(value=text) | cst.Imaginary(value=text):
            return text
        case cst.SimpleString() | cst.ConcatenatedString() if node.evaluated_value is not None:
            return node.evaluated_value
        case cst.ConcatenatedString() | cst.FormattedString():
            return "a formatted string"
    marks = [str(getattr(node, name)) for name in ("star",) if isinstance(node, (cst.Arg, cst.Param))]
    marks += ["async" for _ in [0] if getattr(node, "asynchronous", None) is not None]
    below = [shape(child) for child in children(node) if not isinstance(child, cst.Colon)]
    return (type(node).__name__, *marks, *below)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", SOURCES)
def test_the_nodes_are_those_of_libcst(name: str, ending: str) -> None:
    source = SOURCES[name]
    try:
        made = lean(source, ending)
    except UnusualError:
        assert name == "joined lines"
        return
    assert shape(made) == shape(cst.parse_module(source))


@pytest.mark.parametrize(
    "source", ["if a: \\\n  b", "match a:\n    case 1: b", "x = a[*b]", f"x = {'-' * 5000}1"]
)
def test_what_is_unusual_is_left_to_libcst(source: str) -> None:
    try:
        syntax = ast.parse(source)
    except (SyntaxError, RecursionError, MemoryError):
        pytest.skip("this Python does not parse it")
    with pytest.raises(UnusualError):
        lean_tree(syntax, Text(source))


@pytest.mark.parametrize("module", ["argparse", "enum", "inspect", "textwrap", "tokenize", "typing"])
def test_the_standard_library(module: str) -> None:
    source = Path(sysconfig.get_path("stdlib"), f"{module}.py").read_text("utf-8")
    assert shape(lean(source)) == shape(cst.parse_module(source))


def test_where_calls_and_imports_stand() -> None:
    source = "import a\nif b:\n    ä = (c(d))\n"
    made = lean_tree(ast.parse(source), Text(source))
    assert sorted(made.ranges.values()) == [(1, 0, 1, 8), (3, 10, 3, 14)]
    assert {type(node) for node in made.ranges} == {cst.Import, cst.Call}


@pytest.mark.parametrize("field", ["lpar", "whitespace_after_func"])
def test_layout_is_not_even_there(field: str) -> None:
    (line,) = lean("(f)(1)").body
    call = line.body[0].value  # type: ignore[union-attr, index]
    assert isinstance(call, cst.Call)
    with pytest.raises(AttributeError):
        getattr(call, field)
