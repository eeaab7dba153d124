"""The weights that a layer class of the project makes itself, with ``add_weight``."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import libcst as cst

from reglint.keras.catalog import ROLES, Weight, role_named
from reglint.keras.weights import WeightUse, one_of, weight_use
from reglint.resolve.nodes import children, dotted_name, last_name
from reglint.resolve.values import Arguments, Definition, Expression, Frame, Missing, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reglint.keras.constructed import Constructed
    from reglint.resolve.evaluate import Resolver
    from reglint.resolve.scopes import Binding

MAKE_WEIGHTS = frozenset({"add_weight", "add_variable"})
"""The methods with which a layer class makes a weight; ``add_variable`` is the old name."""


def makes_weights(made: Constructed) -> bool:
    """Whether the class of a layer has weights of its own."""
    return any(True for owner in made.lineage for _ in _own(owner))


def own_weights(made: Constructed, resolver: Resolver) -> Mapping[str, WeightUse]:
    """What regularizes the weights that the project's classes add, by role.

    A role is told from the attribute that holds the weight (``self.recurrent_kernel``) or from the regularizer's
    name; a weight that has none of the roles is left out.
    """
    found: dict[str, list[WeightUse]] = defaultdict(list)
    for owner in made.lineage:
        for binding, call in _own(owner):
            regularizer = next(
                (arg.value for arg in call.args if arg.keyword and arg.keyword.value == "regularizer"), None
            )
            role = role_named(binding.name) or role_named(_stem(regularizer))
            if role is None:
                continue
            frame = Frame(binding.scope, Arguments(), made.instance, None)
            place = place_of(binding, frame)
            argument = None if regularizer is None else Expression(regularizer, place)
            value = Missing() if argument is None else resolver.value(argument)
            weight = Weight(role, f"{role}_regularizer")
            found[role].append(weight_use(weight, value, argument, resolver, made.generation))
    return {role: one_of(found[role]) for role in ROLES if role in found}


def replaces_build(made: Constructed) -> tuple[Definition, ...]:
    """The ``build`` methods of a layer's classes, if they make its weights instead of the layer's own ``build``."""
    builds = []
    for owner in made.lineage:
        for binding in owner.scope.bindings.get("build", ()):
            if isinstance(binding.node, cst.FunctionDef):
                scope = owner.scope.index.scopes[binding.node]
                calls = (record.node.func for record in scope.calls)
                if any(isinstance(func, cst.Attribute) and func.attr.value == "build" for func in calls):
                    return ()
                builds.append(Definition(binding.node, scope))
    return tuple(builds)


def mentions(method: Definition, attribute: str) -> bool:
    """Whether a method reads ``something.attribute``."""
    pending: list[cst.CSTNode] = [method.node.body]
    while pending:
        node = pending.pop()
        if isinstance(node, cst.Attribute) and node.attr.value == attribute:
            return True
        pending.extend(children(node))
    return False


def _own(owner: Definition) -> Iterator[tuple[Binding, cst.Call]]:
    """``self.kernel = self.add_weight(...)``: the binding and the call."""
    for bindings in owner.scope.self_attributes.values():
        for binding in bindings:
            if isinstance(binding.node, cst.Call) and last_name(binding.node.func) in MAKE_WEIGHTS:
                yield binding, binding.node


def _stem(regularizer: cst.BaseExpression | None) -> str:
    """``kernel`` of ``self.kernel_regularizer``."""
    name = dotted_name(regularizer) or ""
    return name.rpartition(".")[2].removesuffix("_regularizer")
