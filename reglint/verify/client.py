"""Asks a worker for builds, from any thread."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Protocol

from reglint.verify.cache import CachingWorker
from reglint.verify.forking import ForkingWorker
from reglint.verify.fresh import FreshWorker
from reglint.verify.reasons import uncontained

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Future

    from reglint.keras.catalog import Generation
    from reglint.verify.proof import Settings


class Worker(Protocol):
    """Something that runs builds."""

    slots: int
    """Builds that run at a time."""

    def submit(self, request: Mapping[str, Any]) -> Future[dict[str, Any]]:
        """Starts a build; the future has its answer (see ``worker.build.run``). Raises VerifierMissing."""

    def close(self) -> None:
        """Ends all builds and processes."""


def start(generation: Generation, settings: Settings) -> Worker:
    """A worker for a Keras generation; with a cache it is started when there is something to build.

    Raises VerifierMissing.
    """
    return (
        _start(generation, settings)
        if settings.cache is None
        else CachingWorker(_start, generation, settings)
    )


def _start(generation: Generation, settings: Settings) -> Worker:
    fork = hasattr(os, "fork") if settings.fork is None else settings.fork
    worker = (ForkingWorker if fork else FreshWorker)(generation, settings)
    if worker.gaps:
        settings.warn(uncontained(worker.gaps))
    return worker
