"""``reglint policy show``: what it prints means the same again, and says where each line is from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from reglint import cli
from reglint.policy import load, preset

if TYPE_CHECKING:
    from reglint.policy.policy import Policy


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def shown(*arguments: str) -> str:
    result = CliRunner().invoke(cli.main, ["policy", "show", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def meaning(policy: Policy) -> tuple[object, ...]:
    return policy.keras, policy.levels, policy.custom_layers, policy.rules, policy.files, policy.verify


FILE = """\
extends = ["base.toml", "no-bias-decay"]
keras = 2
select = ["REG1"]
extend-exclude = ["old"]
[weights]
kernel = { require = ["l1", "l2"], max = 1e-2 }
embeddings = { require = "any", fix = { l1 = 1e-5, l2 = 1e-4 } }
[layers."Conv*"]
bias = "optional"
[[overrides]]
files = ["legacy/**"]
weights = { kernel = "none", bias = "none" }
[[overrides]]
output = true
names = ["a", "b*"]
weights.kernel = "optional"
[per-file-ignores]
"tests/**" = ["REG"]
"""
BASE = """\
unit = "weight-decay"
exclude = ["gen"]
extend-exclude = ["x y", "é"]
[weights]
bias = { require = "l2", strength = 1e-4 }
kernel = { require = "l2", strength = 1e-4 }
gamma = { require = "l1", strength = 1e-3 }
[layers.Conv2D]
kernel = "l2"
[layers."Conv*"]
kernel = { require = "l2", min = 1e-5, unit = "keras" }
[custom_layers."a.b.C"]
kernel = "k"
[verify]
timeout = 7.5
builders = { "a:f" = { x = 1.5e3, y = ["a", true] } }
"""


@pytest.mark.parametrize("name", preset.names())
def test_a_preset_means_the_same_again(name: str) -> None:
    Path("reglint.toml").write_text(f'extends = "{name}"')
    policy = load(Path("reglint.toml"))
    Path("again.toml").write_text(shown())
    assert meaning(load(Path("again.toml"))) == meaning(policy)


def test_what_is_extended_means_the_same_again() -> None:
    Path("base.toml").write_text(BASE)
    Path("reglint.toml").write_text(FILE)
    policy = load(Path("reglint.toml"))
    Path("again.toml").write_text(shown())
    again = load(Path("again.toml"))
    # One array where there were two.
    patterns = [
        pattern for policy in (policy, again) for globs in policy.files.exclude for pattern in globs.patterns
    ]
    assert patterns == ["gen", "x y", "é", "old"] * 2
    assert [each for n, each in enumerate(meaning(again)) if n != 4] == [
        each for n, each in enumerate(meaning(policy)) if n != 4
    ]


EXPECTED = """\
# reglint.toml, for src/a.py
exclude = ["gen"]  # base.toml:2
keras = 2  # reglint.toml:2
select = ["REG1"]  # reglint.toml:3
extend-exclude = [
  "x y",  # base.toml:3
  "é",  # base.toml:3
  "old",  # reglint.toml:4
]

[weights]
kernel = { require = ["l1", "l2"], max = 1e-2 }  # reglint.toml:6
bias = "none"  # preset no-bias-decay:6
gamma = "none"  # preset no-bias-decay:7
beta = "none"  # preset no-bias-decay:8
embeddings = { require = "any", fix = { l1 = 1e-5, l2 = 1e-4 } }  # reglint.toml:7

[layers."Conv*"]
kernel = { require = "l2", min = 1e-5, unit = "keras" }  # base.toml:11
bias = "optional"  # reglint.toml:9

[layers.Conv2D]
kernel = "l2"  # base.toml:9

[[overrides]]
output = true  # reglint.toml:14
names = ["a", "b*"]  # reglint.toml:15
weights.kernel = "optional"  # reglint.toml:16

[per-file-ignores]
"tests/**" = ["REG"]  # reglint.toml:18

[custom_layers]
"a.b.C" = { kernel = "k" }  # base.toml:12

[verify]
timeout = 7.5  # base.toml:15
builders."a:f" = { x = 1.5e3, y = ["a", true] }  # base.toml:16
"""


def test_where_each_line_is_from() -> None:
    Path("base.toml").write_text(BASE)
    Path("reglint.toml").write_text(FILE)
    assert shown("src/a.py") == EXPECTED


def test_overrides_for_other_files_are_left_out() -> None:
    Path("base.toml").write_text(BASE)
    Path("reglint.toml").write_text(FILE)
    assert "legacy" not in shown("src/a.py")
    assert 'files = ["legacy/**"]  # reglint.toml:11' in shown("legacy/a.py")
    assert "legacy" in shown() + shown("src")


def test_the_unit_stays_with_its_numbers() -> None:
    Path("reglint.toml").write_text('extends = "vgg"')
    assert (
        'kernel = { require = "l2", strength = 5e-4, unit = "weight-decay" }  # preset vgg:8 (in Keras l2(2.5e-4))'
        in shown()
    )


def test_without_a_file() -> None:
    assert shown() == (
        '# built-in default\n\n[weights]\nkernel = "l2"  # preset default:4\nbias = "optional"  # preset default:5\n'
    )


def test_a_policy_that_is_wrong_is_said() -> None:
    Path("reglint.toml").write_text("keras = 4")
    result = CliRunner().invoke(cli.main, ["policy", "show"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == 'error: reglint.toml:1:1: keras: expected "auto", 2 or 3, got 4\n'
