"""Suppressions and baselines in notebooks: comments belong to their cells, and nothing but comments changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from reglint.cli import main

HEAD = "from keras import layers"
BOOK = Path("a.ipynb")
IGNORE = "# reglint: ignore[REG101]"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, arguments, prog_name="reglint")


def write(*cells: str, as_lines: bool = True) -> None:
    """A notebook of a text cell, one that imports, and these code cells."""
    BOOK.write_text(
        json.dumps(
            {
                "cells": [
                    {"cell_type": "markdown", "metadata": {}, "source": ["# layers.Dense(1)  # noqa"]},
                    *(
                        {
                            "cell_type": "code",
                            "execution_count": 3,
                            "metadata": {},
                            "outputs": [{"output_type": "stream", "text": ["# reglint: ignore\n"]}],
                            "source": cell.splitlines(keepends=True) if as_lines else cell,
                        }
                        for cell in (HEAD, *cells)
                    ),
                ],
                "metadata": {},
                "nbformat": 4,
                "nbformat_minor": 5,
            },
            indent=1,
        )
    )


def cells() -> list[str]:
    """The code cells after that of the import."""
    return ["".join(cell["source"]) for cell in json.loads(BOOK.read_text())["cells"][2:]]


def found() -> list[tuple[str, int, int]]:
    """Code, cell and line of each finding; the cells of ``write`` start at 3."""
    report = json.loads(run("check", "--output-format", "json").stdout)
    assert report["errors"] == []
    return [(finding["code"], finding["cell"], finding["line"]) for finding in report["findings"]]


SUPPRESSED = {
    "at the end of a line": ([f"layers.Dense(1)  {IGNORE}"], []),
    "above": ([f"%time\n{IGNORE} frozen\nlayers.Dense(\n  1)\nlayers.Dense(2)"], [("REG101", 3, 5)]),
    "noqa": (["layers.Dense(1)  # noqa: REG101", "layers.Dense(1)"], [("REG101", 4, 1)]),
    "the whole notebook": (["layers.Dense(1)", "# reglint: file-ignore[REG101]\n", "layers.Dense(2)"], []),
    "at the end of a cell": (
        [f"x = 1\n{IGNORE}", "layers.Dense(1)"],
        [("REG003", 3, 2), ("REG101", 4, 1)],
    ),
    "a cell of its own": ([IGNORE, "layers.Dense(1)"], [("REG003", 3, 1), ("REG101", 4, 1)]),
    "comments of two cells": (
        [f"x = 1\n{IGNORE}", "# why\nlayers.Dense(1)"],
        [("REG003", 3, 2), ("REG101", 4, 2)],
    ),
    "in an indented cell": ([f"  x = 1\n  {IGNORE}\n  layers.Dense(1)"], []),
    "in a magic": ([f"%time {IGNORE}\nlayers.Dense(1)"], [("REG101", 3, 2)]),
    "in a cell of another language": (["%%bash\n# reglint: ignore[]"], []),
    "in a cell that is no Python": (["x = (\n# reglint: ignore[]"], [("REG001", 3, 1)]),
    "invalid": (["x = 1\n# reglint: ignore[]"], [("REG002", 3, 2)]),
}


@pytest.mark.parametrize(("source", "expected"), SUPPRESSED.values(), ids=SUPPRESSED)
def test_comments(source: list[str], expected: list[tuple[str, int, int]]) -> None:
    write(*source)
    assert found() == expected


REMOVED = {
    "at the end of a line": ([f"x = 1  {IGNORE}\ny = 2"], ["x = 1\ny = 2"]),
    "at the end of a cell": ([f"x = 1  {IGNORE}"], ["x = 1"]),
    "a line": ([f"x = 1\n{IGNORE}\ny = 2"], ["x = 1\ny = 2"]),
    "the first line": ([f"{IGNORE}\n\nx = 1"], ["\nx = 1"]),
    "the last line": ([f"x = 1\n{IGNORE}", "y = 2"], ["x = 1", "y = 2"]),
    "the last line with a line end": ([f"x = 1\n{IGNORE}\n", "y = 2"], ["x = 1\n", "y = 2"]),
    "the only line": ([f"{IGNORE}", "y = 2"], ["", "y = 2"]),
    "two lines at the end": ([f"x = 1\n{IGNORE}\n# reglint: ignore[REG102]", "y = 2"], ["x = 1\n", "y = 2"]),
    "one code": (
        ["layers.Dense(1)  # reglint: ignore[REG102, REG101]"],
        ["layers.Dense(1)  # reglint: ignore[REG101]"],
    ),
    "beside a fix": (
        [f"layers.Dense(1)\n\n{IGNORE}", "x = 1"],
        ["layers.Dense(1, kernel_regularizer=regularizers.l2(1e-4))\n", "x = 1"],
    ),
}


@pytest.mark.parametrize("as_lines", [True, False], ids=["lines", "text"])
@pytest.mark.parametrize(("source", "expected"), REMOVED.values(), ids=REMOVED)
def test_unused_ones_are_taken_out(source: list[str], expected: list[str], as_lines: bool) -> None:
    write(*source, as_lines=as_lines)
    result = run("fix", "--no-verify")
    assert (result.exit_code, result.stderr) == (0, "")
    assert cells() == expected


@pytest.mark.parametrize("as_lines", [True, False], ids=["lines", "text"])
def test_add_ignore(as_lines: bool) -> None:
    write("%time\nlayers.Dense(1)", "x = 1\nlayers.LSTM(\n  '''\n''')\nx = 2", "x = (", as_lines=as_lines)
    before = BOOK.read_text()
    result = run("check", "--add-ignore", "--reason", "é before")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.startswith("a.ipynb:cell 5:1:5: REG001")
    first, second, broken = cells()
    assert (first, broken) == (f"%time\nlayers.Dense(1)  {IGNORE} é before", "x = (")
    assert second == "x = 1\nlayers.LSTM(  # reglint: ignore[REG101, REG103] é before\n  '''\n''')\nx = 2"
    assert found() == [("REG001", 5, 1)]
    after = BOOK.read_text()
    for comment in (f"  {IGNORE} \\u00e9 before", "  # reglint: ignore[REG101, REG103] \\u00e9 before"):
        after = after.replace(comment, "", 1)
    assert after == before


def test_baseline() -> None:
    write("layers.Dense(1)", "def f():\n    layers.Dense(2)", "x = (")
    assert run("check", "--baseline", "known.json", "--update-baseline").exit_code == 0
    stored = json.loads(Path("known.json").read_text())["findings"]
    assert [(entry["path"], entry["code"], entry.get("scope"), entry.get("source")) for entry in stored] == [
        ("a.ipynb", "REG001", None, None),
        ("a.ipynb", "REG101", None, "layers.Dense(1)"),
        ("a.ipynb", "REG101", "f", "layers.Dense(2)"),
    ]
    write("%time", "def f():\n    %time\n    layers.Dense(\n      2)", "layers.Dense(1)", "layers.Dense(1)")
    result = run("check", "--baseline", "known.json")
    assert result.exit_code == 1
    assert [line for line in result.stdout.splitlines() if "REG" in line] == [
        "a.ipynb:cell 6:1:1: REG101 `Dense` has no `kernel_regularizer`; the policy asks for l2"
    ]
