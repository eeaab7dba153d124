"""What the tests of all stages share: from a source text to a module, its sites and its findings."""

from __future__ import annotations

import signal
import sys
import textwrap
from typing import TYPE_CHECKING, Protocol

import pytest

from reglint.files.documents import read_document
from reglint.keras.module import KerasModule, read_module
from reglint.resolve.project import Project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Interruptions arrive, in what the tests start as well: a job in the background of a shell ignores them."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def names_from_the_first(request: pytest.FixtureRequest) -> None:
    """Keras numbers the names that it gives in a whole process: in each test they start over, whatever ran before."""
    if request.node.get_closest_marker("keras"):
        for family in filter(None, map(sys.modules.get, ("keras", "tf_keras"))):
            family.backend.clear_session()


class Reader(Protocol):
    """Writes ``source`` to ``name`` below a temporary folder and reads it as a module."""

    def __call__(self, source: str, name: str = "model.py", **others: str) -> KerasModule: ...


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    def read_source(source: str, name: str = "model.py", **others: str) -> KerasModule:
        for other, text in {**others, name: source}.items():
            file = tmp_path / (other if other.endswith(".py") else f"{other}.py")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(text))
        return read_module(read_document(tmp_path / name), Project(), None)

    return read_source
