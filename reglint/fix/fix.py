"""What a fix is: one argument of one call, as text, and the import that the text needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst

    from reglint.fix.edit import Edit


@dataclass(frozen=True, slots=True)
class Fix:
    """Set ``argument`` of ``call`` to the expression ``value``, or take it away where that is None."""

    call: cst.Call
    argument: str
    value: str | None
    imports: tuple[Edit, ...] = ()

    def __str__(self) -> str:
        """``kernel_regularizer=regularizers.l2(1e-4)``, or ``remove kernel_regularizer``."""
        return f"remove {self.argument}" if self.value is None else f"{self.argument}={self.value}"


@dataclass(frozen=True, slots=True)
class NotFixable:
    """Why there is no fix."""

    reason: str
