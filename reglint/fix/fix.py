"""What a fix is: changes of the code, as text, and the import that the text needs; or edits of a comment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from reglint.files.edit import Edit, moved

if TYPE_CHECKING:
    from collections.abc import Sequence

    import libcst as cst

    from reglint.rules.rule import Change


Applicability: TypeAlias = Literal["safe", "unsafe"]
"""Unsafe is a fix that does more than the policy asks for, or drops a comment: it is made where that is asked for."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One change of the code: set ``argument`` of the call or dict ``node`` to ``value``, or take it away (None).

    Where ``argument`` is None, ``node`` is an expression, and ``value`` takes its place.
    """

    node: cst.BaseExpression
    argument: str | None
    value: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Fix:
    """What mends one finding, or several that have the same cause: they share one.

    ``changes`` are all the weights that it gives another penalty, in whichever layers of the module they are.
    """

    settings: tuple[Setting, ...]
    text: str
    """What becomes of the code: ``kernel_regularizer=regularizers.l2(1e-4)``, or ``remove kernel_regularizer``."""
    imports: tuple[Edit, ...] = ()
    changes: tuple[Change, ...] = ()
    effect: str | None = None
    """Where that is done and what it reaches, if that is more than the layer's own call."""
    applicability: Applicability = "safe"

    def __str__(self) -> str:
        return self.text


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
