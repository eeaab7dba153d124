"""Keras 2 under the name ``keras``, where what is installed under it is Keras 3: ``tf_keras`` is Keras 2 then.

Modules that Keras 2 had in its earlier versions (``keras.layers.convolutional``) are there too, with the names that
moved elsewhere.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_OLD, _NEW = "keras", "tf_keras"
_COMMON = ("layers", "models", "backend")
"""Where the names of modules that are no more are mostly found."""


def install() -> None:
    """From now on ``import keras`` imports Keras 2. Does nothing where ``keras`` is Keras 2, or is not installed."""
    try:
        is_older = int(version(_OLD).split(".")[0]) < 3
    except (PackageNotFoundError, ValueError):
        return
    if is_older or importlib.util.find_spec(_NEW) is None:
        return
    for name in [each for each in sys.modules if each == _OLD or each.startswith(f"{_OLD}.")]:
        del sys.modules[name]
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    sys.meta_path.append(_Moved(finder))


class _Finder(MetaPathFinder, Loader):
    """Finds ``keras`` and its modules in ``tf_keras``."""

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        """The import system's question."""
        root = fullname.partition(".")[0]
        return ModuleSpec(fullname, self, is_package=True) if root == _OLD else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module of ``tf_keras``, or one with what would be in it."""
        rest = spec.name.partition(".")[2]
        module = _imported(f"{_NEW}.{rest}".rstrip("."))
        if module is None:
            module = ModuleType(spec.name)
            for place in reversed(list(_places(rest))):
                vars(module).update({name: value for name, value in vars(place).items() if name[:1] != "_"})
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """It has run; importing it by another name must not change what it says of itself."""
        spec = module.__spec__
        if spec is not None and spec.loader_state is not None:
            module.__spec__ = spec.loader_state


class _Moved(MetaPathFinder):
    """Finds, where nothing else does, what ``from keras.utils import np_utils`` asks ``tf_keras`` for."""

    def __init__(self, finder: _Finder) -> None:
        self._finder = finder

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        """The import system's question."""
        root, rest = fullname.partition(".")[::2]
        is_moved = root == _NEW and rest.partition(".")[0] != "src" and _exists(f"{_NEW}.src.{rest}")
        return ModuleSpec(fullname, self._finder, is_package=True) if is_moved else None


def _places(rest: str) -> Iterator[ModuleType]:
    """The modules whose names one that is no more would have, the most likely first."""
    inner = _imported(f"{_NEW}.src.{rest}") if rest else None
    if inner is not None:
        yield inner
    parts = rest.split(".")
    outer = [".".join(parts[:count]) for count in range(len(parts) - 1, 0, -1)]
    for name in [*outer, *_COMMON]:
        module = _imported(f"{_NEW}.{name}")
        if module is not None:
            yield module


def _exists(name: str) -> bool:
    """Whether a module is there as a file, which those that are found here are not."""
    parent, _, last = name.rpartition(".")
    if not parent:
        return True
    if not _exists(parent):
        return False
    folders = getattr(importlib.import_module(parent), "__path__", None)
    return bool(last) and folders is not None and PathFinder.find_spec(name, folders) is not None


def _imported(name: str) -> ModuleType | None:
    return importlib.import_module(name) if _exists(name) else None
