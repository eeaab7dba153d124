"""Which policy applies to a file, and how proofs are run."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reglint.commands.output import color
from reglint.commands.progress import progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from reglint.policy.policy import Policy
    from reglint.verify import Settings

_Command = TypeVar("_Command", bound="Callable[..., Any]")


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


def build_options(command: _Command) -> _Command:
    """The options of a command that builds models: ``python``; where answers are kept: ``cache_dir``, ``no_cache``."""
    command = click.option("--no-cache", is_flag=True, help="Build everything anew, and keep nothing.")(
        command
    )
    command = click.option(
        "--cache-dir",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="FOLDER",
        help="Where to keep what builds measured. Otherwise .reglint_cache beside the policy file, or here.",
    )(command)
    return click.option(
        "--python",
        type=click.Path(path_type=Path),
        metavar="PATH",
        help="The Python that builds the models, or the folder of its virtual environment: it needs Keras, and not "
        "reglint. Otherwise what the policy says under [verify], or the Python that runs reglint.",
    )(command)


def settings(
    policies: Callable[[Path], Policy],
    first: Path,
    python: Path | None = None,
    cache_dir: Path | None = None,
    no_cache: bool = False,
) -> Callable[[Path], Settings]:
    """How to build what is in a file: as its policy says, but with the ``python`` that is given, if one is.

    Answers are kept beside the policy of the ``first`` path.
    """
    from reglint.verify import Settings, interpreter
    from reglint.verify.cache import FOLDER

    nearest = policies(first / "any.py" if os.path.isdir(first) else first)
    beside = nearest.path.parent if nearest.path is not None else Path()
    answers = None if no_cache else (cache_dir or beside / FOLDER).absolute()
    warn = cache(_warn)

    def of(path: Path) -> Settings:
        policy = policies(path)
        verify = policy.verify
        stated = str(policy.origins.get(("verify", "python"), ""))
        named, named_at = (python, "--python") if python is not None else (verify.python, stated)
        return Settings(
            python=str(interpreter.find(named)) if named is not None else None,
            python_from=named_at,
            timeout=verify.timeout,
            memory_mib=verify.memory_mib,
            builders=verify.builders,
            warn=warn,
            progress=progress,
            cache=answers,
        )

    return of


def _warn(message: str) -> None:
    click.echo(f"{click.style('note', fg='blue', bold=True)}: {message}", err=True, color=color(sys.stderr))
