"""An observed model as the policy sees it: its layers, what the catalog knows of them, and their weights."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from reglint.keras.catalog import OUTPUT_ACTIVATIONS, Layer, load, role_named
from reglint.keras.names import keras_name
from reglint.verify.worker.roles import is_of_role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reglint.keras.penalty import Penalty
    from reglint.policy.policy import Policy
    from reglint.policy.subject import Possible

Observation: TypeAlias = "dict[str, Any]"
"""What ``worker.observe.observe`` returns."""

_BASE = Layer("Layer", (), ())
"""What a layer is whose class derives from none of the catalog's that have weights."""


@dataclass(eq=False, slots=True)
class ObservedLayer:
    """A layer of an observed model. It is a ``reglint.policy.subject.Subject``."""

    record: Mapping[str, Any]
    known: Layer
    path: Path | None
    wrapped: Mapping[str, Any] | None = None
    """The record of the wrapper of Keras that it stands in."""
    weights: dict[int, str | None] = field(default_factory=dict)
    """The role of each weight that is the layer's, by its number; None for one that the policy does not name."""
    penalties: dict[str, Penalty | None] = field(default_factory=dict)
    """What the weights of a role carry; None where they differ, or it could not be told."""

    @property
    def layer(self) -> str:
        """The layer class, by its name in the catalog."""
        return self.known.name

    @property
    def kernel(self) -> str | None:
        """The role of the weight that is its kernel."""
        return self.known.kernel or ("kernel" if "kernel" in self.weights.values() else None)

    def penalty(self, role: str) -> Penalty | None:
        """What a weight carries; None where that could not be told."""
        return self.penalties.get(role)

    @property
    def names(self) -> Possible:
        """Its ``name=``; a name that looks like those which Keras makes up is none."""
        name = self.record["name"]
        if self.wrapped is not None and self.wrapped["class"] == "Bidirectional":
            name = name.removeprefix("forward_").removeprefix("backward_")
        words = re.sub(r"\W", "", str(self.record["class"]).rpartition(".")[2])
        words = re.sub(r"([a-z])([A-Z])", r"\1_\2", re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", words)).lower()
        return () if re.fullmatch(rf"{re.escape(words)}(_\d+)?", name) else (name,)

    @property
    def activations(self) -> Possible:
        """Its ``activation=``, as Keras names it."""
        activation = self.record["activation"]
        return None if activation is None else (activation,) if activation else ()

    @property
    def classes(self) -> Possible:
        """The class of the project that it is of, dotted."""
        dotted = f"{self.record['module']}.{self.record['class']}"
        return () if keras_name(dotted) is not None else (dotted,)

    @property
    def is_output(self) -> bool | None:
        """Whether it is the last layer with weights of a model; None where that could not be told."""
        ends = self.record["output"]
        if ends is None and self.wrapped is not None:
            ends = self.wrapped["output"]
        if ends is None and self.layer == "Dense" and self.record["activation"] in OUTPUT_ACTIVATIONS:
            return True
        return ends if ends is None else bool(ends)


def layers_of(observation: Observation, policy: Policy, path: Path | None = None) -> Iterator[ObservedLayer]:
    """The layers that own weights, each with their roles; every weight has one owner.

    A layer of Keras owns the weights of the layers inside it, as ``MultiHeadAttention`` does: they are what its own
    constructor regularizes. ``path`` is the file of the model, for layers of which nobody knows who made them.
    """
    records = observation["layers"]
    claimed: set[int] = set()
    for number, record in enumerate(records):
        known = _known(record, observation["generation"], policy)
        layer = ObservedLayer(record, known or _BASE, path)
        if record["made"] is not None:
            layer.path = Path(record["made"][0])
        outer = record["inside"]
        if outer is not None and keras_name(".".join(records[outer]["lineage"][0])) is not None:
            layer.wrapped = records[outer]
        roles = {each: _role(each, layer, observation) for each in record["own"]}
        if known is not None and not any(roles.values()):
            roles = {each: _role(each, layer, observation) for each in _all_inside(number, records)}
        layer.weights = {each: role for each, role in roles.items() if each not in claimed}
        claimed |= layer.weights.keys()
        if layer.weights:
            yield layer


def _known(record: Mapping[str, Any], generation: Any, policy: Policy) -> Layer | None:
    """The layer with weights that the policy or the catalog knows a class as, by way of its bases."""
    for module, name in record["lineage"]:
        dotted = f"{module}.{name}"
        for custom, layer in policy.custom_layers.items():
            if f".{dotted}".endswith(f".{custom}"):
                return layer
        if keras_name(dotted) is not None:
            known = load(generation).layer(name)
            if known is not None and known.has_weights:
                return known
    return None


def _role(weight: int, layer: ObservedLayer, observation: Observation) -> str | None:
    """The role of a weight in its layer.

    In a class that the catalog does not know it is told from the attribute that holds it, as from the source.
    """
    variable = observation["weights"][weight]["name"]
    known = [each.role for each in layer.known.weights]
    role = next((role for role in known if is_of_role(variable, role)), None)
    if role is not None or layer.known.parameters:
        return role
    held = [name for name, number in layer.record["attributes"].items() if number == weight]
    role = next(filter(None, map(role_named, [*held, variable.rsplit("/", 1)[-1]])), None)
    return role if role in known or not known else None


def _all_inside(number: int, records: list[Mapping[str, Any]]) -> list[int]:
    """The weights of a layer and of the layers inside it, which come after it."""
    inside = {number}
    found = list(records[number]["own"])
    for later in range(number + 1, len(records)):
        if records[later]["inside"] in inside:
            inside.add(later)
            found += records[later]["own"]
    return found
