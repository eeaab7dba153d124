"""The interpreter that builds models: where it is, and what keeps it from building."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reglint.verify.proof import VerifierMissing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reglint.verify.proof import Settings

OLDEST = (3, 10)
"""The oldest Python that the worker runs on."""

_OWN = "reglint[verify]"
_PIP = {"tf_keras": "tf-keras"}
"""What pip calls a package, where that differs from what is imported."""


def find(given: Path) -> Path:
    """The interpreter that is meant by a path, by the folder of a virtual environment, or by a name on ``PATH``.

    Absolute, and links are not followed: the python of a virtual environment is one to a place outside.
    """
    if given.is_dir():
        places = (given / "bin" / "python", given / "Scripts" / "python.exe", given / "python.exe")
        given = next((place for place in places if place.exists()), places[os.name == "nt"])
    elif given.name == str(given) and not given.exists():
        given = Path(shutil.which(given) or given)
    return given.absolute()


def python(settings: Settings) -> str:
    """The path of the interpreter."""
    return settings.python or sys.executable


def not_started(settings: Settings, error: OSError) -> VerifierMissing:
    """It does not exist, or may not be run."""
    return VerifierMissing(
        f"{_place(settings)}the interpreter for proofs cannot be started: {python(settings)}: {error.strerror}"
    )


def silent(settings: Settings) -> VerifierMissing:
    """What was started does not answer as Python does."""
    return VerifierMissing(
        f"{_place(settings)}{python(settings)} does not answer: is it a Python interpreter?"
    )


def too_old(settings: Settings, version: str) -> VerifierMissing:
    """It is a Python that the worker does not run on."""
    oldest = ".".join(map(str, OLDEST))
    return VerifierMissing(
        f"{_place(settings)}{python(settings)} is Python {version}, and proofs need {oldest} or later"
    )


def without(settings: Settings, missing: Mapping[str, str]) -> VerifierMissing:
    """It cannot import the package ``missing``, because of ``error``."""
    package, error = missing["missing"], missing["error"]
    ways = []
    if error.startswith(ModuleNotFoundError.__name__):
        is_extra = package in ("keras", "tensorflow") and settings.python is None
        ways.append(f'pip install "{_OWN}"' if is_extra else f"pip install {_PIP.get(package, package)}")
    if package == "tensorflow":
        ways.append("set KERAS_BACKEND if Keras runs on something else")
    if settings.python is None:
        ways.append("name an interpreter that has it with --python")
    advice = f": {', or '.join(ways)}" if ways else ""
    return VerifierMissing(
        f"{_place(settings)}proofs need {package}, which {python(settings)} cannot import ({error}){advice}",
        package,
    )


def _place(settings: Settings) -> str:
    """Where the interpreter is named, as the beginning of a message."""
    return f"{settings.python_from}: " if settings.python_from else ""
