"""Worker processes, as far as they need no TensorFlow."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from reglint.verify import Settings, VerifierMissing, forking
from reglint.verify.client import start
from reglint.verify.processes import environment

if TYPE_CHECKING:
    from pathlib import Path


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
    ("hello", "package", "message"),
    [
        (
            '{"missing": "tensorflow: ModuleNotFoundError: none"}',
            "tensorflow",
            r'pip install "reglint\[verify\]"',
        ),
        ('{"missing": "tf_keras: ModuleNotFoundError: none"}', "tf_keras", "pip install tf-keras"),
        ("", "tensorflow", "the interpreter died"),
    ],
)
def test_an_interpreter_without_tensorflow(
    tmp_path: Path, fork: bool, hello: str, package: str, message: str
) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\nread line\necho '{hello}'\n" if hello else "#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    with pytest.raises(VerifierMissing, match=message) as caught:
        start(3, Settings(python=str(python), fork=fork))
    assert caught.value.package == package


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
