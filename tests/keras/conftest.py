"""The installed Keras of a generation, imported only by the tests that build with it."""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")


@pytest.fixture(scope="session")
def keras_of() -> Callable[[int], ModuleType]:
    """Imports ``keras`` for generation 3, ``tf_keras`` for generation 2."""
    return lambda generation: importlib.import_module("keras" if generation == 3 else "tf_keras")
