"""``init --infer`` from end to end: what it proposes for code, and that ``check`` then finds what its comments name."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner

from reglint import cli
from reglint.policy import load
from reglint.proposing import propose

ROOT = Path(__file__).parent.parent
NEW = """\
from keras import Input, Sequential, layers, regularizers

L2 = regularizers.l2(1e-4)


def build(classes, reg):
    return Sequential([
        Input((28, 28, 1)),
        layers.Conv2D(8, 3, kernel_regularizer=regularizers.l2(1e-4)),
        layers.Conv2D(8, 3, kernel_regularizer=L2),
        layers.Conv2D(8, 3, kernel_regularizer=regularizers.l1(1e-4)),
        layers.Conv1D(8, 3, kernel_regularizer=L2),
        layers.Conv1D(8, 3, kernel_regularizer=L2),
        layers.DepthwiseConv2D(3),
        layers.DepthwiseConv2D(3),
        layers.Dense(10, kernel_regularizer=regularizers.l2(1e-3)),
        layers.Dense(10, kernel_regularizer=regularizers.l2(1e-3)),
        layers.Dense(10, kernel_regularizer=regularizers.l2(1e-3)),
        layers.Dense(10, kernel_regularizer=reg),
        layers.Dense(10, activation="softmax"),
    ])


def small(classes):
    return Sequential([
        layers.Conv2D(8, 3, kernel_regularizer=L2),
        layers.Conv2D(8, 3),
        layers.Conv2D(8, 3, kernel_regularizer=L2),
        layers.Conv2D(8, 3, kernel_regularizer=L2),
        layers.Conv2D(8, 3),  # reglint: ignore[REG101] pretrained
        layers.Conv2D(8, 3, kernel_regularizer=L2),
        layers.Conv2D(8, 3, kernel_regularizer=L2),
        layers.Conv2D(8, 3, kernel_regularizer=L2),
        layers.Conv2D(8, 3, kernel_regularizer=L2),
        layers.Conv2D(8, 3, kernel_regularizer=L2),
        layers.Dense(classes, activation="softmax"),
    ])
"""
OLD = """\
from keras import layers

made = [layers.Conv2D(8, 3), layers.Conv1D(8, 3), layers.Conv2D(8, 3), layers.Conv1D(8, 3), layers.Conv2D(8, 3)]
"""
BARE = "from keras import layers\n\nlayers.Dense(4)\nlayers.Dense(4)\n"
PROPOSED = """\
# Made by `reglint init --infer src` from 28 layers in 3 files.
# It asks of all weights what most of them have: keep what you mean, change the rest.

[weights]
kernel = { require = "l2", strength = 1e-4 }      # 12 of 14; the others: 1 l1(0.0001), 1 without; \
1 passed in; 1 suppressed by comments
# bias: none of 27 has a penalty; 1 suppressed by comments
depthwise = "none"                                # 2 of 2 without

[layers.Dense]
kernel = { require = "l2", strength = 0.001 }     # 3 of 3

[[overrides]]
layers = ["Dense"]
output = true
weights.kernel = "none"                           # 2 of 2 without

[[overrides]]
files = ["src/old/**"]
weights.kernel = "none"                           # 5 of 5 without

# With this policy `reglint check src` reports 3 findings:
#   src/broken.py:1:20: REG001 syntax error: '(' was never closed
#   src/new/a.py:11:9: REG201 `kernel_regularizer` of `Conv2D` is l1(0.0001); the policy asks for l2(1e-4)
#   src/new/a.py:27:9: REG101 `Conv2D` has no `kernel_regularizer`; the policy asks for l2(1e-4)
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which the command is run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(**files: str) -> None:
    for name, text in files.items():
        path = Path(name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def project() -> None:
    write(src__new__a=NEW, src__old__a=OLD, src__broken="import keras; Dense(\n")


def check(*paths: str) -> list[str]:
    """What ``check`` finds with the policy that is there: place, code and message."""
    result = CliRunner().invoke(cli.main, ["check", "--output-format", "json", *paths])
    findings = json.loads(result.stdout)["findings"]
    cells = ["" if found["cell"] is None else f"cell {found['cell']}:" for found in findings]
    return [
        f"{found['path']}:{cell}{found['line']}:{found['column']}: {found['code']} {found['message']}"
        for cell, found in zip(cells, findings, strict=True)
    ]


def named(text: str) -> list[str]:
    """The findings that the comments of a policy name."""
    return re.findall(r"^#   (.*)$", text, re.MULTILINE)


def test_what_is_proposed_and_what_check_finds_then() -> None:
    project()
    result = CliRunner().invoke(cli.main, ["init", "--infer", "src"])
    assert (result.exit_code, result.stderr) == (0, "")
    assert Path("reglint.toml").read_text() == PROPOSED
    assert len(named(PROPOSED)) == 3
    assert sorted(check("src")) == named(PROPOSED)


@pytest.mark.parametrize("paths", [["src/new", "src"], ["src/old", "src/broken.py", "src/new"]])
def test_the_order_of_the_paths_does_not_matter(paths: list[str]) -> None:
    project()
    tables = [
        propose([Path(path) for path in order], Path("reglint.toml")).text for order in (paths, paths[::-1])
    ]
    assert tables[0] == tables[1]
    assert tables[0].splitlines()[1:-4] == PROPOSED.splitlines()[1:-4]


def test_hash_seeds_do_not_matter() -> None:
    project()
    command = [sys.executable, "-m", "reglint", "init", "--infer", "src", "-o", "-"]
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(command, capture_output=True, check=True, env=env)
        assert done.stdout.decode() == PROPOSED


def test_notebooks() -> None:
    sources = [
        "from keras import layers\nL2 = 'l2'\n",
        "\n".join(["layers.Dense(4, kernel_regularizer=L2)"] * 4),
    ]
    sources.append("layers.Dense(4)\n")
    cells = [
        {"cell_type": "code", "source": text, "metadata": {}, "outputs": [], "execution_count": None}
        for text in sources
    ]
    content = {
        "cells": cells,
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    Path("a.ipynb").write_text(json.dumps(content))
    proposal = propose([Path("a.ipynb")], Path("reglint.toml"))
    assert 'kernel = { require = "l2", strength = 0.01 }' in proposal.text
    Path("reglint.toml").write_text(proposal.text)
    assert named(proposal.text) == check("a.ipynb")
    assert [line.partition(" ")[0] for line in named(proposal.text)] == ["a.ipynb:cell"]


def test_code_without_any_penalty() -> None:
    write(a=BARE)
    proposal = propose([Path()], Path("reglint.toml"))
    assert proposal.text == dedent(
        """\
        # Made by `reglint init --infer .` from 2 layers in 1 file.
        # It asks of all weights what most of them have: keep what you mean, change the rest.

        [weights]
        # kernel: none of 2 has a penalty
        # bias: none of 2 has a penalty
        # No weight has a penalty, as far as it could be read, so nothing is asked for. To ask for what
        # reglint asks for without a policy, take these two "#" away; `reglint policy presets` lists other ways.
        #kernel = "l2"
        #bias = "optional"

        # With this policy `reglint check .` has nothing to report.
        """
    )
    Path("reglint.toml").write_text(proposal.text)
    assert check() == []
    Path("reglint.toml").write_text(proposal.text.replace("#kernel", "kernel").replace("#bias", "bias"))
    assert [found.partition(":")[0] for found in check()] == ["a.py", "a.py"]


def test_code_without_layers() -> None:
    write(a="print(1)\n")
    proposal = propose([Path("a.py")], Path("reglint.toml"))
    assert (proposal.layers, proposal.files, proposal.outliers) == (0, 1, ())
    Path("reglint.toml").write_text(proposal.text)
    load(Path("reglint.toml"))


def test_paths_with_signs_stay_in_their_comment() -> None:
    folder = Path("a b\n[layers]")
    folder.mkdir()
    (folder / "é.py").write_text(BARE + "layers.Dense(4, kernel_regularizer='l2')\n" * 9)
    proposal = propose([folder], Path("reglint.toml"))
    Path("reglint.toml").write_text(proposal.text, encoding="utf-8")
    assert load(Path("reglint.toml")).path == Path("reglint.toml")
    assert [line.replace("\\n", "\n") for line in named(proposal.text)] == check(str(folder))


def test_a_policy_that_is_elsewhere() -> None:
    """Patterns for files are relative to the policy, so code outside its folder has none."""
    project()
    Path("conf").mkdir()
    result = CliRunner().invoke(cli.main, ["init", "--infer", "src", "-o", "conf/p.toml"])
    assert "`reglint check --policy conf/p.toml src`" in result.stdout
    text = Path("conf/p.toml").read_text()
    assert "files" not in text.partition("# With")[2].replace("files.", "")
    assert "[[overrides]]\nfiles" not in text
    assert sorted(check("--policy", "conf/p.toml", "src")) == sorted(named(text))


@pytest.mark.parametrize(
    "text",
    re.findall(
        r"^```toml\n(.*?)^```", (ROOT / "docs" / "init.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    ),
)
def test_the_policies_of_the_docs_load(text: str) -> None:
    Path("reglint.toml").write_text(text)
    load(Path("reglint.toml"))
    assert f"reports {len(named(text))} finding" in text or "has nothing to report" in text


def test_the_docs_show_what_is_proposed() -> None:
    assert f"```toml\n{PROPOSED}```" in (ROOT / "docs" / "init.md").read_text("utf-8")


def test_the_benchmark_says_whether_they_agree(capsys: pytest.CaptureFixture[str]) -> None:
    project()
    path = ROOT / "benchmarks" / "infer.py"
    spec = importlib.util.spec_from_file_location("infer_benchmark", path)
    assert spec is not None
    assert spec.loader is not None
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    assert benchmark.main(["src"]) == 0
    assert "Named: 3. Reported by `reglint check`: 3, the same." in capsys.readouterr().out
