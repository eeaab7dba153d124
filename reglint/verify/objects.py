"""Objects of the project's own classes, made up for parameters that take them: the code asks for a class."""

from __future__ import annotations

import ast
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from reglint.verify import guesses, names
from reglint.verify.arguments import arguments
from reglint.verify.source import parse
from reglint.verify.uses import attributes, constructor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DEPTH = 4
"""Functions that an argument is followed through, and imports that a name is, one after the other."""

_LARGEST = 1 << 20
"""Bytes; a larger file is data, not code."""

_EACH = 2
"""Objects of a class in a list of them: what combines them needs two."""


@dataclass(frozen=True)
class Module:
    """A module of the project, by its dotted name; ``root`` is the folder that it is imported from."""

    root: Path
    name: str
    tree: ast.Module
    is_package: bool = False
    _others: dict[str, Module | None] = field(default_factory=dict, compare=False)
    """Those that were read already, by name: one dict for all of them."""

    @cached_property
    def definitions(self) -> dict[str, ast.stmt]:
        """The functions and classes at its top level."""
        return {node.name: node for node in self.tree.body if isinstance(node, names.DEFINITIONS)}

    @cached_property
    def _imported(self) -> dict[str, tuple[str, str]]:
        """(module, name there) for what it imports by name."""
        package = self.name.split(".")[: None if self.is_package else -1]
        found = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom):
                above = package[: len(package) - node.level + 1] if node.level else []
                base = ".".join([*above, *([node.module] if node.module else [])])
                found.update({alias.asname or alias.name: (base, alias.name) for alias in node.names})
        return found

    def find(self, name: str, depth: int = _DEPTH) -> tuple[Module, ast.stmt] | None:
        """The definition of a name, and the module of the project that it stands in."""
        if name in self.definitions:
            return self, self.definitions[name]
        if not depth or name not in self._imported:
            return None
        base, original = self._imported[name]
        is_near = "." not in self.name or base.split(".")[0] == self.name.split(".")[0]
        if is_near and base not in self._others:
            self._others[base] = self._read(base)
        other = self._others.get(base)
        return other.find(original, depth - 1) if other is not None else None

    def _read(self, name: str) -> Module | None:
        """A module of the project; None if there is no such file, or no Python in it."""
        place = self.root.joinpath(*name.split("."))
        for path, is_package in ((place.with_suffix(".py"), False), (place / "__init__.py", True)):
            with suppress(OSError, SyntaxError, ValueError, RecursionError):
                if path.stat().st_size <= _LARGEST:
                    tree = parse(path.read_text(encoding="utf-8"))
                    return Module(self.root, name, tree, is_package, self._others)
        return None


class Objects:
    """What the code of a module asks of the arguments of its functions."""

    def __init__(self, module: Module) -> None:
        self._module = module

    def value(self, parameter: ast.arg, function: names.Function, owner: ast.ClassDef | None) -> str | None:
        """An object, or a list of some, of the classes that are asked for, as Python text; None where none are."""
        annotated = _class_named(parameter.annotation)
        found = self._module.find(annotated) if annotated else None
        if found is not None and isinstance(found[1], ast.ClassDef):
            return _made(found[0], found[1], "")
        is_list = False
        classes: list[tuple[Module, ast.ClassDef]] = []
        for each, module, node in _asked(parameter.arg, function, owner, self._module, _DEPTH):
            is_list = is_list or each
            if not any(node is known for _, known in classes):
                classes.append((module, node))
        numbers = range(1, _EACH + 1) if is_list else (1,)
        made = [_made(*each, f"_{number}" if is_list else "") for each in classes for number in numbers]
        usable = [text for text in made if text is not None]
        if not usable:
            return None
        return f"[{', '.join(usable)}]" if is_list else usable[0]


def _asked(
    name: str, function: names.Function, owner: ast.ClassDef | None, module: Module, depth: int
) -> Iterator[tuple[bool, Module, ast.ClassDef]]:
    """The classes that ``isinstance`` is asked about for a parameter (False), or for each of its parts (True)."""
    kept = set(attributes(name, function)) if owner is not None else set()
    scope: ast.AST = owner if owner is not None and kept else function
    known = {name, *_copies(scope, name, module)}
    loops = {each for node in ast.walk(scope) for each in _parts_named(node, known, kept)}
    for call in names.calls(scope):
        if names.last(call.func) == "isinstance" and len(call.args) == 2:
            asked = call.args[0]
            is_item = isinstance(asked, ast.Subscript) and _is_it(asked.value, known, kept)
            is_part = is_item or (isinstance(asked, ast.Name) and asked.id in loops)
            for each in _names(call.args[1]) if is_part or _is_it(asked, known, kept) else ():
                found = module.find(each)
                if found is not None and isinstance(found[1], ast.ClassDef):
                    yield is_part, found[0], found[1]
        elif depth and isinstance(call.func, ast.Name):
            yield from _asked_by(call, known, kept, module, depth)


def _asked_by(
    call: ast.Call, known: set[str], kept: set[str], module: Module, depth: int
) -> Iterator[tuple[bool, Module, ast.ClassDef]]:
    """The same for what a call hands a parameter to, alone or together with others."""
    found = module.find(names.last(call.func))
    if found is None or not isinstance(found[1], (ast.FunctionDef, ast.ClassDef)):
        return
    inner, definition = found
    owner = definition if isinstance(definition, ast.ClassDef) else None
    function = constructor(definition) if isinstance(definition, ast.ClassDef) else definition
    if not isinstance(function, ast.FunctionDef):
        return
    positional = names.positional(function, owner is not None)
    given = [*zip(positional, call.args, strict=False), *((each.arg, each.value) for each in call.keywords)]
    for parameter, value in given:
        if parameter is not None and _holds(value, known, kept):
            yield from _asked(parameter, function, owner, inner, depth - 1)


def _copies(scope: ast.AST, name: str, module: Module) -> Iterator[str]:
    """The names of copies of a parameter, which functions make that are not the project's: ``list(columns)``."""
    for node in ast.walk(scope):
        call = node.value if isinstance(node, ast.Assign) else None
        if not isinstance(call, ast.Call) or len(call.args) != 1:
            continue
        copied = call.args[0]
        is_it = isinstance(copied, ast.Name) and copied.id == name
        if is_it and module.find(names.last(call.func)) is None:
            yield from names.binds(node)


def _is_it(node: ast.expr, known: set[str], kept: set[str]) -> bool:
    """Whether an expression has one of the ``known`` names, or is an attribute of ``self`` that is ``kept``."""
    if isinstance(node, ast.Name):
        return node.id in known
    return isinstance(node, ast.Attribute) and names.root(node) == "self" and node.attr in kept


def _holds(node: ast.expr, known: set[str], kept: set[str]) -> bool:
    """Whether an expression is the parameter, or a sum of it and others."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _holds(node.left, known, kept) or _holds(node.right, known, kept)
    return _is_it(node, known, kept)


def _parts_named(node: ast.AST, known: set[str], kept: set[str]) -> Iterator[str]:
    """The names that parts of the parameter have in a loop, or in a function that filters them."""
    if isinstance(node, (ast.For, ast.comprehension)) and isinstance(node.target, ast.Name):
        if _holds(node.iter, known, kept):
            yield node.target.id
    elif isinstance(node, ast.Call) and any(_holds(each, known, kept) for each in node.args):
        for each in node.args:
            if isinstance(each, ast.Lambda):
                yield from (parameter.arg for parameter in each.args.args)


def _names(node: ast.expr) -> list[str]:
    return [names.last(each) for each in (node.elts if isinstance(node, ast.Tuple) else [node])]


def _class_named(annotation: ast.expr | None) -> str:
    """The class that an annotation names, in quotes or not, or leaves as one of several: ``Optional[Config]``."""
    if isinstance(annotation, ast.Subscript) and names.last(annotation.value) == "Optional":
        return _class_named(annotation.slice)
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return annotation.value.rpartition(".")[2]
    return names.last(annotation) if annotation is not None else ""


def _made(module: Module, node: ast.ClassDef, number: str) -> str | None:
    """An expression that makes an object; None if nothing says how."""
    function = _maker(node)
    parameters = names.defaults(function, method=True) if function is not None else ()
    has_name = any(each.arg == "name" for each, _ in parameters)
    given = {"name": repr(f"{node.name.lower()}{number}")} if has_name else {}
    made = arguments(function, module.definitions, given, True, node)
    if made.tensors or guesses.DATA in made.text:
        return None
    return f"__import__({module.name!r}, fromlist=[{node.name!r}]).{node.name}({made.text})"


def _maker(node: ast.ClassDef) -> ast.FunctionDef | None:
    made = (each for each in node.body if isinstance(each, ast.FunctionDef) and each.name == "__new__")
    return constructor(node) or next(made, None)
