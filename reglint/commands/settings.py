"""Which policy applies to a file, and how proofs are run."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reglint.policy.policy import Policy
    from reglint.verify import Settings


def policies(
    policy_file: Path | None,
    select: tuple[str, ...] = (),
    ignore: tuple[str, ...] = (),
    force_exclude: bool = False,
    docs: bool = False,
) -> Callable[[Path], Policy]:
    """The policy for each file: the one that was named, or the nearest; with what the command line changes."""
    from reglint.policy import discover, load

    def found(read: Callable[[Path], Policy], path: Path) -> Policy:
        return read(path).narrowed(select, ignore, force_exclude, docs)

    if policy_file is not None:
        named = found(load, policy_file)
        return lambda _: named

    @cache
    def nearest(folder: Path) -> Policy:
        return found(discover, folder)

    return lambda path: nearest(path.absolute().parent)


def settings(policies: Callable[[Path], Policy], paths: tuple[Path, ...]) -> Settings:
    """How to run proofs: as the policy of the first path says."""
    from reglint.verify import Settings

    first = paths[0]
    verify = policies(first / "any.py" if first.is_dir() else first).verify
    return Settings(
        python=str(verify.python) if verify.python is not None else None,
        timeout=verify.timeout,
        memory_mib=verify.memory_mib,
        builders=verify.builders,
    )
