"""The layer constructors of a module, each with what regularizes its weights."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from reglint.keras.catalog import ROLES, Weight
from reglint.keras.constructed import Constructed, constructed
from reglint.keras.custom import NO_LAYERS
from reglint.keras.own import makes_weights, mentions, own_weights, replaces_build
from reglint.keras.weights import WeightUse, one_of, weight_use
from reglint.resolve.always import is_always_made
from reglint.resolve.bind import in_rest, left_open
from reglint.resolve.nodes import dotted_name
from reglint.resolve.scopes import CallRecord
from reglint.resolve.values import (
    Arguments,
    Constant,
    Expression,
    Missing,
    Partial,
    Place,
    Value,
    options_of,
    place_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import libcst as cst

    from reglint.keras.catalog import Generation, Layer
    from reglint.keras.names import KerasName
    from reglint.resolve.evaluate import Resolver

Via = Literal["direct", "partial", "subclass", "injected", "dynamic"]


@dataclass(frozen=True, slots=True)
class Site:
    """One call that constructs a layer with weights."""

    call: cst.Call
    place: Place
    name: KerasName
    layer: Layer
    """The layer; of several that the call can construct the first."""
    generation: Generation
    arguments: Arguments
    weights: tuple[WeightUse, ...]
    """The weights that the layer can have, its ``activity`` among them where it takes a regularizer."""
    project_class: str | None = None
    """The project's own class that is constructed, where that is a subclass of the layer."""

    via: Via = "direct"
    """How the class was reached: ``injected`` handed in at run time, ``dynamic`` chosen there."""
    alternatives: tuple[Constructed, ...] = ()
    """Everything that the call can construct, where its class is one of several, the first of them included."""

    @property
    def class_name(self) -> str:
        """The class as the code knows it: ``Dense``, or ``Mine`` for the project's subclass of it."""
        return self.project_class or self.layer.name


def find_sites(
    calls: Iterable[CallRecord],
    resolver: Resolver,
    generation: Generation | None,
    custom_layers: Mapping[str, Layer] = NO_LAYERS,
) -> list[Site]:
    """The layer constructors among the calls of a module, in their order.

    ``generation`` is the Keras that the project runs on. None takes it from each import; where that is silent it is 2
    for a module that gives a layer what only Keras 2 takes (``l2(l=0.01)``), else 3. ``custom_layers`` are layers that
    Keras does not have, by their dotted names.
    """
    read = (_site(record, resolver, generation, custom_layers) for record in calls)
    found = [site for site in read if site is not None]
    if generation is None and any(use.only_in_keras_2 for site in found for use in site.weights):
        places = [
            CallRecord(site.call, site.place.scope, site.place.order, site.place.path) for site in found
        ]
        older = find_sites(places, resolver, 2, custom_layers)
        if len(older) == len(found):
            return older
    return found


def _site(
    record: CallRecord,
    resolver: Resolver,
    generation: Generation | None,
    custom_layers: Mapping[str, Layer],
) -> Site | None:
    found = [
        made
        for made in constructed(record, resolver, generation, custom_layers)
        if made.layer.has_weights or makes_weights(made)
    ]
    if not found:
        return None
    first = found[0]
    weights = list(_together([_weights(made, resolver) for made in found]))
    if any(use.by_callers for use in weights) and not is_always_made(record):
        # Those whose regularizer is wrong may be those that do not construct the layer.
        weights = [replace(use, by_callers=()) for use in weights]
    return Site(
        record.node,
        place_of(record),
        first.name,
        first.layer,
        first.generation,
        first.arguments,
        tuple(weights),
        first.project_class,
        _via(record, found, resolver),
        tuple(found),
    )


def _via(record: CallRecord, found: list[Constructed], resolver: Resolver) -> Via:
    first = found[0]
    if first.project_class is not None:
        return "subclass"
    callee = resolver.value(Expression(record.node.func, place_of(record)))
    if any(isinstance(option, Partial) for option in options_of(callee)):
        return "partial"
    if first.injected:
        return "injected"
    if dotted_name(record.node.func) is None or any(made.layer.name != first.layer.name for made in found):
        return "dynamic"
    return "direct"


def _together(several: list[Mapping[str, WeightUse]]) -> Iterator[WeightUse]:
    """What is known of the weights of a layer that is one of several: each role that any of them has."""
    by_role: dict[str, list[WeightUse]] = defaultdict(list)
    for weights in several:
        for role, use in weights.items():
            by_role[role].append(use)
    for role in ROLES:
        uses = by_role.get(role)
        if uses:
            use = one_of(uses)
            yield use if len(uses) == len(several) else replace(use, certain=False)


def _weights(made: Constructed, resolver: Resolver) -> dict[str, WeightUse]:
    """What regularizes each weight that a layer can have, by role."""
    found = {}
    builds = replaces_build(made)
    for weight in map(made.layer.weight, ROLES):
        present = _presence(weight, made, resolver) if weight is not None else False
        if weight is None or present is False:
            continue
        if (
            builds
            and weight.role != "activity"
            and not any(mentions(each, weight.argument) for each in builds)
        ):
            use = WeightUse(weight, "unknown", reason="its class makes its own weights")
        else:
            argument = _argument(weight.argument, made.layer, made.arguments)
            value = passed(weight.argument, made, resolver)
            use = weight_use(weight, value, argument, resolver, made.generation)
        found[weight.role] = use if present else replace(use, certain=False)
    if not made.layer.has_weights or builds:
        own = own_weights(made, resolver)
        found.update(
            (role, replace(use, certain=False)) for role, use in own.items() if role not in found or builds
        )
    return found


def passed(name: str, made: Constructed, resolver: Resolver) -> Value:
    """What a layer gets for an argument: in the call, by a splat, or as an attribute that its class sets itself."""
    if made.instance is not None and any(name in owner.scope.self_attributes for owner in made.lineage):
        return resolver.attribute(made.instance, name)
    argument = _argument(name, made.layer, made.arguments)
    if argument is not None:
        return resolver.value(argument)
    arguments = made.arguments
    if arguments.rest is not None and name in made.layer.parameters:
        return in_rest(arguments, arguments.rest, made.layer.parameters.index(name), name)
    return left_open(arguments, name) or Missing()


def _presence(weight: Weight, made: Constructed, resolver: Resolver) -> bool | None:
    """Whether the layer has the weight (``use_bias=False`` leaves the bias out); None where that is not known."""
    if weight.switch is None:
        return True
    answers = {
        weight.default
        if isinstance(option, Missing)
        else bool(option.value)
        if isinstance(option, Constant)
        else None
        for option in options_of(resolver.settled(passed(weight.switch, made, resolver)))
    }
    return answers.pop() if len(answers) == 1 else None


def _argument(name: str, layer: Layer, arguments: Arguments) -> Expression | None:
    passed = arguments.keyword(name)
    if passed is None and name in layer.parameters:
        position = layer.parameters.index(name)
        if position < len(arguments.positional):
            return arguments.positional[position]
    if passed is None and name in _IN_KERAS_1:
        return arguments.keyword(_IN_KERAS_1[name])
    return passed


_IN_KERAS_1 = {
    "kernel_regularizer": "W_regularizer",
    "embeddings_regularizer": "W_regularizer",
    "recurrent_regularizer": "U_regularizer",
    "bias_regularizer": "b_regularizer",
    "use_bias": "bias",
}
"""The names that arguments had in Keras 1; Keras 2.0 to 2.3 took them as well."""
