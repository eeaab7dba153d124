"""Objects that are made by no name of their class: by its own methods, and of what describes another object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from reglint.resolve.bind import is_decorated
from reglint.resolve.containers import UNREADABLE_SPLAT
from reglint.resolve.nodes import last_name
from reglint.resolve.scopes import first_parameter
from reglint.resolve.values import (
    Arguments,
    Definition,
    Expression,
    Instance,
    options_of,
    place_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from reglint.resolve.evaluate import Resolver
    from reglint.resolve.scopes import CallRecord, ModuleIndex, Scope


def by_methods(classes: Iterable[Definition], resolver: Resolver) -> Iterator[tuple[CallRecord, Arguments]]:
    """The calls of ``cls``, ``type(self)`` and ``self.__class__`` in the methods of some classes, with what they pass.

    What a method makes an object of that describes one of the same class (``from_config``) is not among them.
    """
    for owner in classes:
        for method in owner.scope.inner:
            node = method.node
            own = first_parameter(node) if isinstance(node, cst.FunctionDef) else None
            if own is None or not isinstance(node, cst.FunctionDef):
                continue
            of_class = is_decorated(node, "classmethod")
            remakes = resolver.externals.described_by(node.name.value) is not None
            for record in _all_calls(method):
                splatted = all(argument.star == "**" for argument in record.node.args)
                if _is_own_class(record.node.func, own, of_class) and not (remakes and splatted):
                    yield record, resolver.arguments(record.node, place_of(record))


def of_descriptions(
    names: frozenset[str],
    targets: Collection[cst.CSTNode],
    modules: Iterable[ModuleIndex],
    resolver: Resolver,
) -> Iterator[tuple[CallRecord, Arguments]]:
    """The calls of ``Class.from_config(config)``, as ``Class(**config)``, unless an object says that of itself."""
    for index in modules:
        for method in resolver.externals.describing:
            if not any(f"{name}.{method}(" in index.text.value for name in names):
                continue
            for record in resolver.callers.named(index, frozenset((method,))):
                func = record.node.func
                if not isinstance(func, cst.Attribute) or last_name(func.value) not in names:
                    continue
                place = place_of(record)
                made = options_of(resolver.value(Expression(func.value, place)))
                if not any(isinstance(option, Definition) and option.node in targets for option in made):
                    continue
                passed = resolver.arguments(record.node, place)
                given = [*passed.positional[:1], *dict(passed.keywords).values()]
                if len(given) != 1 or not _is_its_own(given[0], method, targets, resolver):
                    yield record, _splatted(given, resolver)


def _splatted(given: list[Expression], resolver: Resolver) -> Arguments:
    known = resolver.containers.mapping(resolver.contents(given[0]), given[0].place) if given else None
    if known is None:
        return Arguments(unread=UNREADABLE_SPLAT)
    keywords = tuple((str(key), entry) for key, entry in known.entries)
    return Arguments((), keywords, known.unread, known.passed_on)


def _is_its_own(
    config: Expression, method: str, targets: Collection[cst.CSTNode], resolver: Resolver, steps: int = 0
) -> bool:
    """Whether a description is what an object of one of the classes says of itself."""
    match config.node:
        case cst.Call(func=cst.Attribute(value=base, attr=cst.Name(value=name))) if config.known is None:
            described = resolver.value(Expression(base, config.place))
            return name == resolver.externals.described_by(method) and all(
                isinstance(option, Instance)
                and isinstance(option.maker, Definition)
                and option.maker.node in targets
                for option in options_of(described)
            )
        case cst.Name(value=name) if not steps and config.known is None:
            bindings = resolver.names.bindings(name, config.place)
            return bool(bindings) and all(
                isinstance(binding.node, cst.BaseExpression)
                and not binding.unpack
                and _is_its_own(Expression(binding.node, place_of(binding)), method, targets, resolver, 1)
                for binding in bindings
            )
    return False


def _all_calls(scope: Scope) -> Iterator[CallRecord]:
    yield from scope.calls
    for inner in scope.inner:
        yield from _all_calls(inner)


def _is_own_class(callee: cst.BaseExpression, own: str, of_class: bool) -> bool:
    match callee:
        case cst.Name(value=name):
            return of_class and name == own
        case cst.Call(func=cst.Name("type"), args=[cst.Arg(cst.Name(value=name))]):
            return name == own
        case cst.Attribute(value=cst.Name(value=name), attr=cst.Name("__class__")):
            return name == own
    return False
