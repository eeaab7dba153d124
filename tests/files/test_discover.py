"""Which files a run is about."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reglint.files.discover import discover
from reglint.policy.files import Files


def make(root: Path, *files: str, **ignores: str) -> None:
    """Empty files, and a ``.gitignore`` in each folder named (``top`` is the root)."""
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).touch()
    for folder, lines in ignores.items():
        place = root if folder == "top" else root / folder
        place.mkdir(parents=True, exist_ok=True)
        (place / ".gitignore").write_text(lines)


def found(root: Path, *paths: str) -> list[str]:
    return [path.relative_to(root).as_posix() for path in discover([root / path for path in paths or (".",)])]


def test_folders_are_searched_in_order_for_python_files_and_notebooks(tmp_path: Path) -> None:
    make(
        tmp_path,
        "b.py",
        "a.py",
        "c.txt",
        "d.pyc",
        "e.ipynb",
        ".ipynb_checkpoints/e.ipynb",
        "z/a.py",
        "m/b.py",
        "m/B.py",
        "m/n/a.py",
        "py",
    )
    assert found(tmp_path) == ["a.py", "b.py", "e.ipynb", "m/B.py", "m/b.py", "m/n/a.py", "z/a.py"]


def test_markdown_is_found_where_it_is_asked_for(tmp_path: Path) -> None:
    make(tmp_path, "a.md", "b.markdown", "c.mdx", "d.py", "e.rst", "build/a.md", "i.md", top="i.md")
    files = discover([tmp_path], lambda _: Files(docs=True))
    assert [path.name for path in files] == ["a.md", "b.markdown", "d.py"]
    assert found(tmp_path) == ["d.py"]
    assert found(tmp_path, "a.md") == ["a.md"]


def test_stubs_are_left_out_even_where_they_are_named(tmp_path: Path) -> None:
    make(tmp_path, "a.pyi", "b.py", "c.pyi/d.py")
    assert found(tmp_path) == found(tmp_path, "a.pyi", "b.py", "c.pyi") == ["b.py", "c.pyi/d.py"]


def test_paths_keep_the_form_in_which_they_were_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "src/a.py", "b.py")
    monkeypatch.chdir(tmp_path)
    assert list(discover([Path("src")])) == [Path("src/a.py")]
    assert list(discover([Path()])) == [Path("b.py"), Path("src/a.py")]
    assert list(discover([Path("src/../b.py")])) == [Path("src/../b.py")]


@pytest.mark.parametrize(
    "folder",
    [
        ".git",
        ".venv",
        "venv",
        "__pycache__",
        "build",
        "dist",
        "node_modules",
        "site-packages",
        ".tox",
        ".eggs",
    ],
)
def test_folders_that_tools_fill_are_left_out_unless_named(tmp_path: Path, folder: str) -> None:
    make(tmp_path, f"{folder}/a.py", f"src/{folder}/b.py", "c.py")
    assert found(tmp_path) == ["c.py"]
    assert found(tmp_path, folder) == [f"{folder}/a.py"]


IGNORES = {
    "a name": ({"top": "a.py\n"}, ["b.py", "sub/b.py", "sub/deep/b.py"]),
    "a glob": ({"top": "a*\n"}, ["b.py", "sub/b.py", "sub/deep/b.py"]),
    "anchored": ({"top": "/a.py\n"}, ["b.py", "sub/a.py", "sub/b.py", "sub/deep/a.py", "sub/deep/b.py"]),
    "a folder": ({"top": "sub/\n"}, ["a.py", "b.py"]),
    "a folder's name without its slash": ({"top": "sub\n"}, ["a.py", "b.py"]),
    "a path": ({"top": "sub/deep\n"}, ["a.py", "b.py", "sub/a.py", "sub/b.py"]),
    "negation": ({"top": "*.py\n!b.py\n"}, ["b.py", "sub/b.py", "sub/deep/b.py"]),
    "no negation below a folder that is left out": ({"top": "sub/\n!sub/a.py\n"}, ["a.py", "b.py"]),
    "in a folder below": ({"sub": "a.py\n"}, ["a.py", "b.py", "sub/b.py", "sub/deep/b.py"]),
    "anchored in a folder below": (
        {"sub": "/a.py\n"},
        ["a.py", "b.py", "sub/b.py", "sub/deep/a.py", "sub/deep/b.py"],
    ),
    "the nearer file takes back": (
        {"top": "a.py\n", "sub": "!a.py\n"},
        ["b.py", "sub/a.py", "sub/b.py", "sub/deep/a.py", "sub/deep/b.py"],
    ),
    "the nearest file decides": (
        {"top": "*.py\n", "sub": "!*.py\n", "sub/deep": "b.py\n"},
        ["sub/a.py", "sub/b.py", "sub/deep/a.py"],
    ),
    "two stars": ({"top": "**/deep/*.py\n"}, ["a.py", "b.py", "sub/a.py", "sub/b.py"]),
    "comments and blank lines": ({"top": "# *.py\n\n  \nsub\n"}, ["a.py", "b.py"]),
    "byte-order mark and CRLF": ({"top": "\ufeffsub\r\nb.py\r\n"}, ["a.py"]),
    "patterns that are not valid": ({"top": "!\n[z-a].py\nsub/\n"}, ["a.py", "b.py"]),
    "a class that git knows": ({"top": "[[:alpha:]]b\nsub\n"}, ["a.py", "b.py"]),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("repository", [True, False], ids=["in git", "not in git"])
@pytest.mark.parametrize(("ignores", "expected"), IGNORES.values(), ids=IGNORES)
def test_gitignore_files_count_as_in_git(
    tmp_path: Path, ignores: dict[str, str], expected: list[str], repository: bool
) -> None:
    make(tmp_path, "a.py", "b.py", "sub/a.py", "sub/b.py", "sub/deep/a.py", "sub/deep/b.py", **ignores)
    if repository:
        (tmp_path / ".git").mkdir()
    assert found(tmp_path) == expected


def test_gitignore_files_above_count_up_to_the_repository(tmp_path: Path) -> None:
    make(tmp_path, "repo/src/a.py", "repo/src/b.py", "repo/src/c.py", top="c.py\n", repo="b.py\n")
    (tmp_path / "repo" / ".git").mkdir()
    assert found(tmp_path, "repo/src") == ["repo/src/a.py", "repo/src/c.py"]


def test_a_file_that_is_named_is_always_taken(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "build/b.py", "c.txt", top="*.py\n")
    assert found(tmp_path, "a.py", "build/b.py", "c.txt") == ["a.py", "build/b.py", "c.txt"]


def test_a_folder_that_is_named_is_searched_though_it_is_ignored(tmp_path: Path) -> None:
    make(tmp_path, "out/sub/a.py", "out/sub/b.py", top="out/\n", **{"out/sub": "b.py\n"})
    assert found(tmp_path) == []
    assert found(tmp_path, "out") == ["out/sub/a.py"]
    assert found(tmp_path, "out/sub") == ["out/sub/a.py"]


def test_each_file_comes_once(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "sub/b.py")
    paths = ["sub/b.py", ".", "sub", "sub/../a.py"]
    assert found(tmp_path, *paths) == found(tmp_path, *reversed(paths)) == ["sub/../a.py", "sub/b.py"]


def test_a_link_to_a_file_that_is_there_too_is_no_second_file(tmp_path: Path) -> None:
    make(tmp_path, "model.py")
    (tmp_path / "alias.py").symlink_to("model.py")
    assert found(tmp_path) == ["alias.py"]
    assert found(tmp_path, "model.py", ".") == ["model.py"]


def test_links_lead_neither_out_of_the_folder_nor_in_circles(tmp_path: Path) -> None:
    make(tmp_path, "outside/far.py", "top/a.py", "top/sub/b.py")
    (tmp_path / "top" / "out").symlink_to(tmp_path / "outside")
    (tmp_path / "top" / "sub" / "up").symlink_to(tmp_path / "top")
    (tmp_path / "top" / "loop.py").symlink_to("loop.py")
    (tmp_path / "top" / ".#a.py").symlink_to("user@host.1234")
    (tmp_path / "top" / "far.py").symlink_to(tmp_path / "outside" / "far.py")
    assert found(tmp_path, "top") == ["top/a.py", "top/far.py", "top/sub/b.py"]
    assert found(tmp_path, "top/out") == ["top/out/far.py"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system")
def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    make(tmp_path, "a.py")
    os.mkfifo(tmp_path / "pipe.py")
    assert found(tmp_path) == ["a.py"]


def test_a_folder_may_have_the_name_of_a_file(tmp_path: Path) -> None:
    make(tmp_path, "model.py/a.py")
    assert found(tmp_path) == ["model.py/a.py"]


def test_what_does_not_exist_is_passed_on(tmp_path: Path) -> None:
    make(tmp_path, "a.py")
    (tmp_path / "broken.py").symlink_to("nowhere")
    assert found(tmp_path, "missing.py", "missing/", "broken.py", "a.py") == [
        "a.py",
        "broken.py",
        "missing",
        "missing.py",
    ]


def test_a_folder_that_cannot_be_listed_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a.py", "closed/b.py", "open/c.py")
    scandir = os.scandir

    def guarded(path: str) -> object:
        if os.path.basename(path) == "closed":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    assert found(tmp_path) == ["a.py", "open/c.py", "closed"]


def test_a_gitignore_that_cannot_be_read_ignores_nothing(tmp_path: Path) -> None:
    make(tmp_path, "a.py")
    (tmp_path / ".gitignore").mkdir()
    assert found(tmp_path) == ["a.py"]
