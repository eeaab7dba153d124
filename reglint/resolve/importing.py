"""Which files can have what another file defines, told from their text alone: parsing costs more than all else."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from reglint.resolve.project import Project

_IMPORT = re.compile(
    rb"\bfrom[ \t]+(\.*)[ \t]*([\w.]*)\s+import\b\s*(\((?:[^()#]|#[^\n]*)*\)|(?:[^\n\\]|\\\r?\n)*)"
)


def imports_in(data: bytes) -> tuple[tuple[bytes, bytes, bytes], ...]:
    """The dots, the module and the names of each ``from ... import ...`` of a text."""
    return tuple(_IMPORT.findall(data))


def may_have(path: Path, name: str, defined_in: Path, project: Project) -> bool:
    """Whether the file ``path`` can have the ``name`` that a module defines at its top level.

    It does not if it neither asks a module for it nor imports it from this one, or from one that may pass it on.
    """
    if _attribute(name).search(project.data(path)):
        return True
    return any(
        _may_give(source, name, defined_in, project)
        for dots, dotted, names in project.imports(path)
        if b"*" in names or name.encode() in names
        for source in _sources(path, len(dots), dotted.decode(), project)
    )


def _may_give(source: Path, name: str, defined_in: Path, project: Project) -> bool:
    """Whether what a module has by this name can be what another one defines."""
    if os.path.abspath(source) == os.path.abspath(defined_in) or not source.suffix:
        return True
    return _definition(name).search(project.data(source)) is None


def _sources(importer: Path, level: int, dotted: str, project: Project) -> tuple[Path, ...]:
    if not level:
        return project.candidates(dotted, importer)
    found = project.beside(importer, level, dotted)
    return (found,) if found is not None else ()


@cache
def _attribute(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"\.\s*%s\b" % re.escape(name.encode()))


@cache
def _definition(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"^(?:async\s+)?(?:def|class)\s+%s\b" % re.escape(name.encode()), re.MULTILINE)
