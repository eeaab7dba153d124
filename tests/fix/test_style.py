"""The line length that a project's configuration states, and the style that a file's own calls show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reglint.files.text import Text
from reglint.fix.brackets import logical_lines
from reglint.fix.style import Style, comment_width, line_length, style_of, width

if TYPE_CHECKING:
    from pathlib import Path

LENGTHS: dict[str, tuple[dict[str, str], int]] = {
    "nothing": ({}, 88),
    "ruff.toml": ({"ruff.toml": "line-length = 100"}, 100),
    ".ruff.toml goes first": ({".ruff.toml": "line-length = 90", "ruff.toml": "line-length = 100"}, 90),
    "ruff in pyproject.toml": ({"pyproject.toml": "[tool.ruff]\nline-length = 79"}, 79),
    "black": ({"pyproject.toml": "[tool.black]\nline-length = 80"}, 80),
    "ruff before black": (
        {"pyproject.toml": "[tool.black]\nline-length = 80\n[tool.ruff]\nline-length = 120"},
        120,
    ),
    "black where ruff says nothing": (
        {"pyproject.toml": '[tool.ruff]\ntarget-version = "py310"\n[tool.black]\nline-length = 100'},
        100,
    ),
    "a formatter without a length": (
        {"pyproject.toml": "[tool.black]\npreview = true", "setup.cfg": "[flake8]\nmax-line-length = 120"},
        88,
    ),
    "flake8": ({".flake8": "[flake8]\nmax-line-length = 120"}, 120),
    "flake8 in setup.cfg": ({"setup.cfg": "[flake8]\nmax_line_length = 99"}, 99),
    "pycodestyle in tox.ini": ({"tox.ini": "[pycodestyle]\nmax-line-length = 110"}, 110),
    "another tool's file": ({"pyproject.toml": "[project]\nname = 'x'", "tox.ini": "[tox]\n"}, 88),
    "the nearest": ({"ruff.toml": "line-length = 100", "src/ruff.toml": "line-length = 70"}, 70),
    "one without a length is passed over": (
        {"ruff.toml": "line-length = 100", "src/setup.cfg": "[metadata]\nname = x"},
        100,
    ),
    "not TOML": ({"ruff.toml": "line-length = 100", "src/pyproject.toml": "[tool.ruff"}, 100),
    "not INI": ({"ruff.toml": "line-length = 100", "src/setup.cfg": "max-line-length = 3"}, 100),
    "not UTF-8": ({"ruff.toml": "line-length = 100", "src/ruff.toml": "# \udcff\nline-length = 70"}, 100),
    "a wrong type": ({"ruff.toml": "line-length = 100", "src/ruff.toml": 'line-length = "70"'}, 88),
    "a length of nothing": ({"src/tox.ini": "[flake8]\nmax-line-length = 0"}, 88),
    "tables that are none": ({"pyproject.toml": "tool = 3"}, 88),
}


@pytest.mark.parametrize("name", LENGTHS)
def test_line_length(name: str, tmp_path: Path) -> None:
    files, length = LENGTHS[name]
    (tmp_path / "src").mkdir()
    for file, text in files.items():
        (tmp_path / file).write_text(text, encoding="utf-8", errors="surrogateescape")
    assert line_length(tmp_path / "src" / "model.py") == length


WIDTHS = {"": 0, "abc": 3, "\tx": 5, "größe": 5, "層": 2, "o\u0308": 1, "層\t": 6}


@pytest.mark.parametrize("text", WIDTHS)
def test_width(text: str) -> None:
    assert width(text) == WIDTHS[text]


COMMENTS = {
    "": 0,
    "# why": 7,
    "# noqa": 0,
    "#NoQA: E501": 0,
    "# type: ignore": 0,
    "# typed": 9,
    "# pylint: disable=x": 0,
    "# fmt: skip": 13,
}


@pytest.mark.parametrize("comment", COMMENTS)
def test_only_comments_that_ruff_counts_add_to_a_line(comment: str) -> None:
    assert comment_width(comment) == COMMENTS[comment]


STYLES = {
    "nothing divided": ("f(1, 2)\n", Style(88, "\n", "    ")),
    "exploded": ("f(\n  1,\n  2,\n)\n", Style(88, "\n", "  ", "exploded")),
    "exploded, closed on the last line": ("f(\n    1,\n    2)\n", Style(88, "\n", "    ", closes=False)),
    "hugging": ("f(\n    1, 2\n)\nf(\n    1,\n    2,\n)\n", Style(88, "\n", "    ", "hugging")),
    "aligned": ("f(1,\n  2)\n", Style(88, "\n", "    ", "aligned")),
    "more aligned than not": (
        "f(1,\n  2)\ng(1,\n  f(2,\n    3))\nf(\n    1, 2\n)\n",
        Style(88, "\n", "    ", "aligned"),
    ),
    "as much aligned as not": ("f(1,\n  2)\nf(\n    1,\n    2,\n)\n", Style(88, "\n", "    ", "exploded")),
    "lists are no calls": ("x = [1,\n     2]\n", Style(88, "\n", "    ")),
    "one argument alone says nothing": ("f(\n    1\n)\nf([\n    1,\n    2,\n])\n", Style(88, "\n", "    ")),
    "neither aligned nor below": ("f(1,\n    2)\n", Style(88, "\n", "    ")),
    "continued deeper than a block": (
        "if a:\n  f(\n      1,\n      2)\n",
        Style(88, "\n", "    ", closes=False),
    ),
}


@pytest.mark.parametrize("name", STYLES)
def test_style(name: str) -> None:
    source, style = STYLES[name]
    text = Text(source)
    assert style_of(text, logical_lines(text), 88, "\n", "    ") == style
