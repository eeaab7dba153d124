"""The policy as the other stages see it: what it asks for any weight of any layer, and how proofs are run."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from reglint.keras.catalog import KERNEL_LIKE
from reglint.policy.numbers import DEFAULT_STRENGTH, as_people_write
from reglint.policy.requirement import OPTIONAL, Bounds, Part, Requirement, SameAsKernel

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from reglint.keras.catalog import Generation, Layer
    from reglint.keras.penalty import Penalty
    from reglint.policy.errors import KeyPath
    from reglint.policy.files import Files
    from reglint.policy.level import Level
    from reglint.policy.numbers import Number
    from reglint.policy.requirement import Asked
    from reglint.policy.selection import Selection
    from reglint.policy.source import Origin
    from reglint.policy.subject import Subject


Scope: TypeAlias = Literal["model", "file", "project", "off"]


@dataclass(frozen=True, slots=True)
class Verify:
    """How proofs are run; each limit is for one proof."""

    python: Path | None
    """Absolute."""
    timeout: float
    """Seconds."""
    memory_mib: int
    """MiB."""
    builders: Mapping[str, Mapping[str, Any]]
    """The arguments of functions that build models, by ``package.module:function``."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a policy file says. ``source`` names it for people; ``path`` is None for the built-in default."""

    source: str
    path: Path | None
    keras: Literal["auto", 2, 3]
    levels: tuple[Level, ...]
    """Those that decide first."""
    custom_layers: Mapping[str, Layer]
    """Layers that Keras does not have, by their dotted names."""
    rules: Selection
    files: Files
    verify: Verify
    consistency: Scope = "off"
    """Within what the layers of a class must share a penalty."""
    origins: Mapping[KeyPath, Origin] = field(default_factory=dict, compare=False)
    """Where each other entry stands: of a key of the top, and of each key in a table."""

    @property
    def generation(self) -> Generation | None:
        """The Keras that the code is written for; None takes it from each import."""
        return None if self.keras == "auto" else self.keras

    def narrowed(
        self, select: Sequence[str], ignore: Sequence[str], force_exclude: bool, docs: bool = False
    ) -> Policy:
        """The same as a command line changes it."""
        files = replace(self.files, force=self.files.force or force_exclude, docs=docs)
        return replace(self, rules=self.rules.narrowed(select, ignore), files=files)

    def requirement(self, subject: Subject, role: str) -> Requirement | None:
        """What is asked of the weight ``role`` of a layer; None where that could not be told.

        The first table that is for the layer and says something about the role decides. Within a table the role's
        own key goes before ``kernel``, which also speaks for depthwise, pointwise and recurrent kernels. Where it
        is not known whether a table is for the layer, the answer is known only if it is the same without it.
        """
        first, *others = (self._resolved(asked, subject, role) for asked in self._deciding(subject, role))
        return first if all(other == first for other in others) else None

    def _deciding(self, subject: Subject, role: str) -> Iterator[Asked]:
        """The entries that may be the deciding one, up to the first that is certain to be."""
        keys = (role, "kernel") if role in KERNEL_LIKE else (role,)
        for level in self.levels:
            key = next((key for key in keys if key in level.weights), None)
            holds = False if key is None else level.conditions.hold(subject)
            if key is not None and holds is not False:
                yield level.weights[key]
                if holds:
                    return
        yield _NOT_MENTIONED

    def _resolved(self, asked: Asked, subject: Subject, role: str) -> Requirement | None:
        """The entry itself, or what "same-as-kernel" means for this layer."""
        if not isinstance(asked, SameAsKernel):
            return asked
        if subject.kernel is None or subject.kernel == role:
            return _NOT_MENTIONED
        on_kernel = self.requirement(subject, subject.kernel)
        found = subject.penalty(subject.kernel)
        if on_kernel is None or found is None:
            return None
        if on_kernel.violation(found) is None:
            return like(found, asked.where, subject.kernel)
        kind = on_kernel.penalty(found).kind
        l1, l2 = _exactly(on_kernel.l1.written), _exactly(on_kernel.l2.written)
        return Requirement((kind,), asked.where, kind, l1, l2, subject.kernel, on_kernel.not_written)


def like(penalty: Penalty, where: str, role: str = "") -> Requirement:
    """What asks for just this penalty, which ``role`` of the same layer has; or weights of others, if that is empty."""
    if penalty.kind == "other" or min(penalty.l1 or 0, penalty.l2 or 0) < 0:
        # Whether two regularizers of the project's own are the same is not known; a reward is no penalty.
        return _NOT_MENTIONED
    l1, l2 = (
        _exactly(as_people_write(strength) if strength else None) for strength in (penalty.l1, penalty.l2)
    )
    unread = None in (penalty.l1, penalty.l2)
    reason = (
        f"the strength of the penalty on its {role} could not be read; write the same here"
        if unread
        else None
    )
    return Requirement((penalty.kind,), where, penalty.kind, l1, l2, role, reason)


def _exactly(number: Number | None) -> Part:
    return Part(number or DEFAULT_STRENGTH, Bounds(number, number))


_NOT_MENTIONED = Requirement(
    OPTIONAL, "not mentioned", "none", Part(DEFAULT_STRENGTH), Part(DEFAULT_STRENGTH)
)
