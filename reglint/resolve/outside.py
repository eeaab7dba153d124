"""Attributes that are set from outside of a class: ``model.rate = 0.5``, anywhere in the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from reglint.resolve.values import (
    Definition,
    Expression,
    Instance,
    Parameter,
    Unknown,
    Value,
    options_of,
    place_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reglint.resolve.evaluate import Resolver
    from reglint.resolve.scopes import Assigned

_MOST_FILES = 10
"""In how many files an attribute may be set: what is set in more of them has the name of many things."""


class Outside:
    """Finds what attributes are set to elsewhere, for a resolver."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._assigned: dict[tuple[Path, str], tuple[Assigned, ...] | None] = {}
        self._known: dict[tuple[cst.CSTNode, str], tuple[Value, ...]] = {}

    def values(self, owner: Definition, name: str) -> tuple[Value, ...]:
        """What an attribute of the objects of a class, or of the class itself, is set to where its code does not."""
        key = (owner.node, name)
        if key not in self._known:
            self._known[key] = ()  # where the question comes back to itself there is nothing more to find
            with self.resolver.elsewhere():
                self._known[key] = tuple(self._found(owner, name))
        return self._known[key]

    def _found(self, owner: Definition, name: str) -> Iterator[Value]:
        again = Unknown(f'the attribute "{name}" is set again elsewhere')
        assigned = self._of_project(owner.scope.index.path, name)
        if assigned is None:
            yield again
            return
        for holder, binding in assigned:
            value = self.resolver.result(self.resolver.value(Expression(holder, place_of(binding))))
            for option in options_of(value):
                made = option.maker if isinstance(option, Instance) else option
                if isinstance(made, Definition) and isinstance(made.node, cst.ClassDef):
                    if self._is_one(made, owner) or self._is_one(owner, made):
                        yield self.resolver.names.bound([binding], None)
                elif isinstance(option, (Unknown, Parameter)):
                    yield again

    def _is_one(self, found: Definition, owner: Definition) -> bool:
        return any(above.node is owner.node for above in self.resolver.lineage(found))

    def _of_project(self, near: Path, name: str) -> tuple[Assigned, ...] | None:
        """The assignments in all files; None where these are too many."""
        key = (near, name)
        if key not in self._assigned:
            project = self.resolver.project
            paths = project.assigning(name, near)
            modules = map(project.module, paths[:_MOST_FILES])
            indices = (index for index in modules if index is not None)
            parts = (part for index in indices for part in index.parts_with(name))
            found = [each for part in parts for each in part.assigned.get(name, ())]
            self._assigned[key] = None if len(paths) > _MOST_FILES else tuple(found)
        return self._assigned[key]
