"""What a build reads of the file system: which files and folders its result depends on."""

from __future__ import annotations

import os
import sys
import tempfile
from typing import Any

_INSTALLED = frozenset({"site-packages", "dist-packages", "__pycache__"})
"""Folders whose content the versions of the installed packages, or the sources beside, stand for."""

_SYSTEM = ("/proc", "/sys", "/dev", "/etc", "/usr/share", "/usr/lib")


class Reads:
    """Notes from now on what Python code opens and lists; what native code reads goes unseen."""

    def __init__(self, root: str) -> None:
        """``root`` is the folder that the project is imported from."""
        self._root = os.path.realpath(root)
        self._ignored = tuple(
            os.path.realpath(folder)
            for folder in (
                *_SYSTEM,
                os.path.dirname(os.__file__),
                os.path.dirname(__file__),
                tempfile.gettempdir(),
            )
        )
        self._seen: set[str] = set()
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in ("open", "os.listdir", "os.scandir"):
            return
        path = "." if arguments[0] is None else arguments[0]
        if isinstance(path, (str, bytes, os.PathLike)):
            self._seen.add(os.path.abspath(os.fsdecode(path)))

    def paths(self) -> list[str]:
        """The files and folders that were read, modules among them, without what belongs to the installation.

        And the folders that modules are imported from: where Python has listed one before, it does not do so again.
        """
        modules = list(sys.modules.values())
        files = {file for module in modules if isinstance(file := getattr(module, "__file__", None), str)}
        folders = {path for module in modules for path in _searched(module)} | {
            path or "." for path in sys.path
        }
        found = {*self._seen, *map(os.path.abspath, files | set(filter(os.path.isdir, folders)))}
        return sorted(filter(self._matters, map(os.path.realpath, found)))

    def _matters(self, path: str) -> bool:
        inside = (path + os.sep).startswith(self._root + os.sep)
        below = path[len(self._root) :] if inside else path
        if not _INSTALLED.isdisjoint(below.split(os.sep)):
            return False
        return inside or not any((path + os.sep).startswith(folder + os.sep) for folder in self._ignored)


def _searched(module: Any) -> list[str]:
    """The folders of a package."""
    try:
        return [path for path in module.__path__ if isinstance(path, str)]
    except Exception:  # a module can be any object, and give any answer
        return []
