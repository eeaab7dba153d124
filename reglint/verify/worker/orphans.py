"""Makes sure that what a build starts does not outlive it. Linux only: elsewhere, these do nothing."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress

_SET_DEATH_SIGNAL, _SET_SUBREAPER = 1, 36


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def die_with_parent() -> None:
    """This process is killed when its parent ends."""
    _prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)


def adopt() -> None:
    """What a build starts becomes a child of this process when the build ends, also if it left the group."""
    _prctl(_SET_SUBREAPER, 1)


def kill(known: set[int]) -> None:
    """Kills the children that no build answers for, until there are none."""
    while orphans := _children() - known:
        for orphan in orphans:
            with suppress(OSError):
                os.kill(orphan, signal.SIGKILL)
                os.waitpid(orphan, 0)


def _children() -> set[int]:
    """The processes whose parent this one is; only Linux says."""
    if sys.platform != "linux":
        return set()
    found = set()
    for process in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError), open(f"/proc/{process}/stat") as file:
            if int(file.read().rpartition(")")[2].split()[1]) == os.getpid():
                found.add(int(process))
    return found
