"""Plans what to build for a file: what in it, or in the files that import it.

Exercises the calls in question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from reglint.verify import guesses, importers
from reglint.verify.package import locate
from reglint.verify.source import Source
from reglint.verify.survey import Candidate, Side, Survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reglint.verify.importers import Importer
    from reglint.verify.proof import Job

_SHAPES = 3
"""Made-up shapes that are tried for one candidate."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A candidate for the targets ``covers``, in the file itself or in one that imports it."""

    candidate: Candidate
    covers: frozenset[int]
    importer: Importer | None = None

    def label(self, shape: tuple[int, ...]) -> str:
        """What is built, for people."""
        label = self.candidate.label.replace(guesses.INPUT, "<made-up tensor>")
        label = re.sub(r"__import__\('[^']*', fromlist=[^)]*\)\.", "", label)
        label = re.sub(r"__import__\('([^']*)'\)", r"\1", label)
        label = re.sub(r"__reglint_data__\('[^']*'\)", "<made up>", label.replace(guesses.SHAPE, str(shape)))
        return f"{label} in {self.importer.path.name}" if self.importer is not None else label

    def label_of(self, bound: str | None, shape: tuple[int, ...]) -> str:
        """The same for one of the models that were built; ``bound`` is its name in the module."""
        is_bound = self.candidate.kind == "module" and bound is not None
        return f"{bound} (module level)" if is_bound else self.label(shape)

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """The made-up shapes that are tried."""
        return self.candidate.shapes[:_SHAPES]


@dataclass(frozen=True, slots=True)
class Texts:
    """What the worker imports: the module to evaluate in, and the sources under proof by module name."""

    module: str
    sources: dict[str, dict[str, str]]


class Plan:
    """What can be built for one job; with ``every``, also what exercises none of its targets.

    Raises SyntaxError or ValueError if a source is no Python.
    """

    def __init__(self, job: Job, builders: Mapping[str, Mapping[str, Any]], *, every: bool = False) -> None:
        after, before = Source(job.after), Source(job.before)
        self.path = job.path.absolute()
        self.root, self.module = locate(job.path)
        self.calls = after.find(job.targets)
        self.before_calls = before.counterparts(after, self.calls)
        self.after = Side(after, self.calls)
        self.before = Side(before, self.before_calls)
        self._generation = job.generation
        self._builders = builders
        self._every = every

    @cached_property
    def survey(self) -> Survey:
        """The survey of the file itself."""
        return Survey(self.after, self.module, self._builders, self.root, every=self._every)

    @cached_property
    def own(self) -> list[Attempt]:
        """What the file itself can build."""
        survey = self.survey
        return [Attempt(candidate, candidate.covers) for candidate in survey.candidates()]

    @cached_property
    def own_variants(self) -> list[Attempt]:
        """What the file itself can build with arguments that lead into branches."""
        return [Attempt(each, each.covers) for each in self.survey.variants(self.calls, {})]

    @cached_property
    def imported_variants(self) -> list[Attempt]:
        """What the files that use this one can build with arguments that lead into branches."""
        return [
            Attempt(each, each.covers, importer)
            for importer, survey in self._importing
            for each in survey.variants(self.calls, importer.beyond)
        ]

    @cached_property
    def _importing(self) -> list[tuple[Importer, Survey]]:
        """The files that use this one; looks for them on disk."""
        names = {name: frozenset([name]) for name in self.after.public()}
        exports = importers.Exports(self.module, names, self.after.slicer.defined)
        found = importers.find(self.root, exports, self.path)
        return [(each, Survey(each.side, each.module, self._builders, self.root)) for each in found]

    @cached_property
    def imported(self) -> list[Attempt]:
        """What the files that use this one can build."""
        attempts = []
        slicer = self.after.slicer
        for importer, survey in self._importing:
            for candidate in survey.candidates():
                used = frozenset().union(*(importer.used[number] for number in candidate.covers))
                covers = slicer.inside(slicer.reached(used))
                if covers:
                    attempts.append(Attempt(candidate, covers, importer))
        return attempts

    def request(self, texts: Texts, shape: tuple[int, ...]) -> dict[str, Any]:
        """What every request to the worker says; ``shape`` is that of one made-up sample."""
        return {
            "root": str(self.root),
            "module": texts.module,
            "generation": self._generation,
            "sources": texts.sources,
            "dims": shape,
        }

    def request_for(self, side: Side, attempt: Attempt, shape: tuple[int, ...]) -> dict[str, Any]:
        """The same and what is built."""
        candidate = attempt.candidate
        built = {"kind": candidate.kind, "expression": candidate.expression, "training": candidate.training}
        return self.request(self.texts(side, attempt), shape) | built

    def texts(self, side: Side, attempt: Attempt) -> Texts:
        """The sliced and instrumented sources for an attempt; ``side`` is ``before`` or ``after``."""
        if attempt.importer is None:
            return self._texts(side.text(attempt.candidate, self._others_need(side)))
        importer = attempt.importer
        text = importer.side.text(attempt.candidate)
        used = frozenset().union(*importer.used.values()) if importer.direct else side.public()
        own = self._texts(side.text_for_names({*used, *self._others_need(side)}))
        other = {importer.module: {"path": str(importer.path), "text": text}}
        return Texts(importer.module, {**own.sources, **other})

    def texts_for_names(self, side: Side, wanted: Iterable[str]) -> Texts:
        """The sources that define some names of the file."""
        return self._texts(side.text_for_names({*wanted, *self._others_need(side)}))

    def _others_need(self, side: Side) -> set[str]:
        """In a package, all names: the modules around this one import them."""
        return side.public() if "." in self.module or self.path.stem == "__init__" else set()

    def _texts(self, text: str) -> Texts:
        return Texts(self.module, {self.module: {"path": str(self.path), "text": text}})
