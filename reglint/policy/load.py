"""Finding and reading the policy that applies."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reglint.policy import preset
from reglint.policy.decode import decode
from reglint.policy.errors import PolicyError, Problem
from reglint.policy.extend import open_source
from reglint.policy.numbers import as_people_write
from reglint.policy.source import PYPROJECT, Source
from reglint.policy.toml import Document

if TYPE_CHECKING:
    from reglint.policy.policy import Policy

FILE_NAME = "reglint.toml"


def load(path: Path) -> Policy:
    """The policy of a file: all of it, or the ``[tool.reglint]`` table of a ``pyproject.toml``.

    Raises:
        PolicyError: it cannot be read, or something in it is wrong.
    """
    policy = _load(path)
    if policy is None:
        raise PolicyError([Problem(path, "no [tool.reglint] table in it")])
    return policy


def discover(start: Path) -> Policy:
    """The policy for a file or folder: the nearest in its own folder or above, or the built-in default.

    In one folder ``reglint.toml`` goes before ``pyproject.toml``; a ``pyproject.toml`` without a
    ``[tool.reglint]`` table is passed over. The policy's path is relative below the current folder.

    Raises:
        PolicyError: the nearest policy cannot be read, or something in it is wrong.
    """
    start = Path(os.path.abspath(start))
    for folder in (start, *start.parents):
        for path in (folder / FILE_NAME, folder / PYPROJECT):
            # Unlike Path.is_file, False also for what may not be looked at.
            if os.path.isfile(path) and (policy := _load(_relative(path))):
                return policy
    return DEFAULT


def from_mapping(entries: Mapping[str, Any]) -> Policy:
    """The policy that a file with these entries would hold; paths in it are relative to the current folder.

    Raises:
        PolicyError: something in it is wrong.
    """
    values = {key: dict(value) if isinstance(value, Mapping) else value for key, value in entries.items()}
    name = "the given policy"
    path = Path(name)
    try:
        return decode(Source(Document("", values, _written(values)), path), name, None)
    except PolicyError as error:
        problems = (
            replace(problem, line=None, column=None) if problem.path == path else problem
            for problem in error.problems
        )
        raise PolicyError(problems) from None


def _written(value: Any) -> Any:
    """Entries with floats as text, as a file would have them."""
    match value:
        case Mapping():
            return {key: _written(entry) for key, entry in value.items()}
        case list() | tuple():
            return [_written(entry) for entry in value]
        case float():
            return as_people_write(value).text if isfinite(value) else repr(value)
        case _:
            return value


def _load(path: Path) -> Policy | None:
    """The policy of a file; None for a ``pyproject.toml`` that has none."""
    source = open_source(path)
    if source is None:
        return None
    return decode(source, f"{path} [tool.reglint]" if source.table else str(path), path)


def _relative(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


DEFAULT = decode(preset.source("default"), "built-in default", None)
"""The policy where no file says anything: kernels need an L2 penalty, which a fix writes as ``l2(1e-4)``."""
