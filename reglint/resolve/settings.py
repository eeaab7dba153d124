"""Attributes that a class sets by a computed name, or many at once.

``for key, value in kwargs.items(): setattr(self, key, value)``, ``self.__dict__.update(kwargs)``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from reglint.resolve.bind import left_open
from reglint.resolve.scopes import every_parameter
from reglint.resolve.truth import runs
from reglint.resolve.values import (
    Arguments,
    Constant,
    Definition,
    Expression,
    Frame,
    Holder,
    Instance,
    Parameter,
    Place,
    Text,
    Unknown,
    Value,
    held,
    options_of,
    place_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.resolve.evaluate import Resolver
    from reglint.resolve.scopes import Binding, CallRecord, Mutation, Scope

_UNSEEN = Unknown("an attribute that may be set by a computed name")


class Setting(NamedTuple):
    """``setattr(self, key, value)`` in a method of a class.

    Without a ``key`` the ``value`` is a dict of attributes: ``self.__dict__ = value``.
    """

    record: CallRecord | Mutation | Binding
    key: cst.BaseExpression | None
    value: cst.BaseExpression


class Settings:
    """Reads attributes that are set by computed names, for a resolver."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        # Kept, so that what is evaluated in one of them is evaluated once.
        self._frames: dict[tuple[object, Scope], Frame] = {}
        self._iterations: dict[tuple[Frame, Binding, str], Frame] = {}
        self._of_classes: dict[cst.CSTNode, tuple[Setting, ...]] = {}

    def values(self, instance: Instance, lineage: Iterator[Definition], name: str) -> list[Value]:
        """What the classes of an object can set an attribute to by a computed name."""
        return [
            value
            for owner in lineage
            for setting in self._of_class(owner)
            for value in self._values(instance, owner, setting, name)
        ]

    def _of_class(self, owner: Definition) -> tuple[Setting, ...]:
        if owner.node not in self._of_classes:
            self._of_classes[owner.node] = tuple(_settings(owner))
        return self._of_classes[owner.node]

    def _values(self, instance: Instance, owner: Definition, setting: Setting, name: str) -> Iterator[Value]:
        record, resolver = setting.record, self.resolver
        frame = self._frame_of(instance, owner, record.scope)
        if setting.key is None:
            entry = self._entry(setting.value, name, place_of(record, frame))
            if entry is not None:
                yield entry
            return
        loop = _loop(setting.key, record.scope)
        if loop is None:
            key = resolver.settled(resolver.value(Expression(setting.key, place_of(record, frame))))
            can_be = [_can_be(option, name) for option in options_of(key)]
            if True in can_be:
                yield resolver.value(Expression(setting.value, place_of(record, frame)))
            elif None in can_be:
                yield _UNSEEN
            return
        over, holds_value = loop
        assert isinstance(over.node, cst.BaseExpression)
        place = place_of(over, frame)
        entry = self._entry(over.node, name, place, pairs=bool(over.unpack))
        if entry is None:
            return
        if entry is _UNSEEN:
            yield entry
            return
        assumed = {over.name: held(Constant(name), place)}
        if holds_value is not None:
            assumed[holds_value] = held(entry, place)
        inside = Frame(frame.scope, frame.arguments, frame.receiver, None, assumed)
        inside = self._iterations.setdefault((frame, over, name), inside)
        if runs(record.path, (), record.scope.index, inside, resolver) is not False:
            yield resolver.value(Expression(setting.value, place_of(record, inside)))

    def _entry(self, over: cst.BaseExpression, name: str, place: Place, pairs: bool = True) -> Value | None:
        """What a loop over a dict, or over names, has for a name; None where it does not come to it."""
        resolver = self.resolver
        value = resolver.contents(Expression(_dict_of(over), place))
        found = resolver.containers.mapping(value, place)
        if found is not None:
            entry = dict(found.entries).get(name)
            if entry is not None:
                return resolver.value(entry)
            return left_open(Arguments((), (), found.unread, found.passed_on), name)
        names = resolver.containers.items(value, place)
        if names is None or names.unread is not None or pairs:
            return _UNSEEN
        can_be = [_can_be(resolver.value(item), name) for item in names.items]
        return Constant(name) if True in can_be else _UNSEEN if None in can_be else None

    def _frame_of(self, instance: Instance, owner: Definition, method: Scope) -> Frame:
        """The call of a method of one of an object's classes."""
        start = instance.maker
        assert isinstance(start, Definition)
        key = (instance if instance.call is not None else start.node, method)
        if key not in self._frames:
            self._frames[key] = Frame(method, _from_callers(method, self.resolver), instance, None)
            if isinstance(method.node, cst.FunctionDef) and method.node.name.value == "__init__":
                arguments = self._reaching(instance, owner)
                if arguments is not None:
                    self._frames[key] = Frame(method, arguments, instance, None)
        return self._frames[key]

    def _reaching(self, instance: Instance, owner: Definition) -> Arguments | None:
        """What comes to the ``__init__`` of a class through those of the classes below it."""
        pending: list[tuple[Value, Arguments | None]] = [
            (instance.maker, instance.arguments if instance.call is not None else None)
        ]
        for _ in range(_MOST_CLASSES):
            if not pending:
                break
            found, arguments = pending.pop()
            if not isinstance(found, Definition) or not isinstance(found.node, cst.ClassDef):
                continue
            if arguments is None:
                own = self.resolver.names.class_attribute(found, "__init__")
                arguments = _from_callers(own.scope, self.resolver) if isinstance(own, Definition) else None
            if found.node is owner.node:
                return arguments
            if arguments is None:
                pending += [(base, None) for base in self.resolver.bases(found)]
            else:
                pending += self.resolver.constructed(Instance(found, arguments))
        return None


_MOST_CLASSES = 20
"""How many classes above a class are looked through."""


def _settings(owner: Definition) -> Iterator[Setting]:
    if not any(word in owner.scope.index.text.value for word in _WORDS):
        return
    methods = [method for method in owner.scope.inner if not _is_hook(method)]
    for record in (record for method in methods for record in method.calls):
        match record.node:
            case cst.Call(
                func=cst.Name("setattr")
                | cst.Attribute(value=cst.Name("object"), attr=cst.Name("__setattr__")),
                args=[cst.Arg(cst.Name(me), star=""), cst.Arg(key, star=""), cst.Arg(value, star="")],
            ) if _is_receiver(me, record.scope):
                yield Setting(record, key, value)
            case cst.Call(
                func=cst.Attribute(value=cst.Name(me), attr=cst.Name("__setattr__")),
                args=[cst.Arg(key, star=""), cst.Arg(value, star="")],
            ) if _is_receiver(me, record.scope):
                yield Setting(record, key, value)
            case cst.Call(
                func=cst.Attribute(value=cst.Call(func=cst.Name("super")), attr=cst.Name("__setattr__")),
                args=[cst.Arg(key, star=""), cst.Arg(value, star="")],
            ):
                yield Setting(record, key, value)
            case cst.Call(func=cst.Attribute(value=attributes, attr=cst.Name("update"))) if _is_all_of_them(
                attributes, record.scope
            ):
                yield Setting(record, None, cst.Call(cst.Name("dict"), record.node.args))
    for binding in owner.scope.self_attributes.get("__dict__", ()):
        if isinstance(binding.node, cst.BaseExpression):
            yield Setting(binding, None, binding.node)
    for method in methods:
        for name, mutations in method.mutations.items():
            if name.endswith(".__dict__") and _is_receiver(name.removesuffix(".__dict__"), method):
                yield from (
                    Setting(each, each.key, each.value)
                    for each in mutations
                    if each.key is not None and each.value is not None
                )


_WORDS = ("setattr", "__dict__", "vars(")


def _is_hook(method: Scope) -> bool:
    """Whether a method runs where an attribute is assigned to, which is read as it is written."""
    return isinstance(method.node, cst.FunctionDef) and method.node.name.value == "__setattr__"


def _is_all_of_them(attributes: cst.BaseExpression, method: Scope) -> bool:
    """Whether an expression is the dict of an object's own attributes."""
    match attributes:
        case cst.Attribute(value=cst.Name(me), attr=cst.Name("__dict__")):
            return _is_receiver(me, method)
        case cst.Call(func=cst.Name("vars"), args=[cst.Arg(cst.Name(me))]):
            return _is_receiver(me, method)
    return False


def _is_receiver(name: str, method: Scope) -> bool:
    node = method.node
    return isinstance(node, cst.FunctionDef) and name == next(
        (parameter.name.value for parameter in every_parameter(node.params)), None
    )


def _loop(key: cst.BaseExpression, scope: Scope) -> tuple[Binding, str | None] | None:
    """The loop over the keys of a dict that a key is the variable of, and the one that has the value in it."""
    bindings = scope.bindings.get(key.value, ()) if isinstance(key, cst.Name) else ()
    if len(bindings) != 1 or bindings[0].kind != "iterate" or bindings[0].unpack not in ((), (0,)):
        return None
    over = bindings[0]
    if not over.unpack:
        return over, None
    values = [
        each.name
        for found in scope.bindings.values()
        for each in found
        if each.kind == "iterate" and each.node is over.node and each.unpack == (1,) and len(found) == 1
    ]
    return (over, values[0]) if values else None


def _dict_of(iterated: cst.BaseExpression) -> cst.BaseExpression:
    """``d`` of ``d.items()`` and ``d.keys()``."""
    match iterated:
        case cst.Call(func=cst.Attribute(value=inner, attr=cst.Name("items" | "keys")), args=[]):
            return inner
    return iterated


def _from_callers(method: Scope, resolver: Resolver) -> Arguments:
    """The arguments of a method as those who call it pass them."""
    assert isinstance(method.node, (cst.FunctionDef, cst.Lambda))
    keywords: list[tuple[str, Expression]] = []
    passed_on: list[Holder] = []
    unread: str | None = None
    for parameter in list(every_parameter(method.node.params))[1:]:
        name = parameter.name.value
        binding = next(each for each in method.bindings[name] if each.kind == "parameter")
        value = resolver.names.bound([binding], None)
        if not isinstance(value, Parameter) or value.star == "*":
            unread = unread or f'what callers pass on in "{name}"'
        elif value.star:
            passed_on.append(value)
        else:
            keywords.append((name, held(value, Place(method, 0, ()))))
    return Arguments((), tuple(keywords), unread, tuple(passed_on))


def _can_be(key: Value, name: str) -> bool | None:
    """Whether a key is a name; None where that is not known."""
    match key:
        case Constant(text):
            return text == name
        case Text(parts):
            pattern = "".join(".*" if part is None else re.escape(part) for part in parts)
            return re.fullmatch(pattern, name) is not None or False
    return None
