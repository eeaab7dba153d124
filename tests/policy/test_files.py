"""Which files a policy leaves out, where a folder is searched and where a file is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from reglint import cli

BAD = "from keras import layers\nlayers.Dense(4)\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.py", "old/b.py", "old/deep/c.py", "build/d.py", "src/old.py", "src/gen_e.py"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(BAD)


def checked(policy: str, *arguments: str) -> list[str]:
    Path("reglint.toml").write_text(f'extends = "default"\n{policy}')
    result = CliRunner().invoke(cli.main, ["check", "--output-format", "json", *arguments])
    return [finding["path"] for finding in json.loads(result.stdout)["findings"]]


@pytest.mark.parametrize(
    ("policy", "arguments", "paths"),
    [
        ("", [], ["a.py", "old/b.py", "old/deep/c.py", "src/gen_e.py", "src/old.py"]),
        ("extend-exclude = ['old']", [], ["a.py", "src/gen_e.py", "src/old.py"]),
        ("extend-exclude = ['old*']", [], ["a.py", "src/gen_e.py"]),
        ("extend-exclude = ['old/deep']", [], ["a.py", "old/b.py", "src/gen_e.py", "src/old.py"]),
        ("extend-exclude = ['gen_*.py', '/old/']", [], ["a.py", "src/old.py"]),
        # in place of the folders that are left out by default
        ("exclude = ['old', 'src']", [], ["a.py", "build/d.py"]),
        ("exclude = []", ["build"], ["build/d.py"]),
        ("exclude = ['a.py']\nextend-exclude = ['src', 'old']", [], ["build/d.py"]),
        # what is named is checked
        ("extend-exclude = ['old']", ["old/b.py", "build/d.py"], ["build/d.py", "old/b.py"]),
        ("extend-exclude = ['old']", ["old"], ["old/b.py", "old/deep/c.py"]),
        # unless that is forced
        ("extend-exclude = ['old']", ["--force-exclude", "old/b.py", "build/d.py", "a.py"], ["a.py"]),
        ("extend-exclude = ['old']\nforce-exclude = true", ["old/deep/c.py", "a.py"], ["a.py"]),
        ("extend-exclude = ['old']\nforce-exclude = true", ["old", "src"], ["src/gen_e.py", "src/old.py"]),
    ],
)
def test_excludes(policy: str, arguments: list[str], paths: list[str]) -> None:
    assert checked(policy, *arguments) == paths


def test_the_nearest_policy_decides() -> None:
    Path("src/reglint.toml").write_text("extends = 'default'\nextend-exclude = ['gen_*']")
    assert checked("") == ["a.py", "old/b.py", "old/deep/c.py", "src/old.py"]


def test_a_broken_policy_in_a_folder_that_is_left_out_is_not_read() -> None:
    Path("old/reglint.toml").write_text("keras = 4")
    assert checked("extend-exclude = ['old', 'src']") == ["a.py"]


@pytest.mark.parametrize(
    ("policy", "arguments", "paths"),
    [
        ("ignore = ['REG1']", [], []),
        ("select = ['REG2']", [], []),
        ("[per-file-ignores]\n'old/**' = ['REG101']\n'src' = ['REG']", [], ["a.py"]),
        ("", ["--ignore", "REG101"], []),
        ("ignore = ['REG101']", ["--select", "REG1,REG2", "a.py"], ["a.py"]),
        ("", ["--select", "REG1", "--ignore", "REG102", "--ignore", "REG101", "a.py"], []),
    ],
)
def test_rules_are_chosen(policy: str, arguments: list[str], paths: list[str]) -> None:
    assert checked(policy, *arguments) == paths


@pytest.mark.parametrize("option", ["--select", "--ignore"])
@pytest.mark.parametrize("command", ["check", "fix"])
def test_an_unknown_code_is_refused(command: str, option: str) -> None:
    result = CliRunner().invoke(cli.main, [command, option, "REG1,RGE101"])
    assert result.exit_code == 2
    assert (
        f'Invalid value for \'{option}\': no rule begins with "RGE101"; did you mean "REG101"?'
        in result.output
    )
