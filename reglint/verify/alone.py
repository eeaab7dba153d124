"""A constructor call on its own: what it takes from the code around it is looked up, or made up."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reglint.keras.catalog import load
from reglint.verify import guesses, names
from reglint.verify.arguments import arguments
from reglint.verify.source import parse_expression
from reglint.verify.uses import constructor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.keras.catalog import Generation
    from reglint.verify.survey import Side

_BUILTINS = frozenset([*dir(builtins), guesses.DATA, guesses.SHAPE])
_DEPTH = 4
"""How many local names are followed, one into the other."""


class CannotIsolate(Exception):
    """A call that needs values which only the code around it has."""


@dataclass(slots=True)
class Alone:
    """An expression that makes one layer, the imports it needs, and the module's names it reads."""

    expression: str
    imports: list[str] = field(default_factory=list)
    reads: set[str] = field(default_factory=set)


def isolate(side: Side, index: int, layer: str, generation: Generation) -> Alone:
    """The constructor call of a target by itself. Raises CannotIsolate."""
    call = side.slicer.calls[index]
    assert isinstance(call, ast.Call)
    return _Isolation(side, call, layer, generation).run(index)


class _Isolation:
    def __init__(self, side: Side, call: ast.Call, layer: str, generation: Generation) -> None:
        self._call = call
        self._side = side
        classes = (node for node in ast.walk(side.source.tree) if isinstance(node, ast.ClassDef))
        self._owner = next((node for node in classes if _holds(node, call)), None)
        self._functions = [
            node
            for node in ast.walk(side.source.tree)
            if isinstance(node, names.FUNCTIONS) and _holds(node, call)
        ]
        self._known = {name for leaf in side.slicer.leaves for name in leaf.binds} | _BUILTINS
        self._known -= {each for function in self._functions for each in _local_names(function)}
        self._star = any(
            isinstance(leaf.node, ast.ImportFrom) and "*" in leaf.binds for leaf in side.slicer.leaves
        )
        known = load(generation).layer(layer)
        self._parameters = known.parameters if known is not None else ()
        self._result = Alone("")

    def run(self, index: int) -> Alone:
        call = self._call
        function = self._resolved(call.func, 0)
        if function is None:
            raise CannotIsolate(f"what `{ast.unparse(call.func)}` is, only the code around it knows")
        arguments = [
            self._argument(value, self._parameters[position] if position < len(self._parameters) else "")
            or parse_expression(guesses.guess(""))
            for position, value in enumerate(call.args)
        ]
        keywords = []
        for keyword in call.keywords:
            value = self._argument(keyword.value, keyword.arg or "")
            if value is not None:
                keywords.append(ast.keyword(keyword.arg, value))
        made = ast.Call(function, arguments, keywords)
        self._result.expression = f"__reglint_made__({index}, {ast.unparse(ast.fix_missing_locations(made))})"
        return self._result

    def _argument(self, value: ast.expr, parameter: str) -> ast.expr | None:
        """An argument that can be evaluated, None to leave it out."""
        if parameter == "name" and not isinstance(value, ast.Constant):
            return None  # What it is made of may be missing here, and what is left may be no name.
        resolved = self._resolved(value, 0)
        is_unset = resolved is not None and _is_none(resolved) and resolved is not value
        if resolved is not None and not (is_unset and parameter in self._parameters[:2]):
            return resolved
        if parameter.endswith("_regularizer"):
            made = self._of_an_object(value)
            if made is not None:
                return made
            raise CannotIsolate(f"what `{ast.unparse(value)}` is, only the code around it knows")
        made_up = guesses.guess(parameter) if parameter else ""
        if parameter in ("", "name") or made_up.startswith(guesses.DATA):
            return None
        return parse_expression(made_up)

    def _of_an_object(self, value: ast.expr) -> ast.expr | None:
        """An expression of ``self``, with an object of the class that the call stands in in its place."""
        owner = self._owner
        definitions = self._side.slicer.defined
        if owner is None or names.root(value) != "self" or definitions.get(owner.name) is not owner:
            return None
        self._result.reads.add(owner.name)
        made = arguments(constructor(owner), definitions, None, True, owner)
        an_object = parse_expression(f"{owner.name}({made.text})")
        return None if made.tensors else self._resolved(_Replace({"self": an_object}).visit(copied(value)), 0)

    def _resolved(self, node: ast.expr, depth: int) -> ast.expr | None:
        """An expression with local names replaced by what they were given; None if one is not known."""
        unknown = {}
        for name in sorted(names.reads(node)):
            if name in self._known or (self._star and not self._is_local(name)):
                self._result.reads.add(name)
                continue
            value = self._lookup(name, depth) if depth < _DEPTH else None
            if value is None or (_is_none(value) and _is_taken_apart(name, node)):
                return None
            unknown[name] = value
        return _Replace(unknown).visit(copied(node)) if unknown else node

    def _is_local(self, name: str) -> bool:
        return any(name in _local_names(function) for function in self._functions)

    def _lookup(self, name: str, depth: int) -> ast.expr | None:
        """What a local name stands for: a default, the only value that is assigned to it, an import."""
        for function in reversed(self._functions):
            if name not in _local_names(function):
                continue
            values = list(_assigned(function, name))
            imported = [node for node in ast.walk(function) if _imports(node, name)]
            if imported:
                self._result.imports.append(ast.unparse(imported[0]))
                return ast.Name(name, ast.Load())
            return self._resolved(values[0], depth + 1) if len(values) == 1 else None
        return None


def copied(node: ast.expr) -> ast.expr:
    """The same expression, to be changed."""
    return parse_expression(ast.unparse(node))


class _Replace(ast.NodeTransformer):
    def __init__(self, values: dict[str, ast.expr]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._values.get(node.id, node)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_taken_apart(name: str, node: ast.expr) -> bool:
    """Whether an expression asks an item or an attribute of a name."""
    parts = (each.value for each in ast.walk(node) if isinstance(each, (ast.Attribute, ast.Subscript)))
    return any(isinstance(part, ast.Name) and part.id == name for part in parts)


def _holds(node: ast.AST, call: ast.Call) -> bool:
    return any(each is call for each in ast.walk(node))


def _local_names(function: names.Function) -> set[str]:
    body = function.body if isinstance(function.body, list) else []
    return {each.arg for each in names.arguments(function)}.union(*map(names.binds, body))


def _assigned(function: names.Function, name: str) -> Iterator[ast.expr]:
    spec = function.args
    positional = [*spec.posonlyargs, *spec.args]
    defaults = zip(reversed(positional), reversed(spec.defaults), strict=False)
    for parameter, default in [*defaults, *zip(spec.kwonlyargs, spec.kw_defaults, strict=True)]:
        if parameter.arg == name and default is not None:
            yield default
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == name for target in node.targets
        ):
            yield node.value


def _imports(node: ast.AST, name: str) -> bool:
    return isinstance(node, (ast.Import, ast.ImportFrom)) and name in names.binds(node)
