"""The weights that one table of a policy can be for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import PurePosixPath

    from reglint.infer.observed import Observed


@dataclass(frozen=True, slots=True)
class Scope:
    """A layer class, its output layers, or what is below a path; with none of them everything."""

    layer: str = ""
    output: bool = False
    path: str = ""
    """Relative to the policy; that of a folder ends with a slash."""

    @property
    def rank(self) -> int:
        """3 for output layers, 2 for a path, 1 for a layer class, 0 for everything."""
        return 3 if self.output else 2 if self.path else 1 if self.layer else 0

    @property
    def narrowness(self) -> tuple[int, int]:
        """Of two scopes that a weight is in, the narrower one decides, as in a policy."""
        return self.rank, len(self.path)

    @property
    def order(self) -> tuple[int, int, str, str]:
        """Of two that explain as much, the one that comes first is the better one: the plainer."""
        return (1 if self.layer and not self.output else self.rank), len(self.path), self.path, self.layer

    def holds(self, weight: Weight) -> bool | None:
        """Whether a weight is in it; None where that is not known."""
        if self.layer and (self.layer != weight.layer):
            return False
        if self.path and not weight.is_below(self.path):
            return False
        return weight.observed.is_output if self.output else True

    def overlaps(self, other: Scope) -> bool:
        """Whether both are paths and one is in the other."""
        both = self.path and other.path
        return bool(both) and (self.path.startswith(other.path) or other.path.startswith(self.path))


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Weight:
    """A weight of which it is known what it has, and what a table can be about it by."""

    observed: Observed
    layer: str
    """Empty where no table can name its class."""
    path: str
    """Relative to the policy; empty where it is not below it."""

    def is_below(self, path: str) -> bool:
        """Whether its file is this one, or in this folder."""
        return self.path.startswith(path) if path.endswith("/") else self.path == path

    def scopes(self) -> Iterator[Scope]:
        """All that it is in."""
        if self.layer:
            yield Scope(self.layer)
            if self.observed.is_output:
                yield Scope(self.layer, output=True)
        if self.path:
            yield Scope(path=self.path)
            parts = self.path.split("/")[:-1]
            for end in range(1, len(parts) + 1):
                yield Scope(path="/".join(parts[:end]) + "/")


def weight(observed: Observed, path: PurePosixPath | None) -> Weight:
    """A weight, and its path relative to the policy, where it is below it."""
    return Weight(observed, observed.layer if observed.nameable else "", "" if path is None else str(path))
