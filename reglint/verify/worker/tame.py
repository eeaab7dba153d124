"""Keeps Keras from doing what a proof does not need: training, saving, downloading, drawing numbers."""

from __future__ import annotations

import functools
import inspect
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from . import backends
from .madeup import MadeUp, keep_made_up

if TYPE_CHECKING:
    from collections.abc import Callable
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

_RANDOM = ("VarianceScaling", "RandomNormal", "RandomUniform", "TruncatedNormal", "OrthogonalInitializer")
"""Initializers that draw: for VGG16 that is most of the time of a build, and every value is overwritten."""

_INITIAL = 0.01


class Registry:
    """What Keras made since ``install``: models, and the copies that ``Bidirectional`` makes of its layer."""

    def __init__(self) -> None:
        self.models: list[Any] = []
        self._places: dict[int, tuple[Any, tuple[str, int]]] = {}
        self._copies: dict[int, tuple[Any, list[Any]]] = {}

    def copies(self, layer: Any) -> list[Any]:
        """The layers that stand in a model for ``layer``: itself, or its copies."""
        return self._copies.get(id(layer), (layer, [layer]))[1]

    def note_model(self, model: Any) -> None:
        """Keeps a model that was created, so that it is found and not collected."""
        if not any(model is known for known in self.models):
            self.models.append(model)

    @property
    def places(self) -> dict[int, tuple[str, int]]:
        """The file and line that made each layer, by its id."""
        return {number: place for number, (_, place) in self._places.items()}

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
    for keras in families():
        for name in _IDLE:
            if hasattr(keras.Model, name):
                setattr(keras.Model, name, _idle(name, getattr(keras.Model, name)))
        for name in _RANDOM:
            if hasattr(keras.initializers, name):
                getattr(keras.initializers, name).__call__ = _constant(backends.of_keras(keras))
        for optimizer in vars(keras.optimizers).values():
            if isinstance(optimizer, type) and "__init__" in vars(optimizer):
                optimizer.__init__ = _forgiving(optimizer.__init__)  # type: ignore[misc]
        _replace_everywhere(keras.utils.get_file, _no_download)
        keras.layers.Layer.__new__ = _placing(keras.layers.Layer.__new__, registry, is_own)
        keras.Model.__new__ = _noting(keras.Model.__new__, registry)
        keras.layers.Bidirectional.__init__ = _copying(keras.layers.Bidirectional.__init__, registry)
    return registry


def _idle(name: str, original: Any) -> Callable[..., MadeUp]:
    @functools.wraps(original)
    def idle(self: Any, *_: Any, **__: Any) -> MadeUp:
        return MadeUp((), f"the result of {type(self).__name__}.{name}(), which a proof does not run")

    return idle


def _constant(backend: Backend) -> Callable[..., Any]:
    def constant(_: Any, shape: Any, dtype: Any = None, **__: Any) -> Any:
        return backend.full(shape, _INITIAL, dtype or "float32")

    return constant


def _forgiving(original: Any) -> Callable[..., None]:
    @functools.wraps(original)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        # An optimizer is only passed to ``compile``: arguments of older versions (``lr``) need not be known.
        with suppress(TypeError, ValueError):
            original(self, *args, **kwargs)

    return __init__


def _no_download(fname: Any = None, *_: Any, **__: Any) -> str:
    """In place of ``get_file``: a path where nothing is, which is all that ``keras.applications`` needs."""
    return str(fname or "not-downloaded")


def _replace_everywhere(original: Any, replacement: Any) -> None:
    """Replaces a function in every module that holds it."""
    name = original.__name__
    for module in list(sys.modules.values()):
        if getattr(module, "__dict__", {}).get(name) is original:
            setattr(module, name, replacement)


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
