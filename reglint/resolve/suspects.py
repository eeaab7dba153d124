"""Which calls may construct one of the classes that are looked for, told from outlines alone.

Resolving the callee of every call would cost several times what parsing does, and few calls construct anything. A class
has to be named somewhere, so a call is suspect where a chain of outlines leads from what it calls to one of the wanted
names. The chain goes wherever the resolver could go, and further: what is no suspect need not be resolved.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeGuard, Union

from reglint.files.documents import read_source
from reglint.files.syntax import SyntaxProblem, parse_syntax
from reglint.resolve.outline import (
    ANYTHING,
    EVERY,
    MOST_CALLS,
    Outline,
    Passed,
    Wanted,
    last_part,
    outline_of,
)
from reglint.resolve.paths import package_of
from reglint.resolve.trees import keep_for_good

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from reglint.resolve.evaluate import Externals
    from reglint.resolve.outline import Import
    from reglint.resolve.project import Project

_LONGEST_CHAIN = 6
"""How many attributes one after the other are followed: an alias of a part of itself grows without end."""
_WORTH_A_SEARCH = 50_000
"""How many characters are read in a hurry before the folders of a project are searched: a hook on a file need not."""
_FREE = 200_000
_FREE_FOR_EACH = 20
"""In a hurry, the files of a project may be as large as so many bytes, and so many times what was read, to be taken in.

Whoever has one file of a large project read should not wait for all of it."""

_GLOBAL = ".#$<%"
"""How the keys begin that mean the same in every module."""
_EVERY_KEYWORD = "**"
_IN_MAPPING = "*"
_UP_TO = "<="
"""In a splat that starts at the position that follows, or before; wherever it starts if none does.

From a splat on, positions are not known."""

_Step = tuple[Union["_Module", "_Everywhere"], str]
"""A key, and what it is a key of."""


@dataclass(slots=True, eq=False)
class _Module:
    path: Path
    everywhere: _Everywhere
    text: int | None = None
    """The hash of the text that the outline is of; None where it has not been read."""
    outline: Outline | None = None
    """None where the text cannot be told one."""

    def step(self, key: str) -> _Step:
        return self.everywhere if key.lstrip("?")[:1] in _GLOBAL and key != ANYTHING else self, key


@dataclass(slots=True, eq=False)
class _Everywhere:
    """What the outlines of all files of a project say of the names that no module owns."""

    near: Path
    """Any file of the project."""
    whole: bool
    """Whether the folders in that of the project belong to it; otherwise it is a script with the files beside it."""
    size: int | None = None
    """That of all its files, in bytes; None where it is not known yet."""
    is_known: bool = False
    """Whether the files have been taken in."""
    held: dict[str, set[_Step]] = field(default_factory=lambda: defaultdict(set))
    """What an attribute or entry holds."""
    setters: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The classes whose methods give their object an attribute."""
    members: dict[str, dict[_Module, set[str]]] = field(default_factory=lambda: defaultdict(dict))
    """The modules that have an attribute, themselves or in their classes, and which classes have one."""
    given: dict[str, dict[str, set[_Step]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    """What is passed to whatever has a name: by position (``0``), by keyword, in all keywords, and in mappings."""
    starred: dict[str, list[tuple[int, set[_Step]]]] = field(default_factory=lambda: defaultdict(list))
    """The first position that a splat may be passed for, and what it and all after it hold."""
    attributes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    subclasses: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    bases: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The bases of a class, and what something else is another name of."""
    classes: set[str] = field(default_factory=set)
    aliases: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    handed: set[str] = field(default_factory=set)
    names: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    kinds: dict[str, set[str] | None] = field(default_factory=dict)

    def add(self, module: _Module, outline: Outline) -> None:
        for key, held in outline.held.items():
            if key[0] in _GLOBAL:
                self.held[key].update(map(module.step, held))
            if key[0] == "%":
                owner, _, name = key[1:].partition(".")
                self.setters[name].add(owner)
        for name in outline.members:
            self.members[name][module] = set()
        for owner, names in outline.attributes.items():
            for name in names & outline.members:
                self.members[name][module].add(owner)
        for name, passed in outline.passed.items():
            for each in passed:
                self._give(name, each, module)
        for name, others in outline.attributes.items():
            self.attributes[name] |= others
        for name, others in outline.subclasses.items():
            self.subclasses[name] |= others
            for other in others:
                self.bases[other].add(name)
        for name, others in outline.aliases.items():
            self.aliases[name] |= others
            for other in others:
                self.bases[other].add(name)
        self.classes |= outline.classes
        self.handed |= outline.handed
        self.names.clear()
        self.kinds.clear()

    def _give(self, name: str, passed: Passed, module: _Module) -> None:
        given = self.given[name]
        for position, keys in enumerate(passed.positional):
            if keys:
                given[str(position)].update(map(module.step, keys))
        for keyword, keys in passed.keywords.items():
            steps = [module.step(key) for key in keys]
            given[keyword].update(steps)
            given[_EVERY_KEYWORD].update(steps)
        if passed.splat:
            given[_IN_MAPPING].update(map(module.step, passed.mappings))
        if passed.starred is not None:
            rest = frozenset().union(*passed.positional[passed.starred :])
            self.starred[name].append((passed.starred, set(map(module.step, rest))))

    def passed(self, key: str) -> Iterator[str]:
        """The keys of what callers pass for the parameter that a key is of: all parameters in one place share them."""
        owner, function, parameter, place = key[1:].split("|")
        if _is_object(key):
            return
        for name in self._known_as(owner, function):
            given = self.given.get(name)
            if given is None:
                continue
            for way in _ways(given, parameter, place, bool(owner)):
                yield f"={name}|{way}"
            if place and name in self.starred:
                yield f"={name}|{_UP_TO}{place if parameter != '*' else ''}"
            if _IN_MAPPING in given and parameter != "**":
                yield f"#{parameter}"

    def given_in(self, key: str) -> Iterator[_Step]:
        """What is passed to whatever has a name, in one of the ways of ``passed``."""
        name, _, way = key[1:].partition("|")
        if not way.startswith(_UP_TO):
            yield from self.given[name].get(way, ())
            return
        last = way.removeprefix(_UP_TO)
        for start, steps in self.starred[name]:
            if not last or start <= int(last):
                yield from steps

    def _known_as(self, owner: str, function: str) -> set[str]:
        """The names by which a function may be called; the empty one where it may be called by none."""
        if (owner, function) not in self.names:
            self.names[owner, function] = self._find_names(owner, function)
        return self.names[owner, function]

    def deriving(self, owner: str) -> set[str]:
        """The names of the classes that have a class of this name among their ancestors."""
        return _all_from(owner, self.subclasses)

    def kinds_of(self, owner: str) -> set[str] | None:
        """The classes whose attributes an object may have on which a method of a class is called; None for any."""
        if owner not in self.kinds:
            self.kinds[owner] = self._find_kinds(owner)
        return self.kinds[owner]

    def _find_kinds(self, owner: str) -> set[str] | None:
        kinds = {owner, *self.deriving(owner)}
        kinds.update(*(_all_from(kind, self.bases) for kind in tuple(kinds)))
        variables = (each for each in kinds if each in self.members and each not in self.classes)
        if any(each not in self.bases for each in variables):
            return None
        return None if any(EVERY in self.attributes.get(kind, ()) for kind in kinds) else kinds

    def attributes_of(self, owner: str) -> set[str]:
        """The names of all attributes that an object may have on which a method of a class is called."""
        kinds = self.kinds_of(owner)
        if kinds is None:
            return set().union(*self.attributes.values()) - {EVERY}
        return set().union(*(self.attributes.get(kind, ()) for kind in ("", *kinds))) - {EVERY}

    def _find_names(self, owner: str, function: str) -> set[str]:
        if owner and function in ("__init__", "__new__"):
            kinds = self.kinds_of(owner)
            names = {owner, "cls", "__class__"} | self.deriving(owner)
            names |= {name for name in self.given if name[:1] == "<" and (kinds is None or name[1:] in kinds)}
        else:
            names = {function}
        for name in tuple(names):
            names |= self.aliases.get(name, set())
        return names | {""} if names & self.handed else names


class Suspects:
    """Answers for the files of a project."""

    def __init__(self, project: Project, externals: Externals, wanted: Wanted) -> None:
        self._project = project
        self._externals = externals
        self._wanted = wanted
        self._modules: dict[Path, _Module] = {}
        self._everywhere: dict[str, _Everywhere] = {}
        self._imported: dict[tuple[str, int, str], tuple[Path, ...]] = {}
        self._read = 0
        self._known: dict[_Step, bool] = {}
        self._steps: dict[_Step, tuple[_Step | None, ...]] = {}

    def among(self, path: Path, source: str) -> list[tuple[str, bool, int]] | None:
        """Of each call of a module, in order: the last name of its callee, whether it is suspect, and its line.

        None where ``source``, the text of the module, does not say so: it cannot be parsed, or gives other names to
        functions that are known by theirs.
        """
        self._read += len(source)
        module = self._module(path.absolute())
        self._read_text(module, source)
        if not _tells_all(module.outline):
            return None
        return [
            (call.name, any(self._leads(module.step(key)) for key in call.keys.split()), call.line)
            for call in module.outline.calls
        ]

    def may_use(self, name: str, path: Path) -> bool:
        """Whether a module may do more with a name than import or define it, as far as its outline says."""
        if path.absolute() not in self._modules and not self._project.may_matter(path, self._externals):
            return True
        outline = self._outline(self._module(path.absolute()))
        return outline is None or name in outline.used

    def _module(self, path: Path) -> _Module:
        """The module in a file; what its outline is, is not known yet."""
        module = self._modules.get(path)
        if module is None:
            root, whole = self._project.root_of(path)
            everywhere = self._everywhere.setdefault(root, _Everywhere(path, whole))
            module = self._modules[path] = _Module(path, everywhere)
        return module

    def _read_text(self, module: _Module, source: str) -> None:
        """Take a text for that of a module, whatever is in its file."""
        if module.text == hash(source):
            return
        self._set_outline(module, source)
        if module.everywhere.is_known and module.outline is not None:
            module.everywhere.add(module, module.outline)
            self._known = {step: True for step, known in self._known.items() if known}
            self._steps.clear()

    def _set_outline(self, module: _Module, source: str) -> None:
        syntax = parse_syntax(source)
        module.text = hash(source)
        module.outline = (
            None if isinstance(syntax, SyntaxProblem) else outline_of(syntax, self._wanted.methods)
        )
        if not isinstance(syntax, SyntaxProblem):
            self._project.cuts(module.path, source)  # now that its syntax is at hand

    def _outline(self, module: _Module) -> Outline | None:
        if module.text is None:
            try:
                source = read_source(module.path)
            except (OSError, ValueError):
                module.text, module.outline = 0, Outline()
            else:
                self._set_outline(module, source)
        return module.outline

    def _leads(self, start: _Step) -> bool:
        """Whether a key may hold what is looked for."""
        known = self._known
        if start in known:
            return known[start]
        before: dict[_Step, _Step | None] = {start: None}
        pending = [start]
        while pending:
            step = pending.pop()
            for further in self._next(step):
                if further is None or known.get(further):
                    chain: _Step | None = step
                    while chain is not None:
                        known[chain] = True
                        chain = before[chain]
                    return True
                if further not in known and further not in before:
                    before[further] = step
                    pending.append(further)
        known.update(dict.fromkeys(before, False))
        return False

    def _next(self, step: _Step) -> tuple[_Step | None, ...]:
        """Where one step leads; None alone where it has arrived."""
        found = self._steps.get(step)
        if found is None:
            further: dict[_Step | None, None] = {}
            for each in self._after(*step):
                if each is None:
                    further = {None: None}
                    break
                further[each] = None
            found = self._steps[step] = tuple(further)
        return found

    def _after(self, place: _Module | _Everywhere, key: str) -> Iterator[_Step | None]:
        """Where one step leads; None where it has arrived."""
        if key == ANYTHING:
            yield None
            return
        if key[0] == "?":
            yield from self._computed(place, key[1:])
            return
        plain, end = _parted(key)
        if isinstance(place, _Everywhere):
            yield from self._anywhere(place, plain, end)
        else:
            outline = self._outline(place)
            if not _tells_all(outline):
                yield None
            elif last_part(plain) not in self._wanted.names or (
                end and last_part(plain) in outline.functions
            ):
                yield from self._named(place, outline, plain, end)
            elif not end:
                yield None

    def _anywhere(self, everywhere: _Everywhere, key: str, end: str) -> Iterator[_Step | None]:
        """A key that no module owns."""
        if not self._is_known(everywhere):
            yield None
        elif key[0] == "$":
            for further in everywhere.passed(key):
                yield everywhere, further + end
        elif key[0] == "=":
            for place, held in everywhere.given_in(key):
                yield place, _called(held, end)
        elif key[0] == "<":
            for name in everywhere.deriving(key[1:]):
                yield everywhere, f".{name}{end}"
        elif key[0] == "#":
            for place, held in everywhere.held.get(key, ()):
                yield place, _called(held, end)
        elif last_part(key) in self._wanted.names and not end:
            yield None
        else:
            yield from self._attribute(everywhere, key, end)

    def _attribute(self, everywhere: _Everywhere, key: str, end: str) -> Iterator[_Step]:
        """An attribute of anything, or of the object that the methods of a class are called on."""
        owner, _, name = key[1:].rpartition(".")
        kinds = everywhere.kinds_of(owner) if owner else None
        if kinds is not None and name == "__class__":
            yield everywhere, f".{owner}{end}"
            yield everywhere, f"<{owner}{end}"
            return
        setters = everywhere.setters.get(name, set())
        holders = [f"%{each}.{name}" for each in sorted(setters if kinds is None else setters & kinds)]
        if kinds is None or name != ANYTHING:  # computed names are followed only into the methods of a class
            holders.append(f".{name}")
        for holder in holders:
            for place, held in everywhere.held.get(holder, ()):
                yield place, _called(held, end)
        for module, classes in everywhere.members.get(name, {}).items():
            outline = module.outline
            if (
                outline is not None
                and (kinds is None or not kinds.isdisjoint(classes))
                and not (name in outline.functions and _is_read(name, end, outline))
            ):
                yield module, name + end

    def _computed(self, place: _Module | _Everywhere, key: str) -> Iterator[_Step | None]:
        """An attribute with a computed name, or what a call of it returns: of a module, or of what may be one."""
        key, end = _parted(key)
        if not key:
            yield None  # a call of anything
            return
        if isinstance(place, _Everywhere) and _is_object(key):
            yield from self._any_of_object(place, key, end)
            return
        outline = self._outline(place) if isinstance(place, _Module) else None
        if isinstance(place, _Module) and outline is not None:
            first, _, rest = key.partition(".")
            name = first.partition("@")[0]
            if name in outline.classes:
                yield None
            for imported in outline.imports.get(name, ()):
                yield from self._any_of_import(place, imported, rest, end)
        for step in self._after(place, key):
            if step is None or step[1].endswith("()"):
                yield None
            elif step[1][0] == "?":
                yield step[0], _called(step[1], end)
            else:
                yield step[0], f"?{step[1]}{end}"

    def _any_of_object(self, everywhere: _Everywhere, key: str, end: str) -> Iterator[_Step | None]:
        """An attribute with a computed name of the object that a method is called on."""
        owner = key[1:].partition("|")[0]
        if not self._is_known(everywhere):
            yield None
            return
        names = everywhere.attributes_of(owner)
        if ANYTHING in names:
            yield everywhere, f".{ANYTHING}{end}"
        for name in sorted(names):
            yield everywhere, f"%{owner}.{name}{end}"

    def _named(self, module: _Module, outline: Outline, key: str, end: str) -> Iterator[_Step | None]:
        """A name or a chain that starts with one."""
        first, _, rest = key.partition(".")
        name = first.partition("@")[0]
        if first not in outline.held:
            first = name
        imports = outline.imports.get(name, ()) if first == name else ()
        if rest:
            for imported in imports:
                yield from self._of_import(module, imported, rest, end)
            if imports and first not in outline.held:
                return
            owner = _object_of(outline.held.get(first, ()))
            if owner and "." not in rest:
                yield module.step(f"%{owner}.{rest}{end}")
                yield module.step(f"%{owner}.{ANYTHING}{end}")
                return
            if rest.count(".") < _LONGEST_CHAIN:
                for held in outline.held.get(first, ()):
                    if held[0] not in "#.?$<" and not held.endswith("()"):
                        yield module, f"{held}.{rest}{end}"
            if "." not in rest:
                for held in filter(_is_object, outline.held.get(first, ())):
                    yield module.step(f"%{held[1:].partition('|')[0]}.{ANYTHING}{end}")
            yield module.step(f".{last_part(key)}{end}")
            return
        if end:
            for held in outline.held.get(f"{name}()", ()):
                yield module.step(held + end[2:])
        if not end or name not in outline.classes:
            for held in outline.held.get(first, ()):
                yield module.step(_called(held, end))
        for imported in imports:
            yield from self._of_import(module, imported, "", end)
        if not imports and first not in outline.held and name not in outline.functions | outline.classes:
            for star in outline.stars:
                yield from self._of_import(module, star._replace(name=name), "", end)

    def _of_import(self, module: _Module, imported: Import, rest: str, end: str) -> Iterator[_Step | None]:
        """What ``rest`` is of something that is imported, in the module that it is from."""
        if not rest and not end and imported.name in self._wanted.names:
            yield None
        for file, parts in self._origins(module, imported, rest):
            if parts:
                yield self._module(file), ".".join(parts) + end

    def _any_of_import(
        self, module: _Module, imported: Import, rest: str, end: str
    ) -> Iterator[_Step | None]:
        """An attribute with a computed name of something that is imported."""
        origins = [*self._origins(module, imported, rest)]
        if not origins and (
            imported.level
            or self._externals.is_external(imported.module.partition(".")[0])
            or self._externals.passed_on(imported.name or "") is not None
        ):
            yield None
        for file, parts in origins:
            origin = self._module(file)
            if parts:
                yield origin, f"?{'.'.join(parts)}{end}"
                continue
            outline = self._outline(origin)
            if not _tells_all(outline) or outline.stars:
                yield None
                return
            for name in (*outline.members, *outline.imports):
                yield origin, name + end

    def _origins(self, module: _Module, imported: Import, rest: str) -> Iterator[tuple[Path, list[str]]]:
        """The files that something is from, and what of them it is."""
        written = imported.module if imported.whole or imported.level else imported.module.partition(".")[0]
        for file in self._files(module.path, imported.level, written):
            found = file
            parts = [
                *([imported.name] if imported.name is not None else ()),
                *(rest.split(".") if rest else ()),
            ]
            while parts and (inside := self._project.inside(found, parts[0])) is not None:
                found = inside
                del parts[0]
            yield found, parts

    def _files(self, path: Path, level: int, module: str) -> tuple[Path, ...]:
        """The files of the project that an import can mean."""
        key = (str(path.parent), level, module)
        if key not in self._imported:
            self._imported[key] = tuple(self._find_files(path, level, module))
        return self._imported[key]

    def _find_files(self, path: Path, level: int, module: str) -> Iterator[Path]:
        if level:
            package = package_of(path)
            around = package[: max(0, len(package) - (level - 1))]
            found = self._project.beside(path, level, module)
            if found is not None and not (around and self._externals.is_external(around[0])):
                yield found
        elif not self._externals.is_external(module.partition(".")[0]):
            yield from self._project.candidates(module, path)

    def _is_known(self, everywhere: _Everywhere) -> bool:
        """Take in all files of a project; False where that would take too long."""
        if everywhere.is_known:
            return True
        hurried = self._project.hurried
        if hurried and everywhere.whole and self._read < _WORTH_A_SEARCH:
            return False
        files = self._project.around(everywhere.near)
        if hurried and everywhere.size is None:
            everywhere.size = sum(map(_size, files))
        if everywhere.size is not None and everywhere.size > _FREE + _FREE_FOR_EACH * self._read:
            return False
        matter = (self._module(path) for path in files if self._project.may_matter(path, self._externals))
        known = [module for module in self._modules.values() if module.everywhere is everywhere]
        for module in dict.fromkeys((*matter, *known)):
            outline = self._outline(module)
            if outline is not None:
                everywhere.add(module, outline)
        everywhere.is_known = True
        keep_for_good()
        self._known.clear()  # until now much was suspect for want of knowing better
        self._steps.clear()
        return True


def _tells_all(outline: Outline | None) -> TypeGuard[Outline]:
    """Whether the names of a module hold no more than its outline says."""
    return outline is not None and not outline.is_open


def _ways(given: Iterable[str], parameter: str, place: str, method: bool) -> Iterator[str]:
    """In which of the ways something is given that may be what a parameter gets."""
    last = int(place) if place else -1
    first = max(0, last - 1) if method else last  # whether it is called on an object is not known
    for way in given:
        if way in (_EVERY_KEYWORD, _IN_MAPPING):
            if way == _IN_MAPPING or parameter == "**":
                yield way
        elif way.isdecimal():
            if place and first <= int(way) and (int(way) <= last or parameter == "*"):
                yield way
        elif way == parameter:
            yield way


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _called(key: str, end: str) -> str:
    """The key of what is left when something is called, and what that returns, as often as ``end`` says."""
    plain, own = _parted(key)
    return plain + (own + end)[: 2 * MOST_CALLS]


def _parted(key: str) -> tuple[str, str]:
    """A key without the calls of it, and these."""
    plain = key.rstrip("()")
    return plain, key[len(plain) :]


def _all_from(name: str, nearest: Mapping[str, set[str]]) -> set[str]:
    """The names that one leads to, in as many steps as it takes."""
    names: set[str] = set()
    pending = [name]
    while pending:
        further = nearest.get(pending.pop(), set()) - names
        pending += further
        names |= further
    return names


def _is_read(name: str, end: str, outline: Outline) -> bool:
    """Whether a method that is not called, or that a mere look at the attribute calls, is all that a name can be."""
    if end:
        return name in outline.properties
    return name not in outline.held


def _is_object(key: str) -> bool:
    """Whether what a name holds is the object that a method is called on."""
    return key[0] == "$" and key[1] != "|" and key.endswith("|0")


def _object_of(held: Collection[str]) -> str:
    """The class whose method is called on what a name holds, or on the class of it, if that is all it holds."""
    owners = {key[1:].partition("|")[0] for key in held if _is_object(key)}
    if len(owners) != 1:
        return ""
    (owner,) = owners
    return owner if all(_is_object(key) or key in (owner, f"<{owner}") for key in held) else ""
