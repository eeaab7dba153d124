"""What a finding is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from reglint.files.text import Span


class Subject(NamedTuple):
    """The code or comment that a finding is about; a file that cannot be parsed has none."""

    span: Span | None = None
    scope: str = ""
    """The classes and functions around it, from the outermost: ``Model.build``."""
