"""Writing files: each is the old one or the new one at any moment, and nothing is left beside it."""

from __future__ import annotations

import os
import signal
import stat
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from reglint.files.documents import DocumentError, SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.files.documents import Document


class Writer:
    """Writes the files of a run, and knows at any moment which it has written."""

    def __init__(self) -> None:
        self.written: list[Path] = []

    def write(self, document: Document, data: bytes) -> None:
        """Replace the file of ``document`` by ``data``, whole or not at all; Ctrl-C waits until that is done.

        The bytes go to a new file in the same folder, which is synced, given the owner and mode of the old one
        and renamed over it; a symbolic link is followed.

        Raises:
            DocumentError: the file changed since it was read, or cannot be written; the old file is then whole.
        """
        with _held_back():
            try:
                _replace(document, data)
            except OSError as error:
                raise DocumentError(document.path, f"cannot be written: {error.strerror or error}") from error
            self.written.append(document.path)

    def write_file(self, path: Path, before: bytes | None, data: bytes) -> None:
        """Write a file that held ``before``, or that did not exist (None), whole or not at all.

        Raises:
            DocumentError: it changed or came to be since then, or cannot be written.
        """
        created = False
        try:
            if before is None:
                path.touch(exist_ok=False)
                created = True
            self.write(SourceFile(path, before or b"", "utf-8"), data)
        except (OSError, DocumentError) as error:
            if created:
                with suppress(OSError):
                    path.unlink()
            if isinstance(error, DocumentError):
                raise
            raise DocumentError(path, f"cannot be written: {error.strerror or error}") from error


@contextmanager
def _held_back() -> Iterator[None]:
    """Holds an interruption back until what is within has ended."""
    handler = signal.getsignal(signal.SIGINT)
    if not callable(handler) or threading.current_thread() is not threading.main_thread():
        yield
        return
    arrived = []
    signal.signal(signal.SIGINT, lambda *arguments: arrived.append(arguments))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if arrived:
            handler(*arrived[0])


def _replace(document: Document, data: bytes) -> None:
    import tempfile  # takes long to import, and most runs write nothing

    target = document.path.resolve(strict=True)
    status = target.stat()
    if not stat.S_ISREG(status.st_mode):
        raise DocumentError(document.path, "is no regular file, so it is left alone")
    if not os.access(target, os.W_OK):
        raise DocumentError(document.path, "is read-only, so it is left alone")
    handle, name = tempfile.mkstemp(prefix=".reglint-", suffix=".tmp", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if hasattr(os, "chown"):
            with suppress(PermissionError):
                os.chown(temporary, status.st_uid, status.st_gid)
        # After the owner: giving a file away takes some of its mode.
        temporary.chmod(stat.S_IMODE(status.st_mode))
        # At the last moment, so that another run has no time to come between.
        if target.read_bytes() != document.data:
            raise DocumentError(document.path, "was changed while reglint ran, so it is left alone")
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
