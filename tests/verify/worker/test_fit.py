"""Which gradients are those of a penalty."""

from __future__ import annotations

import numpy as np
import pytest

from reglint.verify.worker.fit import is_penalty

_WEIGHT = np.array([0.5, -1.0, 0.25, 2.0], "float32")


@pytest.mark.parametrize(
    ("gradient", "weight", "expected"),
    [
        pytest.param(0.02 * _WEIGHT, _WEIGHT, True, id="L2"),
        pytest.param(0.1 * np.sign(_WEIGHT), _WEIGHT, True, id="L1"),
        pytest.param(0.1 * np.sign(_WEIGHT) + 0.02 * _WEIGHT, _WEIGHT, True, id="both"),
        pytest.param(0.02 * _WEIGHT**3, _WEIGHT, False, id="of another power"),
        pytest.param(np.ones(4, "float32"), _WEIGHT, False, id="of outputs"),
        pytest.param(0.02 * _WEIGHT[:2], _WEIGHT[:2], False, id="too few to tell"),
    ],
)
def test_penalties(gradient: np.ndarray, weight: np.ndarray, expected: bool) -> None:
    assert is_penalty(gradient, weight, "float32") is expected
