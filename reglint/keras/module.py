"""A module of Keras code: its document, its tree, and the layers that it constructs."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import groupby
from typing import TYPE_CHECKING

import libcst as cst

from reglint.files.syntax import parser_problem
from reglint.keras.custom import NO_LAYERS
from reglint.keras.models import Models
from reglint.keras.names import KerasExternals, class_names
from reglint.keras.outputs import Outputs
from reglint.keras.own import MAKE_WEIGHTS
from reglint.keras.sites import Site, find_sites
from reglint.resolve.evaluate import Resolver
from reglint.resolve.nodes import last_name
from reglint.resolve.outline import Wanted
from reglint.resolve.positions import exact_span, span_of, twin
from reglint.resolve.project import parse
from reglint.resolve.written import written_trees

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

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
    def outputs(self) -> Outputs:
        """Which of the layers end a model."""
        return Outputs(self.index, self.resolver)

    @cached_property
    def models(self) -> Models:
        """Which of the layers are built together."""
        return Models(self.outputs)

    def span(self, node: Located) -> Span:
        """Where a call or import stands, the parentheses around it left out."""
        return span_of(node, self.index)

    def exact_span(self, node: cst.CSTNode) -> Span:
        """Where any node stands, the parentheses around it left out; slow where it is first asked for."""
        return exact_span(node, self.index)

    def twin(self, node: cst.CSTNode) -> cst.CSTNode:
        """A node as it is written, with its parentheses, comments and white space; slow where it is first asked for.

        It is of the same kind, unless the node is a string.
        """
        return twin(node, self.index)

    def written(self) -> list[cst.Module]:
        """The trees of the parts of the module as they are written."""
        return written_trees(self.index)

    def amended(self, document: Document) -> KerasModule:
        """The module with another text in its place, in the same project.

        Raises:
            ValueError: the text is no Python.
        """
        project = self.resolver.project
        try:
            index = parse(document.path, document.source)
        except cst.ParserSyntaxError as error:
            raise ValueError(parser_problem(document.source, error).message) from error
        except RecursionError as error:
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
    if suspects is None or any(suspect for _, suspect, _ in suspects):
        index, resolver = parsed()
        calls = index.calls if suspects is None else list(_suspected(index, suspects))
        sites = tuple(find_sites(calls, resolver, generation, custom_layers))
    return KerasModule(document, sites, parsed, generation, custom_layers)


def _suspected(index: ModuleIndex, suspects: Sequence[tuple[str, bool, int]]) -> Iterator[CallRecord]:
    """The calls that are suspect; all of a part of the module where the two trees of its text do not agree.

    Raises:
        libcst.ParserSyntaxError: a part with such calls cannot be parsed.
    """
    ends = [part.cut.lines for part in index.parts[1:]]
    for number, group in groupby(suspects, lambda call: bisect_left(ends, call[2])):
        those, part = list(group), index.parts[number]
        if not any(suspect for _, suspect, _ in those):
            continue
        part.read()
        if part.tree is None:
            cst.parse_module(index.text.value)  # which says what is wrong, and where in the whole
        if [last_name(call.node.func) for call in part.calls] != [name for name, _, _ in those]:
            yield from part.calls
        else:
            yield from (call for call, (_, suspect, _) in zip(part.calls, those, strict=True) if suspect)
