"""Proves fixes, and examines files as they are, several at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.verify.examiner import Examined, Examiner, Unverified
from reglint.verify.prover import Prover, unverified
from reglint.verify.run import run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reglint.verify.client import Worker
    from reglint.verify.plan import Plan
    from reglint.verify.proof import Job, Proof, Settings


def prove(jobs: Sequence[Job], settings: Settings) -> list[list[Proof]]:
    """Proves every target of every job; the result is in the order of both.

    Raises VerifierMissing if the interpreter cannot build models. User code runs in processes of its own
    only.
    """
    numbers = [number for number, job in enumerate(jobs) if job.targets]
    asked = [jobs[number] for number in numbers]

    def work(number: int, plan: Plan, worker: Worker) -> list[Proof]:
        return Prover(asked[number], plan, settings, worker).run()

    def fail(number: int, reason: str) -> list[Proof]:
        return [unverified(reason) for _ in asked[number].targets]

    proofs = dict(zip(numbers, run(asked, settings, work, fail), strict=True))
    return [proofs.get(number, []) for number in range(len(jobs))]


def examine(
    jobs: Sequence[Job], settings: Settings, entries: Sequence[Sequence[str]] | None = None
) -> list[Examined]:
    """Builds and observes the models of every job, whose sources before and after are the same.

    ``entries`` has for each job the functions or classes to call, by name, in place of what is found.

    Raises:
        VerifierMissing: the interpreter cannot build models.
    """

    def work(number: int, plan: Plan, worker: Worker) -> Examined:
        examiner = Examiner(jobs[number], plan, settings, worker)
        return examiner.run() if entries is None else examiner.run_entries(entries[number])

    def fail(number: int, reason: str) -> Examined:
        return Examined(unverified=(Unverified(None, jobs[number].path.name, reason),))

    return run(jobs, settings, work, fail, every=True)
