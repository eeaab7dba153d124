"""Values that are changed where they are decided, each such change proven in a model that is built in Keras."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reglint import pipeline
from reglint.policy import load
from reglint.verify import Settings

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.keras

MODEL = """\
from functools import partial

import keras
from keras import layers, regularizers
from keras.regularizers import l1, l2

{before}

def build():
    x = inputs = keras.Input((16, 16, 3))
{body}
    return keras.Model(inputs, x)
"""

# (what is defined before, the body of the function, what becomes of the former, how many layers are proven)
KINDS = {
    "a partial": (
        "Conv = partial(layers.Conv2D, kernel_size=3)\n",
        "x = Conv(4)(x)\nx = Conv(5)(x)",
        "Conv = partial(layers.Conv2D, kernel_size=3, kernel_regularizer=l2(1e-4))\n",
        2,
    ),
    "a dict": (
        "COMMON = {'padding': 'same'}\n",
        "x = layers.Conv2D(4, 3, **COMMON)(x)\nx = layers.Conv2D(5, 3, **COMMON)(x)",
        "COMMON = {'padding': 'same', 'kernel_regularizer': l2(1e-4)}\n",
        2,
    ),
    "a base class's __init__": (
        "class Conv(layers.Conv2D):\n    def __init__(self, filters):\n        super().__init__(filters, 3)\n\n",
        "x = Conv(4)(x)\nx = Conv(5)(x)",
        "class Conv(layers.Conv2D):\n    def __init__(self, filters):\n"
        "        super().__init__(filters, 3, kernel_regularizer=l2(1e-4))\n\n",
        2,
    ),
    "a default": (
        "def block(x, filters, reg=None):\n    return layers.Conv2D(filters, 3, kernel_regularizer=reg)(x)\n\n",
        "x = block(x, 4)\nx = block(x, 5)",
        "def block(x, filters, reg=l2(1e-4)):\n    return layers.Conv2D(filters, 3, kernel_regularizer=reg)(x)\n\n",
        1,
    ),
    "a default that some callers leave out": (
        "def block(x, filters, reg=None):\n    return layers.Conv2D(filters, 3, kernel_regularizer=reg)(x)\n\n",
        "x = block(x, 4)\nx = block(x, 5, l2(1e-4))",
        "def block(x, filters, reg=l2(1e-4)):\n    return layers.Conv2D(filters, 3, kernel_regularizer=reg)(x)\n\n",
        1,
    ),
    "a strength by default": (
        "def block(x, filters, decay=1e-2):\n    return layers.Conv2D(filters, 3, kernel_regularizer=l2(decay))(x)\n\n",
        "x = block(x, 4)\nx = block(x, 5)",
        "def block(x, filters, decay=1e-4):\n    return layers.Conv2D(filters, 3, kernel_regularizer=l2(decay))(x)\n\n",
        1,
    ),
    "a constant": (
        "REG = l1(0.1)\n",
        "x = layers.Conv2D(4, 3, kernel_regularizer=REG)(x)\nx = layers.Dense(5, kernel_regularizer=REG)(x)",
        "REG = l2(1e-4)\n",
        2,
    ),
    "the number in a constant": (
        "REG = regularizers.L2(l2=0.1)\n",
        "x = layers.Conv2D(4, 3, kernel_regularizer=REG)(x)\nx = layers.Dense(5, kernel_regularizer=REG)(x)",
        "REG = regularizers.L2(l2=1e-4)\n",
        2,
    ),
    "a constant strength": (
        "DECAY = 1e-3\n",
        "x = layers.Conv2D(4, 3, kernel_regularizer=l2(DECAY))(x)",
        "DECAY = 1e-4\n",
        1,
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_in_the_losses_of_every_layer_that_it_reaches(kind: str, tmp_path: Path) -> None:
    before, body, after, layers = KINDS[kind]
    inside = "".join(f"    {line}\n" for line in body.splitlines()).rstrip()
    (tmp_path / "ruff.toml").write_text("line-length = 120\n")
    (tmp_path / "policy.toml").write_text('[weights]\nkernel = { require = "l2", strength = 1e-4 }\n')
    file = tmp_path / "model.py"
    file.write_text(MODEL.format(before=before, body=inside))
    policy = load(tmp_path / "policy.toml")
    outcome = pipeline.fix([file], lambda _: policy, settings=lambda _: Settings())
    assert file.read_text() == MODEL.format(before=after, body=inside)
    proofs = [finding.proof for finding in outcome.report.findings]
    assert [(proof.grade, proof.model) for proof in proofs if proof is not None] == [
        ("model", "build()")
    ] * layers
    assert pipeline.check([file], lambda _: policy).report.findings == ()
