"""Objects whose constructor arguments are their attributes: namedtuples, dataclasses, ``SimpleNamespace``."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import libcst as cst

from reglint.resolve.bind import left_open
from reglint.resolve.nodes import dotted_name
from reglint.resolve.values import (
    Arguments,
    Collection,
    Constant,
    Definition,
    Expression,
    External,
    Instance,
    Place,
    Unknown,
    Value,
    choice,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reglint.resolve.evaluate import Resolver

_DATACLASSES = frozenset(
    {
        *("dataclasses.dataclass", "attr.s", "attr.attrs", "attr.define", "attr.frozen", "attr.dataclass"),
        *("attrs.define", "attrs.frozen", "attrs.mutable", "flax.struct.dataclass", "chex.dataclass"),
    }
)
"""The decorators that make an ``__init__`` of the annotated fields of a class."""


def field(instance: Instance, name: str, resolver: Resolver) -> Value | None:
    """The attribute of an object that its constructor's arguments decide; None where it is no such object."""
    found = _field(instance, name, resolver)
    if (
        found is None
        or instance.call is None
        or not _is_set(name, instance.call.place.scope.index.path, resolver)
    ):
        return found
    return Unknown(f'the attribute "{name}" is set again elsewhere')


def _field(instance: Instance, name: str, resolver: Resolver) -> Value | None:
    arguments = instance.arguments
    match instance.maker:
        case External("types.SimpleNamespace" | "argparse.Namespace"):
            found = arguments.keyword(name)
            return resolver.value(found) if found is not None else None
        case Instance(External("collections.namedtuple" | "typing.NamedTuple"), made_by):
            names = _names(made_by, resolver)
            return _bound(names, name, arguments, None, resolver) if name in names else None
        case Definition(cst.ClassDef()) as owner:
            fields = _fields(owner, resolver)
            if fields is None or name not in fields:
                return None
            if instance.call is None:
                undecided = Unknown(f'the field "{name}" is for those who make the object to say')
                return _of_any(owner, name, fields, resolver) or undecided
            return _bound(list(fields), name, arguments, fields[name], resolver)
    return None


def _of_any(
    owner: Definition, name: str, fields: dict[str, Value | None], resolver: Resolver
) -> Value | None:
    """The field of any object of a dataclass; None where not all those who make one are known."""
    path = owner.scope.index.path
    if (
        resolver.bases(owner)
        or resolver.callers.subclasses(owner)
        or _is_set(name, path, resolver)
        or _stands_beside(name, _REPLACED, path, resolver)
    ):
        return None
    calls = resolver.callers.of(owner)
    if calls.hidden is not None or not calls.arguments:
        return None
    return choice(
        [_bound(list(fields), name, arguments, fields[name], resolver) for arguments in calls.arguments]
    )


_REPLACED = re.compile(rb"\bcls\(|\b(?:evolve|dataclasses\.replace|(?<![.\w])replace)\s*\(")
"""What makes an object of a class without its name."""


def _bound(
    names: list[str], name: str, arguments: Arguments, default: Value | None, resolver: Resolver
) -> Value:
    position = names.index(name)
    if position < len(arguments.positional):
        return resolver.value(arguments.positional[position])
    found = arguments.keyword(name)
    if found is not None:
        return resolver.value(found)
    return left_open(arguments, name) or default or Unknown("an argument that is missing")


def _names(arguments: Arguments, resolver: Resolver) -> list[str]:
    """The fields of ``namedtuple("Point", "x y")``, ``NamedTuple("Point", [("x", int), ("y", int)])``."""
    given = arguments.positional[1] if len(arguments.positional) > 1 else arguments.keyword("field_names")
    value = resolver.value(given) if given is not None else None
    match value:
        case Constant(str(text)):
            return text.replace(",", " ").split()
        case Collection(items, None):
            return [name for item in items for name in _first_text(resolver.value(item), resolver)]
    return []


def _first_text(value: Value, resolver: Resolver) -> Iterator[str]:
    match value:
        case Constant(str(text)):
            yield text
        case Collection([first, *_]):
            yield from _first_text(resolver.value(first), resolver)


def _fields(owner: Definition, resolver: Resolver) -> dict[str, Value | None] | None:
    """The fields of a dataclass or a ``NamedTuple`` class with their defaults; None for any other class."""
    node = owner.node
    assert isinstance(node, cst.ClassDef)
    bases = resolver.bases(owner)
    is_tuple = any(base == External("typing.NamedTuple") for base in bases)
    if (
        not (is_tuple or (node.decorators and _is_dataclass(owner, resolver)))
        or "__init__" in owner.scope.bindings
    ):
        return None
    fields: dict[str, Value | None] = {}
    for base in reversed(bases):
        if isinstance(base, Definition) and isinstance(base.node, cst.ClassDef):
            fields.update(_fields(base, resolver) or {})
    for statement in node.body.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name):
                name = small.target.value
                place = Place(owner.scope, owner.scope.order, (), owner.frame)
                default = resolver.value(Expression(small.value, place)) if small.value is not None else None
                fields[name] = _default(default, resolver)
    return fields


def _default(value: Value | None, resolver: Resolver) -> Value | None:
    """The default of a field, also in ``field(default=...)``."""
    match value:
        case Instance(
            External("dataclasses.field" | "attr.ib" | "attr.field" | "attrs.field"), arguments, call
        ):
            given = arguments.keyword("default")
            if given is not None:
                return resolver.value(given)
            factory = arguments.keyword("default_factory") or arguments.keyword("factory")
            if factory is not None and call is not None:
                return resolver.call(resolver.value(factory), Arguments(), call)
            return None
    return value


def _is_dataclass(owner: Definition, resolver: Resolver) -> bool:
    assert isinstance(owner.node, cst.ClassDef)
    around = owner.scope.parent
    assert around is not None
    place = Place(around, owner.scope.order, owner.scope.path, owner.frame)
    for decorator in owner.node.decorators:
        made = decorator.decorator
        function = made.func if isinstance(made, cst.Call) else made
        if dotted_name(function) is not None:
            value = resolver.value(Expression(function, place))
            if isinstance(value, External) and value.name in _DATACLASSES:
                return True
    return False


def _is_set(name: str, path: Path, resolver: Resolver) -> bool:
    """Whether an attribute of this name is assigned to anywhere in the project of a file."""
    return _stands_beside(name, _assigned(name), path, resolver)


def _stands_beside(name: str, pattern: re.Pattern[bytes], path: Path, resolver: Resolver) -> bool:
    """Whether a pattern is found in a file, or in one of its project that mentions a name."""
    project = resolver.project
    files = dict.fromkeys((path, *project.mentioning(name, path)))
    return any(pattern.search(project.data(file)) for file in files)


@cache
def _assigned(name: str) -> re.Pattern[bytes]:
    return re.compile(rf"\.\s*{re.escape(name)}\s*(?:[-+*/%|&^@]|//|\*\*|<<|>>)?=(?!=)".encode())
