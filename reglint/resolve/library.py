"""What functions outside the project return, where Python itself says so."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import libcst as cst

from reglint.resolve.containers import UNREADABLE_SPLAT, concatenated
from reglint.resolve.values import (
    Arguments,
    Collection,
    Constant,
    Definition,
    Expression,
    Instance,
    Mapping,
    Partial,
    Place,
    Unknown,
    Value,
    choice,
    held,
    merged,
    options_of,
)

if TYPE_CHECKING:
    from reglint.resolve.evaluate import Resolver

_MOST_STEPS = 256
"""How many numbers of a ``range`` are worked out."""

_Made: TypeAlias = Callable[["Resolver", Arguments, Place], Value | None]


def returned(function: str, resolver: Resolver, arguments: Arguments, place: Place) -> Value | None:
    """What a call of the function of this dotted name returns; None where nothing is known of it."""
    make = _FUNCTIONS.get(function)
    if make is not None:
        return make(resolver, arguments, place)
    calculate = _CALCULATIONS.get(function)
    return _calculated(calculate, resolver, arguments) if calculate is not None else None


def _partial(resolver: Resolver, arguments: Arguments, _: Place) -> Value | None:
    if not arguments.positional:
        return None
    function = resolver.value(arguments.positional[0])
    return choice([Partial(option, arguments.after_self()) for option in options_of(function)])


def _dict(resolver: Resolver, arguments: Arguments, place: Place) -> Value | None:
    parts: list[Mapping] = []
    for positional in arguments.positional:
        value = resolver.value(positional)
        part = resolver.containers.mapping(value, place) or _of_pairs(value, resolver, place)
        parts.append(part or Mapping((), UNREADABLE_SPLAT))
    # The keywords of a call are certain, whatever the others are.
    return merged([*parts, Mapping((), arguments.unread, arguments.passed_on), Mapping(arguments.keywords)])


def _of_pairs(value: Value, resolver: Resolver, place: Place) -> Mapping | None:
    containers = resolver.containers
    pairs = resolver.result(value)
    if not isinstance(pairs, Collection) or pairs.unread is not None:
        return None
    parts: list[Mapping] = []
    for item in pairs.items:
        pair = containers.items(resolver.value(item), place)
        if pair is None or pair.unread is not None or len(pair.items) != 2:
            return None
        parts.append(containers.entry(resolver.value(pair.items[0]), pair.items[1]))
    return merged(parts)


def _fromkeys(resolver: Resolver, arguments: Arguments, place: Place) -> Value | None:
    keys = _list(resolver, arguments, place)
    if not isinstance(keys, Collection) or keys.unread is not None or len(arguments.positional) != 2:
        return None
    each = [resolver.containers.entry(resolver.value(key), arguments.positional[1]) for key in keys.items]
    return merged(each)


def _copy(resolver: Resolver, arguments: Arguments, _: Place) -> Value | None:
    return resolver.value(arguments.positional[0]) if arguments.positional else None


def _list(resolver: Resolver, arguments: Arguments, place: Place) -> Value | None:
    if not arguments.positional:
        return Collection((), arguments.unread)
    return resolver.containers.items(resolver.value(arguments.positional[0]), place)


def _reversed(resolver: Resolver, arguments: Arguments, place: Place) -> Value | None:
    found = _list(resolver, arguments, place)
    if not isinstance(found, Collection) or found.unread is not None:
        return None
    return Collection(found.items[::-1])


def _enumerate(resolver: Resolver, arguments: Arguments, place: Place) -> Value | None:
    found = _list(resolver, arguments, place)
    start = arguments.positional[1] if len(arguments.positional) > 1 else arguments.keyword("start")
    first = resolver.value(start) if start is not None else Constant(0)
    if not (isinstance(found, Collection) and isinstance(first, Constant) and isinstance(first.value, int)):
        return None
    numbered = enumerate(found.items, first.value)
    pairs = [Collection((resolver.containers.constant(number, place), item)) for number, item in numbered]
    return Collection(tuple(held(pair, place) for pair in pairs), found.unread)


def _zip(resolver: Resolver, arguments: Arguments, place: Place) -> Value | None:
    found = [resolver.containers.items(resolver.value(one), place) for one in arguments.positional]
    known = [one for one in found if one is not None]
    if not known or len(known) < len(found) or arguments.unread is not None:
        return None
    pairs = map(Collection, zip(*(one.items for one in known), strict=False))
    unread = next((one.unread for one in known if one.unread is not None), None)
    return Collection(tuple(held(pair, place) for pair in pairs), unread)


def _chain(resolver: Resolver, arguments: Arguments, place: Place) -> Value | None:
    found = [resolver.containers.items(resolver.value(one), place) for one in arguments.positional]
    known = [one for one in found if one is not None]
    return concatenated(known) if len(known) == len(found) and arguments.unread is None else None


def _range(resolver: Resolver, arguments: Arguments, place: Place) -> Value | None:
    ends = [resolver.settled(resolver.value(one)) for one in arguments.positional]
    numbers = [end.value for end in ends if isinstance(end, Constant) and type(end.value) is int]
    if arguments.unread is not None or not 0 < len(ends) == len(numbers) <= 3 or 0 in numbers[2:]:
        return None
    steps = range(*numbers)
    if len(steps) > _MOST_STEPS:
        return None
    return Collection(tuple(resolver.containers.constant(step, place) for step in steps))


def _len(resolver: Resolver, arguments: Arguments, _: Place) -> Value | None:
    match [resolver.contents(one) for one in arguments.positional]:
        case [Collection(items, None)]:
            return Constant(len(items))
        case [Mapping(entries, None, ())]:
            return Constant(len(entries))
        case [Constant(str(text))]:
            return Constant(len(text))
    return None


def _module(resolver: Resolver, arguments: Arguments, place: Place) -> Value | None:
    """``importlib.import_module(name, package)``, ``pytest.importorskip(name)``."""
    name = _text(resolver, arguments, 0, "name")
    if name is None:
        return _modules(resolver, arguments, place)
    if name.startswith("."):
        package = arguments.positional[1] if len(arguments.positional) > 1 else arguments.keyword("package")
        around = resolver.value(package) if package is not None else None
        return resolver.names.relative_module(name, around, place.scope.index)
    return resolver.names.module(name, place.scope.index.path)


def _modules(resolver: Resolver, arguments: Arguments, place: Place) -> Value | None:
    """The module that is imported where its name is one of several: ``"keras" if old else "tensorflow.keras"``."""
    if not arguments.positional:
        return None
    names = [
        option.value
        for option in options_of(resolver.settled(resolver.value(arguments.positional[0])))
        if isinstance(option, Constant) and isinstance(option.value, str) and not option.value.startswith(".")
    ]
    return choice([resolver.names.module(name, place.scope.index.path) for name in names]) if names else None


def _top_module(resolver: Resolver, arguments: Arguments, place: Place) -> Value | None:
    """``__import__("a.b")`` gives ``a`` unless names to take from ``a.b`` are passed."""
    name = _text(resolver, arguments, 0, "name")
    if name is None:
        return None
    taken = len(arguments.positional) > 3 or arguments.keyword("fromlist") is not None
    return resolver.names.module(name if taken else name.split(".")[0], place.scope.index.path)


def is_lazy_loader(arguments: Arguments) -> bool:
    """Whether a call is ``LazyLoader("keras", globals(), "tensorflow.keras")``, as TensorFlow has it.

    Projects have copies of that class; no other call looks like this.
    """
    match arguments.positional:
        case [_, Expression(node=cst.Call(func=cst.Name(value="globals"), args=())), _]:
            return True
    return False


def module_of(arguments: Arguments, resolver: Resolver, place: Place) -> Value | None:
    """The module that a lazy loader stands for."""
    name = _text(resolver, arguments, 2, "name")
    return resolver.names.module(name, place.scope.index.path) if name is not None else None


def _getattr(resolver: Resolver, arguments: Arguments, _: Place) -> Value | None:
    if len(arguments.positional) < 2:
        return None
    base, name = map(resolver.value, arguments.positional[:2])
    return resolver.named_attribute(base, name)


def _type(resolver: Resolver, arguments: Arguments, place: Place) -> Value | None:
    if len(arguments.positional) == 3:
        return _new_class(resolver, *arguments.positional[1:], place)
    if len(arguments.positional) != 1:
        return None
    made = options_of(resolver.value(arguments.positional[0]))
    classes: list[Value] = [
        each.maker for each in made if isinstance(each, Instance) and _is_class(each.maker)
    ]
    return choice(classes) if len(classes) == len(made) else None


def _new_class(resolver: Resolver, bases: Expression, attributes: Expression, place: Place) -> Value | None:
    """``type(name, (base,), {...})``: its base, with what the ``__init__`` of the class hands to it."""
    found = resolver.containers.items(resolver.value(bases), place)
    own = resolver.containers.mapping(resolver.contents(attributes), place)
    if found is None or found.unread is not None or len(found.items) != 1:
        return None
    base = resolver.result(resolver.value(found.items[0]))
    known = own is not None and own.unread is None and not own.passed_on
    init = dict(own.entries).get("__init__") if own is not None else None
    if known and init is None:
        return base
    handed_on = _handed_on(resolver.value(init), resolver) if known and init is not None else None
    bound = Arguments(unread=_HANDED_ON)
    if handed_on is not None:
        bound = Arguments(keywords=tuple((name, held(Unknown(_HANDED_ON), place)) for name in handed_on))
    return choice([Partial(option, bound) for option in options_of(base)])


_HANDED_ON = "what the __init__ of a class made at run time hands on"


def _handed_on(init: Value, resolver: Resolver) -> list[str] | None:
    """What an ``__init__`` may change of what it hands to its base's; None if that is not all that it is given."""
    if not isinstance(init, Definition) or not isinstance(init.node, cst.FunctionDef):
        return None
    calls = resolver.handed_up(init.scope)
    if len(calls) != 1 or len(init.node.params.params) != 1:
        return None
    (call,) = calls
    as_given = not call.positional and call.rest is not None and len(call.passed_on) == 1
    return [name for name, _ in call.keywords] if as_given else None


def _is_class(maker: Value) -> bool:
    return isinstance(maker, Definition) and isinstance(maker.node, cst.ClassDef)


def _text(resolver: Resolver, arguments: Arguments, position: int, keyword: str) -> str | None:
    if position < len(arguments.positional):
        given: Expression | None = arguments.positional[position]
    else:
        given = arguments.keyword(keyword)
    value = resolver.settled(resolver.value(given)) if given is not None else None
    return value.value if isinstance(value, Constant) and isinstance(value.value, str) else None


_FUNCTIONS: dict[str, _Made] = {
    "functools.partial": _partial,
    "builtins.dict": _dict,
    "collections.OrderedDict": _dict,
    "builtins.dict.fromkeys": _fromkeys,
    "copy.copy": _copy,
    "copy.deepcopy": _copy,
    "types.MappingProxyType": _copy,
    "builtins.list": _list,
    "builtins.tuple": _list,
    "builtins.iter": _list,
    "builtins.reversed": _reversed,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "itertools.chain": _chain,
    "builtins.range": _range,
    "builtins.len": _len,
    "importlib.import_module": _module,
    "pytest.importorskip": _module,
    "builtins.__import__": _top_module,
    "builtins.getattr": _getattr,
    "builtins.type": _type,
}

_CALCULATIONS: dict[str, Callable[..., object]] = {
    "builtins.float": float,
    "builtins.int": int,
    "builtins.str": str,
    "builtins.bool": bool,
    "builtins.abs": abs,
    "builtins.round": round,
    "builtins.min": min,
    "builtins.max": max,
    "builtins.pow": pow,
    "math.pow": math.pow,
    "math.sqrt": math.sqrt,
    "math.exp": math.exp,
    "math.log": math.log,
    "math.log10": math.log10,
}


def _calculated(function: Callable[..., object], resolver: Resolver, arguments: Arguments) -> Value | None:
    """What a function gives for constants."""
    given = [resolver.settled(resolver.value(one)) for one in arguments.positional]
    constants = [value.value for value in given if isinstance(value, Constant)]
    if arguments.keywords or arguments.unread is not None or not given or len(constants) < len(given):
        return None
    try:
        value = function(*constants)
    except (ArithmeticError, TypeError, ValueError):
        return None
    return Constant(value) if isinstance(value, (str, int, float)) else None
