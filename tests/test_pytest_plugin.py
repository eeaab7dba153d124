"""The fixture in a project's own tests."""

from __future__ import annotations

import os
import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

TESTS = """
import keras
import pytest

def model(**arguments):
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, name="dense", **arguments)])

def test_right(assert_regularized):
    assert_regularized(model(kernel_regularizer="l1"))

def test_wrong(assert_regularized):
    assert_regularized(model())

def test_other(assert_regularized):
    assert_regularized(model(), {"weights": {"kernel": "optional"}})
"""


def _pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "reglint.pytest_plugin", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [*command, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.keras
@pytest.mark.parametrize("setting", ["", "reglint_policy = policies/strict.toml\n"])
def test_the_fixture(tmp_path: Path, setting: str) -> None:
    file = tmp_path / ("policies/strict.toml" if setting else "reglint.toml")
    file.parent.mkdir(exist_ok=True)
    file.write_text('[weights]\nkernel = "l1"\n')
    (tmp_path / "pytest.ini").write_text(f"[pytest]\n{setting}")
    (tmp_path / "test_models.py").write_text(dedent(TESTS))
    done = _pytest(tmp_path, "-q")
    assert "1 failed, 2 passed" in done.stdout
    problem = "sequential_1/dense/kernel: it has no penalty in model.losses; the policy asks for l1"
    assert f"Dense `dense`: {problem} ([weights] kernel)" in done.stdout
    assert "reglint/testing.py" not in done.stdout


def test_a_project_that_does_not_use_it_pays_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import sys\n"
        "def test_it():\n"
        "    loaded = {name for name in sys.modules if name.startswith('reglint')}\n"
        "    assert loaded == {'reglint', 'reglint.pytest_plugin'}\n"
        "    assert not {'libcst', 'msgspec', 'tensorflow', 'keras'} & sys.modules.keys()\n"
    )
    assert _pytest(tmp_path, "-q").returncode == 0
