"""``reglint verify``: from paths, or functions by name, to models and what is in their losses."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from reglint.policy.requirement import OPTIONAL
from reglint.reading import read_modules, shown_path
from reglint.report.results import ErrorResult
from reglint.report.verification import (
    LayerEntry,
    ModelEntry,
    PenaltyEntry,
    UnverifiedEntry,
    Verification,
    VerificationSummary,
    WeightEntry,
)
from reglint.verify import Job, Target, by_settings, examine
from reglint.verify.review import review

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reglint.files.documents import Document
    from reglint.keras.catalog import Generation
    from reglint.keras.module import KerasModule
    from reglint.policy.policy import Policy
    from reglint.policy.requirement import Requirement
    from reglint.resolve.project import Project
    from reglint.verify import Settings
    from reglint.verify.examiner import Found, Unverified
    from reglint.verify.review import ModelReview, WeightReview

_JSON_VERSION = 1
_ENTRY = re.compile(r"(?P<module>.+):(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)")
_ROOTS = (Path(), Path("src"))
"""Where modules are imported from, as projects are laid out."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A function, class or method of a file, by the name that it has there."""

    path: Path
    name: str


class UnknownModule(Exception):
    """``module:function`` whose module is no file."""


def entry_of(text: str) -> Entry | None:
    """``pkg.models:build`` or ``pkg/models.py:Net.build``; None for anything that is a path.

    Raises:
        UnknownModule: there is no such file.
    """
    match = _ENTRY.fullmatch(text)
    if match is None or Path(text).exists():
        return None
    module = match["module"]
    if module.endswith(".py"):
        places = [Path(module)]
    else:
        folders = [root.joinpath(*module.split(".")) for root in _ROOTS]
        places = [each for folder in folders for each in (folder.with_suffix(".py"), folder / "__init__.py")]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise UnknownModule(f"{text}: there is no {' and no '.join(map(str, places))}")
    return Entry(found, match["name"])


def verify(
    paths: Sequence[Path],
    policy_for: Callable[[Path], Policy],
    settings: Callable[[Path], Settings],
    *,
    entries: Sequence[Entry] = (),
) -> Verification:
    """Build what the files of ``paths`` build, or call ``entries`` in place of that, and review the models.

    Raises:
        reglint.verify.VerifierMissing: this needs Keras, and it is not there.
        reglint.policy.PolicyError: there is no telling what applies to a file.
    """
    by_file = {
        path: [entry.name for entry in group]
        for path, group in groupby(
            sorted(entries, key=lambda entry: entry.path), key=lambda entry: entry.path
        )
    }
    errors: list[ErrorResult] = []
    files: list[tuple[Document, Job]] = []
    read = 0
    sources: dict[str, None] = {}

    def make(module: KerasModule, project: Project) -> Job:  # noqa: ARG001
        return _job(module, policy_for(module.document.path))

    for reading in read_modules([*paths, *by_file], policy_for, make):
        errors += (reading.error,) if reading.error is not None else ()
        document = reading.document
        if document is None:
            continue
        read += 1
        sources[policy_for(document.path).source] = None
        errors += (
            ErrorResult(
                shown_path(document.path), str(each), each.place.cell, each.place.line, each.place.column
            )
            for each in reading.problems
        )
        job = reading.made
        if job is None and document.path in by_file and not reading.problems:
            job = Job(document.path, document.source, document.source, 3, ())
        if job is not None:
            files.append((document, job))
    examined = by_settings(
        [job for _, job in files],
        settings,
        lambda jobs, how: examine(jobs, how, [by_file[job.path] for job in jobs] if by_file else None),
    )
    models: list[ModelEntry] = []
    unverified: list[UnverifiedEntry] = []
    documents = {str(job.path.absolute()): document for document, job in files}
    for (document, job), its in zip(files, examined, strict=True):
        policy = policy_for(document.path)
        errors += (
            ErrorResult(shown_path(document.path), f"there is no `{name}` in it") for name in its.unknown
        )
        models += (_model(found, job, policy, documents) for found in its.models)
        unverified += (_unverified(each, job, document) for each in its.unverified)
    summary = VerificationSummary(
        policy=", ".join(sources) or "none applied",
        files=read,
        models=len(models),
        weights=sum(
            weight.asked is not None and weight.trainable
            for model in models
            for layer in model.layers
            for weight in layer.weights
        ),
        problems=sum(model.problems for model in models),
        unverified=len(unverified),
        errors=len(errors),
    )
    return Verification(_JSON_VERSION, tuple(models), tuple(unverified), summary, tuple(errors))


def _job(module: KerasModule, policy: Policy) -> Job:
    """The file as it is; its targets are the layers that it constructs."""
    source = module.document.source
    generation: Generation = policy.generation or 3
    targets = []
    for site in module.sites:
        generation = site.generation
        span = module.span(site.call)
        targets.append(Target(span.line, span.column, span.end_line, span.end_column, site.class_name, ()))
    return Job(module.document.path, source, source, generation, tuple(targets))


# From reviews to entries


def _model(found: Found, job: Job, policy: Policy, documents: dict[str, Document]) -> ModelEntry:
    reviewed = review(found.observation, policy, job.path)
    layers = []
    for _, group in groupby(reviewed.weights, key=lambda weight: (weight.layer, weight.file, weight.line)):
        weights = tuple(group)
        first = weights[0]
        place = _made_at(first, documents)
        layers.append(
            LayerEntry(
                first.layer, first.layer_class, *place, tuple(_weight(each, reviewed) for each in weights)
            )
        )
    return ModelEntry(
        path=shown_path(job.path),
        built=found.built,
        grade=found.grade,
        name=reviewed.name,
        model=reviewed.model_class,
        parameters=reviewed.parameters,
        penalized=reviewed.penalized,
        coverage=reviewed.coverage,
        penalty=reviewed.penalty,
        layers=tuple(layers),
    )


def _made_at(
    weight: WeightReview, documents: dict[str, Document]
) -> tuple[str | None, int | None, int | None]:
    """The file, cell and line that made a layer."""
    if weight.file is None or weight.line is None:
        return None, None, None
    document = documents.get(weight.file)
    if document is not None:
        cell, line, _ = document.locate(weight.line, 1)
        return shown_path(document.path), cell, line
    path = Path(weight.file)
    return (
        shown_path(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path),
        None,
        weight.line,
    )


def _weight(weight: WeightReview, model: ModelReview) -> WeightEntry:
    penalty = weight.penalty
    return WeightEntry(
        name=weight.weight,
        role=weight.role,
        shape=weight.shape,
        parameters=weight.parameters,
        trainable=weight.trainable,
        penalty=None
        if penalty is None
        else PenaltyEntry(
            penalty.kind, penalty.l1, penalty.l2, "other" if penalty.kind == "other" else str(penalty)
        ),
        value=weight.value,
        share=weight.value / model.penalty if model.penalty else 0.0,
        asked=None if weight.asked is None or _is_free(weight.asked) else str(weight.asked),
        problem=weight.problem,
        note=weight.note,
    )


def _is_free(asked: Requirement) -> bool:
    """Whether the policy leaves a weight alone."""
    return asked.kinds == OPTIONAL


def _unverified(unverified: Unverified, job: Job, document: Document) -> UnverifiedEntry:
    entry = UnverifiedEntry(shown_path(job.path), unverified.what, unverified.reason)
    if unverified.target is None:
        return entry
    target = job.targets[unverified.target]
    cell, line, column = document.locate(target.line, target.column)
    return replace(entry, what=f"`{unverified.what}`", cell=cell, line=line, column=column)
