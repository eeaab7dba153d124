"""Which names a piece of code reads, binds and changes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda"

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def reads(node: ast.AST) -> set[str]:
    """The names that running ``node`` looks up around it, calling what it defines included."""
    return set(_reads(node))


def _reads(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        if isinstance(node.ctx, ast.Load):
            yield node.id
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target.id
        yield from _reads(node.value)
    elif isinstance(node, FUNCTIONS):
        yield from _reads_of_function(node)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _reads(child)


def _reads_of_function(function: Function) -> Iterator[str]:
    outside: list[ast.AST] = [*function.args.defaults, *(each for each in function.args.kw_defaults if each)]
    if not isinstance(function, ast.Lambda):
        outside += [*function.decorator_list, *([function.returns] if function.returns else [])]
        outside += [each.annotation for each in arguments(function) if each.annotation]
    for node in outside:
        yield from _reads(node)
    body = function.body if isinstance(function.body, list) else [function.body]
    own = {argument.arg for argument in arguments(function)} | {name for node in body for name in binds(node)}
    own -= {name for node in body for name in _declared_global(node)}
    for node in body:
        yield from (name for name in _reads(node) if name not in own)


def _declared_global(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Global):
            yield from each.names


def arguments(function: Function) -> list[ast.arg]:
    """All parameters of a function."""
    spec = function.args
    extra = [each for each in (spec.vararg, spec.kwarg) if each is not None]
    return [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, *extra]


def positional(function: Function, method: bool) -> list[str]:
    """The parameters that arguments are given to by position; of a ``method`` without the first one."""
    return [each.arg for each in (*function.args.posonlyargs, *function.args.args)][1 if method else 0 :]


def defaults(function: ast.FunctionDef, method: bool) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    """The parameters that a call can give, each with its default; of a ``method`` without the first one."""
    spec = function.args
    positional = [*spec.posonlyargs, *spec.args]
    given = [None] * (len(positional) - len(spec.defaults)) + spec.defaults
    yield from list(zip(positional, given, strict=True))[1 if method else 0 :]
    yield from zip(spec.kwonlyargs, spec.kw_defaults, strict=True)


def calls(node: ast.AST) -> list[ast.Call]:
    """The calls in a node."""
    return [each for each in ast.walk(node) if isinstance(each, ast.Call)]


def binds(node: ast.AST) -> set[str]:
    """The names that running ``node`` binds in the scope it stands in."""
    return set(_binds(node))


def _binds(node: ast.AST) -> Iterator[str]:
    if isinstance(node, DEFINITIONS):
        yield node.name
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            yield alias.asname or alias.name.split(".")[0]
    elif isinstance(node, ast.Name):
        if isinstance(node.ctx, (ast.Store, ast.Del)):
            yield node.id
    elif isinstance(node, ast.ExceptHandler):
        if node.name:
            yield node.name
        yield from _binds_of_children(node)
    elif not isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        yield from _binds_of_children(node)


def _binds_of_children(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        yield from _binds(child)


def root(node: ast.AST) -> str | None:
    """The name at the start of attributes, items and calls: ``model`` of ``model.layers[0].add(x)``."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def changes(node: ast.stmt) -> set[str]:
    """The names whose objects a simple statement may change: by a method, an assignment, or as arguments."""
    stored: list[ast.expr] = []
    given: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        stored = node.targets
    elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
        stored = [node.target]
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        stored = [node.value.func]
        given = [*node.value.args, *(keyword.value for keyword in node.value.keywords)]
    deep = [target for target in stored if isinstance(target, (ast.Attribute, ast.Subscript))]
    return {name for target in deep for name in reads(target)} | {name for name in map(root, given) if name}


def aliases(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """(alias, name) where a statement gives a part of the object ``name`` another name."""
    if isinstance(node, (ast.For, ast.AsyncFor)):
        sources = {name for each in ast.walk(node.iter) for name in [root(each)] if name}
        yield from ((alias, name) for alias in sorted(binds(node.target)) for name in sorted(sources))
    elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        part = node.value
        is_lookup = isinstance(part, ast.Call) and last(part.func) == "get_layer"
        name = root(part) if is_lookup or isinstance(part, (ast.Name, ast.Attribute, ast.Subscript)) else None
        if name:
            yield node.targets[0].id, name


def last(node: ast.expr) -> str:
    """The last part of a dotted name: ``Model`` of ``tf.keras.Model``; empty for anything else."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
