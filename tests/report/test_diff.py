"""Diffs that the real ``git apply`` takes."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from reglint.files.documents import read_document
from reglint.files.edit import Edit
from reglint.report.diff import render_diff

BOM = b"\xef\xbb\xbf"


def git(folder: Path, *arguments: str, given: bytes | None = None) -> bytes:
    """Run git without the settings of this machine."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, input=given, capture_output=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    git(tmp_path, "init", "--quiet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def diff(path: Path, before: bytes, after: bytes) -> bytes:
    """Write ``before`` to ``path`` and give the diff to ``after``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(before)
    document = read_document(path)
    edited = document.edited([Edit(0, len(document.source), after.decode(document.encoding))])
    assert edited.data == after
    return render_diff(document, edited)


LONG = b"".join(b"line%d = %d\n" % (number, number) for number in range(100))

CONTENTS = {
    "one line": (b"x = 1\n", b"x = 2\n"),
    "far apart": (LONG, LONG.replace(b"line7 ", b"a ").replace(b"line90 ", b"b ")),
    "lines added": (b"a\nb\n", b"a\nnew\nb\nnew\n"),
    "line taken": (b"a\nb\nc\n", b"a\nc\n"),
    "CRLF": (b"a\r\nb\r\nc\r\n", b"a\r\nnew\r\nc\r\n"),
    "CR": (b"a\rb\rc", b"a\rnew\rc"),
    "mixed line ends": (b"a\r\nb\nc\rd\n", b"a\r\nnew\nc\rd\n"),
    "no final newline": (b"a\nb", b"a\nnew"),
    "no final newline, change above": (b"a\nb", b"new\nb"),
    "final newline added": (b"a\nb", b"a\nb\n"),
    "final newline taken": (b"a\nb\n", b"a\nb"),
    "byte-order mark": (BOM + b"x = 1\ny\n", BOM + b"x = 2\ny\n"),
    "latin-1": (b"# coding: latin-1\nx = '\xe9'\ny\n", b"# coding: latin-1\nx = '\xe9', 1\ny\n"),
    "latin-1 beside the change": (
        b"# coding: latin-1\nx = '\xe9'\ny\n",
        b"# coding: latin-1\nx = '\xe9'\nz\n",
    ),
    "UTF-8": ("x = '日本 \U0001f600'\n".encode(), "y = '日本 \U0001f600'\n".encode()),
    "form feed and other separators": ("\x0ca\u2028b\x85c\n".encode(), "\x0ca\u2028b\x85d\n".encode()),
    "lines that look like a header": (b"-- a\n++ b\n", b"++ b\n-- a\n"),
    "filled": (b"", b"x = 1\n"),
}


@pytest.mark.parametrize(("before", "after"), CONTENTS.values(), ids=CONTENTS)
def test_git_apply_makes_exactly_the_new_bytes(repository: Path, before: bytes, after: bytes) -> None:
    file = Path("model.py")
    git(repository, "apply", "-", given=diff(file, before, after))
    assert file.read_bytes() == after


def test_the_diff_of_a_notebook_is_that_of_its_file(repository: Path) -> None:
    file = Path("a b.ipynb")
    before = b'{\n "cells": [{"cell_type": "code", "source": ["x = 1\\n", "\\u00e9"]}]\n}'
    file.write_bytes(before)
    document = read_document(file)
    after = document.edited([Edit(4, 5, "'\U0001f600'")])
    assert after.data == before.replace(b"= 1", b"= '\\ud83d\\ude00'")
    git(repository, "apply", "-", given=render_diff(document, after))
    assert file.read_bytes() == after.data


def test_the_diff_of_a_markdown_file(repository: Path) -> None:
    file = Path("a.md")
    file.write_bytes(b"- ```py\r\n  a\r\n  ```\r\n\r\n```\r\nb")
    document = read_document(file)
    after = document.edited([Edit(0, 1, "b")])
    git(repository, "apply", "-", given=render_diff(document, after))
    assert file.read_bytes() == b"- ```py\r\n  b\r\n  ```\r\n\r\n```\r\nb"


def test_through_links_it_is_that_of_the_file_itself(repository: Path) -> None:
    file = repository / "real" / "model.py"
    diff(file, b"a\n", b"a\n")
    Path("link.py").symlink_to(file)
    Path("folder").symlink_to("real")
    for link in ("link.py", "folder/model.py"):
        git(repository, "apply", "-", given=diff(Path(link), b"a\n", b"b\n"))
        assert (file.read_bytes(), Path("link.py").is_symlink()) == (b"b\n", True)


@pytest.mark.skipif(shutil.which("patch") is None, reason="needs patch")
@pytest.mark.parametrize("name", ["model.py", "my models/a model.py", "é.py"])
@pytest.mark.parametrize(
    ("before", "after"), [(b"a\nb\n", b"a\nnew\n"), (b"a\nb", b"a\nnew"), (b"a\r\nb\r\n", b"a\r\nc\r\n")]
)
def test_patch_takes_it_as_well(repository: Path, name: str, before: bytes, after: bytes) -> None:
    file = Path(name)
    text = diff(file, before, after)
    # Without --binary, patch takes the carriage returns of a patch for those of a mail.
    subprocess.run(
        ["patch", "-p1", "--binary", "--quiet"], cwd=repository, input=text, capture_output=True, check=True
    )
    assert file.read_bytes() == after


PATHS = {
    "plain": "model.py",
    "in a folder": "src/pkg/model.py",
    "from here": "./model.py",
    "spaces": "my models/a model.py",
    "not ASCII": "モデル/é.py",
    "quotes": 'a "model".py',
    "backslash": "a\\b.py",
    "tab": "a\tb.py",
    "a bracket and a star": "m[o]*.py",
}


@pytest.mark.parametrize("name", PATHS.values(), ids=PATHS)
def test_git_apply_finds_the_file(repository: Path, name: str) -> None:
    file = Path(name)
    git(repository, "apply", "-", given=diff(file, b"a\nb\n", b"a\nnew\n"))
    assert file.read_bytes() == b"a\nnew\n"


def test_the_name_is_that_of_the_file_from_here(repository: Path) -> None:
    assert diff(repository / "sub" / "model.py", b"a\n", b"b\n").splitlines()[:2] == [
        b"--- a/sub/model.py",
        b"+++ b/sub/model.py",
    ]


def test_a_path_that_is_absolute_and_inside_applies_as_well(repository: Path) -> None:
    file = repository / "sub" / "model.py"
    git(repository, "apply", "-", given=diff(file, b"a\n", b"b\n"))
    assert file.read_bytes() == b"b\n"


def test_it_applies_in_the_folder_where_it_was_made(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / "sub").mkdir()
    monkeypatch.chdir(repository / "sub")
    text = diff(Path("model.py"), b"a\n", b"b\n")
    git(repository / "sub", "apply", "-", given=text)
    assert (repository / "sub" / "model.py").read_bytes() == b"b\n"


def test_what_is_elsewhere_is_named_from_the_root_of_its_repository(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / "sub").mkdir()
    monkeypatch.chdir(repository / "sub")
    text = diff(Path("..", "other", "model.py"), b"a\n", b"b\n")
    git(repository, "apply", "-", given=text)
    assert (repository / "other" / "model.py").read_bytes() == b"b\n"


def test_a_name_that_is_not_utf8(repository: Path) -> None:
    file = Path(os.fsdecode(b"caf\xe9.py"))
    try:
        file.write_bytes(b"a\n")
    except OSError:
        pytest.skip("the file system takes UTF-8 names only")
    git(repository, "apply", "-", given=diff(file, b"a\n", b"b\n"))
    assert file.read_bytes() == b"b\n"


def test_several_files_make_one_patch(repository: Path) -> None:
    whole = diff(Path("a.py"), b"a", b"b") + diff(Path("b.py"), b"a\n", b"b\n")
    git(repository, "apply", "-", given=whole)
    assert (Path("a.py").read_bytes(), Path("b.py").read_bytes()) == (b"b", b"b\n")


def test_the_text_of_a_diff(repository: Path) -> None:
    text = diff(repository / "model.py", b"a\r\nb\r\nc", b"a\r\nB\r\nc")
    assert text == (
        b"--- a/model.py\n+++ b/model.py\n@@ -1,3 +1,3 @@\n a\r\n-b\r\n+B\r\n c\n\\ No newline at end of file\n"
    )


def test_nothing_changed_is_no_diff(repository: Path) -> None:
    assert diff(repository / "model.py", b"a\n", b"a\n") == b""


def test_colors_end_with_their_line(repository: Path) -> None:
    file = repository / "model.py"
    file.write_bytes(b"-- a\nb\n")
    document = read_document(file)
    edited = document.edited([Edit(0, 4, "-- c")])
    assert render_diff(document, edited, color=True).splitlines(keepends=True) == [
        b"--- a/model.py\n",
        b"+++ b/model.py\n",
        b"\x1b[36m@@ -1,2 +1,2 @@\x1b[0m\n",
        b"\x1b[31m--- a\x1b[0m\n",
        b"\x1b[32m+-- c\x1b[0m\n",
        b" b\n",
    ]
