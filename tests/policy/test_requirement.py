from __future__ import annotations

import math

import pytest

from reglint.keras.penalty import Kind, Penalty
from reglint.policy.numbers import Number
from reglint.policy.requirement import ANY, OPTIONAL, Bounds, Part, Requirement

NOTHING = Penalty()
OTHER = Penalty(other="OrthogonalRegularizer")
SMALL, STRONG = Number(1e-3, "1e-3"), Number(0.1, "0.1")


def require(
    *kinds: Kind,
    l1: Number = SMALL,
    l2: Number = SMALL,
    exact: bool = False,
    low: Number | None = None,
    high: Number | None = None,
    fix: Kind | None = None,
) -> Requirement:
    ends = [Bounds(number, number) if exact else Bounds(low, high) for number in (l1, l2)]
    return Requirement(kinds, "here", fix or kinds[0], Part(l1, ends[0]), Part(l2, ends[1]))


L1, L2, BOTH = Penalty(l1=1e-3), Penalty(l2=1e-3), Penalty(l1=1e-3, l2=1e-3)
UNKNOWN_L2 = Penalty(l2=None)
FOUND = [NOTHING, L1, L2, BOTH, OTHER, UNKNOWN_L2]


@pytest.mark.parametrize("penalty", FOUND, ids=str)
@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (("l1",), ["missing", None, "kind", "kind", "kind", "kind"]),
        (("l2",), ["missing", "kind", None, "kind", "kind", None]),
        (("l1_l2",), ["missing", "kind", "kind", None, "kind", "kind"]),
        (("l1", "l2"), ["missing", None, None, "kind", "kind", None]),
        (("l2", "none"), [None, "kind", None, "kind", "kind", None]),
        (ANY, ["missing", None, None, None, None, None]),
        (("none",), [None, "forbidden", "forbidden", "forbidden", "forbidden", "forbidden"]),
        (OPTIONAL, [None, None, None, None, None, None]),
    ],
)
def test_kinds(kinds: tuple[Kind, ...], expected: list[str | None], penalty: Penalty) -> None:
    assert require(*kinds).violation(penalty) == expected[FOUND.index(penalty)]


@pytest.mark.parametrize(
    ("requirement", "right", "wrong"),
    [
        # exact, to one part in a million
        (
            require("l2", exact=True),
            [Penalty(l2=1e-3), Penalty(l2=0.1 * 0.01), Penalty(l2=1e-3 * (1 + 9e-7)), UNKNOWN_L2],
            [
                Penalty(l2=1e-3 * (1 + 2e-6)),
                Penalty(l2=1e-3 * (1 - 2e-6)),
                Penalty(l2=0.01),
                Penalty(l2=-1e-3),
            ],
        ),
        (
            require("l1_l2", l2=STRONG, exact=True),
            [Penalty(1e-3, 0.1), Penalty(None, 0.1), Penalty(None, None)],
            [Penalty(0.1, 1e-3), Penalty(1e-3, 1e-3), Penalty(None, 0.2)],
        ),
        (
            require("l1", "l2", l2=STRONG, exact=True),
            [Penalty(l1=1e-3), Penalty(l2=0.1)],
            [Penalty(l1=0.1), Penalty(l2=1e-3)],
        ),
        # bounds, ends included
        (
            require("l2", low=SMALL, high=STRONG),
            [Penalty(l2=1e-3), Penalty(l2=0.1), Penalty(l2=0.02), Penalty(l2=0.1 * (1 + 1e-7)), UNKNOWN_L2],
            [Penalty(l2=9e-4), Penalty(l2=0.11), Penalty(l2=math.nan)],
        ),
        (require("l1", low=SMALL), [Penalty(l1=1e-3), Penalty(l1=1e9)], [Penalty(l1=1e-4)]),
        (require("l1", high=STRONG), [Penalty(l1=1e-9), Penalty(l1=0.1)], [Penalty(l1=1.0)]),
        # no strength is stated: any that is positive
        (require("l2"), [Penalty(l2=1e-30), Penalty(l2=1e9)], [Penalty(l2=-0.01), Penalty(l2=math.nan)]),
        # each part of a penalty by itself; the bounds hold for whatever part there is
        (
            require("l1_l2", high=STRONG),
            [Penalty(0.1, 0.1), Penalty(None, 0.1)],
            [Penalty(0.1, 0.2), Penalty(0.2, 0.1), Penalty(None, 0.2)],
        ),
        (
            require(*ANY, high=STRONG),
            [Penalty(l1=0.1), Penalty(l2=0.1), Penalty(0.1, 0.1), OTHER],
            [Penalty(l1=0.2), Penalty(l2=0.2), Penalty(0.1, 0.2)],
        ),
        (
            require(*OPTIONAL, low=SMALL),
            [NOTHING, OTHER, Penalty(l1=0.1), UNKNOWN_L2],
            [Penalty(l1=1e-4), Penalty(l2=1e-4), Penalty(l2=-1.0)],
        ),
        (require(*OPTIONAL), [Penalty(l2=-1.0)], []),
    ],
)
def test_strengths(requirement: Requirement, right: list[Penalty], wrong: list[Penalty]) -> None:
    assert [requirement.violation(penalty) for penalty in right] == [None] * len(right)
    assert [requirement.violation(penalty) for penalty in wrong] == ["strength"] * len(wrong)


@pytest.mark.parametrize(
    ("requirement", "found", "fixed"),
    [
        (require("l1"), None, Penalty(l1=1e-3)),
        (require("l2", l2=STRONG), None, Penalty(l2=0.1)),
        (require("l2", l2=STRONG), Penalty(l1=1.0), Penalty(l2=0.1)),
        (require("l1_l2", l2=STRONG), None, Penalty(1e-3, 0.1)),
        # a kind that is allowed stays, another one becomes what a fix writes
        (require("l1", "l2", l2=STRONG), Penalty(l2=1.0), Penalty(l2=0.1)),
        (require("l1", "l2", l2=STRONG), Penalty(1.0, 1.0), Penalty(l1=1e-3)),
        (require("l2", "none", l2=STRONG), None, NOTHING),
        (require("none", "l2"), Penalty(l1=1.0), NOTHING),
        (require(*ANY, l2=STRONG, fix="l2"), None, Penalty(l2=0.1)),
        (require(*ANY, l2=STRONG, fix="l1_l2"), NOTHING, Penalty(1e-3, 0.1)),
        (require(*ANY, fix="l2"), Penalty(l1=1.0), Penalty(l1=1e-3)),
        (require(*ANY, l2=STRONG, fix="l2"), Penalty(1.0, 1.0), Penalty(1e-3, 0.1)),
        (require(*OPTIONAL), Penalty(l1=1.0), Penalty(l1=1e-3)),
        (require(*OPTIONAL, l2=STRONG), Penalty(l2=1.0), Penalty(l2=0.1)),
        (require(*OPTIONAL), None, NOTHING),
        (require("none"), Penalty(l2=1.0), NOTHING),
    ],
)
def test_what_a_fix_writes(requirement: Requirement, found: Penalty | None, fixed: Penalty) -> None:
    assert requirement.penalty(found) == fixed
    assert requirement.violation(fixed) is None


DIFFERENT = Requirement(
    ("l1", "l2"), "here", "l1", Part(SMALL, Bounds(SMALL, STRONG)), Part(SMALL, Bounds(None, SMALL))
)


@pytest.mark.parametrize(
    ("requirement", "words"),
    [
        (require("l2"), "l2"),
        (require("l1_l2"), "l1_l2"),
        (require("l1", "l2"), "l1 or l2"),
        (require("l2", "none"), "no penalty or l2"),
        (require(*ANY), "any penalty"),
        (require("none"), "no penalty"),
        (require(*OPTIONAL), "no penalty or any"),
        (require("l1", exact=True), "l1(1e-3)"),
        (require("l2", exact=True), "l2(1e-3)"),
        (require("l1_l2", l2=STRONG, exact=True), "l1_l2(l1=1e-3, l2=0.1)"),
        (require("l1", "l2", l2=STRONG, exact=True), "l1(1e-3) or l2(0.1)"),
        (require("l2", low=SMALL), "l2 of at least 1e-3"),
        (require("l1", "l2", low=SMALL), "l1 or l2 of at least 1e-3"),
        (DIFFERENT, "l1 of at least 1e-3 and at most 0.1 or l2 of at most 1e-3"),
        (require(*ANY, high=STRONG), "any penalty of at most 0.1"),
        (require(*OPTIONAL, low=SMALL, high=STRONG), "no penalty or any of at least 1e-3 and at most 0.1"),
    ],
)
def test_in_words(requirement: Requirement, words: str) -> None:
    assert str(requirement) == words
