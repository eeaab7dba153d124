"""The layer catalog: which layers have which weights, and which constructor argument regularizes each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Generation: TypeAlias = Literal[2, 3]

ROLES: tuple[str, ...] = (
    "kernel",
    "bias",
    "recurrent",
    "depthwise",
    "pointwise",
    "embeddings",
    "gamma",
    "beta",
    "alpha",
    "activity",
)
"""Every role; the argument that regularizes one is its name and ``_regularizer``."""

KERNEL_LIKE = ("kernel", "depthwise", "pointwise", "recurrent")
"""The roles of weights that multiply their input."""

OUTPUT_ACTIVATIONS = ("softmax", "sigmoid")
"""What makes a ``Dense`` layer an output layer where its way to the output is not known."""


@dataclass(frozen=True, slots=True)
class Weight:
    """One weight role of a layer: ``kernel``, regularized by ``kernel_regularizer``."""

    role: str
    argument: str
    switch: str | None = None
    """The constructor argument that, when false or None, leaves the weight out (``use_bias``)."""
    default: bool = True
    """Whether the weight is there when the switch is not given (no for ``EinsumDense(bias_axes=)``)."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A Keras layer class: the parameters of its constructor, in order, and its regularizable weights.

    ``parameters`` are those that can be passed by position, without ``self``. ``weights`` holds the roles
    whose regularizer reaches ``layer.losses``, in the order of ``ROLES``; a wrapper (``Bidirectional``) has
    none of its own. ``ineffective`` are the roles whose argument the constructor accepts without effect on
    the losses (``kernel`` of ``DepthwiseConv2D`` in Keras 2).
    """

    name: str
    parameters: tuple[str, ...]
    weights: tuple[Weight, ...]
    accepts_activity: bool = False
    """Whether the constructor takes ``activity_regularizer``, which regularizes the output."""
    ineffective: tuple[str, ...] = ()
    unregularized: bool = False
    """Whether it has weights though none that takes a regularizer (``Normalization``)."""

    @property
    def has_weights(self) -> bool:
        """Whether it has weights of its own."""
        return bool(self.weights) or self.unregularized

    @property
    def kernel(self) -> str | None:
        """The role of the weight that is its kernel: ``depthwise`` for ``DepthwiseConv2D``."""
        roles = {weight.role for weight in self.weights}
        return next((role for role in KERNEL_LIKE if role in roles), None)

    def weight(self, role: str) -> Weight | None:
        """The weight of this role, or None; ``activity`` counts if the layer accepts and applies it."""
        if role == "activity" and self.accepts_activity and role not in self.ineffective:
            return Weight(role, f"{role}_regularizer")
        return next((weight for weight in self.weights if weight.role == role), None)


@dataclass(frozen=True, slots=True, eq=False)
class Catalog:
    """The public layers of one Keras generation, as found in the release ``version``."""

    generation: Generation
    version: str
    by_name: Mapping[str, Layer]
    """Every public name, aliases included; an alias has the layer of the canonical name."""

    def layer(self, name: str) -> Layer | None:
        """The layer class of this name or alias: ``Convolution2D`` gives the layer named ``Conv2D``."""
        return self.by_name.get(name)

    def names(self) -> tuple[str, ...]:
        """The names of the layers with weights that can be regularized, aliases included, sorted."""
        return tuple(sorted(name for name, layer in self.by_name.items() if layer.weights))


def role_named(name: str) -> str | None:
    """The role that a name has among its words: ``recurrent`` before ``kernel`` in ``recurrent_kernel``."""
    words = {word.rstrip("0123456789") for word in name.lower().split("_")}
    found = [role for role in ROLES if role in words and role != "activity"]
    return next((role for role in found if role != "kernel"), found[0] if found else None)


@cache
def load(generation: Generation) -> Catalog:
    """The catalog of a generation: of ``keras`` (3) or of ``tf_keras`` (2), whose API is that of Keras 2."""
    import json
    from pkgutil import get_data

    # Not importlib.resources, which takes longer to import than the catalog to read.
    data = json.loads(get_data("reglint.keras", f"data/keras{generation}.json") or b"")
    without_activity = frozenset(data["without_activity"])
    by_name = {
        name: Layer(
            name,
            tuple(record["parameters"]),
            tuple(
                Weight(role, f"{role}_regularizer", weight.get("switch"), weight.get("default", True))
                for role, weight in record.get("weights", {}).items()
            ),
            accepts_activity=name not in without_activity,
            ineffective=tuple(record.get("ineffective", ())),
            unregularized=record.get("unregularized", False),
        )
        for name, record in data["layers"].items()
    }
    by_name.update({alias: by_name[name] for alias, name in data["aliases"].items()})
    return Catalog(generation, data["version"], by_name)
