"""The inputs of ``fixtures/fix`` become what lies beside them; ``make golden`` writes that anew."""

from __future__ import annotations

import ast
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType


def load() -> ModuleType:
    path = Path(__file__).parents[2] / "fixtures" / "golden.py"
    spec = importlib.util.spec_from_file_location("golden", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


golden = load()


def held(name: str, part: str) -> dict[str, bytes]:
    """The files of a fixture below ``part``."""
    folder = golden.FIXTURES / name / part
    return golden.files(folder) if folder.is_dir() else {}


def test_the_fixtures_are_of_the_groups_that_have_them() -> None:
    assert {name.partition("/")[0] for name in golden.fixtures()} >= {
        "documents",
        "imports",
        "layout",
        "places",
        "spelling",
    }


@pytest.mark.parametrize("name", golden.fixtures())
def test_the_fix_makes_what_is_checked_in(name: str) -> None:
    checked_in = golden.files(golden.FIXTURES / name)
    made = {file: data for file, data in checked_in.items() if not file.startswith("input/")}
    assert golden.made(name) == made, "run `make golden` and look at the difference"


@pytest.mark.parametrize("name", [name for name in golden.fixtures() if held(name, "output")])
def test_what_is_made_parses_and_needs_no_second_run(name: str) -> None:
    before, after = held(name, "input"), held(name, "output")
    for file, data in after.items():
        if file.endswith(".py"):
            ast.parse(data)
    with golden.copied({**before, **after}) as project:
        assert golden.run("fix", "--no-verify", "--diff") == b""
        golden.run("fix", "--no-verify")
        assert golden.files(project) == {**before, **after}


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize("name", [name for name in golden.fixtures() if held(name, "output")])
def test_git_applies_the_diff(name: str) -> None:
    after = {file: data for file, data in held(name, "output").items() if not file.endswith(".ipynb")}
    diff = golden.FIXTURES / name / "fix.diff"
    with golden.copied(held(name, "input")) as project:
        if after:
            subprocess.run(["git", "apply", "--exclude=*.ipynb:*", str(diff)], check=True, cwd=project)
        assert golden.files(project) == {**held(name, "input"), **after}


def as_ruff_has_it(part: str, folder: Path) -> dict[str, bool]:
    """Whether ruff leaves each changed file as it is in ``part`` of its fixture."""
    sources = {
        (name, file): (golden.FIXTURES / name / part / file).read_bytes()
        for name in golden.fixtures()
        for file in held(name, "output")
        if file.endswith(".py") and not (golden.FIXTURES / name / "input" / "pyproject.toml").exists()
    }
    copies = {key: folder / f"{number}.py" for number, key in enumerate(sources)}
    for key, copy in copies.items():
        copy.write_bytes(sources[key])
    ruff = [sys.executable, "-m", "ruff"] if importlib.util.find_spec("ruff") else ["ruff"]
    subprocess.run([*ruff, "format", "--isolated", "--silent", str(folder)], check=False)
    return {"/".join(key): copy.read_bytes() == sources[key] for key, copy in copies.items()}


def test_ruff_leaves_the_output_where_it_leaves_the_input(tmp_path: Path) -> None:
    before = as_ruff_has_it("input", tmp_path)
    after = as_ruff_has_it("output", tmp_path)
    assert [file for file, same in after.items() if before[file] and not same] == []
    assert list(before.values()).count(True) > 50
