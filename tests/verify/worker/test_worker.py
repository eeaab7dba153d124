"""The worker needs the standard library, NumPy and Keras, and nothing of reglint."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from reglint.verify import Job, Settings, examine
from reglint.verify.processes import WORKER

_LAZY = {"tensorflow", "jax", "torch"}
"""What is imported by name, where Keras runs on it."""


def _imported(file: Path) -> set[str]:
    """The packages that a module imports, without its own."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module))
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            found |= {each.value for each in node.args if isinstance(each, ast.Constant)}
    return {name.partition(".")[0] for name in found}


@pytest.mark.parametrize("file", sorted(WORKER.parent.glob("*.py")), ids=lambda file: file.name)
def test_what_it_imports(file: Path) -> None:
    assert _imported(file) <= {*sys.stdlib_module_names, "numpy", *_LAZY}


def test_no_module_looks_outside_its_folder() -> None:
    nodes = [node for file in WORKER.parent.glob("*.py") for node in ast.walk(ast.parse(file.read_text()))]
    assert {node.level for node in nodes if isinstance(node, ast.ImportFrom) and node.level} == {1}


@pytest.mark.parametrize("flags", [[], ["-I"], ["-I", "-S"]])
def test_it_starts_from_a_copy_in_an_isolated_interpreter(tmp_path: Path, flags: list[str]) -> None:
    """The greeting comes before Keras is imported, so that it needs none."""
    copy = tmp_path / "copied"
    shutil.copytree(WORKER.parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    done = subprocess.run(
        [sys.executable, *flags, str(copy / "__main__.py")],
        input=b"",
        capture_output=True,
        cwd=tmp_path,
        check=True,
    )
    assert json.loads(done.stdout) == {"python": list(sys.version_info[:2])}


@pytest.mark.keras
@pytest.mark.skipif(sys.platform == "win32", reason="links to the packages of another environment")
def test_it_builds_in_an_environment_without_reglint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that has all packages of this one but reglint and what reglint needs."""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    venv.create(tmp_path / "env", symlinks=True)
    python = tmp_path / "env" / "bin" / "python"
    own = ("reglint", "libcst", "click", "msgspec", "pathspec", "tomli")
    [packages] = (tmp_path / "env" / "lib").glob("python*/site-packages")
    for each in Path(sysconfig.get_path("purelib")).iterdir():
        if not each.name.lower().lstrip("_").startswith(own) and each.suffix != ".pth":
            (packages / each.name).symlink_to(each)
    for name in own[:2]:
        done = subprocess.run(
            [python, "-c", f"import {name}"], capture_output=True, cwd=tmp_path, check=False
        )
        assert b"ModuleNotFoundError" in done.stderr
    source = "import keras\nmodel = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])\n"
    job = Job(tmp_path / "subject.py", source, source, 3, ())
    [examined] = examine([job], Settings(python=str(python)))
    assert [found.built for found in examined.models] == ["model (module level)"]
