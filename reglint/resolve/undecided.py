"""Which parameter decides which of several values an expression has, where nobody in the project passes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from reglint.resolve.nodes import children
from reglint.resolve.truth import truth
from reglint.resolve.values import (
    Definition,
    Expression,
    Frame,
    Instance,
    Parameter,
    Place,
    Unknown,
    options_of,
    place_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reglint.resolve.evaluate import Resolver
    from reglint.resolve.scopes import Binding, BranchPath

_LONGEST_WAY = 8
"""Through how many names, calls and arms a value is followed back."""


def undecided(expression: Expression, resolver: Resolver) -> Parameter | None:
    """The parameter of ``l2(reg) if reg else None`` that no call in the project passes; None where it is no such one.

    Nor is there one where a test depends on something else that is not known.
    """
    return next(_Tracer(resolver).back(expression), None)


@dataclass
class _Tracer:
    resolver: Resolver
    seen: set[int] = field(default_factory=set)

    def back(self, at: Expression, steps: int = 0) -> Iterator[Parameter]:
        node, place, resolver = at.node, at.place, self.resolver
        if steps > _LONGEST_WAY or at.known is not None or id(node) in self.seen:
            return
        self.seen.add(id(node))
        match node:
            case cst.IfExp():
                taken = truth(node.test, place, resolver)
                if taken is None:
                    yield from _asked(node.test, place, resolver)
                arms = {True: (node.body,), False: (node.orelse,), None: (node.body, node.orelse)}
                for arm in arms[taken]:
                    yield from self.back(Expression(arm, place), steps + 1)
            case cst.BooleanOperation():
                if truth(node.left, place, resolver) is None:
                    yield from _asked(node.left, place, resolver)
                for side in (node.left, node.right):
                    yield from self.back(Expression(side, place), steps + 1)
            case cst.Name(value=name):
                yield from self._bound(resolver.names.bindings(name, place), at, steps)
            case cst.Attribute(attr=cst.Name(value=name)):
                for option in options_of(resolver.value(Expression(node.value, place))):
                    if isinstance(option, Instance) and isinstance(option.maker, Definition):
                        for owner in resolver.lineage(option.maker):
                            kept = owner.scope.self_attributes.get(name, ())
                            yield from self._bound(kept, at, steps, option)
            case cst.Call():
                for option in options_of(resolver.value(Expression(node.func, place))):
                    if isinstance(option, Definition) and not isinstance(option.node, cst.ClassDef):
                        yield from self._returned(option, node, place, steps)

    def _bound(
        self, bindings: Iterable[Binding], at: Expression, steps: int, owner: Instance | None = None
    ) -> Iterator[Parameter]:
        """What decides which of some bindings it is, or what one of them is."""
        for binding in bindings:
            frame = None if binding.scope.kind == "module" else at.place.frame
            if owner is not None:
                frame = self.resolver.making(binding.scope, owner)
            around = at.place.path if binding.scope is at.place.scope else ()
            yield from _on_the_way(binding.path, around, place_of(binding, frame), self.resolver)
            if binding.kind == "parameter":
                for option in options_of(self.resolver.names.bound([binding], frame)):
                    if isinstance(option, Parameter) and not option.star and option.holder is None:
                        yield from self._passed(option, steps)
            elif isinstance(binding.node, cst.BaseExpression) and not binding.unpack:
                yield from self.back(Expression(binding.node, place_of(binding, frame)), steps + 1)

    def _passed(self, parameter: Parameter, steps: int) -> Iterator[Parameter]:
        for passed in self.resolver.callers.passing(parameter):
            if isinstance(passed, Expression):
                yield from self.back(passed, steps + 1)

    def _returned(
        self, function: Definition, call: cst.Call, place: Place, steps: int
    ) -> Iterator[Parameter]:
        arguments = self.resolver.arguments(call, place)
        frame = Frame(function.scope, arguments, function.receiver, function.frame)
        for node, order, path in function.scope.returns:
            inside = Place(function.scope, order, path, frame)
            yield from _on_the_way(path, (), inside, self.resolver)
            if node is not None:
                yield from self.back(Expression(node, inside), steps + 1)


def _on_the_way(
    path: BranchPath, around: BranchPath, place: Place, resolver: Resolver
) -> Iterator[Parameter]:
    """What decides whether the arms on a way are taken, those around the use aside."""
    branches = place.scope.index.branches
    for step in path:
        test = branches[step[0]].test
        if step not in around and test is not None:
            at = place_of(test, place.frame)
            if truth(test.node, at, resolver) is None:
                yield from _asked(test.node, at, resolver)


def _asked(test: cst.BaseExpression, place: Place, resolver: Resolver) -> Iterator[Parameter]:
    """The parameters that a test is about, if it is about nothing else that is not known."""
    found: list[Parameter] = []
    for part in _parts(test):
        value = resolver.settled(resolver.value(Expression(part, place)), uncalled=True)
        for option in options_of(value):
            if isinstance(option, Unknown):
                return
            if isinstance(option, Parameter):
                found.append(option)
    yield from found


def _parts(test: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """What a test looks at: its names, attributes and entries."""
    pending: list[cst.CSTNode] = [test]
    while pending:
        node = pending.pop()
        if isinstance(node, (cst.Name, cst.Attribute, cst.Subscript)):
            yield node
        elif isinstance(node, cst.Call):
            pending += [argument.value for argument in node.args]
            if isinstance(node.func, cst.Attribute):
                pending.append(node.func.value)
        else:
            pending += children(node)
