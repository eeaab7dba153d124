"""The files of a project as modules, parsed when they are asked for."""

from __future__ import annotations

import gc
import os
from collections import OrderedDict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import libcst as cst

from reglint.files.documents import read_source
from reglint.files.syntax import syntax_problem
from reglint.files.text import Text
from reglint.resolve.positions import spans_of
from reglint.resolve.scopes import ModuleIndex, index_module

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reglint.files.text import Span
    from reglint.resolve.scopes import Located

_KEPT_CHARACTERS = 8_000_000
"""How much source is kept parsed: a tree takes some forty bytes for each character."""


def parse(source: str) -> cst.Module:
    """Parse with the garbage collector off: a tree is all live objects, and collecting them costs a third more.

    Raises:
        libcst.ParserSyntaxError: it is not Python.
        RecursionError: it is nested so deeply that libcst, which has no limit, would crash.
    """
    problem = syntax_problem(source)
    if problem is not None and problem.too_deep:
        raise RecursionError(problem.message)
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
        self._modules: OrderedDict[str, tuple[str, ModuleIndex | None]] = OrderedDict()
        self._spans: dict[ModuleIndex, Mapping[Located, Span]] = {}
        self._data: dict[Path, bytes] = {}
        self._found: dict[tuple[str, str], Path | None] = {}

    def module(self, path: Path) -> ModuleIndex | None:
        """The module in ``path``; None where it cannot be read or parsed."""
        kept = self._modules.get(_key(path))
        if kept is not None:
            self._modules.move_to_end(_key(path))
            return kept[1]
        try:
            return self.parse(path, read_source(path))
        except (OSError, ValueError, cst.ParserSyntaxError, RecursionError):
            self._modules[_key(path)] = ("", None)
            return None

    def parse(self, path: Path, source: str) -> ModuleIndex:
        """The module in ``path``, of which ``source`` is the text.

        Raises:
            libcst.ParserSyntaxError: it is not Python.
            RecursionError: it is nested too deeply.
        """
        kept = self._modules.get(_key(path))
        if kept is not None and kept[1] is not None and kept[0] == source:
            return kept[1]
        index = index_module(parse(source), path)
        self._modules[_key(path)] = (source, index)
        while (
            len(self._modules) > 1 and sum(len(kept) for kept, _ in self._modules.values()) > _KEPT_CHARACTERS
        ):
            self._modules.popitem(last=False)
        return index

    def is_parsed(self, path: Path) -> bool:
        """Whether the module in ``path`` is kept."""
        return _key(path) in self._modules

    def data(self, path: Path) -> bytes:
        """The bytes of a file; none where it cannot be read."""
        if path not in self._data:
            if sum(map(len, self._data.values())) > _KEPT_CHARACTERS:
                self._data.clear()
            try:
                self._data[path] = path.read_bytes()
            except OSError:
                self._data[path] = b""
        return self._data[path]

    def span(self, index: ModuleIndex, node: Located) -> Span | None:
        """Where a call or import of a module stands; None where the module is no longer kept."""
        kept = self._modules.get(_key(index.path))
        if kept is None or kept[1] is not index:
            return None
        if index not in self._spans:
            self._spans.clear()
            self._spans[index] = spans_of(index, Text(kept[0]))
        return self._spans[index][node]

    def find(self, dotted: str, importer: Path) -> Path | None:
        """The file of the absolute module name ``dotted``."""
        folder = os.path.dirname(os.path.abspath(importer))
        key = (folder, dotted)
        if key not in self._found:
            candidates = (_module_file(root, dotted) for root in _search_path(folder))
            self._found[key] = next((Path(file) for file in candidates if file is not None), None)
        return self._found[key]


def _key(path: Path) -> str:
    return os.path.abspath(path)


@cache
def package_of(path: Path) -> tuple[str, ...]:
    """The dotted package that a file belongs to, by the ``__init__.py`` files around it."""
    parts: list[str] = []
    folder = path.absolute().parent
    while (folder / "__init__.py").is_file():
        parts.append(folder.name)
        folder = folder.parent
    return tuple(reversed(parts))


_PROJECT_MARKS = (".git", "pyproject.toml", "setup.py", "setup.cfg")


@cache
def _search_path(folder: str) -> tuple[str, ...]:
    """The folder of a file, that of its top package, and the folders above up to the project's own."""
    found = [folder]
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        folder = os.path.dirname(folder)
    found.append(folder)
    while not any(os.path.exists(os.path.join(folder, mark)) for mark in _PROJECT_MARKS):
        above = os.path.dirname(folder)
        if above == folder:
            return tuple(dict.fromkeys(found))
        folder = above
    return tuple(dict.fromkeys((*found, folder)))


def _module_file(root: str, dotted: str) -> str | None:
    base = os.path.join(root, *dotted.split("."))
    for candidate in (os.path.join(base, "__init__.py"), f"{base}.py"):
        if os.path.isfile(candidate):
            return candidate
    return None
