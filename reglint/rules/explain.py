"""What a rule is about, in Markdown, from the docstring of its module."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reglint.rules.rule import Rule

_LANGUAGES = {"Policy": "toml", "Bad": "python", "Good": "python"}


def explain(rule: Rule) -> str:
    """The code and name of a rule, and its explanation with the examples as fenced blocks."""
    text = re.sub(
        rf"^({'|'.join(_LANGUAGES)}):\n\n((?:    .*\n|\n)+)", _fenced, rule.explanation, flags=re.MULTILINE
    )
    return f"## {rule.code} {rule.name}\n\n{text.strip()}\n"


def page(rules: Iterable[Rule]) -> str:
    """docs/rules.md: every rule."""
    intro = (
        "# Rules\n\n"
        "What reglint reports. `reglint rule CODE` prints the same; [policy.md](policy.md) says how rules are chosen.\n"
    )
    return "\n".join([intro, *map(explain, rules)])


def _fenced(section: re.Match[str]) -> str:
    title, block = section.groups()
    return f"{title}:\n\n```{_LANGUAGES[title]}\n{textwrap.dedent(block).strip()}\n```\n\n"
