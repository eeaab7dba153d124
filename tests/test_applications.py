"""The models of the installed Keras: every constructor is found, fixed, proven, and seen in the built models."""

from __future__ import annotations

import importlib.util
import itertools
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from reglint.cli import main

pytestmark = pytest.mark.keras

MODELS = {"vgg16": "VGG16", "resnet": "ResNet50", "mobilenet": "MobileNet"}
POLICY = '[weights]\nkernel = { require = "l2", strength = 1e-4 }\n'
CONSTRUCTOR = re.compile(r"\blayers\.(Conv2D|DepthwiseConv2D|Dense)\(")

# Run in a process of its own, which knows nothing of reglint: the penalties of a model, by weight.
BUILD = """
import importlib, json, sys
import keras

model = getattr(importlib.import_module(sys.argv[1]), sys.argv[2])(weights=None)
counts = {}
for weight in model.trainable_weights:
    counts.setdefault(weight.name, []).append(float(weight.regularizer.l2) if weight.regularizer else None)
print(json.dumps({"weights": counts, "losses": len(model.losses)}))
"""


@pytest.fixture(scope="module")
def applications(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copies of the sources, with a policy beside them."""
    spec = importlib.util.find_spec("keras")
    assert spec is not None
    assert spec.origin is not None
    folder = tmp_path_factory.mktemp("applications")
    for name in MODELS:
        shutil.copy(Path(spec.origin).parent / "src" / "applications" / f"{name}.py", folder)
    (folder / "reglint.toml").write_text(POLICY)
    return folder


@pytest.fixture(scope="module")
def fixed(applications: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, dict]:
    """A copy of the applications that ``fix`` has gone over, its exit code and what it reports."""
    folder = tmp_path_factory.mktemp("fixed") / applications.name
    shutil.copytree(applications, folder)
    return folder, *reglint("fix", str(folder))


def reglint(*arguments: str) -> tuple[int, dict]:
    result = CliRunner().invoke(main, [*arguments, "--output-format", "json"])
    assert result.stdout, result.stderr
    return result.exit_code, json.loads(result.stdout)


def test_every_constructor_is_found_fixed_and_proven_in_its_model(
    applications: Path, fixed: tuple[Path, int, dict]
) -> None:
    constructors = {
        (str(file), file.read_text()[: found.start()].count("\n") + 1): found[1]
        for file in applications.glob("*.py")
        for found in CONSTRUCTOR.finditer(file.read_text())
    }
    code, report = reglint("check", str(applications))
    assert code == 1
    assert {(f["path"], f["line"]): f["layer"] for f in report["findings"]} == constructors
    assert len(report["findings"]) == len(constructors)
    assert {f["weight"] for f in report["findings"]} == {"kernel", "depthwise"}

    # No model of resnet.py uses its second kind of block: those of resnet_v2.py do, and they import the installed one.
    lines = (applications / "resnet.py").read_text().splitlines()
    starts = [number for number, line in enumerate(lines, start=1) if line.startswith("def ")]
    alone = next(
        range(start, stop)
        for start, stop in itertools.pairwise(starts)
        if lines[start - 1].startswith("def residual_block_v2(")
    )
    folder, code, report = fixed
    grades = {
        (f["path"], f["line"]): "layer" if f["path"].endswith("resnet.py") and f["line"] in alone else "model"
        for f in report["findings"]
    }
    assert {(f["path"], f["line"]): f["proof"]["grade"] for f in report["findings"]} == grades
    assert list(grades.values()).count("layer") == 4
    assert all(
        penalty["expected"] > 0 and penalty["observed"] == pytest.approx(penalty["expected"], rel=1e-4)
        for finding in report["findings"]
        for penalty in finding["proof"]["penalties"]
    )
    assert code == 0
    assert report["summary"]["written"] == len(constructors)

    code, report = reglint("check", str(folder))
    assert (code, report["findings"]) == (0, [])


@pytest.mark.parametrize("name", MODELS)
def test_an_ordinary_process_builds_the_fixed_model(name: str, fixed: tuple[Path, int, dict]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BUILD, name, MODELS[name]],
        cwd=fixed[0],
        capture_output=True,
        text=True,
        check=True,
    )
    built = json.loads(done.stdout.splitlines()[-1])
    kernels = built["weights"].pop("kernel")
    assert len(kernels) == {"vgg16": 16, "resnet": 54, "mobilenet": 28}[name]
    assert set(kernels) == {1e-4}
    assert {strength for strengths in built["weights"].values() for strength in strengths} == {None}
    assert built["losses"] == len(kernels)


@pytest.mark.slow
def test_the_applications_fixed_as_a_whole_have_one_penalty_for_each_kernel() -> None:
    benchmark = Path(__file__).parents[1] / "benchmarks" / "fixed_applications.py"
    done = subprocess.run(
        [sys.executable, benchmark, "--json", "MobileNetV2", "EfficientNetB0"],
        capture_output=True,
        text=True,
        check=False,
    )
    summary, *models = map(json.loads, done.stdout.splitlines())
    assert summary["written"] == summary["findings"] > 200
    assert [(model["model"], model["kernels"], model["wrong"]) for model in models] == [
        ("MobileNetV2", 53, []),
        ("EfficientNetB0", 82, []),
    ]
    assert done.returncode == 0
