"""Which files a run is about."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pathspec import GitIgnoreSpec

# The folders that ruff leaves out by default: what tools put there is nobody's own code.
EXCLUDED_FOLDERS = frozenset(
    """.bzr .direnv .eggs .git .git-rewrite .hg .ipynb_checkpoints .mypy_cache .nox .pants.d .pyenv .pytest_cache
    .pytype .ruff_cache .svn .tox .venv .vscode __pycache__ __pypackages__ _build buck-out build dist node_modules
    site-packages venv""".split()
)


def discover(paths: Iterable[Path]) -> Iterator[Path]:
    """The Python files of ``paths``, sorted within each folder, each once.

    A file that is named is always taken. Folders are searched for ``*.py``, without what ``.gitignore`` files and
    ``EXCLUDED_FOLDERS`` leave out. A path that does not exist is passed on for the reader to report.
    """
    seen: set[Path] = set()
    for path in paths:
        for file in _walk(path) if path.is_dir() else (path,):
            key = Path(os.path.abspath(file))
            if key not in seen:
                seen.add(key)
                yield file


def _walk(top: Path) -> Iterator[Path]:
    ignored = _Ignored(top)
    for folder, names, files in os.walk(top):
        here = Path(folder)
        ignored.enter(here)
        names[:] = sorted(
            name
            for name in names
            if name not in EXCLUDED_FOLDERS and not ignored.match(here / name, folder=True)
        )
        for name in sorted(files):
            file = here / name
            if name.endswith(".py") and not ignored.match(file):
                yield file


class _Ignored:
    """The ``.gitignore`` files that apply below a folder, up to the root of its repository."""

    def __init__(self, top: Path) -> None:
        self.specs: dict[Path, GitIgnoreSpec | None] = {}
        absolute = Path(os.path.abspath(top))
        self.root = next((up for up in (absolute, *absolute.parents) if (up / ".git").exists()), absolute)
        for up in (absolute, *absolute.parents):
            self.enter(up)
            if up == self.root:
                break

    def enter(self, folder: Path) -> None:
        folder = Path(os.path.abspath(folder))
        if folder in self.specs:
            return
        file = folder / ".gitignore"
        self.specs[folder] = None
        if file.is_file():
            from pathspec import GitIgnoreSpec

            lines = file.read_text("utf-8", "replace").splitlines()
            self.specs[folder] = GitIgnoreSpec.from_lines(lines)

    def match(self, path: Path, folder: bool = False) -> bool:
        """Whether git ignores ``path``: the pattern nearest to it that speaks about it decides."""
        absolute = Path(os.path.abspath(path))
        for parent in absolute.parents:
            spec = self.specs.get(parent)
            if spec is not None:
                relative = absolute.relative_to(parent).as_posix()
                verdict = spec.check_file(relative + "/" if folder else relative).include
                if verdict is not None:
                    return verdict
            if parent == self.root:
                break
        return False
