"""Which bindings a place sees, through branches, loops and functions."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from reglint.keras.names import KerasExternals
from reglint.resolve.evaluate import Resolver
from reglint.resolve.project import Project
from reglint.resolve.values import Constant, Expression, Place, options_of

# The value of the argument of probe(...): the constants that it can be, in the order of the source.
CASES = {
    "last wins": ("x = 1\nx = 2\nprobe(x)", [2]),
    "not yet": ("x = 1\nprobe(x)\nx = 2", [1]),
    "one arm": ("x = 1\nif a:\n    x = 2\nprobe(x)", [1, 2]),
    "both arms": ("x = 1\nif a:\n    x = 2\nelse:\n    x = 3\nprobe(x)", [2, 3]),
    "elif": ("x = 0\nif a:\n    x = 1\nelif b:\n    x = 2\nelse:\n    x = 3\nprobe(x)", [1, 2, 3]),
    "elif without else": ("x = 0\nif a:\n    x = 1\nelif b:\n    x = 2\nprobe(x)", [0, 1, 2]),
    "inside the arm": ("x = 1\nif a:\n    x = 2\n    probe(x)", [2]),
    "other arm": ("x = 1\nif a:\n    x = 2\nelse:\n    probe(x)", [1]),
    "arm that raises": ("if a:\n    x = 1\nelse:\n    x = 2\n    raise E\nprobe(x)", [1]),
    "try": ("try:\n    x = 1\nexcept E:\n    x = 2\nprobe(x)", [1, 2]),
    "try that raises": ("try:\n    x = 1\nexcept E:\n    raise\nprobe(x)", [1]),
    "loop": ("x = 1\nfor i in y:\n    probe(x)\n    x = 2", [1, 2]),
    "loop that binds it first": ("x = 1\nfor i in y:\n    x = 2\n    probe(x)\n    x = 3", [2]),
    "loop that may bind it first": (
        "x = 1\nfor i in y:\n    if i:\n        x = 2\n    probe(x)\n    x = 3",
        [1, 2, 3],
    ),
    "loop that binds it in both arms": (
        "x = 1\nfor i in y:\n    if i:\n        x = 2\n    else:\n        x = 4\n    probe(x)\n    x = 3",
        [2, 4],
    ),
    "loop around a loop that binds it": (
        "for i in y:\n    x = 2\n    for j in y:\n        probe(x)\n        x = 3\n    x = 4",
        [2, 3],
    ),
    "loop variable": ("for x in (1, 2):\n    probe(x)", [1, 2]),
    "loop over pairs": ("for a, x in [(1, 2), (3, 4)]:\n    probe(x)", [2, 4]),
    "comprehension": ("[probe(x) for x in (1, 2)]", [1, 2]),
    "tuple": ("a, (b, x) = 1, (2, 3)\nprobe(x)", [3]),
    "function sees the end": ("x = 1\ndef f():\n    probe(x)\nx = 2", [2]),
    "local hides": ("x = 1\ndef f():\n    x = 2\n    probe(x)", [2]),
    "class body is not seen in methods": (
        "x = 1\nclass A:\n    x = 2\n    def f(self):\n        probe(x)",
        [1],
    ),
    "class body": ("x = 1\nclass A:\n    x = 2\n    probe(x)", [2]),
    "global": ("x = 1\ndef f():\n    global x\n    x = 2\ndef g():\n    probe(x)", [1, 2]),
    "nonlocal": ("def f():\n    x = 1\n    def g():\n        nonlocal x\n        probe(x)", [1]),
    "closure": ("def f():\n    x = 1\n    def g():\n        probe(x)", [1]),
    "conditional expression": ("x = 1 if a else 2\nprobe(x)", [1, 2]),
    "or": ("x = 0 or 1\nprobe(x)", [1]),
    "and": ("x = 2 and 1\nprobe(x)", [1]),
    "and of a false side": ("x = 0 and 1\nprobe(x)", [0]),
    "a test that holds": ("x = 1\nflag = True\nif flag:\n    x = 2\nprobe(x)", [2]),
    "a test that fails": ("x = 1\nif 0:\n    x = 2\nprobe(x)", [1]),
    "else of a test that fails": ("if None:\n    x = 1\nelse:\n    x = 2\nprobe(x)", [2]),
    "elif after a test that fails": ("x = 0\nif 1 > 2:\n    x = 1\nelif a:\n    x = 2\nprobe(x)", [0, 2]),
    "is None": ("x = None\nif x is None:\n    x = 1\nprobe(x)", [1]),
    "is not None": ("x = 1\nif x is not None:\n    x = 2\nprobe(x)", [2]),
    "not": ("x = 1 if not 0 else 2\nprobe(x)", [1]),
    "a name compared": ("kind = 'a'\nx = 1 if kind == 'a' else 2\nprobe(x)", [1]),
    "and in a test": ("x = 1 if True and 0 else 2\nprobe(x)", [2]),
    "a test of what nobody knows": ("x = 1 if a > 1 else 2\nprobe(x)", [1, 2]),
    "a test in a loop": ("x = 1\nfor i in y:\n    if True:\n        x = 2\nprobe(x)", [1, 2]),
    "a test that compares apples and pears": ("x = 1 if 'a' > 1 else 2\nprobe(x)", [1, 2]),
    "walrus": ("if (x := 1):\n    probe(x)", [1]),
    "self attribute": (
        "class A:\n    def __init__(self):\n        self.x = 1\n    def f(self):\n        probe(self.x)",
        [1],
    ),
    "class attribute": ("class A:\n    x = 1\n    def f(self):\n        probe(self.x)", [1]),
    "entry of a dict": ("d = {'a': 1}\nprobe(d['a'])", [1]),
    "entry of a list": ("d = [1, 2]\nprobe(d[-1])", [2]),
    "arithmetic": ("x = 1e-3\nprobe(-x / 2 + 1)", [0.9995]),
    "own value": ("x = 1\nx = x + 1\nprobe(x)", [2]),
}


@pytest.mark.parametrize("name", CASES)
def test_reaching_values(name: str) -> None:
    source, expected = CASES[name]
    project = Project()
    index = project.parse(Path("m.py"), textwrap.dedent(source))
    resolver = Resolver(project, KerasExternals())
    (record,) = (record for record in index.calls if getattr(record.node.func, "value", "") == "probe")
    place = Place(record.scope, record.order, record.path)
    value = resolver.value(Expression(record.node.args[0].value, place))
    assert [option.value for option in options_of(value) if isinstance(option, Constant)] == expected
    assert len(options_of(value)) == len(expected)


@pytest.mark.parametrize(
    "source",
    ["probe(x)", "del x\nprobe(x)", "x = x\nprobe(x)", "x = 1\ndef f(x):\n    probe(x)", "x += 1\nprobe(x)"],
)
def test_what_is_not_known(source: str) -> None:
    project = Project()
    index = project.parse(Path("m.py"), source)
    (record,) = index.calls
    place = Place(record.scope, record.order, record.path)
    value = Resolver(project, KerasExternals()).value(Expression(record.node.args[0].value, place))
    assert not any(isinstance(option, Constant) for option in options_of(value))
