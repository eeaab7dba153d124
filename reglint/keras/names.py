"""The names that Keras goes by: one object, many import paths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from reglint.files.words import stands_in
from reglint.keras.catalog import Generation, load
from reglint.keras.screen import may_construct_layers

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_ROOTS = frozenset({"keras", "keras_core", "tf_keras", "tensorflow"})
# Folders between the root and the public module that are no part of an object's name.
_INNER = frozenset({"src", "api", "_tf_keras", "keras", "_v1", "_v2", "v1", "v2"})

_STARRED = ["layers", "regularizers"]
"""What ``from keras.layers import *`` bound beside the layers until Keras 2.3, whose modules had no ``__all__``."""


@dataclass(frozen=True, slots=True)
class KerasName:
    """An object of Keras: ``path`` is its public name below Keras (``layers.Dense``), ``root`` how it was reached."""

    root: str
    path: str
    generation: Generation | None
    """2 or 3 where the path settles it: ``tf_keras`` is Keras 2; plain ``keras`` can be either."""

    @property
    def module(self) -> str:
        """``layers`` of ``layers.Dense``."""
        return self.path.rpartition(".")[0]

    @property
    def last(self) -> str:
        """``Dense`` of ``layers.Dense``."""
        return self.path.rpartition(".")[2]


@cache
def keras_name(dotted: str) -> KerasName | None:
    """What a dotted name means in Keras; None for an object of anything else.

    Any path through TensorFlow with a ``keras`` in it is Keras (``tensorflow.python.keras``, ``tensorflow.compat.v1.
    keras``); an object of a submodule (``keras.layers.convolutional.Conv2D``, ``keras.src.layers.core.dense.Dense``)
    is that of the public module.
    """
    parts = dotted.split(".")
    end = _root_length(parts)
    if end is None:
        return None
    root = ".".join(parts[:end])
    generation: Generation | None = (
        2 if root == "tf_keras" or root.startswith(("tensorflow.python", "tensorflow.compat.v1")) else None
    )
    inner = _inner_length(parts[end:])
    rest = parts[end + inner :]
    if rest[:2] == _STARRED:
        generation, rest = 2, rest[1:]
    if len(rest) > 2:
        if not inner and rest[0] == "layers" and not rest[1][0].isupper():
            generation = 2  # the submodules of keras.layers were public only before Keras 3
        if not rest[-2][0].isupper():
            rest = [rest[0], rest[-1]]
    return KerasName(root, ".".join(rest), generation)


def package_of(module: str) -> str | None:
    """The package that a module of Keras is in, as its own path has it: ``tf_keras.src`` of ``tf_keras.src.engine``."""
    parts = module.split(".")
    end = _root_length(parts)
    return None if end is None else ".".join(parts[: end + _inner_length(parts[end:])])


def _root_length(parts: Sequence[str]) -> int | None:
    """How many parts of a dotted name lead to Keras; None where they do not."""
    if parts[0] in _ROOTS - {"tensorflow"}:
        return 1
    return parts.index("keras") + 1 if parts[0] == "tensorflow" and "keras" in parts else None


def _inner_length(rest: Sequence[str]) -> int:
    return next((place for place, part in enumerate(rest) if part not in _INNER), len(rest))


def is_defined(dotted: str) -> bool:
    """Whether a dotted name of a regularizer exists: inside Keras 3 the functions do not, only the classes.

    Observed with Keras 3.15.1: ``keras.regularizers.l2`` is there, ``keras.src.regularizers.l2`` is not.
    """
    if is_starred(dotted):
        return False
    return not (dotted.startswith("keras.src.regularizers.") and dotted.rpartition(".")[2].islower())


def is_starred(dotted: str) -> bool:
    """Whether a name is one that only a star import of the layers of an old Keras brings: newer ones lack it."""
    return dotted.split(".")[1:3] == _STARRED


@dataclass(frozen=True, slots=True)
class KerasExternals:
    """What the resolver is told about modules outside the project, and about ``custom_layers`` by dotted name."""

    custom_layers: frozenset[str] = frozenset()

    def is_external(self, root: str) -> bool:
        """Keras and TensorFlow are never project files, not even where the project is Keras itself."""
        return root in _ROOTS

    def may_matter(self, data: bytes) -> bool:
        """Whether a file has any word of Keras, or hands its modules on by their names."""
        return may_construct_layers(data, self.custom_layers) or any(
            stands_in(name.encode(), data) for name in _HANDED_IN
        )

    def may_return(self, data: bytes) -> bool:
        """Whether a file says anything of regularizers, as one does that gets them from the backend of a package."""
        return b"egulariz" in data

    def exports(self, module: str, name: str) -> bool:
        """Whether a star import from a Keras module binds ``name``."""
        found = keras_name(module)
        if found is None:
            return False
        if found.path.split(".")[0] == "layers":
            is_layer = any(load(generation).layer(name) is not None for generation in (2, 3))
            return is_layer or (found.root == "keras" and [found.path, name] == _STARRED)
        if found.path == "regularizers":
            return name in _REGULARIZERS
        return found.path == "" and name in ("layers", "regularizers", "models")

    def attributes(self, module: str) -> tuple[str, ...]:
        """The layer classes of a Keras module, each by one name."""
        found = keras_name(module)
        if found is None or found.path.split(".")[0] != "layers":
            return ()
        generations = (2, 3) if found.generation is None else (found.generation,)
        return tuple(sorted({layer.name for each in generations for layer in load(each).by_name.values()}))

    def injected(self, key: str) -> str | None:
        """Projects hand Keras's modules from function to function under their own names: ``kwargs["layers"]``."""
        if key == "keras":
            return "keras"
        return f"keras.{key}" if key in _HANDED_IN else None

    def passed_on(self, name: str) -> str | None:
        """Packages choose for their users which Keras they all run on: ``from package.backend import keras``."""
        return name if name in _ROOTS - {"tensorflow"} else None

    def makes_objects(self, maker: str) -> bool:
        """Whether ``maker`` is a regularizer or another class of Keras: calling it never returns None."""
        found = keras_name(maker)
        return found is not None and (found.last in _REGULARIZERS or found.last[:1].isupper())

    @property
    def describing(self) -> tuple[str, ...]:
        """What Keras makes layers again by, when it loads or clones a model."""
        return ("from_config",)

    def described_by(self, method: str) -> str | None:
        """``get_config`` for ``from_config``."""
        return "get_config" if method in self.describing else None

    def only_reads(self, method: str) -> bool:
        """What ``get_config`` returns goes to ``from_config``, or into a file.

        So it is in Keras 3.15.1 and tf_keras 2.21: what changes an entry (``Bidirectional``) changes no regularizer.
        """
        return method == "get_config"

    def is_sought(self, name: str) -> bool:
        """Whether a name is that of a layer, a regularizer or the module of one."""
        return name in class_names(self.custom_layers) or name in _REGULARIZERS or name in _HANDED_IN

    def imports(self, function: str) -> bool:
        """``Dense, Conv2D = keras_import("layers", "Dense", "Conv2D")``, as projects share it to bridge generations."""
        words = function.rpartition(".")[2].lower()
        return "keras" in words and "import" in words

    def imported(self, names: Sequence[str]) -> str | Sequence[str]:
        """The dotted names of what ``keras_import("layers", "Dense", "Conv2D")`` returns."""
        if len(names) < 2:
            return ".".join(("keras", *names))
        module, *inside = names
        found = [f"keras.{module}.{name}" for name in inside]
        return found[0] if len(found) == 1 else found

    def keeps(self, base: str, attribute: str) -> tuple[str, int | None] | None:
        """Layers keep regularizers: as ``kernel_regularizer``, those made of others as ``_kernel_regularizer``.

        Observed with Keras 3.15.1 and tf_keras 2.21 of every layer in the catalog.
        """
        found = keras_name(base)
        if found is None or found.module != "layers":
            return None
        name = attribute.removeprefix("_")
        for generation in (3, 2):
            layer = load(generation).layer(found.last)
            if layer is not None and any(weight.argument == name for weight in layer.weights):
                position = layer.parameters.index(name) if name in layer.parameters else None
                return name, position
        return None

    def stands_for(self, maker: str, name: str) -> str | None:
        """An object of ``keras.layers`` that is no layer, but has layer classes as attributes, stands for that module.

        This is what ``VersionAwareLayers()`` does.
        """
        found = keras_name(maker)
        if found is None or found.module != "layers":
            return None
        known = any(load(generation).layer(found.last) is not None for generation in (2, 3))
        if not known and self.exports(f"{found.root}.layers", name):
            return f"{found.root}.layers.{name}"
        return None


_HANDED_IN = ("layers", "regularizers")
_REGULARIZERS = frozenset(
    {"l1", "l2", "l1_l2", "l1l2", "L1", "L2", "L1L2", "OrthogonalRegularizer", "orthogonal_regularizer"}
)


def class_names(custom_layers: Collection[str] = ()) -> frozenset[str]:
    """The last names of the layers that have weights of their own."""
    return _layer_names() | {dotted.rpartition(".")[2] for dotted in custom_layers}


@cache
def _layer_names() -> frozenset[str]:
    catalogs = (load(generation).by_name.items() for generation in (2, 3))
    return frozenset(name for name, layer in chain.from_iterable(catalogs) if layer.has_weights)
