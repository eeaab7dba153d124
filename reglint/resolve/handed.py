"""Calls of a function by the parameter that it is handed in: ``f`` in ``build(f)``, where ``build`` only calls it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from reglint.resolve.bind import function_of, passed, receives
from reglint.resolve.cases import cases_of
from reglint.resolve.flows import parameter_of
from reglint.resolve.mentions import ASK_ONLY, COMPARE_ONLY
from reglint.resolve.nodes import last_name
from reglint.resolve.scopes import MUTATORS, every_parameter
from reglint.resolve.values import (
    Arguments,
    Collection,
    Definition,
    Expression,
    External,
    Frame,
    Instance,
    Mapping,
    Partial,
    Place,
    Unknown,
    options_of,
    place_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reglint.resolve.evaluate import Resolver
    from reglint.resolve.reads import Read
    from reglint.resolve.scopes import Assigned, CallRecord, Kept, ModuleIndex, Part, Scope
    from reglint.resolve.values import Value

_LONGEST_WAY = 4
"""Through how many functions something is followed that they hand on."""
_MADE_OF = ("functools.partial", "functools.partialmethod")
"""What is made of a function by these is followed to where that goes."""


class UnseenCallsError(Exception):
    """Something that is handed on may be called where nobody sees it."""


@dataclass(frozen=True, slots=True)
class Handed:
    """Classes or functions, the ``targets``, that a module hands on.

    ``names``: those by which calls have them as arguments. ``kept_in``: those that other names for them come from;
    where there are any, all calls of the module are looked at for what they call.
    """

    index: ModuleIndex
    targets: set[cst.CSTNode]
    names: frozenset[str]
    kept_in: frozenset[str]
    resolver: Resolver

    def calls(self) -> Iterator[tuple[CallRecord, Frame]]:
        """The calls of parameters that are given one of the targets, each with the call of the function that it is in.

        Raises:
            UnseenCallsError: they may be called elsewhere as well.
        """
        # What names hold is asked only where any call has one of them as an argument, or a function as a default.
        names = self.names | self._aliases(evaluated=False)
        if any(self._arguments(names)):
            for argument, record in self._arguments(self.names | self._aliases()):
                yield from self._given(argument, record)
        for function, parameter in self._defaults(names):
            yield from self._left_out(function, parameter)

    def _defaults(self, names: frozenset[str]) -> Iterator[tuple[Definition, cst.Param]]:
        """The parameters in the module whose defaults have one of some names in them."""
        for part in dict.fromkeys(part for name in sorted(names) for part in self.index.parts_with(name)):
            for scope in part.scopes:
                if isinstance(scope.node, (cst.FunctionDef, cst.Lambda)):
                    for parameter in every_parameter(scope.node.params):
                        default = parameter.default
                        if default is not None and not names.isdisjoint(map(last_name, _followed(default))):
                            yield Definition(scope.node, scope), parameter

    def _left_out(self, function: Definition, parameter: cst.Param) -> Iterator[tuple[CallRecord, Frame]]:
        """The calls of a parameter in those calls of its function that may leave it to its default."""
        scope, node = function.scope, function_of(function)
        assert parameter.default is not None
        assert scope.parent is not None
        written = Expression(parameter.default, Place(scope.parent, scope.order, scope.path))
        options = options_of(self.resolver.value(written))
        if not any(self._is_one(option) or self._has_one(option) for option in options):
            return
        calls = self.resolver.callers.of(function)
        if calls.hidden is not None or not calls.arguments or not all(map(self._is_one, options)):
            raise UnseenCallsError
        name, method = parameter.name.value, receives(function)
        receiver = _any_object(scope) if method else None
        for arguments in calls.arguments:
            if not isinstance(passed(node, arguments, name, method), Expression):
                yield from self._uses(name, Frame(scope, arguments, receiver, None), 0)

    def _arguments(self, names: frozenset[str]) -> Iterator[tuple[cst.Arg, CallRecord]]:
        """The arguments in the module that have one of some names in them, and the calls that they are of."""
        for part in dict.fromkeys(part for name in sorted(names) for part in self.index.parts_with(name)):
            by_name = _arguments_by_name(part)
            found = {number for name in names for number in by_name.get(name, ())}
            arguments = [(argument, record) for record in part.calls for argument in record.node.args]
            yield from (arguments[number] for number in sorted(found))

    def _given(self, argument: cst.Arg, record: CallRecord) -> Iterator[tuple[CallRecord, Frame]]:
        """The calls that come of one argument, where it can be one of the targets or have one in it."""
        place = place_of(record)
        value = self.resolver.result(self.resolver.value(Expression(argument.value, place)))
        options = options_of(value)
        inside = any(map(self._has_one, options))
        if inside or any(map(self._is_one, options)):
            tested = list(_decorated(record.node, record.scope))
            if tested and cases_of(record.node, place, self.resolver) is not None:
                for function in tested:
                    yield from self._tested(function, record)
            elif not inside:
                yield from self._called_with(argument, record, None, 0)
            elif not self._only_looks(record):
                raise UnseenCallsError
        elif last_name(argument.value) in self.names and any(
            isinstance(option, Unknown) for option in options
        ):
            raise UnseenCallsError

    def _aliases(self, evaluated: bool = True) -> frozenset[str]:
        """The names by which the module may have the targets, or a dict, list or function that gives one of them.

        Where it is not ``evaluated`` what they hold, there can be more.
        """
        found, pending = set(self.kept_in), sorted(self.kept_in)
        while pending:
            name = pending.pop()
            for part in (None, *self.index.parts_with(name)):
                for holder, value in _kept(part, self.index).get(name, ()):
                    if holder not in found and (not evaluated or self._may_have_one(value)):
                        found.add(holder)
                        pending.append(holder)
        return frozenset(found)

    def _may_have_one(self, value: Expression) -> bool:
        """Whether a value is one of the targets, or something that may give one."""
        return any(
            self._is_one(option) or isinstance(option, (Collection, Mapping, Instance))
            for option in options_of(self.resolver.value(value))
        )

    def _is_one(self, value: Value) -> bool:
        if isinstance(value, Partial):
            value = value.function
        return isinstance(value, Definition) and value.node in self.targets

    def _has_one(self, value: Value) -> bool:
        """Whether one of the targets is in a dict or list, or in one inside of that."""
        match value:
            case Collection(items):
                entries = items
            case Mapping(pairs):
                entries = tuple(entry for _, entry in pairs)
            case _:
                return False
        options = [option for entry in entries for option in options_of(self.resolver.value(entry))]
        return any(self._is_one(option) for option in options) or any(map(self._has_one, options))

    def _only_looks(self, record: CallRecord) -> bool:
        """Whether a call is of functions that call nothing of what is in a dict or list, or put it into another one."""
        if isinstance(record.node.func, cst.Attribute) and last_name(record.node.func) in (
            MUTATORS | COMPARE_ONLY
        ):
            return True
        callee = options_of(self.resolver.value(Expression(record.node.func, place_of(record))))
        flows = self.resolver.changes.flows
        return all(isinstance(option, External) and flows.is_harmless(option.name) for option in callee)

    def _called_with(
        self, argument: cst.Arg, record: CallRecord, frame: Frame | None, steps: int
    ) -> Iterator[tuple[CallRecord, Frame]]:
        """The calls of an argument by the functions that a call can be of."""
        if last_name(record.node.func) in COMPARE_ONLY:
            return
        place = place_of(record, frame)
        for option in options_of(
            self.resolver.result(self.resolver.value(Expression(record.node.func, place)))
        ):
            if isinstance(option, External) and option.name in _MADE_OF and argument is record.node.args[0]:
                continue
            if isinstance(option, External) and option.name.removeprefix("builtins.") in ASK_ONLY:
                continue
            if (
                steps > _LONGEST_WAY
                or not isinstance(option, Definition)
                or isinstance(option.node, cst.ClassDef)
                or self._may_be_replaced(option)
            ):
                raise UnseenCallsError
            name = parameter_of(option.node, argument, record.node, option.receiver is not None)
            if name is None:
                raise UnseenCallsError
            arguments = self.resolver.arguments(record.node, place)
            inside = Frame(option.scope, arguments, option.receiver, option.frame)
            yield from self._uses(name, inside, steps)

    def _tested(self, function: Definition, record: CallRecord) -> Iterator[tuple[CallRecord, Frame]]:
        """The calls by a test function that is run with the cases of a decorator."""
        node, receiver = function.node, _any_object(function.scope)
        assert isinstance(node, cst.FunctionDef)
        for arguments in cases_of(record.node, place_of(record), self.resolver) or ():
            frame = Frame(function.scope, arguments, receiver, None)
            for parameter in every_parameter(node.params):
                name = parameter.name.value
                given = passed(node, arguments, name, receiver is not None)
                value = self.resolver.value(given) if isinstance(given, Expression) else given
                if value is not None and any(map(self._is_one, options_of(value))):
                    yield from self._uses(name, frame, 0)

    def _uses(self, name: str, frame: Frame, steps: int) -> Iterator[tuple[CallRecord, Frame]]:
        """The calls that the reads of a parameter lead to."""
        home, flows = frame.scope, self.resolver.changes.flows
        if len(home.bindings[name]) != 1:
            raise UnseenCallsError
        for read in self.resolver.project.reads(home.index).every_one_of_name(name, home):
            if flows.is_same(name, read.scope, home):
                yield from self._use(read, frame, steps)

    def _use(self, read: Read, frame: Frame, steps: int) -> Iterator[tuple[CallRecord, Frame]]:
        around = read.around
        outer = around.around if around is not None else None
        flows = self.resolver.changes.flows
        match around.node if around is not None else None:
            case cst.Call(func=func) as call if func is read.node:
                record = flows.record(call, read.scope.index)
                if record is None:
                    raise UnseenCallsError
                yield record, frame
            case cst.Arg(star="") as argument if outer is not None and isinstance(outer.node, cst.Call):
                record = flows.record(outer.node, read.scope.index)
                if record is None:
                    raise UnseenCallsError
                yield from self._called_with(argument, record, frame, steps + 1)
            case cst.Attribute(attr=cst.Name(value=name)) if name in _SAYS_ONLY:
                return
            case cst.Return() if self.kept_in and not steps and read.scope is frame.scope:
                return  # what the call returns is looked at with all that the module calls
            case node if not isinstance(node, _TESTS):
                raise UnseenCallsError

    def _may_be_replaced(self, method: Definition) -> bool:
        """Whether the object that a method is called on can be of a subclass that has another one in its place."""
        match method:
            case Definition(cst.FunctionDef(name=name), receiver=Instance(Definition() as owner, call=None)):
                subclasses = self.resolver.callers.all_subclasses(owner)
                return any(name.value in sub.scope.bindings for sub in subclasses)
        return False


_SAYS_ONLY = ("__name__", "__qualname__", "__module__", "__doc__")
_TESTS = (cst.Comparison, cst.ComparisonTarget, cst.UnaryOperation, cst.If, cst.While, cst.Assert)


def _any_object(method: Scope) -> Instance | None:
    """Any object that a method may be called on; None for a function that is in no class."""
    around = method.parent
    if around is None or not isinstance(around.node, cst.ClassDef):
        return None
    return Instance(Definition(around.node, around), Arguments())


def _decorated(decorator: cst.Call, around: Scope) -> Iterator[Definition]:
    """The functions that a call decorates; of a class its tests."""
    for scope in around.inner:
        node = scope.node
        if isinstance(node, (cst.FunctionDef, cst.ClassDef)) and any(
            each.decorator is decorator for each in node.decorators
        ):
            inside = scope.inner if isinstance(node, cst.ClassDef) else (scope,)
            for function in inside:
                if isinstance(function.node, cst.FunctionDef) and (
                    function is scope or function.node.name.value.startswith("test")
                ):
                    yield Definition(function.node, function)


def _kept(part: Part | None, index: ModuleIndex) -> dict[str, list[Kept]]:
    """What is assigned and returned in the functions of a part, or at the top of the module, by the names in it."""
    if part not in index.kept:
        found: dict[str, list[Kept]] = defaultdict(list)
        scopes = (index.top,) if part is None else part.scopes
        for holder, node, place in _assigned(scopes, {} if part is None else part.assigned):
            for name in _followed(node):
                found[last_name(name)].append((holder, Expression(name, place)))
        index.kept[part] = dict(found)
    return index.kept[part]


def _arguments_by_name(part: Part) -> dict[str, list[int]]:
    """Which of the arguments of all calls of a part have a name in them."""
    if part.arguments_by_name is None:
        found: dict[str, list[int]] = defaultdict(list)
        arguments = (argument for record in part.calls for argument in record.node.args)
        for number, argument in enumerate(arguments):
            for name in dict.fromkeys(map(last_name, _followed(argument.value))):
                found[name].append(number)
        part.arguments_by_name = dict(found)
    return part.arguments_by_name


def _assigned(
    scopes: Iterable[Scope], attributes: dict[str, list[Assigned]]
) -> Iterator[tuple[str, cst.BaseExpression, Place]]:
    for scope in scopes:
        for bindings in (*scope.bindings.values(), *scope.self_attributes.values()):
            for binding in bindings:
                if isinstance(binding.written, cst.BaseExpression):
                    yield binding.name, binding.written, place_of(binding)
        for holder, mutations in scope.mutations.items():
            for mutation in mutations:
                if mutation.value is not None:
                    yield holder.rpartition(".")[2], mutation.value, place_of(mutation)
        if isinstance(scope.node, cst.FunctionDef):
            for node, order, path in scope.returns:
                if node is not None:
                    yield scope.node.name.value, node, Place(scope, order, path)
    for attribute, assigned in attributes.items():
        for _, binding in assigned:
            if isinstance(binding.written, cst.BaseExpression):
                yield attribute, binding.written, place_of(binding)


def _followed(node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """The names and attributes whose value an expression can be, or have in it, or be what they return."""
    pending: list[cst.BaseExpression] = [node]
    while pending:
        inner = pending.pop()
        match inner:
            case cst.Name() | cst.Attribute():
                yield inner
            case cst.Subscript(value=value) | cst.NamedExpr(value=value):
                pending.append(value)
            case cst.IfExp():
                pending += (inner.body, inner.orelse)
            case cst.BooleanOperation():
                pending += (inner.left, inner.right)
            case cst.List() | cst.Tuple() | cst.Set() | cst.Dict():
                pending += [element.value for element in inner.elements]
            case cst.BaseSimpleComp(elt=value) | cst.DictComp(value=value):
                pending.append(value)
            case cst.Lambda(body=body):
                pending.append(body)
            case cst.Call(func=func):
                pending += [func, *(argument.value for argument in inner.args)]
                if isinstance(func, cst.Attribute):
                    pending.append(func.value)
