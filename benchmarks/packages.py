"""What reglint reads of real packages, and what that costs beside the bare parse of the same files.

``python benchmarks/packages.py [--repeat N] [--json] DIR...`` reads each package in a process of its own, so that its
memory is its own, and prints a Markdown table and, below it, the weights whose state is unknown, by reason.

The cost is CPU time. In each of the N rounds each file is read by reglint and then, if it passes the screen, parsed by
``libcst.parse_module``, file after file, so that a busy moment of the machine meets both. The lowest sum of each is
taken; Python's garbage collector is off in both.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import resource
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import libcst as cst
from shared import in_all, in_turn, reported, table

from reglint.keras.screen import may_construct_layers
from reglint.policy import DEFAULT
from reglint.reading import read_modules
from reglint.resolve.trees import collector_off

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reglint.keras.module import KerasModule
    from reglint.keras.sites import Site
    from reglint.resolve.project import Project

MEGABYTE = 1e6
KILOBYTES = 1 if sys.platform == "darwin" else 1024
"""The unit of ``ru_maxrss`` in bytes."""


@dataclass
class Measured:
    """One package. Times are CPU seconds, the lowest of all rounds; ``memory`` is bytes."""

    name: str
    files: int = 0
    screened: int = 0
    """How many files pass the screen."""
    constructors: int = 0
    weights: int = 0
    """The weights of the layers, without what regularizes a layer's output."""
    passed: int = 0
    """How many of them are for callers outside the package to decide."""
    unknown: Counter[str] = field(default_factory=Counter)
    """How many weights have an unknown state, by reason."""
    failed: list[str] = field(default_factory=list)
    """The files that could not be read, and why."""
    parse: float = 0.0
    """The bare ``libcst.parse_module`` of the files that pass the screen."""
    read: float = 0.0
    """All that reglint does: reading and screening every file, and finding the layers of those that pass."""
    memory: int = 0
    """How much the first round added to the most memory that the process had in use."""

    @property
    def known(self) -> float:
        """The share of weights whose state is known."""
        return 1 - self.unknown.total() / self.weights if self.weights else 1.0

    @property
    def ratio(self) -> float:
        return self.read / self.parse if self.parse else 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", metavar="DIR", type=Path, help="the folder of a package")
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="rounds (default: 3)")
    parser.add_argument("--json", action="store_true", help="print a JSON object for each package, on a line")
    options = parser.parse_args(arguments)
    jobs = [(folder, options.repeat) for folder in options.folders]
    packages = in_turn(_measure, jobs)
    measured = reported(packages, as_json=options.json, seconds="read", known=lambda each: each.known)
    if not options.json:
        print("\n".join(shown(measured, options.repeat)))
    return 0


def _measure(job: tuple[Path, int]) -> Measured:
    return measure(*job)


def measure(folder: Path, repeat: int) -> Measured:
    """Read a package ``repeat`` times."""
    measured = Measured(folder.resolve().name)
    may_construct_layers(b"")  # reads the catalog
    before = peak_memory()
    rounds = []
    for number in range(repeat):
        one = Measured(measured.name)
        with collector_off():
            one_round(folder, one)
        if number == 0:
            one.memory = peak_memory() - before
            measured = one
        rounds.append((one.parse, one.read))
    measured.parse, measured.read = map(min, zip(*rounds, strict=True))
    return measured


def one_round(folder: Path, measured: Measured) -> None:
    """Read each file of a package and parse it, and add up what that takes and what is found."""
    readings = read_modules([folder], lambda _: DEFAULT, sites_of)
    while True:
        started = time.process_time()
        reading = next(readings, None)
        measured.read += time.process_time() - started
        if reading is None:
            return
        measured.files += 1
        if reading.document is not None:
            file = reading.document.path.relative_to(folder)
            measured.failed += (f"{file}: {problem}" for problem in reading.problems)
        elif reading.error is not None:
            measured.failed.append(f"{Path(reading.error.path).relative_to(folder)}: {reading.error.message}")
        if reading.document is not None and may_construct_layers(reading.document.code):
            measured.screened += 1
            measured.parse += parse_seconds(reading.document.source)
        count(reading.made or (), measured)


def sites_of(module: KerasModule, _: Project) -> tuple[Site, ...]:
    """The layer constructors of a module."""
    return module.sites


def parse_seconds(source: str) -> float:
    """CPU seconds of the bare parse."""
    started = time.process_time()
    with suppress(cst.ParserSyntaxError):
        cst.parse_module(source)
    return time.process_time() - started


def count(sites: Sequence[Site], measured: Measured) -> None:
    """Add the layers of a file."""
    uses = [use for site in sites for use in site.weights if use.weight.role != "activity"]
    measured.constructors += len(sites)
    measured.weights += len(uses)
    measured.passed += sum(use.state == "passed" for use in uses)
    measured.unknown.update(use.reason or "" for use in uses if use.state == "unknown")


def peak_memory() -> int:
    """The most memory that this process ever had in use."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KILOBYTES


def shown(packages: Sequence[Measured], repeat: int) -> Iterator[str]:
    """The results as Markdown."""
    yield f"{machine()}; lowest of {repeat} interleaved round{'s' if repeat > 1 else ''}."
    yield ""
    titles = (
        "package|files|pass the screen|constructors|weights|known|of these passed in|failed"
        "|parse, s|reglint, s|ratio|memory, MB"
    )
    total = in_all(Measured("all"), packages, most=["memory"])
    yield from table(titles.split("|"), map(row, [*packages, total] if len(packages) > 1 else packages))
    yield ""
    yield "Weights with an unknown state, by reason:"
    yield ""
    for package in packages:
        reasons = ", ".join(f"{number} {reason}" for reason, number in package.unknown.most_common(5))
        yield f"- {package.name}: {reasons or 'none'}"
    for package in packages:
        for failure in package.failed:
            yield f"- failed: {package.name}/{failure}"


def row(package: Measured) -> list[Any]:
    """One line of the table."""
    cells: list[Any] = [package.name, package.files, package.screened, package.constructors, package.weights]
    cells += [f"{package.known:.1%}" if package.weights else "", package.passed, len(package.failed)]
    cells += [f"{package.parse:.2f}", f"{package.read:.2f}", f"{package.ratio:.2f}"]
    return [*cells, f"{package.memory / MEGABYTE:.0f}"]


def machine() -> str:
    """The machine, Python and libcst."""
    system = f"{os.cpu_count()} CPUs, {platform.system()} {platform.machine()}"
    return f"{system}, Python {platform.python_version()}, libcst {importlib.metadata.version('libcst')}"


if __name__ == "__main__":
    raise SystemExit(main())
