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


NONE_NAMED: frozenset[str] = frozenset()


@cache
def search_path(folder: str, named: frozenset[str] = NONE_NAMED) -> tuple[str, ...]:
    """Where the absolute imports of the files in a folder can start, the likeliest first.

    That is the folder, that of its top package, and the folders above up to the project's own; then the packages
    around it, which is where Python starts for a script that lies in one of them. ``named`` are as in ``root_of``.
    """
    above = _above(folder, named) or (_around(folder),)
    return tuple(dict.fromkeys((folder, *above, *_packages(folder))))


@cache
def root_of(folder: str, named: frozenset[str] = NONE_NAMED) -> tuple[str, bool]:
    """The folder of the project that a folder belongs to, and whether the folders in it belong to it as well.

    Without a mark of a project that is the outermost folder around it that the user ``named``, such as one that an
    archive was unpacked to; else the top package; a lone script has only the files beside it.
    """
    repository = next(filter(_is_repository, _packages(folder)), None)
    if repository is not None:
        return repository, True
    above = _above(folder, named)
    if above is not None:
        return above[-1], True
    while os.path.isfile(os.path.join(os.path.dirname(folder), "__init__.py")):
        folder = os.path.dirname(folder)
    return folder, os.path.isfile(os.path.join(folder, "__init__.py"))


def _packages(folder: str) -> tuple[str, ...]:
    """The packages that a folder is in, itself the first if it is one."""
    found: list[str] = []
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        found.append(folder)
        folder = os.path.dirname(folder)
    return tuple(found)


def _around(folder: str) -> str:
    """The folder of the top package that a folder is in, or the folder itself."""
    packages = _packages(folder)
    return os.path.dirname(packages[-1]) if packages else folder


def _above(folder: str, named: frozenset[str]) -> tuple[str, ...] | None:
    """The folder of the top package and those above, up to the project's own; None where no project is marked."""
    if any(map(_is_repository, _packages(folder))):
        return (_around(folder),)
    found = [_around(folder)]
    while not any(os.path.exists(os.path.join(found[-1], mark)) for mark in _PROJECT_MARKS):
        above = os.path.dirname(found[-1])
        if above == found[-1]:
            outermost = max((number for number, each in enumerate(found) if each in named), default=None)
            return None if outermost is None else tuple(found[: outermost + 1])
        found.append(above)
    return tuple(found)


def _is_repository(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, ".git"))


def module_or_folder(base: str) -> Path | None:
    """The module that a path without its ending is, or else the package without ``__init__.py``."""
    found = module_file(base) or (base if os.path.isdir(base) else None)
    return None if found is None else Path(found)


def module_file(base: str) -> str | None:
    for candidate in (os.path.join(base, "__init__.py"), f"{base}.py"):
        if os.path.isfile(candidate):
            return candidate
    return None
