"""Reading the files that hold code, byte for byte, and editing them."""

from __future__ import annotations

import codecs
import io
import re
import tokenize
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from reglint.files.edit import apply_edits
from reglint.files.text import Place, Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from reglint.files.edit import Edit
    from reglint.files.text import Span

NOTEBOOK = ".ipynb"
MARKDOWN = (".md", ".markdown")
STUB = ".pyi"
"""Python without the code: there is nothing in it to find."""


_OTHER_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
"""Byte-order marks and what they stand for, the longer ones before those that they start with."""
_TWO_LINES = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)[^\r\n]*")


class DocumentError(Exception):
    """A file that cannot be read or written: which, why, and the way out."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a document that is not Python."""

    place: Place
    message: str

    def __str__(self) -> str:
        return f"syntax error: {self.message}"


@dataclass(frozen=True)
class Document(ABC):
    """A file as it was read: its path as given, its bytes, how they encode text, and the one module in it.

    Spans, offsets and edits are those of the module's text; a ``Place`` is one of the file.
    """

    path: Path
    data: bytes
    encoding: str

    @property
    @abstractmethod
    def source(self) -> str:
        """The text of the module."""

    @cached_property
    def text(self) -> Text:
        """The source with its lines."""
        return Text(self.source)

    @cached_property
    def exact(self) -> bool:
        """Whether the text gives back the very bytes: where it does not, nothing can be written."""
        try:
            return self.edited(()).data == self.data
        except ValueError:
            return False

    @property
    @abstractmethod
    def code(self) -> bytes:
        """The bytes that can hold code, cheaply: nothing is parsed for them."""

    @property
    @abstractmethod
    def problems(self) -> tuple[Problem, ...]:
        """The parts that are left out of the module because they are not Python; the rest of it goes without them."""

    @property
    def passed_over(self) -> int:
        """How many parts are left out of the module because they are not Python, and are no problem."""
        return 0

    @abstractmethod
    def limit(self, offset: int) -> int:
        """The end of the part that a character of the module is in: what is added after it stands before that."""

    @abstractmethod
    def locate(self, line: int, column: int) -> tuple[int | None, int, int]:
        """Where a line and column of the module are in the file, or in a cell that people count; all from 1."""

    def place(self, span: Span) -> Place:
        """Where something in the module stands in the file."""
        cell, line, column = self.locate(span.line, span.column)
        _, end_line, end_column = self.locate(span.end_line, span.end_column)
        return Place(cell, line, column, end_line, end_column)

    @abstractmethod
    def line(self, place: Place) -> str:
        """The line of the file that a place starts on, without its line end."""

    @abstractmethod
    def edited(self, edits: Iterable[Edit]) -> Document:
        """The document with its module edited, and every other byte of it as it was.

        Raises:
            ValueError: two edits overlap, one is not within a part, or the encoding lacks a letter of one.
        """


@dataclass(frozen=True)
class SourceFile(Document):
    """A Python file: its module is all of its text."""

    @cached_property
    def source(self) -> str:
        return self.data.decode(self.encoding)

    @property
    def code(self) -> bytes:
        return self.data

    @property
    def problems(self) -> tuple[Problem, ...]:
        return ()

    def limit(self, offset: int) -> int:  # noqa: ARG002
        return len(self.source)

    def locate(self, line: int, column: int) -> tuple[int | None, int, int]:
        return None, line, column

    def line(self, place: Place) -> str:
        return self.text.line(place.line)

    def edited(self, edits: Iterable[Edit]) -> SourceFile:
        return SourceFile(self.path, apply_edits(self.source, edits).encode(self.encoding), self.encoding)


def read_document(path: Path) -> Document:
    """Read a Python file or, by its name, a notebook or a Markdown file.

    Raises:
        DocumentError: it cannot be read, its bytes are not text in the encoding that it declares, or they are not
            those of a notebook.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(path, f"cannot be read: {error.strerror or error}") from error
    return document_of(path, data)


def document_of(path: Path, data: bytes) -> Document:
    """The document whose bytes are ``data``; errors as in ``read_document``."""
    if path.suffix == NOTEBOOK:
        from reglint.files.notebook import read_notebook  # most projects have none

        return read_notebook(path, data)
    if path.suffix in MARKDOWN:
        from reglint.files.markdown import read_markdown

        return read_markdown(path, data)
    for mark, name in _OTHER_MARKS:
        if data.startswith(mark):
            raise DocumentError(path, f"is {name}, which Python does not read; save the file as UTF-8")
    try:
        encoding = _encoding(data)
        data.decode(encoding)
    except (SyntaxError, UnicodeError, LookupError) as error:
        raise DocumentError(path, _encoding_reason(data, error)) from error
    return SourceFile(path, data, encoding)


def read_source(path: Path) -> str:
    """The text of a Python source file; errors as in ``read_document``, as ``ValueError``."""
    try:
        return read_document(path).source
    except DocumentError as error:
        raise ValueError(str(error)) from error


def _encoding(data: bytes) -> str:
    """The encoding by Python's rules: the byte-order mark, else the coding line, else UTF-8."""
    found = _TWO_LINES.match(data.removeprefix(codecs.BOM_UTF8))
    head = b"\n".join(found[0].splitlines()) if found is not None else b""
    # Beside a coding line may be letters of that encoding, which detect_encoding takes for broken UTF-8.
    ascii_head = head.decode("ascii", "replace").encode()
    marked = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    encoding = tokenize.detect_encoding(io.BytesIO(marked + ascii_head).readline)[0]
    if b"# coding".decode(encoding, "replace") != "# coding":
        raise LookupError(f"in {encoding} the coding line itself would read otherwise")
    return encoding


def line_of(error: UnicodeDecodeError) -> int:
    """The line, from 1, of the first byte that is not text."""
    return len((error.object[: error.start] + b"x").splitlines())


def _encoding_reason(data: bytes, error: Exception) -> str:
    if not isinstance(error, UnicodeDecodeError):
        if data.startswith(codecs.BOM_UTF8):
            return "its coding line contradicts its UTF-8 byte-order mark; take one of them out"
        return f"its coding line names an encoding that cannot be used: {str(error).partition(';')[0]}"
    line = line_of(error)
    if error.encoding == "utf-8":
        return (
            f"line {line} is not UTF-8; save the file as UTF-8, or name its encoding in the first line: "
            "# -*- coding: latin-1 -*-"
        )
    return f"line {line} is not {error.encoding.upper()}, as its coding line says; correct either of them"
