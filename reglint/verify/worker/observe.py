"""Observes a built model: its layers, and the penalty that ``model.losses`` puts on each weight.

Unlike ``measure``, which asks whether expected penalties are there, this reads from the gradients which ones are.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from . import backends, fit, measure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .backends import Backend


def observe(model: Any, places: Mapping[int, tuple[str, int]] | None = None) -> dict[str, Any]:
    """What ``model`` is, as values that JSON can hold. Its weights are other ones while it is observed.

    ``penalties`` has, for each ``entry`` of ``losses`` and each ``weight`` that it depends on, the strengths that fit
    its gradient best (see ``fit``). ``sums`` has what penalties are computed from. ``places`` are the file and line
    that made a layer, by its id.
    """
    backend = backends.of(model)
    weights = list(model.weights)
    trainable = {id(weight) for weight in model.trainable_weights}
    with _kept(model, backend):
        measure.fill(model)

        def fitting(gradient: Any, number: int, value: float | None) -> dict[str, Any]:
            weight = weights[number]
            return fit.strengths(gradient, backend.numbers(weight), measure.dtype_of(weight), value)

        losses, fitted = measure.read_losses(model, weights, backend, fitting)
        penalized = sorted({number for _, number in fitted})
        sums = {str(number): measure.sums(backend.numbers(weights[number])) for number in penalized}
    return {
        "class": type(model).__name__,
        "name": model.name,
        "generation": generation(model),
        "weights": [
            {
                "name": measure.full_name(weight),
                "shape": list(map(int, weight.shape)),
                "dtype": measure.dtype_of(weight),
                "trainable": id(weight) in trainable,
            }
            for weight in weights
        ],
        "losses": losses,
        "penalties": [
            {"entry": entry, "weight": number, **found} for (entry, number), found in fitted.items()
        ],
        "sums": sums,
        "layers": list(_layers(model, weights, places or {})),
    }


def generation(model: Any) -> int:
    """2 or 3: ``tf_keras`` is Keras 2, and so is ``keras`` before its release 3."""
    keras = backends.keras_of(model)
    return 2 if keras.__name__ == "tf_keras" or keras.__version__.startswith("2.") else 3


@contextmanager
def _kept(model: Any, backend: Backend) -> Iterator[None]:
    """Gives the weights back the values that they have now."""
    kept = [(weight, backend.held(weight)) for weight in model.weights if measure.is_float(weight)]
    try:
        yield
    finally:
        for weight, values in kept:
            weight.assign(values)


def _layers(
    model: Any, weights: list[Any], places: Mapping[int, tuple[str, int]]
) -> Iterator[dict[str, Any]]:
    """The layers that have weights, a layer before those inside it; ``inside`` is the number of the outer one."""
    numbers = {id(weight): number for number, weight in enumerate(weights)}
    ends = _ends(model)
    pending: list[tuple[Any, int | None]] = [(model, None)]
    seen = set()
    count = 0
    while pending:
        layer, outer = pending.pop()
        if id(layer) in seen or not layer.weights:
            continue
        seen.add(id(layer))
        inside = list(layer._flatten_layers(include_self=False, recursive=False))
        pending += [(each, count) for each in reversed(inside)]
        held = {id(weight) for each in inside for weight in each.weights}
        own = [numbers[id(each)] for each in layer.weights if id(each) in numbers and id(each) not in held]
        kind = type(layer)
        yield {
            "name": layer.name,
            "module": kind.__module__,
            "class": kind.__qualname__,
            "lineage": [[base.__module__, base.__name__] for base in kind.__mro__],
            "inside": outer,
            "own": own,
            "attributes": _attributes(layer, numbers),
            "activation": _activation(layer),
            "output": ends.get(id(layer)),
            "made": places.get(id(layer)),
        }
        count += 1


def _attributes(layer: Any, numbers: Mapping[int, int]) -> dict[str, int]:
    """The attributes that hold a weight."""
    return {name: numbers[id(value)] for name, value in vars(layer).items() if id(value) in numbers}


def _activation(layer: Any) -> str | None:
    """The name of the function or layer that is its ``activation``; empty if it has no such attribute."""
    activation = getattr(layer, "activation", "")
    if activation is None:
        return "linear"
    if isinstance(activation, str):
        return activation
    root = getattr(activation, "__module__", "").split(".")[0]
    known = root in ("keras", "tf_keras", "tensorflow")
    if hasattr(activation, "__name__"):
        return str(activation.__name__) if known else None
    return type(activation).__name__.lower() if known else None


def _ends(model: Any) -> dict[int, bool]:
    """Whether a layer is the last one with weights on the way to an output, by its id.

    For the layers of functional and sequential models; of others the way is not known.
    """
    ends: dict[int, bool] = {}
    for part in model._flatten_layers():
        outputs = getattr(part, "outputs", None)
        if not outputs or not hasattr(part, "layers"):
            continue
        for layer in part.layers:
            ends.setdefault(id(layer), False)
        for layer in _last(outputs):
            ends[id(layer)] = True
    return ends


def _last(tensors: Any) -> Iterator[Any]:
    """The layers with weights that the ways back from some tensors meet first."""
    pending = list(tensors)
    seen = set()
    while pending:
        history = getattr(pending.pop(), "_keras_history", None)
        if history is None or (id(history[0]), history[1]) in seen:
            continue
        seen.add((id(history[0]), history[1]))
        if getattr(history[0], "weights", None):
            yield history[0]
            continue
        inputs = history[0]._inbound_nodes[history[1]].input_tensors
        pending += inputs if isinstance(inputs, (list, tuple)) else [inputs]
