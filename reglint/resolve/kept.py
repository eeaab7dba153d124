"""Attributes that a class outside the project makes of the arguments that its constructor is called with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from reglint.resolve.bind import left_open
from reglint.resolve.values import (
    Arguments,
    Constant,
    Definition,
    Expression,
    External,
    Frame,
    Instance,
    Place,
    Unknown,
    Value,
    choice,
    given,
    options_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.resolve.evaluate import Resolver

_MOST_BASES = 8
"""How many classes may stand between a class and that which keeps the argument."""
_NONE = cst.Name("None")


def kept_argument(instance: Instance, name: str, resolver: Resolver) -> Value | None:
    """The attribute of an object that a base class outside the project sets; None where there is none that does."""
    assert isinstance(instance.maker, Definition)
    found = [
        _argument(instance.maker, arguments, *parameter, resolver)
        for base, arguments in _built(instance, resolver)
        if (parameter := resolver.externals.keeps(base.name, name)) is not None
    ]
    return choice(found) if found else None


def _built(instance: Instance, resolver: Resolver) -> Iterator[tuple[External, Arguments | None]]:
    """The bases outside the project, each with the arguments it is built with; None where these are not known."""
    pending: list[tuple[Definition, Arguments | None, Instance]] = []
    assert isinstance(instance.maker, Definition)
    pending.append((instance.maker, None if instance.call is None else instance.arguments, instance))
    for _ in range(_MOST_BASES):
        if not pending:
            return
        owner, arguments, made = pending.pop()
        init = resolver.names.class_attribute(owner, "__init__")
        built = [arguments]
        if isinstance(init, Definition) and isinstance(init.node, cst.FunctionDef):
            # Of any object, the parameters are what those who make objects of the class pass.
            frame = Frame(init.scope, arguments, made, init.frame) if arguments is not None else None
            built = [*resolver.handed_up(init.scope, frame)]
        for base in resolver.bases(owner):
            for passed in built:
                if isinstance(base, External):
                    yield base, passed
                elif isinstance(base, Definition) and isinstance(base.node, cst.ClassDef):
                    pending.append((base, passed, Instance(base, passed or Arguments())))


def _argument(
    owner: Definition, arguments: Arguments | None, name: str, position: int | None, resolver: Resolver
) -> Value:
    if arguments is None:
        return Unknown(f'the argument "{name}" is for those who make the object to say')
    if position is not None and position < len(arguments.positional):
        return resolver.value(arguments.positional[position])
    found = arguments.keyword(name)
    value = resolver.value(found) if found is not None else left_open(arguments, name)
    left_out = Expression(_NONE, Place(owner.scope, 0, ()), Constant(None))
    if value is not None:
        value = choice([resolver.names.or_default(option, left_out) for option in options_of(value)])
    return given(value, Constant(None))
