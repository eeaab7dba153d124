"""Answers requests, one JSON object a line, each in a process of its own.

The first line written is what this interpreter is (``{"python": [3, 11]}``), the first line read is the configuration
(``{"generation", "fork", "slots"}``). It is answered by ``{"gaps"}``, or by what stands in the way of all builds:
``{"missing", "error"}`` is a package that cannot be imported, ``{"undifferentiable"}`` a backend of Keras without
gradients. Then every request ``{"id", "timeout", ...}`` is answered by ``{"id", ...}``, in the order in which builds
end. The end of the input ends everything.

The protocol has descriptors of its own; user code has nothing to read and nowhere to print to.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import time
from collections import deque
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from . import jail, orphans
from .lines import Lines, send
from .reads import Reads

if TYPE_CHECKING:
    from collections.abc import Iterator

_TICK = 0.05
"""Seconds between looks at whether a process has ended."""

_PROBE_MIB = 1024
_LARGEST_ANSWER = 64 * jail.MIB
_LOG_TAIL = 4096
_OUT_OF_MEMORY = (
    "bad_alloc",
    "Out of memory",
    "out of memory",
    "OOM",
    "Cannot allocate memory",
    "MemoryError",
)


def main() -> None:
    """Runs until the input ends."""
    source, sink = os.dup(0), os.dup(1)
    _silence()
    send(sink, {"python": sys.version_info[:2]})
    lines = Lines(source)
    configuration = lines.next()
    if configuration is None:
        return
    with _no_collection():
        obstacle = _import_keras(configuration["generation"])
    send(sink, obstacle or {"gaps": _gaps()})
    if obstacle:
        return
    if configuration["fork"]:
        _Server(lines, sink, configuration["slots"]).run()
        # Taking Keras down in good order takes seconds, and whoever asked for the end waits for it.
        os._exit(0)
    else:
        _serve_once(lines, sink)


def _silence() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.close(null)


def _import_keras(generation: int) -> dict[str, str] | None:
    """Imports Keras and what it computes with; what stands in the way of builds, or None."""
    name = "tf_keras" if generation == 2 else "keras"
    try:
        keras = importlib.import_module(name)
    except Exception as error:
        missing = (error.name or name).partition(".")[0] if isinstance(error, ModuleNotFoundError) else name
        return {"missing": missing, "error": f"{type(error).__name__}: {error}"}
    from . import backends  # needs NumPy, which is there where Keras is

    try:
        backends.of_keras(keras)
    except backends.NoGradients as error:
        return {"undifferentiable": str(error)}
    return None


@contextmanager
def _no_collection() -> Iterator[None]:
    """Garbage is not looked for while much is imported, a tenth of the time, nor later in what was: it is no garbage.

    Processes that are forked share its memory then for as long as they run.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _gaps() -> list[str]:
    """What the system does not keep builds from (see ``jail.enter``), found out by a process that is jailed."""
    if not hasattr(os, "fork"):
        return list(jail.GAPS)
    pipe, result = os.pipe()
    process = os.fork()
    if not process:
        try:
            send(result, {"gaps": jail.enter(os.getcwd(), _PROBE_MIB)})
        finally:
            os._exit(0)
    os.close(result)
    with os.fdopen(pipe, "rb") as stream:
        line = stream.read()
    os.waitpid(process, 0)
    return list(json.loads(line)["gaps"]) if line else list(jail.GAPS)


def _serve_once(lines: Lines, sink: int) -> None:
    """Where processes cannot be forked: one request in this process, whose end the client sees to."""
    request = lines.next()
    if request is not None:
        folder = os.getcwd()
        jail.enter(folder, request["memory_mib"])
        send(sink, {"id": request["id"], **_answer(request)})


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    from . import build

    reads = Reads(request["root"])
    try:
        answer = build.run(request)
    except BaseException as error:
        answer = {"error": build.Failure("measuring", error).record}
    return {**answer, "reads": reads.paths()}


class _Build:
    """A request that runs in a process."""

    def __init__(self, request: dict[str, Any], process: int, pipe: int, folder: str) -> None:
        self.id = request["id"]
        self.process = process
        self.pipe = pipe
        self.folder = folder
        self.deadline = time.monotonic() + request["timeout"]
        self.data = bytearray()
        self.closed = False

    def receive(self) -> None:
        """Reads what the process has sent so far. What it started may hold the pipe open when it has ended."""
        with suppress(BlockingIOError):
            while len(self.data) < _LARGEST_ANSWER and not self.closed:
                data = os.read(self.pipe, 1 << 16)
                self.closed = not data
                self.data += data

    def answer(self, status: int | None) -> dict[str, Any]:
        """What the process sent, or how it ended; a status of None means that it took too long."""
        if status is None:
            return {"error": {"kind": "timeout"}}
        if self.data.endswith(b"\n") and os.waitstatus_to_exitcode(status) == 0:
            with suppress(ValueError):
                return dict(json.loads(self.data))
        code = os.waitstatus_to_exitcode(status)
        log = self._log()
        if code < 0 and any(sign in log for sign in _OUT_OF_MEMORY):
            return {"error": {"kind": "memory"}}
        if code < 0:
            return {"error": {"kind": "killed", "text": _signal_name(-code)}}
        return {"error": {"kind": "exit", "text": str(code)}}

    def _log(self) -> str:
        try:
            with open(os.path.join(self.folder, "log"), "rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - _LOG_TAIL))
                return file.read().decode(errors="replace")
        except OSError:
            return ""


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


class _Server:
    """Runs up to ``slots`` builds at a time, each forked from this process, which has Keras imported."""

    def __init__(self, lines: Lines, sink: int, slots: int) -> None:
        self._lines = lines
        self._sink = sink
        self._slots = slots
        self._waiting: deque[dict[str, Any]] = deque()
        self._running: list[_Build] = []

    def run(self) -> None:
        """Until the input ends; whatever runs then is killed."""
        orphans.adopt()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            while not self._lines.ended:
                self._step()
        finally:
            for running in self._running:
                self._end(running)

    def _step(self) -> None:
        while self._waiting and len(self._running) < self._slots:
            self._running.append(self._start(self._waiting.popleft()))
        pipes = {running.pipe: running for running in self._running if not running.closed}
        patience = _TICK if self._running else None
        ready, _, _ = select.select([self._lines.descriptor, *pipes], [], [], patience)
        for descriptor in ready:
            if descriptor in pipes:
                pipes[descriptor].receive()
            else:
                self._lines.read()
                while (request := self._lines.take()) is not None:
                    self._waiting.append(request)
        for running in list(self._running):
            process, status = os.waitpid(running.process, os.WNOHANG)
            if process:
                running.receive()
                self._finish(running, status)
            elif time.monotonic() > running.deadline:
                self._finish(running, None)

    def _finish(self, running: _Build, status: int | None) -> None:
        self._running.remove(running)
        answer = running.answer(status)
        self._end(running, waited=status is not None)
        send(self._sink, {"id": running.id, **answer})

    def _end(self, running: _Build, waited: bool = False) -> None:
        """Kills the process and all it started, and removes its folder."""
        with suppress(ProcessLookupError):
            os.killpg(running.process, signal.SIGKILL)
        if not waited:
            with suppress(ProcessLookupError):
                os.kill(running.process, signal.SIGKILL)
            os.waitpid(running.process, 0)
        orphans.kill({other.process for other in self._running})
        os.close(running.pipe)
        shutil.rmtree(running.folder, ignore_errors=True)

    def _start(self, request: dict[str, Any]) -> _Build:
        folder = tempfile.mkdtemp(prefix="reglint-")
        pipe, result = os.pipe()
        os.set_blocking(pipe, False)
        process = os.fork()
        if process:
            os.close(result)
            return _Build(request, process, pipe, folder)
        status = 1
        try:
            self._run_child(request, folder, pipe, result)
            status = 0
        finally:
            os._exit(status)

    def _run_child(self, request: dict[str, Any], folder: str, pipe: int, result: int) -> None:
        os.setsid()
        orphans.die_with_parent()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for descriptor in (
            self._lines.descriptor,
            self._sink,
            pipe,
            *(other.pipe for other in self._running),
        ):
            os.close(descriptor)
        work = os.path.join(folder, "work")
        os.mkdir(work)
        log = os.open(os.path.join(folder, "log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(log, 2)
        os.close(log)
        os.chdir(work)
        os.environ.update(HOME=work, TMPDIR=work, TEMP=work, TMP=work)
        tempfile.tempdir = work
        sys.dont_write_bytecode = True
        jail.enter(work, request["memory_mib"])
        send(result, _answer(request))
