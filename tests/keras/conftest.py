"""The installed Keras of a generation, and the check of one spelling."""

from __future__ import annotations

import importlib
import os
import textwrap
from typing import TYPE_CHECKING, Protocol

import pytest

from reglint.keras.module import read_module
from reglint.resolve.project import Project

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

    from reglint.keras.module import KerasModule
    from tests.conftest import Reader

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")


@pytest.fixture(scope="session")
def keras_of() -> Callable[[int], ModuleType]:
    """Imports ``keras`` for generation 3, ``tf_keras`` for generation 2."""
    return lambda generation: importlib.import_module("keras" if generation == 3 else "tf_keras")


class Spelled(Protocol):
    """Reads a module and compares its sites: each one's class and its first weight, ``Dense l2(0.01)``.

    ``case`` is the module, its sites, and the other files of its project if there are any. The class of the project
    stands before that of Keras: ``Mine:Dense absent``. ``later`` says why the case cannot be read yet.
    """

    def __call__(self, case: Any, later: str | None, before: str = "") -> None: ...


@pytest.fixture
def spelled(read: Reader, request: pytest.FixtureRequest) -> Spelled:
    def check(case: Any, later: str | None, before: str = "") -> None:
        if later is not None:
            request.applymarker(pytest.mark.xfail(strict=True, reason=later))
        source, expected, *others = case
        files = {name: textwrap.dedent(text) for name, text in (others[0] if others else {}).items()}
        module = read(before + textwrap.dedent(source), **files)
        assert _sites(module) == expected
        # Which calls are resolved is decided by their names; nothing may come of the others.
        every = read_module(module.document, Project(), None, screened=False)
        assert _sites(every) == expected

    return check


def _sites(module: KerasModule) -> list[str]:
    found = []
    for site in module.sites:
        name = f"{site.project_class}:{site.layer.name}" if site.project_class else site.layer.name
        found.append(f"{name} {site.weights[0].penalty or site.weights[0].state}")
    return found
