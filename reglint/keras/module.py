"""A module of Keras code: its document, its tree, and the layers that it constructs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from reglint.keras.catalog import Generation, load
from reglint.keras.names import KerasExternals
from reglint.keras.sites import Site, find_sites
from reglint.resolve.evaluate import Resolver
from reglint.resolve.positions import spans_of
from reglint.resolve.project import Project, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reglint.files.documents import Document
    from reglint.files.text import Span
    from reglint.resolve.scopes import Located, ModuleIndex


@dataclass(frozen=True)
class KerasModule:
    """One document and what it constructs."""

    document: Document
    index: ModuleIndex
    resolver: Resolver
    sites: tuple[Site, ...]

    @cached_property
    def _spans(self) -> Mapping[Located, Span]:
        return spans_of(self.index, self.document.text)

    def span(self, node: Located) -> Span:
        """Where a call or import stands, the parentheses around it left out."""
        return self._spans[node]


def read_module(document: Document, project: Project, generation: Generation | None) -> KerasModule:
    """Parse a document and find its layer constructors.

    Raises:
        libcst.ParserSyntaxError: it is not Python.
    """
    index = project.add(document.path, parse(document.source))
    resolver = Resolver(project, KerasExternals())
    return KerasModule(document, index, resolver, tuple(find_sites(index, resolver, generation)))


def may_construct_layers(data: bytes) -> bool:
    """Whether the bytes of a file hold any word that a layer constructor needs; most files do not."""
    return _screen().search(data) is not None


@cache
def _screen() -> re.Pattern[bytes]:
    names = {name for generation in (2, 3) for name in load(generation).names()}
    words = "|".join(sorted(map(re.escape, names)))
    return re.compile(rf"\bkeras\b|\b(?:{words})\b".encode())
