"""Keras under the name that code has for it, where it is installed under another one.

- ``keras`` where what is installed under that name is Keras 3: Keras 2 is ``tf_keras`` then, and so it is for
  ``tensorflow.python.keras``, of which TensorFlow itself has but a part then. Modules that Keras 2 had in its earlier
  versions (``keras.layers.convolutional``) are there too, with the names that moved elsewhere.
- ``keras_core``, as Keras 3 was called before its release.
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

_COMMON = ("layers", "models", "backend")
"""Where the names of modules that are no more are mostly found."""


def install(generation: int) -> None:
    """From now on imports find the Keras of a generation, by whichever name. Does nothing where they do already."""
    if generation == 2:
        _install_keras_2()
    elif importlib.util.find_spec("keras_core") is None:
        sys.meta_path.append(_Finder(("keras_core",), "keras"))


def _install_keras_2() -> None:
    try:
        is_older = int(version("keras").split(".")[0]) < 3
    except (PackageNotFoundError, ValueError):
        return
    if is_older or importlib.util.find_spec("tf_keras") is None:
        return
    finder = _Finder(("keras", "tensorflow.python.keras"), "tf_keras")
    for name in [each for each in sys.modules if finder.renamed(each) is not None]:
        del sys.modules[name]
    sys.meta_path.insert(0, finder)
    sys.meta_path.append(_Moved(finder))


class _Finder(MetaPathFinder, Loader):
    """Finds the packages ``old`` and their modules in ``new``."""

    def __init__(self, old: tuple[str, ...], new: str) -> None:
        self._old = old
        self.new = new

    def renamed(self, name: str) -> str | None:
        """The name that a module has in ``new``; None for one that is in none of the packages."""
        old = next((each for each in self._old if f"{name}.".startswith(f"{each}.")), None)
        return None if old is None else self.new + name[len(old) :]

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        """The import system's question."""
        return ModuleSpec(fullname, self, is_package=True) if self.renamed(fullname) is not None else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module of ``new``, or one with what would be in it."""
        name = self.renamed(spec.name) or spec.name
        rest = name.partition(".")[2]
        module = _imported(name)
        if module is None:
            module = ModuleType(spec.name)
            for place in reversed(list(_places(self.new, rest))):
                vars(module).update({name: value for name, value in vars(place).items() if name[:1] != "_"})
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """It has run; importing it by another name must not change what it says of itself."""
        spec = module.__spec__
        if spec is not None and spec.loader_state is not None:
            module.__spec__ = spec.loader_state


class _Moved(MetaPathFinder):
    """Finds, where nothing else does, what ``from keras.utils import np_utils`` asks the new package for."""

    def __init__(self, finder: _Finder) -> None:
        self._finder = finder

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        """The import system's question."""
        root, rest = fullname.partition(".")[::2]
        is_new = root == self._finder.new and rest.partition(".")[0] != "src"
        is_moved = is_new and _exists(f"{root}.src.{rest}")
        return ModuleSpec(fullname, self._finder, is_package=True) if is_moved else None


def _places(package: str, rest: str) -> Iterator[ModuleType]:
    """The modules whose names one that is no more would have, the most likely first."""
    inner = _imported(f"{package}.src.{rest}") if rest else None
    if inner is not None:
        yield inner
    parts = rest.split(".")
    outer = [".".join(parts[:count]) for count in range(len(parts) - 1, 0, -1)]
    for name in [*outer, *_COMMON]:
        module = _imported(f"{package}.{name}")
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
