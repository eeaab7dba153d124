"""Which layers of a module are built together: the models that a layer is part of.

A model is what can be seen to be one without running the code:

- the layers in the list of a ``Sequential``, and those that ``.add`` puts into it;
- a class that derives from ``Model``, with all its methods;
- the layers of a function, or of the module's own code, up to a call of ``Model(...)``, since the one before.

A function or class without a model of its own is part of the models of those that call it in the same file, and one by
itself where nobody does.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

import libcst as cst

from reglint.keras.names import keras_name
from reglint.keras.outputs import MODELS, derives
from reglint.resolve.nodes import STATEMENTS
from reglint.resolve.values import Definition, Expression, External, Instance, Partial, options_of, place_of

if TYPE_CHECKING:
    from reglint.keras.outputs import Outputs
    from reglint.keras.sites import Site
    from reglint.resolve.scopes import CallRecord, Scope
    from reglint.resolve.values import Place, Value

Kind: TypeAlias = Literal["sequential", "call", "unit"]
Model: TypeAlias = tuple[Kind, int]
"""One model of a module: the number of the call that makes it, or that of a function, class or module."""

_LAYERS = ("Layer",)
_MODULE = -1


class Models:
    """The models of one module."""

    def __init__(self, outputs: Outputs) -> None:
        self._index, self._resolver = outputs.index, outputs.resolver
        self._parents, self._records = outputs.parents, outputs.records
        self._positions = {record.node: number for number, record in enumerate(self._index.calls)}
        self._units = {scope.node: number for number, scope in enumerate(self._index.all_scopes)}
        self._classes: dict[cst.CSTNode, tuple[bool, bool]] = {}
        self._ends: dict[int, list[int]] = defaultdict(list)
        self._builders: set[int] = set()
        self._calls_of: dict[int, list[CallRecord]] = defaultdict(list)
        for number, record in enumerate(self._index.calls):
            self._note(number, record)

    def of(self, site: Site) -> frozenset[Model]:
        """The models that a layer is part of, one at least."""
        found: set[Model] = set()
        pending = list(self._homes(site.call, site.place))
        seen = set(pending)
        while pending:
            home = pending.pop()
            callers = self._callers.get(home[1], ()) if home[0] == "unit" else ()
            new = [caller for caller in callers if caller not in seen]
            if not callers:
                found.add(home)
            seen.update(new)
            pending += new
        # Functions that only call each other have nobody who calls them.
        return frozenset(found or self._homes(site.call, site.place))

    # What the calls do

    def _note(self, number: int, record: CallRecord) -> None:
        """Take note of what a call makes, and of the functions and classes of the file that it leads to."""
        place = place_of(record)
        unit = self._unit(record.scope)
        for callee in options_of(self._resolver.value(Expression(record.node.func, place))):
            match callee:
                case External(dotted) if (name := keras_name(dotted)) is not None:
                    if name.last in MODELS:
                        self._ends[unit].append(number)
                    if name.last in (*MODELS, "Sequential") or name.module == "layers":
                        self._builders.add(unit)
                case Definition() if self._is_model(callee):
                    self._ends[unit].append(number)
                    self._builders.add(unit)
            self._lead(callee, unit, record)
        for argument in record.node.args:
            if isinstance(argument.value, cst.Name) and argument.value.value in self._names:
                for handed in options_of(self._resolver.value(Expression(argument.value, place))):
                    self._lead(handed, unit, record)

    def _lead(self, callee: Value, unit: int, record: CallRecord) -> None:
        match callee:
            case Partial(function, _):
                self._lead(function, unit, record)
            case Definition(cst.FunctionDef() | cst.ClassDef(), scope) if scope.index is self._index:
                called = self._entered(callee)
                if called != unit:
                    self._calls_of[called].append(record)

    def _entered(self, definition: Definition) -> int:
        """What runs where a definition is called: for a class that is no layer, its ``__init__``."""
        unit = self._unit(definition.scope)
        if unit == _MODULE and isinstance(definition.node, cst.ClassDef):
            own = definition.scope.bindings.get("__init__", [])
            return next((self._units[each.node] for each in own if each.node in self._units), unit)
        return unit

    @cached_property
    def _names(self) -> frozenset[str]:
        """What the functions and classes of the file are called."""
        return frozenset(
            scope.node.name.value
            for scope in self._index.all_scopes
            if isinstance(scope.node, (cst.FunctionDef, cst.ClassDef))
        )

    @cached_property
    def _callers(self) -> dict[int, tuple[Model, ...]]:
        """For each function or class without a model of its own: in which models it is called."""
        return {
            unit: tuple(
                dict.fromkeys(
                    home
                    for record in records
                    if self._unit(record.scope) in self._builders
                    for home in self._homes(record.node, place_of(record))
                )
            )
            for unit, records in self._calls_of.items()
            if not self._is_model_class(unit)
        }

    # Where a call belongs

    def _homes(self, call: cst.Call, place: Place) -> tuple[Model, ...]:
        """What a call is directly part of."""
        around = self._around(call, place)
        if around:
            return around
        unit = self._unit(place.scope)
        ends = [] if self._is_model_class(unit) else self._ends.get(unit, [])
        if not ends:
            return (("unit", unit),)
        number = self._positions[call]
        return (("call", next((end for end in ends if end > number), ends[-1])),)

    def _around(self, call: cst.Call, place: Place) -> tuple[Model, ...]:
        """The ``Sequential`` that a call stands in or hands something to, or else the ``Model(...)``."""
        found: tuple[Model, ...] = ()
        outer: cst.CSTNode = call
        is_sequential = False
        handed = self._handed_to(call, place)
        if handed:
            found, is_sequential = handed, True
        while type(outer) not in STATEMENTS and outer in self._parents:
            outer = self._parents[outer]
            if not isinstance(outer, cst.Call) or outer is call:
                continue
            record = self._records.get(outer)
            if record is None:
                continue
            for callee in options_of(self._resolver.value(Expression(outer.func, place_of(record)))):
                name = keras_name(callee.name) if isinstance(callee, External) else None
                if name is not None and name.last == "Sequential":
                    found, is_sequential = (("sequential", self._positions[outer]),), True
                elif name is not None and name.last in MODELS and not is_sequential:
                    found = (("call", self._positions[outer]),)
            added = self._added_to(outer, place_of(record))
            if added:
                found, is_sequential = added, True
        return found

    def _added_to(self, call: cst.Call, place: Place) -> tuple[Model, ...]:
        """The ``Sequential`` that ``name.add(...)`` adds to; of several that it can be, all."""
        if not (isinstance(call.func, cst.Attribute) and call.func.attr.value == "add"):
            return ()
        return self._sequentials(call.func.value, place)

    def _handed_to(self, call: cst.Call, place: Place) -> tuple[Model, ...]:
        """The ``Sequential`` that a call hands to a function, which adds to it: ``add_block(model)``."""
        found: dict[Model, None] = {}
        for argument in call.args:
            if isinstance(argument.value, cst.Name):
                found.update(dict.fromkeys(self._sequentials(argument.value, place)))
        return tuple(found)

    def _sequentials(self, holder: cst.BaseExpression, place: Place) -> tuple[Model, ...]:
        value = self._resolver.settled(self._resolver.value(Expression(holder, place)))
        numbers = [
            self._positions.get(call)
            for option in options_of(value)
            if isinstance(option, Instance) and option.call is not None and _is_sequential(option.maker)
            if isinstance(call := option.call.node, cst.Call)
        ]
        return tuple(("sequential", number) for number in numbers if number is not None)

    def _unit(self, scope: Scope) -> int:
        """The outermost function around a place, or the class where that is a layer or a model."""
        around: list[Scope] = []
        inner: Scope | None = scope
        while inner is not None:
            around.append(inner)
            inner = inner.parent
        for each in reversed(around):
            if each.kind == "function" or (each.kind == "class" and any(self._class(each))):
                return self._units[each.node]
        return _MODULE

    # Classes

    def _class(self, scope: Scope) -> tuple[bool, bool]:
        """Whether a class derives from a model of Keras, and whether from a layer."""
        node = scope.node
        if node not in self._classes:
            assert isinstance(node, cst.ClassDef)
            owner = Definition(node, scope)
            is_model = derives(owner, (*MODELS, "Sequential"), self._resolver)
            self._classes[node] = is_model, is_model or self._is_layer(owner)
        return self._classes[node]

    def _is_layer(self, owner: Definition) -> bool:
        if derives(owner, _LAYERS, self._resolver):
            return True
        return any(
            isinstance(base, External)
            and (name := keras_name(base.name)) is not None
            and name.module == "layers"
            for base in self._resolver.bases(owner)
        )

    def _is_model(self, definition: Definition) -> bool:
        return isinstance(definition.node, cst.ClassDef) and self._class(definition.scope)[0]

    def _is_model_class(self, unit: int) -> bool:
        return unit in self._model_classes

    @cached_property
    def _model_classes(self) -> frozenset[int]:
        return frozenset(
            number
            for node, number in self._units.items()
            if isinstance(node, cst.ClassDef) and self._class(self._index.scopes[node])[0]
        )


def _is_sequential(maker: Value) -> bool:
    name = keras_name(maker.name) if isinstance(maker, External) else None
    return name is not None and name.last == "Sequential"
