"""Which of many weights each of many losses can depend on, found out in groups."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_FEW = 64
"""Weights, or losses, that are so few that groups would ask for more than they save."""


def sources_of(
    gradient: Callable[[list[Any], Sequence[Any]], Sequence[Any]],
    losses: Sequence[Any],
    sources: Sequence[Any],
) -> list[list[int]]:
    """For each loss the numbers of the sources that it may depend on; on the others it does not.

    ``gradient`` differentiates a sum of losses, with None for a source that no term has a way to. It takes time for
    each source, also where there is nothing: with hundreds of losses and of sources that is most of a measurement.
    So groups of losses are asked about first, as large as makes all questions together shortest.
    """
    if min(len(losses), len(sources)) <= _FEW:
        return [list(range(len(sources)))] * len(losses)
    size = math.isqrt(len(sources))
    found = []
    for start in range(0, len(losses), size):
        group = list(losses[start : start + size])
        reached = [number for number, its in enumerate(gradient(group, sources)) if its is not None]
        found += [reached] * len(group)
    return found
