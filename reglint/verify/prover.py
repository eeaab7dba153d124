"""Proves the targets of one file: builds what the plan says, judges what was measured, and grades."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reglint.verify import alone
from reglint.verify.judge import Verdict, judge
from reglint.verify.proof import Proof
from reglint.verify.reasons import explain, rests_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from reglint.verify.client import Worker
    from reglint.verify.plan import Attempt, Plan
    from reglint.verify.proof import Job, Settings, Target
    from reglint.verify.survey import Side

_TRIES = 6
"""Candidates that are built for one target before it is tried alone; one that ran without it counts twice."""


_PATIENCE = 8
"""What is built in a row and proves nothing, of other files and with other arguments."""

_VARIANTS = 3
"""Tries that are kept for other files, and for other arguments."""


def unverified(reason: str) -> Proof:
    """The proof that there is none."""
    return Proof("unverified", reason, None, ())


def _those(attempts: Iterable[Attempt], *, helpers: bool) -> list[Attempt]:
    """The functions of tensors, which need a minimal model around them, or all others."""
    return [each for each in attempts if (each.candidate.kind == "helper") == helpers]


class Prover:
    """Works on one job until every target has a proof or nothing is left to try."""

    def __init__(self, job: Job, plan: Plan, settings: Settings, worker: Worker) -> None:
        self._job = job
        self._plan = plan
        self._settings = settings
        self._worker = worker
        self._proofs: dict[int, Proof] = {}
        self._reasons: dict[int, str] = {}
        self._failed: dict[int, str] = {}
        self._tries = dict.fromkeys(range(len(job.targets)), 0)
        self._tried: set[Attempt] = set()
        self._missed: frozenset[int] = frozenset()
        """The targets that something built was thought to make, and did not."""

    def run(self) -> list[Proof]:
        """The proofs, in the order of the targets."""
        for index, target in enumerate(self._job.targets):
            reason = self._hopeless(index, target)
            if reason is not None:
                self._proofs[index] = unverified(reason)
        plan = self._plan
        self._try_all(_those(plan.own, helpers=False), lambda: _those(plan.own_variants, helpers=False))
        self._have_tries_left()
        if self._wanted():
            imported = _those(plan.imported, helpers=False)
            self._try_all(imported, lambda: _those(plan.imported_variants, helpers=False), _PATIENCE)
        self._try_variants(helpers=False)
        for index in self._open() & self._failed.keys():
            self._proofs[index] = unverified(self._failed[index])
        self._try_all(_those(plan.own, helpers=True))
        self._try_variants(helpers=True)
        self._try_alone()
        return [self._proofs[index] for index in range(len(self._job.targets))]

    def _try_variants(self, *, helpers: bool) -> None:
        """Tries what is left with other arguments: a layer in a branch is not made by the usual ones."""
        self._have_tries_left()
        if self._open():
            variants = [*self._plan.own_variants, *self._plan.imported_variants]
            self._try_all(_those(variants, helpers=helpers), patience=_PATIENCE)

    def _have_tries_left(self) -> None:
        """Keeps what was tried until now from using up what may be tried in another way."""
        for index in self._open():
            self._tries[index] = min(self._tries[index], _TRIES - _VARIANTS)

    def _hopeless(self, index: int, target: Target) -> str | None:
        if index not in self._plan.calls:
            return "there is no call at this place of the fixed source"
        if index not in self._plan.before_calls:
            return "the unfixed source has no such call to compare with"
        if not target.weights:
            return "no penalty is asked for"
        for role, penalty in target.weights:
            if role == "activity":
                return "a penalty on the output of a layer is not proven, only penalties on its weights are"
            if penalty.kind == "other" or penalty.l1 is None or penalty.l2 is None:
                return f"the strength of {penalty} is not known"
        return None

    def _open(self) -> frozenset[int]:
        return frozenset(index for index in range(len(self._job.targets)) if index not in self._proofs)

    def _wanted(self) -> frozenset[int]:
        """The targets that are worth another model."""
        return frozenset(index for index in self._open() if self._tries[index] < _TRIES)

    def _try_all(
        self,
        attempts: list[Attempt],
        variants: Callable[[], list[Attempt]] = list,
        patience: int | None = None,
    ) -> None:
        """Builds one after the other, the most promising first, as long as there are targets that need it.

        The ``variants``, which lead into branches, come first for a target that something built passed by. With
        ``patience``, that many in a row may prove nothing.
        """
        barren = 0
        while (wanted := self._wanted()) and barren != patience:
            missed = self._missed & wanted
            left = self._left(variants(), missed) if missed else []
            left = left or self._left(attempts, wanted)
            if not left:
                return
            best = min(left, key=lambda each: each.candidate.rank(len(each.covers & wanted)))
            self._tried.add(best)
            proven = len(self._proofs)
            self._try(best, wanted)
            barren = 0 if len(self._proofs) > proven else barren + 1

    def _left(self, attempts: Iterable[Attempt], wanted: frozenset[int]) -> list[Attempt]:
        return [each for each in attempts if each.covers & wanted and each not in self._tried]

    def _try(self, attempt: Attempt, wanted: frozenset[int]) -> None:
        for index in attempt.covers & wanted:
            self._tries[index] += 1
        failed = None
        for shape in attempt.shapes:
            before, after = self._build(attempt, shape)
            if "error" not in before and "error" not in after:
                if _ending(before) != _ending(after):
                    self._refuse(attempt, shape)
                    return
                self._settle(attempt, shape, before, after)
                return
            if before.get("models") and after.get("models") and _ending(before) == _ending(after):
                self._settle_made(attempt, shape, before, after)
            made_up = attempt.candidate.guessed or any(each.get("made_up") for each in (before, after))
            self._note_failure(attempt, shape, before, after, bool(made_up))
            # What another shape did not change, a third one will not change either.
            if not made_up or failed == (failed := (before.get("error"), after.get("error"))):
                return

    def _build(self, attempt: Attempt, shape: tuple[int, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Builds both sources at the same time."""
        sides = (self._plan.before, self._plan.after)
        futures = [
            self._worker.submit(
                self._plan.request_for(side, attempt, shape) | {"targets": self._targets(self._plan.calls)}
            )
            for side in sides
        ]
        before, after = (future.result() for future in futures)
        return before, after

    def _targets(self, indices: Iterable[int]) -> list[dict[str, Any]]:
        return [
            {
                "index": index,
                "layer": self._job.targets[index].layer,
                "weights": [(role, each.l1, each.l2) for role, each in self._job.targets[index].weights],
            }
            for index in sorted(indices)
        ]

    def _note_failure(
        self,
        attempt: Attempt,
        shape: tuple[int, ...],
        before: dict[str, Any],
        after: dict[str, Any],
        made_up: bool,
    ) -> None:
        """Keeps why a build failed.

        It stands against the fix if it was the file's own code with nothing made up and nothing left out, in place of
        which something else would do; if it could not be contained within the limits; and if the other source did not
        fail like it: then the layer alone is no proof.
        """
        label = attempt.label(shape)
        reason = (
            explain(after["error"], label, self._settings)
            if "error" in after
            else f"the unfixed source cannot be compared: {explain(before['error'], label, self._settings)}"
        )
        self._note(attempt, attempt.covers, reason)
        kinds = {answer.get("error", {}).get("kind") for answer in (before, after)}
        is_alike = kinds == {"raised"} and _ending(before) == _ending(after)
        is_one_way = not (made_up or attempt.candidate.optional or attempt.importer is not None)
        soft = is_alike and not is_one_way
        if not attempt.candidate.training and not soft and attempt.candidate.kind != "helper":
            for index in attempt.covers:
                self._failed.setdefault(index, reason)

    def _refuse(self, attempt: Attempt, shape: tuple[int, ...]) -> None:
        """Holds it against the fix that code ends in another way with it."""
        reason = f"{attempt.label(shape)} does not end in the same way with the fix and without it"
        self._note(attempt, attempt.covers, reason)
        for index in attempt.covers:
            self._failed.setdefault(index, reason)

    def _note(self, attempt: Attempt, indices: Iterable[int], reason: str) -> None:
        """Keeps the first reason why there is no model; that of a function of tensors is none."""
        if attempt.candidate.kind != "helper":
            for index in indices:
                self._reasons.setdefault(index, reason)

    def _settle(
        self,
        attempt: Attempt,
        shape: tuple[int, ...],
        before: dict[str, Any],
        after: dict[str, Any],
    ) -> None:
        """Grades the targets that the models settle."""
        label = attempt.label(shape)
        rests = rests_on(after)
        for index in sorted(self._open()):
            verdict = self._judge(index, before["models"], after["models"])
            if verdict.outcome == "open":
                self._tries[index] += index in attempt.covers
                self._missed |= attempt.covers & {index}
                self._note(attempt, attempt.covers & {index}, f"{label}: {verdict.reason}")
            elif verdict.outcome == "refuted":
                self._proofs[index] = unverified(f"{verdict.reason} ({label})")
            elif verdict.in_own_model:
                model = attempt.label_of(verdict.bound, shape) + rests
                self._proofs[index] = Proof("model", None, model, verdict.penalties)
            else:
                reason = self._why_no_model(index)
                self._proofs[index] = Proof("layer", reason, label + rests, verdict.penalties)

    def _settle_made(
        self, attempt: Attempt, shape: tuple[int, ...], before: dict[str, Any], after: dict[str, Any]
    ) -> None:
        """Grades the targets that models prove which were finished before both sources raised the same."""
        for index in sorted(self._open()):
            verdict = self._judge(index, before["models"], after["models"])
            if verdict.outcome == "proven" and verdict.in_own_model:
                model = attempt.label(shape) + rests_on(after)
                self._proofs[index] = Proof("model", None, model, verdict.penalties)

    def _judge(self, index: int, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Verdict:
        return judge(index, self._job.targets[index], before, after, self._job.generation)

    def _why_no_model(self, index: int) -> str:
        return self._reasons.get(index, "no model in this file uses this layer")

    def _try_alone(self) -> None:
        """Builds the layers that are left, each in a minimal model."""
        left = sorted(self._open())
        if not left:
            return
        for index, (before, after) in self._build_alone(left).items():
            self._settle_alone(index, before, after)

    def _build_alone(self, indices: list[int]) -> dict[int, tuple[dict[str, Any], dict[str, Any]]]:
        """The answers for both sources, by target; one by one if together they end the process."""
        isolated = {}
        for index in indices:
            layer = self._job.targets[index].layer
            sides = (self._plan.before, self._plan.after)
            try:
                isolated[index] = [alone.isolate(side, index, layer, self._job.generation) for side in sides]
            except alone.CannotIsolate as error:
                self._proofs[index] = unverified(f"{self._why_no_model(index)}; and alone, {error}")
        if not isolated:
            return {}
        answers = []
        for side, number in ((self._plan.before, 0), (self._plan.after, 1)):
            answers.append(
                self._submit_alone(side, {index: both[number] for index, both in isolated.items()})
            )
        before, after = (answer.result() for answer in answers)
        if ("error" in before or "error" in after) and len(isolated) > 1:
            return {index: pair for each in isolated for index, pair in self._build_alone([each]).items()}
        if "error" in before or "error" in after:
            return dict.fromkeys(isolated, (before, after))
        return dict(zip(isolated, zip(before["layers"], after["layers"], strict=True), strict=True))

    def _submit_alone(self, side: Side, parts: dict[int, alone.Alone]) -> Any:
        texts = self._plan.texts_for_names(side, {name for part in parts.values() for name in part.reads})
        entries = [
            {
                "target": self._targets([index])[0],
                "expression": part.expression,
                "imports": "\n".join(part.imports),
            }
            for index, part in parts.items()
        ]
        return self._worker.submit(
            self._plan.request(texts, (8,)) | {"kind": "layer", "entries": entries, "targets": []}
        )

    def _settle_alone(self, index: int, before: dict[str, Any], after: dict[str, Any]) -> None:
        label = f"{self._job.targets[index].layer} alone"
        why = self._why_no_model(index)
        failed = next((answer["error"] for answer in (after, before) if "error" in answer), None)
        if failed is not None:
            self._proofs[index] = unverified(f"{why}; {explain(failed, label, self._settings)}")
            return
        verdict = self._judge(index, before["models"], after["models"])
        if verdict.outcome == "proven":
            self._proofs[index] = Proof("layer", why, label, verdict.penalties)
        else:
            self._proofs[index] = unverified(f"{verdict.reason} ({label})")


def _ending(answer: dict[str, Any]) -> tuple[str, list[str]]:
    """By which exceptions, if any, code ended."""
    return answer.get("error", {}).get("text", "").partition(":")[0], answer.get("failures", [])
