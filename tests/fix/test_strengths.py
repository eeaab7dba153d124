"""A regularizer of the right kind gets another strength by its numbers alone: (before, after) pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reglint import pipeline
from reglint.policy import load

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
import keras
import tf_keras
from functools import partial
from keras import layers, regularizers
from keras.regularizers import L1L2, L2, get, l1, l1_l2, l2
"""
# (what is there, what becomes of it, what the fix says)
VALUES = [
    ("l2(0.1)", "l2(1e-4)", None),
    ("l2( 0.1 )", "l2( 1e-4 )", "l2(1e-4)"),
    ("l2(l2 = 0.1,)", "l2(l2 = 1e-4,)", "l2(l2=1e-4)"),
    ("l2((0.1))", "l2((1e-4))", "l2(1e-4)"),
    ("l2(1 / 100)", "l2(1e-4)", None),
    ("L2(0.1)", "L2(1e-4)", None),
    ("keras.regularizers.L2(l2=0.1)", "keras.regularizers.L2(l2=1e-4)", None),
    ("l2()", "l2(1e-4)", None),
    ("regularizers.L2()", "regularizers.L2(1e-4)", None),
    ("L1L2(l2=0.1)", "L1L2(l2=1e-4)", None),
    ("L1L2(0.0, 0.1)", "L1L2(0.0, 1e-4)", None),
    ("l1_l2(l1=0, l2=0.1)", "l1_l2(l1=0, l2=1e-4)", None),
    ("l2(\n    0.1,  # why\n)", "l2(\n    1e-4,  # why\n)", "l2(1e-4)"),
    ("get(l2(0.1))", "get(l2(1e-4))", "l2(1e-4)"),
    ("l1(0.1)", "l2(1e-4)", None),
    ("L1L2(0.1, 0.1)", "L2(1e-4)", None),
    ("'l2'", "l2(1e-4)", None),
    ("L2", "l2(1e-4)", None),
]
BOTH = [
    ("l1_l2(l1=0.5, l2=0.1)", "l1_l2(l1=1e-5, l2=1e-4)", None),
    ("L1L2(l2=0.1, l1=1e-5)", "L1L2(l2=1e-4, l1=1e-5)", None),
    ("L1L2(0.5, 0.1)", "L1L2(1e-5, 1e-4)", None),
    ("L2(0.1)", "L1L2(l1=1e-5, l2=1e-4)", None),
]
PLACES = {
    "in the call": "layers.Dense(4, kernel_regularizer={})\n",
    "in a constant": "REG = {}\nlayers.Dense(4, kernel_regularizer=REG)\n",
    "in a default": "def block(x, reg={}):\n    return layers.Dense(4, kernel_regularizer=reg)(x)\n\n\nblock(1)\n",
    "in a partial": "Fc = partial(layers.Dense, kernel_regularizer={})\nFc(4)\n",
    "in a dict": "common = {{'kernel_regularizer': {}}}\nlayers.Dense(4, **common)\n",
}


def fixed(tmp_path: Path, source: str, asked: str) -> tuple[str, list[str | None]]:
    """What becomes of a module below its imports, and what the fixes say."""
    (tmp_path / "policy.toml").write_text(f"[weights]\nkernel = {{ {asked} }}\n")
    policy = load(tmp_path / "policy.toml")
    given = {tmp_path / "model.py": (HEAD + source).encode()}
    outcome = pipeline.fix([], lambda _: policy, settings=None, write=False, given=given)
    (change,) = outcome.changes
    after = change.after.data.decode().removeprefix(HEAD)
    return after, [finding.fix for finding in outcome.report.findings if finding.written is not None]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("before", "after", "said"), VALUES)
def test_a_strength(place: str, before: str, after: str, said: str | None, tmp_path: Path) -> None:
    source = PLACES[place]
    made, (text,) = fixed(tmp_path, source.format(before), 'require = "l2", strength = 1e-4')
    assert made == source.format(after)
    assert text is not None
    assert text.partition("=")[2] == (said or after)


@pytest.mark.parametrize(("before", "after", "said"), BOTH)
def test_two_strengths(before: str, after: str, said: str | None, tmp_path: Path) -> None:
    source, asked = PLACES["in the call"], 'require = "l1_l2", strength = [1e-5, 1e-4]'
    assert fixed(tmp_path, source.format(before), asked) == (
        source.format(after),
        [f"kernel_regularizer={said or after}"],
    )


# (before, after): the file has a name for what is asked
NAMED = {
    "for the strength": (
        "WEIGHT_DECAY = 1e-4\nlayers.Dense(4, kernel_regularizer=L2(l2=0.1))\n",
        "WEIGHT_DECAY = 1e-4\nlayers.Dense(4, kernel_regularizer=L2(l2=WEIGHT_DECAY))\n",
    ),
    "for the regularizer": (
        "REG = l2(1e-4)\nlayers.Dense(4, kernel_regularizer=l2(0.1))\n",
        "REG = l2(1e-4)\nlayers.Dense(4, kernel_regularizer=REG)\n",
    ),
}


@pytest.mark.parametrize("name", NAMED)
def test_a_name_that_the_file_has(name: str, tmp_path: Path) -> None:
    before, after = NAMED[name]
    made, _ = fixed(tmp_path, before, 'require = "l2", strength = 1e-4')
    assert made == after


def test_no_import_is_needed_where_only_numbers_change(tmp_path: Path) -> None:
    source = (
        "try:\n    from tf_keras.layers import Dense\nexcept ImportError:\n    from x import Dense\n"
        "Dense(4, kernel_regularizer=tf_keras.regularizers.L2({}))\n"
    )
    made, _ = fixed(tmp_path, source.format("0.1"), 'require = "l2", strength = 1e-4')
    assert made == source.format("1e-4")
