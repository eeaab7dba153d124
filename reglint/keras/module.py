"""A module of Keras code: its document, its tree, and the layers that it constructs."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from reglint.keras.custom import NO_LAYERS
from reglint.keras.models import Models
from reglint.keras.names import KerasExternals
from reglint.keras.outputs import Outputs
from reglint.keras.sites import Site, find_sites
from reglint.resolve.evaluate import Resolver
from reglint.resolve.positions import exact_ranges, span_in, spans_of
from reglint.resolve.project import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reglint.files.documents import Document
    from reglint.files.text import Span
    from reglint.keras.catalog import Generation, Layer
    from reglint.resolve.project import Project
    from reglint.resolve.scopes import Located, ModuleIndex


@dataclass(frozen=True)
class KerasModule:
    """One document and what it constructs."""

    document: Document
    index: ModuleIndex
    resolver: Resolver
    sites: tuple[Site, ...]
    generation: Generation | None = None
    custom_layers: Mapping[str, Layer] = field(default_factory=lambda: NO_LAYERS)

    @cached_property
    def _spans(self) -> Mapping[Located, Span]:
        return spans_of(self.index)

    @cached_property
    def outputs(self) -> Outputs:
        """Which of the layers end a model."""
        return Outputs(self.index, self.resolver)

    @cached_property
    def models(self) -> Models:
        """Which of the layers are built together."""
        return Models(self.outputs)

    def span(self, node: Located) -> Span:
        """Where a call or import stands, the parentheses around it left out."""
        return self._spans[node]

    def exact_span(self, node: cst.CSTNode) -> Span:
        """Where any node stands, the parentheses around it left out; slow where it is first asked for."""
        if self.index.ranges is None:
            self.index.ranges = exact_ranges(self.index.tree)
        return span_in(self.index.text, self.index.ranges[node])

    def amended(self, document: Document) -> KerasModule:
        """The module with another text in its place, in the same project.

        Raises:
            ValueError: the text is no Python.
        """
        project = self.resolver.project
        try:
            index = parse(document.path, document.source)
        except (cst.ParserSyntaxError, RecursionError) as error:
            raise ValueError(str(error)) from error
        return read_module(document, project.with_module(index), self.generation, self.custom_layers)


def read_module(
    document: Document,
    project: Project,
    generation: Generation | None,
    custom_layers: Mapping[str, Layer] = NO_LAYERS,
) -> KerasModule:
    """Parse a document and find its layer constructors, those of ``custom_layers`` (by dotted name) among them.

    Raises:
        libcst.ParserSyntaxError: it is not Python.
    """
    index = project.parse(document.path, document.source)
    resolver = Resolver(project, KerasExternals(custom_layers))
    sites = tuple(find_sites(index, resolver, generation, custom_layers))
    return KerasModule(document, index, resolver, sites, generation, custom_layers)
