from __future__ import annotations

import math

import pytest

from reglint.keras.penalty import Penalty
from reglint.policy.requirement import Number, Require, Requirement

NOTHING = Penalty()
OTHER = Penalty(other="OrthogonalRegularizer")
SMALL, STRONG = Number(1e-3, "1e-3"), Number(0.1, "0.1")


def ask(
    require: Require,
    l1: Number = SMALL,
    l2: Number = SMALL,
    exact: bool = False,
    low: Number | None = None,
    high: Number | None = None,
) -> Requirement:
    return Requirement(require, "here", l1, l2, exact, low, high)


L1, L2, BOTH = Penalty(l1=1e-3), Penalty(l2=1e-3), Penalty(l1=1e-3, l2=1e-3)
UNKNOWN_L2 = Penalty(l2=None)


@pytest.mark.parametrize("penalty", [NOTHING, L1, L2, BOTH, OTHER, UNKNOWN_L2], ids=str)
@pytest.mark.parametrize(
    ("require", "expected"),
    [
        ("l1", ["missing", None, "kind", "kind", "kind", "kind"]),
        ("l2", ["missing", "kind", None, "kind", "kind", None]),
        ("l1_l2", ["missing", "kind", "kind", None, "kind", "kind"]),
        ("any", ["missing", None, None, None, None, None]),
        ("none", [None, "forbidden", "forbidden", "forbidden", "forbidden", "forbidden"]),
        ("optional", [None, None, None, None, None, None]),
    ],
)
def test_kinds(require: Require, expected: list[str | None], penalty: Penalty) -> None:
    order = [NOTHING, L1, L2, BOTH, OTHER, UNKNOWN_L2]
    assert ask(require).violation(penalty) == expected[order.index(penalty)]


@pytest.mark.parametrize(
    ("requirement", "right", "wrong"),
    [
        # exact, to one part in a million
        (
            ask("l2", exact=True),
            [Penalty(l2=1e-3), Penalty(l2=0.1 * 0.01), Penalty(l2=1e-3 * (1 + 9e-7)), UNKNOWN_L2],
            [
                Penalty(l2=1e-3 * (1 + 2e-6)),
                Penalty(l2=1e-3 * (1 - 2e-6)),
                Penalty(l2=0.01),
                Penalty(l2=-1e-3),
            ],
        ),
        (
            ask("l1_l2", SMALL, STRONG, exact=True),
            [Penalty(1e-3, 0.1), Penalty(None, 0.1), Penalty(None, None)],
            [Penalty(0.1, 1e-3), Penalty(1e-3, 1e-3), Penalty(None, 0.2)],
        ),
        # bounds, ends included
        (
            ask("l2", low=SMALL, high=STRONG),
            [Penalty(l2=1e-3), Penalty(l2=0.1), Penalty(l2=0.02), Penalty(l2=0.1 * (1 + 1e-7)), UNKNOWN_L2],
            [Penalty(l2=9e-4), Penalty(l2=0.11), Penalty(l2=math.nan)],
        ),
        (ask("l1", low=SMALL), [Penalty(l1=1e-3), Penalty(l1=1e9)], [Penalty(l1=1e-4)]),
        (ask("l1", high=STRONG), [Penalty(l1=1e-9), Penalty(l1=0.1)], [Penalty(l1=1.0)]),
        # no strength is stated: any that is positive
        (ask("l2"), [Penalty(l2=1e-30), Penalty(l2=1e9)], [Penalty(l2=-0.01), Penalty(l2=math.nan)]),
        # each part of a penalty by itself; the bounds hold for whatever part there is
        (
            ask("l1_l2", high=STRONG),
            [Penalty(0.1, 0.1), Penalty(None, 0.1)],
            [Penalty(0.1, 0.2), Penalty(0.2, 0.1), Penalty(None, 0.2)],
        ),
        (
            ask("any", high=STRONG),
            [Penalty(l1=0.1), Penalty(l2=0.1), Penalty(0.1, 0.1), OTHER],
            [Penalty(l1=0.2), Penalty(l2=0.2), Penalty(0.1, 0.2)],
        ),
        (
            ask("optional", low=SMALL),
            [NOTHING, OTHER, Penalty(l1=0.1), UNKNOWN_L2],
            [Penalty(l1=1e-4), Penalty(l2=1e-4), Penalty(l2=-1.0)],
        ),
        (ask("optional"), [Penalty(l2=-1.0)], []),
    ],
)
def test_strengths(requirement: Requirement, right: list[Penalty], wrong: list[Penalty]) -> None:
    assert [requirement.violation(penalty) for penalty in right] == [None] * len(right)
    assert [requirement.violation(penalty) for penalty in wrong] == ["strength"] * len(wrong)


@pytest.mark.parametrize(
    ("require", "found", "fixed"),
    [
        ("l1", None, Penalty(l1=1e-3)),
        ("l2", None, Penalty(l2=0.1)),
        ("l2", Penalty(l1=1.0), Penalty(l2=0.1)),
        ("l1_l2", None, Penalty(1e-3, 0.1)),
        ("any", None, Penalty(l2=0.1)),
        ("any", NOTHING, Penalty(l2=0.1)),
        ("any", Penalty(l1=1.0), Penalty(l1=1e-3)),
        ("any", Penalty(1.0, 1.0), Penalty(1e-3, 0.1)),
        ("optional", Penalty(l1=1.0), Penalty(l1=1e-3)),
        ("optional", Penalty(l2=1.0), Penalty(l2=0.1)),
        ("optional", None, NOTHING),
        ("none", Penalty(l2=1.0), NOTHING),
    ],
)
def test_what_a_fix_writes(require: Require, found: Penalty | None, fixed: Penalty) -> None:
    requirement = ask(require, SMALL, STRONG)
    assert requirement.penalty(found) == fixed
    assert requirement.violation(fixed) is None


@pytest.mark.parametrize(
    ("requirement", "words"),
    [
        (ask("l2"), "l2"),
        (ask("l1_l2"), "l1_l2"),
        (ask("any"), "any penalty"),
        (ask("none"), "no penalty"),
        (ask("optional"), "no penalty or any"),
        (ask("l1", exact=True), "l1(1e-3)"),
        (ask("l2", exact=True), "l2(1e-3)"),
        (ask("l1_l2", SMALL, STRONG, exact=True), "l1_l2(l1=1e-3, l2=0.1)"),
        (ask("l2", low=SMALL), "l2 of at least 1e-3"),
        (ask("any", high=STRONG), "any penalty of at most 0.1"),
        (ask("optional", low=SMALL, high=STRONG), "no penalty or any of at least 1e-3 and at most 0.1"),
    ],
)
def test_in_words(requirement: Requirement, words: str) -> None:
    assert str(requirement) == words
