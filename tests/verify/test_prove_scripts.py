"""Proofs of fixes in scripts and notebooks: what their authors' machine and data had, and a proof has not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import ProveMarked

pytestmark = pytest.mark.keras

_BEFORE_RELEASE = """
import keras_core as keras
from keras_core import layers
from keras_core.models import Sequential

model = Sequential([keras.Input((4,)), layers.Dense(3«, kernel_regularizer="l2"»)])
"""

SOURCES = {
    "the name before the release": _BEFORE_RELEASE,
}


@pytest.fixture(scope="module")
def shown(prove_marked: ProveMarked) -> dict[str, list[tuple[str, str | None]]]:
    return {
        name: [(proof.grade, proof.model or proof.reason) for proof in proofs]
        for name, proofs in prove_marked(SOURCES).items()
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("the name before the release", [("model", "model (module level)")]),
    ],
)
def test_scripts(
    shown: dict[str, list[tuple[str, str | None]]], name: str, expected: list[tuple[str, str]]
) -> None:
    assert shown[name] == expected
