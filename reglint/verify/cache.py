"""Keeps the answers of builds, by the content that they depend on, so that the same build runs once."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
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
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from reglint.keras.catalog import Generation
    from reglint.verify.client import Worker
    from reglint.verify.proof import Settings

FOLDER = ".reglint_cache"

_TAG = """Signature: 8a477f597d28d172789f06886806bc55
# This folder is a cache of reglint: what was measured of models that were built. It can be deleted at any time.
# For information about cache folders see https://bford.info/cachedir/
"""
_ENTRY = re.compile(r"(?P<start>[0-9a-f]{2})[0-9a-f]{62}\.json")
_UNUSED = 30 * 24 * 3600.0
"""Seconds after which an entry that no run has used is removed."""

_LARGEST = 256 << 20
"""Bytes of all entries; beyond that, those are removed that were not used for longest."""

_DAY = 24 * 3600.0
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
            if reads != _states(reads):
                return None
            self._note_use(key)
            return answer
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
            self.make_folder()
            _write(self._file(key), json.dumps(entry).encode())

    def prune(self) -> None:
        """Removes entries, of other versions too, that were not used for a month, and the oldest of too many."""
        now = time.time()
        total = 0
        for used, size, file in sorted(_entries(self._folder), reverse=True):
            total += size
            if used < now - _UNUSED or total > _LARGEST:
                with suppress(OSError):
                    os.unlink(file)
                    # Those that still hold something stay.
                    os.rmdir(os.path.dirname(file))
                    os.rmdir(os.path.dirname(os.path.dirname(file)))

    def _note_use(self, key: str) -> None:
        """The time of an entry's file is when it was used last, to a day."""
        file = self._file(key)
        with suppress(OSError):
            if file.stat().st_mtime < time.time() - _DAY:
                os.utime(file)

    def _key(self, request: Mapping[str, Any]) -> str:
        return _digest([self._basis, request])

    def _file(self, key: str) -> Path:
        return self._folder / __version__ / key[:2] / f"{key}.json"

    def make_folder(self) -> None:
        """Makes the folder, if it is not there. Raises OSError."""
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
                # Before a build reads what else is in the folder around it.
                with suppress(OSError):
                    self._cache.make_folder()
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
                self._cache.prune()


def clean(folder: Path) -> list[Path]:
    """Removes all caches in a folder and those below it, links not followed; returns which.

    A folder counts as a cache if it has the name of one, and the tag that reglint put there.
    """
    removed = []
    for parent, folders, _ in os.walk(folder):
        if FOLDER not in folders:
            continue
        folders.remove(FOLDER)
        found = Path(parent, FOLDER)
        if not found.is_symlink() and _has_tag(found):
            shutil.rmtree(found)
            removed.append(found)
    return removed


def _has_tag(folder: Path) -> bool:
    try:
        return b"cache of reglint" in (folder / "CACHEDIR.TAG").read_bytes()
    except OSError:
        return False


def _entries(folder: Path) -> Iterator[tuple[float, int, str]]:
    """Time of last use, size and path of every entry; nothing else that may be in the folder."""
    for version in _folders(folder):
        for part in _folders(version):
            with suppress(OSError), os.scandir(part) as files:
                for each in files:
                    match = _ENTRY.fullmatch(each.name)
                    if match and match["start"] == os.path.basename(part):
                        status = each.stat(follow_symlinks=False)
                        yield status.st_mtime, status.st_size, each.path


def _folders(folder: str | Path) -> list[str]:
    with suppress(OSError), os.scandir(folder) as entries:
        return [each.path for each in entries if each.is_dir(follow_symlinks=False)]
    return []


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
