"""Whether a text is Python."""

from __future__ import annotations

import sys
import warnings

import pytest

from reglint.files import syntax
from reglint.files.syntax import TOO_DEEP, SyntaxProblem, parse_syntax, syntax_problem, unparsable

PYTHON = {
    "empty": "",
    "code": "x = 1\n",
    "CRLF": "if x:\r\n    y = 1\r\n",
    "form feed": "\x0cx = 1\n",
    "coding line of another encoding": "# coding: latin-1\nx = '日'\n",
    "match": "match x:\n    case 1:\n        pass\n",
    "invalid escape": "x = '\\d'\n",
    "nested as deeply as people do": "x = " + "[" * 90 + "]" * 90,
    "a long sum": "x = " + " + ".join(["1"] * 800),
}


@pytest.mark.parametrize("source", PYTHON.values(), ids=PYTHON)
def test_python_has_no_problem(source: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert syntax_problem(source) is None


PROBLEMS = {
    "never closed": ("f(1)\nf(2\n", SyntaxProblem("'(' was never closed", 2, 2, 3)),
    "never closed, CR": ("f(1)\rf(2\r", SyntaxProblem("'(' was never closed", 2, 2, 3)),
    "after wide characters": ("x = '日本\U0001f600' )\n", SyntaxProblem("unmatched ')'", 1, 11, 12)),
    "print of Python 2": (
        "\nprint 'a'\n",
        SyntaxProblem("Missing parentheses in call to 'print'. Did you mean print(...)?", 2, 1, 10),
    ),
    "indentation": (
        "if x:\ny = 1\n",
        SyntaxProblem("expected an indented block after 'if' statement on line 1", 2, 1, 2),
    ),
}


@pytest.mark.parametrize(("source", "problem"), PROBLEMS.values(), ids=PROBLEMS)
def test_problems_are_those_that_python_names(source: str, problem: SyntaxProblem) -> None:
    assert syntax_problem(source) == problem


def test_too_many_parentheses_are_too_deep() -> None:
    found = syntax_problem("x = " + "(" * 300 + ")" * 300)
    assert found is not None
    assert (found.message, found.line, found.too_deep) == ("too many nested parentheses", 1, True)


@pytest.mark.parametrize(("source", "line", "column"), [("x = 1\0\n", 1, 6), ("x = 1\n'\0'", 2, 2)])
def test_a_null_byte_is_a_problem(source: str, line: int, column: int) -> None:
    problem = SyntaxProblem("source code cannot contain null bytes", line, column, column + 1)
    assert syntax_problem(source) == unparsable(source) == problem


def test_what_is_nested_too_deeply_is_said_to_be() -> None:
    found = syntax_problem("x = " + "-" * 100_000 + "1")
    assert found == SyntaxProblem(TOO_DEEP, too_deep=True)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python reads it")
def test_code_for_a_newer_python_is_a_problem_that_is_not_deep() -> None:
    found = syntax_problem("type X = int\n")
    assert found is not None
    assert (found.message, found.too_deep) == ("invalid syntax", False)


def test_only_the_newest_trees_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax, "_KEPT_CHARACTERS", 20)
    monkeypatch.setattr(syntax, "_parsed", syntax._Parsed())
    first = parse_syntax("first = 12")
    second = parse_syntax("second = 1")
    assert parse_syntax("first = 12") is first
    parse_syntax("third = 12")
    assert parse_syntax("first = 12") is first
    assert parse_syntax("second = 1") is not second
