"""What a build may not do: use more than its memory, write files elsewhere, reach the network, start processes.

On Linux the system enforces it, as far as the kernel offers: resource limits, Landlock, a network namespace.
The audit hook is for everywhere: it explains what is forbidden, and stops Python code, but not native code.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from typing import Any

MIB = 1 << 20

_FILE_LIMIT = 64 * MIB
_SPARE_PROCESSES = 256
"""Threads and processes that a build may start, on top of what the user runs; not enforced for root."""

_FORBIDDEN = {
    "socket.connect": "reach the network",
    "socket.bind": "reach the network",
    "socket.sendto": "reach the network",
    "socket.getaddrinfo": "reach the network",
    "socket.gethostbyname": "reach the network",
    "subprocess.Popen": "start processes",
    "os.system": "start processes",
    "os.exec": "start processes",
    "os.fork": "start processes",
    "os.forkpty": "start processes",
    "os.posix_spawn": "start processes",
    "os.spawn": "start processes",
    "os.startfile": "start processes",
    "pty.spawn": "start processes",
    "os.kill": "send signals",
    "os.killpg": "send signals",
}
_WRITING = {
    "os.remove": 1,
    "os.rmdir": 1,
    "os.mkdir": 1,
    "os.chmod": 1,
    "os.chown": 1,
    "os.truncate": 1,
    "os.utime": 1,
    "os.rename": 2,
    "os.link": 2,
    "os.symlink": 2,
    "shutil.rmtree": 1,
}
"""Audit events of changes to the file system, with how many of their first arguments are paths."""


GAPS = ("memory", "processes", "network", "files")
"""What a system may not keep a build from: using too much memory, starting processes, connecting, changing files."""


def enter(folder: str, memory_mib: int) -> list[str]:
    """Closes the jail around this process and its children, for good. ``folder`` is where it may write.

    Returns those of ``GAPS`` that the system leaves open: there only the audit hook is in the way.
    """
    is_linux = sys.platform == "linux"
    limited = _limit(memory_mib) and is_linux  # macOS takes the limits and does not keep to them
    closes = {
        "memory": limited,
        "processes": limited and os.getuid() != 0,  # the limit of processes is not for root
        "network": is_linux and _leave_network(),
        "files": is_linux and _confine_writes(folder),
    }
    _forbid(os.path.realpath(folder))
    return [gap for gap in GAPS if not closes[gap]]


def _limit(memory_mib: int) -> bool:
    """Sets the limits that there are; whether all of them are."""
    try:
        import resource
    except ImportError:
        return False
    memory = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    limits = {memory: memory_mib * MIB, resource.RLIMIT_FSIZE: _FILE_LIMIT, resource.RLIMIT_CORE: 0}
    if sys.platform == "linux":
        limits[resource.RLIMIT_NPROC] = _tasks() + _SPARE_PROCESSES
    complete = True
    for limit, value in limits.items():
        hard = resource.getrlimit(limit)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(limit, (value, value))
        except (OSError, ValueError):
            complete = False
    return complete


def _tasks() -> int:
    """The threads of this user, which is what RLIMIT_NPROC counts."""
    total = 0
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.stat(f"/proc/{process}").st_uid == os.getuid():
                total += len(os.listdir(f"/proc/{process}/task"))
        except OSError:
            continue
    return total


def _leave_network() -> bool:
    """Moves to a network namespace that has no network; whether the kernel lets this user have one."""
    new_user, new_network = 0x10000000, 0x40000000
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(new_network) == 0:
        return True
    if libc.unshare(new_user | new_network) != 0:
        return False
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        try:
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
        except OSError:
            continue
    return True


_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_NO_NEW_PRIVILEGES = 38
_EXECUTE, _WRITE_FILE = 1 << 0, 1 << 1
_CHANGES = sum(1 << bit for bit in range(4, 13))
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_COMPLETE = 3
"""The version of Landlock that also stops files from being cut off."""


def _confine_writes(folder: str) -> bool:
    """Landlock: no changes to files outside ``folder``, no programs started, no TCP, no signals to others.

    Whether the kernel has it in a version that stops all changes; older ones let files be cut off.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return False
    inside = _WRITE_FILE | _CHANGES | (_REFER if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)
    rules = struct.pack("=QQQ", inside | _EXECUTE, 3, 3)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = libc.syscall(_LANDLOCK_CREATE, rules, len(rules), 0)
    if ruleset < 0:
        return False
    for path, access in ((folder, inside), (os.devnull, inside & (_WRITE_FILE | _TRUNCATE))):
        descriptor = os.open(path, getattr(os, "O_PATH", 0) | os.O_CLOEXEC)
        libc.syscall(_LANDLOCK_ADD, ruleset, 1, struct.pack("=Qi", access, descriptor), 0)
        os.close(descriptor)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    restricted = libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0) == 0
    os.close(ruleset)
    return bool(restricted and version >= _COMPLETE)


def _forbid(folder: str) -> None:
    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _FORBIDDEN:
            raise PermissionError(f"a proof does not let a model {_FORBIDDEN[event]}")
        if event == "open":
            path, mode, flags = arguments
            if _is_writing(mode, flags):
                check(path)
        elif event in _WRITING:
            for path in arguments[: _WRITING[event]]:
                check(path)

    def check(path: Any) -> None:
        if isinstance(path, int) or path is None:
            return
        real = os.path.realpath(os.fsdecode(path))
        if real != os.devnull and not real.startswith(folder + os.sep) and real != folder:
            raise PermissionError(f"a proof does not let a model write files ({os.fsdecode(path)})")

    sys.addaudithook(hook)


def _is_writing(mode: Any, flags: Any) -> bool:
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    changing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    return isinstance(flags, int) and bool(flags & changing)
