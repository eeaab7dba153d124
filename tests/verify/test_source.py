"""Positions, counterparts and edits."""

from __future__ import annotations

import ast
import gc
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from reglint.verify import Target
from reglint.verify.source import Edit, Source


def _call(source: Source, text: str) -> ast.Call:
    return next(call for call in source.calls if ast.unparse(call) == text)


@pytest.mark.parametrize(
    ("text", "call", "span"),
    [
        ("f(1)", "f(1)", (0, 4)),
        ("x = 'é' + f(1)", "f(1)", (10, 14)),
        ("a\r\nb = [\r\n  f(\r\n1)]", "f(1)", (12, 18)),
        ("s = '\x0c'\nf(1)", "f(1)", (8, 12)),
    ],
)
def test_span_counts_characters_in_the_text(text: str, call: str, span: tuple[int, int]) -> None:
    source = Source(text)
    assert source.span(_call(source, call)) == span


def test_span_of_a_definition_starts_at_its_decorators() -> None:
    source = Source("@a\n@ b\ndef f(): pass")
    assert source.span(source.tree.body[0]) == (0, len(source.text))


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ((2, 5, 2, 13), "Dense(1)"),
        ((2, 5, 2, 16), "Dense(1)(y)"),
        ((2, 5, 2, 12), None),
        ((3, 1, 3, 2), None),
        ((9, 1, 9, 2), None),
    ],
)
def test_find_takes_the_call_that_stands_exactly_there(
    place: tuple[int, int, int, int], found: str | None
) -> None:
    source = Source("import k\nx = Dense(1)(y)\nz\n")
    calls = source.find([Target(*place, "Dense", ())])
    assert {index: ast.unparse(call) for index, call in calls.items()} == ({0: found} if found else {})


@pytest.mark.parametrize(
    ("before", "after", "call", "counterpart"),
    [
        ("D(1); D(2)", "D(1); D(2, r=l2(1))", "D(2, r=l2(1))", "D(2)"),
        ("B(L(4))", "B(L(4, r=l2(1)))", "L(4, r=l2(1))", "L(4)"),
        ("k.D(1)(x)", "k.D(1, r='l2')(x)", "k.D(1, r='l2')", "k.D(1)"),
        ("D(1)", "D(1); D(2, r='l2')", "D(2, r='l2')", None),
        ("", "D(2, r='l2')", "D(2, r='l2')", None),
    ],
)
def test_counterparts_are_the_same_calls_before(
    before: str, after: str, call: str, counterpart: str | None
) -> None:
    fixed, unfixed = Source(after), Source(before)
    found = unfixed.counterparts(fixed, {7: _call(fixed, call)})
    assert {index: ast.unparse(each) for index, each in found.items()} == (
        {7: counterpart} if counterpart else {}
    )


def test_edits_apply_from_left_to_right_insertions_first() -> None:
    source = Source("f(x)")
    assert source.edited([Edit(0, 4, "g"), Edit(0, 0, "h("), Edit(4, 4, ")")]) == "h(g)"


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("m.fit(\n  x,\n)\ny", "(\n\n)\ny"),
        ("a; m.fit(1); b", "(); m.fit(1); b"),
        ("if a:\n  b\nelse:\n  c\nd", "(\n\n\n)\nd"),
    ],
)
def test_replacing_a_statement_keeps_the_lines(text: str, replaced: str) -> None:
    source = Source(text)
    result = source.edited([source.replace(source.tree.body[0])])
    assert result == replaced
    ast.parse(result)


class _Loose:
    """Garbage that lets other threads run when it is collected."""

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        time.sleep(0.001)


def test_several_threads_parse_at_a_time() -> None:
    """As proofs do. Where garbage is collected meanwhile, CPython 3.11 by itself raises SystemError."""
    text = "x = [" + "f(1, g(2)), " * 2000 + "]\n"

    def read(_: int) -> Source:
        gc.disable()
        for _ in range(20):
            _Loose()
        gc.enable()
        return Source(text)

    with ThreadPoolExecutor(4) as pool:
        sources = list(pool.map(read, range(24)))
    assert {len(source.calls) for source in sources} == {4000}
