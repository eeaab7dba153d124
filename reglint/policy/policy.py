"""The policy as the other stages see it: what it asks for any weight of any layer, and how proofs are run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from reglint.keras.catalog import KERNEL_LIKE
from reglint.policy.requirement import Requirement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Level:
    """One table of requirements by weight role, and the layers that it is for (None: all)."""

    layers: frozenset[str] | None
    weights: Mapping[str, Requirement]


@dataclass(frozen=True, slots=True)
class Verify:
    """How proofs are run; each limit is for one proof."""

    python: Path | None
    """Absolute."""
    timeout: float
    """Seconds."""
    memory_mib: int
    """MiB."""
    builders: Mapping[str, Mapping[str, Any]]
    """The arguments of functions that build models, by ``package.module:function``."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a policy file says. ``source`` names it for people; ``path`` is None for the built-in default."""

    source: str
    path: Path | None
    keras: Literal["auto", 2, 3]
    levels: tuple[Level, ...]
    """The most specific first."""
    verify: Verify

    def requirement(self, layer_name: str, role: str) -> Requirement:
        """What is asked of the weight ``role`` of a Keras layer class, by its name in the catalog.

        The most specific table that says something about the role decides. Within a table the role's own key
        goes before ``kernel``, which also speaks for depthwise, pointwise and recurrent kernels.
        """
        return next(self._deciding(layer_name, role), _NOT_MENTIONED)

    def _deciding(self, layer_name: str, role: str) -> Iterator[Requirement]:
        keys = (role, "kernel") if role in KERNEL_LIKE else (role,)
        for level in self.levels:
            if level.layers is None or layer_name in level.layers:
                yield from (level.weights[key] for key in keys if key in level.weights)


_NOT_MENTIONED = Requirement("optional", where="not mentioned")
