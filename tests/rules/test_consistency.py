"""What REG204 finds: layers of a class that have another penalty than most of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reglint.fix.fixer import Fixer
from reglint.policy import load
from reglint.rules import consistency
from reglint.rules.findings import find

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Reader

HEAD = """\
from keras import Input, Model, Sequential, layers, regularizers
from keras.layers import Conv2D, Dense
from keras.regularizers import l1, l2, l1_l2
import other
"""
FIRST = HEAD.count("\n") + 1


def dense(*penalties: str, layer: str = "Dense", argument: str = "kernel_regularizer") -> str:
    """A line for each layer; an empty penalty is none."""
    return "".join(f"{layer}(4{f', {argument}={each}' if each else ''})\n" for each in penalties)


ODD = "`kernel_regularizer` of `Dense` is l2(0.001); 2 of 3 `Dense` kernels in this file have l2(0.0001)"
ABSENT = "`Dense` has no `kernel_regularizer`; 2 of 3 `Dense` kernels in this file have l2(0.0001)"
TIED = "the 2 `Dense` kernels in this file have no majority, and the first has"
ASKED = "the policy asks for l2 of at most 1e-2"
WRITTEN = "kernel_regularizer=l2(1e-4)"
OUTPUT = "[[overrides]]\noutput = true\nweights.kernel = 'optional'\n"
FILE = 'consistency = "file"\n'

# policy, source, the line (from 1), the message and the fix of each finding
CASES: dict[str, tuple[str, str, list[tuple[int, str, str]]]] = {
    "off, which is the default": ("", dense("l2(1e-4)", "l2(1e-4)", "l2(1e-3)"), []),
    "another strength": (
        FILE,
        dense("l2(1e-4)", "l2(1e-3)", "l2(1e-4)"),
        [(2, ODD, WRITTEN)],
    ),
    "the same strength, written otherwise": (
        FILE,
        dense("l2(1e-4)", "l2(0.0001)", "l2(l2=1 / 10000)", "l1_l2(0, 1.0000001e-4)"),
        [],
    ),
    "another kind": (
        FILE,
        dense("l2(1e-4)", "l2(1e-4)", "l1(1e-4)"),
        [
            (
                3,
                "`kernel_regularizer` of `Dense` is l1(0.0001); "
                "2 of 3 `Dense` kernels in this file have l2(0.0001)",
                WRITTEN,
            )
        ],
    ),
    "absent, None and 0 are no penalty, and that is another one": (
        FILE,
        dense("l2(1e-4)", "", "l2(1e-4)", "None", "l2(1e-4)", "l2(0)", "l2(1e-4)"),
        [
            (
                2,
                "`Dense` has no `kernel_regularizer`; 4 of 7 `Dense` kernels in this file have l2(0.0001)",
                WRITTEN,
            ),
            (
                4,
                "`Dense` sets `kernel_regularizer` to None; 4 of 7 `Dense` kernels in this file have l2(0.0001)",
                WRITTEN,
            ),
            (
                6,
                "`Dense` has `kernel_regularizer` of strength 0; "
                "4 of 7 `Dense` kernels in this file have l2(0.0001)",
                WRITTEN,
            ),
        ],
    ),
    "most have none": (
        FILE,
        dense("", "None", "l2(1e-4)"),
        [
            (
                3,
                "`kernel_regularizer` of `Dense` is l2(0.0001); 2 of 3 `Dense` kernels in this file have no penalty",
                consistency.MOSTLY_NONE,
            )
        ],
    ),
    "as many have the one as the other": (
        FILE,
        dense("l2(1e-4)", ""),
        [(2, f"`Dense` has no `kernel_regularizer`; {TIED} l2(0.0001)", consistency.NO_MAJORITY)],
    ),
    "the most are not the majority": (
        FILE,
        dense("l2(1e-3)", "l2(1e-4)", "l2(1e-4)", ""),
        [
            (
                1,
                "`kernel_regularizer` of `Dense` is l2(0.001); 2 of 4 `Dense` kernels in this file have l2(0.0001)",
                consistency.NO_MAJORITY,
            ),
            (
                4,
                "`Dense` has no `kernel_regularizer`; 2 of 4 `Dense` kernels in this file have l2(0.0001)",
                consistency.NO_MAJORITY,
            ),
        ],
    ),
    "by role": (
        FILE,
        dense("l2(1e-4)", "l2(1e-4)", "l2(1e-4)", argument="bias_regularizer")
        + dense("l2(1e-4)", argument="kernel_regularizer"),
        [
            (
                4,
                "`Dense` has no `bias_regularizer`; 3 of 4 `Dense` biases in this file have l2(0.0001)",
                "bias_regularizer=l2(1e-4)",
            ),
            (
                4,
                "`kernel_regularizer` of `Dense` is l2(0.0001); 3 of 4 `Dense` kernels in this file have no penalty",
                consistency.MOSTLY_NONE,
            ),
        ],
    ),
    "by class": (
        FILE,
        dense("l2(1e-4)", "l2(1e-4)") + dense("l2(1e-3)", "l2(1e-3)", layer="layers.Conv1D"),
        [],
    ),
    "aliases are one class": (
        FILE,
        dense("l2(1e-4)", "l2(1e-4)", layer="Conv2D") + dense("", layer="layers.Convolution2D"),
        [
            (
                3,
                "`Conv2D` has no `kernel_regularizer`; 2 of 3 `Conv2D` kernels in this file have l2(0.0001)",
                WRITTEN,
            )
        ],
    ),
    "a class of the project is one of its own": (
        FILE,
        "class Mine(Dense):\n    pass\n"
        + dense("l2(1e-4)", "l2(1e-4)")
        + dense("", "", "l2(1e-3)", layer="Mine"),
        [
            (
                7,
                "`kernel_regularizer` of `Mine` is l2(0.001); 2 of 3 `Mine` kernels in this file have no penalty",
                consistency.MOSTLY_NONE,
            )
        ],
    ),
    "what is not known neither counts nor differs": (
        FILE,
        dense("l2(1e-4)", "other.reg", "l2(other.c)", "other.reg", "other.reg")
        + "def build(reg, flag):\n    Dense(1, kernel_regularizer=reg)\n"
        + "    Dense(1, kernel_regularizer=None if flag else l2(1e-3))\n",
        [],
    ),
    "nor does a regularizer of one's own": (
        FILE,
        "class Mine(regularizers.Regularizer):\n    pass\n"
        + dense("l2(1e-4)", "Mine()", "Mine()", "regularizers.OrthogonalRegularizer()"),
        [],
    ),
    "nor a bias that may not be there": (
        FILE,
        dense("l2(1e-4)", "l2(1e-4)", argument="bias_regularizer")
        + "Dense(4, use_bias=False)\nDense(4, use_bias=other.flag)\n",
        [],
    ),
    "nor one that callers differ about": (
        f"{FILE}[weights]\nkernel = {{ require = 'l2', max = 1e-2 }}\n",
        dense("l2(1e-4)", "l2(1e-4)")
        + "def block(x, reg=l2(1e-4)):\n    return Dense(4, kernel_regularizer=reg)(x)\n"
        + "block(1)\nblock(2, l2(1e-3))\n",
        [],
    ),
    "nor one of several classes": (
        FILE,
        dense("l2(1e-4)", "l2(1e-4)") + "(Dense if other.flag else layers.EinsumDense)('ab', 4)\n",
        [],
    ),
    "the output of a layer is no weight": (
        FILE,
        dense("l1(1e-4)", "", "", argument="activity_regularizer"),
        [],
    ),
    "what another rule reports is not reported again, and does not count": (
        FILE + "[weights]\nkernel = { require = 'l2', max = 1e-2 }\n",
        dense("l2(1e-3)", "", "", "l2(0.1)", "l2(0.1)"),
        [
            (
                2,
                f"`Dense` has no `kernel_regularizer`; {ASKED}",
                WRITTEN,
            ),
            (
                3,
                f"`Dense` has no `kernel_regularizer`; {ASKED}",
                WRITTEN,
            ),
            (
                4,
                f"`kernel_regularizer` of `Dense` is l2(0.1); {ASKED}",
                WRITTEN,
            ),
            (
                5,
                f"`kernel_regularizer` of `Dense` is l2(0.1); {ASKED}",
                WRITTEN,
            ),
        ],
    ),
    "unless that rule is not selected": (
        FILE + "select = ['REG204']\n[weights]\nkernel = 'l2'\n",
        dense("l2(1e-4)", "l2(1e-4)", ""),
        [(3, ABSENT, WRITTEN)],
    ),
    "within what the policy asks": (
        FILE + "[weights]\nkernel = { require = 'l2', max = 1e-2 }\n",
        dense("l2(1e-4)", "l2(1e-4)", "l2(1e-3)"),
        [(3, ODD, WRITTEN)],
    ),
    "without an override the output layer is like the others": (
        FILE,
        "Sequential([Dense(4, kernel_regularizer=l2(1e-4)), Dense(4, kernel_regularizer=l2(1e-4)),\n Dense(1)])",
        [(2, ABSENT, WRITTEN)],
    ),
    "an override sets its layers apart": (
        FILE + OUTPUT,
        "Sequential([Dense(4, kernel_regularizer=l2(1e-4)), Dense(4, kernel_regularizer=l2(1e-4)), Dense(1)])",
        [],
    ),
    "a weight that follows its kernel": (
        FILE + "[weights]\nbias = 'same-as-kernel'\n",
        "Dense(4, kernel_regularizer=l2(1e-4), bias_regularizer=l2(1e-4))\n" * 2
        + "Dense(4, kernel_regularizer=l2(1e-3), bias_regularizer=l2(1e-3))\n",
        [(3, ODD, WRITTEN)],
    ),
    "arms of which only one is run": (
        FILE,
        "def build(flag):\n"
        "    if flag:\n        x = Dense(1, kernel_regularizer=l2(1e-4))\n"
        "    else:\n        x = Dense(1)\n"
        "    if flag > 1:\n        return Conv2D(1, 1, kernel_regularizer=l2(1e-4))\n    return Conv2D(1, 1)\n",
        [],
    ),
    "arms of which both may be run": (
        FILE,
        "for n in range(3):\n    if n:\n        Dense(1, kernel_regularizer=l2(1e-4))\n"
        "        continue\n    Dense(1)\n",
        [(5, f"`Dense` has no `kernel_regularizer`; {TIED} l2(0.0001)", consistency.NO_MAJORITY)],
    ),
    "models are apart": (
        'consistency = "model"\n',
        "Sequential([Dense(1, kernel_regularizer=l2(1e-4)), Dense(1, kernel_regularizer=l2(1e-4))])\n"
        "Sequential([Dense(1), Dense(1)])\n",
        [],
    ),
    "the odd one of a model": (
        'consistency = "model"\n',
        "def block(x):\n    return Dense(1)(x)\n"
        "def build():\n    i = Input((2,))\n    x = Dense(1, kernel_regularizer=l2(1e-4))(i)\n"
        "    return Model(i, Dense(1, kernel_regularizer=l2(1e-4))(block(x)))\n",
        [(2, ABSENT.replace("file", "model"), WRITTEN)],
    ),
    "a layer of several models is reported once": (
        'consistency = "model"\n',
        "def block(x):\n    return Dense(1)(x)\n"
        + "".join(
            f"def build{n}():\n    i = Input((2,))\n    x = Dense(1, kernel_regularizer=l2(1e-4))(i)\n"
            "    return Model(i, Dense(1, kernel_regularizer=l2(1e-4))(block(x)))\n"
            for n in range(2)
        ),
        [(2, ABSENT.replace("file", "model"), consistency.SEVERAL_MODELS)],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_findings(case: str, read: Reader, tmp_path: Path) -> None:
    policy, source, expected = CASES[case]
    policy_file = tmp_path / "policy.toml"
    policy_file.write_text(policy)
    module = read(HEAD + source)
    findings = find(module, load(policy_file))
    found = []
    for finding, fix in zip(findings, Fixer(module).remedies(findings), strict=True):
        line = module.span(finding.site.call).line - FIRST + 1
        found.append((line, finding.message, getattr(fix, "reason", str(fix))))
    assert sorted(found) == expected


def test_the_place_beside_is_the_first_of_the_majority(read: Reader, tmp_path: Path) -> None:
    policy_file = tmp_path / "policy.toml"
    policy_file.write_text(FILE)
    module = read(HEAD + dense("l2(1e-3)", "l2(1e-4)", "l2(1e-4)"))
    (finding,) = find(module, load(policy_file))
    (beside,) = finding.beside
    assert (beside.line, beside.column, beside.text) == (FIRST + 1, 1, "`Dense` has l2(0.0001)")
    assert module.span(finding.site.call).line == FIRST
