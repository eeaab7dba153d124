"""Examines one file: builds its models, as they are, and observes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from reglint.verify.plan import Attempt
from reglint.verify.reasons import explain, rests_on

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

    from reglint.verify.client import Worker
    from reglint.verify.observed import Observation
    from reglint.verify.plan import Plan
    from reglint.verify.proof import Job, Settings

_TRIES = 6
"""Candidates that are built for a layer that no model has so far."""

NOT_BUILT = "no model that could be built has this layer"


@dataclass(frozen=True, slots=True)
class Found:
    """A model. ``layer`` means that it was put around a function of tensors, or a layer, of the project."""

    built: str
    """What was built: ``build_model()``, ``model (module level)``."""
    grade: Literal["model", "layer"]
    observation: Observation


@dataclass(frozen=True, slots=True)
class Unverified:
    """What could not be observed: the layers of one call, by the index of the target, or all that something builds."""

    target: int | None
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of a file."""

    models: tuple[Found, ...] = ()
    unverified: tuple[Unverified, ...] = ()
    unknown: tuple[str, ...] = ()
    """The functions and classes that were asked for and are not there."""


class Examiner:
    """Builds what a file can build, until every model is seen and every layer in question is in one."""

    def __init__(self, job: Job, plan: Plan, settings: Settings, worker: Worker) -> None:
        self._job = job
        self._plan = plan
        self._settings = settings
        self._worker = worker
        self._found: list[Found] = []
        self._failed: list[tuple[Attempt, str]] = []
        self._stray: dict[int, str] = {}
        self._open = set(plan.calls)
        self._built_at_module_level: set[int] = set()
        self._ran: set[str] = set()
        """The definitions that models at module level ran."""

    def run(self) -> Examined:
        """Examines the whole file."""
        own = self._plan.own
        self._module_level([each for each in own if each.candidate.kind == "module"])
        calls = [each for each in own if each.candidate.kind == "call"]
        models = [each for each in calls if each.candidate.model and not each.candidate.training]
        self._try_at_once([each for each in models if self._is_new(each)])
        self._try_open([each for each in calls if each not in models])
        if self._open:
            self._try_open([each for each in self._plan.imported if each.candidate.kind != "helper"])
        if self._open:
            self._try_open([each for each in own if each.candidate.kind == "helper"])
        return Examined(tuple(self._found), tuple(self._unverified()))

    def run_entries(self, entries: Sequence[str]) -> Examined:
        """Calls functions or classes of the file, by name."""
        unverified = []
        unknown = []
        for entry in entries:
            own = next((each for each in self._plan.own if each.candidate.entry == entry), None)
            candidate = own.candidate if own is not None else self._plan.survey.named(entry)
            if candidate is None:
                unknown.append(entry)
                continue
            attempt = own or Attempt(candidate, frozenset())
            before = len(self._found)
            if not self._try(attempt):
                unverified.append(Unverified(None, candidate.label, self._failed[-1][1]))
            elif len(self._found) == before:
                unverified.append(Unverified(None, candidate.label, "it built no model with weights"))
        return Examined(tuple(self._found), tuple(unverified), tuple(unknown))

    def _module_level(self, attempts: list[Attempt]) -> None:
        """Builds the models at module level, all at once or, if that fails, one by one."""
        for attempt in attempts:
            numbers = set(attempt.candidate.models)
            if attempt.candidate.training or numbers <= self._built_at_module_level:
                continue
            if self._try(attempt):
                self._built_at_module_level |= numbers
                leaves = [self._plan.after.models[number] for number in numbers]
                kept = self._plan.after.slicer.closure(leaves)
                self._ran |= {name for leaf in kept for name in leaf.binds}

    def _is_new(self, attempt: Attempt) -> bool:
        """Whether a function or class is worth a build of its own: no model at module level came out of it."""
        name = attempt.candidate.entry.partition(".")[0]
        return name not in self._ran or bool(attempt.covers & self._open)

    def _try_at_once(self, attempts: list[Attempt]) -> None:
        """Starts the builds of all before it waits for the first."""
        first = [self._submit(attempt, attempt.shapes[0]) for attempt in attempts]
        for attempt, started in zip(attempts, first, strict=True):
            self._try(attempt, started)

    def _try_open(self, attempts: list[Attempt]) -> None:
        """Builds what may make layers that no model has so far, the most promising first."""
        tries = dict.fromkeys(self._plan.calls, 0)
        while wanted := {index for index in self._open if tries[index] < _TRIES}:
            attempts = [each for each in attempts if each.covers & wanted]
            if not attempts:
                return
            best = min(attempts, key=lambda each: each.candidate.rank(len(each.covers & wanted)))
            attempts.remove(best)
            for index in best.covers & wanted:
                tries[index] += 1
            self._try(best)

    def _try(self, attempt: Attempt, started: Future[dict[str, Any]] | None = None) -> bool:
        """Builds an attempt, if need be with several made-up shapes; whether it could be built."""
        first = None
        for shape in attempt.shapes:
            answer = (started or self._submit(attempt, shape)).result()
            started = None
            if "error" not in answer or answer.get("models"):
                self._keep(attempt, shape, answer)
                return True
            first = first or explain(answer["error"], attempt.label(shape), self._settings)
            if not answer.get("made_up") and not attempt.candidate.guessed:
                break
        self._failed.append((attempt, first or ""))
        return False

    def _submit(self, attempt: Attempt, shape: tuple[int, ...]) -> Future[dict[str, Any]]:
        targets = [
            {"index": index, "layer": self._job.targets[index].layer, "weights": []}
            for index in sorted(self._plan.calls)
        ]
        request = self._plan.request_for(self._plan.after, attempt, shape)
        return self._worker.submit(request | {"targets": targets, "observe": True})

    def _keep(self, attempt: Attempt, shape: tuple[int, ...], answer: dict[str, Any]) -> None:
        for model in answer["models"]:
            self._open.difference_update(model["holds"])
            self._stray.update((index, name) for index, name in model["stray"])
            grade: Literal["model", "layer"] = "layer" if model["wrapped"] else "model"
            label = attempt.label_of(model["bound"], shape) + rests_on(answer)
            self._found.append(Found(label, grade, model))

    def _unverified(self) -> list[Unverified]:
        """What failed and nothing else made up for, then the layers that are left."""
        found = []
        left = set(self._open)
        for attempt, reason in self._failed:
            candidate = attempt.candidate
            is_model = candidate.model and not candidate.training and candidate.kind != "helper"
            made_up_for = candidate.entry in self._ran if not attempt.covers else not attempt.covers & left
            if is_model and not made_up_for:
                found.append(Unverified(None, attempt.label(attempt.shapes[0]), reason))
                left -= attempt.covers
        calls = (
            Unverified(index, self._job.targets[index].layer, self._why(index)) for index in sorted(left)
        )
        return [*found, *calls]

    def _why(self, index: int) -> str:
        if index in self._stray:
            return f"the layer `{self._stray[index]}` made here is in no model"
        reasons = [reason for attempt, reason in self._failed if index in attempt.covers]
        return reasons[0] if reasons else NOT_BUILT
