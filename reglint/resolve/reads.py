"""Where names and attributes are read: a second walk, made only where a dict or list has to be trusted.

It costs half a parse, so a search of the text goes before it: most dicts are made, filled and splatted, and never
handed to anything.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from reglint.resolve.nodes import LEAVES, STATEMENTS, children
from reglint.resolve.scopes import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from reglint.resolve.scopes import ModuleIndex, Scope


class Read(NamedTuple):
    """A node of the tree and what is around it; the innermost one is a name or an attribute that is read."""

    node: cst.CSTNode
    around: Read | None
    scope: Scope
    order: int


class Reads:
    """The names, and the attributes of anything, that a module reads."""

    def __init__(self, index: ModuleIndex) -> None:
        self._index = index
        self._inside: dict[Scope | Part, _Found] = {}
        self._plain: dict[tuple[str, Part], bool] = {}

    def of_name(self, name: str, home: Scope) -> list[Read]:
        """Where a name of a scope may be read; not where it is only splatted, or changed as the index has noted."""
        if all(self._is_plain(name, part) for part in self._parts(name, home)):
            return []
        return self._names(name, home)

    def every_one_of_name(self, name: str, home: Scope) -> list[Read]:
        """Where a name may be read in a scope and those inside of it, in whatever way."""
        return [read for read in self._names(name, home) if not _is_stored(read)]

    def every_one_of_attribute(self, name: str) -> list[Read]:
        """The same for an attribute of anything, in the whole module."""
        return [read for read in self._attributes(name) if not _is_stored(read)]

    def of_attribute(self, name: str) -> list[Read]:
        """The same for an attribute of anything."""
        if all(self._is_plain(name, part) for part in self._index.parts_that_hold(name)):
            return []
        return self._attributes(name)

    def _parts(self, name: str, home: Scope) -> Sequence[Part]:
        """The parts of the module that may read a name of a scope."""
        return self._index.parts_that_hold(name) if home.part is None else (home.part,)

    def _is_plain(self, name: str, part: Part) -> bool:
        """Whether a part only binds a name, splats it, and changes it in ways that its index notes."""
        if (name, part) not in self._plain:
            source = self._index.text.value
            places = part.occurrences(name)
            self._plain[name, part] = all(_is_plain(source, at, at + len(name)) for at in places)
        return self._plain[name, part]

    def _names(self, name: str, home: Scope) -> list[Read]:
        insides = self._index.parts_with(name) if home is self._index.top else (home,)
        return [read for inside in insides for read in self._found(inside).names.get(name, ())]

    def _attributes(self, name: str) -> list[Read]:
        insides = self._index.parts_with(name)
        return [read for inside in insides for read in self._found(inside).attributes.get(name, ())]

    def _found(self, inside: Scope | Part) -> _Found:
        if inside not in self._inside:
            self._inside[inside] = _in_part(inside) if isinstance(inside, Part) else _in_scope(inside)
        return self._inside[inside]


def _is_stored(read: Read) -> bool:
    """Whether a name or attribute is only given a value there."""
    match read.around:
        case Read(cst.AssignTarget(target=target)) | Read(cst.AnnAssign(target=target)):
            return target is read.node
    return False


class _Found(NamedTuple):
    names: dict[str, list[Read]]
    attributes: dict[str, list[Read]]


def _in_part(part: Part) -> _Found:
    """What is read in a part of a module."""
    body = part.tree.body if part.tree is not None else ()
    return _walk(body, part.index.top, part.cut.offset)


def _in_scope(scope: Scope) -> _Found:
    """What is read in a scope and those inside of it."""
    if scope.kind == "comprehension":
        return _walk(children(scope.node), scope, scope.order)
    return _walk([scope.node.body], scope, scope.order)  # type: ignore[attr-defined]


def _walk(inside: Iterable[cst.CSTNode], scope: Scope, order: int) -> _Found:
    found = _Found(defaultdict(list), defaultdict(list))
    scopes = scope.index.scopes
    stack: list[tuple[cst.CSTNode, Read | None, Scope]] = [(node, None, scope) for node in inside]
    stack.reverse()
    make = tuple.__new__  # a busy loop: this is what the constructor comes down to
    while stack:
        node, around, scope = stack.pop()
        kind = type(node)
        if kind in STATEMENTS:
            order += 1  # as the first walk numbers them
        elif kind in LEAVES and kind is not cst.Name:
            continue
        here = make(Read, (node, around, scope, order))
        if kind is cst.Name:
            found.names[node.value].append(here)  # type: ignore[attr-defined]
        elif kind is cst.Attribute:
            found.attributes[node.attr.value].append(here)  # type: ignore[attr-defined]
            stack.append((node.value, here, scope))  # type: ignore[attr-defined]
        elif kind in _BELOW:
            below = [(child, here, scopes[node] if own else scope) for child, own in _BELOW[kind](node)]
            stack += reversed(below)
        else:
            stack += reversed([(child, here, scope) for child in children(node)])
    return found


_BOUND = re.compile(r"\s*(?:=(?!=)|\.(?:update|append|extend|clear)\()")
_USED = re.compile(r"\s*[\[.(]")
_SPLATTED = re.compile(r"\*\*(?:\w+\.)*\Z")
_LONGEST_SPLAT = 200
"""How many characters before a name can belong to ``**a.b.`` in front of it."""


def _is_plain(source: str, start: int, end: int) -> bool:
    """Whether a mention of a name hands it to nobody.

    That is ``name = ...``, which is also a keyword, ``**name``, ``**self.name``, and the methods that return nothing.
    """
    if _BOUND.match(source, end):
        return True
    before = source[max(0, start - _LONGEST_SPLAT) : start]
    return _SPLATTED.search(before) is not None and not _USED.match(source, end)


def _function(node: cst.FunctionDef) -> Iterator[tuple[cst.CSTNode, bool]]:
    yield from ((decorator, False) for decorator in node.decorators)
    yield node.params, False
    yield node.body, True


def _lambda(node: cst.Lambda) -> Iterator[tuple[cst.CSTNode, bool]]:
    yield node.params, False
    yield node.body, True


def _class(node: cst.ClassDef) -> Iterator[tuple[cst.CSTNode, bool]]:
    yield from ((part, False) for part in (*node.decorators, *node.bases, *node.keywords))
    yield node.body, True


def _argument(node: cst.Arg) -> Iterator[tuple[cst.CSTNode, bool]]:
    yield node.value, False


def _parameter(node: cst.Param) -> Iterator[tuple[cst.CSTNode, bool]]:
    if node.default is not None:
        yield node.default, False


def _annotated(node: cst.AnnAssign) -> Iterator[tuple[cst.CSTNode, bool]]:
    yield node.target, False
    if node.value is not None:
        yield node.value, False


def _comprehension(node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, bool]]:
    yield from ((child, True) for child in children(node))


def _nothing(_: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, bool]]:
    yield from ()


# What is read below a node, where that is not all of it or not in its own scope; True for the scope that it opens.
_BELOW: dict[type[cst.CSTNode], Callable[..., Iterator[tuple[cst.CSTNode, bool]]]] = {
    cst.FunctionDef: _function,
    cst.Lambda: _lambda,
    cst.ClassDef: _class,
    cst.Arg: _argument,
    cst.Param: _parameter,
    cst.AnnAssign: _annotated,
    **dict.fromkeys((cst.ListComp, cst.SetComp, cst.GeneratorExp, cst.DictComp), _comprehension),
    **dict.fromkeys((cst.Import, cst.ImportFrom, cst.Global, cst.Nonlocal), _nothing),
}
