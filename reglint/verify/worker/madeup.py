"""Values that stand in for what does not exist during a proof: data, and packages that are not installed."""

from __future__ import annotations

import functools
import inspect
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

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
    use: Callable[[], object] | None

    def __new__(
        cls, dims: Sequence[int], about: str, number: int = SIZE, use: Callable[[], object] | None = None
    ) -> MadeUp:
        """``about`` says what is missing, for error messages; ``use`` is told when something is asked of it."""
        made = super().__new__(cls, number)
        made.dims = tuple(dims)
        made.about = about
        made.use = use
        return made

    def __copy__(self) -> MadeUp:
        return self

    def __deepcopy__(self, _: object) -> MadeUp:
        return self

    def _like(self, number: float = SIZE) -> MadeUp:
        return MadeUp(self.dims, self.about, max(1, int(number)), self.use)

    def count(self) -> None:
        """Has it noted that something rests on it."""
        if self.use is not None:
            self.use()

    @property
    def shape(self) -> tuple[int, ...]:
        """As of an array with a row per sample."""
        self.count()
        return (SAMPLES, *self.dims)

    @property
    def ndim(self) -> int:
        """As of an array."""
        return 1 + len(self.dims)

    def __len__(self) -> int:
        self.count()
        return SIZE

    def __iter__(self) -> Iterator[int]:
        return iter(self.dims)

    def __getitem__(self, key: object) -> Any:
        if type(key) is not int:
            return self
        # Not without end: what makes tensors of nested lists looks for the first item of each.
        return MadeUp(self.dims[1:], self.about, use=self.use) if self.dims else int(self)

    def __setitem__(self, key: object, value: object) -> None:
        """Data is not kept."""

    def __getattr__(self, name: str) -> MadeUp:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._like()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.count()
        if len(args) == 1 and not kwargs and _is_decorated(args[0], sys._getframe(1).f_globals):
            return args[0]
        for value in (*args, *kwargs.values()):
            if is_of_graph(value):
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


def _is_decorated(value: object, around: Mapping[str, object]) -> bool:
    """Whether a call is that of a decorator; ``around`` are the names where it stands.

    In sources under proof decorators are marked. Elsewhere a function or class may as well be an argument.
    """
    return (isinstance(value, type) or inspect.isfunction(value)) and "__reglint_made__" not in around


def decorator(made: Any) -> Any:
    """A decorator, or one that does nothing if it is made up."""
    return (lambda decorated: decorated) if isinstance(made, MadeUp) else made


_GRAPH = frozenset({"Layer", "KerasTensor"})
"""Classes of what a model is made of, which nothing made up may touch."""


def plain(value: Any, name: str = "") -> Any:
    """A value as an argument of Keras: a plain number, or shape, for what is made up. ``name`` is the parameter's.

    A number of NumPy is a plain one too: some versions of Keras refuse ``Dense(np.prod(shape))``.
    """
    if isinstance(value, MadeUp):
        value.count()
        return None if name == "name" else value.dims if "shape" in name else int(value)
    if isinstance(value, np.integer):
        return int(value)
    if type(value) in (list, tuple):
        return type(value)(plain(part) for part in value)
    return value


def holds_made_up(value: Any) -> bool:
    """Whether a value is made up, or a list with one that is; it counts as used."""
    parts = value if type(value) in (list, tuple) else [value]
    found = [part for part in parts if isinstance(part, MadeUp)]
    for part in found:
        part.count()
    return bool(found)


class Broken:
    """What a statement would have given that failed."""

    def __init__(self, about: str) -> None:
        self._about = about

    def _fail(self, *_: object, **__: object) -> Any:
        raise NotHere(f"{self._about} before")

    __getattr__ = __getitem__ = __setitem__ = __call__ = __iter__ = __len__ = __bool__ = _fail


def is_of_graph(value: object) -> bool:
    """Whether a value is a layer, a model, or a symbolic tensor, or would have been one."""
    return isinstance(value, Broken) or any(part.__name__ in _GRAPH for part in type(value).__mro__)


def keep_made_up(convert: Callable[..., Any]) -> Callable[..., Any]:
    """What prepares data (``numpy.array``, ``to_categorical``), which would take a made-up value for a number."""

    @functools.wraps(convert)
    def kept(*args: Any, **kwargs: Any) -> Any:
        if args and isinstance(args[0], MadeUp):
            return _prepared(convert, args, kwargs)
        return convert(*args, **kwargs)

    return kept


_SIZES = ("num_classes", "maxlen")
"""Parameters that say how long the samples are that come out."""


def _prepared(convert: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> MadeUp:
    """The made-up data that is made of made-up data."""
    try:
        given = inspect.signature(convert).bind_partial(*args, **kwargs).arguments
    except (TypeError, ValueError):
        given = kwargs
    sizes = tuple(int(given[name]) for name in _SIZES if isinstance(given.get(name), int))
    data: MadeUp = args[0]
    return MadeUp(sizes, data.about) if sizes else data


def spread(pattern: Any, value: Any) -> Any:
    """``value``, or if it is made up, as many made-up values as a tuple of targets takes.

    ``pattern`` mirrors the targets: ``((0, 0), 0)`` for ``(a, b), c = value``.
    """
    if not isinstance(value, (MadeUp, Broken)) or not isinstance(pattern, tuple):
        return value
    return tuple(spread(part, value) for part in pattern)


def each(pattern: Any, values: Any) -> Any:
    """``values`` of a loop; those that are made up, ``SAMPLES`` times, as its tuple of targets takes them."""
    if isinstance(values, MadeUp):
        return [spread(pattern, values)] * SAMPLES
    return values


DATASETS: dict[str, tuple[int, int, tuple[int, ...], int]] = {
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
    train, test, shape, classes = DATASETS[name]

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
