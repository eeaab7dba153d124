"""``reglint clean``: what is said and removed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from reglint.cli import main
from reglint.verify.cache import FOLDER, Cache

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("arguments", "removed", "left"),
    [
        ([], ["a/" + FOLDER, "b/" + FOLDER], []),
        (["a"], ["a/" + FOLDER], ["b/" + FOLDER]),
        (["a", "b"], ["a/" + FOLDER, "b/" + FOLDER], []),
    ],
)
def test_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], removed: list[str], left: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b"):
        Cache(tmp_path / name / FOLDER, None).put({}, {}, time.time())
    result = CliRunner().invoke(main, ["clean", *arguments])
    assert (result.exit_code, sorted(result.output.splitlines())) == (
        0,
        [f"Removed {each}" for each in removed],
    )
    assert sorted(each.relative_to(tmp_path).as_posix() for each in tmp_path.glob(f"*/{FOLDER}")) == left


def test_a_folder_that_is_not_there() -> None:
    result = CliRunner().invoke(main, ["clean", "nowhere"])
    assert result.exit_code == 2
    assert "'nowhere' does not exist" in result.output
