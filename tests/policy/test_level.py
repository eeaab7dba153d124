"""Which table decides: the conditions of overrides, and the order of tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reglint.keras.penalty import Penalty
from reglint.policy.decode import decode
from reglint.policy.source import Source
from reglint.policy.toml import parse

if TYPE_CHECKING:
    from reglint.policy import Policy
    from tests.policy.conftest import Ask


def read(text: str) -> Policy:
    return decode(Source(parse(text), Path("conf/reglint.toml")), "reglint.toml", None)


def overrides(*tables: str) -> Policy:
    """A policy that asks for L2, and in the override number n for ``l1(n)``."""
    text = '[weights]\nkernel = "l2"\n'
    for number, table in enumerate(tables, start=1):
        text += f'[[overrides]]\n{table}\nweights.kernel = {{ require = "l1", strength = {number} }}\n'
    return read(text)


HEAD = {"names": ("head_2",)}
CONDITIONS = [
    # (the conditions of an override, what is known of a Dense, whether they hold)
    ("layers = ['Dense']", {}, True),
    ("layers = ['Conv2D', 'De*']", {}, True),
    ("layers = ['Conv2D']", {}, False),
    ("files = ['legacy/**']", {"path": Path("conf/legacy/deep/a.py")}, True),
    ("files = ['legacy']", {"path": Path("conf/legacy/deep/a.py")}, True),
    ("files = ['a.py']", {"path": Path("conf/deep/a.py")}, True),
    ("files = ['/a.py']", {"path": Path("conf/deep/a.py")}, False),
    ("files = ['*.py', '!a.py']", {"path": Path("conf/a.py")}, False),
    ("files = ['legacy/**']", {"path": Path("legacy/a.py")}, False),
    ("files = ['a.py']", {"path": Path("legacy/a.py")}, True),
    ("names = ['head_*']", HEAD, True),
    ("names = ['head']", HEAD, False),
    ("names = ['head*']", {"names": ()}, False),
    ("names = ['head*']", {"names": None}, None),
    ("names = ['head*']", {"names": ("head_1", "head_2")}, True),
    ("names = ['head*']", {"names": ("head_1", "tail_2")}, None),
    ("activations = ['softmax', 'sigmoid']", {"activations": ("softmax",)}, True),
    ("activations = ['softmax']", {"activations": ("relu",)}, False),
    ("activations = ['softmax']", {"activations": None}, None),
    ("output = true", {"is_output": True}, True),
    ("output = true", {"is_output": False}, False),
    ("output = true", {"is_output": None}, None),
    ("output = false", {"is_output": False}, True),
    ("output = false", {"is_output": True}, False),
    ("output = false", {"is_output": None}, None),
    ("classes = ['ConvBN']", {"classes": ("pkg.blocks.ConvBN",)}, True),
    ("classes = ['Conv*']", {"classes": ("pkg.blocks.ConvBN",)}, True),
    ("classes = ['pkg.*']", {"classes": ("pkg.blocks.ConvBN",)}, True),
    ("classes = ['other.ConvBN']", {"classes": ("pkg.blocks.ConvBN",)}, False),
    ("classes = ['ConvBN']", {}, False),
    # all must hold; what is known not to hold settles it
    ("layers = ['Dense']\nnames = ['head*']", HEAD, True),
    ("layers = ['Conv2D']\nnames = ['head*']", HEAD, False),
    ("layers = ['Conv2D']\nnames = ['head*']", {"names": None}, False),
    ("output = true\nnames = ['head*']", {"names": None, "is_output": False}, False),
    ("layers = ['Dense']\nnames = ['head*']", {"names": None}, None),
]


@pytest.mark.parametrize(("conditions", "known", "holds"), CONDITIONS)
def test_conditions(conditions: str, known: dict[str, object], holds: bool | None, ask: Ask) -> None:
    expected = {True: "l1(1)", False: "l2", None: "None"}[holds]
    assert str(ask(overrides(conditions), "Dense", "kernel", **known)) == expected


KNOWN = {
    "path": Path("conf/legacy/a.py"),
    "names": ("head",),
    "activations": ("softmax",),
    "is_output": True,
    "classes": ("pkg.Mine",),
}
FILES, LAYERS, OUTPUT = "files = ['legacy/**']", "layers = ['Dense']", "output = true"
ACTIVATIONS, CLASSES, NAMES = "activations = ['softmax']", "classes = ['Mine']", "names = ['head']"


@pytest.mark.parametrize(
    ("tables", "decides"),
    [
        # of as many conditions the narrower one
        ([FILES, LAYERS], 2),
        ([LAYERS, FILES], 1),
        ([OUTPUT, LAYERS], 1),
        ([ACTIVATIONS, OUTPUT], 1),
        ([CLASSES, ACTIVATIONS], 1),
        ([NAMES, CLASSES], 1),
        ([f"{NAMES}\n{FILES}", f"{CLASSES}\n{LAYERS}"], 1),
        # more conditions
        ([f"{FILES}\n{LAYERS}", NAMES], 1),
        ([NAMES, f"{FILES}\n{LAYERS}"], 2),
        # of the same conditions the pattern that says more
        ([LAYERS, "layers = ['*']"], 1),
        (["layers = ['Den*']", "layers = ['De*']"], 1),
        (["layers = ['Dense', '*']", "layers = ['De*']"], 2),
        ([NAMES, "names = ['h*']"], 1),
        # the later one
        ([FILES, FILES], 2),
        ([OUTPUT, "output = true"], 2),
    ],
)
def test_order_of_overrides(tables: list[str], decides: int, ask: Ask) -> None:
    assert str(ask(overrides(*tables), "Dense", "kernel", **KNOWN)) == f"l1({decides})"


def test_overrides_go_before_layers_and_these_before_weights(ask: Ask) -> None:
    policy = read("""
        [weights]
        kernel = "l2"
        bias = "l2"
        activity = "l2"
        [layers.Dense]
        kernel = "l1"
        bias = "l1"
        [[overrides]]
        files = ["legacy/**"]
        weights.kernel = "none"
    """)
    found = {role: str(ask(policy, "Dense", role, **KNOWN)) for role in ("kernel", "bias", "activity")}
    assert found == {"kernel": "no penalty", "bias": "l1", "activity": "l2"}
    requirement = ask(policy, "Dense", "kernel", **KNOWN)
    assert requirement is not None
    assert requirement.where == "[[overrides]] 1 weights.kernel"


def test_an_override_that_may_apply_leaves_open_only_what_it_changes(ask: Ask) -> None:
    policy = read("""
        [weights]
        kernel = { require = "l2", strength = 1e-4 }
        bias = "l2"
        [[overrides]]
        names = ["head"]
        weights.kernel = { require = "l2", strength = 1e-4 }
        [[overrides]]
        output = true
        weights.bias = "none"
    """)
    unknown = {"names": None, "is_output": None}
    assert str(ask(policy, "Dense", "kernel", **unknown)) == "l2(1e-4)"
    assert ask(policy, "Dense", "bias", **unknown) is None
    assert str(ask(policy, "Dense", "bias", names=None)) == "l2"


SAME = '[weights]\nkernel = { require = "l2", strength = 1e-4, min = 1e-5, max = 1e-2 }\nbias = "same-as-kernel"\n'


@pytest.mark.parametrize(
    ("kernel", "bias"),
    [
        # as it is, where that is allowed
        (Penalty(l2=5e-4), "l2(5e-4) as on its kernel"),
        (Penalty(l2=1e-2), "l2(0.01) as on its kernel"),
        (Penalty(l2=None), "l2 as on its kernel"),
        # as a fix of the kernel writes it, where it is not
        (Penalty(), "l2(1e-4) as on its kernel"),
        (Penalty(l1=0.5), "l2(1e-4) as on its kernel"),
        # not known
        (None, "None"),
    ],
    ids=str,
)
def test_the_same_as_the_kernel(kernel: Penalty | None, bias: str, ask: Ask) -> None:
    penalties = {} if kernel is None else {"kernel": kernel}
    assert str(ask(read(SAME), "Dense", "bias", penalties=penalties)) == bias


@pytest.mark.parametrize(
    ("kernel", "penalties", "role", "expected"),
    [
        ("optional", {"kernel": Penalty()}, "bias", "no penalty as on its kernel"),
        ("optional", {"kernel": Penalty(0.1, 0.2)}, "bias", "l1_l2(l1=0.1, l2=0.2) as on its kernel"),
        ("none", {"kernel": Penalty(l2=1.0)}, "bias", "no penalty as on its kernel"),
        ("optional", {"kernel": Penalty(other="Mine")}, "bias", "no penalty or any"),
        ("optional", {"kernel": Penalty(l2=-0.1)}, "bias", "no penalty or any"),
    ],
    ids=str,
)
def test_the_same_as_a_kernel_that_is_free(
    kernel: str, penalties: dict[str, Penalty], role: str, expected: str, ask: Ask
) -> None:
    policy = read(f'[weights]\nkernel = "{kernel}"\nbias = "same-as-kernel"\n')
    assert str(ask(policy, "Dense", role, penalties=penalties)) == expected


def test_a_layer_without_a_kernel_is_asked_nothing(ask: Ask) -> None:
    policy = read('[weights]\ngamma = "same-as-kernel"\npointwise = "same-as-kernel"\n')
    assert str(ask(policy, "BatchNormalization", "gamma", kernel=None)) == "no penalty or any"
    found = ask(
        policy, "SeparableConv2D", "pointwise", kernel="depthwise", penalties={"depthwise": Penalty(l2=0.1)}
    )
    assert str(found) == "l2(0.1) as on its depthwise"
