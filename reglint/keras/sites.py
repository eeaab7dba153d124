"""The layer constructors of a module, each with what regularizes its weights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import libcst as cst

from reglint.keras import penalty as penalties
from reglint.keras.catalog import ROLES, Generation, Layer, Weight, load
from reglint.keras.names import KerasName, keras_name
from reglint.keras.penalty import Penalty
from reglint.resolve.bind import left_open
from reglint.resolve.scopes import dotted_name
from reglint.resolve.values import (
    Arguments,
    Constant,
    Definition,
    Expression,
    External,
    Instance,
    Missing,
    Parameter,
    Partial,
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
Via = Literal["direct", "partial", "subclass", "injected", "dynamic"]


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
    made: Expression | None = None
    """The call that makes the regularizer, wherever it stands."""
    certain: bool = True
    """Whether the layer is certain to have the weight; if not, this is what regularizes it where it has it."""


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
    """The weights that the layer can have, its ``activity`` among them where it takes a regularizer."""
    project_class: str | None = None
    """The project's own class that is constructed, where that is a subclass of the layer."""

    via: Via = "direct"
    """How the class was reached: ``dynamic`` by a call or a subscript, ``injected`` handed in at run time."""

    @property
    def class_name(self) -> str:
        """The class as the code knows it: ``Dense``, or ``Mine`` for the project's subclass of it."""
        return self.project_class or self.layer.name


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
    callee = resolver.value(Expression(record.node.func, place))
    if not any(_may_construct(option, generation) for option in options_of(callee)):
        return None
    found = [
        layer
        for option in options_of(resolver.value(Expression(record.node, place)))
        for layer in _constructed(option, resolver, generation)
    ]
    # A choice of classes is a site when those of Keras are one class, imported or built in one of several ways.
    # What is imported says more of the generation than what is handed in.
    found.sort(key=lambda made: made.injected)
    if not found or any(other.layer.name != found[0].layer.name for other in found):
        return None
    first = found[0]
    weights = tuple(
        use
        for weight in map(first.layer.weight, ROLES)
        if weight is not None and (use := _weight_use(weight, first, resolver)) is not None
    )
    return Site(
        record.node,
        place,
        first.name,
        first.layer,
        first.generation,
        first.arguments,
        weights,
        first.project_class,
        _via(record, first, resolver),
    )


def _may_construct(callee: Value, generation: Generation | None) -> bool:
    """Whether calling a value can make a layer: most calls of a module cannot, and need no further look."""
    match callee:
        case External(dotted):
            name = keras_name(dotted)
            return name is not None and _layer(name, generation) is not None
        case Definition(node):
            return isinstance(node, cst.ClassDef)
        case Instance(maker):
            return isinstance(maker, Definition)
        case Partial():
            return True
    return False


def _via(record: CallRecord, made: _Constructed, resolver: Resolver) -> Via:
    if made.project_class is not None:
        return "subclass"
    callee = resolver.value(Expression(record.node.func, Place(record.scope, record.order, record.path)))
    if any(isinstance(option, Partial) for option in options_of(callee)):
        return "partial"
    if made.injected:
        return "injected"
    return "direct" if dotted_name(record.node.func) is not None else "dynamic"


@dataclass(frozen=True, slots=True)
class _Constructed:
    """A Keras layer that a call constructs, and with which arguments."""

    name: KerasName
    layer: Layer
    generation: Generation
    arguments: Arguments
    injected: bool
    project_class: str | None


def _constructed(value: Value, resolver: Resolver, generation: Generation | None) -> Iterator[_Constructed]:
    """The Keras layers that a value is an instance of: its class, or the base classes of a project class."""
    pending: list[tuple[Value, Arguments, str | None, int]] = []
    if isinstance(value, Instance):
        pending.append((value.maker, value.arguments, None, 0))
    while pending:
        maker, arguments, project_class, depth = pending.pop()
        if isinstance(maker, External):
            name = keras_name(maker.name)
            found = _layer(name, generation) if name is not None else None
            if name is not None and found is not None:
                yield _Constructed(name, *found, arguments, maker.injected, project_class)
        elif isinstance(maker, Definition) and isinstance(maker.node, cst.ClassDef) and depth < _MOST_BASES:
            own = project_class or maker.node.name.value
            instance = value if depth == 0 and isinstance(value, Instance) else Instance(maker, arguments)
            pending += [(base, built, own, depth + 1) for base, built in resolver.constructed(instance)]


_MOST_BASES = 8
"""How many classes may stand between a project class and the Keras layer that it is."""


def _layer(name: KerasName, generation: Generation | None) -> tuple[Layer, Generation] | None:
    """The layer class of a name, in the Keras that the project runs on, or else in the one that has it."""
    if not name.path.startswith("layers."):
        return None
    wanted = generation or name.generation
    for candidate in (wanted,) if wanted is not None else (3, 2):
        layer = load(candidate).layer(name.last)
        if layer is not None:
            return (layer, candidate) if layer.weights else None
    return None


def _argument(name: str, layer: Layer, arguments: Arguments) -> Expression | None:
    passed = arguments.keyword(name)
    if passed is None and name in layer.parameters:
        position = layer.parameters.index(name)
        if position < len(arguments.positional):
            return arguments.positional[position]
    return passed


def _passed(name: str, made: _Constructed, resolver: Resolver) -> Value:
    """What a layer gets for an argument, in the call or by a splat."""
    argument = _argument(name, made.layer, made.arguments)
    if argument is not None:
        return resolver.value(argument)
    return left_open(made.arguments, name) or Missing()


def _presence(weight: Weight, made: _Constructed, resolver: Resolver) -> bool | None:
    """Whether the layer has the weight (``use_bias=False`` leaves the bias out); None where that is not known."""
    if weight.switch is None:
        return True
    answers = {
        weight.default
        if isinstance(option, Missing)
        else bool(option.value)
        if isinstance(option, Constant)
        else None
        for option in options_of(resolver.settled(_passed(weight.switch, made, resolver)))
    }
    return answers.pop() if len(answers) == 1 else None


def _weight_use(weight: Weight, made: _Constructed, resolver: Resolver) -> WeightUse | None:
    """What regularizes a weight; None where the layer does not have it."""
    present = _presence(weight, made, resolver)
    if present is False:
        return None
    argument = _argument(weight.argument, made.layer, made.arguments)
    value = _given(resolver.result(_passed(weight.argument, made, resolver)), resolver)
    uses = [
        _read(_given(option, resolver), weight, argument, resolver, made.generation)
        for option in options_of(resolver.settled(value, uncalled=True))
    ]
    use = uses[0]
    if any((other.state, other.penalty) != (use.state, use.penalty) for other in uses):
        use = WeightUse(weight, "unknown", reason="it is one of several", argument=argument)
    return use if present else replace(use, certain=False)


def _given(value: Value, resolver: Resolver) -> Value:
    """The same value, with ``regularizers.get(x)`` replaced by ``x``."""
    match value:
        case Instance(External(dotted), passed) if (
            _regularizer(dotted) in ("get", "deserialize") and passed.positional
        ):
            return resolver.result(resolver.value(passed.positional[0]))
        case _:
            return value


def _read(
    value: Value, weight: Weight, argument: Expression | None, resolver: Resolver, generation: Generation
) -> WeightUse:
    """The regularizer that an argument's value is."""

    def unknown(reason: str) -> WeightUse:
        return WeightUse(weight, "unknown", reason=reason, argument=argument)

    read: Penalty | penalties.InvalidPenalty | None
    match value:
        case Missing():
            return WeightUse(weight, "absent")
        case Parameter(name=name, star=""):
            # Nobody in the project calls the function: what it is given is for its users to say.
            reason = f'the parameter "{name}" decides it'
            return WeightUse(weight, "passed", reason=reason, argument=argument)
        case Constant(None):
            return WeightUse(weight, "none", argument=argument)
        case Constant(str(text)):
            read = penalties.from_string(text, generation)
        case Constant(other):
            return unknown(f"{other!r} is no regularizer")
        case Instance(External(dotted), passed) if _regularizer(dotted):
            if passed.unread is not None:
                return unknown(passed.unread)
            positional = [_strength(resolver.settled(resolver.value(factor))) for factor in passed.positional]
            keywords = {
                name: _strength(resolver.settled(resolver.value(factor))) for name, factor in passed.keywords
            }
            read = penalties.read(_regularizer(dotted), positional, keywords, generation)
        case External(dotted) if _regularizer(dotted):
            read = penalties.from_class(_regularizer(dotted), generation)
        case Instance(Definition(cst.ClassDef() as made)):
            read = Penalty(other=made.name.value)
        case Definition(cst.FunctionDef() as function):
            read = Penalty(other=function.name.value)
        case Definition(cst.Lambda()):
            read = Penalty(other="a lambda")
        case Unknown(reason):
            return unknown(reason)
        case _:
            return unknown("its value is worked out at run time")
    if isinstance(read, Penalty):
        call = value.call if isinstance(value, Instance) else None
        return WeightUse(weight, "set", penalty=read, argument=argument, made=call)
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
