"""Keeps Keras from doing what a proof does not need: training, saving, downloading, drawing numbers."""

from __future__ import annotations

import functools
import inspect
import os
import sys
from contextlib import suppress
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np

from . import backends
from .madeup import DATASETS, MadeUp, dataset, holds_made_up, keep_made_up, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType

    from .backends import Backend

_IDLE = (
    "fit",
    "fit_generator",
    "train_on_batch",
    "evaluate",
    "evaluate_generator",
    "test_on_batch",
    "predict",
    "predict_generator",
    "predict_on_batch",
    "compile",
    "save",
    "save_weights",
    "load_weights",
    "export",
    "summary",
)
"""Methods of a model that say nothing about its penalties."""

_OF_TRAINING = ("optimizer", "history")
"""Attributes that a model has by then."""

_RANDOM = ("VarianceScaling", "RandomNormal", "RandomUniform", "TruncatedNormal", "OrthogonalInitializer")
"""Initializers that draw: for VGG16 that is most of the time of a build, and every value is overwritten."""

_INITIAL = 0.01

_SAMPLES = 2

_CONVERTING = ("constant", "convert_to_tensor", "cast", "reshape", "expand_dims", "squeeze", "one_hot")
"""Functions of TensorFlow that turn data into tensors."""


class Registry:
    """What Keras made since ``install``: models, and the copies that ``Bidirectional`` makes of its layer."""

    def __init__(self) -> None:
        self.models: list[Any] = []
        self.samples: dict[int, Any] = {}
        """The data that models were built with, by the model's id."""
        self._finished: set[int] = set()
        self._places: dict[int, tuple[Any, tuple[str, int]]] = {}
        self._copies: dict[int, tuple[Any, list[Any]]] = {}

    def copies(self, layer: Any) -> list[Any]:
        """The layers that stand in a model for ``layer``: itself, or its copies."""
        return self._copies.get(id(layer), (layer, [layer]))[1]

    def note_model(self, model: Any) -> None:
        """Keeps a model that was created, so that it is found and not collected."""
        if not any(model is known for known in self.models):
            self.models.append(model)

    def note_finished(self, model: Any) -> None:
        """Keeps that something was asked of a model that it can do only when all of it is there."""
        self._finished.add(id(model))

    def is_finished(self, model: Any) -> bool:
        """Whether a model is all there: no layer can be added to it, or it was used."""
        return id(model) in self._finished or (
            getattr(model, "inputs", None) is not None and not hasattr(model, "add")
        )

    @property
    def places(self) -> dict[int, tuple[str, int]]:
        """The file and line that made each layer, by its id."""
        return {number: place for number, (_, place) in self._places.items()}

    @property
    def count(self) -> int:
        """How many layers were made."""
        return len(self._places)

    def note_place(self, layer: Any, is_own: Callable[[str], bool]) -> None:
        """Keeps where a layer is being made: in the innermost of the project's own files that are running."""
        frame: FrameType | None = sys._getframe(2)
        while frame is not None and not is_own(frame.f_code.co_filename):
            frame = frame.f_back
        if frame is not None:
            self._places[id(layer)] = (layer, (frame.f_code.co_filename, frame.f_lineno))

    def note_copies(self, layer: Any, copies: list[Any]) -> None:
        """Keeps what a wrapper made of a layer, and the layer, so that its id stays its own."""
        self._copies[id(layer)] = (layer, copies)


def families() -> list[Any]:
    """The Keras packages that are imported: ``keras``, ``tf_keras`` or both."""
    return [sys.modules[name] for name in ("keras", "tf_keras") if hasattr(sys.modules.get(name), "layers")]


def install(is_own: Callable[[str], bool]) -> Registry:
    """Tames NumPy and every Keras that is imported, and returns what Keras will make.

    ``is_own`` tells the files of the project.
    """
    registry = Registry()
    np.array, np.asarray = keep_made_up(np.array), keep_made_up(np.asarray)
    tensorflow: Any = sys.modules.get("tensorflow")  # Keras 3 also runs on others
    for name in _CONVERTING if tensorflow else ():
        setattr(tensorflow, name, keep_made_up(getattr(tensorflow, name)))
    for keras in families():
        for name in _IDLE:
            if hasattr(keras.Model, name):
                setattr(keras.Model, name, _idle(name, getattr(keras.Model, name), registry))
        for name in _RANDOM:
            if hasattr(keras.initializers, name):
                getattr(keras.initializers, name).__call__ = _constant(backends.of_keras(keras))
        for name in _OF_TRAINING:
            if not hasattr(keras.Model, name):
                setattr(keras.Model, name, MadeUp((), f"`{name}` of a model that a proof does not train"))
        _let_in_made_up(keras)
        keras.layers.Layer.__new__ = _placing(keras.layers.Layer.__new__, registry, is_own)
        keras.Model.__new__ = _noting(keras.Model.__new__, registry)
        keras.layers.Bidirectional.__init__ = _copying(keras.layers.Bidirectional.__init__, registry)
    return registry


def _let_in_made_up(keras: Any) -> None:
    """Lets Keras take made-up values where it takes data, and plain numbers for them where it takes numbers."""
    for optimizer in _optimizers(keras):
        optimizer.__init__ = _forgiving(optimizer.__init__)
    _replace_everywhere(
        {each: keep_made_up(each) for each in _preparing(keras)}
        | {keras.utils.get_file: _no_download, keras.Input: _plainly(keras.Input)}
        | {each: _untrained(each) for each in _applications(keras)}
    )
    for name in DATASETS:
        if hasattr(keras.datasets, name):
            getattr(keras.datasets, name).load_data = functools.partial(_loaded, name)
    keras.layers.Layer.add_weight = _plainly(keras.layers.Layer.add_weight)
    for layer in dict.fromkeys(each for each in vars(keras.layers).values() if isinstance(each, type)):
        if "adapt" in vars(layer):
            layer.adapt = _adapting(layer.adapt)  # type: ignore[attr-defined]
        if "__init__" in vars(layer):
            layer.__init__ = _plainly(layer.__init__)  # type: ignore[misc]


def _idle(name: str, original: Any, registry: Registry) -> Callable[..., MadeUp]:
    @functools.wraps(original)
    def idle(self: Any, *args: Any, **__: Any) -> MadeUp:
        registry.note_finished(self)
        if args and not self.built:
            with suppress(Exception):  # It is data, or it says nothing about the model's inputs.
                sample = _sample(args[0])
                self(sample)
                registry.samples[id(self)] = sample
        return MadeUp((), f"the result of {type(self).__name__}.{name}(), which a proof does not run")

    return idle


def _sample(data: Any) -> Any:
    """The first few samples of what a model is trained on. Raises whatever it can if it is nothing of the kind."""
    if not hasattr(data, "element_spec"):
        return data[:_SAMPLES]
    batch = next(iter(data))
    return batch[0] if isinstance(batch, tuple) else batch


def _constant(backend: Backend) -> Callable[..., Any]:
    def constant(_: Any, shape: Any, dtype: Any = None, **__: Any) -> Any:
        return backend.full(shape, _INITIAL, dtype or "float32")

    return constant


def _forgiving(original: Any) -> Callable[..., None]:
    @functools.wraps(original)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        # An optimizer is only passed to ``compile``: arguments of older versions (``lr``) need not be known, and those
        # that are no more (``optimizers.legacy``) need not be there.
        with suppress(TypeError, ValueError, ImportError):
            original(self, *args, **kwargs)

    return __init__


def _optimizers(keras: Any) -> list[Any]:
    """The classes of optimizers that have a constructor of their own."""
    modules = [keras.optimizers, getattr(keras.optimizers, "legacy", None)]
    found = [each for module in modules if module is not None for each in vars(module).values()]
    return [each for each in dict.fromkeys(filter(inspect.isclass, found)) if "__init__" in vars(each)]


def _no_download(fname: Any = None, *_: Any, **__: Any) -> str:
    """In place of ``get_file``: a path where nothing is, which is all that ``keras.applications`` needs."""
    return str(fname or "not-downloaded")


def _applications(keras: Any) -> list[Any]:
    """The functions of Keras that build a model with weights from a file."""
    made = [each for each in vars(keras.applications).values() if inspect.isfunction(each)]
    return [each for each in made if "weights" in inspect.signature(each).parameters]


def _untrained(original: Any) -> Callable[..., Any]:
    """The same function, without the weights of a file that is not there: all values are overwritten."""
    signature = inspect.signature(original)

    @functools.wraps(original)
    def untrained(*args: Any, **kwargs: Any) -> Any:
        given = signature.bind(*args, **kwargs)
        weights = given.arguments.get("weights")
        if isinstance(weights, MadeUp) or (isinstance(weights, (str, os.PathLike)) and _is_no_file(weights)):
            given.arguments["weights"] = None
        return original(*given.args, **given.kwargs)

    return untrained


def _is_no_file(path: str | os.PathLike[str]) -> bool:
    """Whether a path is that of a file, by its suffix, and nothing is there."""
    return bool(os.path.splitext(path)[1]) and not os.path.exists(path)


def _loaded(name: str, *_: Any, **__: Any) -> Any:
    """In place of ``load_data``, in files that are not under proof."""
    return dataset(name)


def _preparing(keras: Any) -> list[Any]:
    """The functions of Keras that prepare data."""
    modules = [keras.utils, *(part for part in vars(keras.preprocessing).values() if inspect.ismodule(part))]
    found = {
        id(each): each for module in modules for each in vars(module).values() if inspect.isfunction(each)
    }
    return list(found.values())


def _adapting(original: Any) -> Callable[..., None]:
    @functools.wraps(original)
    def adapt(self: Any, *args: Any, **kwargs: Any) -> None:
        given = next(iter((*args, *kwargs.values())), None)
        if not isinstance(given, MadeUp):
            original(self, *args, **kwargs)
            return
        # What it learns are no weights that anything is asked of: numbers, words or their numbers, whichever it takes.
        for data in (np.zeros(given.shape), ["made", "up"], [1, 2]):
            with suppress(Exception):
                original(self, data)
                return

    return adapt


def _replace_everywhere(replaced: Mapping[Any, Any]) -> None:
    """Replaces functions in every module that holds them by their names."""
    named = {original.__name__: (original, replacement) for original, replacement in replaced.items()}
    for module in list(sys.modules.values()):
        held = getattr(module, "__dict__", {})
        for name in named.keys() & held.keys():
            original, replacement = named[name]
            if held[name] is original:
                setattr(module, name, replacement)


def _plainly(original: Any) -> Callable[..., Any]:
    """The same function, given plain numbers for made-up ones: Keras, and what it hands them to, takes them apart."""
    signature = inspect.signature(original)
    names = list(signature.parameters)

    @functools.wraps(original)
    def plainly(*args: Any, **kwargs: Any) -> Any:
        given = [plain(value, name) for value, name in zip_longest(args, names[: len(args)], fillvalue="")]
        if holds_made_up(kwargs.get("weights")):
            del kwargs["weights"]  # The first values of a layer, as in ``Embedding(weights=[matrix])``.
        return original(*given, **{name: plain(value, name) for name, value in kwargs.items()})

    # Keras reads the constructor's own parameters, without looking at what is wrapped.
    vars(plainly)["__signature__"] = signature
    return plainly


def _noting(original: Any, registry: Registry) -> Callable[..., Any]:
    def __new__(cls: Any, *args: Any, **kwargs: Any) -> Any:
        model = original(cls, *args, **kwargs)
        registry.note_model(model)
        return model

    return __new__


def _placing(original: Any, registry: Registry, is_own: Callable[[str], bool]) -> Callable[..., Any]:
    def __new__(cls: Any, *args: Any, **kwargs: Any) -> Any:
        layer = original(cls, *args, **kwargs)
        registry.note_place(layer, is_own)
        return layer

    return __new__


def _copying(original: Any, registry: Registry) -> Callable[..., None]:
    @functools.wraps(original)
    def __init__(self: Any, layer: Any, *args: Any, **kwargs: Any) -> None:
        original(self, layer, *args, **kwargs)
        given = {id(value) for value in (*args, *kwargs.values())}
        made = (self.forward_layer, self.backward_layer)
        registry.note_copies(layer, [part for part in made if id(part) not in given])

    # Keras reads the constructor's own parameters, without looking at what is wrapped.
    vars(__init__)["__signature__"] = inspect.signature(original)
    return __init__
