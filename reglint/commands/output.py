"""What every command does with its output."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def reader_may_leave() -> Iterator[None]:
    """Ends the output where its reader closes it, as ``head`` does; the exit code stays that of the run."""
    try:
        yield
    except BrokenPipeError:
        # Python flushes once more when it ends, and would complain about the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
