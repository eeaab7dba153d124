"""Reading and writing source files, byte for byte."""

from __future__ import annotations

import codecs
import io
import os
import stat
import tokenize
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from reglint.files.text import Text


class DocumentError(Exception):
    """A file that cannot be read or written: which, why, and the way out."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True)
class Document:
    """A source file as it was read: its path as given, its bytes, and how they encode its text."""

    path: Path
    data: bytes
    encoding: str
    source: str

    @cached_property
    def text(self) -> Text:
        """The source with its lines."""
        return Text(self.source)

    @property
    def exact(self) -> bool:
        """Whether the text gives back the very bytes: where it does not, nothing can be written."""
        try:
            return self.encode(self.source) == self.data
        except UnicodeEncodeError:
            return False

    def encode(self, source: str) -> bytes:
        """The bytes of another text in this document's encoding, its byte-order mark kept."""
        return source.encode(self.encoding)


def read_document(path: Path) -> Document:
    """Read a Python source file.

    Raises:
        DocumentError: it cannot be read, or its bytes are not text in the encoding that it declares.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(path, f"cannot be read: {error.strerror or error}") from error
    try:
        encoding = _encoding(data)
        source = data.decode(encoding)
    except (SyntaxError, UnicodeError, LookupError) as error:
        raise DocumentError(path, _encoding_reason(data, error)) from error
    return Document(path, data, encoding, source)


def read_source(path: Path) -> str:
    """The text of a Python source file; errors as in ``read_document``, as ``ValueError``."""
    try:
        return read_document(path).source
    except DocumentError as error:
        raise ValueError(str(error)) from error


def _encoding(data: bytes) -> str:
    """The encoding by Python's rules: the byte-order mark, else the coding line, else UTF-8."""
    head = b"\n".join(data.removeprefix(codecs.BOM_UTF8).splitlines()[:2])
    # Beside a coding line may be letters of that encoding, which detect_encoding takes for broken UTF-8.
    ascii_head = head.decode("ascii", "replace").encode()
    marked = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    return tokenize.detect_encoding(io.BytesIO(marked + ascii_head).readline)[0]


def _encoding_reason(data: bytes, error: Exception) -> str:
    if not isinstance(error, UnicodeDecodeError):
        if data.startswith(codecs.BOM_UTF8):
            return "its coding line contradicts its UTF-8 byte-order mark; take one of them out"
        return f"its coding line names an encoding that cannot be used: {str(error).partition(';')[0]}"
    line = len((error.object[: error.start] + b"x").splitlines())
    if error.encoding == "utf-8":
        return (
            f"line {line} is not UTF-8; save the file as UTF-8, or name its encoding in the first line: "
            "# -*- coding: latin-1 -*-"
        )
    return f"line {line} is not {error.encoding.upper()}, as its coding line says; correct either of them"


def write_document(document: Document, data: bytes) -> None:
    """Replace the file of ``document`` by ``data``, whole or not at all.

    The bytes go to a new file in the same folder, which is synced, given the mode and owner of the old one
    and renamed over it; a symbolic link is followed.

    Raises:
        DocumentError: the file changed since it was read, or cannot be written; the old file is then whole.
    """
    import tempfile  # takes long to import, and most runs write nothing

    try:
        target = document.path.resolve(strict=True)
        status = target.stat()
        if target.read_bytes() != document.data:
            raise DocumentError(document.path, "was changed while reglint ran, so it is left alone")
        if not os.access(target, os.W_OK):
            raise DocumentError(document.path, "is read-only, so it is left alone")
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.chmod(stat.S_IMODE(status.st_mode))
            if hasattr(os, "chown"):
                with suppress(PermissionError):
                    os.chown(temporary, status.st_uid, status.st_gid)
            temporary.replace(target)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
    except OSError as error:
        raise DocumentError(document.path, f"cannot be written: {error.strerror or error}") from error
