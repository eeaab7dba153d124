"""Notebooks from end to end: what the commands print about them, and that a fix changes the code and nothing else."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from reglint import pipeline
from reglint.cli import main
from reglint.policy import load

OUTPUT = {
    "data": {"image/png": "iVBORw0KGgo/keras+Dense" * 50, "text/plain": ["<Figure é \U0001f600>\n", "1e3"]},
    "execution_count": 3,
    "metadata": {"needs_background": "light"},
    "output_type": "execute_result",
}


def code(source: str | list[str], **more: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": 3,
        "id": "0a1b",
        "metadata": {"collapsed": False},
        "outputs": [OUTPUT],
        "source": source,
        **more,
    }


def markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source.splitlines(keepends=True)}


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python", "version": "3.11.7"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


CLASSIFIER = notebook(
    markdown("# A classifier\n\nWith `keras.layers.Dense(10)`."),
    code(["%matplotlib inline\n", "!pip install -q keras\n", "import numpy as np\n",
          "from keras import layers, models"]),
    code(["def block(x, units):\n", "    %time\n", "    return layers.Dense(units)(x)"]),
    code(["%%bash\n", "echo 'Dense(10'"]),
    markdown("## Training"),
    code(["model = models.Sequential([layers.Dense(10\n"]),
    code(["%%time\n", "model = models.Sequential()\n", "model.add(layers.Dense(4, kernel_regularizer='l2'))\n",
          "model.add(layers.Dense(3, use_bias=False))\n", "model?\n"]),
)  # fmt: skip


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("a.ipynb").write_text(json.dumps(CLASSIFIER, indent=1) + "\n")
    return tmp_path


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, arguments, prog_name="reglint")


def test_check_names_cells() -> None:
    result = run("check")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout == (
        "a.ipynb:cell 3:3:12: REG101 `Dense` has no `kernel_regularizer`; the policy asks for l2\n"
        "   |\n"
        " 3 |     return layers.Dense(units)(x)\n"
        "   |            ^^^^^^^^^^^^^^^^^^^\n"
        "   = fix: kernel_regularizer=regularizers.l2(1e-4)\n"
        "\n"
        "a.ipynb:cell 6:1:40: REG001 syntax error: '(' was never closed\n"
        "   |\n"
        " 1 | model = models.Sequential([layers.Dense(10\n"
        "   |                                        ^\n"
        "   = no fix: nothing in the cell was checked; make it parse first\n"
        "\n"
        "a.ipynb:cell 7:4:11: REG101 `Dense` has no `kernel_regularizer`; the policy asks for l2\n"
        "   |\n"
        " 4 | model.add(layers.Dense(3, use_bias=False))\n"
        "   |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "   = fix: kernel_regularizer=regularizers.l2(1e-4)\n"
        "\n"
        "Found 3 findings.\n"
        "2 can be fixed with `reglint fix`, which proves each fix first.\n"
        "Checked 3 layers in 1 file. Policy: built-in default.\n"
    )


def test_json_has_the_cell() -> None:
    Path("b.py").write_text("from keras import layers\nlayers.Dense(4)\n")
    report = json.loads(run("check", "--output-format", "json").stdout)
    found = [(finding["path"], finding["cell"], finding["line"]) for finding in report["findings"]]
    assert found == [("a.ipynb", 3, 3), ("a.ipynb", 6, 1), ("a.ipynb", 7, 4), ("b.py", None, 2)]


def test_inventory_has_the_cell_and_the_same_words_about_what_is_not_python() -> None:
    result = run("inventory", "--output-format", "json")
    assert result.exit_code == 2
    assert result.stderr == "error: a.ipynb:cell 6:1:40: syntax error: '(' was never closed\n"
    report = json.loads(result.stdout)
    assert [
        (layer["cell"], layer["line"], layer["column"], layer["weights"]["kernel"]["from"])
        for layer in report["layers"]
    ] == [
        (3, 3, 12, None),
        (7, 3, 11, {"path": "a.ipynb", "cell": 7, "line": 3, "column": 11}),
        (7, 4, 11, None),
    ]
    assert report["errors"] == [
        {
            "path": "a.ipynb",
            "message": "syntax error: '(' was never closed",
            "cell": 6,
            "line": 1,
            "column": 40,
        }
    ]
    assert run("inventory").stdout.splitlines()[:4] == [
        "a.ipynb",
        "  cell 3:3:12  Dense  kernel -, bias -",
        "  cell 7:3:11  Dense  kernel l2(0.01), bias -",
        "  cell 7:4:11  Dense  kernel -",
    ]


def test_the_diff_is_that_of_the_file() -> None:
    before = Path("a.ipynb").read_bytes()
    result = run("fix", "--no-verify", "--diff")
    assert result.exit_code == 1
    assert Path("a.ipynb").read_bytes() == before
    lines = result.stdout.splitlines()
    assert lines[:2] == ["--- a/a.ipynb", "+++ b/a.ipynb"]
    assert [line for line in lines[2:] if line[0] in "+-"] == [
        '-    "from keras import layers, models"',
        '+    "from keras import layers, models, regularizers"',
        '-    "    return layers.Dense(units)(x)"',
        '+    "    return layers.Dense(units, kernel_regularizer=regularizers.l2(1e-4))(x)"',
        '-    "model.add(layers.Dense(3, use_bias=False))\\n",',
        '+    "model.add(layers.Dense(3, use_bias=False, kernel_regularizer=regularizers.l2(1e-4)))\\n",',
    ]


def test_an_import_of_its_own_line_goes_to_the_cell_of_imports() -> None:
    Path("a.ipynb").write_text(
        json.dumps(
            notebook(code("import os"), code("from keras.layers import Dense"), code("%time\nDense(4)"))
        )
    )
    assert run("fix", "--no-verify").exit_code == 0
    cells = json.loads(Path("a.ipynb").read_text())["cells"]
    assert [cell["source"] for cell in cells] == [
        "import os",
        "from keras import regularizers\nfrom keras.layers import Dense",
        "%time\nDense(4, kernel_regularizer=regularizers.l2(1e-4))",
    ]


def test_a_name_of_a_later_cell_is_not_used_before_it() -> None:
    Path("a.ipynb").write_text(
        json.dumps(
            notebook(
                code("import keras"), code("keras.layers.Dense(4)"), code("from keras import regularizers")
            )
        )
    )
    assert run("fix", "--no-verify").exit_code == 0
    assert (
        "keras.layers.Dense(4, kernel_regularizer=keras.regularizers.l2(1e-4))" in Path("a.ipynb").read_text()
    )


def test_imports_of_a_notebook_are_found_beside_it() -> None:
    Path("parts.py").write_text("from keras import layers\nSIZE = 3\n")
    Path("a.ipynb").write_text(
        json.dumps(notebook(code("from parts import layers"), code("layers.Dense(4)")))
    )
    report = json.loads(run("inventory", "--output-format", "json").stdout)
    assert [(layer["path"], layer["cell"], layer["layer"]) for layer in report["layers"]] == [
        ("a.ipynb", 2, "keras.layers.Dense")
    ]


def test_other_kernels_are_passed_over() -> None:
    content = notebook(code("library(keras)\nlayer_dense(4) %>% f"))
    content["metadata"] = {"kernelspec": {"language": "R", "name": "ir"}}
    Path("a.ipynb").write_text(json.dumps(content))
    assert run("check", "a.ipynb").stdout.splitlines()[0] == "All checks passed!"


@pytest.mark.parametrize("command", [["check"], ["inventory"], ["fix", "--no-verify"]], ids=" ".join)
def test_what_is_no_notebook_is_an_error_and_the_rest_goes_on(command: list[str]) -> None:
    Path("b.ipynb").write_text("{\n")
    result = run(*command)
    assert result.exit_code == 2
    assert (
        "error: b.ipynb: is no notebook: line 2, column 1 is not JSON (expecting property name enclosed in double "
        "quotes); open it in Jupyter and save it again, or leave it out of the run\n"
    ) in result.stderr
    assert "cell 3:3:12" in result.stdout


@pytest.mark.keras
def test_a_notebook_is_proven_like_a_script() -> None:
    content = notebook(
        code("%matplotlib inline\n!pip install keras\nimport os"),
        code("from __future__ import print_function\nimport keras\nfrom keras import layers, regularizers"),
        code("(x, y), _ = keras.datasets.mnist.load_data()\nclasses = 10"),
        code("%%time\nmodel = keras.Sequential([\n    layers.Flatten(),\n    layers.Dense(classes),\n])"),
        code("model.compile('adam', 'mse')\nhistory = model.fit(x, y)\nawait done()"),
        code("layers.Dense("),
    )
    Path("a.ipynb").write_text(json.dumps(content))
    report = json.loads(run("fix", "--output-format", "json").stdout)
    assert [
        (found["code"], found["cell"], found["written"], found["proof"] and found["proof"]["model"])
        for found in report["findings"]
    ] == [("REG101", 4, True, "model (module level)"), ("REG001", 6, None, None)]
    cells = json.loads(Path("a.ipynb").read_text())["cells"]
    assert cells[3]["source"].splitlines()[3:] == [
        "    layers.Dense(classes, kernel_regularizer=regularizers.l2(1e-4)),",
        "])",
    ]


# A fix changes the code and nothing else

_LINES = st.sampled_from(
    [
        "x = layers.Dense(4)(x)",
        "x = layers.Conv2D(8, (3, 3), activation='relu', name='日本', padding='same')(x)",
        "model = keras.Sequential([\n    layers.Dense(4),  # é\n\n    keras.layers.LSTM(4),\n])",
        "def f(x):\n    !ls\n    return Dense(4, kernel_regularizer='l1')(x)",
        "layers.Dense(\n    4,\n    activation='relu'\n)",
        "y = layers.Dense(4, bias_regularizer=None); z = '\U0001f600\\n'",
        "%matplotlib inline",
        "files = !ls",
        "layers.Dense?",
        "import os",
        "from keras.layers import Dense",
        "",
        "# layers.Dense(3)",
        "x = (",
    ]
)
_IMPORTS = st.sampled_from(
    [
        "import keras\nfrom keras import layers",
        "import tensorflow as tf\nfrom tensorflow import keras\nlayers = keras.layers",
    ]
)
_SOURCES = st.builds(
    lambda lines, end: "\n".join(lines) + end, st.lists(_LINES, max_size=4), st.sampled_from(["", "\n"])
)
_HEADS = st.sampled_from(["", "", "%%time\n", "%%html\n", "\n"])
_CELLS = st.one_of(
    st.builds(lambda head, source: code(head + source), _HEADS, _SOURCES),
    st.builds(lambda source: code((source).splitlines(keepends=True)), _SOURCES),
    st.builds(markdown, _SOURCES),
)
_FORMS = st.sampled_from(
    [
        {"indent": 1},
        {"indent": 1, "ensure_ascii": False},
        {"indent": "\t", "ensure_ascii": False},
        {"indent": 2, "sort_keys": True},
        {},
        {"separators": (",", ":")},
    ]
)
STRICT = (
    '[weights]\nkernel = { require = "l2", strength = 1e-4 }\nbias = { require = "l1", strength = 0.5 }\n'
)


@settings(deadline=None, max_examples=60)
@given(_IMPORTS, st.lists(_CELLS, max_size=5), _FORMS, st.sampled_from(["", "\n"]))
def test_a_fix_changes_only_code(
    imports: str, cells: list[dict[str, Any]], form: dict[str, Any], end: str
) -> None:
    before = notebook(code(imports.splitlines(keepends=True)), *cells)
    with tempfile.TemporaryDirectory() as folder:
        path, policy_file = Path(folder, "a.ipynb"), Path(folder, "policy.toml")
        policy_file.write_text(STRICT)
        path.write_bytes((json.dumps(before, **form) + end).encode())
        policy = load(policy_file)
        outcome = pipeline.fix([path], lambda _: policy, settings=None)
        assert outcome.report.errors == ()
        data = path.read_bytes()
        left = pipeline.check([path], lambda _: policy).report.findings
    after = json.loads(data)
    # In the form that wrote the file, the new content is the new file: so no byte beside the code has changed.
    assert data == (json.dumps(after, **form) + end).encode()
    for old, new in zip(json.loads(json.dumps(before))["cells"], after["cells"], strict=True):
        assert type(old["source"]) is type(new["source"])
        if isinstance(new["source"], list):
            assert new["source"] == "".join(new["source"]).splitlines(keepends=True)
        assert {**old, "source": new["source"]} == new
        if old["cell_type"] == "markdown" or not re.search(
            "Dense|LSTM|Conv2D|import", "".join(old["source"])
        ):
            assert old["source"] == new["source"]
    assert [(key, value) for key, value in after.items() if key != "cells"] == [
        (key, value) for key, value in json.loads(json.dumps(before, **form)).items() if key != "cells"
    ]
    assert [finding.code for finding in left if finding.fixable] == []
