"""Measures one built model: its layers, weights, losses, and what each loss depends on."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from . import backends, fit, shapes
from .roles import is_of_role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .backends import Backend

_Seen = TypeVar("_Seen")

FORWARD_LIMIT = 5_000_000
"""Parameters of a model that is still run forward, to compare outputs; of others, only configurations are."""

_OUTPUTS = 256
_CHUNK = 1 << 18
"""Elements that are added up at a time, which fit into a processor's cache."""

_GOLDEN = 0.6180339887498949


def fill(model: Any) -> None:
    """Gives every float weight known values: none is zero, and no two weights have the same.

    A value is the product of a pattern along each axis, so that a weight of any size is made at once.
    Trainable weights have both signs, the others are positive (a variance must be). The size follows the
    fan-in, so that the outputs of a deep model neither vanish nor overflow.
    """
    backend = backends.of(model)
    for index, weight in enumerate(model.weights):
        if not is_float(weight):
            continue
        shape = tuple(int(size) for size in weight.shape)
        fan = float(np.prod(shape[:-1])) if len(shape) > 1 else 4.0
        scale = (0.5 + 0.5 * (((index + 1) * _GOLDEN) % 1.0)) / max(fan, 1.0) ** 0.5
        patterns = [_pattern(size, axis) for axis, size in enumerate(shape)]
        values = backend.product(scale, patterns if weight.trainable else map(np.abs, patterns))
        weight.assign(backend.tensor(values, dtype_of(weight)))


def _pattern(size: int, axis: int) -> Any:
    """``size`` numbers from 0.5 to 1 in absolute value, of alternating sign."""
    step = np.arange(1, size + 1, dtype="int64")
    magnitude = 0.5 + 0.5 * ((step * _GOLDEN) % 1.0)
    return np.where(step % 2 == axis % 2, -magnitude, magnitude)


def measure(
    model: Any, arguments: list[Any] | None, roles: Sequence[tuple[int, Any, str, float, float]]
) -> dict[str, Any]:
    """What ``model`` is, with known weights, called on ``arguments``.

    ``roles`` lists (target, layer, role, l1, l2) for the weights in question.
    """
    backend = backends.of(model)
    weights = list(model.weights)
    parameters = sum(int(np.prod(weight.shape)) for weight in weights)
    runs = parameters <= FORWARD_LIMIT
    # A large model without losses, as most are before a fix, shows nothing of its values.
    if runs or model.losses:
        fill(model)
    outputs = _outputs(model, arguments, backend) if runs else None
    index = {id(weight): number for number, weight in enumerate(weights)}
    checked = [
        (target, layer, role, index[id(weight)], l1, l2)
        for target, layer, role, l1, l2 in roles
        for weight in role_weights(layer, role)
        if id(weight) in index
    ]
    strengths = {number: (l1, l2) for _, _, _, number, l1, l2 in checked}

    def examine(gradient: Any, number: int, _: float | None) -> tuple[float, bool] | None:
        if number not in strengths:
            return None
        numbers = backend.numbers(weights[number])
        error = _slope_error(gradient, numbers, *strengths[number])
        return error, error <= fit.CLOSE or fit.is_penalty(gradient, numbers, dtype_of(weights[number]))

    losses, seen = read_losses(model, weights, backend, examine)
    called = seen
    # What depends on nothing was left behind by a call, with ``add_loss``: another call shows what it depends on.
    if any(not loss["depends"] for loss in losses):
        with suppress(Exception):
            again = arguments or shapes.inputs(model)
            if again is not None:
                _, called = read_losses(model, weights, backend, examine, again)
    times = Counter(number for (_, number), (_, is_penalty) in called.items() if is_penalty)
    trainable = {id(weight) for weight in model.trainable_weights}
    return {
        "class": type(model).__name__,
        "name": model.name,
        "parameters": parameters,
        "layers": list(_layers(model)),
        "weights": [
            [full_name(weight), list(map(int, weight.shape)), dtype_of(weight)] for weight in weights
        ],
        "outputs": outputs,
        "losses": losses,
        "holds": sorted({target for target, *_ in roles}),
        "penalized": [
            {
                "target": target,
                "layer": layer.name,
                "role": role,
                "weight": number,
                "trainable": id(weights[number]) in trainable,
                **(sums(backend.numbers(weights[number])) if losses else _NO_SUMS),
                "entries": [
                    [entry, error] for (entry, weight), (error, _) in seen.items() if weight == number
                ],
                "times": times[number],
            }
            for target, layer, role, number, _, _ in checked
        ],
    }


def read_losses(
    model: Any,
    weights: list[Any],
    backend: Backend,
    examine: Callable[[Any, int, float | None], _Seen | None],
    call: list[Any] | None = None,
) -> tuple[list[dict[str, Any]], dict[tuple[int, int], _Seen]]:
    """The entries of ``model.losses``, computed once; with ``call``, after a call of the model on these arguments.

    ``depends`` lists the weights on which an entry has a gradient that is not zero. The second result is, by entry
    and weight, what ``examine`` makes of this gradient (flat), the weight's number and the entry's value, if anything.
    """
    floats = [number for number, weight in enumerate(weights) if is_float(weight)]
    entries, differentiate = backend.losses(model, [weights[number] for number in floats], call)
    losses = []
    seen: dict[tuple[int, int], _Seen] = {}
    for number, entry in enumerate(entries):
        gradients = dict(zip(floats, differentiate(number), strict=True))
        depends = [weight for weight, gradient in gradients.items() if _is_nonzero(gradient)]
        value = _value(entry)
        losses.append({"value": value, "depends": depends})
        for weight in depends:
            found = examine(gradients[weight], weight, value)
            if found is not None:
                seen[number, weight] = found
    return losses, seen


def role_weights(layer: Any, role: str) -> list[Any]:
    """The weights of a role in a layer and the layers inside it."""
    return [weight for weight in layer.weights if is_of_role(full_name(weight), role)]


def full_name(weight: Any) -> str:
    """``dense/kernel``: the path in Keras 3, the name without its ``:0`` in Keras 2."""
    return str(getattr(weight, "path", weight.name)).split(":")[0]


def is_float(weight: Any) -> bool:
    """Whether a weight holds floating-point numbers."""
    return "float" in dtype_of(weight)


def dtype_of(weight: Any) -> str:
    return weight.dtype if isinstance(weight.dtype, str) else str(weight.dtype.name)


_NO_SUMS = {"absolute": 0.0, "squares": 0.0}


def sums(numbers: Any) -> dict[str, float]:
    """``sum(|w|)`` and ``sum(w**2)`` of the values that a weight really has, added up in float64."""
    absolute = squares = 0.0
    for start in range(0, numbers.size, _CHUNK):
        part = numbers[start : start + _CHUNK].astype("float64")
        # No ``part @ part``: the threads of BLAS wait for each other, ten times as long on a busy machine.
        squares += float(np.square(part).sum())
        absolute += float(np.abs(part, out=part).sum())
    return {"absolute": absolute, "squares": squares}


def _is_nonzero(gradient: Any) -> bool:
    """Whether there is a gradient, and somewhere it is not zero."""
    return gradient is not None and bool(gradient[:_CHUNK].any() or gradient.any())


def _value(entry: Any) -> float | None:
    """A loss as a number; None for one that exists only while a graph is traced."""
    try:
        return float(entry)
    except (TypeError, ValueError, RuntimeError):
        return None


def _slope_error(gradient: Any, numbers: Any, l1: float, l2: float) -> float:
    """The largest difference of a gradient from ``l1*sign(w) + 2*l2*w``, as a share of the largest of those."""
    every = max(1, numbers.size // fit.SAMPLED)
    sample = numbers[::every].astype("float64")
    slope = l1 * np.sign(sample) + 2.0 * l2 * sample
    return float(np.abs(gradient[::every] - slope).max() / max(np.abs(slope).max(), 1e-30))


def _layers(model: Any) -> Iterator[list[str]]:
    """Class, name and a digest of the configuration of every layer, regularizers left out."""
    for layer in model._flatten_layers(include_self=False):
        yield [type(layer).__name__, layer.name, _digest(layer)]


def _digest(layer: Any) -> str:
    """Empty for a layer that has no configuration."""
    hidden = [
        (values, name, values[name])
        for part in layer._flatten_layers()
        for values in [vars(part)]
        for name in list(values)
        if name.endswith("_regularizer")
    ]
    try:
        for values, name, _ in hidden:
            values[name] = None
        text = json.dumps(_without_regularizers(layer.get_config()), sort_keys=True, default=repr)
    except Exception:
        return ""
    finally:
        for values, name, value in hidden:
            values[name] = value
    return hashlib.sha256(re.sub(r" at 0x[0-9a-fA-F]+", "", text).encode()).hexdigest()[:16]


def _without_regularizers(config: Any) -> Any:
    """A configuration without regularizers, and without the code of lambdas: that has line numbers in it."""
    if isinstance(config, dict):
        if config.get("class_name") == "__lambda__":
            return "a lambda"
        is_lambda = config.get("function_type") == "lambda"
        return {
            str(key): _without_regularizers(value)
            for key, value in config.items()
            if not str(key).endswith("_regularizer") and not (is_lambda and key == "function")
        }
    if isinstance(config, (list, tuple)):
        return [_without_regularizers(value) for value in config]
    return config


def _outputs(model: Any, arguments: list[Any] | None, backend: Backend) -> list[list[float]] | None:
    """Some values of every output; None if the model does not run on what was made up."""
    try:
        arguments = arguments or shapes.inputs(model)
        if arguments is None:
            return None
        flat = [backend.numbers(output).astype("float64") for output in backend.flatten(model(*arguments))]
    except Exception:
        return None
    return [values[:: max(1, values.size // _OUTPUTS)][:_OUTPUTS].tolist() for values in flat]
