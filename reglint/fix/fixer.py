"""From findings to fixes, and from the fixes of a file to its new source."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from reglint.fix.fix import Fix, NotFixable
from reglint.fix.habit import Habit, habit_of
from reglint.fix.spelling import spell
from reglint.resolve.positions import exact_spans
from reglint.resolve.scopes import dotted_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reglint.files.edit import Edit
    from reglint.files.text import Span
    from reglint.fix.fix import Applicability
    from reglint.keras.module import KerasModule
    from reglint.keras.penalty import Penalty
    from reglint.rules.rule import Change, Finding


@dataclass(frozen=True)
class Fixer:
    """Makes the fixes of one module."""

    module: KerasModule

    @cached_property
    def _habit(self) -> Habit:
        return habit_of(self.module)

    @cached_property
    def _argument_spans(self) -> dict[cst.Arg, Span]:
        arguments = [argument for record in self.module.index.calls for argument in record.node.args]
        return exact_spans(self.module.index.tree, self.module.document.text, arguments)

    @cached_property
    def refusal(self) -> str | None:
        """Why nothing in this file can be fixed, if that is so."""
        document = self.module.document
        try:
            written = self.module.index.tree.code
        except RecursionError:
            return "the code is nested too deeply to be written back"
        if written != document.source:
            pairs = zip(written, document.source, strict=False)
            same = min(len(written), len(document.source))
            at = next((number for number, (old, new) in enumerate(pairs) if old != new), same)
            cell, line, _ = document.locate(*document.text.position(at))
            where = f"line {line}" if cell is None else f"line {line} of cell {cell}"
            return f"the parser would lose white space in {where}, so this file is left alone"
        if not document.exact:
            return f"its encoding, {document.encoding}, would lose part of this file, so it is left alone"
        return None

    def fix(self, finding: Finding) -> Fix | NotFixable:
        """What would mend a finding, or why nothing can."""
        if self.refusal is not None:
            return NotFixable(self.refusal)
        change = finding.change
        reason = change.requirement.not_written or self._decided_elsewhere(change)
        if reason is not None:
            return NotFixable(reason)
        argument = change.use.weight.argument
        penalty = change.requirement.penalty(change.use.penalty)
        if penalty.kind == "none":
            return Fix(change.site.call, argument, None, applicability=_applicability(change))
        spelling = spell(self.module, change, penalty, self._habit)
        if isinstance(spelling, NotFixable):
            return spelling
        return Fix(change.site.call, argument, spelling.text, spelling.imports, _applicability(change))

    def _decided_elsewhere(self, change: Change) -> str | None:
        """Why the call is not the place to change, if it is not."""
        call = change.site.call
        own = {argument.keyword.value for argument in call.args if argument.keyword is not None}
        argument = change.use.argument
        if change.site.project_class is not None:
            return f"`{change.site.project_class}` decides it; add the regularizer where that calls its base class"
        if argument is None:
            if change.site.arguments.keywords and not own.issuperset(dict(change.site.arguments.keywords)):
                return "arguments of this call are set elsewhere (a partial or a dict); add the regularizer there"
            return None
        if change.use.weight.argument not in own:
            return "the regularizer is set elsewhere (a partial, a dict or by position); change it there"
        written = next(
            passed.value
            for passed in call.args
            if passed.keyword is not None and passed.keyword.value == change.use.weight.argument
        )
        if isinstance(written, (cst.Call, cst.BaseString)) or dotted_name(written) == "None":
            return None
        if isinstance(written, cst.Name):
            return f'the regularizer is decided where "{written.value}" is set; change it there'
        return "the regularizer is decided elsewhere; change it there"

    def edits(self, fixes: Iterable[Fix]) -> list[Edit]:
        """The edits of the source that make ``fixes``."""
        # Imported here since `check` says what a fix would write and never makes the edits.
        from reglint.fix.arguments import edit_call
        from reglint.fix.shape import in_shape
        from reglint.fix.style import line_length

        by_call: dict[cst.Call, list[Fix]] = defaultdict(list)
        edits: dict[Edit, None] = {}
        for fix in fixes:
            by_call[fix.call].append(fix)
            edits.update(dict.fromkeys(fix.imports))
        source = self.module.document.source
        for call, its in by_call.items():
            span = self.module.span(call)
            edits.update(
                dict.fromkeys(edit_call(source, call, span, self._argument_spans, its, self._habit.later))
            )
        tree = self.module.index.tree
        length = line_length(self.module.document.path)
        return in_shape(source, list(edits), length, tree.default_newline, tree.default_indent)


def _applicability(change: Change) -> Applicability:
    """Unsafe where comments stand in the value that the fix takes the place of: they would be lost."""
    comments = _Comments()
    for argument in change.site.call.args:
        if argument.keyword is not None and argument.keyword.value == change.use.weight.argument:
            argument.value.visit(comments)
    return "unsafe" if comments.found else "safe"


class _Comments(cst.CSTVisitor):
    """Looks for comments in a node."""

    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def visit_Comment(self, node: cst.Comment) -> None:  # noqa: ARG002
        self.found = True


def expected_penalty(change: Change) -> Penalty:
    """The penalty that a fix of ``change`` puts into the loss."""
    return change.requirement.penalty(change.use.penalty)
