"""The cases that a test function is run with: ``@pytest.mark.parametrize("layer", [Dense, LSTM])``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from reglint.resolve.values import (
    Arguments,
    Collection,
    Constant,
    Definition,
    Expression,
    External,
    Instance,
    Mapping,
    Place,
    Value,
)

if TYPE_CHECKING:
    from reglint.resolve.evaluate import Resolver

_UNREAD = "a test whose cases could not be read"
_MOST_CASES = 64
_BY_NAME = frozenset({"pytest.mark.parametrize"})
"""Decorators with the names of the parameters first."""
_BY_POSITION = frozenset(
    {
        *("absl.testing.parameterized.parameters", "absl.testing.parameterized.named_parameters"),
        *("parameterized.parameterized", "parameterized.parameterized.expand"),
    }
)
"""Decorators that are given the arguments of each call."""

WITH_CASES = _BY_NAME | _BY_POSITION
"""The decorators that are read: they take what they are given as it is."""


def cases(function: Definition, resolver: Resolver) -> list[Arguments]:
    """What a function is called with by its decorators; nothing where they do not call it."""
    node, around = function.node, function.scope.parent
    if not isinstance(node, cst.FunctionDef) or around is None:
        return []
    place = Place(around, function.scope.order, function.scope.path)
    found: list[Arguments] | None = None
    for decorator in node.decorators:
        own = cases_of(decorator.decorator, place, resolver)
        if own is not None:
            found = own if found is None else [_both(one, other) for one in found for other in own]
    if found is not None and len(found) > _MOST_CASES:
        return [Arguments(unread=_UNREAD)]
    return found or []


def cases_of(decorator: cst.BaseExpression, place: Place, resolver: Resolver) -> list[Arguments] | None:
    """What one decorator calls a function with, or the tests of a class; None where it calls nothing."""
    if not isinstance(decorator, cst.Call):
        return None
    callee = resolver.value(Expression(decorator.func, place))
    if not isinstance(callee, External) or callee.name not in WITH_CASES:
        return None
    given = resolver.arguments(decorator, place)
    if callee.name in _BY_NAME:
        return _by_name(given, resolver, place)
    return _by_position(given, resolver, named=callee.name.endswith("named_parameters"))


def _by_name(given: Arguments, resolver: Resolver, place: Place) -> list[Arguments]:
    match given.positional:
        case [names, values]:
            text, listed = resolver.value(names), resolver.containers.items(resolver.value(values), place)
        case _:
            return [Arguments(unread=_UNREAD)]
    if not (isinstance(text, Constant) and isinstance(text.value, str) and listed and listed.unread is None):
        return [Arguments(unread=_UNREAD)]
    parameters = text.value.replace(",", " ").split()
    found: list[Arguments] = []
    for item in listed.items:
        value = resolver.value(item)
        inside = (item,) if len(parameters) == 1 else _items(value)
        if isinstance(value, Instance) and value.maker == External("pytest.param"):
            inside = value.arguments.positional
        if inside is None or len(inside) != len(parameters):
            return [Arguments(unread=_UNREAD)]
        found.append(Arguments((), tuple(zip(parameters, inside, strict=True))))
    return found


def _by_position(given: Arguments, resolver: Resolver, named: bool) -> list[Arguments]:
    items = given.positional
    unread = given.unread
    if len(items) == 1 and isinstance(listed := resolver.value(items[0]), Collection):
        whole = [resolver.value(item) for item in listed.items]
        if all(isinstance(each, (Collection, Mapping)) for each in whole):
            items, unread = listed.items, listed.unread
    found = [_case(item, resolver.value(item), named) for item in items]
    return [*found, *([Arguments(unread=_UNREAD)] if unread is not None else [])]


def _case(item: Expression, value: Value, named: bool) -> Arguments:
    match value:
        case Mapping(entries, unread):
            return Arguments((), tuple((str(key), entry) for key, entry in entries), unread)
        case Collection(items, unread):
            return Arguments(items[named:], (), unread)
    return Arguments((item,))


def _items(value: Value) -> tuple[Expression, ...] | None:
    return value.items if isinstance(value, Collection) and value.unread is None else None


def _both(one: Arguments, other: Arguments) -> Arguments:
    return Arguments(
        (*one.positional, *other.positional), (*one.keywords, *other.keywords), one.unread or other.unread
    )
