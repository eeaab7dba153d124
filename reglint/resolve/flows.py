"""What is done to a dict or list through the names that reach it.

Each place that reads one of them is followed upwards, from expression to expression, until the dict is let go, bound to
another name, handed to a call, or stored.
"""

from __future__ import annotations

import sys
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from reglint.resolve.cases import WITH_CASES
from reglint.resolve.nodes import dotted_name
from reglint.resolve.scopes import MUTATORS, Scope
from reglint.resolve.values import (
    Definition,
    Expression,
    External,
    Instance,
    Partial,
    Place,
    Value,
    options_of,
    place_of,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from reglint.resolve.evaluate import Resolver
    from reglint.resolve.reads import Read
    from reglint.resolve.scopes import BranchPath, CallRecord, ModuleIndex, Mutation, Part

_MOST_ALIASES = 4
"""How many names or parameters a dict is followed through."""


class Effect(Enum):
    """What a call does to an argument that is a dict or list."""

    NONE = "nothing"
    RETURNS = "it can be what the call returns"
    INSIDE = "it changes what it holds"
    COPIES = "what it holds can be in what the call returns"
    UNSEEN = "anything"


class Change(NamedTuple):
    """A change of a dict or list; ``mutation`` says which, where it is known."""

    scope: Scope
    order: int
    path: BranchPath
    mutation: Mutation | None
    inside: bool = False
    """It is one of what the dict or list holds that changes."""


class Flows:
    """Finds the changes of dicts and lists, for a resolver."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._records: dict[Part, dict[cst.Call, CallRecord]] = {}
        self._of_names: dict[tuple[Scope, str], tuple[Change, ...]] = {}
        self._of_attributes: dict[tuple[ModuleIndex, str], tuple[Change, ...]] = {}
        self._returned: set[tuple[Scope, str]] = set()

    def of_name(self, name: str, home: Scope, depth: int = 0) -> tuple[Change, ...]:
        """The changes of what a name of a scope holds."""
        key = (home, name)
        if key not in self._of_names:
            self._of_names[key] = ()
            found = [
                change
                for read in self.resolver.project.reads(home.index).of_name(name, home)
                if self.is_same(name, read.scope, home)
                for change in self._of_read(read, home, depth)
            ]
            direct = [
                Change(scope, mutation.order, mutation.path, mutation)
                for scope in home.index.scopes_with(name, home)
                for mutation in scope.mutations.get(name, ())
                if self.is_same(name, scope, home)
            ]
            self._of_names[key] = tuple(dict.fromkeys((*direct, *found)))
        return self._of_names[key]

    def of_attribute(self, name: str, index: ModuleIndex) -> tuple[Change, ...]:
        """The changes of what an attribute holds, whatever it is an attribute of."""
        key = (index, name)
        if key not in self._of_attributes:
            self._of_attributes[key] = ()
            found = [
                change
                for read in self.resolver.project.reads(index).of_attribute(name)
                for change in self._of_read(read, index.top, 0)
            ]
            direct = [
                Change(scope, mutation.order, mutation.path, mutation)
                for scope in index.scopes_with(name, index.top)
                for dotted, mutations in scope.mutations.items()
                if dotted.endswith(f".{name}")
                for mutation in mutations
            ]
            self._of_attributes[key] = tuple(dict.fromkeys((*direct, *found)))
        return self._of_attributes[key]

    def is_same(self, name: str, scope: Scope | None, home: Scope) -> bool:
        """Whether ``name`` in a scope is that of ``home``."""
        innermost = True
        while scope is not None:
            owner = scope.owner(name)
            if owner is not scope:
                return owner is home
            if scope is home:
                return innermost or home.kind != "class"
            if name in scope.bindings and (innermost or scope.kind != "class"):
                return False
            innermost = innermost and scope.kind == "comprehension"
            scope = scope.parent
        return False

    def _of_read(self, read: Read, home: Scope, depth: int) -> Iterator[Change]:
        """What one place that reads a dict does to it."""
        unseen = Change(read.scope, read.order, (), None)
        # What is followed upwards is at first the dict itself; as long as there are but subscripts in between (plain),
        # its changes are among the mutations of the name. At a level above 0 it is what holds the dict, below 0 what
        # the dict holds, or anything made of that. What a copy has in its place (copied) does not change the dict.
        level, plain, copied = 0, dotted_name(read.node) is not None, False
        here = read
        while here.around is not None:
            unseen = unseen._replace(inside=level < 0)
            node, around = here.node, here.around
            match around.node:
                case cst.Subscript(value=value) if value is node:
                    if _is_changed(around):
                        if not plain:
                            yield unseen
                        return
                    level, copied = level - 1, False
                case cst.Attribute(attr=cst.Name(value=method)):
                    if method.startswith("__"):
                        yield unseen
                        return
                    if method not in MUTATORS | _GIVING:
                        return  # neither dicts nor lists have it, or it changes nothing
                    call = around.around
                    if (
                        call is None
                        or not isinstance(call.node, cst.Call)
                        or call.node.func is not around.node
                    ):
                        yield unseen
                        return
                    if method in MUTATORS and not plain:
                        yield unseen
                        return
                    if method not in _GIVING:
                        return
                    plain, copied = False, method in _COPYING
                    level -= not copied
                    around = call
                case cst.Call(func=func) if func is node:
                    return
                case cst.Arg() if around.around is not None:
                    call = around.around
                    assert isinstance(call.node, (cst.Call, cst.ClassDef))
                    if around.node.star == "**" or not isinstance(call.node, cst.Call):
                        return
                    if around.node.star:
                        # The list stays as it is, but what it holds is handed on.
                        if self._effect(around.node, call, depth) is not Effect.NONE:
                            yield unseen._replace(inside=True)
                        return
                    if isinstance(call.node.func, cst.Attribute) and call.node.func.attr.value in MUTATORS:
                        holder = call.node.func.value
                        if _is_own(holder, here.scope):
                            yield from self._through(holder, here, _around(level), True, depth)
                        else:
                            yield unseen
                        return
                    effect = self._effect(around.node, call, depth)
                    if effect is Effect.NONE:
                        return
                    if effect is Effect.UNSEEN:
                        yield unseen
                        return
                    if effect is Effect.INSIDE:
                        yield unseen._replace(inside=True)
                        return
                    plain, copied = False, effect is Effect.COPIES
                    level = max(level, 0) if effect is Effect.RETURNS else level
                    around = call
                case cst.Assign(value=value, targets=targets) if value is node:
                    for target in targets:
                        yield from self._through(target.target, here, level, copied, depth)
                    return
                case cst.AnnAssign(value=value, target=target) if value is node:
                    yield from self._through(target, here, level, copied, depth)
                    return
                case cst.NamedExpr(value=value, target=target) if value is node:
                    yield from self._through(target, here, level, copied, depth)
                case cst.For(iter=iterated, target=target) | cst.CompFor(iter=iterated, target=target) if (
                    iterated is node
                ):
                    yield from self._through(target, here, level - 1, False, depth)
                    return
                case cst.Return() | cst.Yield() | cst.Lambda():
                    function = function_of(here.scope)
                    if function is not home and not (
                        isinstance(around.node, cst.Lambda) and home.kind == "function"
                    ):
                        if not self._is_only_read(function, depth):
                            yield unseen
                    else:
                        self._returned.add((home, _name_of(read.node)))
                    return
                case cst.IfExp(test=test) if test is node:
                    return
                case cst.DictElement(key=key) if key is node:
                    return
                case (
                    cst.Element()
                    | cst.StarredElement()
                    | cst.DictElement()
                    | cst.StarredDictElement()
                    | cst.List()
                    | cst.Tuple()
                    | cst.Set()
                    | cst.Dict()
                    | cst.BinaryOperation()
                    | cst.BaseComp()
                ):
                    level, copied = _around(level), True
                case cst.IfExp() | cst.BooleanOperation():
                    pass
                case cst.AugAssign(value=value) if value is node and isinstance(
                    around.node.operator, cst.BitOrAssign
                ):
                    return
                case cst.AugAssign(target=target) if target is node:
                    return
                case _:
                    if not isinstance(around.node, _LOOKING):
                        yield unseen
                    return
            plain = plain and isinstance(around.node, cst.Subscript)
            here = around

    def _is_only_read(self, function: Scope, depth: int) -> bool:
        """Whether what a method returns is for others to read: they change nothing of it, nor does the project.

        The project is the module of the class and those of its subclasses.
        """
        node, around = function.node, function.parent
        if not (
            isinstance(node, cst.FunctionDef)
            and around is not None
            and isinstance(around.node, cst.ClassDef)
            and self.resolver.externals.only_reads(node.name.value)
            and depth < _MOST_ALIASES
        ):
            return False
        name, owner = node.name.value, Definition(around.node, around)
        family = {owner.node: owner, **{sub.node: sub for sub in self.resolver.callers.all_subclasses(owner)}}
        return not any(
            change
            for index in dict.fromkeys(each.scope.index for each in family.values())
            for read in self.resolver.project.reads(index).every_one_of_attribute(name)
            if self._may_be_of(read, family)
            for change in self._of_call(read, depth)
        )

    def _may_be_of(self, read: Read, family: Container[cst.CSTNode]) -> bool:
        """Whether an attribute that is read can be that of an object of one of some classes."""
        assert isinstance(read.node, cst.Attribute)
        match read.node.value:
            case cst.Call(func=cst.Name("super")):
                method = read.scope.parent
                return method is None or method.node in family
            case base:
                value = self.resolver.value(Expression(base, Place(read.scope, read.order, ())))
        return any(
            isinstance(option.maker, Definition) and option.maker.node in family
            if isinstance(option, Instance)
            else not isinstance(option, External)
            for option in options_of(value)
        )

    def _of_call(self, read: Read, depth: int) -> Iterator[Change]:
        """What is done to the dict that a call of a method gives."""
        call = read.around
        if call is None or not isinstance(call.node, cst.Call) or call.node.func is not read.node:
            yield Change(read.scope, read.order, (), None)
        else:
            yield from self._of_read(call, function_of(read.scope), depth + 1)

    def _through(
        self, target: cst.CSTNode, here: Read, level: int, copied: bool, depth: int
    ) -> Iterator[Change]:
        """The changes that are made by another name for a dict, or for what holds it or is held in it."""
        unseen = Change(here.scope, here.order, (), None, level < 0)
        match target:
            case cst.Name(value=name):
                home = here.scope
                while home.kind == "comprehension" and name not in home.bindings and home.parent is not None:
                    home = home.parent
                home = home.owner(name)
                if depth >= _MOST_ALIASES:
                    yield unseen
                    return
                single = len(home.bindings.get(name, ())) == 1
                for change in self.of_name(name, home, depth + 1):
                    if change.scope is home and change.order < here.order:
                        continue
                    if copied and change.mutation is not None and not change.mutation.deep:
                        continue
                    exact = single and level == 0 and not copied
                    inside = level < 0 or (change.inside and level == 0)
                    yield change._replace(mutation=change.mutation if exact else None, inside=inside)
            case cst.Tuple() | cst.List():
                for element in target.elements:
                    yield from self._through(element.value, here, level, False, depth)
            case _:
                yield unseen

    def _effect(self, argument: cst.Arg, call: Read, depth: int) -> Effect:
        assert isinstance(call.node, cst.Call)
        record = self.record(call.node, call.scope.index)
        if record is None:
            return Effect.UNSEEN
        place = place_of(record)
        callee = self.resolver.value(Expression(call.node.func, place))
        effects = {self._effect_of(option, argument, call.node, depth) for option in options_of(callee)}
        worst_first = (Effect.UNSEEN, Effect.INSIDE, Effect.RETURNS, Effect.COPIES, Effect.NONE)
        return next((effect for effect in worst_first if effect in effects), Effect.UNSEEN)

    def _effect_of(self, callee: Value, argument: cst.Arg, call: cst.Call, depth: int) -> Effect:
        match callee:
            case External(name):
                if name in _COPYING:
                    return Effect.COPIES
                if name in _RETURNING:
                    return Effect.RETURNS
                return Effect.NONE if self.is_harmless(name) else Effect.UNSEEN
            case Partial(External() as function):
                return self._effect_of(function, argument, call, depth)
            case Instance(External(name)) if self.resolver.externals.is_external(name.partition(".")[0]):
                return Effect.NONE
            case Definition(cst.FunctionDef() | cst.Lambda() as function):
                parameter = parameter_of(function, argument, call, callee.receiver is not None)
                if parameter is None or depth >= _MOST_ALIASES:
                    return Effect.UNSEEN
                changes = self.of_name(parameter, callee.scope, depth + 1)
                if changes:
                    inside = all(change.inside for change in changes)
                    return Effect.INSIDE if inside else Effect.UNSEEN
                return Effect.RETURNS if (callee.scope, parameter) in self._returned else Effect.NONE
        return Effect.UNSEEN

    def is_harmless(self, name: str) -> bool:
        """Whether a function outside the project leaves its arguments as they are and keeps none of them.

        Functions of Python do, but for a few; its classes may keep them. Keras and TensorFlow copy what they keep.
        """
        root, _, function = name.partition(".")
        if self.resolver.externals.is_external(root) or name in WITH_CASES:
            return True
        return (
            root in sys.stdlib_module_names
            and function.islower()
            and name not in _CHANGING
            and (root != "builtins" or "." not in function)
        )

    def record(self, call: cst.Call, index: ModuleIndex) -> CallRecord | None:
        """What the walk over a module took note of for one of its calls."""
        part = index.homes.get(call)
        if part is None:
            return None
        if part not in self._records:
            self._records[part] = {record.node: record for record in part.calls}
        return self._records[part].get(call)


_GIVING = frozenset({"get", "pop", "popitem", "setdefault", "items", "values", "copy"})
"""Methods that give what a dict or list holds."""
_COPYING = frozenset(
    {
        *(f"builtins.{name}" for name in ("dict", "list", "tuple", "set", "sorted", "zip", "enumerate")),
        *("builtins.reversed", "copy.copy", "collections.OrderedDict", "itertools.chain"),
        *("copy", "items", "values"),
    }
)
"""Functions and methods that return something new that holds what their argument holds."""
_RETURNING = frozenset(
    {
        *(f"builtins.{name}" for name in ("iter", "next", "min", "max")),
        *("types.MappingProxyType", "typing.cast"),
    }
)
"""Functions that return their argument, or one of the things that it holds."""
_CHANGING = frozenset(
    {
        *("builtins.setattr", "builtins.exec", "builtins.eval", "builtins.map", "builtins.filter"),
        *("operator.setitem", "operator.delitem", "operator.ior", "functools.partial", "random.shuffle"),
    }
)
"""Functions that change what they are given, or keep it."""
_LOOKING = (
    *(cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.NamedExpr, cst.For, cst.CompFor, cst.Del, cst.Expr),
    *(cst.If, cst.While, cst.Assert, cst.CompIf, cst.Comparison, cst.ComparisonTarget, cst.UnaryOperation),
    *(cst.Index, cst.Slice, cst.FormattedStringExpression, cst.Match),
)
"""Where a dict is bound to a name, or looked at and let go."""


def function_of(scope: Scope) -> Scope:
    """The function, class or module around a comprehension; any other scope itself."""
    while scope.kind == "comprehension" and scope.parent is not None:
        scope = scope.parent
    return scope


def _around(level: int) -> int:
    """The level of what holds something: what holds but a part of a dict gives no way to the dict."""
    return level if level < 0 else level + 1


def _name_of(node: cst.CSTNode) -> str:
    if isinstance(node, cst.Name):
        return node.value
    return node.attr.value if isinstance(node, cst.Attribute) else ""


def parameter_of(
    function: cst.FunctionDef | cst.Lambda, argument: cst.Arg, call: cst.Call, method: bool
) -> str | None:
    """The parameter that an argument is bound to; None where that cannot be told."""
    parameters = function.params
    by_position = [parameter.name.value for parameter in (*parameters.posonly_params, *parameters.params)]
    if argument.keyword is not None:
        named = {*by_position, *(parameter.name.value for parameter in parameters.kwonly_params)}
        return argument.keyword.value if argument.keyword.value in named else None
    if argument.star:
        return None
    before = call.args[: call.args.index(argument)]
    position = len(before) + method
    if any(other.star for other in before) or position >= len(by_position):
        return None
    return by_position[position]


def _is_own(holder: cst.BaseExpression, scope: Scope) -> bool:
    """Whether a name stands for nothing but dicts and lists that its own scope writes down."""
    if not isinstance(holder, cst.Name):
        return False
    bindings = scope.bindings.get(holder.value, ())
    return bool(bindings) and all(isinstance(binding.node, _DISPLAYS) for binding in bindings)


_DISPLAYS = (cst.Dict, cst.List, cst.Set, cst.BaseComp)


def _is_changed(subscript: Read) -> bool:
    """Whether a subscript is assigned to or deleted."""
    around = subscript.around
    match around.node if around is not None else None:
        case cst.AssignTarget() | cst.Del():
            return True
        case cst.AnnAssign(target=target) | cst.AugAssign(target=target):
            return target is subscript.node
        case cst.For(target=target) | cst.CompFor(target=target):
            return target is subscript.node
    return False
