"""Findings and inventories name the place that decides a regularizer, where that is not the call."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from reglint.cli import main

if TYPE_CHECKING:
    from pathlib import Path

BLOCKS = """\
from keras import layers


def conv(filters, reg=None):
    return layers.Conv2D(filters, 3, kernel_regularizer=reg)


def block(reg):
    return conv(4, reg)
"""
# The files of a project, and what decides the kernel of the one Conv2D: (file, line, column, text).
DECIDED = {
    "a default that nobody replaces": (
        {"blocks.py": BLOCKS.replace("conv(4, reg)", "conv(4)")},
        [("blocks.py", 4, 23, "None")],
    ),
    "an argument two calls up, in another file": (
        {"blocks.py": BLOCKS, "model.py": "from blocks import block\n\nx = block(\n    None\n)\n"},
        [("model.py", 4, 5, "None")],
    ),
    "several callers": (
        {
            "blocks.py": BLOCKS,
            "a.py": "from blocks import block, conv\nblock(reg=None)\nconv(4)\n",
        },
        [("blocks.py", 4, 23, "None"), ("a.py", 2, 11, "None")],
    ),
    "the call itself": (
        {"blocks.py": BLOCKS.replace("kernel_regularizer=reg", "kernel_regularizer=None")},
        [],
    ),
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> list:
    files, expected = DECIDED[request.param]
    (tmp_path / "setup.py").write_text("")
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return expected


@pytest.mark.parametrize("project", DECIDED, indirect=True)
def test_a_finding_names_what_decides(project: list) -> None:
    result = CliRunner().invoke(main, ["check", "--output-format", "json", "blocks.py"])
    (finding,) = json.loads(result.stdout)["findings"]
    assert [(at["path"], at["line"], at["column"], at["message"]) for at in finding["related"]] == [
        (path, line, column, f"`{text}` decides it") for path, line, column, text in project
    ]
    text = CliRunner().invoke(main, ["check", "blocks.py"]).stdout
    assert [
        f"= see: {path}:{line}:{column}: `{what}` decides it" in text for path, line, column, what in project
    ] == [True] * len(project)
    assert text.count("= see:") == len(project)


@pytest.mark.parametrize("project", DECIDED, indirect=True)
def test_an_inventory_names_the_one_place_that_decides(project: list) -> None:
    result = CliRunner().invoke(main, ["inventory", "--output-format", "json", "blocks.py"])
    (layer,) = json.loads(result.stdout)["layers"]
    origin = layer["weights"]["kernel"]["from"]
    expected = project[0][:3] if len(project) == 1 else ("blocks.py", 5, 12)
    assert (origin["path"], origin["line"], origin["column"]) == expected
