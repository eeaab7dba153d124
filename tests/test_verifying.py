"""``reglint verify``: what is found in a project, what is said of it, and how the command ends."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from reglint import cli, verifying
from reglint.report.verification import Verification, VerificationSummary
from reglint.verify import VerifierMissing, client
from reglint.verifying import Entry, UnknownModule, entry_of

if TYPE_CHECKING:
    from click.testing import Result

MODELS = """
import keras
from keras import layers

def block(x, filters):
    x = layers.Conv2D(filters, 3, kernel_regularizer="l2")(x)
    return layers.BatchNormalization()(x)

def build(classes=10):
    inputs = keras.Input((16, 16, 3))
    x = layers.Flatten()(block(inputs, 8))
    return keras.Model(inputs, layers.Dense(classes, "softmax", name="head")(x))

class Net(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.first = layers.Dense(units, kernel_regularizer="l2")
    def call(self, x):
        return self.first(x)

def hang():
    while True: pass
    return keras.Sequential([layers.Dense(1)])

def not_in_a_model():
    return layers.Dense(4)
"""

SCRIPT = """
import keras
import numpy as np
def make(units):
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(units, kernel_regularizer="l1")])
x = np.load("x.npy")
net = make(3)
net.fit(x)
if __name__ == "__main__":
    raise SystemExit(make(5))
"""

BLOCKS = """
from keras import layers
def dense(x, units=4):
    return layers.Dense(units, kernel_regularizer="l2")(x)
"""

OLD = """
import tf_keras
model = tf_keras.Sequential([tf_keras.layers.Dense(2, input_shape=(3,), kernel_regularizer="l2")])
"""

NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["# A model"]},
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": ["import keras\n"],
        },
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": [
                "%matplotlib inline\n",
                "m = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\n",
            ],
        },
    ],
    "metadata": {"language_info": {"name": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}

POLICY = """
[weights]
kernel = "l2"
[[overrides]]
files = ["blocks.py"]
weights.kernel = "any"
[verify]
timeout = 15
builders = { "models:build" = { classes = 3 } }
"""


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ["verify", *arguments], prog_name="reglint")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    files = {
        "models.py": MODELS,
        "script.py": SCRIPT,
        "blocks.py": BLOCKS,
        "old.py": OLD,
        "notebook.ipynb": json.dumps(NOTEBOOK),
        "reglint.toml": POLICY,
    }
    for name, text in files.items():
        (folder / name).write_text(dedent(text))
        os.utime(folder / name, (time.time() - 60,) * 2)
    return folder


@pytest.fixture(scope="module")
def found(folder: Path) -> Any:
    """The JSON output about the whole project."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        result = _run("--output-format", "json")
    assert result.exit_code == 1
    return json.loads(result.stdout)


@pytest.mark.keras
def test_models_are_found_once_each(found: Any) -> None:
    models = [(model["path"], model["built"], model["grade"]) for model in found["models"]]
    assert models == [
        ("blocks.py", "dense(x=<made-up tensor>)", "layer"),
        ("models.py", "build(classes=3)", "model"),
        ("models.py", "Net(units=8)", "model"),
        ("notebook.ipynb", "m (module level)", "model"),
        ("old.py", "model (module level)", "model"),
        ("script.py", "net (module level)", "model"),
    ]


@pytest.mark.keras
def test_layers_weights_and_penalties(found: Any) -> None:
    build = found["models"][1]
    rows = [
        (
            layer["name"],
            layer["line"],
            weight["role"],
            weight["parameters"],
            weight["penalty"]["text"],
            weight["problem"],
        )
        for layer in build["layers"]
        for weight in layer["weights"]
        if weight["role"] == "kernel"
    ]
    problem = "it has no penalty in model.losses; the policy asks for l2 ([weights] kernel)"
    assert rows == [
        ("conv2d", 6, "kernel", 216, "l2(0.01)", None),
        ("head", 12, "kernel", 4704, "no penalty", problem),
    ]
    assert (build["parameters"], build["penalized"]) == (216 + 8 + 16 + 4704 + 3, 216)
    assert build["coverage"] == 216 / 4947
    conv = build["layers"][0]["weights"][0]
    assert conv["share"] == 1.0
    assert conv["value"] == build["penalty"] > 0


@pytest.mark.keras
def test_problems_and_where_they_are(found: Any) -> None:
    problems = [
        (layer["path"], layer["cell"], layer["line"], weight["name"].rsplit("/", 1)[-1])
        for model in found["models"]
        for layer in model["layers"]
        for weight in layer["weights"]
        if weight["problem"]
    ]
    assert problems == [
        ("models.py", None, 12, "kernel"),
        ("notebook.ipynb", 3, 2, "kernel"),
        ("script.py", None, 5, "kernel"),
    ]


@pytest.mark.keras
def test_what_could_not_be_verified(found: Any) -> None:
    entries = [(each["path"], each["line"], each["what"], each["reason"]) for each in found["unverified"]]
    assert entries == [
        ("models.py", None, "hang()", "building hang() took longer than 15 s"),
        ("models.py", 26, "`Dense`", "no model that could be built has this layer"),
    ]
    summary = found["summary"]
    assert (summary["files"], summary["models"], summary["problems"], summary["unverified"]) == (5, 6, 3, 2)
    assert summary["policy"] == "reglint.toml"


@pytest.mark.keras
@pytest.mark.usefixtures(
    "found"
)  # its builds are cached: no worker starts, and says what the system does not contain
def test_functions_and_classes_by_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    names = ["models:build", "models.py:Net", "blocks:dense", "models:not_in_a_model", "models:nowhere"]
    result = _run("--output-format", "json", *names)
    found = json.loads(result.stdout)
    assert [(model["path"], model["built"], model["grade"]) for model in found["models"]] == [
        ("blocks.py", "dense(x=<made-up tensor>)", "layer"),
        ("models.py", "build(classes=3)", "model"),
        ("models.py", "Net(units=8)", "model"),
    ]
    assert [(each["what"], each["reason"]) for each in found["unverified"]] == [
        ("not_in_a_model()", "it built no model with weights")
    ]
    assert result.stderr == "error: models.py: there is no `nowhere` in it\n"
    assert result.exit_code == 2


@pytest.mark.keras
def test_a_second_run_builds_nothing(found: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(generation: int, _: object) -> None:
        raise VerifierMissing(f"a worker for Keras {generation} was started")

    monkeypatch.setattr(client, "_start", start)
    monkeypatch.chdir(folder)
    paths = ("blocks.py", "notebook.ipynb", "old.py", "script.py")
    again = json.loads(_run("--output-format", "json", *paths).stdout)
    assert again["models"] == [model for model in found["models"] if model["path"] != "models.py"]
    for arguments in ((*paths, "--no-cache"), (*paths, "--cache-dir", "elsewhere"), ("models.py",)):
        result = _run(*arguments)
        assert (result.exit_code, "a worker for Keras" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("problems", "unverified", "errors", "arguments", "code"),
    [
        (0, 0, 0, (), 0),
        (1, 0, 0, (), 1),
        (0, 1, 0, (), 1),
        (0, 1, 0, ("--allow-unverified",), 0),
        (1, 1, 0, ("--allow-unverified",), 1),
        (1, 1, 1, (), 2),
    ],
)
def test_exit_codes(
    monkeypatch: pytest.MonkeyPatch,
    problems: int,
    unverified: int,
    errors: int,
    arguments: tuple[str, ...],
    code: int,
) -> None:
    summary = VerificationSummary("a policy", 1, 1, 1, problems, unverified, errors)
    monkeypatch.setattr(verifying, "verify", lambda *_, **__: Verification(1, (), (), summary))
    assert _run(*arguments).exit_code == code


def test_entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.py", "pkg/__init__.py", "pkg/b.py", "src/c.py", "odd:name.py"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).touch()
    assert entry_of("a:build") == Entry(Path("a.py"), "build")
    assert entry_of("a.py:Net.build") == Entry(Path("a.py"), "Net.build")
    assert entry_of("pkg:build") == Entry(Path("pkg/__init__.py"), "build")
    assert entry_of("pkg.b:build") == Entry(Path("pkg/b.py"), "build")
    assert entry_of("c:build") == Entry(Path("src/c.py"), "build")
    assert [entry_of(path) for path in ("a.py", "src/", ".", "odd:name.py", "missing.py")] == [None] * 5
    with pytest.raises(UnknownModule, match=r"^no\.where:build: there is no no/where\.py and no "):
        entry_of("no.where:build")


def test_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.py").touch()
    mixed = _run("a:build", "a.py")
    assert (mixed.exit_code, "give one or the other" in mixed.stderr) == (2, True)
    assert _run("b:build").exit_code == 2


def test_nothing_to_verify_starts_no_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "start", lambda *_: pytest.fail("a worker was started"))
    monkeypatch.chdir(tmp_path)
    assert (_run().exit_code, _run().stdout) == (0, "No models were built.\nNo Python files were read.\n")
    Path("a.py").write_text("import sys\n")
    assert _run().stdout == "No models were built.\nRead 1 file. Policy: built-in default.\n"


def test_a_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = _run("missing.py")
    assert result.exit_code == 2
    assert "missing.py" in result.stderr
