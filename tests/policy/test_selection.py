from __future__ import annotations

from pathlib import Path

import pytest

from reglint.policy.globs import Globs
from reglint.policy.selection import Selection

TESTS = Globs(str(Path.cwd()), ("tests/**",))


@pytest.mark.parametrize(
    ("selection", "speaking"),
    [
        (Selection(), ["REG001", "REG101", "REG102", "REG201"]),
        (Selection(select=("REG1",)), ["REG001", "REG101", "REG102"]),
        (Selection(select=("REG102",)), ["REG001", "REG102"]),
        (Selection(select=()), ["REG001"]),
        (Selection(ignore=("REG1",)), ["REG001", "REG201"]),
        (Selection(ignore=("REG102", "REG2")), ["REG001", "REG101"]),
        # the longest decides
        (Selection(select=("REG", "REG102"), ignore=("REG1",)), ["REG001", "REG102", "REG201"]),
        (Selection(select=("REG102",), ignore=("REG102",)), ["REG001"]),
        # what could not be checked is said unless it is ignored by its code
        (Selection(ignore=("REG001",)), ["REG101", "REG102", "REG201"]),
        (Selection(per_file_ignores=((TESTS, ("REG1",)),)), ["REG001", "REG201"]),
    ],
)
def test_which_rules_speak(selection: Selection, speaking: list[str]) -> None:
    codes = ["REG001", "REG101", "REG102", "REG201"]
    assert [code for code in codes if selection.speaks(code, Path("tests/a.py"))] == speaking


def test_ignores_of_other_files_do_not_count() -> None:
    assert Selection(per_file_ignores=((TESTS, ("REG1",)),)).speaks("REG101", Path("src/a.py"))


@pytest.mark.parametrize(
    ("select", "ignore", "narrowed"),
    [
        ([], [], Selection(("REG1",), ("REG102",))),
        ([], ["REG101"], Selection(("REG1",), ("REG102", "REG101"))),
        (["REG2"], [], Selection(("REG2",), ())),
        (["REG2"], ["REG201"], Selection(("REG2",), ("REG201",))),
    ],
)
def test_the_command_line_goes_before_the_policy(
    select: list[str], ignore: list[str], narrowed: Selection
) -> None:
    assert Selection(("REG1",), ("REG102",)).narrowed(select, ignore) == narrowed
