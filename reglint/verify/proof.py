"""What is asked of a proof, and what comes out of it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from reglint.keras.catalog import Generation
    from reglint.keras.penalty import Penalty

_Answer = TypeVar("_Answer")

Grade: TypeAlias = Literal["model", "layer", "unverified"]


@dataclass(frozen=True, slots=True)
class Target:
    """One constructor call of the fixed source whose penalties must be proven.

    Lines and columns count from 1, columns in characters; the end is just past the call's last character.
    ``weights`` are (role, expected penalty) pairs; a penalty of kind ``none`` asks for its absence.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    layer: str
    """The canonical class name: ``Dense``."""
    weights: tuple[tuple[str, Penalty], ...]
    in_part: frozenset[str] = frozenset()
    """The roles whose penalty some of the layers made here had before the fix: callers differ."""


@dataclass(frozen=True, slots=True)
class Job:
    """One file: its place on disk, its text before and after the fixes, and all calls that were fixed."""

    path: Path
    before: str
    after: str
    generation: Generation
    targets: tuple[Target, ...]


def _silent(_: str) -> None:
    pass


@contextmanager
def _unseen(_: int) -> Iterator[Callable[[], None]]:
    yield lambda: None


@dataclass(frozen=True, slots=True)
class Settings:
    """How proofs are run. The limits are for one build."""

    python: str | None = None
    """The path of the interpreter that has Keras; None is the one that runs reglint."""
    timeout: float = 120.0
    """Seconds."""
    memory_mib: int = 8192
    builders: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Arguments for functions that build models, by ``module:function``."""
    cache: Path | None = None
    """The folder in which answers of builds are kept; None keeps none."""
    python_from: str = field(default="", compare=False)
    """Where ``python`` is named, for error messages: ``reglint.toml:7``."""
    warn: Callable[[str], None] = field(default=_silent, compare=False)
    """Called with what the system does not keep the code under proof from, once a worker has found that out."""
    progress: Callable[[int], AbstractContextManager[Callable[[], None]]] = field(
        default=_unseen, compare=False
    )
    """Told how many files there are, and called after each."""
    fork: bool | None = None
    """Whether builds are forked from a process that has Keras imported; None: where the system can."""


def by_settings(
    jobs: Sequence[Job],
    settings: Callable[[Path], Settings],
    run: Callable[[list[Job], Settings], Sequence[_Answer]],
) -> list[_Answer]:
    """What ``run`` answers to each job, those together of whose files the same is said about how to build."""
    groups: list[tuple[Settings, list[int]]] = []
    for number, job in enumerate(jobs):
        its = settings(job.path)
        same = next((numbers for found, numbers in groups if found == its), None)
        if same is None:
            groups.append((its, [number]))
        else:
            same.append(number)
    answers: dict[int, _Answer] = {}
    for its, numbers in groups:
        answers.update(zip(numbers, run([jobs[number] for number in numbers], its), strict=True))
    return [answers[number] for number in range(len(jobs))]


@dataclass(frozen=True, slots=True)
class WeightProof:
    """The penalty of one weight: computed in float64 from its values, and seen in ``model.losses``."""

    weight: str
    """The full name: ``dense/kernel``."""
    role: str
    expected: float
    observed: float


@dataclass(frozen=True, slots=True)
class Proof:
    """The outcome for one target.

    ``model``: seen in a model that the user's own code built. ``layer``: in a minimal model around this
    layer, or around a function of tensors. ``unverified``: not seen. ``reason`` says why the grade is not
    ``model``.
    """

    grade: Grade
    reason: str | None
    model: str | None
    """What was built: ``build_model()``, ``model (module level)``."""
    penalties: tuple[WeightProof, ...]


class VerifierMissing(Exception):
    """The interpreter that is to run proofs does not exist, or cannot import Keras or what it computes with.

    ``package`` is what cannot be imported, None if it is the interpreter that is missing.
    """

    def __init__(self, message: str, package: str | None = None) -> None:
        super().__init__(message)
        self.package = package

    @property
    def is_fatal(self) -> bool:
        """Whether it is to end the run. If not, it is the reason why there are no proofs."""
        return self.package != "tf_keras"


class Undifferentiable(VerifierMissing):
    """Keras runs on a backend that has no gradients."""

    @property
    def is_fatal(self) -> bool:
        """It is not: there is nothing to install, and nothing that could be proven."""
        return False
