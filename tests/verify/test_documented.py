"""What documentation says about parameters."""

from __future__ import annotations

import ast
from textwrap import indent

import pytest

from reglint.verify.documented import Documentation, settings_in
from reglint.verify.uses import constructor


def _documentation(
    doc: str, code: str = "def f(a, b=1, *, c=2): ..."
) -> tuple[Documentation, ast.FunctionDef]:
    """The documentation ``doc`` of what ``code`` defines on its first line, and what is called."""
    first, _, rest = code.partition(": ...")
    body = indent(f'"""Makes it.\n\n{doc}\n"""', "    ")
    node = ast.parse(f"{first}:\n{body}\n    {rest.strip()}").body[0]
    function = constructor(node) if isinstance(node, ast.ClassDef) else node
    assert isinstance(function, ast.FunctionDef)
    return Documentation(node, {"known", "np"}, "pkg"), function


@pytest.mark.parametrize(
    ("doc", "examples"),
    [
        pytest.param("", [], id="none"),
        pytest.param(">>> m = f([1, 2], c='x')\n>>> m.fit()", [{"a": "[1, 2]", "c": "'x'"}], id="doctest"),
        pytest.param(">>> f(\n...     1,\n...     b=(2, 3),\n... )", [{"a": "1", "b": "(2, 3)"}], id="lines"),
        pytest.param("```python\nm = pkg.models.f(a=64)\n```", [{"a": "64"}], id="fence"),
        pytest.param(
            "Use f(1) or f(a=1, b=2).", [{"a": "1", "b": "2"}, {"a": "1"}], id="what says most first"
        ),
        pytest.param("f(a, b=1, c=2)", [{"b": "1", "c": "2"}], id="a signature"),
        pytest.param("n = 3\nf(a=n, b=[n] * 2)", [{"a": "3", "b": "[3] * 2"}], id="names of the example"),
        pytest.param(
            "f(a=known(1), b=range(2))", [{"a": "known(1)", "b": "range(2)"}], id="names of the module"
        ),
        pytest.param("f(a=pkg.Net(1), b=1)", [{"a": "__import__('pkg').Net(1)", "b": "1"}], id="the package"),
        pytest.param("f(a=elsewhere, b=1)", [{"b": "1"}], id="unknown names"),
        pytest.param("f(a=known.from_preset('big'), b=1)", [{"b": "1"}], id="downloads"),
        pytest.param("f(a=lambda x: x, b=1)", [{"b": "1"}], id="a function"),
        pytest.param("other_f(1), f.g(2), f(1", [], id="other calls"),
        pytest.param("f(" + "(" * 3000, [], id="brackets without end"),
        pytest.param("f(a=')', b=1)  # f(2)", [{"a": "')'", "b": "1"}, {"a": "2"}], id="brackets in texts"),
    ],
)
def test_examples(doc: str, examples: list[dict[str, str]]) -> None:
    documentation, function = _documentation(doc)
    assert list(documentation.examples(function, method=False)) == examples


def test_examples_of_a_class() -> None:
    documentation, function = _documentation("Net(8)", "class Net: ... def __init__(self, units): pass")
    assert list(documentation.examples(function, method=True)) == [{"units": "8"}]


@pytest.mark.parametrize(
    ("doc", "value", "kind"),
    [
        ("", None, None),
        ("Args:\n    a: list of ints. The sizes.\n    b: int.", None, "list"),
        ("Args:\n    a (int): The size, e.g., `32`.", "32", "int"),
        ("a : int, default=3\n    The size.", None, "int"),
        ("a: the size/shape of the input, e.g., `(128, 128, 3)`.", "(128, 128, 3)", None),
        ("a: the depth, e.g., a=4 means three levels.", "4", None),
        ("a: size,\n   e.g., a=[4, 2] means less.", "[4, 2]", None),
        ("    a: A string. One of `'max'`, `'avg'`.\n    b: x", "'max'", "str"),
        ("    a: A boolean, whether.\n    b: e.g. `3`", None, "bool"),
        ("a: number of outputs, e.g. one or two", None, None),
        ("    b: int\n    ba: 4", None, None),
    ],
)
def test_single_parameters(doc: str, value: str | None, kind: str | None) -> None:
    documentation, _ = _documentation(doc)
    assert (documentation.value("a"), documentation.type("a")) == (value, kind)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        pytest.param("{'a': 1, 'b': (2,)}", {"a": "1", "b": "(2,)"}, id="all"),
        pytest.param("{'big': {'url': '', 'net': {'a': 1, 'c': None}}}", {"a": "1", "c": "None"}, id="deep"),
        pytest.param("{'a': 1, 'b': elsewhere}", {"a": "1"}, id="what cannot be evaluated"),
        pytest.param("{'a': 1}", {}, id="a single value"),
        pytest.param("{'b': 1, 'c': 2}", {}, id="nothing that is needed"),
        pytest.param("{'a': 1, 'd': 2}", {}, id="for something else"),
        pytest.param("{'a': 1, **others}", {}, id="not all of it"),
    ],
)
def test_settings(settings: str, expected: dict[str, str]) -> None:
    node, *others = ast.parse(f"def f(a, b=1, *, c=2): ...\nDEFAULT = {settings}").body
    assert isinstance(node, ast.FunctionDef)
    documentation = Documentation(node, (), "pkg", list(settings_in(others)))
    assert documentation.settings(node, method=False) == expected
