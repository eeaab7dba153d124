"""One walk over the libcst trees of a module: its scopes, what each name is bound to and where, and its calls.

A function or class at the top level is parsed and walked over when a question leads to it; until then only its name
is known.

The walk is a plain loop with a stack of its own, so that deeply nested code cannot exhaust Python's, and it passes
over everything that holds white space. It uses none of libcst's metadata providers: scopes alone cost three parses.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import libcst as cst

from reglint.files.words import occurrences
from reglint.resolve.nodes import (
    LEAVES,
    NODES,
    STATEMENTS,
    children,
    code_fields_reversed,
    dotted_name,
)
from reglint.resolve.trees import WHOLE, read_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from reglint.files.text import Text
    from reglint.resolve.lean import Range
    from reglint.resolve.mentions import Mentions
    from reglint.resolve.trees import Cut
    from reglint.resolve.values import Expression
    from reglint.resolve.written import Written

BranchPath = tuple[tuple[int, int], ...]
"""The arms of the branching statements around a place, outermost first: (branch, arm) pairs."""

ScopeKind = Literal["module", "class", "function", "comprehension"]
BindingKind = Literal[
    "assign",
    "augment",
    "import",
    "star",
    "parameter",
    "function",
    "class",
    "iterate",
    "element",
    "opaque",
    "deleted",
]


BEFORE_ALL = -1
"""The order of what is bound when a function is entered."""


@dataclass(frozen=True, slots=True)
class Imported:
    """``import a.b`` / ``from .a import b``: the module as written and, for ``from``, the name taken from it."""

    module: str
    level: int = 0
    name: str | None = None
    whole: bool = False
    """``import a.b as c`` binds ``a.b`` itself, ``import a.b`` binds ``a``."""


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """One thing that gives a name its value.

    ``unpack`` holds the indices that lead from the value of ``node`` to this name (``a, (b, c) = ...``).
    """

    kind: BindingKind
    name: str
    written: cst.CSTNode | None
    scope: Scope
    order: int
    path: BranchPath
    unpack: tuple[int, ...] = ()
    imported: Imported | None = None
    deferred: bool = False
    """Made by a function for a scope around it (``global``): when it happens is not known."""
    part: Part | None = None
    """The function or class that is bound, where it is one of those that are read when they are asked for."""

    @property
    def node(self) -> cst.CSTNode | None:
        """The right-hand side, the definition, the parameter, or None where there is nothing to evaluate."""
        return self.written if self.part is None else self.part.definition


@dataclass(frozen=True, slots=True, eq=False)
class Mutation:
    """A change in place to what a name holds: ``name[key] = value`` or ``name.method(...)``.

    A change further inside is written as one of the entry around it: ``a[0][1] = x`` as ``a[0] = {**a[0], 1: x}``.
    """

    order: int
    path: BranchPath
    scope: Scope
    key: cst.BaseExpression | None
    value: cst.BaseExpression | None
    call: cst.Call | None
    deleted: bool = False
    """``del name[key]``."""
    deep: bool = False
    """What changes is held in the dict, and so in copies of the dict as well."""


@dataclass(slots=True, eq=False)
class Scope:
    """A module, class, function (or lambda) or comprehension, and the names bound in it."""

    kind: ScopeKind
    node: cst.CSTNode
    parent: Scope | None
    index: ModuleIndex
    order: int
    path: BranchPath
    bindings: dict[str, list[Binding]] = field(default_factory=lambda: defaultdict(list))
    imported: dict[str, None] = field(default_factory=dict)
    """The names that an import binds, among others perhaps, in the order of the source."""
    outer_names: dict[str, Scope] = field(default_factory=dict)
    mutations: dict[str, list[Mutation]] = field(default_factory=lambda: defaultdict(list))
    self_attributes: dict[str, list[Binding]] = field(default_factory=lambda: defaultdict(list))
    returns: list[tuple[cst.BaseExpression | None, int, BranchPath]] = field(default_factory=list)
    yields: list[tuple[cst.BaseExpression | None, int, BranchPath]] = field(default_factory=list)
    """What each ``yield`` gives; None for ``yield from``, and where it gives nothing."""
    calls: list[CallRecord] = field(default_factory=list)
    """The calls that stand right in it, not in a scope inside of it, in the order of the source."""
    inner: list[Scope] = field(default_factory=list)
    """The scopes right inside of it; of a module those that have been read."""
    part: Part | None = None
    """The part of the module that it is in; None for the module itself."""

    def owner(self, name: str) -> Scope:
        """The scope that an assignment to ``name`` made here binds in (``global`` and ``nonlocal`` redirect it)."""
        return self.outer_names.get(name, self)


def qualified_name(scope: Scope) -> str:
    """The classes and functions that a scope is in, from the outermost: ``Model.build``; empty for a module."""
    names: list[str] = []
    inner: Scope | None = scope
    while inner is not None:
        if isinstance(inner.node, (cst.FunctionDef, cst.ClassDef)):
            names.append(inner.node.name.value)
        inner = inner.parent
    return ".".join(reversed(names))


Located: TypeAlias = cst.Call | cst.Import | cst.ImportFrom


class CallRecord(NamedTuple):
    """A call and the place that it stands in."""

    node: cst.Call
    scope: Scope
    order: int
    path: BranchPath


class Assigned(NamedTuple):
    """``holder.name = value``, but for what a method sets on its own object."""

    holder: cst.BaseExpression
    binding: Binding


Kept: TypeAlias = "tuple[str, Expression]"
"""The name of a variable, attribute or function, and what it holds or returns, or has in it."""


class Test(NamedTuple):
    """The condition of an ``if`` and its place: arm 0 runs where it is true, arm 1 where it is false."""

    node: cst.BaseExpression
    scope: Scope
    order: int
    path: BranchPath


class Branch(NamedTuple):
    """A branching statement: how many arms it has in all (0: it may run none of them), and whether it loops."""

    arms: int
    loop: bool
    test: Test | None


@dataclass(slots=True, eq=False)
class Part:
    """A function or class at the top level of a module, or the statements between two of them."""

    index: ModuleIndex
    cut: Cut
    end: int
    is_read: bool = False
    tree: cst.Module | None = None
    """None where it has not been read, or cannot be."""
    calls: list[CallRecord] = field(default_factory=list)
    """Its calls, in the order of the source."""
    located: list[Located] = field(default_factory=list)
    """Its calls and imports, in the order of the source: the nodes whose position may be asked for."""
    scopes: list[Scope] = field(default_factory=list)
    assigned: dict[str, list[Assigned]] = field(default_factory=lambda: defaultdict(list))
    """Where an attribute of anything is set, by its name."""
    calls_by_name: dict[str, list[CallRecord]] | None = None
    """The calls by the last name of what they call; worked out when asked for."""
    arguments_by_name: dict[str, list[int]] | None = None
    """Which of the arguments of its calls, counted through, have a name in them; worked out when asked for."""
    ranges: Mapping[cst.CSTNode, Range] | None = None
    """Where what is located stands, by its own lines; None where the tree is one of libcst's parser."""
    written: Written | None = None
    """How it is written; worked out when asked for, which is slow."""
    mentions: Mentions | None = None
    """The names that are used other than by calling them; worked out when asked for."""

    @property
    def source(self) -> str:
        """Its text."""
        return self.index.text.value[self.cut.offset : self.end]

    def occurrences(self, name: str) -> Iterator[int]:
        """The offsets in the whole text at which a name stands in it as a word."""
        for at in occurrences(name, self.index.text.value, self.cut.offset):
            if at >= self.end:
                return
            yield at

    @property
    def definition(self) -> cst.CSTNode | None:
        """The function or class that it is; None where it cannot be parsed."""
        self.read()
        return self.tree.body[0] if self.tree is not None else None

    def read(self) -> None:
        """Parse it, if that has not been tried yet.

        Raises:
            libcst.ParserSyntaxError: it is not Python, and more than a single function or class.
        """
        if self.is_read:
            return
        self.is_read = True
        self.index.read_characters += self.end - self.cut.offset
        try:
            self.tree, self.ranges = read_tree(self.index.text, self.cut, self.end)
        except cst.ParserSyntaxError:
            if self.cut.defines is None:
                raise
            return
        self.index.read_parts.append(self)
        _Walk(self).run(self.tree)


@dataclass(slots=True, eq=False)
class ModuleIndex:
    """A module as far as it has been read: the names that it binds, and what is in the parts that were asked for."""

    path: Path
    text: Text
    top: Scope = field(init=False)
    parts: list[Part] = field(init=False)
    branches: list[Branch] = field(default_factory=list)
    ended_arms: set[tuple[int, int]] = field(default_factory=set)
    """Arms that leave by ``return``, ``raise``, ``continue`` or ``break``: nothing bound in them is seen after."""
    scopes: dict[cst.CSTNode, Scope] = field(default_factory=dict)
    """The scope of each class, function and lambda that has been read, by its node."""
    homes: dict[Located, Part] = field(default_factory=dict)
    """The part of each call and import that has been read."""
    read_characters: int = 0
    read_parts: list[Part] = field(default_factory=list)
    """The parts that have a tree, as they were read."""
    nodes: dict[cst.CSTNode, Part] = field(default_factory=dict)
    """The part of each node of the first so many of these, ``placed``; worked out when asked for."""
    placed: int = 0
    uses: dict[str, Mentions] = field(default_factory=dict)
    """How names are used in it, of those that this was asked of."""
    called: dict[str, list[CallRecord]] = field(default_factory=dict)
    """The calls of what ends in a name, of those that they were asked of."""
    kept: dict[Part | None, dict[str, list[Kept]]] = field(default_factory=dict)
    """What the functions of a part, or its top for None, keep or return, by the names in it; where it was asked for."""
    parts_found: dict[tuple[str, str], list[Part]] = field(default_factory=dict)
    """The parts that hold a word and a pattern, of those that were asked for."""
    _calls: list[CallRecord] | None = None
    _with_word: dict[str, list[Part]] = field(default_factory=dict)

    def all_parts(self) -> list[Part]:
        """Every part, read."""
        for part in self.parts:
            part.read()
        return self.parts

    def parts_that_hold(self, name: str) -> list[Part]:
        """The parts in which a name stands as a word, read or not."""
        if name not in self._with_word:
            found: list[Part] = []
            end = 0
            while (at := next(occurrences(name, self.text.value, end), None)) is not None:
                found.append(self.parts[bisect_right(self.parts, at, key=_start) - 1])
                end = found[-1].end
            self._with_word[name] = found
        return self._with_word[name]

    def parts_with(self, name: str) -> list[Part]:
        """The parts in which a name stands as a word, read."""
        found = self.parts_that_hold(name)
        for part in found:
            part.read()
        return found

    @property
    def trees(self) -> list[cst.Module]:
        """The trees of all parts, without layout."""
        return [part.tree for part in self.all_parts() if part.tree is not None]

    @property
    def calls(self) -> list[CallRecord]:
        """Every call of the module, in the order of the source."""
        if self._calls is None:
            self._calls = [record for part in self.all_parts() for record in part.calls]
        return self._calls

    @property
    def all_scopes(self) -> list[Scope]:
        """The scope of each class, function and lambda, in the order of the source."""
        return [scope for part in self.all_parts() for scope in part.scopes]

    def scopes_with(self, name: str, home: Scope) -> list[Scope]:
        """A scope and those inside of it, in the order of the source; of a module those where a name stands."""
        if home is self.top:
            return [home, *(scope for part in self.parts_with(name) for scope in part.scopes)]
        found = [home]
        for scope in found:
            found += scope.inner
        return sorted(found, key=lambda scope: scope.order)


def _start(part: Part) -> int:
    return part.cut.offset


def index_module(path: Path, text: Text, cuts: Sequence[Cut] = WHOLE) -> ModuleIndex:
    """The module in ``path``, of which the statements that are no functions and classes are read.

    Raises:
        libcst.ParserSyntaxError: they are not Python.
    """
    index = ModuleIndex(path, text)
    index.top = top = Scope("module", cst.Module(()), None, index, 0, ())
    ends = [*(cut.offset for cut in cuts[1:]), len(text.value)]
    index.parts = [Part(index, cut, end) for cut, end in zip(cuts, ends, strict=True)]
    for part in index.parts:
        offset, _, name, is_class = part.cut
        if name is None:
            part.read()
        else:
            kind: BindingKind = "class" if is_class else "function"
            top.bindings[name].append(Binding(kind, name, None, top, offset + 1, (), part=part))
    return index


class _Item(NamedTuple):
    node: cst.CSTNode
    scope: Scope
    path: BranchPath


class _Walk:
    def __init__(self, part: Part) -> None:
        self.part, self.index = part, part.index
        # No part has more statements than characters, so that what stands later has a higher order.
        self.order = part.cut.offset
        self.stack: list[tuple[cst.CSTNode, Scope, BranchPath]] = []

    def run(self, tree: cst.Module) -> None:
        # The busiest loop of the program: plain tuples and few calls.
        stack, handlers = self.stack, _HANDLERS
        self.push(tree.body, self.index.top, ())
        while stack:
            node, scope, path = stack.pop()
            kind = type(node)
            if kind in STATEMENTS:
                self.order += 1
            handler = handlers.get(kind)
            if handler is not None:
                handler(self, _Item(node, scope, path))
                continue
            for name in code_fields_reversed(kind):
                value = getattr(node, name)
                kind = type(value)
                if kind in LEAVES:
                    continue
                if kind in NODES:
                    stack.append((value, scope, path))
                elif kind is list or kind is tuple:
                    stack.extend([(each, scope, path) for each in reversed(value)])

    def push(self, nodes: Iterable[cst.CSTNode], scope: Scope, path: BranchPath) -> None:
        items = [(node, scope, path) for node in nodes if type(node) not in LEAVES]
        items.reverse()
        self.stack.extend(items)

    def push_items(self, items: Sequence[_Item]) -> None:
        self.stack.extend(reversed(items))

    def branch(self, arms: int, loop: bool = False, test: Test | None = None) -> int:
        self.index.branches.append(Branch(arms, loop, test))
        return len(self.index.branches) - 1

    def arm(self, path: BranchPath, branch: int, number: int, body: cst.CSTNode) -> BranchPath:
        """The path of one arm; takes note when the arm never reaches what follows it."""
        if _leaves(body):
            self.index.ended_arms.add((branch, number))
        return (*path, (branch, number))

    def locate(self, node: Located) -> None:
        self.part.located.append(node)
        self.index.homes[node] = self.part

    # Binding

    def bind(
        self,
        kind: BindingKind,
        name: str,
        node: cst.CSTNode | None,
        item: _Item,
        unpack: tuple[int, ...] = (),
        imported: Imported | None = None,
        order: int | None = None,
    ) -> None:
        scope = item.scope
        while scope.kind == "comprehension" and kind == "assign" and scope.parent is not None:
            scope = scope.parent  # a walrus in a comprehension binds in the function around it
        owner = scope.owner(name)
        deferred = owner is not scope
        path = () if deferred else item.path
        if imported is not None:
            owner.imported[name] = None
        owner.bindings[name].append(
            Binding(
                kind,
                name,
                node,
                item.scope,
                self.order if order is None else order,
                path,
                unpack,
                imported,
                deferred,
            )
        )

    def bind_target(
        self,
        target: cst.CSTNode,
        kind: BindingKind,
        value: cst.BaseExpression | None,
        item: _Item,
        unpack: tuple[int, ...] = (),
    ) -> None:
        pending = [(target, kind, unpack)]
        while pending:
            target, kind, unpack = pending.pop()
            match target:
                case cst.Name():
                    self.bind(kind, target.value, value, item, unpack)
                case cst.Tuple() | cst.List():
                    starred = False
                    for position, element in enumerate(target.elements):
                        starred = starred or isinstance(element, cst.StarredElement)
                        pending.append((element.value, "opaque" if starred else kind, (*unpack, position)))
                case cst.Attribute():
                    self.bind_attribute(target, kind, value, item, unpack)
                case cst.Subscript():
                    known = None if unpack or kind == "augment" else value
                    self.change(target, known, item, deleted=kind == "deleted")

    def change(
        self,
        target: cst.Subscript,
        value: cst.BaseExpression | None,
        item: _Item,
        deleted: bool = False,
        inside: bool = False,
    ) -> None:
        """``target = value``, or ``del target``, as a change of what the name in ``target`` holds.

        ``inside``: it is no assignment, but a change of what ``target`` holds.
        """
        key, deep = _single_key(target), False
        while isinstance(target.value, cst.Subscript):
            holder = target.value
            known = key is not None and value is not None and not deleted
            value = _with_entry(holder, key, value) if known else None
            target, key, deep, deleted = holder, _single_key(holder), True, False
        name = _changed(target.value)
        if name is not None:
            if key is None:
                value = None
            item.scope.mutations[name].append(
                Mutation(self.order, item.path, item.scope, key, value, None, deleted, deep or inside)
            )

    def bind_attribute(
        self,
        target: cst.Attribute,
        kind: BindingKind,
        value: cst.BaseExpression | None,
        item: _Item,
        unpack: tuple[int, ...],
    ) -> None:
        """``self.name = value`` in a method binds an attribute of the class."""
        name = target.attr.value
        binding = Binding(kind, name, value, item.scope, self.order, item.path, unpack)
        method = item.scope
        while method.kind == "comprehension" and method.parent is not None:
            method = method.parent
        if (
            method.parent is not None
            and method.parent.kind == "class"
            and isinstance(method.node, cst.FunctionDef)
            and isinstance(target.value, cst.Name)
            and target.value.value == first_parameter(method.node)
        ):
            method.parent.self_attributes[name].append(binding)
        elif kind != "deleted":
            self.part.assigned[name].append(Assigned(target.value, binding))

    # Statements

    def statements(self, item: _Item) -> None:
        body = item.node.body  # type: ignore[attr-defined]
        self.push(body, item.scope, item.path)

    def assign(self, item: _Item) -> None:
        node = cst.ensure_type(item.node, cst.Assign)
        for target in node.targets:
            self.bind_target(target.target, "assign", node.value, item)
        self.push([target.target for target in node.targets] + [node.value], item.scope, item.path)

    def annotated(self, item: _Item) -> None:
        node = cst.ensure_type(item.node, cst.AnnAssign)
        parts: list[cst.CSTNode] = [node.target, node.annotation]
        if node.value is not None:
            self.bind_target(node.target, "assign", node.value, item)
            parts.append(node.value)
        self.push(parts, item.scope, item.path)

    def augmented(self, item: _Item) -> None:
        node = cst.ensure_type(item.node, cst.AugAssign)
        name = dotted_name(node.target)
        if name is not None and isinstance(node.operator, cst.BitOrAssign):
            item.scope.mutations[name].append(
                Mutation(self.order, item.path, item.scope, None, node.value, None)
            )
        else:
            self.bind_target(node.target, "augment", _calculated(node), item)
        self.push([node.target, node.value], item.scope, item.path)

    def walrus(self, item: _Item) -> None:
        node = cst.ensure_type(item.node, cst.NamedExpr)
        self.bind_target(node.target, "assign", node.value, item)
        self.push([node.value], item.scope, item.path)

    def call(self, item: _Item) -> None:
        node = cst.ensure_type(item.node, cst.Call)
        self.locate(node)
        record = CallRecord(node, item.scope, self.order, item.path)
        self.part.calls.append(record)
        item.scope.calls.append(record)
        if isinstance(node.func, cst.Attribute) and node.func.attr.value in MUTATORS:
            changed = node.func.value
            name = dotted_name(changed)
            if name is not None:
                item.scope.mutations[name].append(
                    Mutation(self.order, item.path, item.scope, None, None, node)
                )
            elif isinstance(changed, cst.Subscript):
                update = node.func.attr.value == "update"
                self.change(changed, _updated(changed, node.args) if update else None, item, inside=True)
        self.push([node.func, *[argument.value for argument in node.args]], item.scope, item.path)

    def import_(self, item: _Item) -> None:
        node = cst.ensure_type(item.node, cst.Import)
        self.locate(node)
        for alias in node.names:
            module = dotted_name(alias.name) or ""
            if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
                imported = Imported(module, whole=True)
                self.bind("import", alias.asname.name.value, item.node, item, imported=imported)
            else:
                self.bind("import", module.split(".")[0], item.node, item, imported=Imported(module))

    def import_from(self, item: _Item) -> None:
        node = cst.ensure_type(item.node, cst.ImportFrom)
        self.locate(node)
        module, level = dotted_name(node.module) or "", len(node.relative)
        if isinstance(node.names, cst.ImportStar):
            self.bind("star", "*", node, item, imported=Imported(module, level))
            return
        for alias in node.names:
            name = cst.ensure_type(alias.name, cst.Name).value
            bound = alias.asname.name if alias.asname is not None else alias.name
            imported = Imported(module, level, name)
            self.bind("import", cst.ensure_type(bound, cst.Name).value, node, item, imported=imported)

    def global_(self, item: _Item) -> None:
        for name in cst.ensure_type(item.node, cst.Global).names:
            if item.scope is not self.index.top:
                item.scope.outer_names[name.name.value] = self.index.top

    def nonlocal_(self, item: _Item) -> None:
        for name in cst.ensure_type(item.node, cst.Nonlocal).names:
            outer = item.scope.parent
            while outer is not None and (outer.kind == "class" or name.name.value not in outer.bindings):
                outer = outer.parent
            if outer is not None:
                item.scope.outer_names[name.name.value] = outer

    def delete(self, item: _Item) -> None:
        node = cst.ensure_type(item.node, cst.Del)
        self.bind_target(node.target, "deleted", None, item)
        self.push([node.target], item.scope, item.path)

    def return_(self, item: _Item) -> None:
        node = cst.ensure_type(item.node, cst.Return)
        item.scope.returns.append((node.value, self.order, item.path))
        if node.value is not None:
            self.push([node.value], item.scope, item.path)

    def yield_(self, item: _Item) -> None:
        node = cst.ensure_type(item.node, cst.Yield)
        given = node.value if isinstance(node.value, cst.BaseExpression) else None
        item.scope.yields.append((given, self.order, item.path))
        if node.value is not None:
            self.push([node.value], item.scope, item.path)

    # Definitions

    def open_scope(self, kind: ScopeKind, item: _Item) -> Scope:
        scope = Scope(kind, item.node, item.scope, self.index, self.order, item.path, part=self.part)
        self.index.scopes[item.node] = scope
        self.part.scopes.append(scope)
        item.scope.inner.append(scope)
        return scope

    def bind_definition(self, kind: BindingKind, node: cst.FunctionDef | cst.ClassDef, item: _Item) -> None:
        if self.part.cut.defines is None or item.scope is not self.index.top:
            self.bind(kind, node.name.value, node, item)  # else it was bound before it was read

    def parameters(self, parameters: cst.Parameters, scope: Scope) -> None:
        inside = _Item(scope.node, scope, ())
        for parameter in every_parameter(parameters):
            self.bind("parameter", parameter.name.value, parameter, inside, order=BEFORE_ALL)

    def function(self, item: _Item) -> None:
        node = cst.ensure_type(item.node, cst.FunctionDef)
        self.bind_definition("function", node, item)
        scope = self.open_scope("function", item)
        self.parameters(node.params, scope)
        self.push_items(
            [
                *(_Item(decorator, item.scope, item.path) for decorator in node.decorators),
                *(_Item(part, item.scope, item.path) for part in _evaluated(node.params)),
                *([_Item(node.returns, item.scope, item.path)] if node.returns is not None else []),
                _Item(node.body, scope, ()),
            ]
        )

    def lambda_(self, item: _Item) -> None:
        node = cst.ensure_type(item.node, cst.Lambda)
        scope = self.open_scope("function", item)
        self.parameters(node.params, scope)
        scope.returns.append((node.body, self.order, ()))
        self.push_items(
            [
                *(_Item(part, item.scope, item.path) for part in _evaluated(node.params)),
                _Item(node.body, scope, ()),
            ]
        )

    def class_(self, item: _Item) -> None:
        node = cst.ensure_type(item.node, cst.ClassDef)
        self.bind_definition("class", node, item)
        scope = self.open_scope("class", item)
        around = [*node.decorators, *node.bases, *node.keywords]
        self.push_items(
            [*(_Item(part, item.scope, item.path) for part in around), _Item(node.body, scope, ())]
        )

    def comprehension(self, item: _Item) -> None:
        scope = self.open_scope("comprehension", item)
        node = item.node
        inner: cst.CompFor | None = node.for_in  # type: ignore[attr-defined]
        while inner is not None:
            self.bind_target(inner.target, "iterate", inner.iter, _Item(inner, scope, ()))
            inner = inner.inner_for_in
        self.push(children(node), scope, ())

    # Branches

    def if_(self, item: _Item) -> None:
        node = cst.ensure_type(item.node, cst.If)
        test = Test(node.test, item.scope, self.order, item.path)
        branch = self.branch(2 if node.orelse is not None else 0, test=test)
        items = [
            _Item(node.test, item.scope, item.path),
            _Item(node.body, item.scope, self.arm(item.path, branch, 0, node.body)),
        ]
        if node.orelse is not None:
            orelse = node.orelse.body if isinstance(node.orelse, cst.Else) else node.orelse
            items.append(_Item(orelse, item.scope, self.arm(item.path, branch, 1, orelse)))
        self.push_items(items)

    def for_(self, item: _Item) -> None:
        node = cst.ensure_type(item.node, cst.For)
        branch = self.branch(0, loop=True)
        inside = (*item.path, (branch, 0))
        self.bind_target(node.target, "iterate", node.iter, _Item(node, item.scope, inside))
        items = [
            _Item(node.target, item.scope, item.path),
            _Item(node.iter, item.scope, item.path),
            _Item(node.body, item.scope, inside),
        ]
        if node.orelse is not None:
            items.append(_Item(node.orelse.body, item.scope, item.path))
        self.push_items(items)

    def while_(self, item: _Item) -> None:
        node = cst.ensure_type(item.node, cst.While)
        inside = (*item.path, (self.branch(0, loop=True), 0))
        items = [_Item(node.test, item.scope, inside), _Item(node.body, item.scope, inside)]
        if node.orelse is not None:
            items.append(_Item(node.orelse.body, item.scope, item.path))
        self.push_items(items)

    def try_(self, item: _Item) -> None:
        node = item.node
        assert isinstance(node, (cst.Try, cst.TryStar))
        branch = self.branch(1 + len(node.handlers))
        first = self.arm(item.path, branch, 0, node.body)
        items = [_Item(node.body, item.scope, first)]
        handlers: Sequence[cst.ExceptHandler | cst.ExceptStarHandler] = node.handlers
        for number, handler in enumerate(handlers, start=1):
            path = self.arm(item.path, branch, number, handler.body)
            if handler.type is not None:
                items.append(_Item(handler.type, item.scope, item.path))
            if handler.name is not None:
                self.bind_target(handler.name.name, "opaque", None, _Item(handler, item.scope, path))
            items.append(_Item(handler.body, item.scope, path))
        if node.orelse is not None:
            items.append(_Item(node.orelse.body, item.scope, first))
        if node.finalbody is not None:
            items.append(_Item(node.finalbody.body, item.scope, item.path))
        self.push_items(items)

    def with_(self, item: _Item) -> None:
        node = cst.ensure_type(item.node, cst.With)
        for entry in node.items:
            if entry.asname is not None:
                self.bind_target(entry.asname.name, "opaque", None, item)
        self.push([*node.items, node.body], item.scope, item.path)

    def match(self, item: _Item) -> None:
        node = cst.ensure_type(item.node, cst.Match)
        branch = self.branch(0)
        items = [_Item(node.subject, item.scope, item.path)]
        for number, case in enumerate(node.cases):
            path = self.arm(item.path, branch, number, case.body)
            inside = _Item(case, item.scope, path)
            for name in _captured(case.pattern):
                self.bind("opaque", name, None, inside)
            if case.guard is not None:
                items.append(_Item(case.guard, item.scope, path))
            items.append(_Item(case.body, item.scope, path))
        self.push_items(items)


_HANDLERS: dict[type, Callable[[_Walk, _Item], object]] = {
    cst.Call: _Walk.call,
    cst.Assign: _Walk.assign,
    cst.AnnAssign: _Walk.annotated,
    cst.AugAssign: _Walk.augmented,
    cst.NamedExpr: _Walk.walrus,
    cst.Import: _Walk.import_,
    cst.ImportFrom: _Walk.import_from,
    cst.FunctionDef: _Walk.function,
    cst.Lambda: _Walk.lambda_,
    cst.ClassDef: _Walk.class_,
    cst.ListComp: _Walk.comprehension,
    cst.SetComp: _Walk.comprehension,
    cst.GeneratorExp: _Walk.comprehension,
    cst.DictComp: _Walk.comprehension,
    cst.If: _Walk.if_,
    cst.For: _Walk.for_,
    cst.While: _Walk.while_,
    cst.Try: _Walk.try_,
    cst.TryStar: _Walk.try_,
    cst.With: _Walk.with_,
    cst.Match: _Walk.match,
    cst.Global: _Walk.global_,
    cst.Nonlocal: _Walk.nonlocal_,
    cst.Del: _Walk.delete,
    cst.Return: _Walk.return_,
    cst.Yield: _Walk.yield_,
    cst.SimpleStatementLine: _Walk.statements,
    cst.SimpleStatementSuite: _Walk.statements,
}
"""What is done with a node; in a walk itself they would hold it in a circle, and the tree until that is collected."""


MUTATORS = frozenset(
    {
        *("update", "setdefault", "pop", "clear", "popitem"),
        *("append", "extend", "insert", "remove", "reverse", "sort"),
    }
)
"""The methods that change a dict or list in place."""


def first_parameter(function: cst.FunctionDef) -> str | None:
    parameters = [*function.params.posonly_params, *function.params.params]
    return parameters[0].name.value if parameters else None


def every_parameter(parameters: cst.Parameters) -> Iterator[cst.Param]:
    """All parameters in source order, ``*args`` and ``**kwargs`` among them."""
    yield from parameters.posonly_params
    yield from parameters.params
    if isinstance(parameters.star_arg, cst.Param):
        yield parameters.star_arg
    yield from parameters.kwonly_params
    if parameters.star_kwarg is not None:
        yield parameters.star_kwarg


def _evaluated(parameters: cst.Parameters) -> Iterator[cst.CSTNode]:
    """What is evaluated outside the function when it is defined: annotations and defaults."""
    for parameter in every_parameter(parameters):
        if parameter.annotation is not None:
            yield parameter.annotation
        if parameter.default is not None:
            yield parameter.default


def _changed(holder: cst.BaseExpression) -> str | None:
    """The dotted name of a dict or list that is changed; ``vars(x)`` is ``x.__dict__``."""
    match holder:
        case cst.Call(func=cst.Name("vars"), args=[cst.Arg(cst.Name(of))]):
            return f"{of}.__dict__"
    return dotted_name(holder)


def _single_key(subscript: cst.Subscript) -> cst.BaseExpression | None:
    if len(subscript.slice) == 1 and isinstance(subscript.slice[0].slice, cst.Index):
        return subscript.slice[0].slice.value
    return None


def _calculated(node: cst.AugAssign) -> cst.BaseExpression:
    """``a + b`` of ``a += b``."""
    assert isinstance(node.target, cst.BaseExpression)
    operator = getattr(cst, type(node.operator).__name__.removesuffix("Assign"))
    return cst.BinaryOperation(node.target, operator(), node.value)


def _with_entry(
    holder: cst.BaseExpression, key: cst.BaseExpression | None, value: cst.BaseExpression | None
) -> cst.Dict:
    """``{**holder, key: value}``."""
    assert key is not None
    assert value is not None
    return cst.Dict([cst.StarredDictElement(holder), cst.DictElement(key, value)])


def _updated(holder: cst.BaseExpression, arguments: Sequence[cst.Arg]) -> cst.Dict:
    """``{**holder, **dict(arguments)}``."""
    added = cst.Call(cst.Name("dict"), arguments)
    return cst.Dict([cst.StarredDictElement(holder), cst.StarredDictElement(added)])


def _leaves(body: cst.CSTNode) -> bool:
    """Whether a block always ends by leaving it."""
    statements = getattr(body, "body", None)
    if not isinstance(statements, (list, tuple)) or not statements:
        return False
    last = statements[-1]
    if isinstance(last, cst.SimpleStatementLine):
        last = last.body[-1]
    return isinstance(last, (cst.Return, cst.Raise, cst.Continue, cst.Break))


def _captured(pattern: cst.MatchPattern) -> Iterator[str]:
    pending: list[cst.CSTNode] = [pattern]
    while pending:
        node = pending.pop()
        if isinstance(node, (cst.MatchAs, cst.MatchStar)) and node.name is not None:
            yield node.name.value
        if isinstance(node, cst.MatchMapping) and node.rest is not None:
            yield node.rest.value
        pending.extend(child for child in node.children if isinstance(child, cst.CSTNode))
