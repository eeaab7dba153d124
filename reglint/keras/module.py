"""A module of Keras code: its document, its tree, and the layers that it constructs."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING

import libcst as cst

from reglint.keras.custom import NO_LAYERS
from reglint.keras.models import Models
from reglint.keras.names import KerasExternals, class_names
from reglint.keras.outputs import Outputs
from reglint.keras.own import MAKE_WEIGHTS
from reglint.keras.sites import Site, find_sites
from reglint.resolve.evaluate import Resolver
from reglint.resolve.outline import Wanted
from reglint.resolve.positions import exact_ranges, span_in, spans_of
from reglint.resolve.project import parse
from reglint.resolve.scopes import last_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from reglint.files.documents import Document
    from reglint.files.text import Span
    from reglint.keras.catalog import Generation, Layer
    from reglint.resolve.project import Project
    from reglint.resolve.scopes import CallRecord, Located, ModuleIndex


@dataclass(frozen=True)
class KerasModule:
    """One document and what it constructs."""

    document: Document
    sites: tuple[Site, ...]
    _parsed: Callable[[], tuple[ModuleIndex, Resolver]]
    generation: Generation | None = None
    custom_layers: Mapping[str, Layer] = field(default_factory=lambda: NO_LAYERS)

    @property
    def index(self) -> ModuleIndex:
        """The tree and what one walk found in it; parsed only now where no call could construct a layer."""
        return self._parsed()[0]

    @property
    def resolver(self) -> Resolver:
        """What says what the expressions of the module mean."""
        return self._parsed()[1]

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
        other = project.with_module(index)
        return read_module(document, other, self.generation, self.custom_layers, screened=False)


def read_module(
    document: Document,
    project: Project,
    generation: Generation | None,
    custom_layers: Mapping[str, Layer] = NO_LAYERS,
    *,
    screened: bool = True,
) -> KerasModule:
    """Parse a document and find its layer constructors, those of ``custom_layers`` (by dotted name) among them.

    Where it is not ``screened``, each call is resolved: which of them may construct a layer takes the outlines of all
    files of the project, which a project that is only tried does not have.

    Raises:
        libcst.ParserSyntaxError: it is not Python.
    """
    externals = KerasExternals(frozenset(custom_layers))

    @cache
    def parsed() -> tuple[ModuleIndex, Resolver]:
        return project.parse(document.path, document.source), Resolver(project, externals)

    suspects = None
    if screened:
        wanted = Wanted(class_names(custom_layers), MAKE_WEIGHTS)
        suspects = project.suspects(wanted, externals).among(document.path, document.source)
    sites: tuple[Site, ...] = ()
    if suspects is None or any(suspect for _, suspect in suspects):
        index, resolver = parsed()
        calls = _suspected(index.calls, suspects)
        sites = tuple(find_sites(calls, resolver, generation, custom_layers))
    return KerasModule(document, sites, parsed, generation, custom_layers)


def _suspected(
    calls: Sequence[CallRecord], suspects: Sequence[tuple[str, bool]] | None
) -> Sequence[CallRecord]:
    """The calls that are suspect; all of them where the two trees of a text do not agree."""
    if suspects is None or [last_name(call.node.func) for call in calls] != [name for name, _ in suspects]:
        return calls
    return [call for call, (_, suspect) in zip(calls, suspects, strict=True) if suspect]
