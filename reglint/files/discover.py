"""Which files a run is about."""

from __future__ import annotations

import os
import re
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from reglint.files.documents import MARKDOWN, NOTEBOOK, STUB

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pathspec import GitIgnoreSpec

# The folders that ruff leaves out by default: what tools put there is nobody's own code.
EXCLUDED_FOLDERS = frozenset(
    {
        ".bzr",
        ".direnv",
        ".eggs",
        ".git",
        ".git-rewrite",
        ".hg",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".nox",
        ".pants.d",
        ".pyenv",
        ".pytest_cache",
        ".pytype",
        ".ruff_cache",
        ".svn",
        ".tox",
        ".venv",
        ".vscode",
        "__pycache__",
        "__pypackages__",
        "_build",
        "buck-out",
        "build",
        "dist",
        "node_modules",
        "site-packages",
        "venv",
    }
)


_SUFFIXES = (".py", NOTEBOOK)


class Excludes(Protocol):
    """What the settings for a folder leave out beside what ``.gitignore`` files do."""

    @property
    def docs(self) -> bool:
        """Whether a search finds Markdown files as well."""

    def leaves_out(self, path: Path, folder: bool = False) -> bool:
        """Whether a file or folder that was found by a search is left out."""

    def leaves_out_named(self, path: Path) -> bool:
        """Whether a path that was named is left out."""


class ExcludedFolders:
    """Leaves out the folders that tools fill."""

    docs = False

    def leaves_out(self, path: Path, folder: bool = False) -> bool:
        """Whether it is one of ``EXCLUDED_FOLDERS``."""
        return folder and path.name in EXCLUDED_FOLDERS

    def leaves_out_named(self, path: Path) -> bool:  # noqa: ARG002
        """What is named was meant."""
        return False


def _excluded_folders(path: Path) -> Excludes:  # noqa: ARG001
    return ExcludedFolders()


def discover(
    paths: Iterable[Path], excludes_for: Callable[[Path], Excludes] = _excluded_folders
) -> Iterator[Path]:
    """The Python files and notebooks of ``paths``, each once even if it has several names.

    In which order the paths are given makes no difference: files come first, and what is in a folder is sorted.

    A file that is named is taken, unless it is a stub or ``leaves_out_named`` says otherwise. Folders are searched for
    ``*.py`` and ``*.ipynb``, with ``docs`` for Markdown as well, without what ``.gitignore`` files and ``leaves_out``
    leave out; ``excludes_for`` a path are those of its folder. Links to folders are not followed. What does not exist
    or cannot be read, a file or a folder, is passed on for the reader to report.
    """
    seen: set[str] = set()
    folders: dict[Path, str] = {}
    for path in sorted(paths, key=lambda path: (os.path.isdir(path), path)):
        if excludes_for(path).leaves_out_named(path):
            continue
        named = () if path.suffix == STUB else (path,)
        for file in _walk(path, excludes_for) if os.path.isdir(path) else named:
            key = _real(file, folders)
            if key not in seen:
                seen.add(key)
                yield file


def _real(file: Path, folders: dict[Path, str]) -> str:
    """The path of a file without links; that of its folder is worked out once."""
    if os.path.islink(file):
        return os.path.realpath(file)
    folder = file.parent
    if folder not in folders:
        folders[folder] = os.path.realpath(folder)
    return os.path.join(folders[folder], file.name)


def _walk(top: Path, excludes_for: Callable[[Path], Excludes]) -> Iterator[Path]:
    ignored = _Ignored(top)
    unreadable: list[OSError] = []
    for folder, names, files in os.walk(top, onerror=unreadable.append):
        here = Path(folder)
        specs = ignored.in_folder(here)
        excludes = excludes_for(here / "any.py")
        suffixes = _SUFFIXES + MARKDOWN if excludes.docs else _SUFFIXES
        names[:] = sorted(
            name
            for name in names
            if not excludes.leaves_out(here / name, folder=True) and not _is_ignored(name + "/", specs)
        )
        for name in sorted(files):
            if not name.endswith(suffixes):
                continue
            file = here / name
            # Not a broken link, such as the lock of an editor, and not a pipe, which would never end.
            if os.path.isfile(file) and not excludes.leaves_out(file) and not _is_ignored(name, specs):
                yield file
    yield from (Path(error.filename) for error in unreadable)


_Specs: TypeAlias = "tuple[tuple[GitIgnoreSpec, str], ...]"
"""The patterns that apply in a folder, the nearest first, each with the way to it from where they stand."""


class _Ignored:
    """The ``.gitignore`` files that apply below a folder, up to the root of its repository."""

    def __init__(self, top: Path) -> None:
        self.specs: dict[str, GitIgnoreSpec | None] = {}
        absolute = os.path.abspath(top)
        above = [absolute, *map(str, Path(absolute).parents)]
        self.root = next((up for up in above if os.path.exists(os.path.join(up, ".git"))), absolute)
        if absolute != self.root:
            up, name = os.path.split(absolute)
            if _is_ignored(name + "/", self.in_folder(Path(up))):
                # It was named all the same, so only what stands in it counts.
                self.root = absolute

    def in_folder(self, folder: Path) -> _Specs:
        """What applies to what stands in a folder."""
        found: list[tuple[GitIgnoreSpec, str]] = []
        up, way = os.path.abspath(folder), ""
        while True:
            if up not in self.specs:
                self.specs[up] = _spec_in(up)
            spec = self.specs[up]
            if spec is not None:
                found.append((spec, way))
            if up in (self.root, os.path.dirname(up)):
                return tuple(found)
            up, name = os.path.split(up)
            way = f"{name}/{way}"


def _is_ignored(name: str, specs: _Specs) -> bool:
    """Whether git ignores what stands in a folder, a folder with a slash at its end.

    The pattern nearest to it that speaks about it decides.
    """
    verdicts = (spec.check_file(way + name).include for spec, way in specs)
    return next((verdict for verdict in verdicts if verdict is not None), False)


def _spec_in(folder: str) -> GitIgnoreSpec | None:
    with suppress(OSError):
        lines = Path(folder, ".gitignore").read_text("utf-8-sig", "replace").splitlines()
        return _spec(lines)
    return None


def _spec(lines: list[str]) -> GitIgnoreSpec:
    """The patterns of a ``.gitignore``; those that are not valid match nothing, as in git."""
    from pathspec import GitIgnoreSpec

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # re warns about the character classes that git knows
        try:
            return GitIgnoreSpec.from_lines(lines)
        except (ValueError, re.error):
            return GitIgnoreSpec.from_lines(line for line in lines if _is_valid(line))


def _is_valid(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return True
