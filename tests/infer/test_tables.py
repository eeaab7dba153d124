"""The tables of a proposed policy: they load, and mean what the rules of each role do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reglint.infer.observed import Observed
from reglint.infer.scope import Weight, weight
from reglint.infer.tables import rules_of, tables
from reglint.infer.text import lines_of
from reglint.keras.catalog import ROLES, load
from reglint.keras.penalty import Penalty
from reglint.policy.decode import decode
from reglint.policy.source import Source
from reglint.policy.toml import parse

NONE = Penalty()
FOUND = [NONE, NONE, NONE, Penalty(l2=1e-4), Penalty(l2=1e-4), Penalty(l2=0.01), Penalty(l1=1e-3)]
FOUND += [Penalty(1e-5, 1e-4), Penalty(l2=None), Penalty(other="Mine"), Penalty(l2=-0.1)]
LAYERS = [
    "Dense",
    "Conv1D",
    "Conv2D",
    "Conv2DTranspose",
    "DepthwiseConv2D",
    "SeparableConv2D",
    "LSTM",
    "Embedding",
]
PATHS = ["a.py", "old/a.py", "old/b.py", "new/a.py", "new [1]/#b.py", "!x/y z/a.py"]


def observed(
    layer: str, role: str, found: Penalty, path: str = "a.py", output: bool | None = False
) -> Observed:
    return Observed(Path(path), role, layer, True, "known", found, output)


def by_role(weights: list[Observed]) -> dict[str, list[Weight]]:
    placed = [weight(each, PurePosixPath(each.path)) for each in weights if each.state == "known"]
    return {role: [each for each in placed if each.observed.role == role] for role in ROLES}


def text_of(weights: list[Observed]) -> str:
    sorted_by_role = by_role(weights)
    return "\n".join(lines_of(tables(rules_of(sorted_by_role), sorted_by_role), weights)) + "\n"


@st.composite
def any_weights(draw: st.DrawFn) -> list[Observed]:
    weights: list[Observed] = []
    for _ in range(draw(st.integers(1, 8))):
        layer = draw(st.sampled_from(LAYERS))
        path, output = draw(st.sampled_from(PATHS)), draw(st.sampled_from([False, True, None]))
        roles = [each.role for each in load(3).by_name[layer].weights]
        found = {role: draw(st.sampled_from(FOUND)) for role in roles}
        alike = [observed(layer, role, penalty, path, output) for role, penalty in found.items()]
        weights += alike * draw(st.integers(1, 6))
    return weights


@given(any_weights())
@settings(max_examples=25, deadline=None)
def test_the_policy_means_what_the_rules_do(weights: list[Observed]) -> None:
    policy = decode(Source(parse(text_of(weights)), Path("reglint.toml")), "", None)
    sorted_by_role = by_role(weights)
    rules = rules_of(sorted_by_role)
    for role, of_role in sorted_by_role.items():
        for each in of_role:
            requirement = policy.requirement(each.observed, role)
            if requirement is not None:
                broken = requirement.violation(each.observed.found)
                assert (broken is None) == rules[role].ask(each).allows(each.observed.found), (role, each)


L2, STRONG = Penalty(l2=1e-4), Penalty(l2=0.01)
WEAK_L2 = 'kernel = { require = "l2", strength = 1e-4 }'
STRONG_L2 = 'kernel = { require = "l2", strength = 0.01 }'
KERNELS = {
    "too few": (
        [("Dense", L2)],
        [],
    ),
    "nothing": (
        [("Dense", NONE)] * 9,
        [],
    ),
    "most": (
        [("Dense", L2)] * 9 + [("Dense", NONE), ("Conv2D", NONE)],
        ["[weights]", WEAK_L2],
    ),
    "one class has none": (
        [("Conv2D", L2)] * 9 + [("Dense", NONE)] * 2,
        ["[weights]", WEAK_L2, "[layers.Dense]", 'kernel = "none"'],
    ),
    "as many": (
        [("Conv2D", L2)] * 5 + [("Dense", NONE)] * 5,
        ["[weights]", WEAK_L2, "[layers.Dense]", 'kernel = "none"'],
    ),
    "one class has one": (
        [("Conv2D", L2)] * 5 + [("Dense", NONE)] * 9,
        ["[weights]", 'kernel = "optional"', "[layers.Conv2D]", WEAK_L2],
    ),
    "a strength of its own": (
        [("Conv2D", L2)] * 9 + [("Dense", STRONG)] * 4,
        ["[weights]", WEAK_L2, "[layers.Dense]", STRONG_L2],
    ),
    "several classes, folded": (
        [("Dense", L2)] * 9 + [("Conv1D", STRONG)] * 4 + [("Conv2D", STRONG)] * 4,
        ["[weights]", WEAK_L2, '[layers."Conv*"]  # Conv1D, Conv2D', STRONG_L2],
    ),
    "folded by how they end": (
        [("Dense", L2)] * 9 + [("Conv1DTranspose", STRONG)] * 4 + [("Conv2DTranspose", STRONG)] * 4,
        ["[weights]", WEAK_L2, '[layers."*Transpose"]  # Conv1DTranspose, Conv2DTranspose', STRONG_L2],
    ),
    "not folded over one that is asked something else": (
        [("Dense", L2)] * 9 + [("Conv1D", STRONG)] * 4 + [("Conv2D", STRONG)] * 4 + [("Conv3D", L2)],
        ["[weights]", WEAK_L2, "[layers.Conv1D]", STRONG_L2, "[layers.Conv2D]", STRONG_L2],
    ),
    "a class of few has no table": (
        [("Dense", L2)] * 9 + [("Conv1D", STRONG)],
        ["[weights]", WEAK_L2],
    ),
    "those that have one agree": (
        [("Dense", L2)] * 3 + [("Dense", NONE)] * 20,
        ["[weights]", 'kernel = { require = ["none", "l2"], strength = 1e-4 }'],
    ),
}  # fmt: skip


def stated(text: str) -> list[str]:
    """The lines of a policy without what is said of them; a header with the layers that it was made from."""
    lines = [
        line if line.startswith("[layers") else line.partition("  #")[0].rstrip()
        for line in text.splitlines()
    ]
    found = [line for line in lines if line and not line.startswith("#")]
    return [] if found == ["[weights]"] else found


@pytest.mark.parametrize(("found", "lines"), KERNELS.values(), ids=KERNELS)
def test_kernels_by_class(found: list[tuple[str, Penalty]], lines: list[str]) -> None:
    weights = [observed(layer, "kernel", penalty) for layer, penalty in found]
    assert stated(text_of(weights)) == lines
    assert stated(text_of(weights[::-1])) == lines


PLACES = {
    "output layers": (
        [("a.py", False, L2)] * 9 + [("a.py", True, NONE)] * 3,
        ["[weights]", WEAK_L2, "[[overrides]]", 'layers = ["Dense"]', "output = true", 'weights.kernel = "none"'],
    ),
    "a single output layer says nothing": (
        [("a.py", False, L2)] * 9 + [("a.py", True, NONE)],
        ["[weights]", WEAK_L2],
    ),
    "where it is not known which are, nothing is lost for them": (
        [("a.py", None, L2)] * 19 + [("a.py", True, NONE)] * 3,
        ["[weights]", WEAK_L2],
    ),
    "a folder without": (
        [("new/a.py", False, L2)] * 9 + [("old/a.py", False, NONE)] * 5,
        ["[weights]", WEAK_L2, "[[overrides]]", 'files = ["old/**"]', 'weights.kernel = "none"'],
    ),
    "a folder whose few weights may have been forgotten": (
        [("new/a.py", False, L2)] * 19 + [("old/a.py", False, NONE)] * 4,
        ["[weights]", WEAK_L2],
    ),
    "a file without is no practice": (
        [("new/a.py", False, L2)] * 29 + [("new/b.py", False, NONE)] * 6,
        ["[weights]", WEAK_L2],
    ),
    "files with": (
        [("a.py", False, L2)] * 3 + [("b/c.py", False, L2)] * 3 + [("d.py", False, NONE)] * 40,
        ["[weights]", 'kernel = "optional"', "[[overrides]]", 'files = ["/a.py", "b/**"]', f"weights.{WEAK_L2}"],
    ),
    "names with signs": (
        [("![x] #1/a.py", False, STRONG)] * 4 + [("é\"*?\\/a.py", False, STRONG)] * 4 + [("a.py", False, L2)] * 40,
        [
            "[weights]",
            WEAK_L2,
            "[[overrides]]",
            'files = ["/!\\\\[x] #1/**", "é\\"\\\\*\\\\?\\\\\\\\/**"]',
            f"weights.{STRONG_L2}",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("found", "lines"), PLACES.values(), ids=PLACES)
def test_kernels_by_place(found: list[tuple[str, bool | None, Penalty]], lines: list[str]) -> None:
    weights = [observed("Dense", "kernel", penalty, path, output) for path, output, penalty in found]
    assert stated(text_of(weights)) == lines


ROLES_APART = {
    "depthwise follows": (
        [("Dense", "kernel", L2)] * 5 + [("DepthwiseConv2D", "depthwise", L2)] * 5,
        ["[weights]", WEAK_L2],
    ),
    "depthwise does not follow": (
        [("Dense", "kernel", L2)] * 5 + [("DepthwiseConv2D", "depthwise", NONE)] * 5,
        ["[weights]", WEAK_L2, 'depthwise = "none"'],
    ),
    "one depthwise kernel says nothing": (
        [("Dense", "kernel", L2)] * 5 + [("DepthwiseConv2D", "depthwise", NONE)],
        ["[weights]", WEAK_L2],
    ),
    "recurrent stays apart where its layer has a table": (
        [("Dense", "kernel", L2)] * 9 + [("LSTM", "kernel", STRONG)] * 4 + [("LSTM", "recurrent", NONE)] * 4,
        ["[weights]", WEAK_L2, 'recurrent = "none"', "[layers.LSTM]", STRONG_L2, 'recurrent = "none"'],
    ),
    "a bias never follows": (
        [("Dense", "kernel", L2)] * 5 + [("Dense", "bias", NONE)] * 5,
        ["[weights]", WEAK_L2],
    ),
    "a bias as most have it": (
        [("Dense", "kernel", NONE)] * 5 + [("Dense", "bias", L2)] * 5,
        ["[weights]", WEAK_L2.replace("kernel", "bias")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("found", "lines"), ROLES_APART.values(), ids=ROLES_APART)
def test_roles(found: list[tuple[str, str, Penalty]], lines: list[str]) -> None:
    assert stated(text_of([observed(*each) for each in found])) == lines


def test_weights_that_are_not_known_are_counted_and_decide_nothing() -> None:
    weights = [observed("Dense", "kernel", L2)] * 2
    for state, count in (("passed", 40), ("unread", 30)):
        weights += [replace(observed("Dense", "kernel", NONE), state=state)] * count
    weights += [replace(observed("Dense", "bias", NONE), state="unread")]
    assert text_of(weights).splitlines() == [
        "[weights]",
        f"{WEAK_L2}      # 2 of 2; 40 passed in; 30 not known",
        "# bias: 1 not known",
    ]


def test_the_counts() -> None:
    weights = [observed("Dense", "kernel", each) for each in [L2] * 8 + [NONE, STRONG]]
    weights += [observed("Dense", "bias", NONE)] * 3 + [observed("PReLU", "alpha", L2)]
    assert text_of(weights).splitlines() == [
        "[weights]",
        f"{WEAK_L2}      # 8 of 10; the others: 1 l2(0.01), 1 without",
        "# bias: none of 3 has a penalty",
        "# alpha: 1 l2(0.0001), too few to say",
    ]


def test_what_could_be_asked_stands_beside_what_is_not() -> None:
    weights = [observed("Dense", "kernel", each) for each in (L2, NONE)]
    assert text_of(weights).splitlines() == [
        "[weights]",
        'kernel = "optional"                               # 1 l2(0.0001), 1 without',
        f"#{WEAK_L2}     # in place of that: to ask all for it",
    ]
    for others in ([STRONG], [NONE] * 3):
        more = [*weights, *(observed("Dense", "kernel", each) for each in others)]
        assert [line.partition("=")[0] for line in text_of(more).splitlines()] == ["[weights]", "kernel "]
