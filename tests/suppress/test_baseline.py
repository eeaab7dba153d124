"""The baseline: what it holds, what it hides after changes, and what is wrong with files that are none."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reglint import cli
from reglint.files.documents import Document, DocumentError
from reglint.files.writing import Writer
from reglint.pipeline import check
from reglint.policy import DEFAULT
from reglint.suppress.baseline import Comparison, read_baseline, write_baseline

HEAD = "from keras import layers\n"
FILE = Path("known.json")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Any:
    return CliRunner().invoke(cli.main, arguments, prog_name="reglint")


def write(name: str, source: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(HEAD + source)


def accept(*paths: str) -> Any:
    return run("check", "--baseline", str(FILE), "--update-baseline", *paths)


def numbers(*arguments: str, baseline: Path = FILE) -> tuple[int, int, int]:
    """How many findings are new, in the baseline, and how many of its entries are not needed."""
    result = run("check", "--baseline", str(baseline), "--output-format", "json", *arguments)
    summary = json.loads(result.stdout)["summary"]
    assert result.exit_code == (1 if summary["findings"] else 0)
    return summary["findings"], summary["baselined"], summary["unneeded"]


SOURCE = """\
class Model:
    def build(self):
        return [layers.Dense(10, name='a'), layers.Dense(2), layers.Dense(2)]
"""
STORED = """\
{
 "version": 1,
 "findings": [
  {"path":"bad.py","code":"REG001"},
  {"path":"src/m.py","code":"REG003","source":"# reglint: ignore"},
  {"path":"src/m.py","code":"REG101","layer":"Dense","weight":"kernel","scope":"Model.build","source":"layers.Dense(10, name=\\"a\\")"},
  {"path":"src/m.py","code":"REG101","layer":"Dense","weight":"kernel","scope":"Model.build","source":"layers.Dense(2)","count":2}
 ]
}
"""  # noqa: E501


def test_what_is_stored() -> None:
    write("src/m.py", SOURCE + "x = 1  # reglint: ignore\n")
    Path("bad.py").write_text("import keras\n(\n")
    result = accept()
    assert (result.exit_code, result.stderr) == (0, "Wrote known.json: 5 findings.\n")
    assert result.stdout == (
        "All checks passed!\n"
        "Checked 3 layers in 2 files. Policy: built-in default.\n"
        "Not reported: 5 in the baseline.\n"
    )
    assert FILE.read_text() == STORED
    assert numbers() == (0, 5, 0)
    written = FILE.stat().st_mtime_ns
    assert accept().exit_code == 0
    assert (FILE.read_text(), FILE.stat().st_mtime_ns) == (STORED, written)


def test_nothing_found() -> None:
    write("m.py", "")
    accept()
    assert json.loads(FILE.read_text()) == {"version": 1, "findings": []}
    assert numbers() == (0, 0, 0)


CHANGES = {
    "moved down": ("# a\n\nimport os\n" + SOURCE, (0, 3, 0)),
    "laid out anew": (SOURCE.replace("10, name='a'", '\n10,\n # why\nname="a",\n'), (0, 3, 0)),
    "one more in the same place": (SOURCE.replace("[", "[layers.Dense(2), "), (1, 3, 0)),
    "one more in another place": (SOURCE + "layers.Dense(2)\n", (1, 3, 0)),
    "another layer": (SOURCE.replace("[", "[layers.LSTM(2), "), (2, 3, 0)),
    "one less": (SOURCE.replace(", layers.Dense(2)]", "]"), (0, 2, 1)),
    "another argument": (SOURCE.replace("10", "11"), (1, 2, 1)),
    "another function": (SOURCE.replace("build", "make"), (3, 0, 2)),
    "suppressed": (SOURCE.replace("]", "]  # reglint: ignore"), (0, 0, 2)),
    "gone": ("", (0, 0, 2)),
}


@pytest.mark.parametrize(("source", "expected"), CHANGES.values(), ids=CHANGES)
def test_what_survives(source: str, expected: tuple[int, int, int]) -> None:
    write("m.py", SOURCE)
    accept()
    write("m.py", source)
    assert numbers() == expected


def test_of_findings_that_are_alike_the_later_ones_are_new() -> None:
    write("m.py", "layers.Dense(1)\n")
    accept()
    write("m.py", "layers.Dense(1)\nlayers.Dense(1)\n")
    result = run("check", "--baseline", "known.json")
    assert result.stdout.startswith("m.py:3:1: REG101 ")
    assert "Found 1 finding.\n" in result.stdout


def test_only_files_that_were_checked_or_are_gone_count_as_done() -> None:
    for name in ("a.py", "b.py", "c.py"):
        write(name, "layers.Dense(1)\n")
    accept()
    Path("c.py").unlink()
    write("b.py", "")
    assert numbers("a.py") == (0, 1, 1)
    accept("a.py")
    assert [found["path"] for found in json.loads(FILE.read_text())["findings"]] == ["a.py", "b.py"]
    Path("b.py").write_text("import keras\n(\n")
    assert numbers() == (1, 1, 0)
    accept()
    found = [(found["path"], found["code"]) for found in json.loads(FILE.read_text())["findings"]]
    assert found == [("a.py", "REG101"), ("b.py", "REG001"), ("b.py", "REG101")]


def test_findings_of_rules_that_were_not_looked_for_stay() -> None:
    write("m.py", "layers.Dense(1)\nx = 1  # reglint: ignore\n")
    Path("bad.py").write_text("import keras\n(\n")
    accept()
    write("m.py", "")
    Path("reglint.toml").write_text("extends = 'default'\nignore = ['REG001']\n")
    write("bad.py", "(\n")
    assert numbers("--select", "REG003") == (0, 1, 1)
    accept("--select", "REG003")
    found = [(found["path"], found["code"]) for found in json.loads(FILE.read_text())["findings"]]
    assert found == [("bad.py", "REG001"), ("m.py", "REG101")]
    assert numbers("--ignore", "REG003") == (0, 0, 1)
    accept()
    found = [(found["path"], found["code"]) for found in json.loads(FILE.read_text())["findings"]]
    assert found == [("bad.py", "REG001")]


def test_a_renamed_file_is_new() -> None:
    write("a.py", "layers.Dense(1)\n")
    accept()
    Path("a.py").rename("b.py")
    assert numbers() == (1, 0, 1)


def test_paths_count_from_the_baseline(monkeypatch: pytest.MonkeyPatch) -> None:
    write("src/m.py", "layers.Dense(1)\n")
    accept(os.path.abspath("src"))
    assert json.loads(FILE.read_text())["findings"][0]["path"] == "src/m.py"
    monkeypatch.chdir("src")
    assert numbers(baseline=Path("../known.json")) == (0, 1, 0)
    Path("conf").mkdir()
    run("check", "--baseline", "conf/known.json", "--update-baseline")
    assert json.loads(Path("conf/known.json").read_text())["findings"][0]["path"] == "../m.py"


def test_what_is_not_needed_is_said() -> None:
    write("m.py", SOURCE)
    accept()
    write("m.py", "")
    said = "2 entries of the baseline are no longer needed; run `reglint check` with --update-baseline.\n"
    assert run("check", "--baseline", "known.json").stdout.endswith(said)
    write("m.py", SOURCE.replace("name='a'", ""))
    assert "1 entry of the baseline is no longer needed" in run("check", "--baseline", "known.json").stdout
    result = accept()
    assert "no longer" not in result.stdout


def test_a_layer_in_the_baseline_stays_as_it_is_where_it_shares_a_value_with_a_new_one() -> None:
    old = "KW = {'activation': 'relu'}\nlayers.Dense(1, **KW)\n"
    write("m.py", old)
    accept()
    write("m.py", f"{old}layers.Dense(2, **KW)\n")
    assert run("fix", "--no-verify", "--baseline", "known.json").exit_code == 0
    fixed = "layers.Dense(2, kernel_regularizer=regularizers.l2(1e-4), **KW)\n"
    assert Path("m.py").read_text() == f"from keras import layers, regularizers\n{old}{fixed}"


def test_what_is_in_the_baseline_is_not_fixed_and_gets_no_comment() -> None:
    write("m.py", "layers.Dense(1)\n")
    accept()
    write("m.py", "layers.Dense(1)\nlayers.Dense(2)\n")
    assert run("fix", "--no-verify", "--baseline", "known.json").exit_code == 0
    fixed = "layers.Dense(2, kernel_regularizer=regularizers.l2(1e-4))"
    assert Path("m.py").read_text() == f"from keras import layers, regularizers\nlayers.Dense(1)\n{fixed}\n"
    write("m.py", "layers.Dense(1)\nlayers.Dense(2)\n")
    assert run("check", "--add-ignore", "--baseline", "known.json").exit_code == 0
    assert Path("m.py").read_text() == f"{HEAD}layers.Dense(1)\nlayers.Dense(2)  # reglint: ignore[REG101]\n"


WAY_OUT = "restore it, or delete it and write it again with --update-baseline"
UNUSABLE = {
    "not JSON": (
        "<<<<<<< HEAD",
        f"is not a baseline of reglint: JSON is malformed: invalid character (byte 0); {WAY_OUT}",
    ),
    "empty": ("", f"is not a baseline of reglint: Input data was truncated; {WAY_OUT}"),
    "another thing": ("[]", f"is not a baseline of reglint: Expected `object`, got `array`; {WAY_OUT}"),
    "no version": ("{}", f"is not a baseline of reglint: Object missing required field `version`; {WAY_OUT}"),
    "an entry without its code": (
        '{"version": 1, "findings": [{"path": "a.py"}]}',
        f"is not a baseline of reglint: Object missing required field `code` - at `$.findings[0]`; {WAY_OUT}",
    ),
    "newer": (
        '{"version": 2, "entries": {}}',
        "was written by a newer reglint (version 2 of the format, this one knows 1); "
        "upgrade reglint, or delete the file and write it again with --update-baseline",
    ),
}  # fmt: skip


@pytest.mark.parametrize("update", [False, True])
@pytest.mark.parametrize(("content", "message"), UNUSABLE.values(), ids=UNUSABLE)
def test_unusable_files_are_left_alone(content: str, message: str, update: bool) -> None:
    FILE.write_text(content)
    result = run("check", "--baseline", "known.json", *["--update-baseline"] * update)
    assert (result.exit_code, result.stdout, FILE.read_text()) == (2, "", content)
    assert result.stderr == f"error: known.json: {message}\n"


ERRORS = {
    "missing": (
        ["check", "--baseline", "known.json"],
        "error: known.json: there is no such baseline; write it with --update-baseline\n",
    ),
    "missing in fix": (
        ["fix", "--no-verify", "--baseline", "known.json"],
        "error: known.json: there is no such baseline; write it with --update-baseline\n",
    ),
    "a folder": (
        ["check", "--baseline", ".", "--update-baseline"],
        "error: .: cannot be read: Is a directory\n",
    ),
    "in no folder": (
        ["check", "--baseline", "no/known.json", "--update-baseline"],
        "error: no/known.json: cannot be written: No such file or directory\n",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), ERRORS.values(), ids=ERRORS)
def test_errors(arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", message)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--update-baseline"], "--update-baseline needs --baseline FILE, the file to write"),
        (
            ["--update-baseline", "--baseline", "x", "--add-ignore"],
            "--update-baseline and --add-ignore: choose one",
        ),
    ],
)
def test_usage_errors(arguments: list[str], message: str) -> None:
    result = run("check", *arguments)
    assert result.exit_code == 2
    assert f"Error: {message}\n" in result.stderr


def test_where_writing_fails_nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Writer, document: Document, __: bytes) -> None:
        raise DocumentError(document.path, "cannot be written: No space left on device")

    monkeypatch.setattr(Writer, "write", refuse)
    result = accept()
    assert result.exit_code == 2
    assert result.stderr == "error: known.json: cannot be written: No space left on device\n"
    assert not FILE.exists()


CALLS = ["layers.Dense(1)", "layers.Dense(2, name='a')", "layers.LSTM(3)"]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(CALLS), max_size=6), st.lists(st.sampled_from(CALLS), max_size=6))
def test_new_are_those_that_there_are_more_of(before: list[str], after: list[str]) -> None:
    def compare(calls: list[str], accept: bool) -> tuple[Comparison, int]:
        Path("generated.py").write_text(HEAD + "".join(f"\n\n{call}\n" for call in calls))
        comparison = Comparison(read_baseline(FILE, create=True), accept=accept)
        report = check([Path("generated.py")], lambda _: DEFAULT, baseline=comparison).report
        return comparison, report.summary.findings

    FILE.unlink(missing_ok=True)
    write_baseline(compare(before, True)[0].updated())
    per_call = {call: 2 if "LSTM" in call else 1 for call in CALLS}
    new = sum(per_call[call] * max(0, after.count(call) - before.count(call)) for call in CALLS)
    assert compare(after, False)[1] == new
    write_baseline(compare(after, True)[0].updated())
    comparison, found = compare(after, False)
    assert (found, comparison.unneeded()) == (0, 0)
