"""Dicts, lists and tuples as values: how they are written, joined, looked into and iterated over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from reglint.resolve.bind import left_open
from reglint.resolve.values import (
    Arguments,
    Choice,
    Collection,
    Constant,
    Expression,
    External,
    Frame,
    Instance,
    Mapping,
    Missing,
    Parameter,
    Place,
    Unknown,
    Value,
    choice,
    entry_of,
    held,
    merged,
    options_of,
)

if TYPE_CHECKING:
    from reglint.resolve.evaluate import Resolver

UNREADABLE_SPLAT = "a splat whose contents could not be read"
_UNREADABLE_LIST = "a list whose contents could not be read"
METHODS = frozenset({"get", "pop", "setdefault", "copy", "keys", "values", "items"})
"""The methods of dicts and lists whose result is worked out."""
_CHOSEN_LATER = Unknown("an entry that is chosen at run time")
_MOST_ITEMS = 256
"""How many items a list may have that is worked out rather than written down."""


class Containers:
    """Reads dicts and lists for a resolver."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver

    # What a value is as a dict or a list

    def mapping(self, value: Value, place: Place) -> Mapping | None:
        """The dict that a value is; where it is one of several dicts, what is true of each of them."""
        value = self.resolver.result(value)
        if isinstance(value, Mapping):
            return value
        if isinstance(value, Parameter):
            return as_dict(value)
        if not isinstance(value, Choice):
            return None
        # Where None is splatted or merged, the program ends.
        options = [self.mapping(option, place) for option in value.options if option != Constant(None)]
        known = [option for option in options if option is not None]
        return self.either(known, place) if known and len(known) == len(options) else None

    def either(self, options: list[Mapping], place: Place) -> Mapping:
        """What is certain of a dict that is one of ``options``."""
        each = [dict(option.entries) for option in options]
        unread = next((option.unread for option in options if option.unread is not None), None)
        passed_on = options[0].passed_on
        if unread is None and any(option.passed_on != passed_on for option in options):
            return Mapping((), None, (Choice(tuple(options)),))
        entries: list[tuple[object, Expression]] = []
        for key in dict.fromkeys(key for one in each for key in one):
            found = [one.get(key) for one in each]
            first = found[0]
            if first is not None and all(entry is first for entry in found):
                entries.append((key, first))
                continue
            if unread is not None and None in found:
                continue
            absent = left_open(Arguments(passed_on=passed_on), str(key)) or Missing()
            values = [self.resolver.value(entry) if entry is not None else absent for entry in found]
            entries.append((key, held(choice(values), place)))
        return Mapping(tuple(entries), unread, passed_on if unread is None else ())

    def items(self, value: Value, place: Place) -> Collection | None:
        """What iterating over a value gives; None where that is not known."""
        value = self.resolver.result(value)
        match value:
            case Collection():
                return value
            case Mapping():
                keys = tuple(self.constant(key, place) for key, _ in value.entries)
                return Collection(keys, value.unread or ("what callers pass on" if value.passed_on else None))
        return None

    # How they are written

    def list_(self, node: cst.Tuple | cst.List | cst.Set, place: Place) -> Collection:
        """A tuple, list or set as it is written."""
        parts: list[Collection] = []
        for element in node.elements:
            expression = Expression(element.value, place)
            if isinstance(element, cst.StarredElement):
                inner = self.items(self.resolver.value(expression), place)
                parts.append(inner or Collection((), _UNREADABLE_LIST))
            else:
                parts.append(Collection((expression,)))
        return concatenated(parts)

    def dict_(self, node: cst.Dict, place: Place) -> Mapping:
        """A dict as it is written."""
        parts: list[Mapping] = []
        for element in node.elements:
            if isinstance(element, cst.StarredDictElement):
                inner = self.mapping(self.resolver.value(Expression(element.value, place)), place)
                parts.append(inner or Mapping((), UNREADABLE_SPLAT))
                continue
            assert isinstance(element, cst.DictElement)
            parts.append(
                self.entry(
                    self.resolver.value(Expression(element.key, place)), Expression(element.value, place)
                )
            )
        return merged(parts)

    def entry(self, key: Value, value: Expression) -> Mapping:
        """The dict ``{key: value}``."""
        if isinstance(key, Constant):
            return Mapping(((key.value, value),))
        parts = self._parts(key)
        if parts is not None and all(len(part) == 1 for part in parts):
            return Mapping(((tuple(constant for part in parts for constant in part), value),))
        return Mapping((), "a dict with keys that could not be read")

    def _parts(self, key: Value) -> tuple[tuple[object, ...], ...] | None:
        """The constants that each item of a tuple can be, none where it can be anything; None for what is no tuple."""
        if not isinstance(key, Collection) or key.unread is not None:
            return None
        items = [options_of(self.resolver.settled(self.resolver.value(item))) for item in key.items]
        return tuple(
            tuple(option.value for option in item if isinstance(option, Constant))
            if all(isinstance(option, Constant) for option in item)
            else ()
            for item in items
        )

    def comprehension(self, node: cst.BaseComp, place: Place) -> Value:
        """A comprehension over something whose items are known."""
        loop = node.for_in
        unread = Unknown("a comprehension over what is not in the code")
        if loop.inner_for_in is not None or loop.asynchronous is not None:
            return unread
        over = self.items(self.resolver.value(Expression(loop.iter, place)), place)
        if over is None or over.unread is not None or len(over.items) > _MOST_ITEMS:
            return unread
        lists: list[Collection] = []
        dicts: list[Mapping] = []
        for item in over.items:
            inside = self._iteration(node, loop, item, place)
            if inside is None:
                return unread
            tests = [self.resolver.value(Expression(entry.test, inside)) for entry in loop.ifs]
            if not all(isinstance(test, Constant) for test in tests):
                return unread
            if not all(isinstance(test, Constant) and test.value for test in tests):
                continue
            if isinstance(node, cst.DictComp):
                key = self.resolver.value(Expression(node.key, inside))
                dicts.append(self.entry(key, Expression(node.value, inside)))
            elif isinstance(node, cst.BaseSimpleComp):
                lists.append(Collection((Expression(node.elt, inside),)))
        return merged(dicts) if isinstance(node, cst.DictComp) else concatenated(lists)

    def _iteration(
        self, node: cst.CSTNode, loop: cst.CompFor, item: Expression, place: Place
    ) -> Place | None:
        """The inside of a comprehension in the iteration for one item."""
        scope = place.scope.index.scopes[node]
        keywords: list[tuple[str, Expression]] = []
        pending: list[tuple[cst.CSTNode, Expression]] = [(loop.target, item)]
        while pending:
            target, held = pending.pop()
            match target:
                case cst.Name():
                    keywords.append((target.value, held))
                case cst.Tuple() | cst.List():
                    inner = self.items(self.resolver.value(held), place)
                    if inner is None or inner.unread is not None or len(inner.items) != len(target.elements):
                        return None
                    pending += zip((element.value for element in target.elements), inner.items, strict=True)
                case _:
                    return None
        frame = Frame(scope, Arguments((), tuple(keywords)), None, place.frame)
        return Place(scope, place.order, (), frame)

    # How they are joined

    def joined(self, left: Value, right: Value, operator: cst.BaseBinaryOp, place: Place) -> Value | None:
        """``dict | dict``, ``list + list``, ``list * number``; None where it is none of these."""
        if isinstance(operator, cst.BitOr):
            dicts = [self.mapping(value, place) for value in (left, right)]
            # Two parameters can be numbers as well.
            if any(
                one is not None and not _is_any(value)
                for one, value in zip(dicts, (left, right), strict=True)
            ):
                return merged([one or Mapping((), UNREADABLE_SPLAT) for one in dicts])
        if isinstance(operator, cst.Add) and isinstance(left, Collection):
            other = right if isinstance(right, Collection) else Collection((), _UNREADABLE_LIST)
            return concatenated([left, other])
        if isinstance(operator, cst.Multiply):
            if not isinstance(left, Collection):
                left, right = right, left
            if isinstance(left, Collection):
                times = right.value if isinstance(right, Constant) else None
                if isinstance(times, int) and len(left.items) * times <= _MOST_ITEMS:
                    return concatenated([left] * times)
                return Collection((), _UNREADABLE_LIST)
        return None

    # How they are looked into

    def subscript(self, node: cst.Subscript, place: Place) -> Value:
        """``base[key]``, ``base[start:stop]``."""
        resolver = self.resolver
        indices = [element.slice for element in node.slice]
        if len(indices) > 1 and all(isinstance(index, cst.Index) for index in indices):
            base = resolver.contents(Expression(node.value, place))
            key = Collection(
                tuple(Expression(index.value, place) for index in indices if isinstance(index, cst.Index))
            )
            return self.chosen(base, held(key, place)) or _CHOSEN_LATER
        if len(indices) == 1:
            base = resolver.contents(Expression(node.value, place))
            inside = indices[0]
            if isinstance(inside, cst.Index):
                found = self._of_namespace(base, Expression(inside.value, place))
                if found is not None:
                    return found
                found = self.chosen(base, Expression(inside.value, place))
                if found is not None:
                    return found
            elif isinstance(base, Collection):
                return self._sliced(base, inside, place)
        return _CHOSEN_LATER

    def _of_namespace(self, base: Value, key: Expression) -> Value | None:
        """``globals()[key]``, ``vars(module)[key]``, ``module.__dict__[key]``, ``sys.modules[key]``."""
        resolver, index = self.resolver, key.place.scope.index
        match base:
            case Instance(External("builtins.globals")):
                name = resolver.value(key)
                if isinstance(name, Constant) and isinstance(name.value, str):
                    return resolver.names.member(index, name.value)
            case Instance(External("builtins.vars"), Arguments([module])):
                return resolver.named_attribute(resolver.value(module), resolver.value(key))
            case External("sys.modules"):
                name = resolver.value(key)
                if isinstance(name, Constant) and isinstance(name.value, str):
                    return resolver.names.module(name.value, index.path)
            case External(dotted) if dotted.endswith(".__dict__"):
                return resolver.named_attribute(
                    External(dotted.removesuffix(".__dict__")), resolver.value(key)
                )
        return None

    def chosen(self, base: Value, key: Expression, default: Value | None = None) -> Value | None:
        """The entry of a dict or list that a key picks; None where that is not known.

        ``default``: what it is where there is no such entry. A key that is not known picks any of the entries.
        """
        resolver = self.resolver
        # Where None is looked into, or a dict for what it has not, the program ends.
        options = [option for option in options_of(base) if option != Constant(None)]
        if len(options) > 1 and all(isinstance(option, (Mapping, Collection)) for option in options):
            if default is None:
                options = [option for option in options if not self._lacks(option, key)] or options
            found = [self.chosen(option, key, default) for option in options]
            return choice([option or Unknown("an entry that is not there") for option in found])
        if len(options) > 1:
            base = self.mapping(base, key.place) or base
        at = resolver.value(key)
        if isinstance(base, (Mapping, Collection)) and not isinstance(at, Constant):
            at = resolver.settled(at)
        if isinstance(at, Choice) and all(isinstance(option, Constant) for option in at.options):
            picked = [self._picked(base, option, default) for option in at.options]
            return choice([option or Unknown("an entry that is not there") for option in picked])
        return self._picked(base, at, default)

    def _lacks(self, base: Value, key: Expression) -> bool:
        """Whether a dict is certain to have no entry for a key."""
        match base, self.resolver.value(key):
            case Mapping(entries, None, ()), Constant(constant):
                return constant not in dict(entries)
        return False

    def _picked(self, base: Value, key: Value, default: Value | None) -> Value | None:
        resolver = self.resolver
        parts = self._parts(key)
        if parts is not None and isinstance(base, Mapping):
            if base.unread is not None or base.passed_on:
                return None
            fitting = [resolver.value(entry) for written, entry in base.entries if _fits(written, parts)]
            certain = all(len(part) == 1 for part in parts)
            others = [default] if default is not None and not (fitting and certain) else []
            return choice([*fitting, *others]) if fitting or others else None
        if not isinstance(key, Constant):
            match base:
                case Mapping(entries, None, ()) if 0 < len(entries) <= _MOST_ITEMS:
                    any_of = [resolver.value(entry) for _, entry in entries]
                    return choice([*any_of, *([default] if default is not None else [])])
                case Collection(items, None) if 0 < len(items) <= _MOST_ITEMS:
                    return choice([resolver.value(item) for item in items])
            return None
        if isinstance(base, Mapping):
            entry = dict(base.entries).get(key.value)
            if entry is not None:
                return resolver.value(entry)
            if base.unread is None and not base.passed_on:
                return default
        if isinstance(base, Collection) and isinstance(key.value, int):
            first = 0 if base.unread is not None else -len(base.items)
            in_range = first <= key.value < len(base.items)
            return resolver.value(base.items[key.value]) if in_range else None
        handed_in = isinstance(base, Parameter) or (
            isinstance(base, Mapping) and (base.unread is not None or bool(base.passed_on))
        )
        if handed_in and isinstance(key.value, str):
            module = resolver.externals.injected(key.value)
            if module is not None:
                return External(module, injected=True)
            return _entry_passed(base, key.value, default)
        return None

    def _sliced(self, base: Collection, inside: cst.BaseSlice, place: Place) -> Value:
        assert isinstance(inside, cst.Slice)
        ends: list[int | None] = []
        for end in (inside.lower, inside.upper, inside.step):
            value = self.resolver.value(Expression(end, place)) if end is not None else Constant(None)
            if not isinstance(value, Constant) or not (value.value is None or isinstance(value.value, int)):
                return Collection((), _UNREADABLE_LIST)
            ends.append(value.value)
        if base.unread is not None or ends[2] == 0:
            return Collection((), base.unread or _UNREADABLE_LIST)
        return Collection(base.items[slice(*ends)])

    # Their methods

    def method(self, base: Value, name: str, node: cst.Call, place: Place) -> Value | None:
        """What a method of a dict, or of what may be one, returns; None where that is not known."""
        resolver = self.resolver
        match name, node.args:
            case (("get" | "pop" | "setdefault"), [key, *rest]) if not key.star and key.keyword is None:
                if rest:
                    default: Value | None = resolver.value(Expression(rest[0].value, place))
                else:
                    default = None if name == "pop" else Constant(None)
                return self.chosen(base, Expression(key.value, place), default)
            case "copy", []:
                return base if isinstance(base, (Mapping, Collection)) else self.mapping(base, place)
        known = self.mapping(base, place)
        if known is None or node.args:
            return None
        entries, unread = known.entries, known.unread
        if known.passed_on:
            unread = unread or "what callers pass on"
        match name:
            case "keys":
                return Collection(tuple(self.constant(key, place) for key, _ in entries), unread)
            case "values":
                return Collection(tuple(entry for _, entry in entries), unread)
            case "items":
                pairs = [Collection((self.constant(key, place), entry)) for key, entry in entries]
                return Collection(tuple(held(pair, place) for pair in pairs), unread)
        return None

    def constant(self, value: object, place: Place) -> Expression:
        """A constant, or a tuple of them, as an item of a list or an entry of a dict."""
        if isinstance(value, tuple):
            return held(Collection(tuple(self.constant(each, place) for each in value)), place)
        assert value is None or isinstance(value, (str, bytes, int, float, complex))
        return held(Constant(value), place)


def _fits(written: object, parts: tuple[tuple[object, ...], ...]) -> bool:
    """Whether a key of a dict can be the tuple whose items can be ``parts``."""
    return (
        isinstance(written, tuple)
        and len(written) == len(parts)
        and all(not part or item in part for item, part in zip(written, parts, strict=True))
    )


def _is_any(value: Value) -> bool:
    """Whether a value is a parameter that need not be a dict."""
    return isinstance(value, Parameter) and not value.star


def as_dict(parameter: Parameter) -> Mapping | None:
    """A parameter as a dict; None where it is none."""
    return Mapping((), None, (parameter,)) if parameter.star != "*" else None


def _entry_passed(base: Value, key: str, default: Value | None) -> Parameter | None:
    """An entry of a parameter of a function: callers pass it in a dict, or like any other argument."""
    known = as_dict(base) if isinstance(base, Parameter) else base
    if not isinstance(known, Mapping) or known.unread is not None or len(known.passed_on) != 1:
        return None
    return entry_of(known.passed_on[0], key, default)


def concatenated(parts: list[Collection]) -> Collection:
    """The list that starts with the items of all ``parts``, as far as they are known."""
    items: list[Expression] = []
    for part in parts:
        items += part.items
        if part.unread is not None:
            return Collection(tuple(items), part.unread)
    return Collection(tuple(items))
