"""Imports the user's module from given source text, in its package, as from its file."""

from __future__ import annotations

import ast
import builtins
import importlib
import importlib.util
import linecache
import os
import sys
from contextlib import contextmanager, suppress
from importlib.abc import Loader, MetaPathFinder
from types import ModuleType
from typing import TYPE_CHECKING, Any

from . import madeup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from importlib.machinery import ModuleSpec

_PROJECT = ("setup.py", "pyproject.toml", "setup.cfg", ".git")
"""What says that a folder is that of a project."""

_LEVELS = 4
"""Folders above a script that are looked at."""

_INSTALLED = ("site-packages", "dist-packages")


class Subject(MetaPathFinder, Loader):
    """Source text under proof, served to whoever imports its module.

    ``sources`` maps module names to ``{"path", "text"}``; ``dims`` is the shape of one made-up sample.
    ``made`` maps the index of a constructor call to the objects that came out of it, in order.
    """

    def __init__(self, root: str, sources: Mapping[str, Mapping[str, str]], dims: Sequence[int]) -> None:
        self.root = root
        self.sources = sources
        self.dims = tuple(dims)
        self.made: dict[int, list[Any]] = {}
        self.is_shaped = False
        """Whether an input was made up, so that another shape could do better."""
        self.made_up: dict[str, None] = {}
        """What was made up, in order: a set that has one."""
        self.failures: list[Exception] = []
        """What statements raised that were to make a part of a model."""
        self.broken: list[Any] = []
        """The layers, models and tensors that such a statement was about."""
        self.unfinished: Callable[[], list[Any]] = list
        """The models that layers may be added to yet."""
        self.layers_made: Callable[[], int] = lambda: 0
        """How many layers there are by now."""

    def load(self, name: str) -> ModuleType:
        """The module ``name``. Whatever importing it raises, is raised."""
        for source in self.sources.values():
            lines = source["text"].splitlines(keepends=True)
            linecache.cache[source["path"]] = (len(source["text"]), None, lines, source["path"])
        sys.path[:] = [self.root, *sys.path, *_above(self.root)]
        sys.argv = [self.sources[name]["path"] if name in self.sources else name]
        sys.meta_path.insert(0, self)
        _TolerantImport(self).install()
        for replaced in self.sources:
            _forget(replaced)
        _import_parents(name, self.root)
        return importlib.import_module(name)

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        """The import system's question: the spec of a module that is under proof, else None."""
        if fullname not in self.sources:
            return None
        file = self.sources[fullname]["path"]
        inside = [os.path.dirname(file)] if os.path.basename(file) == "__init__.py" else None
        return importlib.util.spec_from_file_location(
            fullname, file, loader=self, submodule_search_locations=inside
        )

    def exec_module(self, module: ModuleType) -> None:
        """Runs the source text in the module."""
        source = self.sources[module.__name__]
        code = compile(source["text"], source["path"], "exec", dont_inherit=True)
        module.__dict__["__reglint_made__"] = self._note
        module.__dict__["__reglint_shape__"] = self.dims
        module.__dict__["__reglint_data__"] = self.data
        module.__dict__["__reglint_dataset__"] = madeup.dataset
        module.__dict__["__reglint_spread__"] = madeup.spread
        module.__dict__["__reglint_each__"] = madeup.each
        module.__dict__["__reglint_decorator__"] = madeup.decorator
        module.__dict__["__reglint_forgive__"] = self.forgive
        module.__dict__["__reglint_cell__"] = self.cell
        module.__dict__["__reglint_storing__"] = self.storing
        exec(code, module.__dict__)

    def data(self, about: str) -> madeup.MadeUp:
        """A made-up value; ``about`` says for what."""
        self.made_up[about.partition(", which")[0]] = None
        return madeup.MadeUp(self.dims, about)

    def forgive(self, about: str, compute: Callable[[], Any]) -> Any:
        """What ``compute`` gives, or a made-up value if it fails. Raises what has to do with a layer or a model."""
        layers = self.layers_made()
        try:
            return compute()
        except Exception as error:
            return self._excused(about, error, compute, layers)

    def cell(self, about: str, compute: Callable[[], Any]) -> Any:
        """The same for a statement of a module: if it fails with a layer or a model, no model that it touches counts.

        What it was to give is of no use to others, that fail in turn; a name that gets another model is.
        """
        try:
            return self.forgive(about, compute)
        except Exception as error:
            return self._broken(about, error, compute)

    @contextmanager
    def storing(self, about: str, read: Callable[[], Any], *, is_cell: bool) -> Iterator[None]:
        """Has a statement that sets an item, of data, fail without consequence, as ``forgive`` or ``cell`` would.

        ``read`` reads the names of the statement.
        """
        layers = self.layers_made()
        try:
            yield
        except Exception as error:
            try:
                self._excused(about, error, read, layers)
            except Exception:
                if not is_cell:
                    raise
                self._broken(about, error, read)

    def _excused(self, about: str, error: Exception, code: Callable[[], Any], layers: int) -> madeup.MadeUp:
        """A made-up value. Raises the error if ``code`` has to do with a layer or a model; ``layers`` were before."""
        is_of_graph = isinstance(error, madeup.NotHere) or self.layers_made() != layers
        if is_of_graph or any(map(madeup.is_of_graph, _values_of(code))):
            raise error
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        return self.data(f"{about}, which raised {reason}")

    def _broken(self, about: str, error: Exception, code: Callable[[], Any]) -> madeup.Broken:
        self.failures.append(error)
        self.broken += list(filter(madeup.is_of_graph, _values_of(code))) or self.unfinished()
        return madeup.Broken(f"{about} raised {type(error).__name__}")

    def is_own(self, file: str) -> bool:
        """Whether a file is one of the project's, and none that is installed."""
        if any(file == source["path"] for source in self.sources.values()):
            return True
        inside = os.path.relpath(file, self.root) if file.startswith(self.root) else ".."
        return not inside.startswith("..") and not any(part in file for part in _INSTALLED)

    def _note(self, index: int, made: Any) -> Any:
        self.made.setdefault(index, []).append(made)
        return made


def _above(root: str) -> Iterator[str]:
    """The folder of the project that ``root`` is part of: what its scripts import is installed from there."""
    folder = os.path.dirname(os.path.abspath(root))
    for _ in range(_LEVELS):
        if any(os.path.exists(os.path.join(folder, name)) for name in _PROJECT):
            yield from (folder, os.path.join(folder, "src"))
            return
        folder = os.path.dirname(folder)


def _values_of(function: Callable[[], Any]) -> Iterator[Any]:
    """The values of the names that a function reads around it."""
    around = function.__globals__
    yield from (around[name] for name in function.__code__.co_names if name in around)
    for cell in function.__closure__ or ():
        with suppress(ValueError):  # a name that has no value yet
            yield cell.cell_contents


class _TolerantImport:
    """``import`` in the project's own files: what cannot be imported fails when it is used, not before.

    Not inside ``try``, where the code itself says what to do about it.
    """

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._import = builtins.__import__
        self._strict: dict[str, frozenset[int]] = {}

    def install(self) -> None:
        """Takes the place of the built-in import."""
        builtins.__import__ = self

    def __call__(
        self,
        name: str,
        globals: Any = None,
        locals: Any = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        """As ``builtins.__import__``."""
        file = str((globals or {}).get("__file__"))
        if not self._subject.is_own(file) or sys._getframe(1).f_lineno in self._strict_lines(file):
            return self._import(name, globals, locals, fromlist or (), level)
        try:
            module = self._import(name, globals, locals, fromlist or (), level)
        except (Exception, SystemExit) as error:
            return self._missing(name, error)
        absent = [part for part in fromlist or () if part != "*" and not hasattr(module, part)]
        return _Partial(module, self._subject.data, name) if absent else module

    def _missing(self, name: str, error: BaseException) -> madeup.MadeUp:
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        about = f"`{name}`, which cannot be imported ({reason})"
        return madeup.MadeUp(self._subject.dims, about, use=lambda: self._subject.data(about))

    def _strict_lines(self, file: str) -> frozenset[int]:
        if file not in self._strict:
            tree = ast.parse("".join(linecache.getlines(file)))
            tries = (node for node in ast.walk(tree) if isinstance(node, ast.Try) and node.handlers)
            self._strict[file] = frozenset(
                line
                for node in tries
                for line in range(node.body[0].lineno, (node.body[-1].end_lineno or node.body[-1].lineno) + 1)
            )
        return self._strict[file]


class _Partial:
    """A module of which some names are not there: those are made up."""

    def __init__(self, module: ModuleType, data: Any, name: str) -> None:
        self._module = module
        self._data = data
        self._name = name

    def __getattr__(self, name: str) -> Any:
        try:
            return getattr(self._module, name)
        except AttributeError:
            return self._data(f"`{self._name}.{name}`, which is not there")


def _forget(name: str) -> None:
    """Makes the next import of a module import it anew, also of a module of Keras itself."""
    sys.modules.pop(name, None)
    parent, _, last = name.rpartition(".")
    if parent in sys.modules:
        vars(sys.modules[parent]).pop(last, None)


def _import_parents(name: str, root: str) -> None:
    """Imports the packages around a module; one that fails is replaced by a bare package at its folder."""
    parts = name.split(".")[:-1]
    for count in range(1, len(parts) + 1):
        package = ".".join(parts[:count])
        try:
            importlib.import_module(package)
        except (Exception, SystemExit):
            bare = ModuleType(package)
            bare.__path__ = [os.path.join(root, *parts[:count])]
            bare.__package__ = package
            sys.modules[package] = bare
