"""Which parameter decides which of several values an expression has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from reglint.resolve.bind import passed
from reglint.resolve.nodes import children
from reglint.resolve.truth import truth
from reglint.resolve.values import (
    Choice,
    Definition,
    Expression,
    Frame,
    Instance,
    Parameter,
    Place,
    Unknown,
    Value,
    options_of,
    place_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reglint.resolve.evaluate import Resolver
    from reglint.resolve.scopes import Binding, BranchPath

_LONGEST_WAY = 8
"""Through how many names, calls and arms a value is followed back."""
_LONGEST_TEST = 12
"""The same for what a test is about: objects hold others in attributes."""


def undecided(expression: Expression, resolver: Resolver) -> Parameter | None:
    """The parameter of ``l2(reg) if reg else None``; None where a test is of something else that is not known.

    A test is of a parameter too where it is of an attribute or an entry of what callers pass for it.
    """
    return next(_Tracer(resolver).back(expression), None)


def of_users(expression: Expression, resolver: Resolver) -> Parameter | None:
    """The parameter that an expression is made of, where users of the project decide what it is.

    None where it is made of anything else as well that is not known.
    """
    tracer = _Tracer(resolver)
    found = tracer.about(expression)
    return found[0] if found and all(map(tracer.is_of_users, found)) else None


@dataclass
class _Tracer:
    resolver: Resolver
    seen: set[int] = field(default_factory=set)
    tested: dict[tuple[int, Frame | None], tuple[Parameter, ...] | None] = field(default_factory=dict)

    # Back from a value, over the tests that decide about it

    def back(self, at: Expression, steps: int = 0) -> Iterator[Parameter]:
        node, place, resolver = at.node, at.place, self.resolver
        if steps > _LONGEST_WAY or at.known is not None or id(node) in self.seen:
            return
        self.seen.add(id(node))
        match node:
            case cst.IfExp():
                taken = truth(node.test, place, resolver)
                if taken is None:
                    yield from self._asked(node.test, place)
                arms = {True: (node.body,), False: (node.orelse,), None: (node.body, node.orelse)}
                for arm in arms[taken]:
                    yield from self.back(Expression(arm, place), steps + 1)
            case cst.BooleanOperation():
                if truth(node.left, place, resolver) is None:
                    yield from self._asked(node.left, place)
                for side in (node.left, node.right):
                    yield from self.back(Expression(side, place), steps + 1)
            case cst.Name(value=name):
                yield from self._bound(resolver.names.bindings(name, place), at, steps)
            case cst.Attribute(attr=cst.Name(value=name)):
                for binding, owner in self._kept(node, name, place):
                    yield from self._bound([binding], at, steps, owner)
            case cst.Call():
                for option in options_of(resolver.value(Expression(node.func, place))):
                    if isinstance(option, Definition) and not isinstance(option.node, cst.ClassDef):
                        yield from self._returned(option, node, place, steps)

    def _kept(self, node: cst.Attribute, name: str, place: Place) -> Iterator[tuple[Binding, Instance]]:
        """What methods set an attribute to, of the objects of the project that it can be one of."""
        base = self.resolver.result(self.resolver.value(Expression(node.value, place)))
        for option in options_of(base):
            if isinstance(option, Instance) and (owner := _class_of(option)) is not None:
                for each in self.resolver.lineage(owner):
                    for binding in each.scope.self_attributes.get(name, ()):
                        yield binding, option

    def _bound(
        self, bindings: Iterable[Binding], at: Expression, steps: int, owner: Instance | None = None
    ) -> Iterator[Parameter]:
        """What decides which of some bindings it is, or what one of them is."""
        for binding in bindings:
            frame = self._frame(binding, at.place, owner)
            around = at.place.path if binding.scope is at.place.scope else ()
            yield from self._on_the_way(binding.path, around, place_of(binding, frame))
            if binding.kind == "parameter":
                for option in options_of(self.resolver.names.bound([binding], frame)):
                    if isinstance(option, Parameter) and not option.star and option.holder is None:
                        yield from self._passed(option, steps)
            elif isinstance(binding.node, cst.BaseExpression) and not binding.unpack:
                yield from self.back(Expression(binding.node, place_of(binding, frame)), steps + 1)

    def _frame(self, binding: Binding, place: Place, owner: Instance | None) -> Frame | None:
        if owner is not None:
            return self.resolver.making(binding.scope, owner)
        return None if binding.scope.kind == "module" else place.frame

    def _passed(self, parameter: Parameter, steps: int) -> Iterator[Parameter]:
        for each in self.resolver.callers.passing(parameter):
            if isinstance(each, Expression):
                yield from self.back(each, steps + 1)

    def _returned(
        self, function: Definition, call: cst.Call, place: Place, steps: int
    ) -> Iterator[Parameter]:
        arguments = self.resolver.arguments(call, place)
        frame = Frame(function.scope, arguments, function.receiver, function.frame)
        for node, order, path in function.scope.returns:
            inside = Place(function.scope, order, path, frame)
            yield from self._on_the_way(path, (), inside)
            if node is not None:
                yield from self.back(Expression(node, inside), steps + 1)

    def _on_the_way(self, path: BranchPath, around: BranchPath, place: Place) -> Iterator[Parameter]:
        """What decides whether the arms on a way are taken, those around the use aside."""
        branches = place.scope.index.branches
        for step in path:
            test = branches[step[0]].test
            if step not in around and test is not None:
                at = place_of(test, place.frame)
                if truth(test.node, at, self.resolver) is None:
                    yield from self._asked(test.node, at)

    # What a test is about

    def _asked(self, test: cst.BaseExpression, place: Place) -> Iterator[Parameter]:
        """The parameters that a test is about, if it is about nothing else that is not known."""
        yield from self.about(Expression(test, place)) or ()

    def about(self, at: Expression, steps: int = 0) -> tuple[Parameter, ...] | None:
        """The parameters that say what a value is: none where it is known, None where anything else says it."""
        if at.known is not None:
            return _open(at.known)
        key = (id(at.node), at.place.frame)
        if key not in self.tested:
            self.tested[key] = None  # what is about itself is about nothing that is known
            value = self.resolver.settled(self.resolver.value(at), uncalled=True)
            if any(isinstance(option, Instance) and _class_of(option) for option in options_of(value)):
                pass  # what it says of itself is its own
            elif isinstance(value, (Choice, Unknown, Instance)):
                self.tested[key] = self._behind(at, steps + 1) or None
            else:
                self.tested[key] = _open(value)
        return self.tested[key]

    def is_of_users(self, parameter: Parameter, steps: int = 0) -> bool:
        """Whether nobody in the project calls the function of a parameter, or callers leave it to theirs."""
        calls = self.resolver.callers.of(parameter.function)
        if calls.hidden is not None or steps > _LONGEST_WAY:
            return False
        several = [
            self.about(each) if isinstance(each, Expression) else _open(each) if each is not None else ()
            for each in self.resolver.callers.passing(parameter, uncalled=True)
        ]
        theirs = _joined(several)
        if theirs is None:
            return False
        return not calls.arguments or any(self.is_of_users(each, steps + 1) for each in theirs)

    def _behind(self, at: Expression, steps: int) -> tuple[Parameter, ...] | None:
        node, place, resolver = at.node, at.place, self.resolver
        if steps > _LONGEST_TEST:
            return None
        returned = [each for option in options_of(resolver.value(at)) for each in _returned_by(option)]
        if returned:
            return self._all(returned, steps)
        match node:
            case cst.Name(value=name):
                return self._of_bindings(resolver.names.bindings(name, place), at, steps)
            case cst.Attribute(value=base, attr=cst.Name(value=name)):
                kept = list(self._kept(node, name, place))
                if kept:
                    each = [self._of_bindings([binding], at, steps, owner) for binding, owner in kept]
                    return _joined(each)
                return self._all([Expression(base, place)], steps)
            case cst.Subscript(value=base, slice=elements):
                ends = [end for element in elements for end in children(element.slice)]
                parts = [base, *(end for end in ends if isinstance(end, cst.BaseExpression))]
            case cst.Call(func=func, args=arguments):
                parts = [argument.value for argument in arguments]
                parts += [func.value] if isinstance(func, cst.Attribute) else []
            case cst.Comparison(left=left, comparisons=comparisons):
                parts = [left, *(each.comparator for each in comparisons)]
            case cst.BinaryOperation(left=left, right=right) | cst.BooleanOperation(left=left, right=right):
                parts = [left, right]
            case cst.UnaryOperation(expression=inner):
                parts = [inner]
            case cst.IfExp(test=test, body=body, orelse=orelse):
                parts = [test, body, orelse]
            case _:
                return None
        return self._all([Expression(part, place) for part in parts], steps)

    def _of_bindings(
        self, bindings: Iterable[Binding], at: Expression, steps: int, owner: Instance | None = None
    ) -> tuple[Parameter, ...] | None:
        found: list[tuple[Parameter, ...] | None] = []
        for binding in bindings:
            frame = self._frame(binding, at.place, owner)
            if binding.kind == "parameter":
                found.append(self._of_parameter(binding, frame, steps))
            elif isinstance(binding.node, cst.BaseExpression) and binding.kind != "iterate":
                found.append(self.about(Expression(binding.node, place_of(binding, frame)), steps))
            else:
                found.append(None)
        return _joined(found)

    def _of_parameter(
        self, binding: Binding, frame: Frame | None, steps: int
    ) -> tuple[Parameter, ...] | None:
        """A parameter itself, or in a call that is followed what that passes."""
        while frame is not None and frame.scope is not binding.scope:
            frame = frame.outer
        value = self.resolver.names.bound([binding], frame)
        if frame is not None and isinstance(binding.scope.node, (cst.FunctionDef, cst.Lambda)):
            its = passed(binding.scope.node, frame.arguments, binding.name, frame.receiver is not None)
            if isinstance(its, Expression):
                return self.about(its, steps)
        return _open(value)

    def _all(self, parts: Iterable[Expression], steps: int) -> tuple[Parameter, ...] | None:
        return _joined([self.about(part, steps) for part in parts])


def _joined(several: Iterable[tuple[Parameter, ...] | None]) -> tuple[Parameter, ...] | None:
    found: list[Parameter] = []
    for each in several:
        if each is None:
            return None
        found += each
    return tuple(found)


def _class_of(instance: Instance) -> Definition | None:
    """The class of the project that an object is of."""
    maker = instance.maker
    return maker if isinstance(maker, Definition) and isinstance(maker.node, cst.ClassDef) else None


def _returned_by(called: Value) -> Iterator[Expression]:
    """What a call of a project function, or a property, may return."""
    match called:
        case Instance(Definition(cst.FunctionDef(), scope, around, receiver), arguments):
            frame = Frame(scope, arguments, receiver, around)
            for node, order, path in scope.returns:
                if node is not None:
                    yield Expression(node, Place(scope, order, path, frame))


def _open(value: Value) -> tuple[Parameter, ...] | None:
    options = options_of(value)
    if any(isinstance(option, Unknown) for option in options):
        return None
    return tuple(option for option in options if isinstance(option, Parameter))
