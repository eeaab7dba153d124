"""A worker for systems that cannot fork: a process for every build."""

from __future__ import annotations

import json
import signal
import tempfile
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from reglint.verify.processes import DEAD, close, greet, kill, limits, open_worker, slots, write
from reglint.verify.proof import VerifierMissing

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping

    from reglint.keras.catalog import Generation
    from reglint.verify.proof import Settings


class FreshWorker:
    """A process for every build, for systems that cannot fork: each imports Keras anew."""

    def __init__(self, generation: Generation, settings: Settings) -> None:
        """Raises VerifierMissing."""
        self.slots = slots()
        self._generation = generation
        self._settings = settings
        self._pool = ThreadPoolExecutor(self.slots)
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._closed = False
        with tempfile.TemporaryDirectory(prefix="reglint-", ignore_cleanup_errors=True) as home:
            process = open_worker(settings, generation, home)
            try:
                self.gaps = greet(process, self._settings, self._configuration)
            except BaseException:
                # As in ForkingWorker: it does not end by itself while it imports.
                kill(process)
                raise
            finally:
                close(process)

    @property
    def _configuration(self) -> dict[str, Any]:
        return {"generation": self._generation, "fork": False}

    def submit(self, request: Mapping[str, Any]) -> Future[dict[str, Any]]:
        """As ``client.Worker.submit``."""
        return self._pool.submit(self._run, {**request, **limits(self._settings), "id": 0})

    def _run(self, request: Mapping[str, Any]) -> dict[str, Any]:
        with tempfile.TemporaryDirectory(prefix="reglint-", ignore_cleanup_errors=True) as home:
            process = open_worker(self._settings, self._generation, home)
            self._processes.add(process)
            late = threading.Event()

            def stop() -> None:
                late.set()
                kill(process)

            timer = threading.Timer(self._settings.timeout, stop)
            try:
                if self._closed:
                    return DEAD
                self.gaps = greet(process, self._settings, self._configuration)
                timer.start()
                write(process.stdin, request)
                assert process.stdout is not None
                line = process.stdout.readline()
                if line.endswith(b"\n"):
                    return dict(json.loads(line))
                return {"error": {"kind": "timeout"}} if late.is_set() else _ended(process.wait())
            except (OSError, ValueError, VerifierMissing):
                return DEAD
            finally:
                timer.cancel()
                close(process)
                self._processes.discard(process)

    def close(self) -> None:
        """As ``client.Worker.close``."""
        self._closed = True
        for process in list(self._processes):
            kill(process)
        self._pool.shutdown(cancel_futures=True)


def _ended(code: int) -> dict[str, Any]:
    if code < 0:
        return {"error": {"kind": "killed", "text": signal.Signals(-code).name}}
    return {"error": {"kind": "exit", "text": str(code)}}
