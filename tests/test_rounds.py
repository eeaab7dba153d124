"""One run leaves nothing to a second one: fixes are made in rounds until there is nothing left to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from click.testing import CliRunner

import reglint.verify
from reglint import cli
from reglint.files.edit import Edit, apply_edits, moved, unmoved
from reglint.verify import Proof, WeightProof

if TYPE_CHECKING:
    from reglint.verify import Job, Settings

L2 = "[weights]\nkernel = { require = 'l2', strength = 1e-4 }\n"
BETWEEN = "[weights]\nkernel = { require = 'l2', min = 1e-6, max = 1e-2 }\n"
HEAD = "from keras import layers\nfrom keras.regularizers import l2\n\n"


class Case(NamedTuple):
    """Files before and after one run, under a policy, and the findings: path, line, code, and whether it is fixed."""

    policy: str
    before: dict[str, str]
    after: dict[str, str]
    findings: list[tuple[str, int, str, bool]]


CASES = {
    "an import of one fix says another's regularizer": Case(
        L2,
        {
            "model.py": "try:\n    from keras.layers import Dense\nexcept ImportError:\n"
            "    from tensorflow.keras.layers import Dense\n\n"
            "from keras import layers\n\na = Dense(4)\nb = layers.Dense(5)\n"
        },
        {
            "model.py": "try:\n    from keras.layers import Dense\nexcept ImportError:\n"
            "    from tensorflow.keras.layers import Dense\n\n"
            "from keras import layers, regularizers\n\n"
            "a = Dense(4, kernel_regularizer=regularizers.l2(1e-4))\n"
            "b = layers.Dense(5, kernel_regularizer=regularizers.l2(1e-4))\n"
        },
        [("model.py", 8, "REG101", True), ("model.py", 9, "REG101", True)],
    ),
    "what is mended is another than most": Case(
        'consistency = "file"\n' + BETWEEN,
        {
            "model.py": HEAD
            + "a = layers.Dense(4, kernel_regularizer=l2(1e-3))\n" * 3
            + "b = layers.Dense(4, activation='relu', kernel_initializer='he_normal', name='b')\n"
        },
        {
            "model.py": HEAD
            + "a = layers.Dense(4, kernel_regularizer=l2(1e-3))\n" * 3
            + "b = layers.Dense(\n    4,\n    activation='relu',\n    kernel_initializer='he_normal',\n"
            "    name='b',\n    kernel_regularizer=l2(1e-3),\n)\n"
        },
        [("model.py", 7, "REG101", True), ("model.py", 7, "REG204", True)],
    ),
    "what is mended becomes what most have": Case(
        'consistency = "file"\n' + BETWEEN,
        {
            "model.py": HEAD
            + "a = layers.Dense(4, kernel_regularizer=l2(1e-3))\nb = layers.Dense(4, kernel_regularizer=l2(1e-2))\n"
            + "c = layers.Dense(4)\n" * 3
        },
        {
            "model.py": HEAD
            + "a = layers.Dense(4, kernel_regularizer=l2(1e-4))\nb = layers.Dense(4, kernel_regularizer=l2(1e-4))\n"
            + "c = layers.Dense(4, kernel_regularizer=l2(1e-4))\n" * 3
        },
        [
            ("model.py", 4, "REG204", True),
            ("model.py", 5, "REG204", True),
            *[("model.py", line, "REG101", True) for line in (6, 7, 8)],
        ],
    ),
    "what is mended leaves no majority": Case(
        'consistency = "file"\n' + BETWEEN,
        {
            "model.py": HEAD
            + "a = layers.Dense(4, kernel_regularizer=l2(1e-3))\n" * 2
            + "c = layers.Dense(4)\n" * 2
        },
        {
            "model.py": HEAD
            + "a = layers.Dense(4, kernel_regularizer=l2(1e-3))\n" * 2
            + "c = layers.Dense(4, kernel_regularizer=l2(1e-4))\n" * 2
        },
        [
            ("model.py", 6, "REG101", True),
            ("model.py", 6, "REG204", False),
            ("model.py", 7, "REG101", True),
            ("model.py", 7, "REG204", False),
        ],
    ),
    "a file that did not change is another than most of the project": Case(
        'consistency = "project"\n' + BETWEEN,
        {
            "a.py": HEAD + "a = layers.Dense(4, kernel_regularizer=l2(1e-3))\n",
            "b.py": HEAD + "b = layers.Dense(4)\n" * 2,
        },
        {
            "a.py": HEAD + "a = layers.Dense(4, kernel_regularizer=l2(1e-4))\n",
            "b.py": HEAD + "b = layers.Dense(4, kernel_regularizer=l2(1e-4))\n" * 2,
        },
        [
            ("a.py", 4, "REG204", True),
            ("b.py", 4, "REG101", True),
            ("b.py", 5, "REG101", True),
        ],
    ),
}


def run(*arguments: str) -> tuple[int, list[tuple[str, int, str, bool]]]:
    """The exit code, and of each finding of a JSON report the path, the line, the code and whether it was fixed."""
    result = CliRunner().invoke(cli.main, [*arguments, "--output-format", "json", "."], prog_name="reglint")
    report = json.loads(result.stdout)
    assert report["errors"] == []
    found = [
        (each["path"], each["line"], each["code"], each["written"] is True) for each in report["findings"]
    ]
    return result.exit_code, found


@pytest.mark.parametrize("name", CASES)
def test_one_run_does_all_that_there_is_to_do(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CASES[name]
    monkeypatch.chdir(tmp_path)
    Path("reglint.toml").write_text(case.policy)
    for path, text in case.before.items():
        Path(path).write_text(text)
    left = any(not fixed for *_, fixed in case.findings)
    assert run("fix", "--no-verify") == (int(left), case.findings)
    assert {path: Path(path).read_text() for path in case.before} == case.after
    code, again = run("fix", "--no-verify")
    assert code == int(left)
    assert [fixed for *_, fixed in again] == [False] * len(again)
    assert {path: Path(path).read_text() for path in case.before} == case.after


def test_a_diff_is_that_of_all_rounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = CASES["what is mended is another than most"]
    monkeypatch.chdir(tmp_path)
    Path("reglint.toml").write_text(case.policy)
    Path("model.py").write_text(case.before["model.py"])
    result = CliRunner().invoke(cli.main, ["fix", "--no-verify", "--diff", "."], prog_name="reglint")
    added = [line[1:] for line in result.stdout.splitlines() if line[:1] == "+" and line[:3] != "+++"]
    assert added == case.after["model.py"].splitlines()[6:]
    assert Path("model.py").read_text() == case.before["model.py"]


def test_what_the_baseline_has_stays_in_every_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = CASES["an import of one fix says another's regularizer"]
    monkeypatch.chdir(tmp_path)
    Path("reglint.toml").write_text(case.policy)
    source = case.before["model.py"]
    Path("model.py").write_text(source.replace("b = layers.Dense(5)\n", ""))
    CliRunner().invoke(cli.main, ["check", "--baseline", "known.json", "--update-baseline", "."])
    Path("model.py").write_text(source)
    assert run("fix", "--no-verify", "--baseline", "known.json") == (0, [("model.py", 9, "REG101", True)])
    assert "a = Dense(4)\n" in Path("model.py").read_text()


def test_each_round_is_proven_and_nothing_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def prove(jobs: list[Job], settings: Settings) -> list[list[Proof]]:  # noqa: ARG001
        asked.append([job.after.splitlines()[target.line - 1] for job in jobs for target in job.targets])
        return [
            [
                Proof("unverified", "too slow", None, ())
                if target.layer == "Conv2D"
                else Proof("model", None, "m", (WeightProof("w", "kernel", 1.0, 1.0),))
                for target in job.targets
            ]
            for job in jobs
        ]

    monkeypatch.setattr(reglint.verify, "prove", prove)
    case = CASES["an import of one fix says another's regularizer"]
    monkeypatch.chdir(tmp_path)
    Path("reglint.toml").write_text(case.policy)
    Path("model.py").write_text(case.before["model.py"] + "c = layers.Conv2D(4, 3)\n")
    code, found = run("fix")
    assert (code, [fixed for *_, fixed in found]) == (1, [True, True, False])
    own = case.after["model.py"].splitlines()
    conv = "c = layers.Conv2D(4, 3, kernel_regularizer=regularizers.l2(1e-4))"
    assert asked == [[own[8], conv], [own[8]], [own[7]]]
    assert Path("model.py").read_text() == case.after["model.py"] + "c = layers.Conv2D(4, 3)\n"


EDITS = [Edit(2, 2, "++"), Edit(4, 7, ""), Edit(8, 9, "abc")]


def test_an_offset_goes_forward_and_back() -> None:
    before = "0123456789"
    after = apply_edits(before, EDITS)
    assert after == "01++237abc9"
    kept = [offset for offset in range(10) if offset not in (4, 5, 6, 8)]
    assert [after[moved(offset, EDITS)] for offset in kept] == [before[offset] for offset in kept]
    assert [unmoved(moved(offset, EDITS), EDITS) for offset in kept] == kept
    assert [unmoved(offset, EDITS) for offset in (2, 3, 7, 8, 9)] == [2, 2, 8, 8, 8]
