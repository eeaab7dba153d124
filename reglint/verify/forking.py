"""A worker that forks: Keras is imported once."""

from __future__ import annotations

import itertools
import json
import tempfile
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from reglint.verify.processes import DEAD, close, end, greet, kill, limits, open_worker, slots, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reglint.keras.catalog import Generation
    from reglint.verify.proof import Settings


class ForkingWorker:
    """One process with Keras imported, which forks a child for every build."""

    def __init__(self, generation: Generation, settings: Settings) -> None:
        """Raises VerifierMissing."""
        self.slots = slots()
        self._settings = settings
        self._home = tempfile.TemporaryDirectory(prefix="reglint-", ignore_cleanup_errors=True)
        self._ids = itertools.count()
        self._pending: dict[int, Future[dict[str, Any]]] = {}
        self._lock = threading.Lock()
        self._process = open_worker(settings, generation, self._home.name)
        try:
            configuration = {"generation": generation, "fork": True, "slots": self.slots}
            self.gaps = greet(self._process, settings, configuration)
        except BaseException:
            # It may be importing for seconds yet, and reads nothing until then.
            kill(self._process)
            close(self._process)
            self._home.cleanup()
            raise
        threading.Thread(target=self._read, daemon=True).start()

    def submit(self, request: Mapping[str, Any]) -> Future[dict[str, Any]]:
        """As ``client.Worker.submit``."""
        future: Future[dict[str, Any]] = Future()
        number = next(self._ids)
        with self._lock:
            self._pending[number] = future
            try:
                write(self._process.stdin, {**request, **limits(self._settings), "id": number})
            except (OSError, ValueError):
                del self._pending[number]
                future.set_result(DEAD)
        return future

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as answers:
            for line in answers:
                answer = json.loads(line)
                with self._lock:
                    future = self._pending.pop(answer.pop("id"))
                future.set_result(answer)
        with self._lock:
            for future in self._pending.values():
                future.set_result(DEAD)
            self._pending.clear()

    def close(self) -> None:
        """As ``client.Worker.close``: the worker ends its builds when its input ends."""
        end(self._process)
        self._home.cleanup()
