"""How much memory is there for builds."""

from __future__ import annotations

import os
import re
from pathlib import Path

_ROOT = Path("/")


def available_mib(root: Path = _ROOT) -> int | None:
    """MiB that can be used without any being swapped, None where the system does not say.

    On Linux what the kernel estimates, which counts in what it only keeps of files, or what a container has left, if
    that is less. ``root`` is where ``proc`` and ``sys`` are.
    """
    found = [
        each for each in (_of_machine(root / "proc/meminfo"), _of_container(root / "sys/fs/cgroup")) if each
    ]
    if found:
        return min(found) >> 20
    try:
        return (os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")) >> 20
    except (AttributeError, ValueError, OSError):
        return None


def _of_machine(file: Path) -> int | None:
    available = _number(file, r"^MemAvailable: *(\d+) kB$")
    return None if available is None else available << 10


def _of_container(folder: Path) -> int | None:
    """What is left of the limit of a control group, of version 2 or 1; what it keeps of files counts as left."""
    for limit, used, kept in (
        ("memory.max", "memory.current", "inactive_file"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "total_inactive_file"),
    ):
        most, now = (_number(folder / name, r"\A(\d+)$") for name in (limit, used))
        if most is not None and now is not None:
            statistics = (folder / limit).with_name("memory.stat")
            return max(1, most - now + (_number(statistics, rf"^{kept} (\d+)$") or 0))
    return None


def _number(file: Path, pattern: str) -> int | None:
    try:
        found = re.search(pattern, file.read_text(), re.M)
    except (OSError, ValueError):
        return None
    return None if found is None else int(found[1])
