"""Finds the files of a project that import a module, and where they use what it defines."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from reglint.verify.package import locate
from reglint.verify.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FILES = 2000
"""Files of the project that are looked at."""

_IMPORTERS = 8
_LARGEST = 1 << 20
"""Bytes; a larger file is data, not a model."""


@dataclass(frozen=True, slots=True, eq=False)
class Importer:
    """A file that imports the module: the places where it uses it, and the names that it uses there."""

    path: Path
    module: str
    source: Source
    uses: dict[int, ast.expr]
    used: dict[int, str]


def find(root: Path, module: str, path: Path, public: set[str]) -> list[Importer]:
    """The files below ``root`` that use what ``module`` (the file ``path``) defines, the nearest first.

    ``public`` are the names that it defines.
    """
    return list(islice(_find(root, module, path, public), _IMPORTERS))


def _find(root: Path, module: str, path: Path, public: set[str]) -> Iterator[Importer]:
    name = module.rsplit(".", 1)[-1]
    mentioned = re.compile(
        rb"(?:import|from)\b[^\n]*\b" + name.encode() + rb"\b|^\s+" + name.encode() + rb"\b", re.M
    )
    for file in _files(root, module, path):
        try:
            data = file.read_bytes() if file.stat().st_size <= _LARGEST else b""
            if name.encode() not in data or not mentioned.search(data):
                continue
            importer = _importer(file, data.decode(), module, public)
        except (OSError, SyntaxError, ValueError, RecursionError):
            continue
        if importer is not None:
            yield importer


def _files(root: Path, module: str, path: Path) -> Iterator[Path]:
    """The Python files of the folder, then those of the whole package."""
    near = sorted(path.parent.glob("*.py"))
    far = sorted((root / module.split(".")[0]).rglob("*.py")) if "." in module else []
    seen = {path}
    for file in islice([*near, *far], _FILES):
        if file not in seen:
            seen.add(file)
            yield file


def _importer(file: Path, text: str, module: str, public: set[str]) -> Importer | None:
    source = Source(text)
    _, own = locate(file)
    package = own.split(".") if file.stem == "__init__" else own.split(".")[:-1]
    modules, names = _bound(source.tree, module, package, public)
    uses: dict[int, ast.expr] = {}
    used: dict[int, str] = {}
    for node in ast.walk(source.tree):
        if not isinstance(node, (ast.Attribute, ast.Name)) or not isinstance(node.ctx, ast.Load):
            continue
        name = names.get(node.id) if isinstance(node, ast.Name) else None
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in modules:
            name = node.attr
        if name is not None:
            number = len(uses)
            uses[number], used[number] = node, name
    return Importer(file, own, source, uses, used) if uses else None


def _bound(
    tree: ast.AST, module: str, package: list[str], public: set[str]
) -> tuple[set[str], dict[str, str]]:
    """What the imports of a file call the module, and what they call the names in it."""
    modules: set[str] = set()
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {alias.asname or alias.name for alias in node.names if alias.name == module}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                if base == module and alias.name == "*":
                    names.update({name: name for name in public if not name.startswith("_")})
                elif base == module:
                    names[alias.asname or alias.name] = alias.name
                elif f"{base}.{alias.name}" == module:
                    modules.add(alias.asname or alias.name)
    return modules, names
