"""Which bindings of a name a place can see, and whether one of them is certain to be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.resolve.reaching import END, reaching

if TYPE_CHECKING:
    from reglint.resolve.scopes import Binding
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
