from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reglint.policy import errors
from reglint.policy.errors import PolicyError, Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = Path("reglint.toml")
MISSPELLED = Problem(
    PATH, 'unknown key "kernal" in [weights]', 7, 1, ("weights", "kernal"), 'did you mean "kernel"?'
)


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (MISSPELLED, 'reglint.toml:7:1: unknown key "kernal" in [weights]; did you mean "kernel"?'),
        (Problem(PATH, "not UTF-8: byte 0xe9", 2, 5), "reglint.toml:2:5: not UTF-8: byte 0xe9"),
        (Problem(PATH, "no [tool.reglint] table in it"), "reglint.toml: no [tool.reglint] table in it"),
    ],
)
def test_problem_in_words(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_error_has_a_line_for_each_problem() -> None:
    error = PolicyError([MISSPELLED, Problem(PATH, "more", 9, 2)])
    assert error.problems == (MISSPELLED, Problem(PATH, "more", 9, 2))
    assert str(error).splitlines() == [str(MISSPELLED), "reglint.toml:9:2: more"]


@pytest.mark.parametrize(
    ("word", "close"),
    [
        ("kernal", "kernel"),
        ("KERNEL", "kernel"),
        ("dense", "Dense"),
        ("conv2d", "Conv2D"),
        ("xyzzy", None),
        ("", None),
    ],
)
def test_nearest(word: str, close: str | None) -> None:
    assert nearest(word, ["kernel", "bias", "Dense", "Conv2D"]) == close


TESTS, POLICY = Path(__file__).parent, Path(errors.__file__).parent
REPORTING = ("report", "Problem", "TomlSyntaxError")


def words(tree: ast.AST, but: str | None = None) -> Iterator[str]:
    """The texts in some code, of formatted ones the pieces."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != but:
            yield node.value


def messages(file: Path) -> Iterator[str]:
    """The pieces of more than one word that the functions of a module make their messages from."""
    for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef) and any(
            isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in REPORTING
            for call in ast.walk(function)
        ):
            for text in words(function, but=ast.get_docstring(function, clean=False)):
                if " " in text.strip():
                    yield text.strip()


REMOVED = "(at end of document)"
"""What ``tomllib`` says of a place, which the place itself says better."""


@pytest.mark.parametrize("file", sorted(POLICY.glob("*.py")), ids=lambda file: file.stem)
def test_every_message_stands_in_a_test(file: Path) -> None:
    tested = "\n".join(
        text
        for test in TESTS.glob("test_*.py")
        for text in words(ast.parse(test.read_text(encoding="utf-8")))
    )
    assert [message for message in messages(file) if message not in tested and message != REMOVED] == []
