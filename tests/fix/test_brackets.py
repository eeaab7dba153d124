"""The bracket trees of statements."""

from __future__ import annotations

import pytest

from reglint.files.text import Text
from reglint.fix.brackets import Bracket, logical_lines


def shown(bracket: Bracket, source: str) -> str:
    """The items of a bracket between bars, each with its brackets; a trailer is marked by a dot."""
    items = "|".join(
        source[item.start : item.end] + "".join(f" <{shown(inner, source)}>" for inner in item.brackets)
        for item in bracket.items
    )
    clauses = "".join(f" @{source[clause:].split()[0]}" for clause in bracket.clauses)
    return ("." if bracket.trailer else "") + source[bracket.open] + items + source[bracket.close] + clauses


LINES = {
    "x = 1": [],
    "f()": [".()"],
    "f(1, 2)": [".(1|2)"],
    "f(1, 2,)": [".(1|2)"],
    "f(a)(b)[c]": [".(a)", ".(b)", ".[c]"],
    "x = (a, [b, c])": ["(a|[b, c] <[b|c]>)"],
    "return (a, b)": ["(a|b)"],
    "f(g(1), key=h(2, 3))": [".(g(1) <.(1)>|key=h(2, 3) <.(2|3)>)"],
    "x = {'a': f(1), **b}": ["{'a': f(1) <.(1)>|**b}"],
    "f(lambda a, b=(1, 2): a, c)": [".(lambda a, b=(1, 2): a <(1|2)>|c)"],
    "f(lambda a=lambda b, c: 1, d: 2, e)": [".(lambda a=lambda b, c: 1, d: 2|e)"],
    "x[lambda: 1 : 2, 3]": [".[lambda: 1 : 2|3]"],
    "[a for a, b in c if d]": ["[a for a, b in c if d] @for @if"],
    "[a if b else c for d in e]": ["[a if b else c for d in e] @for"],
    "f(a async for a in b)": [".(a async for a in b) @async"],
    "f(',', '(', \"#\")  # , (": [".(','|'('|\"#\")"],
    "f(f'{x[0]}, {y!r:>{w}}', 1)": [".(f'{x[0]}, {y!r:>{w}}'|1)"],
    "f(\n    1,  # (\n    2\n)": [".(1|2)"],
    "x = 'ö', f('𝄞', 1)": [".('𝄞'|1)"],
    "from a import (b, c)": ["(b|c)"],
}


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("source", LINES)
def test_brackets(source: str, ending: str) -> None:
    text = source.replace("\n", ending)
    (line,) = logical_lines(Text(text))
    assert [shown(bracket, text) for bracket in line.brackets] == LINES[source]


def test_logical_lines_and_their_comments() -> None:
    source = "# head\nx = f(  # in\n    1)  # after\n\nif a: y()  # b\nelse:\n    z  # c"
    lines = [(source[line.start : line.end], line.comment) for line in logical_lines(Text(source))]
    assert lines == [
        ("x = f(  # in\n    1)", "# after"),
        ("if a: y()", "# b"),
        ("else:", ""),
        ("z", "# c"),
    ]


@pytest.mark.parametrize("source", ["x = (", "x = )", "f(,)", 'x = """a', "x = 1\ry = 2\r"])
def test_what_cannot_be_read_is_an_error(source: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        list(logical_lines(Text(source)))
