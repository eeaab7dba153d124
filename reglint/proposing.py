"""The run of ``init --infer``: from paths to a policy that asks for what the code does most, and what breaks it."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from reglint.checking import check_files
from reglint.infer.text import comment, lines_of
from reglint.policy import DEFAULT, preset
from reglint.policy.decode import decode
from reglint.policy.source import Source
from reglint.policy.toml import parse
from reglint.reading import read_modules
from reglint.report.text import shown_position
from reglint.suppress.screen import may_be_wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reglint.infer.observed import Observed
    from reglint.keras.module import KerasModule
    from reglint.policy.policy import Policy
    from reglint.report.results import ErrorResult, FindingResult
    from reglint.resolve.project import Project


@dataclass(frozen=True, slots=True)
class Proposal:
    """A policy file, and what it was made from."""

    text: str
    layers: int
    files: int
    outliers: tuple[FindingResult, ...]
    """What ``check`` reports of the same paths with this policy; paths are relative to the policy."""
    errors: tuple[ErrorResult, ...]


def propose(paths: Sequence[Path], target: Path) -> Proposal:
    """Propose the policy ``target`` for the code below ``paths``; a file that cannot be read decides nothing.

    No policy that there is already has a part in it.
    """
    errors: list[ErrorResult] = []
    observed: list[Observed] = []
    suspects: set[Path] = set()
    layers = files = 0
    for reading in read_modules(paths, lambda _: DEFAULT, _observe):
        errors += (reading.error,) if reading.error is not None else ()
        if reading.document is None:
            continue
        files += 1
        if reading.problems or may_be_wrong(reading.document.code):
            suspects.add(reading.document.path)
        if reading.made is not None:
            layers += reading.made[0]
            observed += reading.made[1]
    root = Path(os.path.abspath(target)).parent
    observed.sort(key=lambda weight: _shown(weight.path, root))
    text = _text(observed, root)
    policy = decode(Source(parse(text), target), str(target), target)
    suspects.update(weight.path for weight in observed if _may_break(weight, policy))
    outliers = _outliers(sorted(suspects), policy, root)
    where = " ".join(sorted(shlex.quote(_shown(path, root)) for path in paths))
    head = _head(where, layers, files)
    return Proposal(
        "\n".join([*head, text, *_named(outliers, where)]), layers, files, tuple(outliers), tuple(errors)
    )


def _observe(module: KerasModule, project: Project) -> tuple[int, tuple[Observed, ...]]:  # noqa: ARG001
    from reglint.infer.observed import observe

    return len(module.sites), tuple(observe(module))


def _text(observed: Sequence[Observed], root: Path) -> str:
    """The tables of the policy."""
    from reglint.infer.scope import weight
    from reglint.infer.tables import rules_of, tables
    from reglint.keras.catalog import ROLES

    known = [weight(each, _below(each.path, root)) for each in observed if each.state == "known"]
    by_role = {role: [each for each in known if each.observed.role == role] for role in ROLES}
    lines = [*lines_of(tables(rules_of(by_role), by_role), observed)]
    if all(weight.observed.found.kind == "none" for weight in known):
        lines += [
            comment(
                "No weight has a penalty, as far as it could be read, so nothing is asked for. To ask for what"
            ),
            comment(
                'reglint asks for without a policy, take these two "#" away; `reglint policy presets` lists other ways.'
            ),
            *(f"#{line}" for line in preset.text("default").splitlines() if "=" in line),
        ]
    return "\n".join(lines) + "\n"


def _may_break(weight: Observed, policy: Policy) -> bool:
    """Whether ``check`` may find something about a weight."""
    requirement = policy.requirement(weight, weight.role)
    return weight.state == "known" and (
        not weight.only or (requirement is not None and requirement.violation(weight.found) is not None)
    )


def _outliers(paths: Sequence[Path], policy: Policy, root: Path) -> list[FindingResult]:
    """What is found in some files, as ``check`` finds it."""
    found = [
        replace(finding, path=_shown(document.path, root))
        for document, checked in check_files(paths, lambda _: policy, [])
        for finding in checked.results
    ]
    return sorted(found, key=lambda finding: (finding.path, finding.cell or 0, finding.line, finding.column))


def _head(where: str, layers: int, files: int) -> Iterator[str]:
    yield comment(
        f"Made by `reglint init --infer {where}` from {_count(layers, 'layer')} in {_count(files, 'file')}."
    )
    yield comment("It asks of all weights what most of them have: keep what you mean, change the rest.")
    yield ""


def _named(outliers: Sequence[FindingResult], where: str) -> Iterator[str]:
    found = f"reports {_count(len(outliers), 'finding')}:" if outliers else "has nothing to report."
    yield comment(f"With this policy `reglint check {where}` {found}")
    for finding in outliers:
        yield comment(f"  {finding.path}:{shown_position(finding)}: {finding.code} {finding.message}")
    yield ""


def _below(path: Path, root: Path) -> PurePosixPath | None:
    """A path relative to a folder, where it is in it."""
    absolute = Path(os.path.abspath(path))
    return PurePosixPath(absolute.relative_to(root).as_posix()) if absolute.is_relative_to(root) else None


def _shown(path: Path, root: Path) -> str:
    below = _below(path, root)
    return str(path) if below is None else str(below)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
