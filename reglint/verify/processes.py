"""Worker processes: starting, greeting and ending them."""

from __future__ import annotations

import json
import os
import signal
import site
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from reglint.verify import interpreter
from reglint.verify.memory import available_mib
from reglint.verify.proof import Undifferentiable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reglint.keras.catalog import Generation
    from reglint.verify.proof import Settings

WORKER = Path(__file__).with_name("worker") / "__main__.py"
ENVIRONMENT = WORKER.with_name("environment.py")
"""The script that says which interpreter and packages there are."""

_INHERITED = (
    "PATH",
    "PYTHONPATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "SYSTEMROOT",
    "LANG",
    "LC_ALL",
)
"""The environment variables that user code may see; all others could be secrets."""

_REUSE_MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 40)}
"""For glibc: large blocks are used again, not asked of the system anew. Saves a third of a large model's time."""

_ANSWER_TIMEOUT = 60.0
"""Seconds that Python may take to start."""

_START_TIMEOUT = 600.0
"""Seconds that importing Keras and its backend may take."""

_LONGEST_HELLO = 1 << 16
_CLOSE_TIMEOUT = 10.0
_MIB_PER_BUILD = 2048
"""Memory that a build takes as a rule; decides how many run at a time."""


DEAD: dict[str, Any] = {"error": {"kind": "dead"}}
"""The answer of a worker that is no more."""


def limits(settings: Settings) -> dict[str, Any]:
    """The part of a request that limits a build."""
    return {"timeout": settings.timeout, "memory_mib": settings.memory_mib}


def environment(generation: Generation, home: str) -> dict[str, str]:
    """The environment of a worker: no secrets, no GPU, no network by way of a proxy, quiet."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    nowhere = "http://127.0.0.1:9"
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), nowhere)
    return {
        **inherited,
        **proxies,
        **_REUSE_MEMORY,
        "HOME": home,
        "USERPROFILE": home,
        "TMPDIR": home,
        "TEMP": home,
        "TMP": home,
        "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUSERBASE": site.getuserbase(),
        "KERAS_BACKEND": backend(generation),
        "TF_USE_LEGACY_KERAS": "1" if generation == 2 else "0",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "JAX_PLATFORMS": "cpu",
        "KERAS_TORCH_DEVICE": "cpu",
    }


def backend(generation: Generation) -> str:
    """What Keras computes with, told as Keras does: from the environment, or else from its configuration file.

    Keras 2 has TensorFlow only.
    """
    if generation == 2:
        return "tensorflow"
    home = os.path.expanduser("~")
    folder = os.environ.get("KERAS_HOME") or os.path.join(
        home if os.access(home, os.W_OK) else "/tmp", ".keras"
    )
    try:
        configuration = json.loads((Path(folder).expanduser() / "keras.json").read_bytes())
        configured = configuration.get("backend")
    except (OSError, ValueError, AttributeError):
        configured = None
    return os.environ.get("KERAS_BACKEND") or str(configured or "tensorflow")


def open_worker(settings: Settings, generation: Generation, home: str) -> subprocess.Popen[bytes]:
    """Starts the worker in the folder ``home``. Raises VerifierMissing if there is no such interpreter."""
    try:
        return subprocess.Popen(
            [interpreter.python(settings), str(WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=home,
            env=environment(generation, home),
            start_new_session=True,
        )
    except OSError as error:
        raise interpreter.not_started(settings, error) from error


def write(stream: IO[bytes] | None, message: Mapping[str, Any]) -> None:
    """Sends a message to a worker."""
    assert stream is not None
    stream.write(json.dumps(message).encode() + b"\n")
    stream.flush()


def greet(
    process: subprocess.Popen[bytes], settings: Settings, configuration: Mapping[str, Any]
) -> list[str]:
    """Waits until the worker has imported Keras; what the system does not keep builds from.

    Raises VerifierMissing if it cannot.
    """
    with suppress(OSError):
        write(process.stdin, configuration)
    version = _receive(process, _ANSWER_TIMEOUT).get("python")
    if version is None:
        raise interpreter.silent(settings)
    if tuple(version) < interpreter.OLDEST:
        raise interpreter.too_old(settings, ".".join(map(str, version)))
    hello = _receive(process, _START_TIMEOUT)
    if "gaps" in hello:
        return list(hello["gaps"])
    if "undifferentiable" in hello:
        raise Undifferentiable(hello["undifferentiable"])
    died = {"missing": "keras", "error": "the interpreter died"}
    raise interpreter.without(settings, hello if "missing" in hello else died)


def _receive(process: subprocess.Popen[bytes], timeout: float) -> dict[str, Any]:
    """The next message of a worker; empty if that is none."""
    assert process.stdout is not None
    late = threading.Timer(timeout, process.kill)
    late.start()
    try:
        line = process.stdout.readline(_LONGEST_HELLO)
    finally:
        late.cancel()
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a worker: it ends by itself when its input does, else with all of its group."""
    with suppress(OSError):
        if process.stdin is not None:
            process.stdin.close()
    try:
        process.wait(_CLOSE_TIMEOUT)
    except subprocess.TimeoutExpired:
        pass
    finally:
        kill(process)


def close(process: subprocess.Popen[bytes]) -> None:
    """Ends a worker that nobody else reads from."""
    end(process)
    if process.stdout is not None:
        process.stdout.close()


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kills a worker and all of its group."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def slots() -> int:
    """How many builds run at a time: as many as there are processors for this process, and memory for them."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    available = available_mib()
    if available is None:
        return min(processors, 2)
    return max(1, min(processors, available // _MIB_PER_BUILD))
