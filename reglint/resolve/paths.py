"""Where the modules of a project lie on the disk, by their names."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path


@cache
def package_of(path: Path) -> tuple[str, ...]:
    """The dotted package that a file belongs to, by the ``__init__.py`` files around it."""
    parts: list[str] = []
    folder = path.absolute().parent
    while (folder / "__init__.py").is_file():
        parts.append(folder.name)
        folder = folder.parent
    return tuple(reversed(parts))


def module_name(path: Path) -> str:
    """The dotted name of the module in a file: ``pkg.blocks``."""
    own = () if path.name == "__init__.py" else (path.stem,)
    return ".".join((*package_of(path), *own))


_PROJECT_MARKS = (".git", "pyproject.toml", "setup.py", "setup.cfg")


@cache
def search_path(folder: str) -> tuple[str, ...]:
    """The folder of a file, that of its top package, and the folders above up to the project's own."""
    found = [folder]
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        folder = os.path.dirname(folder)
    found.append(folder)
    between: list[str] = []
    while not any(os.path.exists(os.path.join(folder, mark)) for mark in _PROJECT_MARKS):
        above = os.path.dirname(folder)
        if above == folder:
            return tuple(dict.fromkeys(found))
        folder = above
        between.append(folder)
    return tuple(dict.fromkeys((*found, *between)))


@cache
def root_of(folder: str) -> tuple[str, bool]:
    """The folder of the project that a folder belongs to, and whether the folders in it belong to it as well.

    Without a mark of a project that is the top package; a lone script has only the files beside it.
    """
    top = search_path(folder)[-1]
    if any(os.path.exists(os.path.join(top, mark)) for mark in _PROJECT_MARKS):
        return top, True
    while os.path.isfile(os.path.join(os.path.dirname(folder), "__init__.py")):
        folder = os.path.dirname(folder)
    return folder, os.path.isfile(os.path.join(folder, "__init__.py"))


def module_or_folder(base: str) -> Path | None:
    """The module that a path without its ending is, or else the package without ``__init__.py``."""
    found = module_file(base) or (base if os.path.isdir(base) else None)
    return None if found is None else Path(found)


def module_file(base: str) -> str | None:
    for candidate in (os.path.join(base, "__init__.py"), f"{base}.py"):
        if os.path.isfile(candidate):
            return candidate
    return None
