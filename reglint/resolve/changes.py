"""What happens to a dict or list between the place that makes it and a place that uses it.

Changes that the code states are made (``d["key"] = value``, ``d.update(...)``); where the dict is handed to something
that may change it unseen, its contents are unread from there on. Nothing counts as absent that may have been added.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from reglint.resolve.containers import as_dict, concatenated
from reglint.resolve.flows import Change, Flows, function_of
from reglint.resolve.reaching import END, comes_to
from reglint.resolve.truth import runs
from reglint.resolve.values import (
    Arguments,
    Collection,
    Constant,
    Expression,
    External,
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
    place_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reglint.resolve.evaluate import Resolver
    from reglint.resolve.scopes import Binding, BranchPath, Mutation, Scope
    from reglint.resolve.values import Frame

_CHANGED = "a dict that is changed before it is used"
_HANDED_ON = "a dict that is handed to something that may change it"


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
        self.flows = Flows(resolver)

    def to_name(self, value: Value, name: str, bindings: Sequence[Binding], span: Span) -> Value:
        """What ``name``, which ``bindings`` bound to ``value``, holds at the end of ``span``."""
        value = self.resolver.result(value)
        if not is_changeable(value) and not may_be_dict(value):
            return value
        own = self.flows.of_name(name, span.home)
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
            case cst.Name(value="None"):
                return
            case cst.Name(value=name):
                around: Scope | None = binding.scope
                while around is not None and not self.flows.is_same(name, binding.scope, around):
                    around = around.parent
                if around is not None:
                    home = around
                    changes = self.flows.of_name(name, home)
            case cst.Attribute(attr=cst.Name(value=name)):
                changes = self.flows.of_attribute(name, home.index)
        for change in changes:
            if change.scope is binding.scope or change.scope is not home:
                yield change if exact else change._replace(mutation=None)

    def to_attribute(self, value: Value, name: str, place: Place, contents: bool = False) -> Value:
        """What an attribute, which was set to ``value``, holds at a place; ``contents`` as for names."""
        if not is_changeable(value) and not (contents and may_be_dict(value)):
            return value
        changes = self.flows.of_attribute(name, place.scope.index)
        if not changes:
            return value
        homes = [
            binding
            for scope in place.scope.index.scopes_with(name, place.scope.index.top)
            for binding in scope.self_attributes.get(name, ())
        ]
        if len(homes) == 1:
            home, since, made_in = homes[0].scope, homes[0].order, homes[0].path
        else:
            home, since, made_in = place.scope.index.top, 0, ()
        if home is not place.scope:
            # What the place's own function changes comes last: the other changes are those of the home.
            own = [change for change in changes if function_of(change.scope) is function_of(place.scope)]
            others = [change for change in changes if change not in own]
            value = self._applied(value, others, Span(home, since, place, made_in))
            return self._applied(value, own, Span(place.scope, 0, place))
        return self._applied(value, changes, Span(home, since, place, made_in))

    # Making the changes

    def _applied(self, value: Value, changes: Sequence[Change], span: Span) -> Value:
        if not changes:
            return value
        return choice([self._to_one(option, changes, span) for option in options_of(value)])

    def _to_one(self, of: Value, changes: Iterable[Change], span: Span) -> Value:
        value = as_dict(of) if isinstance(of, Parameter) else of
        if not isinstance(value, (Mapping, Collection)):
            return of
        unchanged = value
        place, index = span.place, span.home.index
        inside = function_of(place.scope) is function_of(span.home)
        order = place.order if inside else END
        path = place.path if inside else ()
        loops = {branch for branch, _ in path if index.branches[branch].loop}
        loops -= {branch for branch, _ in span.made_in}
        in_order = sorted(changes, key=lambda change: change.order)
        if len(in_order) > _MOST_CHANGES:
            return _opened(value, "it is changed in too many places")
        for change in in_order:
            ordered = function_of(change.scope) is function_of(span.home)
            again = ordered and any(branch in loops for branch, _ in change.path)
            if ordered and not again and not span.since < change.order < order:
                continue
            if ordered and not comes_to(change.path, path, index):
                continue
            if change.inside:
                value = self._changed_inside(value, place)
                continue
            if change.mutation is None:
                value = _opened(value, _HANDED_ON)
                continue
            if not ordered:
                value = self._at_any_time(value, change.mutation)
                continue
            taken: bool | None = None
            if span.since < change.order < order:
                inside_it = path[: len(change.path)] == change.path
                taken = inside_it or runs(change.path, path, index, place.frame, self.resolver)
            if taken is not False:
                value = self._with(value, change.mutation, taken is True, place.frame)
        return of if value is unchanged else value

    def _at_any_time(self, value: Mapping | Collection, mutation: Mutation) -> Mapping | Collection:
        """The same dict or list where a change, which may have been made any number of times, leaves it certain."""
        key = _only_key(mutation)
        if key is None or not isinstance(value, Mapping):
            return _opened(value, _CHANGED)
        place = place_of(mutation)
        name = self.resolver.value(Expression(key, place))
        unseen = held(choice([Unknown(_CHANGED), Missing()]), place)
        return merged([value, self.resolver.containers.entry(name, unseen)])

    def _changed_inside(self, value: Mapping | Collection, place: Place) -> Mapping | Collection:
        """The same dict or list, of which the dicts and lists that it holds are not known any more."""

        def kept(entry: Expression) -> Expression:
            return held(Unknown(_HANDED_ON), place) if is_changeable(self.resolver.value(entry)) else entry

        if isinstance(value, Mapping):
            entries = tuple((key, kept(entry)) for key, entry in value.entries)
            return Mapping(entries, value.unread, value.passed_on)
        return Collection(tuple(map(kept, value.items)), value.unread)

    def _with(
        self, value: Mapping | Collection, mutation: Mutation, certain: bool, frame: Frame | None
    ) -> Mapping | Collection:
        place = place_of(mutation, frame)
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


def is_changeable(value: Value) -> bool:
    """Whether a value is a dict or list, or can be one."""
    return any(isinstance(option, (Mapping, Collection)) for option in options_of(value))


def may_be_dict(value: Value) -> bool:
    """Whether a value is a parameter that can be a dict, or can be one."""
    return any(isinstance(option, Parameter) and option.star != "*" for option in options_of(value))


_MOST_CHANGES = 60
"""How many changes of a dict or list are followed: each of them is gone through for every one after it."""


def _opened(value: Mapping | Collection, reason: str) -> Mapping | Collection:
    """The same dict or list, of which nothing is certain any more."""
    return Mapping((), reason) if isinstance(value, Mapping) else Collection((), reason)


def _without(value: Mapping, key: Constant, place: Place) -> Mapping:
    rest = tuple(entry for entry in value.entries if entry[0] != key.value)
    if value.passed_on or value.unread is not None:
        rest += ((key.value, held(Missing(), place)),)
    return Mapping(rest, value.unread, value.passed_on)


def _only_key(mutation: Mutation) -> cst.SimpleString | None:
    """The key of the only entry that a change makes, changes or takes away, where it is written there."""
    key = mutation.key
    match mutation.call:
        case cst.Call(func=cst.Attribute(attr=cst.Name("pop" | "setdefault")), args=[first, *_]):
            key = first.value
    return key if isinstance(key, cst.SimpleString) else None


def _method(call: cst.Call) -> str:
    return call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
