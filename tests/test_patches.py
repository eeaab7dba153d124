"""``fix --diff | git apply`` does what ``fix`` does, to files of all kinds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

CODE = "from keras import layers\n\n\ndef build(x):\n    return layers.Dense(4)(x)\n"
CELL = {"cell_type": "code", "metadata": {}, "outputs": [], "source": CODE.splitlines(keepends=True)}
NOTEBOOK = {"cells": [CELL, {"cell_type": "markdown", "metadata": {}, "source": "\u00e9"}], "nbformat": 4}

FILES = {
    "model.py": CODE.encode(),
    "crlf.py": CODE.replace("\n", "\r\n").encode(),
    "mixed.py": CODE.replace("layers\n", "layers\r\n").encode(),
    "no end.py": CODE.rstrip().encode(),
    "no end crlf.py": CODE.rstrip().replace("\n", "\r\n").encode(),
    "latin.py": b"# coding: latin-1\n" + CODE.encode() + b"# \xe9\n",
    "mark.py": b"\xef\xbb\xbf" + CODE.encode(),
    "sub folder/\u65e5\u672c.py": CODE.encode(),
    "indented.ipynb": json.dumps(NOTEBOOK, indent=1).encode() + b"\n",
    "one line.ipynb": json.dumps(NOTEBOOK, ensure_ascii=False).encode(),
    "guide.md": f"# Guide\n\n```python\n{CODE}```\n".encode(),
    "list.md": ("- ```py\n" + "".join(f"  {line}".rstrip() + "\r\n" for line in CODE.splitlines()) + "  ```").encode(),
}  # fmt: skip


def run(folder: Path, *command: str, given: bytes | None = None) -> bytes:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(command, cwd=folder, input=given, capture_output=True, env=environment, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    return done.stdout


def reglint_fix(folder: Path, *options: str) -> bytes:
    return run(folder, sys.executable, "-m", "reglint", "fix", "--no-verify", "--docs", *options)


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in FILES}


@pytest.fixture
def repositories(tmp_path: Path) -> tuple[Path, Path]:
    folders = (tmp_path / "one", tmp_path / "two")
    for folder in folders:
        for name, data in FILES.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        (folder / "a link.py").symlink_to("model.py")
        run(folder, "git", "init", "--quiet")
        run(folder, "git", "add", ".")
    return folders


def test_the_patch_does_what_the_fix_does(repositories: tuple[Path, Path]) -> None:
    patched, fixed = repositories
    patch = reglint_fix(patched, "--diff")
    assert contents(patched) == FILES
    run(patched, "git", "apply", "--index", "-", given=patch)
    reglint_fix(fixed)
    assert contents(patched) == contents(fixed)
    assert [name for name, data in contents(fixed).items() if data == FILES[name]] == []
    assert (patched / "a link.py").is_symlink()
    assert (fixed / "a link.py").is_symlink()
    assert reglint_fix(fixed, "--diff") == b""


def test_the_patch_of_a_folder_applies_there(repositories: tuple[Path, Path]) -> None:
    folder = repositories[0] / "sub folder"
    run(folder, "git", "apply", "-", given=reglint_fix(folder, "--diff"))
    changed = [name for name, data in contents(repositories[0]).items() if data != FILES[name]]
    assert changed == ["sub folder/\u65e5\u672c.py"]
