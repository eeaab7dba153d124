"""How far a run that builds models has come: a bar on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PATIENCE = 10.0
"""Seconds between two lines; what takes less long says nothing."""


@contextmanager
def progress(files: int) -> Iterator[Callable[[], None]]:
    """Shows on standard error how many of some files are done; what it gives is called after each."""
    if sys.stderr.isatty():
        label = f"Building models of {files} file{'' if files == 1 else 's'}"
        with click.progressbar(length=files, label=label, show_pos=True, file=sys.stderr) as bar:
            yield lambda: bar.update(1)
        return
    done, said = 0, time.monotonic()

    def step() -> None:
        nonlocal done, said
        done += 1
        if done < files and time.monotonic() - said >= _PATIENCE:
            said = time.monotonic()
            click.echo(f"reglint: built the models of {done} of {files} files", err=True)

    yield step
