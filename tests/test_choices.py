"""What of a run its options choose: which rules, which fixes, what is shown and the exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from reglint.cli import main

if TYPE_CHECKING:
    from click.testing import Result

STRICT = """\
[weights]
kernel = "forbidden"
bias = "l2"
"""
BEFORE = """\
from keras import layers, regularizers

layers.Dense(4, kernel_regularizer="l1")
layers.Dense(
    5,
    kernel_regularizer=regularizers.l1(
        0.1,  # from the paper
    ),
    bias_regularizer="l2",
)
"""
SAFE = BEFORE.replace('kernel_regularizer="l1"', "bias_regularizer=regularizers.l2(1e-4)")
ALL = SAFE.replace(
    """    kernel_regularizer=regularizers.l1(
        0.1,  # from the paper
    ),
""",
    "",
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("reglint.toml").write_text(STRICT)
    Path("a.py").write_text(BEFORE)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, prog_name="reglint")


CHOICES = {
    # the options, the exit code, the file after
    "all that is safe": ([], 1, SAFE),
    "what is unsafe too": (["--unsafe-fixes"], 0, ALL),
    "no, not what is unsafe": (["--unsafe-fixes", "--no-unsafe-fixes"], 1, SAFE),
    "one rule": (
        ["--select", "REG102"],
        0,
        BEFORE.replace('"l1")', '"l1", bias_regularizer=regularizers.l2(1e-4))'),
    ),
    "not one rule": (
        ["--ignore", "REG2"],
        0,
        BEFORE.replace('"l1")', '"l1", bias_regularizer=regularizers.l2(1e-4))'),
    ),
    "a rule that finds nothing": (["--select", "REG101"], 0, BEFORE),
    "changes count": (["--unsafe-fixes", "--exit-non-zero-on-fix"], 1, ALL),
    "changes count where there are none": (["--select", "REG101", "--exit-non-zero-on-fix"], 0, BEFORE),
}


@pytest.mark.parametrize(("options", "code", "after"), CHOICES.values(), ids=CHOICES)
def test_what_is_fixed_and_the_exit_code(options: list[str], code: int, after: str) -> None:
    result = run("fix", "--no-verify", *options)
    assert (result.exit_code, result.stderr) == (code, "")
    assert Path("a.py").read_text() == after


def test_check_tells_of_unsafe_fixes() -> None:
    result = run("check")
    assert result.stdout.count("   = unsafe fix: remove kernel_regularizer\n") == 1
    assert result.stdout.count("   = fix: ") == 2
    assert (
        "Found 3 findings.\n"
        "2 can be fixed with `reglint fix`, which proves each fix first (1 unsafe fix available with "
        "`reglint fix --unsafe-fixes`).\n"
    ) in result.stdout


@pytest.mark.parametrize(
    ("option", "left_out"), [("--no-verify", "not written"), ("--diff", "not in the diff")]
)
def test_fix_tells_why_an_unsafe_fix_is_left(option: str, left_out: str) -> None:
    result = run("fix", "--no-verify", option)
    told = result.stderr if option == "--diff" else result.stdout
    assert (
        "   = unsafe fix: remove kernel_regularizer\n"
        f"   = {left_out}: it does more than the policy asks for or drops a comment; --unsafe-fixes makes it\n"
    ) in told
    assert ", 1 left).\n1 unsafe fix available with `reglint fix --unsafe-fixes`.\n" in told


def test_fix_tells_nothing_of_unsafe_fixes_that_it_made() -> None:
    assert "unsafe" not in run("fix", "--no-verify", "--unsafe-fixes").stdout


def test_json_has_the_applicability() -> None:
    report = json.loads(run("fix", "--no-verify", "--output-format", "json").stdout)
    assert [
        (finding["code"], finding["applicability"], finding["written"], finding["proof"] is None)
        for finding in report["findings"]
    ] == [("REG102", "safe", True, False), ("REG203", "safe", True, False), ("REG203", "unsafe", False, True)]
    summary = report["summary"]
    assert (summary["fixable"], summary["unsafe"], summary["written"]) == (2, 1, 2)


def test_fixes_are_enumerated_as_ruff_does() -> None:
    Path("b.py").write_text("from keras import layers\n\nlayers.Dense(4)\nlayers.Dense(5)\n")
    result = run("fix", "--no-verify", "--show-fixes")
    assert (
        "\n"
        "Fixed 4 findings:\n"
        "- a.py:\n"
        "    1 \N{MULTIPLICATION SIGN} REG102 (missing-bias-regularizer)\n"
        "    1 \N{MULTIPLICATION SIGN} REG203 (forbidden-regularizer)\n"
        "- b.py:\n"
        "    2 \N{MULTIPLICATION SIGN} REG102 (missing-bias-regularizer)\n"
        "\n"
        "Found 5 findings (4 fixed, 1 left).\n"
    ) in result.stdout


@pytest.mark.parametrize(
    "options", [(), ("--show-fixes", "--no-show-fixes"), ("--select", "REG101", "--show-fixes")]
)
def test_nothing_is_enumerated_where_that_was_not_asked_for_or_nothing_was_fixed(
    options: tuple[str, ...],
) -> None:
    assert "Fixed" not in run("fix", "--no-verify", *options).stdout


def test_a_diff_shows_its_fixes_itself() -> None:
    result = run("fix", "--diff", "--show-fixes")
    assert result.exit_code == 2
    assert "--diff shows the fixes; --show-fixes goes without it" in result.stderr


def test_what_is_suppressed_is_left_by_unsafe_fixes_too() -> None:
    source = BEFORE.replace('"l1")', '"l1")  # reglint: ignore').replace(
        "(\n    5", "(  # reglint: ignore\n    5"
    )
    Path("a.py").write_text(source)
    assert run("fix", "--no-verify", "--unsafe-fixes").exit_code == 0
    assert Path("a.py").read_text() == source
