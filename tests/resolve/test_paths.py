"""Which folders a project has, and where imports start in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reglint.resolve.paths import root_of, search_path

if TYPE_CHECKING:
    from pathlib import Path

# The files of a project; then from pkg/sub, the folders where imports start, and the root with whether it is searched.
PROJECTS = {
    "a package with nothing around it": (
        ["pkg/__init__.py", "pkg/sub/__init__.py"],
        ["pkg/sub", ".", "pkg"],
        ("pkg", True),
    ),
    "a folder alone": (["pkg/sub/m.py"], ["pkg/sub"], ("pkg/sub", False)),
    "folders without __init__.py": (["setup.py"], ["pkg/sub", "pkg", "."], (".", True)),
    "a marked project": (
        ["setup.py", "pkg/__init__.py", "pkg/sub/__init__.py"],
        ["pkg/sub", ".", "pkg"],
        (".", True),
    ),
    "a package below the root": (
        ["setup.py", "pkg/sub/__init__.py"],
        ["pkg/sub", "pkg", "."],
        (".", True),
    ),
    "a repository that is a package itself, in another one": (
        [".git", "pkg/.git", "pkg/__init__.py", "pkg/sub/__init__.py"],
        ["pkg/sub", ".", "pkg"],
        ("pkg", True),
    ),
    "a part of a package that is built by itself": (
        ["setup.py", "pkg/__init__.py", "pkg/setup.py", "pkg/sub/__init__.py"],
        ["pkg/sub", ".", "pkg"],
        (".", True),
    ),
}


def with_files(tmp_path: Path, files: list[str]) -> str:
    """The folder pkg/sub among these files."""
    (tmp_path / "pkg/sub").mkdir(parents=True)
    for each in files:
        (tmp_path / each).touch()
    return str(tmp_path / "pkg/sub")


# What marks a project, and which folders are named; then the root, from pkg/sub.
NAMED = {
    "nothing named": ([], [], ("pkg/sub", False)),
    "the folder itself": ([], ["pkg/sub"], ("pkg/sub", True)),
    "a folder around it": ([], ["pkg"], ("pkg", True)),
    "the outermost": ([], [".", "pkg"], (".", True)),
    "a folder beside it": ([], ["other"], ("pkg/sub", False)),
    "a mark is nearer": (["pkg/setup.py"], ["."], ("pkg", True)),
    "a mark is farther": (["setup.py"], ["pkg"], (".", True)),
    "a folder inside of a package": (["pkg/__init__.py", "pkg/sub/__init__.py"], ["pkg/sub"], ("pkg", True)),
}


@pytest.mark.parametrize("name", NAMED)
def test_a_named_folder_is_a_project_where_nothing_marks_one(name: str, tmp_path: Path) -> None:
    files, named, (root, whole) = NAMED[name]
    folder = with_files(tmp_path, files)
    folders = frozenset(str((tmp_path / each).resolve()) for each in named)
    assert root_of(folder, folders) == (str((tmp_path / root).resolve()), whole)


@pytest.mark.parametrize("name", PROJECTS)
def test_where_imports_start(name: str, tmp_path: Path) -> None:
    files, path, (root, whole) = PROJECTS[name]
    folder = with_files(tmp_path, files)
    assert list(search_path(folder)) == [str((tmp_path / each).resolve()) for each in path]
    assert root_of(folder) == (str((tmp_path / root).resolve()), whole)
