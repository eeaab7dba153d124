"""Keeps the answers of builds, by the content that they depend on, so that the same build runs once."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reglint import __version__
from reglint.verify import interpreter
from reglint.verify.processes import ENVIRONMENT, WORKER, environment, slots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from reglint.keras.catalog import Generation
    from reglint.verify.client import Worker
    from reglint.verify.proof import Settings

FOLDER = ".reglint_cache"

_TAG = """Signature: 8a477f597d28d172789f06886806bc55
# This folder is a cache of reglint: what was measured of models that were built. It can be deleted at any time.
# For information about cache folders see https://bford.info/cachedir/
"""
_GIT_IGNORE = "# Created by reglint.\n*\n"
_MODULES = (".py", ".pyc", ".so", ".pyd")
_START_TIMEOUT = 60.0


class Cache:
    """A folder of answers. What cannot be read, or is not what was written, is not there."""

    def __init__(self, folder: Path, basis: object) -> None:
        """``basis`` is what all answers depend on, beside the request: anything that JSON can hold."""
        self._folder = folder
        self._basis = basis

    def get(self, request: Mapping[str, Any]) -> dict[str, Any] | None:
        """The answer to a request, if nothing that it depends on has changed."""
        key = self._key(request)
        try:
            entry = json.loads(self._file(key).read_bytes())
            answer, reads = entry["answer"], entry["reads"]
            if entry["check"] != _digest([key, answer, reads]) or not isinstance(answer, dict):
                return None
            return answer if reads == _states(reads) else None
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None

    def put(self, request: Mapping[str, Any], answer: dict[str, Any], since: float) -> None:
        """Keeps an answer; ``since`` is when its build started (``time.time``).

        Not if something that it read has changed since, which it may or may not have seen. A folder that cannot be
        written to has no answers.
        """
        key = self._key(request)
        reads = _states(answer.get("reads", ()))
        if any(_changed_since(path, since) for path in reads):
            return
        kept = {name: value for name, value in answer.items() if name != "reads"}
        entry = {"check": _digest([key, kept, reads]), "answer": kept, "reads": reads}
        with suppress(OSError):
            self._make_folder()
            _write(self._file(key), json.dumps(entry).encode())

    def _key(self, request: Mapping[str, Any]) -> str:
        return _digest([self._basis, request])

    def _file(self, key: str) -> Path:
        return self._folder / __version__ / key[:2] / f"{key}.json"

    def _make_folder(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for name, text in (("CACHEDIR.TAG", _TAG), (".gitignore", _GIT_IGNORE)):
            if not (self._folder / name).exists():
                _write(self._folder / name, text.encode())


class CachingWorker:
    """A worker that starts only when there is something to build."""

    def __init__(
        self, start: Callable[[Generation, Settings], Worker], generation: Generation, settings: Settings
    ) -> None:
        """``settings`` have a cache. Raises VerifierMissing if there is no interpreter."""
        assert settings.cache is not None
        self.slots = slots()
        self._cache = Cache(settings.cache, _basis(generation, settings))
        self._start, self._generation, self._settings = start, generation, settings
        self._worker: Worker | None = None
        self._lock = threading.Lock()

    def submit(self, request: Mapping[str, Any]) -> Future[dict[str, Any]]:
        """As ``client.Worker.submit``. Raises VerifierMissing."""
        future: Future[dict[str, Any]] = Future()
        known = self._cache.get(request)
        if known is not None:
            future.set_result(known)
            return future
        with self._lock:
            if self._worker is None:
                self._worker = self._start(self._generation, self._settings)
        since = time.time()

        def keep(done: Future[dict[str, Any]]) -> None:
            answer = done.result()
            if is_lasting(answer):
                self._cache.put(request, answer, since)
            future.set_result(answer)

        self._worker.submit(request).add_done_callback(keep)
        return future

    def close(self) -> None:
        """As ``client.Worker.close``."""
        with self._lock:
            if self._worker is not None:
                self._worker.close()


def is_lasting(answer: Mapping[str, Any]) -> bool:
    """Whether the same build would give the same answer: not if it ended for want of time or memory, or crashed."""
    parts = [answer, *answer.get("layers", ())]
    return all("error" not in part or part["error"]["kind"] == "raised" for part in parts)


def _basis(generation: Generation, settings: Settings) -> object:
    """What the answer to any request depends on: reglint, the interpreter, its packages and its environment."""
    variables = environment(generation, "")
    try:
        done = subprocess.run(
            [interpreter.python(settings), str(ENVIRONMENT)],
            env=variables,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_START_TIMEOUT,
            check=False,
        )
    except OSError as error:
        raise interpreter.not_started(settings, error) from error
    except subprocess.TimeoutExpired as error:
        raise interpreter.silent(settings) from error
    code = {file.name: _state(str(file)) for file in sorted(WORKER.parent.glob("*.py"))}
    return [__version__, generation, variables, done.stdout.decode(errors="replace"), code]


def _states(paths: Iterable[str]) -> dict[str, str | None]:
    return {path: _state(path) for path in paths}


def _state(path: str) -> str | None:
    """A digest of a file, or of the names in a folder that an import could find; None for what is not there."""
    try:
        if os.path.isdir(path):
            with os.scandir(path) as entries:
                names = sorted(each.name for each in entries if _may_be_imported(each))
            return _digest(names)
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return None


def _may_be_imported(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(".") or entry.name == "__pycache__":
        return False
    return entry.name.endswith(_MODULES) or entry.is_dir()


def _changed_since(path: str, since: float) -> bool:
    """Whether a file was written after a moment, or so short before that its time cannot tell."""
    try:
        return not os.path.isdir(path) and os.stat(path).st_mtime >= since - 1
    except (FileNotFoundError, NotADirectoryError):
        return False  # a build may well look for what is not there
    except OSError:
        return True


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _write(file: Path, data: bytes) -> None:
    """Writes a file whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        os.replace(temporary, file)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
