"""Whether the models of ``keras.applications`` carry their penalties once ``reglint fix`` has been over the source.

``python benchmarks/fixed_applications.py [--json] [MODEL ...]`` copies the installed Keras, fixes its ``applications``
under a strict policy, L2 on every kernel and bias, without proofs, and builds the models from the copy: those that are
named, else all but the four largest. Each kernel-like weight must have one penalty of the policy's strength, and the
losses of the model must be these and their sum the one computed from the weights: if not, the exit code is 1.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LARGEST = ("ConvNeXtXLarge", "ConvNeXtLarge", "VGG19", "VGG16")
STRENGTH = 1e-4
POLICY = f"""\
[weights]
kernel = {{ require = "l2", strength = {STRENGTH} }}
bias = {{ require = "l2", strength = {STRENGTH} }}
"""

# Run in a process of its own, which knows nothing of reglint and has the copy first on its path.
BUILD = """
import inspect, json, sys
import keras
import numpy as np

strength, names, largest = json.loads(sys.argv[1])
assert keras.__file__.startswith(sys.argv[2]), keras.__file__
for name in names or sorted(
    name for name, value in vars(keras.applications).items()
    if inspect.isfunction(value) and "weights" in inspect.signature(value).parameters and name not in largest
):
    keras.backend.clear_session()
    model = getattr(keras.applications, name)(weights=None)
    found = {"model": name, "kernels": 0, "penalties": 0, "wrong": [], "losses": len(model.losses)}
    expected = 0.0
    for weight in model.weights:
        penalty = None if weight.regularizer is None else weight.regularizer.get_config()
        kernel = weight.name.endswith("kernel")
        found["kernels"] += kernel
        if penalty is not None:
            found["penalties"] += 1
            expected += strength * float(np.sum(np.square(np.asarray(weight, "float64"))))
        if (kernel and penalty is None) or (penalty is not None and penalty != {"l2": strength}):
            found["wrong"].append(weight.path)
    found["expected"], found["observed"] = expected, float(sum(map(float, model.losses)))
    print("REPORT" + json.dumps(found), flush=True)
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Fix, build and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("models", nargs="*", metavar="MODEL", help="a function of keras.applications")
    parser.add_argument(
        "--json", action="store_true", help="print a JSON object for the fix and for each model"
    )
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        summary = fix(Path(temporary))
        built = list(build(Path(temporary), options.models))
    if options.json:
        print("\n".join(json.dumps(found) for found in (summary, *built)))
    else:
        print("\n".join(shown(summary, built)))
    return 0 if built and all(map(is_right, built)) else 1


def fix(folder: Path) -> dict[str, Any]:
    """Copy Keras to ``folder`` and fix its applications there; the summary of the run."""
    shutil.copytree(installed(), folder / "keras", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "strict.toml").write_text(POLICY)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "reglint", "fix", "--no-verify", "--output-format", "json"),
            *("--policy", str(folder / "strict.toml"), str(folder / "keras" / "src" / "applications")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    summary: dict[str, Any] = json.loads(done.stdout)["summary"]
    return summary


def installed() -> Path:
    """The folder of the installed Keras; finding it imports no TensorFlow."""
    spec = importlib.util.find_spec("keras")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def build(folder: Path, models: Sequence[str]) -> Iterator[dict[str, Any]]:
    """What each model has that the Keras in ``folder`` builds."""
    environment = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", **os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(folder), environment.get("PYTHONPATH"))))
    asked = json.dumps([STRENGTH, models, LARGEST])
    with subprocess.Popen(
        [sys.executable, "-c", BUILD, asked, str(folder)], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("REPORT"):
                yield json.loads(line.removeprefix("REPORT"))
    if process.returncode:
        raise RuntimeError("a model could not be built")


def is_right(found: dict[str, Any]) -> bool:
    """Whether a model has one penalty of the right strength for each kernel, and no other losses."""
    return (
        not found["wrong"]
        and 0 < found["kernels"] <= found["penalties"] == found["losses"]
        and abs(found["observed"] - found["expected"]) <= 1e-4 * found["expected"]
    )


def shown(summary: dict[str, Any], built: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The result as Markdown."""
    yield f"Python {platform.python_version()}, Keras {importlib.metadata.version('keras')}"
    yield ""
    yield "| findings | fixed | models | right | kernels | penalties | losses |"
    yield "|--:|--:|--:|--:|--:|--:|--:|"
    counts = [summary["findings"], summary["written"], len(built), sum(map(is_right, built))]
    counts += [sum(found[name] for found in built) for name in ("kernels", "penalties", "losses")]
    yield f"| {' | '.join(map(str, counts))} |"
    for found in built:
        if not is_right(found):
            yield f"- {found}"


if __name__ == "__main__":
    raise SystemExit(main())
