"""Proves fixes, several files at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from reglint.verify import client
from reglint.verify.plan import Plan
from reglint.verify.proof import Proof, VerifierMissing
from reglint.verify.prover import Prover, unverified

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reglint.verify.client import Worker
    from reglint.verify.proof import Job, Settings


def prove(jobs: Sequence[Job], settings: Settings) -> list[list[Proof]]:
    """Proves every target of every job; the result is in the order of both.

    Raises VerifierMissing if the interpreter cannot import TensorFlow. User code runs in processes of its own
    only.
    """
    proofs: list[list[Proof]] = [[] for _ in jobs]
    for generation in sorted({job.generation for job in jobs if job.targets}):
        numbers = [number for number, job in enumerate(jobs) if job.generation == generation]
        try:
            worker = client.start(generation, settings)
        except VerifierMissing as missing:
            if missing.package != "tf_keras":
                raise
            for number in numbers:
                proofs[number] = [unverified(str(missing)) for _ in jobs[number].targets]
            continue
        _prove_with(worker, [(number, jobs[number]) for number in numbers], settings, proofs)
    return proofs


def _prove_with(
    worker: Worker, jobs: list[tuple[int, Job]], settings: Settings, proofs: list[list[Proof]]
) -> None:
    pool = ThreadPoolExecutor(max(1, (worker.slots + 1) // 2))
    try:
        running = [(number, pool.submit(_prove_job, job, settings, worker)) for number, job in jobs]
        for number, future in running:
            proofs[number] = future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        worker.close()


def _prove_job(job: Job, settings: Settings, worker: Worker) -> list[Proof]:
    try:
        plan = Plan(job, settings.builders)
    except (SyntaxError, ValueError) as error:
        return [unverified(f"the source cannot be read: {error}") for _ in job.targets]
    except RecursionError:
        return [unverified("the source is nested too deeply to be read") for _ in job.targets]
    return Prover(job, plan, settings, worker).run()
