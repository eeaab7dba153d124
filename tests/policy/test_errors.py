from __future__ import annotations

from pathlib import Path

import pytest

from reglint.policy.errors import PolicyError, Problem, nearest

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
