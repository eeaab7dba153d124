"""What the benchmarks over packages share: running each in a process of its own, adding up, and Markdown tables."""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_Job = TypeVar("_Job")
_Package = TypeVar("_Package")


def in_turn(measure: Callable[[_Job], _Package], jobs: Iterable[_Job]) -> Iterator[_Package]:
    """What ``measure`` makes of each job, one after the other.

    Each runs in a process of its own: what one makes reglint remember costs the next one nothing.
    """
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        yield from pool.imap(measure, jobs, chunksize=1)


def in_all(total: _Package, packages: Sequence[_Package], *, most: Sequence[str] = ()) -> _Package:
    """Add all numbers, counters and lists of the packages to ``total``; of the fields ``most``, take the most."""
    for name, value in vars(total).items():
        if not isinstance(value, str):
            values = [getattr(package, name) for package in packages]
            setattr(total, name, max(values, default=value) if name in most else sum(values, value))
    return total


def table(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A Markdown table whose first column has names and whose others have numbers."""
    yield f"| {' | '.join(titles)} |"
    yield "|---|" + "--:|" * (len(titles) - 1)
    for row in rows:
        yield f"| {' | '.join(map(str, row))} |"
