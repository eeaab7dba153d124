"""The hooks, run by the real pre-commit from a copy of this repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[1]
GOOD = "from keras import layers, regularizers\n\nlayers.Dense(4, kernel_regularizer=regularizers.l2(1e-4))\n"
BAD = "from keras import layers, regularizers\n\nlayers.Dense(4)\n"
CONFIG = """\
repos:
  - repo: {repository}
    rev: {revision}
    hooks:
      - id: reglint-check
        stages: [pre-commit]
      - id: reglint-fix
        stages: [manual]
        args: [--no-verify]
        additional_dependencies: []
"""


def run(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    done = run(folder, "git", *identity, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that holds the working tree as it is now."""
    copy = tmp_path_factory.mktemp("reglint")
    names = git(PROJECT, "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    for name in names:
        if (PROJECT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, copy / name)
    git(copy, "init", "--quiet")
    git(copy, "add", "--all")
    git(copy, "commit", "--quiet", "--no-verify", "--message", "copy")
    return copy


def test_a_bad_commit_is_rejected_and_a_good_one_passes(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("home")
    project = tmp_path_factory.mktemp("project")
    environment = {
        "PRE_COMMIT_HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    revision = git(repository, "rev-parse", "HEAD")
    git(project, "init", "--quiet")
    (project / ".pre-commit-config.yaml").write_text(CONFIG.format(repository=repository, revision=revision))
    assert run(project, "pre-commit", "install", **environment).returncode == 0
    (project / "model.py").write_text(BAD)
    git(project, "add", "--all")

    rejected = run(project, "git", *identity, "commit", "--message", "bad", **environment)
    assert rejected.returncode == 1
    assert "reglint check" in rejected.stderr
    assert (
        "model.py:3:1: REG101 `Dense` has no `kernel_regularizer`; the policy asks for l2" in rejected.stderr
    )

    stage = ("pre-commit", "run", "reglint-fix", "--hook-stage", "manual", "--all-files")
    fixed = run(project, *stage, **environment)
    assert fixed.returncode == 1
    assert "files were modified by this hook" in fixed.stdout
    assert (project / "model.py").read_text() == GOOD

    git(project, "add", "--all")
    passed = run(project, "git", *identity, "commit", "--message", "good", **environment)
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert git(project, "log", "--format=%s") == "good"
