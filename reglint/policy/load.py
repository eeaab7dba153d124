"""Finding and reading the policy that applies."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from reglint.policy.decode import decode
from reglint.policy.errors import PolicyError, Problem
from reglint.policy.source import Source
from reglint.policy.toml import TomlSyntaxError, line_and_column, parse

if TYPE_CHECKING:
    from reglint.policy.policy import Policy

FILE_NAME = "reglint.toml"
PYPROJECT = "pyproject.toml"
_DEFAULT = """\
[weights]
kernel = "l2"
bias = "optional"
"""


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


def _load(path: Path) -> Policy | None:
    """The policy of a file; None for a ``pyproject.toml`` that has none."""
    in_pyproject = path.name == PYPROJECT
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PolicyError([Problem(path, f"cannot be read: {error.strerror}")]) from None
    if in_pyproject and b"reglint" not in data:
        return None
    try:
        document = parse(data.decode("utf-8").removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        place = line_and_column(before, len(before))
        raise PolicyError([Problem(path, f"not UTF-8: byte 0x{data[error.start]:02x}", *place)]) from None
    except TomlSyntaxError as error:
        raise PolicyError([Problem(path, f"not TOML: {error.message}", error.line, error.column)]) from None
    if not in_pyproject:
        return decode(Source(document, path), str(path), path)
    tool = document.values.get("tool")
    if not isinstance(tool, dict) or "reglint" not in tool:
        return None
    return decode(Source(document, path, ("tool", "reglint")), f"{path} [tool.reglint]", path)


def _relative(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


DEFAULT = decode(Source(parse(_DEFAULT), Path("built-in default")), "built-in default", None)
"""The policy where no file says anything: kernels need an L2 penalty, which a fix writes as ``l2(1e-4)``."""
