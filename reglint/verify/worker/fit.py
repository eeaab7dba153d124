"""Which penalty a gradient is that of."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

SAMPLED = 1_000_000
"""Elements of a gradient that are compared; of a larger one, this many to twice as many at even distances."""

_FEW = 3
"""Numbers that a weight needs to have, that two strengths do not fit its gradient whatever it is."""

_ROUNDING = 2e-6
"""A part of a gradient below this share of the largest one is rounding and no penalty."""

_COARSE_ROUNDING = 1e-2
"""The same for weights of 16 bits."""

CLOSE = 1e-4
"""How far, as a share of the largest slope, the gradient of a penalty may be from what is fitted."""


def strengths(gradient: Any, numbers: Any, dtype: str, value: float | None) -> dict[str, Any]:
    """The ``l1`` and ``l2`` of ``l1 * sign(w) + 2 * l2 * w`` that fit a gradient best.

    ``doubt`` is how far rounding may have moved each of the two, ``error`` the largest difference to the gradient, as a
    share of the largest slope. A weight of one number has one slope, which fits many pairs; of these it is the one
    that makes up the ``value`` of the loss.
    """
    every = max(1, numbers.size // SAMPLED)
    sample = numbers[::every].astype("float64")
    sizes, slopes = np.abs(sample), gradient[::every] * np.sign(sample)
    largest = float(np.abs(slopes).max())
    rounding = largest * (_COARSE_ROUNDING if "16" in dtype else _ROUNDING)
    spread = sizes - sizes.mean()
    if spread.any():
        l2 = float(spread @ slopes / (spread @ spread) / 2)
    else:
        l2 = float((slopes.sum() - (value or 0.0) / sizes[0]) / sizes.sum())
    l1 = float(slopes.mean() - 2 * l2 * sizes.mean())
    if abs(l1) <= rounding:
        l1, l2 = 0.0, float(sizes @ slopes / (sizes @ sizes) / 2)
    elif abs(l2) * 2 * sizes.max() <= rounding:
        l1, l2 = float(slopes.mean()), 0.0
    error = float(np.abs(slopes - l1 - 2 * l2 * sizes).max()) / max(largest, sys.float_info.min)
    doubt = [rounding, rounding / 2 / float(sizes.max())]
    return {"l1": l1, "l2": l2, "doubt": doubt, "error": error}


def is_penalty(gradient: Any, numbers: Any, dtype: str) -> bool:
    """Whether a gradient is that of some L1 or L2 penalty; False where a weight is too small to tell."""
    if numbers.size < _FEW:
        return False
    found = strengths(gradient, numbers, dtype, None)
    return bool(found["error"] <= (_COARSE_ROUNDING if "16" in dtype else CLOSE))
