"""Back from an expression to where its value is written, and through which names it came from there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import libcst as cst

from reglint.resolve.bind import passed
from reglint.resolve.nodes import below
from reglint.resolve.truth import truth
from reglint.resolve.values import (
    Definition,
    Expression,
    External,
    Frame,
    Instance,
    Parameter,
    Place,
    ProjectModule,
    options_of,
    place_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reglint.resolve.evaluate import Resolver
    from reglint.resolve.scopes import Binding, ModuleIndex, Scope

_LONGEST_WAY = 30
"""Through how many expressions a value is followed back."""


class Untraceable(Exception):
    """Where a value is written cannot be told, and why; ``parameter`` is the one that it is the default of, if one."""

    def __init__(self, reason: str, parameter: Parameter | None = None) -> None:
        super().__init__(reason)
        self.parameter = parameter


@dataclass(frozen=True, slots=True)
class Named:
    """A name of a scope that a value goes through: a variable, or a parameter."""

    name: str
    scope: Scope
    binding: Binding


@dataclass(frozen=True, slots=True)
class Kept:
    """An attribute that a value goes through, of a class or of its objects."""

    name: str
    owner: Definition


@dataclass(frozen=True, slots=True)
class Returned:
    """A function that returns the value."""

    function: Definition


Holder: TypeAlias = Named | Kept | Returned


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value is written, and the ``holders`` that it went through, the one nearest to its use first.

    ``reads`` are the nodes that read it on the way. ``parameter`` is the one that it is the default of, if it is one.
    """

    expression: Expression
    holders: tuple[Holder, ...] = ()
    reads: tuple[cst.CSTNode, ...] = ()
    parameter: Parameter | None = None


def origins(
    expression: Expression,
    resolver: Resolver,
    home: ModuleIndex,
    passes: Callable[[str], bool] = lambda _: False,
) -> tuple[Origin, ...]:
    """Where in ``home`` the value of an expression is written: in several places where callers differ, or branches.

    Calls of what ``passes`` says so of, by its dotted name, return their first argument.

    Raises:
        Untraceable: it is worked out, comes from somewhere that is not known, or is written in another file.
    """
    found = list(_Tracer(resolver, home, passes).back(_Way(expression)))
    return tuple({id(origin.expression.node): origin for origin in found}.values())


@dataclass(frozen=True, slots=True)
class _Way:
    at: Expression
    holders: tuple[Holder, ...] = ()
    reads: tuple[cst.CSTNode, ...] = ()
    parameter: Parameter | None = None
    steps: int = 0

    def to(
        self,
        at: Expression,
        holder: Holder | None = None,
        parameter: Parameter | None = None,
        asking: cst.CSTNode | None = None,
    ) -> _Way:
        """One step further back; ``asking`` is a test that decides that this is the way."""
        if self.steps >= _LONGEST_WAY:
            raise Untraceable("it goes through too many expressions")
        holders = self.holders if holder is None else (*self.holders, holder)
        asked = () if asking is None else tuple(below(asking))
        return _Way(at, holders, (*self.reads, self.at.node, *asked), parameter, self.steps + 1)


@dataclass
class _Tracer:
    resolver: Resolver
    home: ModuleIndex
    passes: Callable[[str], bool]
    active: set[int] = field(default_factory=set)

    def back(self, way: _Way) -> Iterator[Origin]:
        node, place = way.at.node, way.at.place
        if way.at.known is not None:
            raise Untraceable("it is put together from parts")
        if place.scope.index is not self.home:
            raise Untraceable(f"the regularizer is decided in {place.scope.index.path.name}; change it there")
        match node:
            case cst.Name(value=name) if name not in ("None", "True", "False"):
                yield from self._by_name(way, name)
            case cst.Attribute():
                yield from self._attribute(way, node)
            case cst.Call():
                yield from self._called(way, node)
            case cst.IfExp():
                taken = truth(node.test, place, self.resolver)
                if taken is None:
                    raise Untraceable("which of two values it is, is decided at run time")
                arm = Expression(node.body if taken else node.orelse, place)
                yield from self.back(way.to(arm, asking=node.test))
            case cst.BooleanOperation():
                first = truth(node.left, place, self.resolver)
                if first is None:
                    raise Untraceable("which of two values it is, is decided at run time")
                ends = first is isinstance(node.operator, cst.Or)
                side = Expression(node.left if ends else node.right, place)
                yield from self.back(way.to(side, asking=node.left))
            case cst.NamedExpr():
                raise Untraceable("it is given a name where it is used; change it there")
            case cst.Subscript():
                raise Untraceable("it is taken out of a list or dict; change it there")
            case _:
                yield Origin(way.at, way.holders, way.reads, way.parameter)

    def _by_name(self, way: _Way, name: str) -> Iterator[Origin]:
        bindings = self.resolver.names.bindings(name, way.at.place)
        if not bindings:
            value = self.resolver.value(way.at)
            if isinstance(value, External):
                yield Origin(way.at, way.holders, way.reads, way.parameter)
                return
            raise Untraceable(f'what "{name}" is, is not known here')
        for binding in bindings:
            yield from self._bound(way, binding, Named(name, binding.scope, binding))

    def _bound(self, way: _Way, binding: Binding, holder: Holder) -> Iterator[Origin]:
        frame = None if binding.scope.kind == "module" else way.at.place.frame
        node = binding.node
        match binding.kind:
            case "parameter":
                yield from self._parameter(way, binding, holder)
            case "assign" if isinstance(node, cst.BaseExpression) and not binding.unpack:
                yield from self.back(way.to(Expression(node, place_of(binding, frame)), holder))
            case "import":
                for option in options_of(self.resolver.value(way.at)):
                    if isinstance(option, External) and not option.injected:
                        yield Origin(way.at, way.holders, way.reads, way.parameter)
                        return
                source = binding.imported.module if binding.imported is not None else ""
                raise Untraceable(f'"{binding.name}" is imported from "{source}"; change it there')
            case "function" | "class":
                yield Origin(way.at, way.holders, way.reads, way.parameter)
            case _:
                raise Untraceable(f'what "{binding.name}" holds is worked out at run time')

    def _parameter(self, way: _Way, binding: Binding, holder: Holder) -> Iterator[Origin]:
        scope, frame = binding.scope, way.at.place.frame
        while frame is not None and frame.scope is not scope:
            frame = frame.outer
        option = self.resolver.names.bound([binding], None)
        if not isinstance(option, Parameter) or option.star:
            raise Untraceable(f'what callers pass on in "{binding.name}" is not known here')
        if frame is not None:
            assert isinstance(scope.node, (cst.FunctionDef, cst.Lambda))
            given = [passed(scope.node, frame.arguments, binding.name, frame.receiver is not None)]
        else:
            calls = self.resolver.callers.of(option.function)
            if calls.hidden is not None:
                raise Untraceable(calls.hidden)
            if calls.by_others:
                raise Untraceable(f'what has the parameter "{binding.name}" is called by other names as well')
            given = self.resolver.callers.passing(option)
        for each in dict.fromkeys(given):
            if isinstance(each, Expression):
                if id(each.node) not in self.active:  # what a function passes to itself is no news
                    self.active.add(id(each.node))
                    yield from self.back(way.to(each, holder))
            elif each is None and isinstance(option.default, Expression):
                try:
                    yield from self.back(way.to(option.default, holder, option))
                except Untraceable as error:
                    raise Untraceable(str(error), error.parameter or option) from error
            else:
                raise Untraceable(f'what callers pass for "{binding.name}" is not known')
        if not given:
            raise Untraceable(f'nobody in the project calls what has the parameter "{binding.name}"')

    def _attribute(self, way: _Way, node: cst.Attribute) -> Iterator[Origin]:
        base = self.resolver.value(Expression(node.value, way.at.place))
        name = node.attr.value
        match base:
            case Instance(Definition(cst.ClassDef()) as owner):
                bindings = owner.scope.self_attributes.get(name, [])
                for binding in bindings:
                    frame = self.resolver.making(binding.scope, base)
                    place = place_of(binding, frame)
                    if not isinstance(binding.node, cst.BaseExpression) or binding.unpack:
                        raise Untraceable(f'what the attribute "{name}" holds is worked out at run time')
                    yield from self.back(way.to(Expression(binding.node, place), Kept(name, owner)))
                if not bindings:
                    raise Untraceable(f'the attribute "{name}" is not set in its class')
            case Definition(cst.ClassDef()) as owner if owner.scope.bindings.get(name):
                for binding in owner.scope.bindings[name]:
                    yield from self._bound(way, binding, Kept(name, owner))
            case External():
                yield Origin(way.at, way.holders, way.reads, way.parameter)
            case ProjectModule(path=path):
                raise Untraceable(f"the regularizer is decided in {path.name}; change it there")
            case _:
                raise Untraceable(f'where the attribute "{name}" is set is not known')

    def _called(self, way: _Way, node: cst.Call) -> Iterator[Origin]:
        callee = self.resolver.value(Expression(node.func, way.at.place))
        match callee:
            case External(dotted) if self.passes(dotted) and node.args and not node.args[0].star:
                yield from self.back(way.to(Expression(node.args[0].value, way.at.place)))
            case Definition(cst.FunctionDef() | cst.Lambda()) as function:
                scope = function.scope
                arguments = self.resolver.arguments(node, way.at.place)
                frame = Frame(scope, arguments, function.receiver, function.frame)
                returned = [each for each in scope.returns if each[0] is not None]
                if len(returned) != 1:
                    raise Untraceable("it is what a function returns in several places")
                value, order, path = returned[0]
                assert value is not None
                at = Expression(value, Place(scope, order, path, frame))
                yield from self.back(way.to(at, Returned(function)))
            case _:
                yield Origin(way.at, way.holders, way.reads, way.parameter)
