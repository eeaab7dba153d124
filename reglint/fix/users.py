"""Who else uses what a fix would change: a shared value is changed only if all its users are known and want that."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import libcst as cst

from reglint.files.words import stands_in
from reglint.resolve.mentions import uses_of
from reglint.resolve.nodes import last_name
from reglint.resolve.origins import Kept, Named, Returned
from reglint.resolve.values import Constant, Definition, Expression, Instance, Place, options_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from reglint.keras.module import KerasModule
    from reglint.resolve.origins import Holder
    from reglint.resolve.reads import Read

_ASKING = frozenset({"serialize", "print", "repr", "str"})
"""Functions that only tell what a value is."""
_CHANGING = frozenset({"update", "setdefault", "get", "pop"})
"""The methods of a dict that neither splat it nor hand it on."""


def other_use(
    holders: Iterable[Holder], known: Collection[int], argument: str, module: KerasModule
) -> str | None:
    """What else uses a value that goes through ``holders``; None if nothing does.

    ``known`` are the nodes, by their ids, that are known to use it, ``argument`` what it is for.
    """
    for holder in dict.fromkeys(holders):
        match holder:
            case Named():
                reason = _of_name(holder, known, argument, module)
            case Kept():
                reason = _of_attribute(holder, known, module)
            case Returned():
                reason = _of_function(holder, known, module)
        if reason is not None:
            return reason
    return None


def elsewhere(name: str, module: KerasModule) -> str | None:
    """The name of another file of the project that may use a name of this module; None where there is none."""
    own, project = module.index.path, module.resolver.project
    called = (own.parent.name if own.stem == "__init__" else own.stem).encode()
    for path in project.mentioning(name, own):
        if os.path.abspath(path) != os.path.abspath(own) and stands_in(called, project.data(path)):
            return path.name
    return None


def _of_name(holder: Named, known: Collection[int], argument: str, module: KerasModule) -> str | None:
    name, home, resolver = holder.name, holder.scope, module.resolver
    for read in resolver.project.reads(module.index).every_one_of_name(name, home):
        if (
            id(read.node) not in known
            and resolver.changes.flows.is_same(name, read.scope, home)
            and _may_see(holder, read, module)
            and not _is_harmless(read, argument, module)
        ):
            return _also(f'"{name}"', read, module)
    if home.kind == "module" and (file := elsewhere(name, module)) is not None:
        return f'"{name}" may be used in {file} as well'
    return None


def _may_see(holder: Named, read: Read, module: KerasModule) -> bool:
    """Whether what is bound there can be what a read of the name gives."""
    binding, branches = holder.binding, holder.scope.index.branches
    if any(branches[branch].loop for branch, _ in binding.path):
        return True
    seen = module.resolver.names.bindings(holder.name, Place(read.scope, read.order, ()))
    return not seen or binding in seen


def _of_attribute(holder: Kept, known: Collection[int], module: KerasModule) -> str | None:
    name, resolver = holder.name, module.resolver
    family = {holder.owner.node}
    for sub in resolver.callers.all_subclasses(holder.owner):
        if sub.scope.index is not module.index:
            return f'a class in {sub.scope.index.path.name} has the attribute "{name}" as well'
        family.add(sub.node)
    for read in resolver.project.reads(module.index).every_one_of_attribute(name):
        assert isinstance(read.node, cst.Attribute)
        if id(read.node) in known or _is_harmless(read, "", module):
            continue
        base = resolver.value(Expression(read.node.value, Place(read.scope, read.order, ())))
        match base:
            case Instance(Definition(cst.ClassDef() as node)) | Definition(cst.ClassDef() as node) if (
                node not in family
            ):
                continue
        return _also(f'the attribute "{name}"', read, module)
    return _of_class(holder, known, module) if name in holder.owner.scope.bindings else None


def _of_class(holder: Kept, known: Collection[int], module: KerasModule) -> str | None:
    """The same for an attribute that the body of a class binds, where it is a name as well."""
    name, owner = holder.name, holder.owner
    assert isinstance(owner.node, cst.ClassDef)
    for read in module.resolver.project.reads(module.index).every_one_of_name(name, owner.scope):
        if id(read.node) not in known and module.resolver.changes.flows.is_same(
            name, read.scope, owner.scope
        ):
            return _also(f'"{name}"', read, module)
    return class_use(owner, module)


def class_use(owner: Definition, module: KerasModule) -> str | None:
    """Who may use a class of this module unseen; None where nobody does."""
    assert isinstance(owner.node, cst.ClassDef)
    name = owner.node.name.value
    if (file := elsewhere(name, module)) is not None:
        return f"`{name}` may be used in {file} as well"
    use = uses_of(name, module.index)
    return f"`{name}` is handed on as a value" if name in use.escaped | use.handed else None


def _of_function(holder: Returned, known: Collection[int], module: KerasModule) -> str | None:
    function = holder.function
    calls = module.resolver.callers.of(function)
    if calls.hidden is not None:
        return calls.hidden
    node = function.node
    name = node.name.value if isinstance(node, cst.FunctionDef) else "a lambda"
    for record in calls.records:
        if id(record.node) not in known:
            index = record.scope.index
            where = place_name(record.node, module) if index is module.index else index.path.name
            return f'what "{name}" returns is used for something else as well ({where})'
    return None


def _is_harmless(read: Read, argument: str, module: KerasModule) -> bool:
    """Whether a read only asks what a value is, or takes something else out of a dict."""
    around = read.around
    if around is None:
        return False
    outer = around.around
    match around.node:
        case cst.Arg():
            return (
                outer is not None
                and isinstance(outer.node, cst.Call)
                and last_name(outer.node.func) in _ASKING
            )
        case cst.Attribute(value=base, attr=cst.Name(value=method)) if base is read.node:
            return (
                method in _CHANGING
                and outer is not None
                and isinstance(outer.node, cst.Call)
                and outer.node.func is around.node
            )
        case cst.Subscript(value=base, slice=[cst.SubscriptElement(slice=cst.Index(value=key))]) if (
            base is read.node
        ):
            if outer is not None and isinstance(outer.node, cst.AssignTarget):
                return True  # what that makes of the dict is tried
            keys = options_of(module.resolver.value(Expression(key, Place(read.scope, read.order, ()))))
            return all(isinstance(each, Constant) and each.value != argument for each in keys)
    return False


def _also(what: str, read: Read, module: KerasModule) -> str:
    return f"{what} is used for something else as well ({place_name(read.node, module)})"


def place_name(node: cst.CSTNode, module: KerasModule) -> str:
    """``line 7``; in a notebook ``cell 2, line 7``."""
    place = module.document.place(module.exact_span(node))
    return f"line {place.line}" if place.cell is None else f"cell {place.cell}, line {place.line}"
