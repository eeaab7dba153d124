"""Values that stand in for what does not exist during a proof: data, and packages that are not installed."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SIZE = 8
"""The made-up number: of features, of classes, of words."""

SAMPLES = 4


class NotHere(RuntimeError):
    """Something that a model needs is not there during a proof."""


class MadeUp(int):
    """Stands in for data: an array, a length, a table, a number.

    As a number it is ``SIZE``; its ``shape`` is ``(SAMPLES, *dims)``; iterating gives ``dims``, so that it
    can be an ``input_shape`` too. Attributes, items, calls and arithmetic give made-up values again.
    """

    dims: tuple[int, ...]
    about: str

    def __new__(cls, dims: Sequence[int], about: str, number: int = SIZE) -> MadeUp:
        """``about`` says what is missing, for error messages."""
        made = super().__new__(cls, number)
        made.dims = tuple(dims)
        made.about = about
        return made

    def _like(self, number: float = SIZE) -> MadeUp:
        return MadeUp(self.dims, self.about, max(1, int(number)))

    @property
    def shape(self) -> tuple[int, ...]:
        """As of an array with a row per sample."""
        return (SAMPLES, *self.dims)

    @property
    def ndim(self) -> int:
        """As of an array."""
        return 1 + len(self.dims)

    def __len__(self) -> int:
        return SIZE

    def __iter__(self) -> Iterator[int]:
        return iter(self.dims)

    def __getitem__(self, key: object) -> MadeUp:
        return MadeUp(self.dims[1:], self.about) if type(key) is int and self.dims else self

    def __setitem__(self, key: object, value: object) -> None:
        """Data is not kept."""

    def __getattr__(self, name: str) -> MadeUp:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._like()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and not kwargs and isinstance(args[0], (type, _FUNCTION)):
            return args[0]
        for value in (*args, *kwargs.values()):
            if any(part.__name__ in _GRAPH for part in type(value).__mro__):
                raise NotHere(f"it needs {self.about}")
        return self._like()

    def __enter__(self) -> MadeUp:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing to close."""

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        return ()

    def __array_function__(self, function: Any, *_: Any) -> Any:
        return {np.shape: self.shape, np.ndim: self.ndim}.get(function, self._like())

    def __array_ufunc__(self, *_: Any, **__: Any) -> MadeUp:
        return self._like()

    def __add__(self, other: Any) -> Any:
        return self._with(other, 1, 1)

    def __sub__(self, other: Any) -> Any:
        return self._with(other, 1, -1)

    def __mul__(self, other: Any) -> Any:
        return self._like(int(self) * other) if isinstance(other, (int, float)) else self

    def __truediv__(self, other: Any) -> Any:
        return self

    def __floordiv__(self, other: Any) -> Any:
        return self._like(int(self) // (other or 1)) if isinstance(other, int) else self

    __radd__ = __add__
    __rmul__ = __mul__

    def _with(self, other: Any, mine: int, theirs: int) -> Any:
        return self._like(mine * int(self) + theirs * other) if isinstance(other, (int, float)) else self

    def __repr__(self) -> str:
        return f"<made up for {self.about}>"


_FUNCTION = type(lambda: None)

_GRAPH = frozenset({"Layer", "KerasTensor"})
"""Classes of what a model is made of, which nothing made up may touch."""


def keep_made_up(convert: Callable[..., Any]) -> Callable[..., Any]:
    """``numpy.array`` or ``asarray``, which would take a made-up value for a number."""

    @functools.wraps(convert)
    def kept(value: Any, *args: Any, **kwargs: Any) -> Any:
        return value if isinstance(value, MadeUp) else convert(value, *args, **kwargs)

    return kept


def spread(pattern: Any, value: Any) -> Any:
    """``value``, or if it is made up, as many made-up values as a tuple of targets takes.

    ``pattern`` mirrors the targets: ``((0, 0), 0)`` for ``(a, b), c = value``.
    """
    if not isinstance(value, MadeUp):
        return value
    return tuple(spread(part, value) if isinstance(part, tuple) else value for part in pattern)


_DATASETS: dict[str, tuple[int, int, tuple[int, ...], int]] = {
    "mnist": (60000, 10000, (28, 28), 10),
    "fashion_mnist": (60000, 10000, (28, 28), 10),
    "cifar10": (50000, 10000, (32, 32, 3), 10),
    "cifar100": (50000, 10000, (32, 32, 3), 100),
    "boston_housing": (404, 102, (13,), 0),
    "california_housing": (16512, 4128, (8,), 0),
    "imdb": (25000, 25000, (), 2),
    "reuters": (8982, 2246, (), 46),
}
"""Training samples, test samples, shape of one sample, classes.

An empty shape stands for a list of word numbers, 0 classes for a number to predict.
"""


def dataset(name: str) -> Any:
    """What ``keras.datasets.<name>.load_data()`` returns, in its shapes and types, without a download."""
    train, test, shape, classes = _DATASETS[name]

    def part(samples: int) -> tuple[Any, Any]:
        if not shape:
            words = np.empty(samples, dtype=object)
            words[:] = [[1, 2, 3]] * samples
            return words, np.arange(samples) % classes
        if classes == 0:
            return np.zeros((samples, *shape)), np.zeros(samples)
        labels = (np.arange(samples) % classes).astype("uint8")
        return np.zeros((samples, *shape), "uint8"), labels[:, None] if name.startswith("cifar") else labels

    return part(train), part(test)
