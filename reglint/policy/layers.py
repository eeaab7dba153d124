"""Which Keras layers a name or a glob of the policy stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING

from reglint.keras.catalog import KERNEL_LIKE, ROLES, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reglint.keras.catalog import Layer


@dataclass(frozen=True, slots=True)
class Known:
    """The layer classes that a policy can speak of."""

    by_name: Mapping[str, tuple[Layer, ...]]
    """By name and by alias, those of each Keras generation and the custom ones."""

    def with_custom(self, layers: Iterable[Layer]) -> Known:
        """The same and the layers that a policy makes known."""
        by_name = dict(self.by_name)
        for layer in layers:
            by_name[layer.name] = (*by_name.get(layer.name, ()), layer)
        return Known(by_name)

    def matching(self, pattern: str) -> frozenset[str]:
        """The names and aliases of every layer that a name, an alias or a glob (case sensitive) stands for."""
        meant = {
            layer.name
            for name, layers in self.by_name.items()
            if _stands_for(pattern, name)
            for layer in layers
        }
        return frozenset(
            name for name, layers in self.by_name.items() if any(layer.name in meant for layer in layers)
        )

    def settable(self, names: Iterable[str]) -> list[str]:
        """The roles that a policy can set for at least one of these layers, in the order of ``ROLES``."""
        roles = {
            role for name in names for layer in self.by_name[name] for role in ROLES if layer.weight(role)
        }
        return [
            role for role in ROLES if role in roles or (role == "kernel" and roles.intersection(KERNEL_LIKE))
        ]


@cache
def known() -> Known:
    """The layers of Keras 2 and 3."""
    catalogs = load(2), load(3)
    names = sorted({name for catalog in catalogs for name in catalog.by_name})
    return Known(
        {name: tuple(layer for catalog in catalogs if (layer := catalog.layer(name))) for name in names}
    )


def is_glob(pattern: str) -> bool:
    """Whether a key stands for every layer whose name it matches, and not for one."""
    return any(character in pattern for character in "*?[")


def specificity(pattern: str) -> tuple[bool, int]:
    """Sorts the more specific later: names after globs, then by how many characters they state."""
    return not is_glob(pattern), len(re.sub(r"\[[^]]*\]|[*?]", "", pattern))


def _stands_for(pattern: str, name: str) -> bool:
    return fnmatchcase(name, pattern) if is_glob(pattern) else name == pattern
