"""Where names and attributes are read: a second walk, made only where a dict or list has to be trusted.

It costs half a parse, so a search of the text goes before it: most dicts are made, filled and splatted, and never
handed to anything.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from reglint.resolve.scopes import LEAVES, STATEMENTS, children

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
        self._names: dict[str, list[Read]] = defaultdict(list)
        self._attributes: dict[str, list[Read]] = defaultdict(list)
        self._walked = False

    def of_name(self, name: str) -> list[Read]:
        """Where a name is read; not where it is only splatted, or changed in ways that the index has noted."""
        if not self._walked and _is_plain(name, self._index.text.value):
            return []
        self._walk()
        return self._names.get(name, [])

    def of_attribute(self, name: str) -> list[Read]:
        """The same for an attribute of anything."""
        if not self._walked and _is_plain(name, self._index.text.value):
            return []
        self._walk()
        return self._attributes.get(name, [])

    def _walk(self) -> None:
        if self._walked:
            return
        self._walked = True
        order = 0
        stack = [Read(statement, None, self._index.top, 0) for statement in reversed(self._index.tree.body)]
        while stack:
            node, around, scope, _ = stack.pop()
            kind = type(node)
            if kind in STATEMENTS:
                order += 1  # as the first walk numbers them
            here = Read(node, around, scope, order)
            if kind is cst.Name:
                self._names[node.value].append(here)  # type: ignore[attr-defined]
            elif kind is cst.Attribute:
                self._attributes[node.attr.value].append(here)  # type: ignore[attr-defined]
                stack.append(Read(node.value, here, scope, order))  # type: ignore[attr-defined]
            elif kind in _BELOW:
                inside = [
                    Read(child, here, self._index.scopes[node] if own else scope, order)
                    for child, own in _BELOW[kind](node)
                ]
                inside.reverse()
                stack += inside
            elif kind not in LEAVES:
                inside = [Read(child, here, scope, order) for child in children(node)]
                inside.reverse()
                stack += inside


def _is_plain(name: str, source: str) -> bool:
    """Whether a text only binds a name, splats it, and changes it in ways that the index of a module notes."""
    every, plain = _mentions(name)
    return len(every.findall(source)) == len(plain.findall(source))


@cache
def _mentions(name: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Every mention of a name, and those that hand it to nobody.

    They are ``name = ...``, which is also a keyword, ``**name``, ``**self.name``, and the methods that return nothing.
    """
    bound = rf"\b{name}\s*(?:=(?!=)|\.(?:update|append|extend|clear)\()"
    splatted = rf"\*(?:\w+\.)*{name}\b(?!\s*[\[.(])"
    return re.compile(rf"\b{name}\b"), re.compile(f"{bound}|{splatted}")


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
