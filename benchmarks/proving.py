"""How well, and how fast, ``reglint fix`` proves fixes of the models of ``keras.applications``.

``python benchmarks/proving.py [--json]`` copies the sources of the installed ``keras.applications`` to a project of
their own and fixes the files of all models but the four largest: L2 on every kernel. Before and after that a plain
script builds the same models, one after the other in one process. The exit code is 1 if a site is not proven in grade
``model``, or if the fix took more than three times as long as the script.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fixed_applications import LARGEST, STRENGTH, installed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LIMIT = 3.0
"""How many times as long as the plain script a fix may take."""

# No model of Keras has a fused block with squeeze and excitation, so the policy says how to build one. The limit of
# time is for a machine that does other work.
POLICY = f"""\
[weights]
kernel = {{ require = "l2", strength = {STRENGTH} }}

[verify]
timeout = 1200

[verify.builders."keras.src.applications.efficientnet_v2:EfficientNetV2"]
width_coefficient = 1.0
depth_coefficient = 1.0
default_size = 64

[[verify.builders."keras.src.applications.efficientnet_v2:EfficientNetV2".blocks_args]]
kernel_size = 3
num_repeat = 1
input_filters = 8
output_filters = 8
expand_ratio = 4
se_ratio = 0.25
strides = 1
conv_type = 1
"""

# Run in a process of its own, which knows nothing of reglint: builds models one by one, or says where they are defined.
PLAIN = """
import inspect, json, sys
import keras

largest = json.loads(sys.argv[2])
models = [
    value for name, value in sorted(vars(keras.applications).items())
    if inspect.isfunction(value) and "weights" in inspect.signature(value).parameters and name not in largest
]
if sys.argv[1] == "files":
    print(json.dumps([len(models), sorted({inspect.getsourcefile(model) for model in models})]))
else:
    for model in models:
        keras.backend.clear_session()
        model(weights=None)
"""

_LOOK = 2.0
"""Seconds between looks at how much memory is in use."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process and all that it started took."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds of user and system, of all processors."""
    peak: float
    """MiB in use at a time, memory that processes share counted once; 0 where the system does not say."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Fix, build and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of tables")
    options = parser.parse_args(arguments)
    result = measured()
    print(json.dumps(result) if options.json else "\n".join(shown(result)))
    return 1 if result["others"] or result["ratio"] > LIMIT else 0


def measured() -> dict[str, Any]:
    """The sites by grade, those that are not in grade ``model``, and the costs.

    What comes first, asking for the files, also warms the disk's cache for all others.
    """
    largest = json.dumps(LARGEST)
    models, files = json.loads(run(sys.executable, "-c", PLAIN, "files", largest)[1])
    build = (sys.executable, "-c", PLAIN, "build", largest)
    with tempfile.TemporaryDirectory() as temporary:
        paths = copied(files, Path(temporary))
        before, _ = run(*build)
        cost, output = run(
            *(sys.executable, "-m", "reglint", "fix", "--no-cache", "--output-format", "json"),
            *("--policy", str(Path(temporary) / "policy.toml"), *map(str, paths)),
        )
        after, _ = run(*build)
    findings = json.loads(output)["findings"]
    return {
        "models": models,
        "files": len(files),
        "sites": len({(each["path"], each["line"], each["column"]) for each in findings}),
        "findings": len(findings),
        "grades": Counter(each["proof"]["grade"] if each["proof"] else "no fix" for each in findings),
        "others": [
            {"path": each["path"], "line": each["line"], "proof": each["proof"]}
            for each in findings
            if each["proof"] is None or each["proof"]["grade"] != "model"
        ],
        "built": sorted({each["proof"]["model"] for each in findings if each["proof"]}),
        "fix": asdict(cost),
        "plain": [asdict(before), asdict(after)],
        "ratio": 2 * cost.wall / (before.wall + after.wall),
        "cpu_ratio": 2 * cost.cpu / (before.cpu + after.cpu),
    }


def copied(files: Sequence[str], folder: Path) -> list[Path]:
    """Copy ``keras.applications`` to ``folder`` under its name, with the policy; where the files are there.

    The rest of Keras stays what it is in a real project: installed.
    """
    source = installed()
    target = folder / "keras"
    shutil.copytree(
        source / "src" / "applications",
        target / "src" / "applications",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for package in (target, target / "src"):
        (package / "__init__.py").touch()
    (folder / "policy.toml").write_text(POLICY)
    return [target / Path(file).relative_to(source) for file in files]


def run(*command: str) -> tuple[Cost, str]:
    """Run a command: what it cost, and its standard output."""
    environment = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", **os.environ}
    peak = 0.0
    cpu, start = _cpu(), time.monotonic()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL, env=environment)
        while process.poll() is None:
            peak = max(peak, sum(_memory(each) for each in _tree(process.pid)))
            try:
                process.wait(_LOOK)
            except subprocess.TimeoutExpired:
                continue
        cost = Cost(time.monotonic() - start, _cpu() - cpu, peak)
        output.seek(0)
        return cost, output.read()


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _tree(root: int) -> Iterator[int]:
    """A process and those that it started, and so on; none where there is no ``/proc``."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    waiting = [root] if children else []
    while waiting:
        process = waiting.pop()
        waiting += children.get(process, [])
        yield process


def _memory(process: int) -> float:
    """MiB, with its share of what it shares."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("Pss:")), 0.0)


def shown(result: dict[str, Any]) -> Iterator[str]:
    """The result as Markdown."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("keras", "tensorflow"))
    yield f"{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}, {versions}"
    yield ""
    grades = ", ".join(f"{count} {grade}" for grade, count in sorted(result["grades"].items()))
    counts = ", ".join(f"{result[name]} {name}" for name in ("models", "files", "sites", "findings"))
    yield f"{counts}: {grades}"
    for each in result["others"]:
        yield f"- {Path(each['path']).name}:{each['line']}: {(each['proof'] or {}).get('reason')}"
    yield f"Built: {', '.join(result['built'])}"
    yield ""
    yield "| | wall, s | CPU, s | peak memory, MiB |"
    yield "|---|--:|--:|--:|"
    before, after = result["plain"]
    for name, cost in (("plain script", before), ("fix", result["fix"]), ("plain script again", after)):
        yield f"| {name} | {cost['wall']:.0f} | {cost['cpu']:.0f} | {cost['peak']:.0f} |"
    yield f"| ratio | {result['ratio']:.2f} | {result['cpu_ratio']:.2f} | |"


if __name__ == "__main__":
    raise SystemExit(main())
