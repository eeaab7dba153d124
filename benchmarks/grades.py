"""What part of the fixes that ``reglint fix`` makes in real packages is proven, and where.

``python benchmarks/grades.py [--python FILE] [--timeout S] [--files N] [--json] [DIR ...] [--keras-2 DIR ...]`` fixes
a copy of each package under a strict policy, L2 on every kernel-like weight, with proofs, and prints a Markdown table
and, below it, why sites are not proven. A site is a constructor call of a layer that a fix would change; its grade is
the lowest of its weights. The packages under ``--keras-2`` are proven with Keras 2; a build may take S seconds.
Files of tests are not fixed, notebooks are.

For a folder of scripts and notebooks, which have little to do with each other, ``--files N`` takes a sample: N of its
files that name Keras, those whose paths have the lowest SHA-256.

Reasons that differ in names and numbers only are one.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from shared import in_all, in_turn, reported, table

from reglint import pipeline
from reglint.policy import load
from reglint.verify import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reglint.report.results import FindingResult, ProofResult

POLICY = """\
keras = {keras}

[weights]
kernel = {{ require = "l2", strength = 1e-4 }}
"""
TEST = re.compile(r"(^|/)tests?/|(^|/)test_[^/]*$|_test\.py$|(^|/)conftest\.py$")
GRADES = ("unverified", "layer", "model")
"""From the lowest to the highest."""

_LABEL = re.compile(r"^.*?(?:\)(?: in \S+)?| \(module level\)): (?=the layer|no layer)")
"""What was built, in front of what is wrong with it."""

_RAISED = re.compile(r"\b(building|calling|measuring|importing) (?:(?!; building).)*? raised ")


class Task(NamedTuple):
    """A package to fix; ``keras`` is the policy's."""

    folder: Path
    keras: str
    python: str | None
    timeout: float
    files: int | None
    """How many of its files, None for all."""


class Site(NamedTuple):
    """Where a layer is constructed; lines of a notebook are those of a cell."""

    path: str
    cell: int | None
    line: int
    column: int


@dataclass
class Graded:
    """One package."""

    name: str
    keras: str = ""
    grades: Counter[str] = field(default_factory=Counter)
    """How many sites have each grade."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Why sites are unverified."""
    lesser: Counter[str] = field(default_factory=Counter)
    """Why sites are proven in a minimal model only."""
    places: list[str] = field(default_factory=list)
    """The sites that are not proven in a model, each with its grade and the reason as it was given."""
    seconds: float = 0.0

    def share(self, *grades: str) -> str:
        """How many of the sites have one of the grades, in percent."""
        sites = self.grades.total()
        return f"{sum(self.grades[grade] for grade in grades) / sites:.0%}" if sites else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Fix, prove and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", metavar="DIR", type=Path, help="the folder of a package")
    parser.add_argument(
        "--keras-2", nargs="+", default=[], metavar="DIR", type=Path, help="packages written for Keras 2"
    )
    parser.add_argument("--python", metavar="FILE", help="the interpreter that builds the models")
    parser.add_argument(
        "--timeout", type=float, default=Settings().timeout, metavar="S", help="seconds that a build may take"
    )
    parser.add_argument(
        "--files", type=int, metavar="N", help="fix N files of each folder, drawn by their paths"
    )
    parser.add_argument("--json", action="store_true", help="print a JSON object for each package, on a line")
    options = parser.parse_args(arguments)
    how = (options.python, options.timeout, options.files)
    tasks = [Task(folder, '"auto"', *how) for folder in options.folders]
    tasks += [Task(folder, "2", *how) for folder in options.keras_2]
    packages = reported(in_turn(measure, tasks), as_json=options.json, seconds="seconds")
    if not options.json:
        print("\n".join(shown(packages)))
    return 0


def measure(task: Task) -> Graded:
    """Fix a copy of a package and see what was proven."""
    package = Graded(task.folder.resolve().name, "2" if task.keras == "2" else "3")
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary, package.name)
        shutil.copytree(task.folder, copy)
        (copy / "strict.toml").write_text(POLICY.format(keras=task.keras))
        policy = load(copy / "strict.toml")
        settings = Settings(python=task.python, timeout=task.timeout)
        started = time.monotonic()
        outcome = pipeline.fix(sources(copy, task.files), lambda _: policy, settings=lambda _: settings)
        package.seconds = time.monotonic() - started
        for site, proof in lowest(outcome.report.findings).items():
            cell = f", cell {site.cell}" if site.cell is not None else ""
            count(proof, f"{Path(site.path).relative_to(copy)}{cell}:{site.line}", package)
    return package


def sources(folder: Path, sample: int | None) -> list[Path]:
    """The Python files and notebooks of a package that are no tests; of a ``sample`` of them that name Keras."""
    paths = sorted([*folder.rglob("*.py"), *folder.rglob("*.ipynb")])
    names = {path: path.relative_to(folder).as_posix() for path in paths}
    paths = [path for path, name in names.items() if not TEST.search(name)]
    if sample is None:
        return paths
    naming = [path for path in paths if b"keras" in path.read_bytes().lower()]
    return sorted(sorted(naming, key=lambda path: hashlib.sha256(names[path].encode()).digest())[:sample])


def lowest(results: Iterable[FindingResult]) -> dict[Site, ProofResult]:
    """The lowest proof at each site that a safe fix would change."""
    proofs: dict[Site, ProofResult] = {}
    for result in results:
        site = Site(result.path, result.cell, result.line, result.column)
        if result.proof is not None and (
            site not in proofs or GRADES.index(result.proof.grade) < GRADES.index(proofs[site].grade)
        ):
            proofs[site] = result.proof
    return proofs


def count(proof: ProofResult, place: str, package: Graded) -> None:
    """Add a site."""
    package.grades[proof.grade] += 1
    if proof.grade == "model":
        return
    package.places.append(f"{place}: {proof.grade}: {proof.reason}")
    reasons = package.reasons if proof.grade == "unverified" else package.lesser
    reasons[in_general(proof.reason or "")] += 1


def in_general(reason: str) -> str:
    """A reason without the names and numbers of its place."""
    reason = _RAISED.sub(r"\1 raised ", _LABEL.sub("", reason))
    reason = re.sub(r" \([^()]*(\([^()]*\)[^()]*)*\)$", "", reason)
    reason = re.sub(r"`[^`]*`|'[^']*'|\"[^\"]*\"|<[^<>]*>", "…", reason)
    return re.sub(r"-?\b\d[\d.e-]*\b", "N", reason)


def shown(packages: Sequence[Graded]) -> Iterator[str]:
    """The results as Markdown."""
    total = in_all(Graded("all"), packages)
    titles = ("package", "Keras", "sites", "`model`", "`layer`", "`unverified`", "proven", "in a model", "s")
    yield from table(titles, map(row, [*packages, total] if len(packages) > 1 else packages))
    for title, reasons in (("Unverified", total.reasons), ("In a minimal model only", total.lesser)):
        yield ""
        yield f"{title}, by reason:"
        yield ""
        yield from (f"- {number}: {reason}" for reason, number in reasons.most_common())


def row(package: Graded) -> list[str]:
    """One line of the table."""
    numbers = [package.grades.total(), *(package.grades[grade] for grade in reversed(GRADES))]
    shares = [package.share("model", "layer"), package.share("model")]
    return [package.name, package.keras, *map(str, numbers), *shares, f"{package.seconds:.0f}"]


if __name__ == "__main__":
    raise SystemExit(main())
