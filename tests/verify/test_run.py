"""Several files at a time."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from reglint.verify import Job, Settings, client
from reglint.verify.run import run

if TYPE_CHECKING:
    from pathlib import Path

    from reglint.verify.client import Worker
    from reglint.verify.plan import Plan

_PATIENCE = 60.0
"""Seconds after which a file that waits for another one is not worked on at the same time."""


class _Idle:
    """A worker that nothing is asked of."""

    def __init__(self, slots: int) -> None:
        self.slots = slots

    def close(self) -> None: ...


@pytest.mark.parametrize("slots", [1, 2, 4])
def test_as_many_files_as_slots_are_worked_on_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slots: int
) -> None:
    monkeypatch.setattr(client, "start", lambda *_: _Idle(slots))
    together = threading.Barrier(slots)
    running: set[int] = set()
    most = []

    def work(number: int, _: Plan, __: Worker) -> int:
        running.add(number)
        most.append(len(running))
        together.wait(_PATIENCE)
        running.discard(number)
        together.wait(_PATIENCE)
        return number

    jobs = [Job(tmp_path / f"{number}.py", "", "", 3, ()) for number in range(3 * slots)]
    assert run(jobs, Settings(), work, lambda *_: -1) == list(range(3 * slots))
    assert max(most) == slots


def test_one_file_that_is_nested_too_deeply_leaves_the_others_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "start", lambda *_: _Idle(1))
    deep = f"def net():\n    return {'1 + ' * 450}1\n"
    jobs = [
        Job(tmp_path / f"{number}.py", text, text, 3, ()) for number, text in enumerate((deep, "x = 1\n"))
    ]

    def work(_: int, plan: Plan, __: Worker) -> str:
        return f"{len(plan.survey.candidates())} candidates"

    found = run(jobs, Settings(), work, lambda _, reason: reason, every=True)
    assert found == ["the source is nested too deeply to be read", "0 candidates"]
