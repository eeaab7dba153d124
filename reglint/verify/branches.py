"""Which arguments of a function lead into the branches that the calls in question stand in."""

from __future__ import annotations

import ast
from itertools import pairwise
from typing import TYPE_CHECKING

from reglint.verify import guesses, names
from reglint.verify.uses import attributes, constructor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DEPTH = 4
"""Functions that an argument is followed through, one calling the other."""

_BEYOND = {ast.Gt: 1, ast.GtE: 0, ast.Lt: -1, ast.LtE: 0}
"""What to add to a number, that something with this order to it is true."""

_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


class Branches:
    """The branches in some definitions, by their names; ``definitions`` may be those of several files."""

    def __init__(self, definitions: Mapping[str, ast.stmt]) -> None:
        self._definitions = definitions
        self._paths: dict[int, list[ast.AST]] = {}
        self._callers: dict[int, list[tuple[ast.stmt, ast.Call]]] = {}
        for caller in definitions.values():
            for node in ast.walk(caller):
                if isinstance(node, ast.Call) and names.last(node.func) in definitions:
                    called = definitions[names.last(node.func)]
                    self._callers.setdefault(id(called), []).append((caller, node))

    def values(self, call: ast.AST, start: ast.stmt) -> dict[str, str]:
        """Values for parameters of ``start``, as Python text, with which ``call`` is not passed by.

        ``start`` is a function, or a class for its constructor. The call may stand in a definition that it calls, and
        get its parameters from there. What is no test of a parameter is left to chance.
        """
        return self._values(call, start, _DEPTH) or {}

    def _values(self, call: ast.AST, start: ast.stmt, depth: int) -> dict[str, str] | None:
        """None if ``start`` does not lead to the call at all."""
        path = self._path_to(call)
        if not path:
            return None
        before: dict[str, str] | None = {} if path[0] is start else None
        if before is None and depth:
            ways = (self._values(each, start, depth - 1) for _, each in self._callers.get(id(path[0]), ()))
            before = next((way for way in ways if way is not None), None)
        if before is None:
            return None
        for test, truth in _tests(path):
            for node, value in _wishes(test, truth):
                for parameter in _parameters(node, path[0]):
                    passed = self._passed_by(parameter, path[0], start, _DEPTH)
                    before |= {} if passed is None else {passed: value}
        for node, shunned, value in _others(path):
            for parameter in _parameters(node, path[0]):
                passed = self._passed_by(parameter, path[0], start, _DEPTH)
                if passed is not None and before.get(passed, shunned[0]) in shunned:
                    before[passed] = value
        return before

    def _path_to(self, call: ast.AST) -> list[ast.AST]:
        """The nodes from the definition that holds a call down to the call."""
        if id(call) not in self._paths:
            ways = (_path(each, call) for each in self._definitions.values())
            self._paths[id(call)] = next((way for way in ways if way), [])
        return self._paths[id(call)]

    def _passed_by(self, parameter: str, holder: ast.AST, start: ast.AST, depth: int) -> str | None:
        """The parameter of ``start`` that comes to be the ``parameter`` of ``holder``."""
        function = _function(holder)
        if function is None or parameter not in {each.arg for each in _named(function)}:
            return None
        if holder is start:
            return parameter
        for caller, call in self._callers.get(id(holder), ()) if depth else ():
            given = _given(parameter, call, function, isinstance(holder, ast.ClassDef))
            for name in _parameters(given, caller) if given is not None else ():
                found = self._passed_by(name, caller, start, depth - 1)
                if found is not None:
                    return found
        return None


def _tests(path: list[ast.AST]) -> Iterator[tuple[ast.expr, bool]]:
    """The tests on the way to a call, outermost first, each with what it has to be."""
    for above, below in pairwise(path):
        for field in ("body", "orelse"):
            block = getattr(above, field, None)
            if isinstance(block, list) and below in block:
                yield from ((each, False) for each in _ways_out(block[: block.index(below)]))
        if isinstance(above, (ast.If, ast.IfExp)) and below is not above.test:
            orelse = above.orelse if isinstance(above.orelse, list) else [above.orelse]
            yield above.test, not any(below is each for each in orelse)


def _ways_out(statements: list[ast.stmt]) -> Iterator[ast.expr]:
    """The tests of what returns before the statements end."""
    for each in statements:
        if (
            isinstance(each, ast.If)
            and not each.orelse
            and isinstance(each.body[-1], (ast.Return, ast.Raise))
        ):
            yield each.test


def _path(node: ast.AST, call: ast.AST) -> list[ast.AST]:
    """The nodes from one down to a call in it; empty if it is not in it."""
    if node is call:
        return [node]
    below: list[ast.AST] = next(
        (way for child in ast.iter_child_nodes(node) if (way := _path(child, call))), []
    )
    return [node, *below] if below else []


def _wishes(test: ast.expr, truth: bool) -> Iterator[tuple[ast.expr, str]]:
    """(expression, value) such that the test has the truth."""
    if isinstance(test, (ast.Name, ast.Attribute)):
        yield test, str(truth)
    elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from _wishes(test.operand, not truth)
    elif isinstance(test, ast.BoolOp):
        parts = test.values if isinstance(test.op, ast.And) == truth else test.values[:1]
        for part in parts:
            yield from _wishes(part, truth)
    elif isinstance(test, ast.Compare) and len(test.ops) == 1:
        kind = type(test.ops[0]) if truth else _OPPOSITE.get(type(test.ops[0]), ast.NotEq)
        value = _value(kind, test.left, test.comparators[0])
        if value is not None:
            yield test.left, value


def _others(path: list[ast.AST]) -> Iterator[tuple[ast.expr, list[str], str]]:
    """(expression, texts, value) for what must be none of the texts: something else that the code compares it with."""
    shunned: dict[str, tuple[ast.expr, list[str]]] = {}
    for test, truth in _tests(path):
        kind = ast.NotEq if truth else ast.Eq
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], kind):
            right = test.comparators[0]
            if isinstance(right, ast.Constant) and isinstance(right.value, str):
                shunned.setdefault(ast.dump(test.left), (test.left, []))[1].append(repr(right.value))
    for text, (node, values) in shunned.items():
        named = (
            repr(part.value)
            for each in ast.walk(path[0])
            if isinstance(each, ast.Compare) and ast.dump(each.left) == text
            for right in each.comparators
            for part in (right.elts if isinstance(right, (ast.List, ast.Tuple, ast.Set)) else [right])
            if isinstance(part, ast.Constant)
        )
        other = next((value for value in named if value != "None" and value not in values), None)
        if other is not None:
            yield node, values, other


def _value(kind: type[ast.cmpop], left: ast.expr, right: ast.expr) -> str | None:
    """A value for ``left`` that compares so with ``right``."""
    if kind is ast.In and isinstance(right, (ast.List, ast.Tuple, ast.Set)) and right.elts:
        right, kind = right.elts[0], ast.Eq
    if not isinstance(right, ast.Constant):
        return None
    if kind in (ast.Eq, ast.Is):
        return repr(right.value)
    if kind in (ast.NotEq, ast.IsNot):
        if isinstance(right.value, bool):
            return str(not right.value)
        made_up = guesses.guess(names.last(left)) if right.value is None else ""
        return None if made_up.startswith(guesses.DATA) else made_up or None
    if kind in _BEYOND and isinstance(right.value, (int, float)):
        return repr(right.value + _BEYOND[kind])
    return None


def _parameters(node: ast.expr, holder: ast.AST) -> Iterator[str]:
    """The parameters of a definition that an expression in it has the value of."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(holder, ast.ClassDef) and names.root(node) == "self" and isinstance(node, ast.Attribute):
        made = constructor(holder)
        for each in _named(made) if made is not None else ():
            if made is not None and node.attr in attributes(each.arg, made):
                yield each.arg


def _function(node: ast.AST) -> ast.FunctionDef | None:
    made = constructor(node) if isinstance(node, ast.ClassDef) else node
    return made if isinstance(made, ast.FunctionDef) else None


def _named(function: ast.FunctionDef) -> list[ast.arg]:
    """The parameters that have a value each."""
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def _given(parameter: str, call: ast.Call, function: ast.FunctionDef, method: bool) -> ast.expr | None:
    """What a call passes for a parameter."""
    for keyword in call.keywords:
        if keyword.arg == parameter:
            return keyword.value
    positional = names.positional(function, method)
    place = positional.index(parameter) if parameter in positional else len(call.args)
    return call.args[place] if place < len(call.args) else None
