"""What a fix is: one argument of one call, as text, and the import that the text needs; or edits of a comment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from reglint.files.edit import Edit, moved

if TYPE_CHECKING:
    from collections.abc import Sequence

    import libcst as cst


Applicability: TypeAlias = Literal["safe", "unsafe"]
"""Unsafe is a fix that does more than the policy asks for, or drops a comment: it is made where that is asked for."""


@dataclass(frozen=True, slots=True)
class Fix:
    """Set ``argument`` of ``call`` to the expression ``value``, or take it away where that is None."""

    call: cst.Call
    argument: str
    value: str | None
    imports: tuple[Edit, ...] = ()
    applicability: Applicability = "safe"

    def __str__(self) -> str:
        """``kernel_regularizer=regularizers.l2(1e-4)``, or ``remove kernel_regularizer``."""
        return f"remove {self.argument}" if self.value is None else f"{self.argument}={self.value}"


@dataclass(frozen=True, slots=True)
class CommentFix:
    """Deletions in comments: the code stays the same, so that there is nothing to prove."""

    edits: tuple[Edit, ...]
    what: str
    applicability: Applicability = "safe"

    def __str__(self) -> str:
        """``remove the comment``"""
        return self.what

    def after(self, others: Sequence[Edit], before: str, after: str) -> list[Edit]:
        """The same edits for the text ``after`` that ``others`` made of ``before``; none if its comment is gone."""
        shifts = [(edit, moved(edit.end - 1, others) + 1 - edit.end) for edit in self.edits]
        its = [Edit(edit.start + shift, edit.end + shift, edit.text) for edit, shift in shifts]
        same = all(
            after[new.start : new.end] == before[old.start : old.end]
            for new, old in zip(its, self.edits, strict=True)
        )
        return its if same else []


@dataclass(frozen=True, slots=True)
class NotFixable:
    """Why there is no fix."""

    reason: str
