"""Worker processes, as far as they need no TensorFlow."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from reglint.verify import Settings, VerifierMissing, forking, processes
from reglint.verify.client import start
from reglint.verify.processes import environment

if TYPE_CHECKING:
    from pathlib import Path

    from reglint.keras.catalog import Generation

_PYTHON = '{"python": [3, 11]}'


def test_the_environment_holds_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("PATH", "/bin")
    variables = environment(3, "/home/nobody")
    assert "secret" not in variables.values()
    assert variables["PATH"] == "/bin"
    assert variables["HOME"] == "/home/nobody"
    assert variables["TF_USE_LEGACY_KERAS"] == "0"
    assert environment(2, "/home/nobody")["TF_USE_LEGACY_KERAS"] == "1"


@pytest.mark.parametrize("fork", [True, False])
def test_an_interpreter_that_is_not_there(tmp_path: Path, fork: bool) -> None:
    with pytest.raises(VerifierMissing, match=r"cannot be started.*No such file") as caught:
        start(3, Settings(python=str(tmp_path / "python"), fork=fork))
    assert caught.value.package is None


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for an interpreter")
@pytest.mark.parametrize("fork", [True, False])
@pytest.mark.parametrize(
    ("lines", "package", "message"),
    [
        (
            [_PYTHON, '{"missing": "jax", "error": "ModuleNotFoundError: none"}'],
            "jax",
            r"^reglint.toml:7: proofs need jax, which .*/python cannot import "
            r"\(ModuleNotFoundError: none\): pip install jax$",
        ),
        (
            [_PYTHON, '{"missing": "tf_keras", "error": "ModuleNotFoundError: none"}'],
            "tf_keras",
            "pip install tf-keras$",
        ),
        (
            [_PYTHON, '{"missing": "keras", "error": "ValueError: broken"}'],
            "keras",
            r"\(ValueError: broken\)$",
        ),
        ([_PYTHON], "keras", r"cannot import \(the interpreter died\)$"),
        ([_PYTHON, '{"undifferentiable": "it has no gradients"}'], None, "^it has no gradients$"),
        (['{"python": [3, 9]}'], None, "python is Python 3.9, and proofs need 3.10 or later$"),
        ([], None, r"python does not answer: is it a Python interpreter\?$"),
        (["total 0"], None, r"python does not answer: is it a Python interpreter\?$"),
        (["[3, 11]"], None, r"python does not answer: is it a Python interpreter\?$"),
    ],
)
def test_an_interpreter_that_cannot_build(
    tmp_path: Path, fork: bool, lines: list[str], package: str | None, message: str
) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nread line\n" + "".join(f"echo '{line}'\n" for line in lines))
    python.chmod(0o755)
    with pytest.raises(VerifierMissing, match=message) as caught:
        start(3, Settings(python=str(python), python_from="reglint.toml:7", fork=fork))
    assert caught.value.package == package


@pytest.mark.parametrize(
    ("variables", "configuration", "generation", "backend"),
    [
        pytest.param({}, None, 3, "tensorflow", id="nothing says"),
        pytest.param({"KERAS_BACKEND": "jax"}, None, 3, "jax", id="the environment"),
        pytest.param({"KERAS_BACKEND": "jax"}, '{"backend": "torch"}', 3, "jax", id="the environment first"),
        pytest.param({}, '{"backend": "torch"}', 3, "torch", id="the configuration"),
        pytest.param({"KERAS_BACKEND": ""}, '{"backend": "torch"}', 3, "torch", id="an empty variable"),
        pytest.param({"KERAS_HOME": "elsewhere"}, '{"backend": "torch"}', 3, "tensorflow", id="another home"),
        pytest.param({}, '{"floatx": "float32"}', 3, "tensorflow", id="a configuration of other things"),
        pytest.param({}, "[]", 3, "tensorflow", id="a configuration that is none"),
        pytest.param({}, "{", 3, "tensorflow", id="a configuration that is damaged"),
        pytest.param({"KERAS_BACKEND": "jax"}, None, 2, "tensorflow", id="Keras 2"),
    ],
)
def test_the_backend_is_that_of_keras(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    configuration: str | None,
    generation: Generation,
    backend: str,
) -> None:
    for name in ("KERAS_BACKEND", "KERAS_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path), **variables}.items():
        monkeypatch.setenv(name, value)
    if configuration is not None:
        (tmp_path / ".keras").mkdir()
        (tmp_path / ".keras" / "keras.json").write_text(configuration)
    assert environment(generation, "/home/nobody")["KERAS_BACKEND"] == backend


def test_a_worker_that_is_interrupted_while_it_starts_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    process = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    monkeypatch.setattr(forking, "open_worker", lambda *_: process)
    monkeypatch.setattr(forking, "greet", interrupted)
    with pytest.raises(KeyboardInterrupt):
        forking.ForkingWorker(3, Settings())
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("processors", "available", "slots"),
    [(8, 64000, 8), (8, 9000, 4), (8, 500, 1), (1, 64000, 1), (8, None, 2), (1, None, 1)],
)
def test_as_many_builds_run_at_a_time_as_there_are_processors_and_memory(
    monkeypatch: pytest.MonkeyPatch, processors: int, available: int | None, slots: int
) -> None:
    monkeypatch.setattr(processes.os, "sched_getaffinity", lambda _: set(range(processors)), raising=False)
    monkeypatch.setattr(processes, "available_mib", lambda: available)
    assert processes.slots() == slots
