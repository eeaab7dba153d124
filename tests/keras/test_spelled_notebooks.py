"""Constructors in notebooks: one module of all code cells, in their order."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from reglint.cli import main

if TYPE_CHECKING:
    from pathlib import Path

IMPORT = "from keras import layers, regularizers"
MARKDOWN = "# layers.Dense(4)"

# The cells, and the sites: the cell among all of them, the line in it, and what regularizes the kernel.
CASES = {
    "an earlier cell imports": ([IMPORT, "layers.Dense(4)"], [(2, 1, "absent")]),
    "text is counted and not read": ([MARKDOWN, IMPORT, MARKDOWN, "\nlayers.Dense(4)"], [(4, 2, "absent")]),
    "an earlier value": ([IMPORT, "reg = 'l2'", "layers.Dense(4, kernel_regularizer=reg)"], [(3, 1, "set")]),
    "a later value is not seen": (
        [IMPORT, "reg = None", "layers.Dense(4, kernel_regularizer=reg)", "reg = 'l2'"],
        [(3, 1, "none")],
    ),
    "bound anew": ([IMPORT, "layers = things()", "layers.Dense(4)"], []),
    "a function called in a later cell": (
        [IMPORT, "def f(reg=None):\n    layers.Dense(4, kernel_regularizer=reg)", "f('l2')"],
        [(2, 2, "set")],
    ),
    "magics": (["%matplotlib inline\n" + IMPORT, "%timeit -n1 layers\nlayers.Dense(4)"], [(2, 2, "absent")]),
    "shell lines": (["!pip install keras\n" + IMPORT + "\nlayers.Dense(4)"], [(1, 3, "absent")]),
    "shell in a block": (
        [IMPORT, "if flag:\n    !pip install keras\nelse:\n    layers.Dense(4)"],
        [(2, 4, "absent")],
    ),
    "shell over two lines": ([IMPORT, "!pip install \\\n    keras\nlayers.Dense(4)"], [(2, 3, "absent")]),
    "the output of a shell line": ([IMPORT, "files = !ls\nlayers.Dense(4)"], [(2, 2, "absent")]),
    "help": ([IMPORT, "layers.Dense?\n?layers\nlayers.Dense(4)"], [(2, 3, "absent")]),
    "a cell of Python under a magic": ([IMPORT, "%%time\nlayers.Dense(4)"], [(2, 2, "absent")]),
    "a cell of another language": (
        [IMPORT, "%%bash\nlayers.Dense(4)", "layers.Dense(4)"],
        [(3, 1, "absent")],
    ),
    "a cell that is no Python": ([IMPORT, "this is no code", "layers.Dense(4)"], [(3, 1, "absent")]),
    "await at the top": ([IMPORT, "await things()\nlayers.Dense(4)"], [(2, 2, "absent")]),
    "a percent sign in a sum": ([IMPORT, "x = (7\n% 4)\nlayers.Dense(x)"], [(2, 3, "absent")]),
    "an exclamation mark in a string": ([IMPORT, "s = '''\n! layers.Dense(4)\n'''"], []),
    "an empty cell": ([IMPORT, "", "layers.Dense(4)"], [(3, 1, "absent")]),
}


@pytest.mark.parametrize("as_lines", [True, False], ids=["lines", "text"])
@pytest.mark.parametrize("name", CASES)
def test_sites(name: str, as_lines: bool, tmp_path: Path) -> None:
    cells, expected = CASES[name]
    path = tmp_path / "book.ipynb"
    path.write_text(notebook(cells, as_lines))
    result = CliRunner().invoke(main, ["inventory", "--output-format", "json", str(path)])
    found = [
        (entry["cell"], entry["line"], entry["weights"]["kernel"]["state"])
        for entry in json.loads(result.stdout)["layers"]
    ]
    assert found == expected


def notebook(cells: list[str], as_lines: bool) -> str:
    """The text of a notebook; cells that begin with ``#`` are text."""
    written = []
    for cell in map(textwrap.dedent, cells):
        source = cell.splitlines(keepends=True) if as_lines else cell
        if cell.startswith("#"):
            written.append({"cell_type": "markdown", "metadata": {}, "source": source})
        else:
            written.append(
                {
                    "cell_type": "code",
                    "metadata": {},
                    "source": source,
                    "outputs": [],
                    "execution_count": None,
                }
            )
    return json.dumps({"cells": written, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
