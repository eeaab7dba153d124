"""docs/suppressions.md: what its examples hide, and the form of the baseline."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reglint.pipeline import check
from reglint.policy import DEFAULT
from reglint.rules.rule import all_rules
from reglint.suppress.baseline import read_baseline

TEXT = (Path(__file__).parents[2] / "docs" / "suppressions.md").read_text(encoding="utf-8")


def fences(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", fences("python"))
def test_everything_in_the_examples_is_hidden(tmp_path: Path, example: str) -> None:
    file = tmp_path / "model.py"
    file.write_text(example)
    summary = check([file], lambda _: DEFAULT).report.summary
    assert summary.findings == 0
    assert summary.suppressed >= summary.layers > 0


def test_the_baseline_can_be_read(tmp_path: Path) -> None:
    (example,) = fences("json")
    (tmp_path / "known.json").write_text(example)
    assert list(read_baseline(tmp_path / "known.json").entries.values()) == [2]


def test_names_of_rules() -> None:
    names = {rule.code: rule.name for rule in all_rules()}
    assert {code: names[code] for code, _ in re.findall(r"\*\*(REG00\d), ([a-z-]+)\*\*", TEXT)} == dict(
        re.findall(r"\*\*(REG00\d), ([a-z-]+)\*\*", TEXT)
    )
