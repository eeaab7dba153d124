"""What every command does with its output."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTHING_FOUND, FOUND, FAILED = 0, 1, 2
"""The exit codes."""


@contextmanager
def reader_may_leave() -> Iterator[None]:
    """Ends the output where its reader closes it, as ``head`` does; the exit code stays that of the run."""
    try:
        yield
    except BrokenPipeError:
        # Python flushes once more when it ends, and would complain about the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def fail(message: str) -> NoReturn:
    """End the run with an error, a line each."""
    for line in message.splitlines():
        click.echo(f"{click.style('error', fg='red', bold=True)}: {line}", err=True, color=color(sys.stderr))
    sys.exit(FAILED)


def color(stream: object) -> bool:
    """Whether what is printed to a stream has colors."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(getattr(stream, "isatty", lambda: False)())
