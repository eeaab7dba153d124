"""Modules that misbehave end their own proof, with its reason, and nothing else."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reglint.verify import Settings, prove

if TYPE_CHECKING:
    from conftest import MakeJob, ProveMarked

    from reglint.verify import Proof

pytestmark = pytest.mark.keras

_SOURCE = """
import keras
import ctypes, os, socket, subprocess, sys
def build():
    {body}
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(2«, kernel_regularizer="l2"»)])
"""

_NO_PROCESSES = "building build() raised PermissionError: a proof does not let a model start processes"
_NO_NETWORK = "building build() raised PermissionError: a proof does not let a model reach the network"

BODIES: dict[str, tuple[str, str | None]] = {
    "fine": ("pass", None),
    "an endless loop": ("while True: pass", "building build() took longer than 15 s"),
    "os._exit": ("os._exit(0)", "building build() ended its process (exit code 0)"),
    "sys.exit": ("sys.exit(3)", "building build() ended the program (sys.exit(3))"),
    "an exception": ("raise ValueError('no good\\nat all')", "building build() raised ValueError: no good"),
    "a segmentation fault": ("ctypes.string_at(0)", "building build() killed its process (SIGSEGV)"),
    "an abort": ("ctypes.CDLL(None).abort()", "building build() killed its process (SIGABRT)"),
    "too much memory": ("bytearray(10 ** 11)", "building build() needs more than 4096 MiB"),
    "a huge layer": (
        "return keras.Sequential([keras.Input((10 ** 5,)), keras.layers.Dense(10 ** 5)])",
        "building build() needs more than 4096 MiB",
    ),
    "printing gigabytes": ("for _ in range(2000): print('x' * 10 ** 6)", None),
    "filling the log": (
        "for _ in range(2000): print('x' * 10 ** 6, file=sys.stderr)",
        "building build() raised OSError: [Errno 27] File too large",
    ),
    "filling the disk": (
        "file = getattr(__builtins__, 'open', None) or __builtins__['open']\n"
        "    with file('big', 'wb') as big: big.write(bytes(10 ** 8))",
        "building build() raised OSError: [Errno 27] File too large",
    ),
    "reading the keyboard": (
        "sys.stdin.read(1) or sys.exit(1)",
        "building build() ended the program (sys.exit(1))",
    ),
    "a fork bomb": ("while True: os.fork()", _NO_PROCESSES),
    "a shell": ("getattr(os, 'system')('true')", _NO_PROCESSES),
    "a program": ("subprocess.Popen(['true'])", _NO_PROCESSES),
    "a connection": ("socket.create_connection(('192.0.2.1', 80))", _NO_NETWORK),
    "a name": ("socket.getaddrinfo('example.org', 80)", _NO_NETWORK),
    "a signal": (
        "getattr(os, 'kill')(os.getppid(), 9)",
        "building build() raised PermissionError: a proof does not let a model send signals",
    ),
    "a link": (
        "getattr(os, 'symlink')(__file__, 'link')",
        "building build() raised PermissionError: a proof does not let a model write files (",
    ),
    "writing beside the source": (
        "__import__('io').FileIO(__file__ + '.txt', 'w')",
        "building build() raised PermissionError: a proof does not let a model write files (",
    ),
    "writing through a link": (
        "__import__('pathlib').Path('../../' * 20 + 'tmp/reglint-escaped').write_text('x')",
        "building build() raised PermissionError: a proof does not let a model write files (",
    ),
    "removing files": (
        "os.remove(__file__)",
        "building build() raised PermissionError: a proof does not let a model write files (",
    ),
}


@pytest.fixture(scope="module")
def proofs(prove_marked: ProveMarked) -> dict[str, list[Proof]]:
    settings = Settings(timeout=15, memory_mib=4096)
    sources = {name: _SOURCE.format(body=body) for name, (body, _) in BODIES.items()}
    return prove_marked(sources, settings=settings)


@pytest.mark.parametrize("name", [name for name, (_, reason) in BODIES.items() if reason is None])
def test_proven_all_the_same(proofs: dict[str, list[Proof]], name: str) -> None:
    assert [(proof.grade, proof.model) for proof in proofs[name]] == [("model", "build()")]


@pytest.mark.parametrize("name", [name for name, (_, reason) in BODIES.items() if reason is not None])
def test_unverified_with_its_reason(proofs: dict[str, list[Proof]], name: str) -> None:
    reason = BODIES[name][1]
    assert reason is not None
    [proof] = proofs[name]
    assert (proof.grade, proof.model, proof.penalties) == ("unverified", None, ())
    assert proof.reason is not None
    assert proof.reason.startswith(reason)


def test_user_code_sees_no_secrets_and_an_empty_folder(
    prove_marked: ProveMarked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_TOKEN", "secret")
    conditions = (
        "getattr(os, 'listdir')() == []",
        "'MY_TOKEN' not in os.environ",
        "os.environ['HOME'] == os.getcwd()",
    )
    body = f"assert {' and '.join(conditions)}"
    [proof] = prove_marked({"": _SOURCE.format(body=body)})[""]
    assert proof.grade == "model"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has Landlock and network namespaces")
def test_native_code_neither_writes_nor_connects_nor_outlives_its_build(
    tmp_path: Path, make_job: MakeJob
) -> None:
    """What a kernel without Landlock, or one that gives no namespace to this user, cannot stop is not asked for."""
    name = f"orphan-{os.getpid()}"
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setblocking(False)
    address = struct.pack(
        "=H2s4s8x", socket.AF_INET, listening.getsockname()[1].to_bytes(2, "big"), b"\x7f\0\0\1"
    )
    body = f"""
    libc = ctypes.CDLL(None)
    libc.connect(getattr(libc, "socket")(2, 1, 0), {address!r}, 16)
    if libc.fork() == 0:
        libc.setsid()
        libc.prctl(15, b"{name}")
        while True: libc.sleep(1)
    landlock = libc.syscall(444, None, 0, 1) >= 1
    assert not (landlock and getattr(libc, "open")(b"{tmp_path}/escaped", 0o101, 0o600) >= 0)
    assert not (landlock and libc.kill(os.getppid(), 0) == 0)
    """
    warnings: list[str] = []
    job = make_job(tmp_path / "subject.py", _SOURCE.format(body=body.strip()))
    [[proof]] = prove([job], Settings(warn=warnings.append))
    assert (proof.grade, proof.reason) == ("model", None)
    if not any("the network" in warning for warning in warnings):
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert any("files" in warning for warning in warnings) != _has_landlock()
    assert not (tmp_path / "escaped").exists()
    assert name not in {_read(f"/proc/{pid}/comm").strip() for pid in _processes()}


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_an_interrupted_run_leaves_no_process(tmp_path: Path) -> None:
    script = f"""
from pathlib import Path
from reglint.keras.penalty import Penalty
from reglint.verify import Job, Settings, Target, prove
before = "import keras\\nwhile True: m = keras.Sequential([keras.layers.Dense(1)])\\n"
after = before.replace("Dense(1)", "Dense(1, kernel_regularizer='l2')")
start = len("while True: m = keras.Sequential([") + 1
target = Target(2, start, 2, len(after.splitlines()[1]) - 1, "Dense", (("kernel", Penalty(l2=0.01)),))
prove([Job(Path({str(tmp_path / "subject.py")!r}), before, after, 3, (target,))], Settings())
"""
    running = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE)
    builds: set[int] = set()
    while not builds and running.poll() is None:
        time.sleep(0.2)
        workers = {pid for pid in _processes() if _parent(pid) == running.pid}
        builds = {pid for pid in _processes() if _parent(pid) in workers}
    assert builds
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate()
    assert b"KeyboardInterrupt" in errors
    assert not [pid for pid in workers | builds if "worker" in _read(f"/proc/{pid}/cmdline")]


def test_without_fork_every_build_has_a_process_of_its_own(prove_marked: ProveMarked) -> None:
    names = ("fine", "a segmentation fault", "an endless loop")
    sources = {name: _SOURCE.format(body=BODIES[name][0]) for name in names}
    proofs = prove_marked(sources, settings=Settings(fork=False, timeout=15))
    assert [(proofs[name][0].grade, proofs[name][0].reason) for name in names] == [
        ("model", None),
        *(("unverified", BODIES[name][1]) for name in names[1:]),
    ]


def _has_landlock() -> bool:
    """Whether the kernel stops all changes to files."""
    return ctypes.CDLL(None).syscall(444, None, 0, 1) >= 3


def _processes() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _parent(pid: int) -> int:
    return int((_read(f"/proc/{pid}/stat").rpartition(")")[2].split() or [0, 0])[1])


def _read(path: str) -> str:
    """A file of ``/proc``; empty if its process has ended."""
    try:
        return Path(path).read_text()
    except OSError:
        return ""
