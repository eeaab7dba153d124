"""Whether a layer is the last one with weights of a model: where what it makes goes from there.

Only a layer that is seen to end a model is one, and only a layer whose output is seen to go into another layer with
weights is none; for all others it is not known.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal, TypeAlias

import libcst as cst

from reglint.keras.catalog import load
from reglint.keras.names import keras_name
from reglint.resolve.bind import is_decorated
from reglint.resolve.nodes import children, dotted_name
from reglint.resolve.reaching import reaching
from reglint.resolve.values import Definition, Expression, External, Instance, Place, options_of, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reglint.resolve.evaluate import Resolver
    from reglint.resolve.scopes import CallRecord, ModuleIndex, Scope
    from reglint.resolve.values import Value

Seen = Literal["end", "on", "lost"]
"""What is seen at the end of a way: a model's output, another layer with weights, or nothing that is understood."""
Held = Literal["layer", "tensor"]
Way: TypeAlias = Seen | tuple[cst.CSTNode, Held]
"""What is seen, or the expression to go on from and what it is the value of."""

MODELS = ("Model", "Functional")
"""The classes that end a model by taking its outputs."""
_THROUGH = (cst.Element, cst.List, cst.Tuple, cst.BinaryOperation, cst.UnaryOperation, cst.Subscript)
"""What hands a tensor on to what is around it."""


class Outputs:
    """Follows the layers of one module."""

    def __init__(self, index: ModuleIndex, resolver: Resolver) -> None:
        self.index, self.resolver = index, resolver
        self.records = {record.node: record for record in index.calls}
        self.parents: dict[cst.CSTNode, cst.CSTNode] = {}
        pending: list[cst.CSTNode] = [*index.trees]
        while pending:
            node = pending.pop()
            for child in children(node):
                self.parents[child] = node
                pending.append(child)
        self.uses: dict[str, list[tuple[cst.Name, Place]]] = defaultdict(list)
        for record in index.calls:
            place = place_of(record)
            self._note(place, [argument.value for argument in record.node.args])
        for scope in (index.top, *index.all_scopes):
            for value, order, path in scope.returns:
                self._note(Place(scope, order, path), [] if value is None else [value])
            for binding in (binding for bindings in scope.bindings.values() for binding in bindings):
                if binding.kind == "assign" and isinstance(binding.node, cst.BaseExpression):
                    self._note(place_of(binding), [binding.node])

    def ends_a_model(self, layer: cst.Call) -> bool | None:
        """Whether the layer that a call constructs is an output layer; None where that is not seen."""
        found: set[Seen] = set()
        pending: list[tuple[cst.CSTNode, Held]] = [(layer, "layer")]
        visited = set(pending)
        while pending:
            node, held = pending.pop()
            ways = list(self._layer(node) if held == "layer" else self._tensor(node))
            found.update(way for way in ways if isinstance(way, str))
            for way in ways:
                if not isinstance(way, str) and way not in visited:
                    visited.add(way)
                    pending.append(way)
        if "end" in found:
            return True
        return False if found == {"on"} else None

    # Layers

    def _layer(self, node: cst.CSTNode) -> Iterator[Way]:
        """Where a layer goes from an expression that it is the value of."""
        around = self.parents[node]
        match around:
            case cst.Call() if around.func is node:
                yield around, "tensor"
            case cst.Arg():
                yield from self._passed_layer(self.parents[around])
            case cst.Element():
                yield from self._listed(around)
            case cst.Assign(targets=[cst.AssignTarget(target=cst.Name() as target)]):
                yield from self._named_layer(target.value, around)
            case cst.Assign(
                targets=[cst.AssignTarget(target=cst.Attribute(value=cst.Name(value="self")) as held)]
            ):
                yield from self._kept(held.attr.value, around)
            case cst.Return():
                yield from self._returned(around, "layer")
            case _:
                yield "lost"

    def _passed_layer(self, call: cst.CSTNode) -> Iterator[Way]:
        if not isinstance(call, cst.Call):
            yield "lost"
        elif isinstance(call.func, cst.Attribute) and call.func.attr.value == "add":
            yield self._sequence([], call)
        elif self._has_weights(self._value(call)) is not None:
            yield call, "layer"  # a wrapper: TimeDistributed(Dense(4))
        else:
            yield "lost"

    def _listed(self, element: cst.CSTNode) -> Iterator[Way]:
        """A layer in ``Sequential([...])``."""
        layers = self.parents[element]
        call = self.parents[layers]
        call = self.parents[call] if isinstance(call, cst.Arg) else call
        if not (isinstance(call, cst.Call) and _is_keras(self._value(call), ("Sequential",))):
            yield "lost"
            return
        assert isinstance(layers, (cst.List, cst.Tuple))
        position = next(number for number, each in enumerate(layers.elements) if each is element)
        after = layers.elements[position + 1 :]
        seen = self._sequence([entry.value for entry in after], call)
        around = self.parents[call]
        if seen == "end" and isinstance(around, (cst.Arg, cst.Call, cst.Element)):
            yield call, "layer"  # a block of another model
        elif (
            seen == "end"
            and isinstance(around, cst.Assign)
            and not isinstance(around.targets[0].target, cst.Name)
        ):
            yield call, "layer"
        else:
            yield seen

    def _sequence(self, after: Iterable[cst.BaseExpression], call: cst.Call) -> Seen:
        """What comes after a layer of a ``Sequential``: in its list, and added to it after ``call``."""
        scope, order, path = self.records[call].scope, self.records[call].order, self.records[call].path
        rest = [(layer, Place(scope, order, path)) for layer in after]
        name = self._sequential_name(call)
        if name is None:
            return "lost"
        added = [record for record in self._added(name, scope) if record.order > order] if name else []
        rebound = [binding.order for binding in scope.bindings.get(name, []) if binding.order > order]
        before_next = min(rebound, default=None)
        for record in added:
            if before_next is None or record.order < before_next:
                if path[: len(record.path)] != record.path or not record.node.args:
                    return "lost"
                rest.append((record.node.args[0].value, place_of(record)))
        for layer, place in rest:
            weights = self._has_weights(self.resolver.value(Expression(layer, place)))
            if weights is not False:
                return "on" if weights else "lost"
        loops = any(self.index.branches[branch].loop for branch, _ in path)
        return "lost" if loops else "end"

    def _sequential_name(self, call: cst.Call) -> str | None:
        """What the ``Sequential`` of a call is called; empty where it has no name, None where it is none."""
        if isinstance(call.func, cst.Attribute) and call.func.attr.value == "add":
            record = self.records[call]
            place = place_of(record)
            is_own = _is_keras(self.resolver.value(Expression(call.func.value, place)), ("Sequential",))
            return dotted_name(call.func.value) if is_own else None
        around = self.parents[call]
        if isinstance(around, cst.Assign) and isinstance(around.targets[0].target, cst.Name):
            return around.targets[0].target.value
        return ""

    def _added(self, name: str, scope: Scope) -> list[CallRecord]:
        return [record for record in scope.calls if dotted_name(record.node.func) == f"{name}.add"]

    def _named_layer(self, name: str, assign: cst.Assign) -> Iterator[Way]:
        uses = list(self._uses_of(name, assign))
        for record in self.index.calls:
            func = record.node.func
            place = place_of(record)
            if isinstance(func, cst.Name) and func.value == name and _sees(name, assign, place):
                uses.append(func)
        yield from ((use, "layer") for use in uses)
        if not uses:
            yield "lost"

    def _kept(self, attribute: str, assign: cst.CSTNode) -> Iterator[Way]:
        """A layer in ``self.name``: its calls in the methods of the class."""
        owner = self._class_around(assign)
        calls = [
            record.node
            for record in self.index.calls
            if dotted_name(record.node.func) == f"self.{attribute}"
            and self._class_around(record.node) is owner
        ]
        yield from ((call, "tensor") for call in calls)
        if not calls:
            yield "lost"

    # Tensors

    def _tensor(self, node: cst.CSTNode) -> Iterator[Way]:
        """Where a tensor goes from an expression that it is the value of."""
        around = self.parents[node]
        while isinstance(around, (cst.Arg, *_THROUGH)):
            if not isinstance(around, cst.Arg):
                node = around
            around = self.parents[around]
        match around:
            case cst.Call() if around.func is not node:
                yield from self._passed_tensor(node, around)
            case cst.Assign(targets=[cst.AssignTarget(target=cst.Name() as target)]):
                uses = list(self._uses_of(target.value, around))
                yield from ((use, "tensor") for use in uses)
                if not uses:
                    yield "lost"
            case cst.Return():
                yield from self._returned(around, "tensor")
            case _:
                yield "lost"

    def _passed_tensor(self, node: cst.CSTNode, call: cst.Call) -> Iterator[Way]:
        if _is_keras(self._value(call), MODELS, self.resolver):
            position, argument = next((n, each) for n, each in enumerate(call.args) if each.value is node)
            is_output = argument.keyword.value == "outputs" if argument.keyword is not None else position == 1
            yield "end" if is_output else "lost"
            return
        record = self.records[call]
        place = place_of(record)
        callees = options_of(self.resolver.value(Expression(call.func, place)))
        for callee in callees:
            weights = self._has_weights(callee)
            if weights:
                yield "on"
            elif weights is False or _is_function_of_keras(callee):
                yield call, "tensor"
            else:
                yield "lost"

    def _returned(self, node: cst.CSTNode, held: Held) -> Iterator[Way]:
        """What a function returns goes to where it is called; what ``call`` of a model returns is its output."""
        function = node
        while function in self.parents and not isinstance(function, (cst.FunctionDef, cst.Lambda)):
            function = self.parents[function]
        if not isinstance(function, cst.FunctionDef):
            yield "lost"
            return
        definition = Definition(function, self.index.scopes[function])
        owner = self._class_around(function)
        if owner is not None and function.name.value == "call":
            model = Definition(owner, self.index.scopes[owner])
            yield "end" if held == "tensor" and derives(model, MODELS, self.resolver) else "lost"
            return
        decorated = is_decorated(function, "property")
        calls = self.resolver.callers.of(definition)
        records = (
            [] if decorated else [record for record in calls.records if record.scope.index is self.index]
        )
        yield from ((record.node, held) for record in records)
        if not records or calls.hidden is not None or len(records) < len(calls.records):
            yield "lost"

    # Names

    def _note(self, place: Place, expressions: Iterable[cst.CSTNode]) -> None:
        """Take note of the names that hand their value on in these expressions."""
        pending = list(expressions)
        while pending:
            node = pending.pop()
            if isinstance(node, cst.Name):
                self.uses[node.value].append((node, place))
            elif isinstance(node, _THROUGH):
                pending.extend(children(node))

    def _uses_of(self, name: str, assign: cst.Assign) -> Iterator[cst.Name]:
        return (use for use, place in self.uses[name] if _sees(name, assign, place))

    def _class_around(self, node: cst.CSTNode) -> cst.ClassDef | None:
        while node in self.parents:
            node = self.parents[node]
            if isinstance(node, cst.ClassDef):
                return node
        return None

    # Values

    def _value(self, call: cst.Call) -> Value:
        record = self.records[call]
        return self.resolver.value(Expression(call, place_of(record)))

    def _has_weights(self, value: Value) -> bool | None:
        """Whether a layer has weights, its own or those of a layer that it wraps; None for what is no Keras layer."""
        answers: set[bool | None] = set()
        for option in options_of(value):
            match option:
                case Instance(External(dotted), arguments):
                    name = keras_name(dotted)
                    layers = (
                        [load(generation).layer(name.last) for generation in (2, 3)]
                        if name is not None
                        else []
                    )
                    known = [layer for layer in layers if layer is not None]
                    if name is None or name.module != "layers" or not known:
                        return None
                    wrapped = (self.resolver.value(argument) for argument in arguments.positional)
                    answers.add(any(layer.weights for layer in known) or any(map(self._has_weights, wrapped)))
                case _:
                    return None
        return answers.pop() if len(answers) == 1 else None


def _sees(name: str, assign: cst.Assign, place: Place) -> bool:
    """Whether a name that is used at a place can have its value from this assignment."""
    found, _ = reaching(place.scope.bindings.get(name, []), place.order, place.path, place.scope.index)
    return any(binding.node is assign.value for binding in found)


def _is_keras(value: Value, names: tuple[str, ...], resolver: Resolver | None = None) -> bool:
    """Whether a value is an instance of one of these classes of Keras, or of a project class below one."""
    for option in options_of(value):
        match option:
            case Instance(External(dotted)):
                name = keras_name(dotted)
                if name is not None and name.last in names:
                    return True
            case Instance(Definition(cst.ClassDef()) as owner) if resolver is not None:
                if derives(owner, names, resolver):
                    return True
    return False


def derives(owner: Definition, names: tuple[str, ...], resolver: Resolver) -> bool:
    """Whether a class of the project has one of these classes of Keras among its bases, or their bases."""
    pending, seen = [owner], set()
    while pending:
        found = pending.pop()
        seen.add(found.node)
        for base in resolver.bases(found):
            if (
                isinstance(base, External)
                and (name := keras_name(base.name)) is not None
                and name.last in names
            ):
                return True
            if isinstance(base, Definition) and isinstance(base.node, cst.ClassDef) and base.node not in seen:
                pending.append(base)
    return False


def _is_function_of_keras(value: Value) -> bool:
    """``keras.layers.add``, ``tf.nn.relu``: what calls of them return holds what they are given."""
    if not isinstance(value, External):
        return False
    last = value.name.rpartition(".")[2]
    return last[:1].islower() and (keras_name(value.name) is not None or value.name.startswith("tensorflow."))
