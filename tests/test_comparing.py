"""``consistency`` in whole runs: the layers of a project, and what hides findings about them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from reglint import cli
from reglint.comparing import compare
from reglint.pipeline import check, fix
from reglint.policy import discover, load
from reglint.report.results import RelatedResult

if TYPE_CHECKING:
    from click.testing import Result

    from reglint.pipeline import Outcome
    from reglint.policy import Policy

HEAD = "from keras.layers import Dense\nfrom keras.regularizers import l2\n"
USUAL, ODD, NONE = (
    "Dense(4, kernel_regularizer=l2(1e-4))\n",
    "Dense(4, kernel_regularizer=l2(1e-3))\n",
    "Dense(4)\n",
)
FILES = {"a.py": ODD, "b/c.py": USUAL + USUAL, "b/d.py": USUAL + NONE}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("reglint.toml").write_text('consistency = "project"\n')
    for name, source in FILES.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(HEAD + source)
    return tmp_path


def policies(path: Path) -> Policy:
    return discover(path.absolute().parent)


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli.main, list(arguments), input=stdin)


def found(outcome: Outcome) -> list[tuple[str, int, str]]:
    return [(each.path, each.line, each.message) for each in outcome.report.findings]


IN_ALL = [
    (
        "a.py",
        3,
        "`kernel_regularizer` of `Dense` is l2(0.001); 3 of 5 `Dense` kernels in this project have l2(0.0001)",
    ),
    (
        "b/d.py",
        4,
        "`Dense` has no `kernel_regularizer`; 3 of 5 `Dense` kernels in this project have l2(0.0001)",
    ),
]


@pytest.mark.parametrize("order", [["a.py", "b/c.py", "b/d.py"], ["b/d.py", "a.py", "b/c.py"], ["b", "a.py"]])
@pytest.mark.usefixtures("project")
def test_all_files_of_a_run_are_compared_whatever_their_order(order: list[str]) -> None:
    outcome = check([Path(name) for name in order], policies)
    assert sorted(found(outcome)) == IN_ALL
    beside = {finding.path: finding.related for finding in outcome.report.findings}
    assert beside == {
        "a.py": (RelatedResult("`Dense` has l2(0.0001)", "b/c.py", 3, 1),),
        "b/d.py": (RelatedResult("`Dense` has l2(0.0001)", "b/d.py", 3, 1),),
    }


@pytest.mark.usefixtures("project")
def test_only_the_files_of_the_run_count() -> None:
    assert check([Path("a.py")], policies).report.findings == ()
    assert found(check([Path("b")], policies)) == [
        (
            "b/d.py",
            4,
            "`Dense` has no `kernel_regularizer`; 3 of 4 `Dense` kernels in this project have l2(0.0001)",
        )
    ]


@pytest.mark.usefixtures("project")
def test_a_tie_goes_to_the_first_path() -> None:
    Path("b/c.py").write_text(HEAD)
    outcome = check([Path("b"), Path("a.py")], policies)
    assert [(path, line, message.partition("; ")[2]) for path, line, message in sorted(found(outcome))] == [
        ("b/d.py", 3, "the 3 `Dense` kernels in this project have no majority, and the first has l2(0.001)"),
        ("b/d.py", 4, "the 3 `Dense` kernels in this project have no majority, and the first has l2(0.001)"),
    ]


@pytest.mark.usefixtures("project")
def test_each_policy_file_has_its_own_project() -> None:
    Path("b/reglint.toml").write_text('consistency = "project"\n')
    assert [(path, line) for path, line, _ in found(check([Path()], policies))] == [("b/d.py", 4)]
    Path("b/reglint.toml").write_text('consistency = "off"\n')
    assert found(check([Path()], policies)) == []
    assert compare([Path()], policies).keys() == {
        ("reglint.toml", "Dense", role) for role in ("kernel", "bias")
    }


@pytest.mark.usefixtures("project")
def test_what_cannot_be_read_is_reported_once() -> None:
    Path("b/broken.py").write_text("from keras.layers import Dense\nDense(\n")
    outcome = check([Path()], policies)
    assert [finding.code for finding in outcome.report.findings] == ["REG204", "REG001", "REG204"]
    assert outcome.report.errors == ()


@pytest.mark.usefixtures("project")
def test_the_hash_seed_changes_nothing() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-m", "reglint", "check", "--output-format", "json"],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=False,
        ).stdout
        for seed in range(3)
    }
    (output,) = outputs
    assert [(each["path"], each["line"]) for each in json.loads(output)["findings"]] == [
        ("a.py", 3),
        ("b/d.py", 4),
    ]


@pytest.mark.usefixtures("project")
def test_fixes_of_all_scopes() -> None:
    outcome = fix([Path()], policies, settings=None)
    assert [(finding.code, finding.fix, finding.written) for finding in outcome.report.findings] == [
        ("REG204", "kernel_regularizer=l2(1e-4)", True),
        ("REG204", "kernel_regularizer=l2(1e-4)", True),
    ]
    assert Path("a.py").read_text() == HEAD + USUAL
    assert Path("b/d.py").read_text() == HEAD + USUAL + USUAL
    assert check([Path()], policies).report.findings == ()


SCOPES = ["file", "model", "project"]
BOTH = HEAD + USUAL + USUAL + ODD


@pytest.fixture(params=SCOPES)
def scope(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("reglint.toml").write_text(f'consistency = "{request.param}"\n')
    Path("a.py").write_text(BOTH)
    return str(request.param)


def test_text(scope: str) -> None:
    result = run("check", "a.py")
    assert result.exit_code == 1
    assert (
        result.stdout
        == f"""\
a.py:5:1: REG204 `kernel_regularizer` of `Dense` is l2(0.001); 2 of 3 `Dense` kernels in this {scope} have l2(0.0001)
   |
 5 | Dense(4, kernel_regularizer=l2(1e-3))
   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   = see: a.py:3:1: `Dense` has l2(0.0001)
   = fix: kernel_regularizer=l2(1e-4)

Found 1 finding.
1 can be fixed with `reglint fix`, which proves each fix first.
Checked 3 layers in 1 file. Policy: reglint.toml.
"""
    )


@pytest.mark.usefixtures("scope")
def test_standard_input() -> None:
    Path("a.py").unlink()
    result = run("check", "-", "--stdin-filename", "a.py", "--output-format", "json", stdin=BOTH)
    assert [each["line"] for each in json.loads(result.stdout)["findings"]] == [5]


@pytest.mark.usefixtures("scope")
def test_notebooks() -> None:
    Path("a.py").unlink()
    cells = [HEAD + USUAL, USUAL + ODD]
    Path("a.ipynb").write_text(
        json.dumps(
            {
                "cells": [
                    {
                        "cell_type": "code",
                        "source": cell,
                        "metadata": {},
                        "outputs": [],
                        "execution_count": None,
                    }
                    for cell in cells
                ],
                "metadata": {},
                "nbformat": 4,
                "nbformat_minor": 5,
            }
        )
    )
    (finding,) = json.loads(run("check", "--output-format", "json").stdout)["findings"]
    assert (finding["cell"], finding["line"]) == (2, 2)
    assert [(each["cell"], each["line"]) for each in finding["related"]] == [(1, 3)]


def test_comments_hide_and_what_hides_nothing_is_found(scope: str) -> None:
    Path("a.py").write_text(HEAD + USUAL + USUAL + ODD.rstrip() + "  # reglint: ignore[REG204] a probe\n")
    assert run("check").exit_code == 0
    Path("a.py").write_text(HEAD + USUAL + USUAL.rstrip() + "  # reglint: ignore[REG204]\n")
    # With more files there may be something in a project that it hides.
    assert run("check").exit_code == (0 if scope == "project" else 1)


@pytest.mark.usefixtures("scope")
def test_comments_are_added() -> None:
    assert run("check", "--add-ignore").exit_code == 0
    assert Path("a.py").read_text() == BOTH.rstrip() + "  # reglint: ignore[REG204]\n"


@pytest.mark.usefixtures("project")
def test_what_a_part_of_a_project_does_not_show_stays_in_the_baseline() -> None:
    assert run("check", "--baseline", "known.json", "--update-baseline").exit_code == 0
    before = Path("known.json").read_text()
    assert run("check", "--baseline", "known.json", "--update-baseline", "a.py").exit_code == 0
    assert Path("known.json").read_text() == before
    assert run("check", "--baseline", "known.json").exit_code == 0


@pytest.mark.usefixtures("scope")
def test_baseline() -> None:
    assert run("check", "--baseline", "known.json", "--update-baseline").exit_code == 0
    Path("a.py").write_text(HEAD + "\n\n" + USUAL + USUAL + ODD)
    assert run("check", "--baseline", "known.json").exit_code == 0
    Path("a.py").write_text(BOTH + NONE)
    result = run("check", "--baseline", "known.json", "--output-format", "json")
    assert [each["line"] for each in json.loads(result.stdout)["findings"]] == [6]


@pytest.mark.parametrize(
    ("policy", "arguments"),
    [
        ("", ["--ignore", "REG204"]),
        ("", ["--select", "REG1"]),
        ("ignore = ['REG2']", []),
        ("[per-file-ignores]\n'a.py' = ['REG204']", []),
    ],
)
def test_selection(scope: str, policy: str, arguments: list[str]) -> None:
    Path("reglint.toml").write_text(f'consistency = "{scope}"\n{policy}')
    assert run("check", *arguments).exit_code == 0


def test_it_is_shown_and_handed_on(scope: str) -> None:
    Path("child.toml").write_text('extends = "reglint.toml"\n')
    assert load(Path("child.toml")).consistency == scope
    assert f'consistency = "{scope}"  # reglint.toml:1\n' in run("policy", "show").stdout
