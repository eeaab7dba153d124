"""What the benchmarks over packages share: running each in a process of its own, adding up, and Markdown tables."""

from __future__ import annotations

import json
import multiprocessing
import sys
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


def reported(
    packages: Iterable[_Package], *, as_json: bool, seconds: str, **more: Callable[[_Package], Any]
) -> list[_Package]:
    """All packages, of each of which a line is printed as soon as it is there.

    ``as_json``: an object with its fields, and what ``more`` makes of it by name. If not, how many ``seconds`` (the
    name of a field) it took, to standard error.
    """
    found = []
    for package in packages:
        found.append(package)
        if as_json:
            made = {name: make(package) for name, make in more.items()}
            print(json.dumps(vars(package) | made), flush=True)
        else:
            name, took = package.name, getattr(package, seconds)
            print(f"{name}: {took:.2f} s", file=sys.stderr)
    return found


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
