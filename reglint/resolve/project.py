"""The files of a project as modules, parsed when they are asked for."""

from __future__ import annotations

import gc
from collections import OrderedDict
from typing import TYPE_CHECKING

import libcst as cst

from reglint.files.documents import read_source
from reglint.resolve.scopes import ModuleIndex, index_module

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_KEPT_MODULES = 64


def parse(source: str) -> cst.Module:
    """Parse with the garbage collector off: a tree is all live objects, and collecting them costs a third more."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        return cst.parse_module(source)
    finally:
        if enabled:
            gc.enable()


class Project:
    """Finds the file behind a dotted module name, as Python would when ``importer`` runs.

    The newest modules are kept, so that memory does not grow with the number of files.
    """

    def __init__(self) -> None:
        self._modules: OrderedDict[Path, ModuleIndex | None] = OrderedDict()

    def module(self, path: Path) -> ModuleIndex | None:
        """The module in ``path``; None where it cannot be read or parsed."""
        if path in self._modules:
            self._modules.move_to_end(path)
            return self._modules[path]
        try:
            index = index_module(parse(read_source(path)), path)
        except (OSError, ValueError, cst.ParserSyntaxError, RecursionError):
            index = None
        self._keep(path, index)
        return index

    def add(self, path: Path, tree: cst.Module) -> ModuleIndex:
        """Index a module that is parsed already."""
        index = index_module(tree, path)
        self._keep(path, index)
        return index

    def _keep(self, path: Path, index: ModuleIndex | None) -> None:
        self._modules[path] = index
        if len(self._modules) > _KEPT_MODULES:
            self._modules.popitem(last=False)

    def find(self, dotted: str, importer: Path) -> Path | None:
        """The file of the absolute module name ``dotted``."""
        relative = dotted.split(".")
        for root in _search_path(importer):
            found = _module_file(root, relative)
            if found is not None:
                return found
        return None


def package_of(path: Path) -> tuple[str, ...]:
    """The dotted package that a file belongs to, by the ``__init__.py`` files around it."""
    parts: list[str] = []
    folder = path.absolute().parent
    while (folder / "__init__.py").is_file():
        parts.append(folder.name)
        folder = folder.parent
    return tuple(reversed(parts))


def _search_path(importer: Path) -> Iterator[Path]:
    """The folder of the file, the folder of its top package, and the folders above up to the project's own."""
    folder = importer.absolute().parent
    yield folder
    while (folder / "__init__.py").is_file():
        folder = folder.parent
    yield folder
    while not any((folder / mark).exists() for mark in (".git", "pyproject.toml", "setup.py", "setup.cfg")):
        if folder == folder.parent:
            return
        folder = folder.parent
    yield folder


def _module_file(root: Path, parts: list[str]) -> Path | None:
    base = root.joinpath(*parts)
    for candidate in (base / "__init__.py", base.with_name(base.name + ".py")):
        if candidate.is_file():
            return candidate
    return None
