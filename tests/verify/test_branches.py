"""Which arguments lead into a branch."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from reglint.verify.branches import Branches

TESTS = {
    "if top: x = HERE": {"top": "True"},
    "if not top: x = HERE": {"top": "False"},
    "if top:\n        pass\n    else:\n        x = HERE": {"top": "False"},
    "if top is None:\n        pass\n    else:\n        x = HERE": {},
    "if units is None:\n        pass\n    else:\n        x = HERE": {"units": "8"},
    "if mode == 'avg': x = HERE": {"mode": "'avg'"},
    "if mode != 'avg': x = HERE": {},
    "if mode in ('avg', 'max'): x = HERE": {"mode": "'avg'"},
    "if mode == 'avg':\n        pass\n    elif mode == 'max':\n        x = HERE": {"mode": "'max'"},
    "if mode not in ('avg', 'max'): raise E\n    if mode == 'avg': pass\n    else: x = HERE": {
        "mode": "'max'"
    },
    "assert mode in ['avg', False]\n    if mode != 'avg': x = HERE": {"mode": "False"},
    "if mode == 'avg': pass\n    elif mode == 'max': pass\n    else: x = HERE": {},
    "if units > 3: x = HERE": {"units": "4"},
    "if not units > 3: x = HERE": {"units": "3"},
    "if units < 3: x = HERE": {"units": "2"},
    "if top is False: x = HERE": {"top": "False"},
    "if top is not False: x = HERE": {"top": "True"},
    "if top and mode == 'avg': x = HERE": {"top": "True", "mode": "'avg'"},
    "if not (top and mode == 'avg'): x = HERE": {"top": "False"},
    "if top or units > 3: x = HERE": {"top": "True"},
    "if not (top or units > 3): x = HERE": {"top": "False", "units": "3"},
    "x = HERE if top else None": {"top": "True"},
    "x = None if top else HERE": {"top": "False"},
    "if top:\n        return None\n    x = HERE": {"top": "False"},
    "for _ in range(units):\n        if top:\n            x = HERE": {"top": "True"},
    "if units % 2: x = HERE": {},
    "if other: x = HERE": {},
    "if HERE: pass": {},
}


@pytest.mark.parametrize("body", TESTS)
def test_a_parameter_gets_the_value_that_leads_into_the_branch(body: str) -> None:
    assert values(f"def build(top, mode, units, *rest, **others):\n    {body}\n", "build") == TESTS[body]


CALLS = {
    "passed by name": ("def block(flag):\n if flag: HERE\ndef build(top): block(flag=top)", {"top": "True"}),
    "passed by place": (
        "def block(x, flag):\n if flag: HERE\ndef build(top): block(0, top)",
        {"top": "True"},
    ),
    "through two functions": (
        "def block(flag):\n if flag: HERE\ndef middle(f): block(f)\ndef build(top): middle(top)",
        {"top": "True"},
    ),
    "the call stands in a branch": ("def block(): HERE\ndef build(top):\n if top: block()", {"top": "True"}),
    "both": (
        "def block(flag):\n if not flag: HERE\ndef build(a, b):\n if b: block(a)",
        {"a": "False", "b": "True"},
    ),
    "it is never called": ("def block(flag):\n if flag: HERE\ndef build(flag): pass", {}),
    "a constant is passed": ("def block(flag):\n if flag: HERE\ndef build(top): block(True)", {}),
    "they call each other": (
        "def block(flag):\n build(flag)\n if flag: HERE\ndef build(top): block(top)",
        {"top": "True"},
    ),
    "an attribute of a class": (
        "class Block:\n def __init__(self, flag): self.kept = flag\n def call(self):\n  if self.kept: HERE\n"
        "def build(top): Block(top)",
        {"top": "True"},
    ),
    "the class itself": (
        "class build:\n def __init__(self, flag): self.kept = flag\n def call(self):\n  if not self.kept: HERE\n",
        {"flag": "False"},
    ),
}


@pytest.mark.parametrize("case", CALLS)
def test_a_parameter_is_followed_to_where_it_comes_from(case: str) -> None:
    source, expected = CALLS[case]
    assert values(source, "build") == expected


def values(source: str, start: str) -> dict[str, str]:
    """The values for the definition ``start`` that lead to the name HERE."""
    tree = ast.parse(dedent(source))
    definitions = {node.name: node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    here = next(node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "HERE")
    return Branches(definitions).values(here, definitions[start])
