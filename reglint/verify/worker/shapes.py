"""Made-up inputs: for models that wait to be called, and for a layer alone."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import numpy as np

from . import backends

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .backends import Backend

_FREE = {2: 8, 3: 8, 4: 32, 5: 16}
"""The size of an axis that a model leaves open, by rank."""

_BY_NAME: tuple[tuple[tuple[str, ...], tuple[int, ...]], ...] = (
    (("ConvLSTM1D",), (4, 8, 8)),
    (("ConvLSTM2D",), (4, 8, 8, 8)),
    (("ConvLSTM3D",), (4, 8, 8, 8, 8)),
    (("1D", "RNN", "LSTM", "GRU", "Bidirectional", "TimeDistributed", "Attention"), (8, 32)),
    (("2D",), (32, 32, 32)),
    (("3D",), (8, 8, 8, 32)),
)
"""The shape of one sample, by what the layer's class name contains; the first that fits."""

_PLAIN = (8,)
_OTHERS = ((8,), (5, 8), (8, 8, 8), (32, 32, 3), (4, 8, 8, 8))


def alone(name: str, make: Callable[[], Any], dims: Sequence[int]) -> Any:
    """A minimal model around the layer that ``make`` returns; it is called anew for every shape that is tried.

    Raises what the most fitting shape raised, if none fits. ``name`` is its class, ``dims`` is tried last.
    """
    first: Exception | None = None
    for shape in [*_candidates(name), tuple(dims)]:
        try:
            return _minimal(make(), shape)
        except Exception as error:
            first = first or error
    assert first is not None
    raise first


def _candidates(name: str) -> Iterator[tuple[int, ...]]:
    fitting = next((shape for parts, shape in _BY_NAME if any(part in name for part in parts)), _PLAIN)
    yield fitting
    yield from (shape for shape in _OTHERS if shape != fitting)


def _minimal(layer: Any, shape: tuple[int, ...]) -> Any:
    keras = backends.keras_of(layer)
    name = type(layer).__name__
    if "Embedding" in name:
        tensor = keras.Input((5,), dtype="int32")
        return keras.Model(tensor, layer(tensor))
    if hasattr(layer, "state_size") and not isinstance(layer, keras.layers.RNN):
        layer = keras.layers.RNN(layer)
        shape = (5, 8)
    tensor = keras.Input(shape)
    if "MultiHead" in name or "GroupedQuery" in name:
        return keras.Model(tensor, layer(tensor, tensor))
    if "Attention" in name:
        return keras.Model(tensor, layer([tensor, tensor]))
    return keras.Model(tensor, layer(tensor))


def build(model: Any, dims: Sequence[int]) -> list[Any]:
    """Builds a model by calling it on made-up arguments, which are returned. Raises what the first call raises.

    If it cannot take samples of the shape ``dims``, those are tried that parts of it say they take.
    """
    backend = backends.of(model)
    layers = getattr(model, "layers", [])
    words = bool(layers) and "Embedding" in type(layers[0]).__name__
    needed = [
        parameter
        for parameter in inspect.signature(model.call).parameters.values()
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD and parameter.default is parameter.empty
    ]
    number = max(1, len([each for each in needed if each.name not in ("training", "mask")]))
    first: Exception | None = None
    for shape in dict.fromkeys([tuple(dims), *_taken(layers)]):
        arguments = [_array((2, *shape), "int32" if words else "float32", backend)] * number
        try:
            model(*arguments)
        except Exception as error:
            first = first or error
        else:
            return arguments
    assert first is not None
    raise first


def _taken(layers: Sequence[Any]) -> Iterator[tuple[int, ...]]:
    """The shapes of one sample that some layers, models among them, take as their only input."""
    for layer in layers:
        tensors = getattr(layer, "inputs", None)
        if isinstance(tensors, list) and len(tensors) == 1 and None not in tensors[0].shape[1:]:
            yield tuple(map(int, tensors[0].shape[1:]))


def inputs(model: Any) -> list[Any] | None:
    """Made-up arguments for a built model, in the structure of its inputs; None if it states none."""
    names = ("_inputs_struct", "_nested_inputs", "inputs")
    structure = next(
        (found for found in (getattr(model, name, None) for name in names) if found is not None), None
    )
    if structure is None:
        return None
    if isinstance(structure, list) and len(structure) == 1:
        structure = structure[0]
    backend = backends.of(model)
    return [backend.map(lambda tensor: _like(tensor, backend), structure)]


def _like(tensor: Any, backend: Backend) -> Any:
    shape = list(tensor.shape)
    sizes = [
        1 if axis == 0 else _FREE.get(len(shape), 4) if size is None else size
        for axis, size in enumerate(shape)
    ]
    if shape and shape[0] is not None:
        sizes[0] = shape[0]
    dtype = tensor.dtype if isinstance(tensor.dtype, str) else tensor.dtype.name
    return _array(tuple(int(size) for size in sizes), dtype, backend)


def _array(shape: tuple[int, ...], dtype: str, backend: Backend) -> Any:
    """Numbers from 0 to below 1, so that as word numbers they are all 0; whole numbers are 0 and 1."""
    count = np.arange(int(np.prod(shape)))
    if "int" in dtype or dtype == "bool":
        return (count % 2).reshape(shape).astype(dtype)
    if dtype == "string":
        raise TypeError("text is not made up")
    values = (count * 0.618034) % 1.0
    return backend.tensor(values.reshape(shape), dtype)
