"""What a call passes to each parameter of the function that it calls."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from reglint.resolve.values import (
    Arguments,
    Collection,
    Definition,
    Expression,
    Mapping,
    Missing,
    Parameter,
    Unknown,
    Value,
    entry_of,
    item_of,
    overridden,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.resolve.scopes import CallRecord, Scope


def passed(
    function: cst.FunctionDef | cst.Lambda, arguments: Arguments, name: str, method: bool
) -> Expression | Value | None:
    """What ``name`` is bound to; None where the call leaves it to its default.

    ``method``: the first parameter is bound to the object and takes none of the arguments.
    """
    parameters = function.params
    by_position = [parameter.name.value for parameter in (*parameters.posonly_params, *parameters.params)][
        method:
    ]
    if name in by_position:
        position = by_position.index(name)
        if position < len(arguments.positional):
            return arguments.positional[position]
        if arguments.rest is not None and name not in dict(arguments.keywords):
            return in_rest(arguments, arguments.rest, position, name)
    elif isinstance(parameters.star_arg, cst.Param) and parameters.star_arg.name.value == name:
        if arguments.rest is not None and len(arguments.positional) == len(by_position):
            return arguments.rest
        return Collection(arguments.positional[len(by_position) :], arguments.unread)
    elif parameters.star_kwarg is not None and parameters.star_kwarg.name.value == name:
        known = {*by_position, *(parameter.name.value for parameter in parameters.kwonly_params)}
        rest = tuple((key, value) for key, value in arguments.keywords if key not in known)
        return Mapping(rest, _by_keyword(arguments).unread, arguments.passed_on)
    return arguments.keyword(name) or left_open(_by_keyword(arguments), name)


def _by_keyword(arguments: Arguments) -> Arguments:
    """The same arguments for a name that no position is for: what is unread has no keywords."""
    return arguments if arguments.rest is None else replace(arguments, unread=None)


def in_rest(arguments: Arguments, rest: Parameter, position: int, name: str) -> Parameter:
    """What is passed at a position after those that the call itself fills, or else by keyword, through its splats."""
    by_keyword = left_open(_by_keyword(arguments), name)
    return item_of(rest, position - len(arguments.positional), by_keyword or Missing())


def item_passed(arguments: Arguments, function: Definition, item: Parameter) -> Expression | Value | None:
    """What a call passes for an item of the ``*`` parameter of a function; None where it passes fewer."""
    parameters = function_of(function).params
    before = len(parameters.posonly_params) + len(parameters.params) - receives(function)
    position = int(item.name) + before
    if position < len(arguments.positional):
        return arguments.positional[position]
    if arguments.rest is not None:
        return item_of(arguments.rest, position - len(arguments.positional), item.default)
    if arguments.unread is not None:
        return Unknown(arguments.unread)
    default = item.default.known if isinstance(item.default, Expression) else None
    if isinstance(default, Parameter) and default.holder is None and default.function.node is function.node:
        # The same call may pass it by keyword.
        return passed(function_of(function), arguments, default.name, receives(function))
    return None


def function_of(definition: Definition) -> cst.FunctionDef | cst.Lambda:
    """The function or lambda that a definition is of."""
    assert isinstance(definition.node, (cst.FunctionDef, cst.Lambda))
    return definition.node


def receives(function: Definition) -> bool:
    """Whether calls of a function leave out its first parameter: it is a method."""
    parent = function.scope.parent
    return (
        parent is not None
        and parent.kind == "class"
        and not is_decorated(function_of(function), "staticmethod")
    )


def keeps(function: Definition) -> bool:
    """Whether what a function is given may be used after it has returned: by the object it makes, or in a closure."""
    node, scope = function.node, function.scope
    if isinstance(node, cst.FunctionDef) and node.name.value == "__init__":
        return True
    return any(inner.kind == "function" for inner in scope.inner)


def is_decorated(function: cst.FunctionDef | cst.Lambda, name: str) -> bool:
    """Whether a function has the decorator ``@name``."""
    return isinstance(function, cst.FunctionDef) and any(
        isinstance(decorator.decorator, cst.Name) and decorator.decorator.value == name
        for decorator in function.decorators
    )


def left_open(arguments: Arguments, name: str) -> Parameter | Unknown | None:
    """What a splat may pass as ``name=``, where the call itself does not; None if there is none that can."""
    if arguments.unread is not None:
        return Unknown(arguments.unread)
    found: Parameter | None = None
    for holder in arguments.passed_on:
        found = entry_of(holder, name, found or Missing())
    return found


def merge(bound: Arguments, passed_on: Arguments) -> Arguments:
    """The arguments of a call of a partial: those bound in it, then those passed; a passed keyword wins."""
    after = passed_on.positional if bound.unread is None else ()
    before = bound.keywords if passed_on.unread is None else ()
    keywords = {name: overridden(name, entry, passed_on.passed_on) for name, entry in before}
    return Arguments(
        (*bound.positional, *after),
        tuple({**keywords, **dict(passed_on.keywords)}.items()),
        bound.unread or passed_on.unread,
        (*bound.passed_on, *passed_on.passed_on),
    )


def super_calls(init: Scope) -> Iterator[tuple[CallRecord, bool]]:
    """The calls of a base class's ``__init__`` in an ``__init__``; True where ``self`` is passed explicitly."""
    for record in init.calls:
        func = record.node.func
        if isinstance(func, cst.Attribute) and func.attr.value == "__init__":
            owner = func.value
            implicit = (
                isinstance(owner, cst.Call)
                and isinstance(owner.func, cst.Name)
                and owner.func.value == "super"
            )
            yield record, not implicit
