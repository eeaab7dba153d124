from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from reglint import cli
from reglint.rules.explain import page
from reglint.rules.rule import all_rules

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ["rule", *arguments])


def test_the_page_is_that_of_the_rules() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(all_rules()), "run `make generated`"


@pytest.mark.parametrize("code", ["REG203", "reg203"])
def test_one_rule_is_explained(code: str) -> None:
    result = run(code)
    assert result.exit_code == 0
    assert result.stdout.startswith(
        "## REG203 forbidden-regularizer\n\nA weight has a penalty and the policy allows"
    )
    assert (
        '\nPolicy:\n\n```toml\n[weights]\ngamma = "forbidden"\n```\n\nBad:\n\n```python\nfrom keras'
        in result.stdout
    )
    assert result.stdout.endswith("\nlayers.BatchNormalization()\n```\n")


def test_all_rules_are_explained() -> None:
    text = run("--all").stdout
    assert text == page(all_rules())
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        f"## {rule.code} {rule.name}" for rule in all_rules()
    ]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["REG109"], 'no rule "REG109"; did you mean REG10'),
        (["xyz"], 'no rule "xyz"; the rules are REG001, '),
        ([], "give the code of a rule, such as REG101, or --all"),
        (["REG101", "--all"], "give the code of a rule, such as REG101, or --all"),
    ],
)
def test_what_is_no_rule_is_refused(arguments: list[str], error: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert error in result.output
