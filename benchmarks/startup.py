"""CPU seconds that a short run of reglint takes, beside what Python and libcst take to start.

Run it on a quiet machine, with the interpreter that has reglint: ``python benchmarks/startup.py [RUNS]``. The exit
code is 1 if the median of ``reglint check`` on one small file is above the limit.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

LIMIT = 0.5
"""CPU seconds, user and system, for ``reglint check`` on one small file."""

WITH_LAYER = "from keras import layers\n\nlayer = layers.Dense(10)\n"
WITHOUT_KERAS = "import sys\n\nprint(sys.argv)\n"
COMMANDS = {
    'python -c "pass"': ["-c", "pass"],
    'python -c "import libcst"': ["-c", "import libcst"],
    "reglint --version": ["-m", "reglint", "--version"],
    "reglint check plain.py    (no Keras in it)": ["-m", "reglint", "check", "plain.py"],
    "reglint check layer.py    (one Dense)": ["-m", "reglint", "check", "layer.py"],
}
LIBRARIES = ("reglint", "libcst", "click", "msgspec", "pathspec")


def main(runs: int = 15) -> int:
    """Measure, print a table, and compare with the limit."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "layer.py").write_text(WITH_LAYER)
        (Path(folder) / "plain.py").write_text(WITHOUT_KERAS)
        seconds = measure(runs, folder)
    medians = {name: statistics.median(taken) for name, taken in seconds.items()}
    print(machine())
    print(f"CPU seconds (user + system) of {runs} runs\n")
    width = max(map(len, COMMANDS))
    print(f"  {'':<{width}}  median  lowest")
    for name, taken in seconds.items():
        print(f"  {name:<{width}}  {medians[name]:6.3f}  {min(taken):6.3f}")
    slowest = max(median for name, median in medians.items() if name.startswith("reglint check"))
    verdict = "within" if slowest <= LIMIT else "ABOVE"
    print(f"\nreglint check: {slowest:.3f} s, {verdict} the limit of {LIMIT} s")
    return 0 if slowest <= LIMIT else 1


def measure(runs: int, folder: str) -> dict[str, list[float]]:
    """What each command took. They take turns, so that a busy moment of the machine meets them all."""
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for turn in range(runs + 1):
        for name, arguments in COMMANDS.items():
            taken = cpu_seconds([sys.executable, *arguments], folder)
            # The first turn fills the caches of the disk and of the bytecode.
            if turn > 0:
                seconds[name].append(taken)
    return seconds


def cpu_seconds(command: list[str], folder: str) -> float:
    """User and system seconds of one process."""
    # Installed packages have their bytecode: here it goes to the folder, whatever the environment says about it.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": os.path.join(folder, "bytecode")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    code = process.returncode = os.waitstatus_to_exitcode(status)
    if code not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with exit code {code}")
    return usage.ru_utime + usage.ru_stime


def machine() -> str:
    """The machine, Python and the libraries, on one line each."""
    libraries = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)
    system = f"{platform.system()} {platform.machine()}, {processor()}, {os.cpu_count()} CPUs"
    return f"{system}\n{platform.python_implementation()} {platform.python_version()}, {libraries}"


def processor() -> str:
    """The model of the processor, as far as the system tells."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor() or "processor not known")


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:2])))
