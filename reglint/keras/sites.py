"""The layer constructors of a module, each with what regularizes its weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import libcst as cst

from reglint.keras import penalty as penalties
from reglint.keras.catalog import ROLES, Generation, Layer, Weight, load
from reglint.keras.names import KerasName, keras_name
from reglint.keras.penalty import Penalty
from reglint.resolve.values import (
    Arguments,
    Constant,
    Definition,
    Expression,
    External,
    Instance,
    Parameter,
    Place,
    Unknown,
    Value,
    options_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.resolve.evaluate import Resolver
    from reglint.resolve.scopes import CallRecord, ModuleIndex

State = Literal["set", "absent", "none", "passed", "unknown"]


@dataclass(frozen=True, slots=True)
class WeightUse:
    """What regularizes one weight of a constructed layer.

    ``set``: by ``penalty``. ``absent``: no argument. ``none``: the argument is None. ``passed``: the argument is a
    parameter of the function around it. ``unknown``: it could not be read, for ``reason``.
    """

    weight: Weight
    state: State
    penalty: Penalty | None = None
    reason: str | None = None
    argument: Expression | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """One call that constructs a layer with weights."""

    call: cst.Call
    place: Place
    name: KerasName
    layer: Layer
    generation: Generation
    arguments: Arguments
    weights: tuple[WeightUse, ...]
    """The weights that the layer is certain to have, its ``activity`` among them where it takes a regularizer."""


def find_sites(index: ModuleIndex, resolver: Resolver, generation: Generation | None) -> Iterator[Site]:
    """The layer constructors of a module, in the order of the source.

    ``generation`` is the Keras that the project runs on; None takes it from each import, and 3 where that is silent.
    """
    for record in index.calls:
        site = _site(record, resolver, generation)
        if site is not None:
            yield site


def _site(record: CallRecord, resolver: Resolver, generation: Generation | None) -> Site | None:
    place = Place(record.scope, record.order, record.path)
    names = []
    made = resolver.value(Expression(record.node, place))
    for option in options_of(made):
        if not (isinstance(option, Instance) and isinstance(option.maker, External)):
            return None
        name = keras_name(option.maker.name)
        if name is None or not name.path.startswith("layers."):
            return None
        names.append((name, option.arguments))
    if not names:
        return None
    name, arguments = names[0]
    generation = generation or name.generation or 3
    layer = load(generation).layer(name.last)
    # A choice of classes is a site when it is one layer class, imported in one of several ways.
    if layer is None or not layer.weights or any(load(generation).layer(other.last) != layer for other, _ in names[1:]):
        return None
    weights = tuple(
        _weight_use(weight, layer, arguments, resolver, generation)
        for weight in map(layer.weight, ROLES)
        if weight is not None and _has_weight(weight, layer, arguments, resolver)
    )
    return Site(record.node, place, name, layer, generation, arguments, weights)


def _argument(name: str, layer: Layer, arguments: Arguments) -> Expression | None:
    passed = arguments.keyword(name)
    if passed is None and name in layer.parameters:
        position = layer.parameters.index(name)
        if position < len(arguments.positional):
            return arguments.positional[position]
    return passed


def _has_weight(weight: Weight, layer: Layer, arguments: Arguments, resolver: Resolver) -> bool:
    """Whether the layer is certain to have the weight (``use_bias=False`` leaves the bias out)."""
    if weight.switch is None:
        return True
    argument = _argument(weight.switch, layer, arguments)
    if argument is None:
        return weight.default and arguments.unread is None
    value = resolver.value(argument)
    return isinstance(value, Constant) and bool(value.value)


def _weight_use(
    weight: Weight, layer: Layer, arguments: Arguments, resolver: Resolver, generation: Generation
) -> WeightUse:
    argument = _argument(weight.argument, layer, arguments)
    if argument is None:
        if arguments.unread is not None:
            return WeightUse(weight, "unknown", reason=arguments.unread)
        return WeightUse(weight, "absent")
    uses = [
        _read(option, weight, argument, resolver, generation)
        for option in options_of(resolver.value(argument))
    ]
    if any(use != uses[0] for use in uses):
        return WeightUse(weight, "unknown", reason="it is one of several", argument=argument)
    return uses[0]


def _read(
    value: Value, weight: Weight, argument: Expression, resolver: Resolver, generation: Generation
) -> WeightUse:
    """The regularizer that an argument's value is."""

    def unknown(reason: str) -> WeightUse:
        return WeightUse(weight, "unknown", reason=reason, argument=argument)

    read: Penalty | penalties.InvalidPenalty | None
    match value:
        case Constant(None):
            return WeightUse(weight, "none", argument=argument)
        case Constant(str(text)):
            read = penalties.from_string(text, generation)
        case Constant(other):
            return unknown(f"{other!r} is no regularizer")
        case Instance(External(dotted), passed) if _regularizer(dotted):
            if passed.unread is not None:
                return unknown(passed.unread)
            positional = [_strength(resolver.value(factor)) for factor in passed.positional]
            keywords = {name: _strength(resolver.value(factor)) for name, factor in passed.keywords}
            read = penalties.read(_regularizer(dotted), positional, keywords, generation)
        case External(dotted) if _regularizer(dotted):
            read = penalties.from_class(_regularizer(dotted), generation)
        case Instance(Definition(cst.ClassDef() as made)):
            read = Penalty(other=made.name.value)
        case Definition(cst.FunctionDef() as function):
            read = Penalty(other=function.name.value)
        case Definition(cst.Lambda()):
            read = Penalty(other="a lambda")
        case Parameter():
            return WeightUse(
                weight, "passed", reason=f'the parameter "{value.name}" decides it', argument=argument
            )
        case Unknown(reason):
            return unknown(reason)
        case _:
            return unknown("its value is worked out at run time")
    if isinstance(read, Penalty):
        return WeightUse(weight, "set", penalty=read, argument=argument)
    return unknown(read.reason if read is not None else "it is no regularizer that reglint knows")


def _regularizer(dotted: str) -> str:
    """``l2`` for a regularizer of Keras, else an empty string."""
    name = keras_name(dotted)
    return name.last if name is not None and name.module == "regularizers" else ""


def _strength(value: Value) -> penalties.Factor:
    """The constant that a factor is; None where it is not known."""
    if isinstance(value, Constant):
        return penalties.NONE if value.value is None else value.value
    return None
