"""What a rule is, and what it finds."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from reglint.rules.codes import modules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reglint.files.text import Span
    from reglint.fix.fix import CommentFix
    from reglint.keras.catalog import Weight
    from reglint.keras.module import KerasModule
    from reglint.keras.sites import Site
    from reglint.keras.weights import WeightUse
    from reglint.places import Located
    from reglint.policy.policy import Policy
    from reglint.policy.requirement import Requirement


@dataclass(frozen=True, slots=True)
class Change:
    """What would mend a finding: the penalty that the requirement asks for, on one weight of one layer."""

    site: Site
    use: WeightUse
    requirement: Requirement


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and what would mend it."""

    rule: Rule
    message: str
    site: Site
    weight: Weight
    change: Change
    beside: tuple[Located, ...] = ()
    """Other places to look at."""


@dataclass(frozen=True, slots=True)
class CommentFinding:
    """One thing that is wrong with a comment to reglint, and what would mend it."""

    rule: Rule
    message: str
    span: Span
    fix: CommentFix | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A code, a name, and the check. The explanation is the docstring of the rule's module."""

    code: str
    name: str
    check: Callable[[KerasModule, Policy], Iterator[Finding]]
    explanation: str


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule in this folder, by code."""
    return tuple(importlib.import_module(module).RULE for module in modules().values())
