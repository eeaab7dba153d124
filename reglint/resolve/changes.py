"""What happens to a dict or list between the place that makes it and a place that uses it.

Changes that the code states are made (``d["key"] = value``, ``d.update(...)``); where the dict is handed to something
that may change it unseen, its contents are unread from there on. Nothing counts as absent that may have been added.
"""

from __future__ import annotations

import sys
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from reglint.resolve.containers import concatenated
from reglint.resolve.reaching import END, comes_to
from reglint.resolve.scopes import MUTATORS, Scope, dotted_name
from reglint.resolve.truth import runs
from reglint.resolve.values import (
    Arguments,
    Collection,
    Constant,
    Definition,
    Expression,
    External,
    Instance,
    Mapping,
    Missing,
    Parameter,
    Place,
    Unknown,
    Value,
    choice,
    held,
    merged,
    options_of,
    overridden,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reglint.resolve.evaluate import Resolver
    from reglint.resolve.reads import Read
    from reglint.resolve.scopes import Binding, BranchPath, CallRecord, ModuleIndex, Mutation
    from reglint.resolve.values import Frame

_MOST_ALIASES = 4
"""How many names or parameters a dict is followed through."""
_CHANGED = "a dict that is changed before it is used"
_HANDED_ON = "a dict that is handed to something that may change it"


class Effect(Enum):
    """What a call does to an argument that is a dict or list."""

    NONE = "nothing"
    RETURNS = "it can be what the call returns"
    COPIES = "what it holds can be in what the call returns"
    UNSEEN = "anything"


class Change(NamedTuple):
    """A change of a dict or list; ``mutation`` says which, where it is known."""

    scope: Scope
    order: int
    path: BranchPath
    mutation: Mutation | None


class Span(NamedTuple):
    """The code between the place that makes a dict and one that uses it."""

    home: Scope
    """The scope that makes it."""
    since: int
    place: Place
    made_in: BranchPath = ()


class Changes:
    """Follows what is changed in place, for a resolver."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._records: dict[ModuleIndex, dict[cst.CSTNode, CallRecord]] = {}
        self._of_names: dict[tuple[Scope, str], tuple[Change, ...]] = {}
        self._of_attributes: dict[tuple[ModuleIndex, str], tuple[Change, ...]] = {}
        self._returned: set[tuple[Scope, str]] = set()

    def to_name(self, value: Value, name: str, bindings: Sequence[Binding], span: Span) -> Value:
        """What ``name``, which ``bindings`` bound to ``value``, holds at the end of ``span``."""
        value = self.resolver.result(value)
        if isinstance(value, Parameter) and value.star == "**" and name in span.home.mutations:
            return self._applied(Mapping((), None, (value,)), self._named(name, span.home, 0), span)
        if not is_changeable(value):
            return value
        own = self._named(name, span.home, 0)
        known = {(change.scope, change.order) for change in own}
        others = [
            change
            for binding in bindings
            if binding.kind == "assign" and isinstance(binding.node, cst.BaseExpression)
            for change in self._of_reference(binding.node, binding)
            if (change.scope, change.order) not in known
        ]
        return self._applied(value, (*own, *others), span)

    def _of_reference(self, node: cst.BaseExpression, binding: Binding) -> Iterator[Change]:
        """The changes of what an expression refers to, made after it was bound to another name."""
        exact = isinstance(node, cst.Name) and not binding.unpack
        while isinstance(node, cst.Subscript):
            node = node.value
        changes: tuple[Change, ...] = ()
        home = binding.scope.index.top
        match node:
            case cst.Name(value=name):
                around: Scope | None = binding.scope
                while around is not None and not self._is_same(name, binding.scope, around):
                    around = around.parent
                if around is not None:
                    home = around
                    changes = self._named(name, home, 0)
            case cst.Attribute(attr=cst.Name(value=name)):
                changes = self._of_attribute(name, home.index)
        for change in changes:
            if change.scope is binding.scope or change.scope is not home:
                yield change if exact else change._replace(mutation=None)

    def to_attribute(self, value: Value, name: str, place: Place) -> Value:
        """What an attribute, which was set to ``value``, holds at a place."""
        if not is_changeable(value):
            return value
        changes = self._of_attribute(name, place.scope.index)
        if not changes:
            return value
        homes = [
            binding
            for scope in place.scope.index.scopes.values()
            for binding in scope.self_attributes.get(name, ())
        ]
        if len(homes) == 1:
            home, since, made_in = homes[0].scope, homes[0].order, homes[0].path
        else:
            home, since, made_in = place.scope.index.top, 0, ()
        if home is not place.scope:
            # What the place's own function changes comes last: the other changes are those of the home.
            own = [change for change in changes if _function_of(change.scope) is _function_of(place.scope)]
            others = [change for change in changes if change not in own]
            value = self._applied(value, others, Span(home, since, place, made_in))
            return self._applied(value, own, Span(place.scope, 0, place))
        return self._applied(value, changes, Span(home, since, place, made_in))

    # Making the changes

    def _applied(self, value: Value, changes: Sequence[Change], span: Span) -> Value:
        if not changes:
            return value
        return choice([self._to_one(option, changes, span) for option in options_of(value)])

    def _to_one(self, value: Value, changes: Iterable[Change], span: Span) -> Value:
        if not isinstance(value, (Mapping, Collection)):
            return value
        place, index = span.place, span.home.index
        inside = _function_of(place.scope) is _function_of(span.home)
        order = place.order if inside else END
        path = place.path if inside else ()
        loops = {branch for branch, _ in path if index.branches[branch].loop}
        loops -= {branch for branch, _ in span.made_in}
        for change in sorted(changes, key=lambda change: change.order):
            ordered = _function_of(change.scope) is _function_of(span.home)
            again = ordered and any(branch in loops for branch, _ in change.path)
            if ordered and not again and not span.since < change.order < order:
                continue
            if ordered and not comes_to(change.path, path, index):
                continue
            if ordered and span.since < change.order < order and change.mutation is not None:
                taken: bool | None = path[: len(change.path)] == change.path
                if not taken:
                    taken = runs(change.path, path, index, place.frame, self.resolver)
                    if taken is False:
                        continue
                certain = taken is True
                value = self._with(value, change.mutation, certain, place.frame)
            else:
                value = _opened(value, _CHANGED if change.mutation is not None else _HANDED_ON)
        return value

    def _with(
        self, value: Mapping | Collection, mutation: Mutation, certain: bool, frame: Frame | None
    ) -> Mapping | Collection:
        place = Place(mutation.scope, mutation.order, mutation.path, frame)
        if isinstance(value, Collection):
            longer = self._longer(value, mutation, place) if certain else None
            return longer or _opened(value, _CHANGED)
        changed = self._after(value, mutation, place)
        if changed is None:
            return _opened(value, _CHANGED)
        return changed if certain else self.resolver.containers.either([value, changed], place)

    def _longer(self, value: Collection, mutation: Mutation, place: Place) -> Collection | None:
        if mutation.call is None or value.unread is not None:
            return None
        arguments = self.resolver.arguments(mutation.call, place)
        match _method(mutation.call), arguments.positional:
            case "append", [item]:
                return Collection((*value.items, item))
            case "extend", [items]:
                more = self.resolver.containers.items(self.resolver.value(items), place)
                return concatenated([value, more or Collection((), _CHANGED)])
        return None

    def _after(self, value: Mapping, mutation: Mutation, place: Place) -> Mapping | None:
        """The dict after a change; None where that cannot be told."""
        resolver, containers = self.resolver, self.resolver.containers
        if mutation.key is not None:
            key = resolver.settled(resolver.value(Expression(mutation.key, place)))
            if not isinstance(key, Constant):
                return None
            if mutation.deleted:
                return _without(value, key, place)
            if mutation.value is None:
                unknown = held(Unknown(_CHANGED), place)
                return merged([value, containers.entry(key, unknown)])
            return merged([value, containers.entry(key, Expression(mutation.value, place))])
        if mutation.call is None:
            if mutation.value is None:
                return None
            added = containers.mapping(resolver.value(Expression(mutation.value, place)), place)
            return merged([value, added]) if added is not None else None
        arguments = resolver.arguments(mutation.call, place)
        first = arguments.positional[0] if arguments.positional else None
        match _method(mutation.call):
            case "update":
                return merged([value, self._updating(arguments, place)])
            case "clear":
                return Mapping(())
            case "pop" | "setdefault" as method if first is not None:
                key = resolver.settled(resolver.value(first))
                if not isinstance(key, Constant):
                    return None
                if method == "pop":
                    return _without(value, key, place)
                default = arguments.positional[1:] or (held(Constant(None), place),)
                return self._with_default(value, key, default[0])
        return None

    def _updating(self, arguments: Arguments, place: Place) -> Mapping:
        known = self.resolver.call(External("builtins.dict"), arguments, Expression(cst.Ellipsis(), place))
        return known if isinstance(known, Mapping) else Mapping((), _CHANGED)

    def _with_default(self, value: Mapping, key: Constant, default: Expression) -> Mapping:
        if key.value in dict(value.entries) or value.unread is not None:
            return value
        default = overridden(key.value, default, value.passed_on)
        return Mapping((*value.entries, (key.value, default)))

    # Finding the changes

    def _named(self, name: str, home: Scope, depth: int) -> tuple[Change, ...]:
        """The changes of what a name of a scope holds."""
        key = (home, name)
        if key not in self._of_names:
            self._of_names[key] = ()
            found = [
                change
                for read in self.resolver.project.reads(home.index).of_name(name)
                if self._is_same(name, read.scope, home)
                for change in self._of_read(read, home, depth)
            ]
            direct = [
                Change(scope, mutation.order, mutation.path, mutation)
                for scope in (home.index.top, *home.index.scopes.values())
                for mutation in scope.mutations.get(name, ())
                if self._is_same(name, scope, home)
            ]
            self._of_names[key] = tuple(dict.fromkeys((*direct, *found)))
        return self._of_names[key]

    def _of_attribute(self, name: str, index: ModuleIndex) -> tuple[Change, ...]:
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
                for scope in (index.top, *index.scopes.values())
                for dotted, mutations in scope.mutations.items()
                if dotted.endswith(f".{name}")
                for mutation in mutations
            ]
            self._of_attributes[key] = tuple(dict.fromkeys((*direct, *found)))
        return self._of_attributes[key]

    def _is_same(self, name: str, scope: Scope | None, home: Scope) -> bool:
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
        # What is followed upwards is at first the dict itself; then (inner) what holds it or is held in it, and as long
        # as there are but subscripts in between (plain) its changes are among the mutations of the name.
        # Where it is in a copy (copied), what the copy itself has in its place does not change it.
        inner, plain, copied = False, dotted_name(read.node) is not None, False
        here = read
        while here.around is not None:
            node, around = here.node, here.around
            match around.node:
                case cst.Subscript(value=value) if value is node:
                    inner, copied = True, False
                    if _is_changed(around):
                        if not plain:
                            yield unseen
                        return
                case cst.Attribute(attr=cst.Name(value=method)):
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
                    inner, plain, copied = True, False, method in _COPYING
                    around = call
                case cst.Call(func=func) if func is node:
                    return
                case cst.Arg() if around.around is not None:
                    call = around.around
                    assert isinstance(call.node, (cst.Call, cst.ClassDef))
                    if around.node.star or not isinstance(call.node, cst.Call):
                        return
                    if isinstance(call.node.func, cst.Attribute) and call.node.func.attr.value in MUTATORS:
                        holder = call.node.func.value
                        if _is_own(holder, here.scope):
                            yield from self._through(holder, here, True, True, unseen, depth)
                        else:
                            yield unseen
                        return
                    effect = self._effect(around.node, call, depth)
                    if effect is Effect.NONE:
                        return
                    if effect is Effect.UNSEEN:
                        yield unseen
                        return
                    inner, plain, copied = True, False, effect is Effect.COPIES
                    around = call
                case cst.Assign(value=value, targets=targets) if value is node:
                    for target in targets:
                        yield from self._through(target.target, here, inner, copied, unseen, depth)
                    return
                case cst.AnnAssign(value=value, target=target) if value is node:
                    yield from self._through(target, here, inner, copied, unseen, depth)
                    return
                case cst.NamedExpr(value=value, target=target) if value is node:
                    yield from self._through(target, here, inner, copied, unseen, depth)
                case cst.For(iter=iterated, target=target) | cst.CompFor(iter=iterated, target=target) if (
                    iterated is node
                ):
                    yield from self._through(target, here, True, False, unseen, depth)
                    return
                case cst.Return() | cst.Yield() | cst.Lambda():
                    function = _function_of(here.scope)
                    if function is not home and not (
                        isinstance(around.node, cst.Lambda) and home.kind == "function"
                    ):
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
                    inner = copied = True
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

    def _through(
        self, target: cst.CSTNode, here: Read, inner: bool, copied: bool, unseen: Change, depth: int
    ) -> Iterator[Change]:
        """The changes that are made by another name for a dict, or for what holds it or is held in it."""
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
                for change in self._named(name, home, depth + 1):
                    if change.scope is home and change.order < here.order:
                        continue
                    if copied and change.mutation is not None and not change.mutation.deep:
                        continue
                    yield change if single and not inner else change._replace(mutation=None)
            case cst.Tuple() | cst.List():
                for element in target.elements:
                    yield from self._through(element.value, here, True, False, unseen, depth)
            case _:
                yield unseen

    def _effect(self, argument: cst.Arg, call: Read, depth: int) -> Effect:
        assert isinstance(call.node, cst.Call)
        record = self._record(call)
        if record is None:
            return Effect.UNSEEN
        place = Place(record.scope, record.order, record.path)
        callee = self.resolver.value(Expression(call.node.func, place))
        effects = {self._effect_of(option, argument, call.node, depth) for option in options_of(callee)}
        return next(
            effect
            for effect in (Effect.UNSEEN, Effect.RETURNS, Effect.COPIES, Effect.NONE)
            if effect in effects
        )

    def _effect_of(self, callee: Value, argument: cst.Arg, call: cst.Call, depth: int) -> Effect:
        match callee:
            case External(name):
                if name in _COPYING:
                    return Effect.COPIES
                if name in _RETURNING:
                    return Effect.RETURNS
                return Effect.NONE if self._is_harmless(name) else Effect.UNSEEN
            case Instance(External(name)) if self.resolver.externals.is_external(name.partition(".")[0]):
                return Effect.NONE
            case Definition(cst.FunctionDef() | cst.Lambda() as function):
                parameter = _parameter(function, argument, call, callee.receiver is not None)
                if parameter is None or depth >= _MOST_ALIASES:
                    return Effect.UNSEEN
                if self._named(parameter, callee.scope, depth + 1):
                    return Effect.UNSEEN
                return Effect.RETURNS if (callee.scope, parameter) in self._returned else Effect.NONE
        return Effect.UNSEEN

    def _is_harmless(self, name: str) -> bool:
        """Whether a function outside the project leaves its arguments as they are and keeps none of them.

        Functions of Python do, but for a few; its classes may keep them. Keras and TensorFlow copy what they keep.
        """
        root, _, function = name.partition(".")
        if self.resolver.externals.is_external(root):
            return True
        return (
            root in sys.stdlib_module_names
            and function.islower()
            and name not in _CHANGING
            and (root != "builtins" or "." not in function)
        )

    def _record(self, call: Read) -> CallRecord | None:
        index = call.scope.index
        if index not in self._records:
            self._records[index] = {record.node: record for record in index.calls}
        return self._records[index].get(call.node)


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


def is_changeable(value: Value) -> bool:
    """Whether a value is a dict or list, or can be one."""
    return any(isinstance(option, (Mapping, Collection)) for option in options_of(value))


def _opened(value: Mapping | Collection, reason: str) -> Mapping | Collection:
    """The same dict or list, of which nothing is certain any more."""
    return Mapping((), reason) if isinstance(value, Mapping) else Collection((), reason)


def _without(value: Mapping, key: Constant, place: Place) -> Mapping:
    rest = tuple(entry for entry in value.entries if entry[0] != key.value)
    if value.passed_on or value.unread is not None:
        rest += ((key.value, held(Missing(), place)),)
    return Mapping(rest, value.unread, value.passed_on)


def _method(call: cst.Call) -> str:
    return call.func.attr.value if isinstance(call.func, cst.Attribute) else ""


def _name_of(node: cst.CSTNode) -> str:
    if isinstance(node, cst.Name):
        return node.value
    return node.attr.value if isinstance(node, cst.Attribute) else ""


def _function_of(scope: Scope) -> Scope:
    """The function, class or module around a comprehension; any other scope itself."""
    while scope.kind == "comprehension" and scope.parent is not None:
        scope = scope.parent
    return scope


def _parameter(
    function: cst.FunctionDef | cst.Lambda, argument: cst.Arg, call: cst.Call, method: bool
) -> str | None:
    """The parameter that an argument is bound to; None where that cannot be told."""
    parameters = function.params
    by_position = [parameter.name.value for parameter in (*parameters.posonly_params, *parameters.params)]
    if argument.keyword is not None:
        named = {*by_position, *(parameter.name.value for parameter in parameters.kwonly_params)}
        return argument.keyword.value if argument.keyword.value in named else None
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
