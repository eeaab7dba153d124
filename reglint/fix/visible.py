"""Which bindings of a name a place can see, and whether one of them is certain to be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from reglint.resolve.bind import super_calls
from reglint.resolve.reaching import END, reaching
from reglint.resolve.scopes import first_parameter

if TYPE_CHECKING:
    from reglint.resolve.scopes import Binding, Scope
    from reglint.resolve.values import Place


def visible(name: str, place: Place) -> tuple[list[Binding], bool]:
    """The bindings of ``name`` that ``place`` can see, star imports among them, and whether one is certain there."""
    scope, order, path = place.scope, place.order, place.path
    innermost = True
    while True:
        owner = scope.owner(name)
        if innermost or scope.kind != "class":
            bindings = [*owner.bindings.get(name, []), *owner.bindings.get("*", [])]
            found, certain = reaching(bindings, order, path, scope.index)
            if found:
                return found, certain
        if scope.parent is None:
            return [], False
        # A function runs later, when everything around it is bound.
        order = END if END in (order, scope.order) or scope.kind == "function" else scope.order
        path = scope.path
        innermost = innermost and scope.kind == "comprehension"
        scope = scope.parent


def is_visible(name: str, place: Place, callee: str | None) -> bool:
    """Whether ``name`` is certain to be bound at ``place``, or wherever the name is that ``callee`` starts with.

    An import under ``if TYPE_CHECKING`` is not certain; one beside the import of the layers is as good as that.
    """
    found, certain = visible(name, place)
    if certain or callee is None:
        return certain
    beside, _ = visible(callee.partition(".")[0], place)
    return {binding.path for binding in found} >= {binding.path for binding in beside}


def is_set(spelled: str, place: Place) -> bool:
    """Whether the attribute in ``self.name`` is certain to be there when a method gets to ``place``.

    It is if the class has it, if the method set it before, or if ``__init__`` did. Nothing is said of other
    expressions.
    """
    base, _, rest = spelled.partition(".")
    scope, order, path = place.scope, place.order, place.path
    while base not in scope.bindings and scope.parent is not None:
        scope, order, path = scope.parent, scope.order, scope.path
    owner = scope.parent
    if (
        not rest
        or owner is None
        or owner.kind != "class"
        or not isinstance(scope.node, cst.FunctionDef)
        or first_parameter(scope.node) != base
    ):
        return True
    name = rest.partition(".")[0]
    if name in owner.bindings:
        return True
    bindings = owner.self_attributes.get(name, [])
    if reaching(_made_in(scope, bindings), order, path, scope.index)[1]:
        return True
    is_init = scope.node.name.value == "__init__"
    if not bindings:
        return not is_init or any(call.order < order for call, _ in super_calls(scope))
    return not is_init and _is_set_from_the_start(owner, bindings)


def _is_set_from_the_start(owner: Scope, bindings: list[Binding]) -> bool:
    """Whether ``__init__`` binds the attribute before it calls any other method of the class."""
    inits = {binding.scope for binding in bindings if binding.scope.parent is owner}
    for init in inits:
        if not isinstance(init.node, cst.FunctionDef) or init.node.name.value != "__init__":
            continue
        found, certain = reaching(_made_in(init, bindings), END, (), init.index)
        if certain and not any(
            record.order < found[0].order
            and isinstance(record.node.func, cst.Attribute)
            and isinstance(record.node.func.value, cst.Name)
            and record.node.func.value.value == first_parameter(init.node)
            for record in init.calls
        ):
            return True
    return False


def _made_in(scope: Scope, bindings: list[Binding]) -> list[Binding]:
    return [binding for binding in bindings if binding.scope is scope]
