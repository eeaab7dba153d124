"""Every rule: its own examples, and the metadata that docs and output are made from."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

import libcst as cst
import pytest

from reglint.pipeline import check
from reglint.policy import discover, load
from reglint.rules.findings import find
from reglint.rules.rule import Rule, all_rules

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Reader

RULES = {rule.code: rule for rule in all_rules()}
ABOUT_THE_FILE = {"REG001", "REG002", "REG003"}


def section(rule: Rule, title: str) -> str:
    """The indented block below ``title:`` in a rule's explanation."""
    found = re.search(rf"^{title}:\n\n((?:    .*\n|\n)+)", rule.explanation, re.MULTILINE)
    return textwrap.dedent(found.group(1)) if found else ""


def codes(source: str, rule: Rule, read: Reader, tmp_path: Path) -> list[str]:
    """The codes that a source gives under the policy of the rule's explanation, or the default one."""
    policy_file = tmp_path / "policy.toml"
    policy_file.write_text(section(rule, "Policy"))
    policy = load(policy_file) if section(rule, "Policy") else discover(tmp_path)
    module = read(source)
    return [finding.rule.code for finding in find(module, policy)]


@pytest.mark.parametrize("code", sorted(RULES.keys() - ABOUT_THE_FILE))
def test_the_bad_example_has_this_finding_and_the_good_one_none(
    code: str, read: Reader, tmp_path: Path
) -> None:
    rule = RULES[code]
    assert codes(section(rule, "Bad"), rule, read, tmp_path) == [code]
    assert codes(section(rule, "Good"), rule, read, tmp_path) == []


def test_syntax_error_examples(read: Reader) -> None:
    with pytest.raises(cst.ParserSyntaxError):
        read(section(RULES["REG001"], "Bad"))
    assert read(section(RULES["REG001"], "Good")).index.calls


@pytest.mark.parametrize("code", ["REG002", "REG003"])
def test_examples_of_comments(code: str, tmp_path: Path) -> None:
    file = tmp_path / "model.py"

    def found(title: str) -> set[str]:
        file.write_text(section(RULES[code], title))
        return {result.code for result in check([file], lambda _: discover(tmp_path)).report.findings}

    assert code in found("Bad")
    assert found("Good") == set()


def test_metadata() -> None:
    weights = ["REG101", "REG102", "REG103", "REG201", "REG202", "REG203", "REG204"]
    assert sorted(RULES) == [*sorted(ABOUT_THE_FILE), *weights]
    for rule in RULES.values():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
        assert rule.explanation.splitlines()[0].endswith(".")
        assert rule.check.__module__.startswith(
            f"reglint.rules.{rule.code.lower()}_{rule.name.replace('-', '_')}"
        )


L2 = '[weights]\nkernel = { require = "l2", strength = 1e-4, max = 1e-2 }\n'
MESSAGES = {
    "layers.Dense(4)": (
        "REG101",
        "`Dense` has no `kernel_regularizer`; the policy asks for l2 of at most 1e-2",
    ),
    "layers.Dense(4, kernel_regularizer=None)": (
        "REG101",
        "`Dense` sets `kernel_regularizer` to None; the policy asks for l2 of at most 1e-2",
    ),
    "layers.Dense(4, kernel_regularizer=regularizers.l2(0))": (
        "REG101",
        "`Dense` has `kernel_regularizer` of strength 0; the policy asks for l2 of at most 1e-2",
    ),
    "layers.DepthwiseConv2D(3)": (
        "REG103",
        "`DepthwiseConv2D` has no `depthwise_regularizer`; the policy asks for l2 of at most 1e-2",
    ),
    "layers.Dense(4, kernel_regularizer='l1')": (
        "REG201",
        "`kernel_regularizer` of `Dense` is l1(0.01); the policy asks for l2 of at most 1e-2",
    ),
    "layers.Dense(4, kernel_regularizer=regularizers.l2(0.5))": (
        "REG202",
        "`kernel_regularizer` of `Dense` is l2(0.5); the policy asks for l2 of at most 1e-2",
    ),
}


@pytest.mark.parametrize("call", MESSAGES)
def test_messages(call: str, read: Reader, tmp_path: Path) -> None:
    policy_file = tmp_path / "policy.toml"
    policy_file.write_text(L2)
    module = read(f"from keras import layers, regularizers\n{call}\n")
    found = [finding for rule in all_rules() for finding in rule.check(module, load(policy_file))]
    assert [(finding.rule.code, finding.message) for finding in found] == [MESSAGES[call]]


UNKNOWN = [
    "flag",
    "options['reg']",
    "regularizers.l2(1e-4) if flag else None",
    "0.1",
    "regularizers.get(name)",
]


@pytest.mark.parametrize("argument", UNKNOWN)
def test_no_rule_speaks_about_what_is_not_known(argument: str, read: Reader, tmp_path: Path) -> None:
    source = f"from keras import layers, regularizers\nlayers.Dense(4, kernel_regularizer={argument})\n"
    assert codes(source, RULES["REG101"], read, tmp_path) == []
