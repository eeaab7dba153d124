"""Who calls a function, anywhere in the project, and with what."""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import libcst as cst

from reglint.resolve.bind import (
    function_of,
    is_decorated,
    item_passed,
    left_open,
    merge,
    passed,
    receives,
)
from reglint.resolve.cases import cases
from reglint.resolve.containers import UNREADABLE_SPLAT
from reglint.resolve.handed import Handed, UnseenCallsError
from reglint.resolve.mentions import followed_by, holders_of, mentions_of, uses_of
from reglint.resolve.nodes import last_name
from reglint.resolve.remade import by_methods, of_descriptions
from reglint.resolve.values import (
    Arguments,
    Constant,
    Definition,
    Expression,
    Parameter,
    Partial,
    Place,
    Unknown,
    Value,
    entry_of,
    identity,
    options_of,
    place_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from reglint.resolve.evaluate import Resolver
    from reglint.resolve.scopes import CallRecord, ModuleIndex, Part, Scope
    from reglint.resolve.values import Frame, Holder


@dataclass(frozen=True, slots=True, eq=False)
class Calls:
    """What the calls of a function pass; ``hidden`` says why there may be more of them, where there may be."""

    arguments: tuple[Arguments, ...]
    hidden: str | None = None
    records: tuple[CallRecord, ...] = ()
    """The calls themselves."""
    by_others: bool = False
    """Whether some of them are calls of a parameter, which can be of other functions as well."""


_NONE_YET = Calls((), "it is called in a circle")


_MOST_FILES = 30
"""In how many files a name is looked for: one that stands in more of them is no name of one thing."""


_TABLES = (cst.List, cst.Tuple, cst.Set, cst.Dict)


class TooManyFilesError(Exception):
    """A name stands in more files than can be looked at."""


class Callers:
    """Finds calls for a resolver. Only files that mention a function's name are looked at."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._calls: dict[cst.CSTNode, Calls] = {}
        self._subclasses: dict[cst.CSTNode, tuple[Definition, ...]] = {}

    def of(self, function: Definition) -> Calls:
        """The calls of a function, method, class's ``__init__``, lambda, or of a class that has no ``__init__``."""
        known = self._calls.get(function.node)
        if known is None:
            self._calls[function.node] = _NONE_YET
            with self.resolver.elsewhere():
                try:
                    known = self._found(function)
                except TooManyFilesError as error:
                    known = Calls((), str(error))
            self._calls[function.node] = known
        return known

    def passing(self, parameter: Parameter, *, uncalled: bool = False) -> list[Expression | Value | None]:
        """What each call passes for a parameter; None where it leaves it to the default.

        With ``uncalled``, what is held by a parameter of a function that nobody calls stays a parameter.
        """
        function = parameter.function
        if parameter.holder is not None:
            if parameter.is_passed:
                calls = self.of(function).arguments
                return [item_passed(arguments, function, parameter) for arguments in calls]
            return list(self._entries(parameter, parameter.holder, uncalled))
        return [
            passed(function_of(function), arguments, parameter.name, receives(function))
            for arguments in self.of(function).arguments
        ]

    def _entries(
        self, parameter: Parameter, holder: Holder, uncalled: bool
    ) -> Iterator[Expression | Value | None]:
        """The entry of each dict that a holder can be."""
        containers, name = self.resolver.containers, parameter.name
        found = self.resolver.settled(holder, uncalled=uncalled, contents=True)
        place = Place(parameter.function.scope, 0, ())
        # Where None is splatted or looked into, the program ends.
        options = [option for option in options_of(found) if option != Constant(None)]
        if not options and options_of(found):
            yield Unknown(f'the callers decide "{name}"')
        for option in options:
            if isinstance(option, Unknown):
                yield option
                continue
            if isinstance(option, Parameter):
                yield (
                    parameter
                    if identity(option) == identity(holder)
                    else entry_of(option, name, parameter.default)
                )
                continue
            known = containers.mapping(option, place)
            if known is None:
                yield Unknown(UNREADABLE_SPLAT)
                continue
            held = dict(known.entries).get(name)
            yield held or left_open(Arguments((), (), known.unread, known.passed_on), name)

    def subclasses(self, owner: Definition) -> tuple[Definition, ...]:
        """The classes of the project that have this one directly among their bases."""
        if owner.node not in self._subclasses:
            self._subclasses[owner.node] = ()
            with suppress(TooManyFilesError):
                self._subclasses[owner.node] = tuple(self._inheriting(owner))
        return self._subclasses[owner.node]

    def all_subclasses(self, owner: Definition) -> Iterator[Definition]:
        """The classes of the project that derive from this one."""
        pending, seen = [owner], {owner.node}
        while pending:
            for sub in self.subclasses(pending.pop()):
                if sub.node not in seen:
                    seen.add(sub.node)
                    pending.append(sub)
                    yield sub

    def _found(self, function: Definition) -> Calls:
        node, around = function.node, function.scope.parent
        if isinstance(node, cst.Lambda) or around is None:
            return self._calling({node}, frozenset(), [function.scope.index], method=False)
        if isinstance(node, cst.ClassDef):
            return self._calling({node}, frozenset({node.name.value}), self._modules(function), method=False)
        in_class = isinstance(around.node, cst.ClassDef)
        if not in_class or node.name.value != "__init__":
            names = frozenset({node.name.value})
            method = in_class and not is_property(node)
            calls = self._calling({node}, names, self._modules(function), method)
            return replace(calls, arguments=(*calls.arguments, *cases(function, self.resolver)))
        assert isinstance(around.node, cst.ClassDef)
        classes, passed_up = self._constructed_by(Definition(around.node, around))
        names = frozenset(_class_name(each) for each in classes)
        modules = list(dict.fromkeys(module for each in classes for module in self._modules(each)))
        targets: set[cst.CSTNode] = {each.node for each in classes}
        calls = self._calling(targets, names, modules, method=False)
        remade = list(of_descriptions(names, targets, modules, self.resolver))
        if calls.arguments or passed_up or remade:
            # Where nobody else makes any, users do, whatever the methods make of those.
            owners = {each.node: each for first in classes for each in self.resolver.lineage(first)}
            remade += by_methods(owners.values(), self.resolver)
        return Calls(
            (*calls.arguments, *passed_up, *(arguments for _, arguments in remade)),
            calls.hidden,
            (*calls.records, *(record for record, _ in remade)),
        )

    def _constructed_by(self, owner: Definition) -> tuple[list[Definition], list[Arguments]]:
        """The classes whose instances an ``__init__`` makes, and what the ``__init__`` of others hands to it."""
        classes = [owner]
        passed_up: list[Arguments] = []
        pending = list(self.subclasses(owner))
        while pending:
            found = pending.pop()
            own = self.resolver.names.class_attribute(found, "__init__")
            if own is None:
                classes.append(found)
                pending += self.subclasses(found)
            elif isinstance(own, Definition):
                passed_up += self.resolver.handed_up(own.scope)
        return classes, passed_up

    def _calling(
        self, targets: set[cst.CSTNode], names: frozenset[str], modules: list[ModuleIndex], method: bool
    ) -> Calls:
        found: list[Arguments] = []
        records: dict[cst.Call, CallRecord] = {}
        hidden: str | None = None
        by_others = False
        holders = {index: _holders(names, index) for index in modules}
        further = self._holding(holders)
        if (unread := next(self._unread_tables(holders), None)) is not None:
            hidden = f'what is kept in "{unread}", which is read nowhere in the project'
        for index in (*modules, *further):
            uses = {name: uses_of(name, index) for name in sorted(names)}
            escaped = next((name for name, use in uses.items() if name in use.escaped), None)
            if escaped is not None:
                hidden = f'"{escaped}" is handed on as a value in {index.path.name}'
            anywhere = not names or index in further or any(name in use.renamed for name, use in uses.items())
            for record in self._candidates(index, names, anywhere, further.get(index, frozenset())):
                methods = names if method else frozenset()
                for arguments in self._reaching(targets, record, None, through=anywhere, methods=methods):
                    found.append(arguments)
                    records[record.node] = record
            handed = frozenset(name for name, use in uses.items() if name in use.handed)
            kept_in = further.get(index, names) if anywhere else frozenset()
            try:
                for record, frame in Handed(index, targets, handed, kept_in, self.resolver).calls():
                    for arguments in self._reaching(targets, record, frame, through=True):
                        found.append(arguments)
                        records[record.node] = record
                        by_others = True
            except UnseenCallsError:
                hidden = f'"{min(handed or names)}" is handed on as a value in {index.path.name}'
        return Calls(tuple(found), hidden, tuple(records.values()), by_others)

    def _candidates(
        self, index: ModuleIndex, names: frozenset[str], anywhere: bool, holders: frozenset[str]
    ) -> Iterable[CallRecord]:
        """The calls of a module that can be of something with one of these names.

        ``anywhere``: by another name too. ``holders``: it is in a table or behind an alias of another module, by
        these names, and only what they stand in can call it, unless it hands it on.
        """
        if not anywhere:
            return self.named(index, names)
        parts = dict.fromkeys(part for name in sorted(holders) for part in index.parts_that_hold(name))
        if not parts or any(_hands_on(part, holders) for part in parts):
            return index.calls
        for part in parts:
            part.read()
        return [record for part in parts for record in part.calls]

    def _holding(self, holders: dict[ModuleIndex, list[str]]) -> dict[ModuleIndex, frozenset[str]]:
        """The other modules that may use one of the tables and aliases of some modules, and the names of these."""
        project = self.resolver.project
        paths: dict[Path, frozenset[str]] = {}
        for index, own in holders.items():
            for holder in own:
                for path in project.mentioning(holder, index.path):
                    if project.may_have(path, holder, index.path) and project.may_use(holder, path):
                        paths[path] = paths.get(path, frozenset()) | {holder}
        if len(paths) > _MOST_FILES:
            raise TooManyFilesError("what it is kept in is used in too many files to look at all of them")
        found = ((project.module(path), names) for path, names in paths.items())
        return {index: names for index, names in found if index is not None and index not in holders}

    def _unread_tables(self, holders: dict[ModuleIndex, list[str]]) -> Iterator[str]:
        """Of the tables and aliases of some modules the tables that are there for somebody outside the project."""
        for index, own in holders.items():
            for holder in own:
                bindings = index.top.bindings.get(holder, ())
                mentions = (at for part in index.parts_that_hold(holder) for at in part.occurrences(holder))
                if (
                    any(isinstance(binding.written, _TABLES) for binding in bindings)
                    and len(list(mentions)) == len(bindings)
                    and set(self.resolver.project.mentioning(holder, index.path)) <= {index.path}
                ):
                    yield holder

    def _reaching(
        self,
        targets: set[cst.CSTNode],
        record: CallRecord,
        frame: Frame | None,
        *,
        through: bool,
        methods: frozenset[str] = frozenset(),
    ) -> Iterator[Arguments]:
        """What a call passes to a target, for each thing of those that its callee can be that is one.

        ``through``: the callee can be what a call returns. ``methods``: the names of methods that may be the target.
        """
        place = place_of(record, frame)
        callee = self.resolver.value(Expression(record.node.func, place))
        for option in options_of(self.resolver.result(callee) if through else callee):
            match option:
                case Definition(node) if node in targets:
                    yield self.resolver.arguments(record.node, place)
                case Partial(Definition(node), bound) if node in targets:
                    yield merge(bound, self.resolver.arguments(record.node, place))
                case Unknown() if isinstance(record.node.func, cst.Attribute):
                    # A method of an object that is not known can be this one.
                    if record.node.func.attr.value in methods:
                        yield self.resolver.arguments(record.node, place)

    def _inheriting(self, owner: Definition) -> Iterator[Definition]:
        name = _class_name(owner)
        word = re.escape(name)
        # A pattern that starts with "\b" tries every character.
        derives = rf"class(?<!\wclass)\b[^:]*\b{word}\b"
        for index in self._modules(owner, re.compile(rf"{derives}|{word}(?<!\w{word})\s+as\b".encode())):
            renamed = name in uses_of(name, index).renamed
            may_derive = r"class(?<!\wclass)\b[^:(]*\(" if renamed else derives
            for scope in _scopes(index, "class" if renamed else name, may_derive):
                node = scope.node
                if not isinstance(node, cst.ClassDef) or node is owner.node:
                    continue
                if not renamed and name not in map(last_name, (base.value for base in node.bases)):
                    continue
                found = Definition(node, scope)
                if any(
                    isinstance(base, Definition) and base.node is owner.node
                    for base in self.resolver.bases(found)
                ):
                    yield found

    def _modules(self, definition: Definition, use: re.Pattern[bytes] | None = None) -> list[ModuleIndex]:
        """The modules that may use a definition: those that mention its name, and hold ``use`` where it is given."""
        own = definition.scope.index
        around = definition.scope.parent
        while around is not None and around.kind == "class":
            around = around.parent
        if around is not None and around.kind != "module":
            return [own]
        node = definition.node
        assert isinstance(node, (cst.FunctionDef, cst.ClassDef))
        project = self.resolver.project
        method = definition.scope.parent is not None and definition.scope.parent.kind == "class"
        key = (node.name.value, own.path, method, use, self.resolver.externals)
        paths = project.users.get(key)
        if paths is None:
            paths = project.users[key] = tuple(self._users(node.name.value, own.path, method, use))
        if len(paths) > _MOST_FILES:
            raise TooManyFilesError(f'"{node.name.value}" stands in too many files to look at all of them')
        others = (project.module(path) for path in paths if project.may_use(node.name.value, path))
        return [own, *(index for index in others if index is not None and index is not own)]

    def _users(self, name: str, own: Path, method: bool, use: re.Pattern[bytes] | None) -> Iterator[Path]:
        """The files that may use what another one defines."""
        project = self.resolver.project
        for path in project.mentioning(name, own):
            if use is not None and use.search(project.data(path)) is None:
                continue
            # Methods share their names with much that has nothing to do with Keras.
            if self.resolver.may_matter(path) if method else project.may_have(path, name, own):
                yield path

    def named(self, index: ModuleIndex, names: frozenset[str]) -> Iterator[CallRecord]:
        """The calls in a module whose callee ends in one of some names."""
        for name in sorted(names):
            if name not in index.called:
                index.called[name] = list(_called(name, index))
            yield from index.called[name]


def _holders(names: frozenset[str], index: ModuleIndex) -> list[str]:
    """The tables and aliases of a module that something with one of these names is in."""
    renamed = frozenset(name for name in names if name in uses_of(name, index).renamed)
    parts = dict.fromkeys(part for name in sorted(renamed) for part in index.parts_that_hold(name))
    return sorted({each for part in parts for each in holders_of(part, renamed)})


def _called(name: str, index: ModuleIndex) -> Iterator[CallRecord]:
    for part in index.parts_that_hold(name):
        if not any(followed_by(_MAY_OPEN, name, part)):
            continue
        part.read()
        if part.calls_by_name is None:
            by_name: dict[str, list[CallRecord]] = defaultdict(list)
            for record in part.calls:
                by_name[last_name(record.node.func)].append(record)
            part.calls_by_name = dict(by_name)
        yield from part.calls_by_name.get(name, ())


_MAY_OPEN = re.compile(r"(?:[\s\\]|#[^\n]*\n)*\(")


def _hands_on(part: Part, names: frozenset[str]) -> bool:
    """Whether what some names stand for may go by others in the rest of the module; an import of them is no use."""
    if holders_of(part, names):
        return True
    mentions = mentions_of(part)
    return part.cut.defines is None and not names.isdisjoint(
        mentions.renamed | mentions.handed | mentions.escaped
    )


def _scopes(index: ModuleIndex, word: str, pattern: str) -> Iterator[Scope]:
    """The scopes of the parts that hold a word and in which a pattern is found."""
    key = (word, pattern)
    if key not in index.parts_found:
        search, text = re.compile(pattern).search, index.text.value
        holding = index.parts_that_hold(word)
        index.parts_found[key] = [part for part in holding if search(text, part.cut.offset, part.end)]
    for part in index.parts_found[key]:
        part.read()
        yield from part.scopes


def is_property(function: cst.FunctionDef) -> bool:
    """Whether a method is called by reading an attribute."""
    return is_decorated(function, "property")


def _class_name(definition: Definition) -> str:
    assert isinstance(definition.node, cst.ClassDef)
    return definition.node.name.value
