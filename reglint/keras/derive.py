"""Derives the layer catalog from the installed Keras 3 and tf_keras, by building every layer.

A development tool: ``python -m reglint.keras.derive`` rewrites ``reglint/keras/data``.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reglint.keras.catalog import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reglint.keras.catalog import Generation

DATA = Path(__file__).with_name("data")
PACKAGES: dict[Generation, str] = {2: "tf_keras", 3: "keras"}

_NAMESPACES = ("layers", "layers.experimental", "api._v1.keras.layers")
"""Where public layers live, the first that has a name decides: the last has CuDNNGRU and CuDNNLSTM only."""

_GPU_ONLY = ("CuDNNGRU", "CuDNNLSTM")
"""Layers that build anywhere and run on a GPU only."""

_SHAPES = ((6, 6, 3), (6, 3), (3,), (6, 6, 6, 3), (4, 6, 6, 6, 3))
"""Made-up inputs, without the batch; a layer is built on the first that it takes."""

_VALUES: dict[str, Any] = {
    "activation": "relu",
    "axes": -1,
    "dims": (2, 1),
    "equation": "abc,cd->abd",
    "factor": 1,
    "function": abs,
    "initial_vocabulary": ["a"],
    "output_shape": (None, 2),
    "rate": 0.5,
    "target_shape": (-1,),
}
"""Made-up values of the arguments without a default for which 2 does not do."""

_FURTHER: dict[str, dict[str, Any]] = {
    "CategoryEncoding": {"num_tokens": 4},
    "Discretization": {"num_bins": 4},
    "EinsumDense": {"bias_axes": "d"},
    "GroupNormalization": {"groups": 3},
    "InputLayer": {"input_shape": (3,)},
}
"""Arguments with a default that is not enough to build the layer, or leaves a weight out."""


def path(generation: Generation) -> Path:
    """The checked-in data of a generation."""
    return DATA / f"keras{generation}.json"


def derive(generation: Generation) -> dict[str, Any]:
    """The catalog of the installed package as the object that is stored as JSON.

    Raises ImportError if the package is not installed, and ValueError if it is another generation or has a
    layer with a regularizer for which no made-up input fits.
    """
    keras = importlib.import_module(PACKAGES[generation])
    if not keras.__version__.startswith(f"{generation}."):
        raise ValueError(f"{PACKAGES[generation]} {keras.__version__} is not Keras {generation}")
    layers, aliases = _public_layers(keras)
    probes = {name: _Probe(keras, name, layers[name]) for name in sorted(layers)}
    return {
        "package": PACKAGES[generation],
        "version": keras.__version__,
        "without_activity": [name for name, probe in probes.items() if not probe.accepts("activity")],
        "aliases": aliases,
        "layers": {name: probe.record() for name, probe in probes.items()},
    }


def render(data: dict[str, Any]) -> str:
    """The data as JSON text with one fact on a line, so that a new Keras release reads well as a diff."""
    layers = ",\n".join(
        f"    {json.dumps(name)}: {{\n"
        + ",\n".join(f"      {json.dumps(key)}: {json.dumps(value)}" for key, value in record.items())
        + "\n    }"
        for name, record in data["layers"].items()
    )
    head = json.dumps({**data, "layers": {}}, indent=2)
    return head.removesuffix("{}\n}") + "{\n" + layers + "\n  }\n}\n"


def _public_layers(keras: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """Layer classes by canonical name, and the canonical names of the aliases."""
    public: dict[str, Any] = {}
    for namespace in _NAMESPACES:
        try:
            module = importlib.import_module(f"{keras.__name__}.{namespace}")
        except ImportError:
            continue
        for name, value in inspect.getmembers(module, inspect.isclass):
            if issubclass(value, keras.layers.Layer):
                public.setdefault(name, value)
    canonical: dict[Any, str] = {}
    for name, value in sorted(public.items()):
        canonical.setdefault(value, value.__name__ if public.get(value.__name__) is value else name)
    layers = {name: value for value, name in canonical.items()}
    names = {name: canonical[value] for name, value in public.items()}
    # A class that is public under another name than its own is still found by its own (in `keras.src`).
    names.update({value.__name__: name for value, name in canonical.items() if value.__name__ not in public})
    return layers, {alias: name for alias, name in sorted(names.items()) if alias != name}


@dataclass(frozen=True)
class _Probe:
    """One layer class under test: made-up arguments, and what each regularizer argument does."""

    keras: Any
    name: str
    layer: Any

    def parameters(self) -> list[inspect.Parameter]:
        return list(inspect.signature(self.layer.__init__).parameters.values())[1:]

    def record(self) -> dict[str, Any]:
        """The entry of this layer in the data."""
        positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        record: dict[str, Any] = {"parameters": [p.name for p in self.parameters() if p.kind in positional]}
        accepted = [role for role in ROLES if role != "activity" and self.accepts(role)]
        effective = [role for role in accepted if any(self._penalties(role))]
        if effective:
            record["weights"] = {role: self._switch(role) for role in effective}
            ineffective = [role for role in accepted if role not in effective]
            if self.accepts("activity") and self.name not in _GPU_ONLY and not self._penalties("activity"):
                ineffective.append("activity")
            if ineffective:
                record["ineffective"] = ineffective
        elif self._holds_weights():
            record["unregularized"] = True
        return record

    def accepts(self, role: str) -> bool:
        """Whether the constructor takes the role's argument, by its signature or as one of its ``**kwargs``.

        A layer that takes any keyword whatever says nothing by it. One that cannot be made here (it wraps an
        object of another framework) is believed by its signature.
        """
        parameters = self.parameters()
        if any(p.name == f"{role}_regularizer" for p in parameters):
            return True
        if not any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters):
            return False
        if not self._can_be_made:
            return role == "activity"
        return self._makes(role) and not self._takes_anything

    @cached_property
    def _can_be_made(self) -> bool:
        return self._makes(None)

    @cached_property
    def _takes_anything(self) -> bool:
        return self._makes("no_such")

    def _makes(self, role: str | None) -> bool:
        try:
            self._make(role, {})
        except Exception:
            return False
        return True

    def _make(self, role: str | None, change: dict[str, Any]) -> Any:
        """The layer with ``l2(0.01)`` on ``role``; ``change`` replaces arguments, None removes one."""
        arguments = _arguments(self.keras, self.name, self.parameters()) | change
        if role is not None:
            arguments[f"{role}_regularizer"] = self.keras.regularizers.L2(0.01)
        return self.layer(**{name: value for name, value in arguments.items() if value is not None})

    def _penalties(self, role: str, change: dict[str, Any] | None = None) -> list[float]:
        """The entries of ``layer.losses`` once the layer is built and every weight is 1."""
        # Output penalties exist for real values only; GPU layers build on symbolic ones only.
        tensor = _array if role == "activity" else self.keras.Input
        for shape in _SHAPES:
            layer = self._make(role, change or {})
            try:
                layer(*_inputs(layer, tensor, shape))
            except Exception:
                continue
            for weight in layer.trainable_weights:
                weight.assign(weight * 0 + 1)
            return [float(loss) for loss in layer.losses]
        raise ValueError(f"no made-up input fits {self.name} with {change}")

    def _holds_weights(self) -> bool:
        """Whether the layer has weights that take no regularizer; those of a layer that it wraps are not its own."""
        parameters = {parameter.name for parameter in self.parameters()}
        if not self._can_be_made or parameters & {"cell", "cells", "layer", "layers"}:
            return False
        for shape in _SHAPES:
            layer = self._make(None, {"use_scale": True} if "use_scale" in parameters else {})
            try:
                layer(*_inputs(layer, self.keras.Input, shape))
            except Exception:
                continue
            return bool(layer.weights)
        return False

    def _switch(self, role: str) -> dict[str, Any]:
        """The argument that takes the penalty away: a boolean flipped, or an optional one left out."""
        for parameter, change in self._changes():
            try:
                gone = not self._penalties(role, change)
            except Exception:
                continue
            if gone:
                default = bool(parameter.default)
                return {"switch": parameter.name} | ({} if default else {"default": default})
        return {}

    def _changes(self) -> Iterator[tuple[inspect.Parameter, dict[str, Any]]]:
        given = _arguments(self.keras, self.name, self.parameters())
        for parameter in self.parameters():
            if isinstance(parameter.default, bool):
                yield parameter, {parameter.name: not parameter.default}
            elif parameter.default is None and parameter.name in given:
                yield parameter, {parameter.name: None}


def _arguments(keras: Any, name: str, parameters: list[inspect.Parameter]) -> dict[str, Any]:
    """Made-up values for the arguments without a default, and the others that a layer needs."""
    required = [p.name for p in parameters if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    arguments = {argument: _VALUES.get(argument, 2) for argument in required} | _FURTHER.get(name, {})
    inner: dict[str, Callable[[], Any]] = {
        "cell": lambda: keras.layers.LSTMCell(2),
        "cells": lambda: [keras.layers.LSTMCell(2)],
        "layer": lambda: keras.layers.LSTM(2),
        "layers": lambda: [keras.layers.LSTM(2)],
    }
    return arguments | {argument: inner[argument]() for argument in required if argument in inner}


def _inputs(layer: Any, tensor: Callable[..., Any], shape: tuple[int, ...]) -> Iterator[Any]:
    """A tensor for each required argument of ``layer.call``, and a list of them for a cell's states."""
    for parameter in inspect.signature(layer.call).parameters.values():
        if parameter.name == "states":
            sizes = layer.state_size
            yield [
                tensor((size,), batch_size=2)
                for size in (sizes if isinstance(sizes, list | tuple) else [sizes])
            ]
        elif parameter.default is parameter.empty and parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
            yield tensor(shape, batch_size=2)


def _array(shape: tuple[int, ...], batch_size: int) -> Any:
    import tensorflow as tf

    return tf.ones((batch_size, *shape))


def main() -> None:
    """Rewrite the data of both generations."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    for generation in PACKAGES:
        path(generation).write_text(render(derive(generation)), encoding="utf-8")
        print(f"{path(generation)}: written")


if __name__ == "__main__":
    main()
