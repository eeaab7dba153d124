"""From findings to fixes, and from the fixes of a file to its new source."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from reglint.files.edit import Edit
from reglint.fix.arguments import key_of
from reglint.fix.deciding import Proposal, proposals
from reglint.fix.fix import Fix, NotFixable
from reglint.fix.habit import Habit, habit_of
from reglint.fix.trial import failure
from reglint.fix.users import other_use
from reglint.resolve.nodes import below
from reglint.resolve.origins import Returned
from reglint.resolve.scopes import qualified_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reglint.files.text import Span
    from reglint.fix.fix import Applicability, Setting
    from reglint.keras.module import KerasModule
    from reglint.keras.penalty import Penalty
    from reglint.resolve.values import Parameter
    from reglint.rules.rule import Change, Finding


_NAMES = re.compile(r"[^\W\d][\w.]*")
"""The dotted names in an expression."""
_ELSEWHERE = "the regularizer is decided elsewhere; change it there"


@dataclass(frozen=True)
class Fixer:
    """Makes the fixes of one module."""

    module: KerasModule

    @cached_property
    def _habit(self) -> Habit:
        return habit_of(self.module)

    @cached_property
    def refusal(self) -> str | None:
        """Why nothing in this file can be fixed, if that is so."""
        document = self.module.document
        try:
            written = "".join(tree.code for tree in self.module.written())
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

    def remedies(self, findings: Sequence[Finding]) -> list[Fix | NotFixable]:
        """What would mend each finding, or why nothing can. Findings with the same cause have the same fix."""
        if self.refusal is not None:
            return [NotFixable(self.refusal)] * len(findings)
        habit = self._habit
        while True:
            remedies, changed = self._remedies(findings, habit)
            fixes = [remedy for remedy in remedies if isinstance(remedy, Fix)]
            clashing = [name for name in _said(fixes, habit) if changed.intersection(name.split("."))]
            if not clashing:
                return remedies
            # What one fix gives another value cannot be what another one writes.
            habit = habit.without(clashing)

    def _remedies(self, findings: Sequence[Finding], habit: Habit) -> tuple[list[Fix | NotFixable], set[str]]:
        """What would mend each finding in a file of this habit, and the names that these fixes give another value."""
        found: dict[int, Fix | NotFixable] = {}
        changed: set[str] = set()
        ways = {
            number: proposals(finding.change, self.module, habit) for number, finding in enumerate(findings)
        }
        refused: dict[int, str] = {}
        while ways:
            proposed: dict[int, Proposal] = {}
            for number, way in list(ways.items()):
                one = next(way)
                if isinstance(one, NotFixable):
                    found[number] = NotFixable(one.reason or refused.get(number, _ELSEWHERE))
                    del ways[number]
                elif one.tried:
                    proposed[number] = one
                else:
                    found[number] = _fix([one], [findings[number].change], None, self.module)
                    del ways[number]
            groups = [
                _Group(
                    self,
                    [findings[number].change for number in numbers],
                    [proposed[n] for n in numbers],
                    numbers,
                )
                for numbers in _with_the_same_place(proposed)
            ]
            for group, reason in _judged(groups):
                for number in group.numbers:
                    if reason is None:
                        found[number] = group.fix
                        changed |= group.names
                        del ways[number]
                    else:
                        refused.setdefault(number, reason)
        return [found[number] for number in range(len(findings))], changed

    def refused(self, fixes: Iterable[Fix]) -> dict[Fix, str]:
        """Those of the fixes that cannot be made beside the others, and why.

        What is written is tried as a whole, since fixes that were tried by themselves have not met yet.
        """
        accepted: list[Fix] = []
        refused: dict[Fix, str] = {}
        pending = [list(dict.fromkeys(fixes))]
        while pending:
            part = pending.pop()
            reason = self.failure([*accepted, *part]) if part else None
            if reason is None:
                accepted += part
            elif len(part) == 1:
                refused[part[0]] = reason
            else:
                half = len(part) // 2
                pending += (part[half:], part[:half])
        return refused

    def failure(self, fixes: Sequence[Fix]) -> str | None:
        """Why the fixes, made together, do not do what they should; None if they do."""
        try:
            edits = self.edits(fixes)
        except ValueError:
            return "it would be changed in two ways at once"
        return failure(self.module, edits, [change for fix in fixes for change in fix.changes])

    def edits(self, fixes: Iterable[Fix]) -> list[Edit]:
        """The edits of the source that make ``fixes``."""
        # Imported here since `check` seldom makes the edits.
        from reglint.fix.shape import in_shape
        from reglint.fix.style import line_length

        its = list(fixes)
        edits = dict.fromkeys(edit for fix in its for edit in fix.imports)
        settings = dict.fromkeys(setting for fix in its for setting in fix.settings)
        edits.update(dict.fromkeys(self._set(settings)))
        trees = self.module.written()
        indented = (
            tree for tree in trees if any(isinstance(node, cst.IndentedBlock) for node in below(tree))
        )
        indent = next(indented, trees[0]).default_indent
        length = line_length(self.module.document.path)
        source = self.module.document.source
        return in_shape(source, list(edits), length, trees[0].default_newline, indent)

    def _set(self, settings: Iterable[Setting]) -> Iterator[Edit]:
        from reglint.fix.arguments import arguments_of, edit_items, entries_of

        source, spans = self.module.document.source, _Spans(self.module)
        by_node: dict[cst.BaseExpression, list[Setting]] = defaultdict(list)
        for setting in settings:
            by_node[setting.node].append(setting)
        for node, its in by_node.items():
            if its[0].argument is None:
                yield Edit(spans[node].start, spans[node].end, its[0].value or "None")
                continue
            match self.module.twin(node):
                case cst.Call() as call:
                    items = arguments_of(call, spans)
                    yield from edit_items(source, spans[call], items, its, later=self._habit.later)
                case cst.Dict() as written:
                    yield from edit_items(
                        source, spans[written], entries_of(written, spans), its, opening="{"
                    )


class _Spans(dict[cst.CSTNode, "Span"]):
    """The spans of any nodes of a module, worked out when asked for."""

    def __init__(self, module: KerasModule) -> None:
        self.module = module

    def __missing__(self, node: cst.CSTNode) -> Span:
        self[node] = span = self.module.exact_span(node)
        return span


@dataclass(frozen=True)
class _Group:
    """The proposals, of several findings, that change the same places."""

    fixer: Fixer
    changes: Sequence[Change]
    proposals: Sequence[Proposal]
    numbers: Sequence[int]

    @cached_property
    def fix(self) -> Fix:
        return _fix(self.proposals, self.changes, self._effect(), self.fixer.module)

    @property
    def names(self) -> set[str]:
        """What has another value then: the names that it goes through."""
        holders = (holder for proposal in self.proposals for holder in proposal.holders)
        return {holder.name for holder in holders if not isinstance(holder, Returned)}

    def conflict(self) -> str | None:
        """Why the places cannot be changed as proposed, as far as that shows without trying."""
        settings = {setting for proposal in self.proposals for setting in proposal.settings}
        if len({(setting.node, setting.argument) for setting in settings}) < len(settings):
            return "the policy asks for different things of the layers that this decides for"
        known = {id(read) for proposal in self.proposals for read in proposal.reads}
        module = self.fixer.module
        return next(
            (
                reason
                for proposal, change in zip(self.proposals, self.changes, strict=True)
                if (reason := other_use(proposal.holders, known, change.use.weight.argument, module))
                is not None
            ),
            None,
        )

    def failure(self, others: Sequence[_Group] = ()) -> str | None:
        """Why it does not do what it should, together with others; None if it does."""
        return self.fixer.failure([group.fix for group in (self, *others)])

    def _effect(self) -> str | None:
        """Where it is changed, and what that reaches."""
        where = "; ".join(dict.fromkeys(one.where for one in self.proposals if one.where is not None))
        if not where:
            return None
        layers = len({id(change.site.call) for change in self.changes})
        parameter = next((one.default_of for one in self.proposals if one.default_of is not None), None)
        if parameter is not None:
            name, count = function_name(parameter), self._calls_by_default(parameter)
            inside = f", with {layers} layers in it" if layers > 1 and self._made_inside() else ""
            return f"{where}; changes {_many(count, 'call')} of {name}{inside}"
        return f"{where}; changes {_many(layers, 'layer')}"

    def _made_inside(self) -> bool:
        """Whether the layers are made in what has the parameter, not by calling it."""
        return all(change.site.project_class is None for change in self.changes)

    def _calls_by_default(self, parameter: Parameter) -> int:
        return sum(given is None for given in self.fixer.module.resolver.callers.passing(parameter))


def function_name(parameter: Parameter) -> str:
    """The function that has a parameter, in words; a class by its own name."""
    if isinstance(parameter.function.node, cst.Lambda):
        return "a lambda"
    return f"`{qualified_name(parameter.function.scope).removesuffix('.__init__')}`"


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _judged(groups: Sequence[_Group]) -> Iterator[tuple[_Group, str | None]]:
    """Each group with the reason why it cannot be; tried together first, since each try is a parse."""
    possible = []
    for group in groups:
        reason = group.conflict()
        if reason is None:
            possible.append(group)
        else:
            yield group, reason
    if not possible:
        return
    first, *others = possible
    together = first.failure(others)
    for group in possible:
        yield group, group.failure() if together is not None and others else together


def _with_the_same_place(proposed: Mapping[int, Proposal]) -> list[list[int]]:
    """The numbers of the proposals, those together that have a place in common."""
    groups: list[tuple[set[tuple[cst.BaseExpression, str | None]], list[int]]] = []
    for number, proposal in proposed.items():
        places = {(setting.node, setting.argument) for setting in proposal.settings}
        numbers = [number]
        rest = []
        for group in groups:
            if places & group[0]:
                places |= group[0]
                numbers = [*group[1], *numbers]
            else:
                rest.append(group)
        groups = [*rest, (places, numbers)]
    return [numbers for _, numbers in groups]


def _fix(its: Sequence[Proposal], changes: Sequence[Change], effect: str | None, module: KerasModule) -> Fix:
    settings = tuple(dict.fromkeys(setting for one in its for setting in one.settings))
    imports = tuple(dict.fromkeys(edit for one in its for edit in one.imports))
    text = ", ".join(dict.fromkeys(one.text for one in its))
    drops_a_comment = any(_drops_a_comment(each, module) for each in settings)
    applicability: Applicability = "unsafe" if drops_a_comment else "safe"
    return Fix(settings, text, imports, tuple(changes), effect, applicability)


def _said(fixes: Iterable[Fix], habit: Habit) -> Iterator[str]:
    """The names of the habit that stand in what fixes write."""
    values = {setting.value for fix in fixes for setting in fix.settings if setting.value is not None}
    written = {name for value in values for name in _NAMES.findall(value)}
    return (name for name in (*habit.factors, *habit.shared) if name in written)


def _drops_a_comment(setting: Setting, module: KerasModule) -> bool:
    """Whether comments stand in the value that a setting takes the place of: they would be lost."""
    comments = _Comments()
    for node in _replaced(setting.argument, module.twin(setting.node)):
        node.visit(comments)
    return comments.found


def _replaced(argument: str | None, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """What of a node a setting takes the place of: an argument or entry, or the whole."""
    if argument is None:
        yield node.with_changes(lpar=(), rpar=())  # what is around it stays
    elif isinstance(node, cst.Call):
        yield from (
            each.value for each in node.args if each.keyword is not None and each.keyword.value == argument
        )
    elif isinstance(node, cst.Dict):
        yield from (element.value for element in node.elements if key_of(element) == argument)


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
