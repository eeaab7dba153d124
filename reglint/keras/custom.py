"""Layers that Keras does not have and a policy makes known: by their dotted names, with their weights."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import libcst as cst

from reglint.keras.names import KerasName, keras_name
from reglint.resolve.paths import module_name
from reglint.resolve.values import Definition, External

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reglint.keras.catalog import Layer
    from reglint.resolve.scopes import ModuleIndex
    from reglint.resolve.values import Value

NO_LAYERS: Mapping[str, Layer] = MappingProxyType({})


def custom_layer(
    maker: Value, custom_layers: Mapping[str, Layer], index: ModuleIndex
) -> tuple[KerasName, Layer] | None:
    """The custom layer that a class is, and its dotted name below the Keras of the module that makes it."""
    if not custom_layers:
        return None
    match maker:
        case External(dotted):
            pass
        case Definition(cst.ClassDef(name=cst.Name(own)), scope):
            dotted = f"{module_name(scope.index.path)}.{own}"
        case _:
            return None
    layer = custom_layers.get(dotted)
    if layer is None:
        return None
    keras = _keras_of(index)
    return KerasName(keras.root, dotted, keras.generation), layer


def _keras_of(index: ModuleIndex) -> KerasName:
    """The Keras that a module imports from, plain ``keras`` where it imports none."""
    imports = (binding.imported for bindings in index.top.bindings.values() for binding in bindings)
    dotted = (f"{found.module}.{found.name or ''}".rstrip(".") for found in imports if found is not None)
    named = (name for each in dotted if (name := keras_name(each)) is not None)
    return next(named, KerasName("keras", "", None))
