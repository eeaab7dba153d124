"""Runs what needs a worker over several files at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING, TypeVar

from reglint.verify import client
from reglint.verify.plan import Plan
from reglint.verify.proof import VerifierMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reglint.verify.client import Worker
    from reglint.verify.proof import Job, Settings

_Result = TypeVar("_Result")


def run(
    jobs: Sequence[Job],
    settings: Settings,
    work: Callable[[int, Plan, Worker], _Result],
    fail: Callable[[int, str], _Result],
    *,
    every: bool = False,
) -> list[_Result]:
    """What ``work`` makes of the plan of each job, by its number, or ``fail`` of the reason why there is none.

    ``every`` is as for ``Plan``. User code runs in processes of its own only.

    Raises:
        VerifierMissing: the interpreter is not there, or cannot build anything that is asked for.
    """
    results: dict[int, _Result] = {}

    def planned(number: int, worker: Worker) -> _Result:
        try:
            plan = Plan(jobs[number], settings.builders, every=every)
        except (SyntaxError, ValueError) as error:
            return fail(number, f"the source cannot be read: {error}")
        return work(number, plan, worker)

    def planned_unless_deep(number: int, worker: Worker) -> _Result:
        # Much of a plan is made only when it is asked for.
        try:
            return planned(number, worker)
        except RecursionError:
            return fail(number, "the source is nested too deeply to be read")

    obstacles: list[VerifierMissing] = []
    generations = sorted({job.generation for job in jobs})
    for generation in generations:
        numbers = [number for number, job in enumerate(jobs) if job.generation == generation]
        try:
            worker = client.start(generation, settings)
            results.update(_with_worker(worker, numbers, settings, planned_unless_deep))
        except VerifierMissing as missing:
            obstacles.append(missing)
            if missing.is_fatal and len(obstacles) == len(generations):
                raise
            reason = str(missing)
            results.update((number, fail(number, reason)) for number in numbers)
    return [results[number] for number in range(len(jobs))]


def _with_worker(
    worker: Worker, numbers: list[int], settings: Settings, work: Callable[[int, Worker], _Result]
) -> dict[int, _Result]:
    # As many files as there are slots, though each asks for two builds at a time: of these one is often done first.
    pool = ThreadPoolExecutor(worker.slots)
    try:
        running = {pool.submit(work, number, worker): number for number in numbers}
        results = {}
        with settings.progress(len(numbers)) as step:
            for done in as_completed(running):
                results[running[done]] = done.result()
                step()
        return results
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        worker.close()
