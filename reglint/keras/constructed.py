"""Which Keras layers a call constructs: its class, or what a class of the project is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from reglint.keras.catalog import Generation, Layer, load
from reglint.keras.custom import custom_layer
from reglint.keras.names import KerasName, keras_name
from reglint.resolve.nodes import last_name
from reglint.resolve.values import (
    Arguments,
    Definition,
    Expression,
    External,
    Instance,
    Parameter,
    Partial,
    Place,
    Value,
    options_of,
    place_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reglint.resolve.evaluate import Resolver
    from reglint.resolve.scopes import CallRecord

_MOST_BASES = 8
"""How many classes may stand between a project class and the Keras layer that it is."""
_PLAIN = Layer("Layer", (), ())


@dataclass(frozen=True, slots=True, eq=False)
class Constructed:
    """A Keras layer that a call constructs, and with which arguments.

    ``instance`` is the object, where its class is of the project, and ``lineage`` the project classes that it goes
    through, from its own to the one that has the layer as its base. ``layer`` is without weights for a project class
    that has the plain ``Layer`` as its base.
    """

    name: KerasName
    layer: Layer
    generation: Generation
    arguments: Arguments
    injected: bool = False
    instance: Instance | None = None
    lineage: tuple[Definition, ...] = ()
    custom: bool = False
    """Whether the layer is one that the policy makes known; ``name`` has its dotted name then."""

    @property
    def project_class(self) -> str | None:
        """The name of the class of the project that is constructed, if it is one."""
        return _class(self.lineage[0]).name.value if self.lineage else None


def constructed(
    record: CallRecord,
    resolver: Resolver,
    generation: Generation | None,
    custom_layers: Mapping[str, Layer],
) -> list[Constructed]:
    """The layers that a call can construct, imported ones before those that are handed in.

    What is imported says more of the generation.
    """
    place = place_of(record)
    callee = Expression(record.node.func, place)
    if not resolver.externals.is_sought(last_name(record.node.func)):
        # Most of these construct nothing, and to work out which branches run takes a search for callers.
        callees = _callees(callee, resolver.undeciding)
        if not any(_may_construct(each, generation, custom_layers) for each in callees):
            return []
    options = options_of(resolver.value(callee))
    if not any(_may_construct(option, generation, custom_layers) for option in options):
        return []
    found = [
        layer
        for option in options_of(resolver.value(Expression(record.node, place)))
        if isinstance(option, Instance)
        for made in _by_class(option, resolver)
        for layer in _layers(made, resolver, generation, place, custom_layers)
    ]
    return sorted(found, key=lambda made: made.injected)


def _callees(callee: Expression, resolver: Resolver) -> Iterator[Value]:
    """What a call may call: parameters replaced by what callers pass, calls of functions by what they return."""
    for option in options_of(resolver.result(resolver.value(callee))):
        if isinstance(option, Parameter) and not option.star:
            yield from options_of(resolver.result(resolver.settled(option)))
        else:
            yield option


def _may_construct(callee: Value, generation: Generation | None, custom_layers: Mapping[str, Layer]) -> bool:
    """Whether calling a value can make a layer: most calls of a module cannot, and need no further look."""
    match callee:
        case External(dotted):
            name = keras_name(dotted)
            return dotted in custom_layers or (name is not None and _layer(name, generation) is not None)
        case Definition(node):
            return isinstance(node, cst.ClassDef)
        case Instance(maker):
            return isinstance(maker, Definition) and not isinstance(maker.node, cst.ClassDef)
        case Partial(function):
            return any(_may_construct(each, generation, custom_layers) for each in options_of(function))
        case Parameter(star=star):
            return not star
    return False


def _by_class(made: Instance, resolver: Resolver) -> Iterator[Instance]:
    """The same instance, its class being one that a caller passes where it is a parameter."""
    if not isinstance(made.maker, Parameter):
        yield made
        return
    assert made.call is not None
    for maker in options_of(resolver.settled(made.maker)):
        if isinstance(maker, (External, Definition, Partial)):
            value = resolver.call(maker, made.arguments, made.call)
            yield from (option for option in options_of(value) if isinstance(option, Instance))


def _layers(
    made: Instance,
    resolver: Resolver,
    generation: Generation | None,
    place: Place,
    custom_layers: Mapping[str, Layer],
) -> Iterator[Constructed]:
    """The layers that an object is an instance of: its class, or the base classes of a project class."""
    pending: list[tuple[Value, Arguments, tuple[Definition, ...]]] = [(made.maker, made.arguments, ())]
    while pending:
        maker, arguments, lineage = pending.pop()
        instance = made if lineage else None
        custom = custom_layer(maker, custom_layers, place.scope.index)
        if custom is not None:
            its_name, layer = custom
            wanted = generation or its_name.generation or 3
            yield Constructed(its_name, layer, wanted, arguments, False, instance, lineage, custom=True)
        elif isinstance(maker, External):
            name = keras_name(maker.name)
            if name is None:
                continue
            found = _layer(name, generation)
            if found is not None:
                yield Constructed(name, *found, arguments, maker.injected, instance, lineage)
            elif name.last == _PLAIN.name and lineage:
                plain = KerasName(name.root, "layers.Layer", name.generation)
                yield Constructed(
                    plain,
                    _PLAIN,
                    generation or name.generation or 3,
                    arguments,
                    maker.injected,
                    instance,
                    lineage,
                )
        elif (
            isinstance(maker, Definition)
            and isinstance(maker.node, cst.ClassDef)
            and len(lineage) < _MOST_BASES
        ):
            own = Instance(maker, arguments) if lineage else made
            pending += [(base, built, (*lineage, maker)) for base, built in resolver.constructed(own)]


def _layer(name: KerasName, generation: Generation | None) -> tuple[Layer, Generation] | None:
    """The layer class of a name, in the Keras that the project runs on, or else in the one that has it."""
    if not name.path.startswith("layers."):
        return None
    wanted = generation or name.generation
    for candidate in (wanted,) if wanted is not None else (3, 2):
        layer = load(candidate).layer(name.last)
        if layer is not None:
            return (layer, candidate) if layer.has_weights else None
    return None


def _class(definition: Definition) -> cst.ClassDef:
    assert isinstance(definition.node, cst.ClassDef)
    return definition.node
