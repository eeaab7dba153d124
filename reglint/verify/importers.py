"""Finds the files of a project that use what a file defines: they import it, or what uses it."""

from __future__ import annotations

import ast
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from reglint.verify.names import last
from reglint.verify.package import locate
from reglint.verify.source import Source
from reglint.verify.survey import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

_FILES = 2000
"""Files of the project that are looked at."""

_IMPORTERS = 12
_HOPS = 3
"""Files between the one that builds and the one that is used, those that only hand on names among them."""

_MODULES = 12
"""Modules whose users are looked for, of those that are as far away."""

_LARGEST = 1 << 20
"""Bytes; a larger file is data, not a model."""


@dataclass(frozen=True, slots=True, eq=False)
class Exports:
    """What a module has that leads to the file in question."""

    module: str
    names: Mapping[str, frozenset[str]]
    """Names of the module, each with the names of the file in question that it leads to."""
    definitions: Mapping[str, ast.stmt]
    """The definitions that lead there, those of modules on the way included."""


@dataclass(frozen=True, slots=True, eq=False)
class Importer:
    """A file that uses the file in question: the places where it does, and the names there that each leads to."""

    path: Path
    module: str
    side: Side
    uses: Mapping[int, ast.expr]
    used: Mapping[int, frozenset[str]]
    beyond: Mapping[str, ast.stmt]
    """The definitions of other files that it calls, by the names that it has for them."""
    direct: bool
    """Whether no other file stands between."""


def find(root: Path, exports: Exports, path: Path) -> list[Importer]:
    """The files below ``root`` that use what the file ``path`` ``exports``, the nearest first."""
    return list(islice(_find(root, exports, path), _IMPORTERS))


def _find(root: Path, exports: Exports, path: Path) -> Iterator[Importer]:
    files = list(_files(root, exports.module, path))
    read = cache(_read)  # Once for all that is looked for, and no longer than that.
    near = [exports] if exports.names else []
    seen = {exports.module}
    for hop in range(_HOPS):
        far: dict[str, Exports] = {}
        for each in near:
            for file, text in _mentioning(files, read, each):
                try:
                    found, further = _look(file, text, each, direct=not hop)
                except (SyntaxError, ValueError, RecursionError):
                    continue
                if found is not None:
                    yield found
                if further.module not in seen and further.names:
                    far[further.module] = _joined(far.get(further.module), further)
        near = list(far.values())[:_MODULES]
        seen |= far.keys()


def _joined(one: Exports | None, other: Exports) -> Exports:
    if one is None:
        return other
    leads = {name: one.names.get(name, frozenset()) | led for name, led in other.names.items()}
    return Exports(other.module, {**one.names, **leads}, {**one.definitions, **other.definitions})


def _read(file: Path) -> bytes:
    """The bytes of a file; none if it cannot be read, or is too large to be code."""
    try:
        return file.read_bytes() if file.stat().st_size <= _LARGEST else b""
    except OSError:
        return b""


def _mentioning(
    files: Iterable[Path], read: Callable[[Path], bytes], exports: Exports
) -> Iterator[tuple[Path, str]]:
    """The files whose text says that they could import one of the names, or the module and use one of them."""
    last = re.escape(exports.module.rsplit(".", 1)[-1]).encode()
    imported = re.compile(
        rb"(?:import|from)\b[^\n]*\b" + last + rb"\b|^\s+" + last + rb"\b|\." + last + rb"\.", re.M
    )
    relative = re.compile(rb"from\s+\.+\s+import\b")
    named = re.compile(rb"\b(?:" + b"|".join(re.escape(name).encode() for name in exports.names) + rb")\b|\*")
    for file in files:
        data = read(file)
        if named.search(data) and (imported.search(data) or relative.search(data)):
            with suppress(UnicodeDecodeError):
                yield file, data.decode()


def _files(root: Path, module: str, path: Path) -> Iterator[Path]:
    """The Python files of the folder, then those of the whole package."""
    near = sorted(path.parent.glob("*.py"))
    far = sorted((root / module.split(".")[0]).rglob("*.py")) if "." in module else []
    seen = {path}
    for file in islice([*near, *far], _FILES):
        if file not in seen:
            seen.add(file)
            yield file


def _look(file: Path, text: str, exports: Exports, *, direct: bool) -> tuple[Importer | None, Exports]:
    """How a file uses what a module exports, and what it exports in turn."""
    source = Source(text)
    _, own = locate(file)
    package = own.split(".") if file.stem == "__init__" else own.split(".")[:-1]
    modules, names = _bound(source.tree, exports.module, package, set(exports.names))
    names = {local: name for local, name in names.items() if name in exports.names}
    uses: dict[int, ast.expr] = {}
    used: dict[int, frozenset[str]] = {}
    beyond: dict[str, ast.stmt] = {}
    for node in ast.walk(source.tree) if names or modules else ():
        if not isinstance(node, (ast.Attribute, ast.Name)) or not isinstance(node.ctx, ast.Load):
            continue
        name = names.get(node.id) if isinstance(node, ast.Name) else None
        if (
            isinstance(node, ast.Attribute)
            and node.attr in exports.names
            and ast.unparse(node.value) in modules
        ):
            name = node.attr
        if name is not None:
            uses[len(uses)], used[len(used)] = node, exports.names[name]
            if name in exports.definitions:
                beyond[last(node)] = exports.definitions[name]
    handed_on = {local: exports.names[name] for local, name in names.items()}
    if not uses:
        passed = {
            local: exports.definitions[name] for local, name in names.items() if name in exports.definitions
        }
        return None, Exports(own, handed_on, {**exports.definitions, **passed})
    side = Side(source, uses)
    its = side.slicer.defined
    leading = {name: side.slicer.inside(side.slicer.reached([name])) for name in its}
    made = {
        name: frozenset().union(*(used[each] for each in inside))
        for name, inside in leading.items()
        if inside
    }
    further = Exports(own, {**handed_on, **made}, {**exports.definitions, **beyond, **its})
    return Importer(file, own, side, uses, used, {**exports.definitions, **beyond}, direct), further


def _bound(
    tree: ast.AST, module: str, package: list[str], public: set[str]
) -> tuple[set[str], dict[str, str]]:
    """What the imports of a file call the module, and what they call the names in it."""
    modules: set[str] = set()
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {
                (alias.asname or alias.name) + module[len(alias.name) :]
                for alias in node.names
                if f"{module}.".startswith(f"{alias.name}.")
            }
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                if base == module and alias.name == "*":
                    names.update({name: name for name in public if not name.startswith("_")})
                elif base == module:
                    names[alias.asname or alias.name] = alias.name
                elif f"{module}.".startswith(f"{base}.{alias.name}."):
                    modules.add((alias.asname or alias.name) + module[len(f"{base}.{alias.name}") :])
    return modules, names
