"""How a function uses a parameter: what that says about the values it takes."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reglint.keras.catalog import load
from reglint.verify import names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Kind = Literal["tensor", "shape", "constant", "number", "sequence", "argument"]

_ORDER: tuple[Kind, ...] = ("tensor", "shape", "constant", "number", "sequence", "argument")
"""What says more, first."""

_TENSOR_ATTRIBUTES = frozenset(["shape", "get_shape", "_keras_shape"])
_MERGING = frozenset(["concatenate", "add", "multiply", "average", "maximum", "subtract", "dot", "concat"])
_LOOPING = frozenset(["len", "enumerate", "zip", "reversed", "list", "tuple", "sorted", "sum", "map"])
_LONGEST = 100
_DEPTH = 3
"""Functions that are followed, one calling the other."""


@dataclass(frozen=True, slots=True)
class Use:
    """A layer is called on a ``tensor``, an input has a ``shape``, a ``constant`` is compared with ``text``.

    A ``number`` may also be a sequence, and the code asks which. A ``sequence`` has ``text`` for its length where the
    code asks for one. The ``argument`` of a layer of Keras has ``text`` for
    its name there.
    """

    kind: Kind
    text: str = ""


def use_of(
    name: str,
    function: names.Function,
    definitions: Mapping[str, ast.stmt],
    owner: ast.ClassDef | None = None,
    depth: int = _DEPTH,
) -> Use | None:
    """The most telling use of the parameter ``name``; ``owner`` is the class whose method ``function`` is."""
    found = list(_uses(name, function, definitions, owner, depth))
    return min(found, key=lambda use: (_ORDER.index(use.kind), not use.text)) if found else None


def _uses(
    name: str,
    function: names.Function,
    definitions: Mapping[str, ast.stmt],
    owner: ast.ClassDef | None,
    depth: int,
) -> Iterator[Use]:
    kept = set(attributes(name, function)) if owner is not None else set()
    scopes: list[ast.AST] = [function, *([owner] if owner is not None and kept else [])]

    def is_it(node: ast.AST | None) -> bool:
        if isinstance(node, ast.Name):
            return node.id == name
        return isinstance(node, ast.Attribute) and names.root(node) == "self" and node.attr in kept

    for node in (each for scope in scopes for each in ast.walk(scope)):
        if isinstance(node, ast.Call):
            yield from _uses_in_call(node, is_it, definitions, depth)
        elif isinstance(node, ast.Attribute) and node.attr in _TENSOR_ATTRIBUTES and is_it(node.value):
            yield Use("tensor")
        elif isinstance(node, ast.Compare) and is_it(node.left):
            yield from map(_constant, _constants(node.comparators))
        elif isinstance(node, ast.Compare):
            yield from _length(node, is_it)
        elif (isinstance(node, (ast.For, ast.comprehension)) and is_it(node.iter)) or (
            isinstance(node, ast.Subscript) and is_it(node.value)
        ):
            yield Use("sequence")


def _uses_in_call(
    call: ast.Call, is_it: Callable[[ast.AST | None], bool], definitions: Mapping[str, ast.stmt], depth: int
) -> Iterator[Use]:
    called = names.last(call.func)
    given = [*enumerate(call.args), *((each.arg, each.value) for each in call.keywords)]
    for place, value in given:
        if isinstance(value, (ast.List, ast.Tuple)) and any(map(is_it, value.elts)):
            if isinstance(call.func, ast.Call) or called in _MERGING:
                yield Use("tensor")
        elif not is_it(value):
            if any(map(is_it, _parts(value))):
                yield from _of_a_layer(place, called)
        elif isinstance(call.func, ast.Call) or called in _MERGING:
            yield Use("tensor")
        elif place in ("shape", "input_shape", "batch_shape") or (called == "Input" and place == 0):
            yield Use("shape")
        elif called == "isinstance":
            if not {"int", "float"}.isdisjoint(names.reads(call)):
                yield Use("number")
        elif called in _LOOPING:
            yield Use("sequence")
        elif depth and isinstance(call.func, ast.Name) and called in definitions:
            yield from _passed_on(place, definitions[called], definitions, depth - 1)
        elif called not in definitions:
            yield from _of_a_layer(place, called)


def _length(node: ast.Compare, is_it: Callable[[ast.AST | None], bool]) -> Iterator[Use]:
    """The use as something of a length: ``len(filters) == 7``."""
    measured, length = node.left, node.comparators[0]
    if not isinstance(measured, ast.Call) or not isinstance(length, ast.Constant):
        return
    is_length = names.last(measured.func) == "len" and any(map(is_it, measured.args))
    is_size = type(length.value) is int and 0 < length.value <= _LONGEST
    if is_length and is_size and isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
        yield Use("sequence", str(length.value))


def _parts(value: ast.expr) -> tuple[ast.expr, ...]:
    """What a value is chosen from or computed of: ``n`` in ``n if top else 1`` and in ``2 * n``."""
    if isinstance(value, ast.IfExp):
        return value.body, value.orelse
    return (value.left, value.right) if isinstance(value, ast.BinOp) else ()


def _of_a_layer(place: int | str | None, called: str) -> Iterator[Use]:
    """The use as an argument of a layer of Keras, if that is what is called."""
    layer = load(3).layer(called) or load(2).layer(called)
    if layer is not None and isinstance(place, int):
        place = layer.parameters[place] if place < len(layer.parameters) else None
    if layer is not None and isinstance(place, str):
        yield Use("argument", place)


def _passed_on(
    place: int | str | None, definition: ast.stmt, definitions: Mapping[str, ast.stmt], depth: int
) -> Iterator[Use]:
    """The use of a value by the function, or class, that it is passed to."""
    owner = definition if isinstance(definition, ast.ClassDef) else None
    function = constructor(definition) if isinstance(definition, ast.ClassDef) else definition
    if not isinstance(function, ast.FunctionDef):
        return
    parameters = names.positional(function, owner is not None)
    if isinstance(place, int):
        place = parameters[place] if place < len(parameters) else None
    use = use_of(place, function, definitions, owner, depth) if place else None
    if use is not None:
        yield use


def constructor(node: ast.ClassDef) -> ast.FunctionDef | None:
    """The ``__init__`` of a class, if it has one."""
    return next(
        (each for each in node.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"), None
    )


def attributes(name: str, function: names.Function) -> Iterator[str]:
    """The attributes of ``self`` that hold the parameter: ``self.units = units``."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id == name:
            yield from (target.attr for target in node.targets if isinstance(target, ast.Attribute))


def _constants(comparators: list[ast.expr]) -> Iterator[ast.Constant]:
    """The texts that something is compared with, also in a list of them."""
    for each in comparators:
        for part in each.elts if isinstance(each, (ast.List, ast.Tuple, ast.Set)) else [each]:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part


def _constant(node: ast.Constant) -> Use:
    return Use("constant", repr(node.value))
