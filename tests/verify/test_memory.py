"""What the system says about memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reglint.verify.memory import available_mib

if TYPE_CHECKING:
    from pathlib import Path

_MIB = 1 << 20
_MACHINE = {
    "proc/meminfo": "MemTotal:  8192000 kB\nMemFree:  1024 kB\nMemAvailable:  4096000 kB\nBuffers:  1 kB\n"
}


def _group(limit: str, used: int, kept: int = 0) -> dict[str, str]:
    return {
        "sys/fs/cgroup/memory.max": f"{limit}\n",
        "sys/fs/cgroup/memory.current": f"{used}\n",
        "sys/fs/cgroup/memory.stat": f"anon 1\nfile 2\ninactive_file {kept}\n",
    }


@pytest.mark.parametrize(
    ("files", "available"),
    [
        pytest.param(_MACHINE, 4000, id="a machine, also what it keeps of files"),
        pytest.param(_MACHINE | _group(f"{3000 * _MIB}", 1000 * _MIB), 2000, id="a container"),
        pytest.param(
            _MACHINE | _group(f"{3000 * _MIB}", 1000 * _MIB, 500 * _MIB),
            2500,
            id="what a container keeps of files",
        ),
        pytest.param(_MACHINE | _group("max", 1000 * _MIB), 4000, id="a container without a limit"),
        pytest.param(
            _MACHINE | _group(f"{9000 * _MIB}", 0), 4000, id="a container that may have more than there is"
        ),
        pytest.param(_MACHINE | _group(f"{100 * _MIB}", 100 * _MIB), 0, id="a container that is full"),
        pytest.param(
            {
                **_MACHINE,
                "sys/fs/cgroup/memory/memory.limit_in_bytes": f"{2000 * _MIB}",
                "sys/fs/cgroup/memory/memory.usage_in_bytes": f"{500 * _MIB}",
            },
            1500,
            id="control groups of version 1",
        ),
    ],
)
def test_available(tmp_path: Path, files: dict[str, str], available: int) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert available_mib(tmp_path) == available


def test_a_system_that_says_something_else(tmp_path: Path) -> None:
    found = available_mib(tmp_path)
    assert found is None or found >= 0
