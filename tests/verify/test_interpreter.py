"""Which interpreter is meant, and what is said of one that cannot build."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reglint.verify import Settings, interpreter

_ABSENT = "ModuleNotFoundError: No module named 'x'"


@pytest.mark.skipif(sys.platform == "win32", reason="virtual environments have another layout there")
@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("env/bin/python", "env/bin/python"),
        ("env", "env/bin/python"),
        ("other", "other/python.exe"),
        ("empty", "empty/bin/python"),
        ("nowhere", "nowhere"),
        ("snake", "path/snake"),
        ("./snake", "snake"),
    ],
)
def test_find(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, found: str) -> None:
    (tmp_path / "env/bin").mkdir(parents=True)
    (tmp_path / "env/bin/python").symlink_to(sys.executable)
    (tmp_path / "other").mkdir()
    (tmp_path / "other/python.exe").touch()
    (tmp_path / "empty").mkdir()
    (tmp_path / "path").mkdir()
    (tmp_path / "path/snake").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.chdir(tmp_path)
    assert interpreter.find(Path(given) if given != "./snake" else tmp_path / "snake") == tmp_path / found


@pytest.mark.parametrize(
    ("python", "package", "error", "advice"),
    [
        (
            None,
            "tensorflow",
            _ABSENT,
            ': pip install "reglint[verify]", or set KERAS_BACKEND if Keras runs on something else, '
            "or name an interpreter that has it with --python",
        ),
        (
            None,
            "keras",
            _ABSENT,
            ': pip install "reglint[verify]", or name an interpreter that has it with --python',
        ),
        (None, "jax", _ABSENT, ": pip install jax, or name an interpreter that has it with --python"),
        (None, "keras", "ValueError: no", ": name an interpreter that has it with --python"),
        (
            "/a/python",
            "tensorflow",
            _ABSENT,
            ": pip install tensorflow, or set KERAS_BACKEND if Keras runs on something else",
        ),
        ("/a/python", "tf_keras", _ABSENT, ": pip install tf-keras"),
        ("/a/python", "keras", "ValueError: no", ""),
    ],
)
def test_advice(python: str | None, package: str, error: str, advice: str) -> None:
    missing = interpreter.without(Settings(python=python), {"missing": package, "error": error})
    where = python or sys.executable
    assert str(missing) == f"proofs need {package}, which {where} cannot import ({error}){advice}"
    assert missing.package == package
