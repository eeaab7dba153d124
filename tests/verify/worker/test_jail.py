"""What the jail says that it does not close, on systems that this one is not."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SCRIPT = """
import json, os, sys
{system}
from reglint.verify.worker import jail
print(json.dumps(jail.enter(os.getcwd(), 4096)))
"""


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_elsewhere_everything_is_open(system: str) -> None:
    script = SCRIPT.format(system=f"sys.platform = {system!r}; sys.modules['resource'] = None")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ["memory", "processes", "network", "files"]


@pytest.mark.skipif(sys.platform != "linux", reason="the jail of Linux")
def test_memory_is_limited_on_every_linux() -> None:
    script = SCRIPT.format(system="") + "bytearray(5 << 30)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "memory" not in json.loads(done.stdout)
    assert done.stderr.endswith("MemoryError\n")
