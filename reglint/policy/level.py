"""A table of requirements: what it asks of each weight role, which layers it is for, and which table goes first."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from reglint.policy.layers import specificity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reglint.policy.globs import Globs
    from reglint.policy.requirement import Asked
    from reglint.policy.subject import Possible, Subject


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers that some names, aliases and globs stand for."""

    patterns: tuple[str, ...]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must hold of a layer: all that are not None, and of each list one entry."""

    layers: Layers | None = None
    files: Globs | None = None
    names: tuple[str, ...] | None = None
    classes: tuple[str, ...] | None = None
    activations: tuple[str, ...] | None = None
    output: bool | None = None

    def hold(self, subject: Subject) -> bool | None:
        """Whether they do; None where one of them could not be told and the others hold."""
        answers: set[bool | None] = set()
        for answer in self._answers(subject):
            if answer is False:
                return False
            answers.add(answer)
        return None if None in answers else True

    def _answers(self, subject: Subject) -> Iterator[bool | None]:
        """Those that are cheap to answer first."""
        if self.layers is not None:
            yield subject.layer in self.layers.names
        if self.files is not None:
            yield None if subject.path is None else self.files.match(subject.path)
        if self.classes is not None:
            yield _one_of(subject.classes, self.classes, _is_class)
        if self.activations is not None:
            yield _one_of(subject.activations, self.activations, fnmatchcase)
        if self.names is not None:
            yield _one_of(subject.names, self.names, fnmatchcase)
        if self.output is not None:
            is_output = subject.is_output
            yield None if is_output is None else is_output == self.output

    def stated(self) -> dict[str, tuple[str, ...]]:
        """The patterns of each condition that is set, by its key, the narrowest condition first."""
        found = {
            "names": self.names,
            "classes": self.classes,
            "activations": self.activations,
            "output": None if self.output is None else (),
            "layers": None if self.layers is None else self.layers.patterns,
            "files": None if self.files is None else self.files.patterns,
        }
        return {key: patterns for key, patterns in found.items() if patterns is not None}


EVERY_LAYER = Conditions()


@dataclass(frozen=True, slots=True)
class Level:
    """One table: ``[weights]``, a ``[layers]`` table or an override."""

    conditions: Conditions
    weights: Mapping[str, Asked]
    override: bool = False


def precedence(level: Level) -> tuple[Any, ...]:
    """Sorts the tables so that the last decides; of equal ones the later in the file.

    Overrides go before ``[layers]`` and these before ``[weights]``. Of two overrides the one with more conditions
    goes first; of as many, the one with the narrower condition, in the order of ``Conditions.stated``; of the same
    conditions, the one whose patterns say more: names before globs, then by how many characters they state.
    """
    stated = level.conditions.stated()
    narrow = tuple(
        (key in stated, min(map(specificity, stated.get(key, ())), default=(False, 0)))
        for key in ("names", "classes", "activations", "output", "layers", "files")
    )
    return level.override, len(stated), narrow


def _one_of(values: Possible, patterns: tuple[str, ...], matches: Any) -> bool | None:
    """Whether a text that is one of ``values`` is like one of the patterns."""
    if values is None:
        return None
    answers = {any(matches(value, pattern) for pattern in patterns) for value in values}
    return answers.pop() if len(answers) == 1 else (None if answers else False)


def _is_class(dotted: str, pattern: str) -> bool:
    """A pattern without a dot stands for the class in any module."""
    return fnmatchcase(dotted if "." in pattern else dotted.rpartition(".")[2], pattern)
