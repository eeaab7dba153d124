"""``extends``: what is taken from where, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reglint.policy import PolicyError, load

if TYPE_CHECKING:
    from reglint.policy import Policy
    from tests.policy.conftest import Ask


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(**files: str) -> None:
    """TOML files by their paths, without ``.toml``."""
    for name, text in files.items():
        path = Path(f"{name}.toml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def read(**files: str) -> Policy:
    write(**files)
    return load(Path("reglint.toml"))


def failure(**files: str) -> list[str]:
    with pytest.raises(PolicyError) as raised:
        read(**files)
    return str(raised.value).splitlines()


BASE = """
keras = 2
select = ["REG1"]
extend-exclude = ["old"]
[weights]
kernel = "l1"
bias = "l1"
depthwise = "none"
[layers.Dense]
kernel = "l1_l2"
bias = "any"
[[overrides]]
output = true
weights.kernel = "none"
[per-file-ignores]
"tests" = ["REG1"]
"a.py" = ["REG1"]
[verify]
timeout = 5
python = "bin/python"
builders = { "a:f" = { x = 1 } }
"""
OWN = """
extends = "conf/base.toml"
ignore = ["REG102"]
extend-exclude = ["new"]
[weights]
kernel = "l2"
[layers.Dense]
bias = "l2"
[[overrides]]
output = true
weights.bias = "none"
[per-file-ignores]
"a.py" = ["REG2"]
[verify]
memory_mib = 100
builders = { "b:f" = {} }
"""


def test_tables_are_merged_key_by_key(ask: Ask) -> None:
    policy = read(**{"conf/base": BASE, "reglint": OWN})
    asked = {
        (layer, role): str(ask(policy, layer, role))
        for layer in ("Conv2D", "Dense", "DepthwiseConv2D")
        for role in ("kernel", "bias", "depthwise")
    }
    assert asked["Conv2D", "kernel"] == "l2"
    assert asked["Conv2D", "bias"] == "l1"
    # One table: its own key for depthwise goes before kernel, whichever file they are in.
    assert asked["DepthwiseConv2D", "depthwise"] == "no penalty"
    assert (asked["Dense", "kernel"], asked["Dense", "bias"]) == ("l1_l2", "l2")
    outputs = [str(ask(policy, "Dense", role, is_output=True)) for role in ("kernel", "bias")]
    assert outputs == ["no penalty", "no penalty"]
    assert policy.keras == 2
    assert (policy.rules.select, policy.rules.ignore) == (("REG1",), ("REG102",))
    assert [codes for _, codes in policy.rules.per_file_ignores] == [("REG1",), ("REG2",)]
    assert [globs.patterns for globs in policy.files.exclude] == [("old",), ("new",)]
    verify = policy.verify
    assert (verify.timeout, verify.memory_mib, list(verify.builders)) == (5, 100, ["a:f", "b:f"])


def test_patterns_and_paths_are_relative_to_their_own_file(folder: Path) -> None:
    policy = read(**{"conf/base": BASE, "reglint": OWN})
    assert [Path(globs.root) for globs in policy.files.exclude] == [folder / "conf", folder]
    assert policy.verify.python == folder / "conf/bin/python"


@pytest.mark.parametrize(
    ("files", "kernel"),
    [
        ({"reglint": 'extends = "default"'}, "l2"),
        ({"reglint": 'extends = ["a.toml", "b.toml"]', "a": "weights.kernel = 'l1'", "b": ""}, "l1"),
        (
            {
                "reglint": 'extends = ["a.toml", "b.toml"]',
                "a": "weights.kernel = 'l1'",
                "b": "weights.kernel = 'l2'",
            },
            "l2",
        ),
        # relative to the file that says it, and through several files
        (
            {
                "reglint": 'extends = "x/a.toml"',
                "x/a": 'extends = "../y/b.toml"',
                "y/b": "weights.kernel = 'l1'",
            },
            "l1",
        ),
        # a file that two others extend counts once, where it stands first
        (
            {
                "reglint": 'extends = ["a.toml", "b.toml"]',
                "a": "extends = 'c.toml'\nweights.kernel = 'l1'",
                "b": "extends = 'c.toml'",
                "c": "weights.kernel = 'l2'",
            },
            "l1",
        ),
        # the unit is about the numbers of its own file
        (
            {
                "reglint": 'unit = "weight-decay"\nextends = "a.toml"',
                "a": "weights.kernel = { require = 'l2', strength = 1e-4 }",
            },
            "l2(1e-4)",
        ),
        (
            {"reglint": 'extends = "pyproject.toml"', "pyproject": "[tool.reglint]\nweights.kernel = 'l1'"},
            "l1",
        ),
    ],
)
def test_what_is_extended(files: dict[str, str], kernel: str, ask: Ask) -> None:
    assert str(ask(read(**files), "Dense", "kernel")) == kernel


@pytest.mark.parametrize(
    ("files", "errors"),
    [
        (
            {"reglint": 'extends = "defualt"'},
            [
                'reglint.toml:1:1: extends: no preset "defualt"; did you mean "default"? '
                "(the path of a file ends with .toml)"
            ],
        ),
        (
            {"reglint": 'extends = ["default", "base.toml"]'},
            ["reglint.toml:1:1: extends: base.toml: cannot be read: No such file or directory"],
        ),
        (
            {"reglint": 'extends = "pyproject.toml"', "pyproject": "[tool.ruff]"},
            ["reglint.toml:1:1: extends: pyproject.toml has no [tool.reglint] table"],
        ),
        (
            {"reglint": 'extends = "reglint.toml"'},
            ["reglint.toml:1:1: extends: policies that extend each other: reglint.toml extends reglint.toml"],
        ),
        (
            {"reglint": 'extends = "a.toml"', "a": 'extends = "x/b.toml"', "x/b": 'extends = "../a.toml"'},
            [
                "x/b.toml:1:1: extends: policies that extend each other: "
                "a.toml extends x/b.toml extends x/../a.toml"
            ],
        ),
        # those of every file, each with its own name
        (
            {"reglint": 'extends = "a.toml"\nkeras = 4', "a": "[weights]\nkernal = 'l2'"},
            [
                'a.toml:2:1: unknown key "kernal" in [weights]; did you mean "kernel"?',
                'reglint.toml:2:1: keras: expected "auto", 2 or 3, got 4',
            ],
        ),
        ({"reglint": 'extends = "a.toml"', "a": "keras = ?"}, ["a.toml:1:9: not TOML: Invalid value"]),
    ],
)
def test_what_cannot_be_extended(files: dict[str, str], errors: list[str]) -> None:
    assert failure(**files) == errors


def test_a_word_that_is_like_no_preset_lists_them() -> None:
    (error,) = failure(reglint='extends = "zzz"')
    assert 'no preset "zzz"; the presets are ' in error
    assert "default" in error
