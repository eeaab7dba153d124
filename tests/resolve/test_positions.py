"""The places that ``ast`` gives calls and imports are those of libcst's own provider."""

from __future__ import annotations

import sysconfig
from pathlib import Path

import pytest

from reglint.files.syntax import SyntaxProblem
from reglint.resolve import project, trees
from reglint.resolve.positions import exact_span, span_of
from reglint.resolve.project import parse

SOURCES = {
    "chain": "a(b)(c).d(e(f), g=h())",
    "parentheses": "x = ((f(1)))\ny = (\n    g\n)(2)",
    "conditional": "a(1) if b(2) else c(3)",
    "decorators": "@d(1)\n@e(2)\nclass A(f(3), metaclass=g(4)):\n    x: h(5) = i(6)",
    "function": "@d()\ndef f(a: g(1) = h(2), /, b=i(3), *c: j(4), k=l(5), **m: n(6)) -> o(7):\n    return p(8)",
    "comprehension": "[f(x) for x in g(y) if h(x) for z in i(x)]\n{j(k): l(m) for k, m in n()}",
    "statements": "import a, b; from c import d\nwith e() as f[g()], h():\n    pass\nfor i in j(): k()\nelse: l()",
    "try": "try: a()\nexcept b(): c()\nelse: d()\nfinally: e()",
    "match": "match f():\n    case A(b=1) if g(): h()\n    case _: i()",
    "f-string": "f'{a(1)} {b(c(2)):{d(3)}}' + e(4)",
    "not ascii": "x = 'äöü€𝄞'; f('é', g('日本'))",
    "tabs and form feeds": "if a():\n\tb()\n\x0c\nc()",
    "lambda": "f(lambda x=g(): h(x), **i())",
    "walrus and slices": "if (n := f()) > a[g():h():i()]: j(n)",
    "augmented": "a[f()] += g()\nassert h(), i()\nraise j() from k()",
    "yield": "async def f():\n    yield g()\n    await h()\n    async with i() as j: k()",
}


def both(source: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    index = parse(Path("m.py"), source)
    located = [node for part in index.all_parts() for node in part.located]
    quick, exact = ([find(node, index) for node in located] for find in (span_of, exact_span))
    return [(span.start, span.end) for span in quick], [(span.start, span.end) for span in exact]


@pytest.mark.parametrize("name", SOURCES)
def test_they_agree_with_the_provider(name: str) -> None:
    quick, exact = both(SOURCES[name])
    assert quick == exact


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends(ending: str) -> None:
    source = "f(1)\nx = [\n  g(2),\n]\nh(3)\n".replace("\n", ending)
    quick, exact = both(source)
    assert quick == exact
    assert [source[start:end] for start, end in quick] == ["f(1)", "g(2)", "h(3)"]


@pytest.mark.parametrize("module", ["dataclasses", "textwrap", "tokenize"])
def test_they_agree_on_the_standard_library(module: str) -> None:
    source = Path(sysconfig.get_path("stdlib"), f"{module}.py").read_text("utf-8")
    quick, exact = both(source)
    assert quick == exact
    assert len(quick) > 50


def test_the_provider_answers_where_ast_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "x = f(g(1))\n"
    with monkeypatch.context() as patch:
        patch.setattr(project, "parse_syntax", lambda _: SyntaxProblem("newer than this Python"))
        patch.setattr(trees, "parse_syntax", lambda _: SyntaxProblem("newer than this Python"))
        index = parse(Path("m.py"), source)
    (part,) = index.parts
    assert part.ranges is None
    spans = [span_of(node, index) for node in part.located]
    assert [source[span.start : span.end] for span in spans] == ["f(g(1))", "g(1)"]
