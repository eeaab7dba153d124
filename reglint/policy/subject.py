"""What a policy may ask about a constructed layer before it says what it asks of its weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

    from reglint.keras.penalty import Penalty

Possible: TypeAlias = tuple[str, ...] | None
"""What a text can be: one of these; nothing, where it is empty; None where it could not be read."""


class Subject(Protocol):
    """One constructed layer. Each answer is worked out when it is asked for."""

    @property
    def path(self) -> Path | None:
        """The file that it stands in; None where that is not known."""

    @property
    def layer(self) -> str:
        """The layer class, by its name in the catalog."""

    @property
    def kernel(self) -> str | None:
        """The role of the weight that is its kernel: ``depthwise`` for ``DepthwiseConv2D``."""

    def penalty(self, role: str) -> Penalty | None:
        """What a weight has now; None where it could not be read."""

    @property
    def names(self) -> Possible:
        """Its ``name=``."""

    @property
    def activations(self) -> Possible:
        """Its ``activation=``, as Keras names it: ``softmax``."""

    @property
    def classes(self) -> Possible:
        """Its class, where Keras does not have it, dotted: ``pkg.blocks.ConvBN``."""

    @property
    def is_output(self) -> bool | None:
        """Whether it is the last layer with weights of a model; None where that could not be told."""
