"""What Keras computes with: reading and setting the values of weights, and what losses depend on, on each backend.

Keras 2 always runs on TensorFlow. Keras 3 runs on what ``KERAS_BACKEND`` says: of those, TensorFlow, JAX and PyTorch
have gradients, without which nothing can be proven.
"""

from __future__ import annotations

import importlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from . import connected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence


class NoGradients(RuntimeError):
    """Keras runs on a backend that cannot differentiate."""

    def __init__(self, backend: str) -> None:
        *others, last = _BACKENDS
        super().__init__(
            f"Keras runs on {backend} (KERAS_BACKEND), which has no gradients: it takes {', '.join(others)} or {last}"
        )


class Backend(Protocol):
    """Tensors of one backend. A weight is a variable of Keras."""

    def tensor(self, values: Any, dtype: str) -> Any:
        """A tensor of an array, a number or another tensor."""

    def full(self, shape: Sequence[int], value: float, dtype: Any) -> Any:
        """A tensor of one value."""

    def product(self, scale: float, factors: Iterable[Any]) -> Any:
        """An array or tensor of ``scale * factors[0][i] * factors[1][j] * ...``, with an axis for each factor."""

    def numbers(self, tensor: Any) -> Any:
        """The values of a tensor or a weight in one dimension, as float32, without a copy where they are."""

    def held(self, weight: Any) -> Any:
        """The values of a weight, which stay these when it is assigned others: something that can be assigned."""

    def map(self, function: Callable[[Any], Any], structure: Any) -> Any:
        """The structure with the result of a function in place of each leaf."""

    def flatten(self, structure: Any) -> list[Any]:
        """The leaves of a structure."""

    def losses(
        self, model: Any, weights: Sequence[Any], call: Sequence[Any] | None = None
    ) -> tuple[list[Any], Callable[[int], Sequence[Any | None]]]:
        """The entries of ``model.losses``, computed anew, and a function that differentiates one by its number.

        It gives the gradient (flat, see ``numbers``) for each of the weights, None where there is no gradient. An entry
        that was computed before, as one that ``add_loss`` left behind, depends on nothing, unless the model is called
        first: on the arguments ``call``.
        """


def keras_of(layer: Any) -> Any:
    """The Keras package that a layer or model comes from: ``keras`` or ``tf_keras``."""
    for part in type(layer).__mro__:
        root = part.__module__.split(".")[0]
        if root in ("keras", "tf_keras"):
            return importlib.import_module(root)
    raise TypeError(
        f"it is a {type(layer).__module__}.{type(layer).__name__}, not a layer of keras or tf_keras"
    )


def of(model: Any) -> Backend:
    """The backend of a model. Raises NoGradients, and what ``keras_of`` does."""
    return of_keras(keras_of(model))


def of_keras(keras: Any) -> Backend:
    """The backend of a Keras package. Raises NoGradients."""
    name = str(keras.backend.backend())
    if name not in _BACKENDS:
        raise NoGradients(name)
    return _BACKENDS[name](keras)


class _TensorFlow:
    """TensorFlow, for both generations of Keras."""

    def __init__(self, _: Any) -> None:
        self._tensorflow: Any = importlib.import_module("tensorflow")

    def tensor(self, values: Any, dtype: str) -> Any:
        return self._tensorflow.cast(values, dtype)

    def full(self, shape: Sequence[int], value: float, dtype: Any) -> Any:
        return self._tensorflow.fill([int(size) for size in shape], self._tensorflow.cast(value, dtype))

    def product(self, scale: float, factors: Iterable[Any]) -> Any:
        *others, last = [*factors] or [1.0]
        # The last axis is most of the work: on all processors for large weights, and in one step for small ones.
        values, last = _product(scale, others), np.asarray(last, "float32")
        whole = self._tensorflow.multiply(values[..., None], last)
        return self._tensorflow.reshape(whole, [*values.shape, *last.shape])

    def numbers(self, tensor: Any) -> Any:
        value = self._tensorflow.convert_to_tensor(self._variable(tensor))
        return np.asarray(value).astype("float32", copy=False).ravel()

    def held(self, weight: Any) -> Any:
        return self._tensorflow.identity(self._variable(weight))

    def map(self, function: Callable[[Any], Any], structure: Any) -> Any:
        return self._tensorflow.nest.map_structure(function, structure)

    def flatten(self, structure: Any) -> list[Any]:
        return list(self._tensorflow.nest.flatten(structure))

    def losses(
        self, model: Any, weights: Sequence[Any], call: Sequence[Any] | None = None
    ) -> tuple[list[Any], Callable[[int], Sequence[Any | None]]]:
        sources = [self._variable(weight) for weight in weights]
        with self._tensorflow.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
            for source in sources:
                tape.watch(source)
            entries = _losses_of(model, call)

        numbers = [number for number, entry in enumerate(entries) if self._is_differentiable(entry)]
        near = connected.sources_of(tape.gradient, [entries[number] for number in numbers], sources)
        reachable = dict(zip(numbers, near, strict=True))

        def differentiate(number: int) -> list[Any | None]:
            gradients: list[Any | None] = [None] * len(sources)
            reached = reachable.get(number, [])
            found = tape.gradient(entries[number], [sources[each] for each in reached]) if reached else []
            for each, gradient in zip(reached, found, strict=True):
                gradients[each] = None if gradient is None else self.numbers(gradient)
            return gradients

        return entries, differentiate

    def _is_differentiable(self, entry: Any) -> bool:
        is_eager = hasattr(entry, "numpy") and self._tensorflow.is_tensor(entry)
        return bool(is_eager and entry.dtype.is_floating)

    def _variable(self, weight: Any) -> Any:
        """The variable of TensorFlow that a weight of Keras 3 holds; anything else as it is."""
        value = getattr(weight, "value", weight)
        return weight if callable(value) else value


class _Keras3:
    """What Keras 3 itself has for any backend."""

    def __init__(self, keras: Any) -> None:
        self._keras = keras

    def tensor(self, values: Any, dtype: str) -> Any:
        return self._keras.ops.convert_to_tensor(values, dtype=dtype)

    def full(self, shape: Sequence[int], value: float, dtype: Any) -> Any:
        return self._keras.ops.full([int(size) for size in shape], value, dtype=dtype)

    def product(self, scale: float, factors: Iterable[Any]) -> Any:
        # With NumPy: JAX compiles every operation for every shape, which takes longer than the operation.
        return _product(scale, factors)

    def map(self, function: Callable[[Any], Any], structure: Any) -> Any:
        return self._keras.tree.map_structure(function, structure)

    def flatten(self, structure: Any) -> list[Any]:
        return list(self._keras.tree.flatten(structure))


class _Jax(_Keras3):
    def numbers(self, tensor: Any) -> Any:
        return np.asarray(_value(tensor)).astype("float32", copy=False).ravel()

    def held(self, weight: Any) -> Any:
        return weight.value  # arrays of JAX do not change

    def losses(
        self, model: Any, weights: Sequence[Any], call: Sequence[Any] | None = None
    ) -> tuple[list[Any], Callable[[int], Sequence[Any | None]]]:
        jax: Any = importlib.import_module("jax")
        entries: list[Any] = []
        traced: list[int] = []

        def compute(*sources: Any) -> list[Any]:
            with _standing_in(weights, sources):
                entries[:] = _losses_of(model, call)
            traced[:] = [number for number, entry in enumerate(entries) if is_differentiable(entry)]
            return [entries[number] for number in traced]

        def is_differentiable(entry: Any) -> bool:
            return isinstance(entry, jax.Array) and jax.numpy.issubdtype(entry.dtype, jax.numpy.floating)

        values, pull_back = jax.vjp(compute, *(self.held(weight) for weight in weights))
        # Compiled once, not operation by operation; as an argument, so that the weights are no constants in it.
        apply = jax.jit(lambda function, seeds: function(seeds))
        for number, value in zip(traced, values, strict=True):
            entries[number] = value

        def differentiate(number: int) -> list[Any | None]:
            if number not in traced:
                return [None] * len(weights)
            seeds = [
                jax.numpy.full_like(value, each == number) for each, value in zip(traced, values, strict=True)
            ]
            return [self.numbers(gradient) for gradient in apply(pull_back, seeds)]

        return entries, differentiate


class _Torch(_Keras3):
    def numbers(self, tensor: Any) -> Any:
        torch: Any = importlib.import_module("torch")
        return _value(tensor).detach().to("cpu", torch.float32).numpy().ravel()

    def held(self, weight: Any) -> Any:
        return weight.value.detach().clone()

    def losses(
        self, model: Any, weights: Sequence[Any], call: Sequence[Any] | None = None
    ) -> tuple[list[Any], Callable[[int], Sequence[Any | None]]]:
        torch: Any = importlib.import_module("torch")
        sources = [self.held(weight).requires_grad_() for weight in weights]
        with torch.enable_grad(), _standing_in(weights, sources):
            entries = _losses_of(model, call)

        def differentiate(number: int) -> list[Any | None]:
            entry = entries[number]
            if not isinstance(entry, torch.Tensor) or not entry.requires_grad:
                return [None] * len(sources)
            found = torch.autograd.grad(entry.sum(), sources, retain_graph=True, allow_unused=True)
            return [None if gradient is None else self.numbers(gradient) for gradient in found]

        return [
            entry.detach() if isinstance(entry, torch.Tensor) else entry for entry in entries
        ], differentiate


_BACKENDS: dict[str, Callable[[Any], Backend]] = {
    "tensorflow": _TensorFlow,
    "jax": _Jax,
    "torch": _Torch,
}


def _product(scale: float, factors: Iterable[Any]) -> Any:
    """The same as an array."""
    values: Any = np.asarray(scale, "float32")
    for factor in factors:
        values = values[..., None] * np.asarray(factor, "float32")
    return values


def _losses_of(model: Any, call: Sequence[Any] | None) -> list[Any]:
    if call is None:
        return list(model.losses)
    try:
        model(*call)
        return list(model.losses)
    finally:
        model._clear_losses()  # what the call left there is of this computation only


def _value(tensor: Any) -> Any:
    """The tensor that a weight holds, or the tensor itself."""
    return getattr(tensor, "value", tensor)


@contextmanager
def _standing_in(weights: Sequence[Any], tensors: Sequence[Any]) -> Iterator[None]:
    """Lets weights of Keras 3 hold other tensors, from which ``model.losses`` is then computed.

    ``keras.StatelessScope`` does the same, but there ``model.losses`` lacks the entries of ``add_loss``.
    """
    held = [weight._value for weight in weights]
    try:
        for weight, tensor in zip(weights, tensors, strict=True):
            weight._value = tensor
        yield
    finally:
        for weight, value in zip(weights, held, strict=True):
            weight._value = value
