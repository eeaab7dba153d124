"""What is asked of weights for what most of them have."""

from __future__ import annotations

from fractions import Fraction

import pytest

from reglint.infer.ask import MAJORITY, Ask, conceivable, most, permitted
from reglint.keras.penalty import Penalty

NONE = Penalty()
WEAK, STRONG, UNREAD = Penalty(l2=1e-4), Penalty(l2=0.01), Penalty(l2=None)
L1, BOTH, MINE, REWARD = Penalty(l1=1e-3), Penalty(1e-5, 1e-4), Penalty(other="Mine"), Penalty(l2=-1.0)


def toml(ask: Ask | None) -> str | None:
    return ask and ask.toml


@pytest.mark.parametrize(
    ("found", "asked"),
    [
        ([], None),
        ([WEAK], None),
        ([NONE], None),
        ([NONE] * 2, '"none"'),
        ([WEAK] * 2, '{ require = "l2", strength = 1e-4 }'),
        ([STRONG] * 4 + [NONE], '{ require = "l2", strength = 0.01 }'),
        ([WEAK] * 3 + [NONE], '{ require = "l2", strength = 1e-4 }'),
        ([WEAK] * 3 + [NONE] * 2, '{ require = "l2", strength = 1e-4 }'),
        ([WEAK] * 3 + [NONE] * 3, '{ require = ["none", "l2"], strength = 1e-4 }'),
        ([WEAK] * 2 + [STRONG] * 2 + [NONE] * 5, '["none", "l2"]'),
        ([WEAK] + [NONE] * 9, '"optional"'),
        ([WEAK, L1] + [NONE] * 9, '"optional"'),
        ([WEAK] * 8 + [STRONG], '{ require = "l2", strength = 1e-4 }'),
        ([WEAK] * 4 + [STRONG] * 4, '"l2"'),
        # Of those that can be read, most have it; of all, fewer.
        ([WEAK] * 4 + [UNREAD] * 9, '{ require = "l2", strength = 1e-4 }'),
        ([WEAK] * 4 + [UNREAD] * 9 + [STRONG], '{ require = "l2", strength = 1e-4 }'),
        ([WEAK] + [UNREAD] * 9, '"l2"'),
        # Most have L2, and most of these one strength, which fewer than half of all have.
        ([WEAK] * 4 + [STRONG] * 3 + [NONE] * 4, '{ require = "l2", strength = 1e-4 }'),
        ([WEAK] * 3 + [STRONG] * 3 + [NONE] * 4, '"l2"'),
        ([L1] * 5, '{ require = "l1", strength = 0.001 }'),
        ([BOTH] * 5, '{ require = "l1_l2", strength = [1e-5, 1e-4] }'),
        ([WEAK] * 4 + [L1] * 4, '"any"'),
        ([MINE] * 4, '"any"'),
        ([MINE] * 4 + [NONE] * 4, '"optional"'),
        # A negative strength satisfies no policy.
        ([REWARD] * 9, None),
    ],
)
def test_what_most_have(found: list[Penalty], asked: str | None) -> None:
    assert toml(most(found)) == asked
    assert toml(most(found[::-1])) == asked


@pytest.mark.parametrize(
    ("found", "asked"),
    [
        ([], '"optional"'),
        ([NONE] * 3, '"optional"'),
        ([WEAK], '"optional"'),
        ([WEAK] * 2 + [NONE], '{ require = ["none", "l2"], strength = 1e-4 }'),
        ([WEAK] * 3 + [L1] * 3, '"optional"'),
        ([REWARD] * 3, '"optional"'),
    ],
)
def test_what_is_permitted(found: list[Penalty], asked: str) -> None:
    assert permitted(found).toml == asked


def test_what_could_be_asked_begins_with_what_more_have() -> None:
    found = [L1, L1, WEAK, WEAK, WEAK, MINE, MINE, STRONG, UNREAD, UNREAD, NONE, NONE]
    assert [*map(toml, conceivable(found))] == [
        '{ require = "l2", strength = 1e-4 }',
        '"l2"',
        '{ require = "l1", strength = 0.001 }',
        '"l1"',
        '"l2"',
    ]


@pytest.mark.parametrize(
    ("ask", "costs"),
    [
        # without, l2(1e-4), l2(?), l1(0.001), a regularizer of the project's own
        (Ask(("none",)), [0, 2, 2, 2, 2]),
        (Ask(("none", "l1", "l2", "l1_l2", "other")), [0, 2, 2, 2, 2]),
        (Ask(("none", "l2")), [0, 1, 1, 2, 2]),
        (Ask(("l2",)), [2, 1, 0, 2, 2]),
        (Ask(("l1", "l2", "l1_l2", "other")), [2, 1, 1, 1, 0]),
    ],
)
def test_what_is_not_said_costs(ask: Ask, costs: list[int]) -> None:
    assert [ask.cost(penalty) for penalty in (NONE, WEAK, UNREAD, L1, MINE)] == costs


def test_the_majority_is_as_the_docs_say() -> None:
    assert Fraction(1, 2) == MAJORITY
