"""``reglint init``: what is written, what is left alone, and what it says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from reglint import cli
from reglint.policy import starter

if TYPE_CHECKING:
    from click.testing import Result

LAYERS = "from keras import layers\n\n" + "layers.Dense(4, kernel_regularizer='l2')\n" * 2
WAYS = "use --force to write it all the same, or -o - to see what it would be\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in another one, which the command is run in."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ["init", *arguments], prog_name="reglint")


def test_it_writes_a_policy() -> None:
    result = run()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "Wrote reglint.toml.\nChange it to what you want, then run `reglint check`.\n"
    assert Path("reglint.toml").read_text(encoding="utf-8") == starter.text()


def test_it_infers_one() -> None:
    Path("my code.py").write_text(LAYERS)
    result = run("--infer", "my code.py")
    assert result.stdout == (
        "Wrote reglint.toml.\n"
        "Read it and change what you mean otherwise; as it is, `reglint check 'my code.py'` has no findings.\n"
    )
    assert 'kernel = { require = "l2", strength = 0.01 }' in Path("reglint.toml").read_text()


@pytest.mark.parametrize("arguments", [[], ["--infer"]])
def test_it_never_writes_over_a_policy(arguments: list[str]) -> None:
    Path("reglint.toml").write_text("mine")
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"error: reglint.toml: exists already; {WAYS}"
    assert Path("reglint.toml").read_text() == "mine"


def test_a_policy_in_pyproject() -> None:
    Path("pyproject.toml").write_text("[tool.reglint.weights]\nkernel = 'l1'\n")
    result = run()
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "error: pyproject.toml: has a policy, in [tool.reglint], and a reglint.toml beside it takes its place; "
        + WAYS
    )
    assert run("-o", "other.toml").exit_code == 0
    assert not Path("reglint.toml").exists()


def test_a_pyproject_without_a_policy_is_passed_over() -> None:
    Path("pyproject.toml").write_text("[tool.ruff]\n")
    assert run().exit_code == 0


def test_force() -> None:
    Path("reglint.toml").write_text("mine")
    assert run("--force").exit_code == 0
    assert Path("reglint.toml").read_text(encoding="utf-8") == starter.text()


def test_standard_output() -> None:
    Path("reglint.toml").write_text("mine")
    result = run("-o", "-")
    assert (result.exit_code, result.stdout, result.stderr) == (0, starter.text(), "")
    assert Path("reglint.toml").read_text() == "mine"


def test_what_it_takes_the_place_of() -> None:
    Path("../reglint.toml").write_text("")
    above = Path("..").resolve() / "reglint.toml"
    assert run().stdout.splitlines()[2:] == [
        f"It takes the place of {above} here.",
        'To add to that one instead, begin it with: extends = "../reglint.toml"',
    ]


def test_a_broken_policy_above() -> None:
    Path("../reglint.toml").write_text("kernel = ")
    assert run().stdout.splitlines()[2].startswith("It takes the place of ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["src"], "Error: PATHS go with --infer\n"),
        (["--infer", "scr"], "Error: Invalid value for '[PATHS]...': Path 'scr' does not exist.\n"),
        (["-o", "no/p.toml"], "error: no/p.toml: cannot be written: No such file or directory\n"),
    ],
)
def test_what_cannot_be_done(arguments: list[str], message: str) -> None:
    Path("src").mkdir()
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith(message)
    assert not Path("reglint.toml").exists()


def test_a_file_that_cannot_be_read_is_an_error_and_the_rest_goes_on() -> None:
    Path("a.py").write_text(LAYERS)
    Path("b.py").write_bytes(b"# keras layers Dense \xff\n")
    result = run("--infer")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: b.py: line 1 is not UTF-8")
    assert 'require = "l2"' in Path("reglint.toml").read_text()
