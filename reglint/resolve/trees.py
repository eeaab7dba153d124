"""Trees of parts of a module: where a text can be cut, and how what is between two cuts is read.

Most functions and classes of a module have no part in any answer. So each of them at the top level is read by itself,
when a question leads to it: from the tree of ``ast``, or by libcst's own parser, which takes ten times as long.
"""

from __future__ import annotations

import ast
import gc
import re
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from reglint.files.syntax import SyntaxProblem, parse_syntax
from reglint.files.words import stands_in
from reglint.resolve.lean import UnusualError, lean_tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reglint.files.text import Text
    from reglint.resolve.lean import Range


class Cut(NamedTuple):
    """Where a part of a text starts, which ends where the next one starts: an offset, and the lines before it.

    ``defines`` is the name of the function or class that is all that the part is; None where it is anything else.
    """

    offset: int
    lines: int
    defines: str | None = None
    is_class: bool = False


WHOLE = (Cut(0, 0),)
"""The cut of a text that is one part."""


def cuts_of(syntax: ast.Module, text: Text) -> tuple[Cut, ...]:
    """The parts of a module: its functions and classes, and the statements between them.

    A function that may bind names of the module (``global``) is a part like any other statement.
    """
    firsts = [
        min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
        for node in syntax.body
    ]
    offsets = [text.starts[first - 1] for first in firsts]
    cuts = [*WHOLE]
    for number, (node, first, start) in enumerate(zip(syntax.body, firsts, offsets, strict=True)):
        end = offsets[number + 1] if number + 1 < len(offsets) else len(text.value)
        defines: str | None = None
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not stands_in(
            "global", text.value[start:end]
        ):
            defines = node.name
        if defines is None and cuts[-1].defines is None:
            continue
        if not _starts_a_line(text.value, start, defines is not None):
            cuts[-1] = cuts[-1]._replace(defines=None)
            continue
        if start == cuts[-1].offset:
            cuts.pop()
        cuts.append(Cut(start, first - 1, defines, isinstance(node, ast.ClassDef)))
    if cuts[0].offset:
        cuts.insert(0, WHOLE[0])
    return tuple(cuts)


def _starts_a_line(source: str, start: int, is_definition: bool) -> bool:
    """Whether nothing but the end of a line is before a statement."""
    if _JOINED.search(source[max(0, start - 3) : start]):
        return False
    return not is_definition or _DEFINES.match(source, start) is not None


_DEFINES = re.compile(r"@|(?:async|def|class)\b")
_JOINED = re.compile(r"\\(?:\r\n|\r|\n)\Z")


@contextmanager
def collector_off() -> Iterator[None]:
    """Turns Python's garbage collector off: trees are all live objects, and looking at them costs a third of a parse.

    A ``Project`` collects by itself when it lets go of modules.
    """
    enabled = gc.isenabled()
    spared = enabled and gc.get_freeze_count() > 0
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if not spared:
                gc.unfreeze()
            gc.enable()


def keep_for_good() -> None:
    """While the collector is off, spare it all that is there by now: whoever collects need not look at it again.

    Once: by the next time there are trees as well, which have to be let go of. What somebody else spares stays so.
    """
    if not gc.isenabled() and not gc.get_freeze_count():
        gc.freeze()


@contextmanager
def _unvalidated() -> Iterator[None]:
    """Lets libcst's parser make nodes without checking each one.

    The checks are there for trees that are built by hand; a parser that has just read the source cannot break them, and
    they are a quarter of the time of a parse. libcst has no switch for them, so the hook that runs them is taken out.
    """
    checks = cst.CSTNode.__post_init__
    cst.CSTNode.__post_init__ = _unchecked  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        cst.CSTNode.__post_init__ = checks  # type: ignore[method-assign]


def _unchecked(node: cst.CSTNode) -> None:
    pass


def read_tree(text: Text, cut: Cut, end: int) -> tuple[cst.Module, Mapping[cst.CSTNode, Range] | None]:
    """The tree of the part of a text from a cut to ``end``, and where its calls and imports stand.

    It is made from the one of ``ast``, without layout and with these places, or else it is one of libcst's own parser.

    Raises:
        libcst.ParserSyntaxError: it is not Python.
    """
    source = text.value[cut.offset : end]
    syntax = parse_syntax(source)
    if not isinstance(syntax, SyntaxProblem):
        with suppress(UnusualError):
            return lean_tree(syntax, text, cut.lines)
    return parse_tree(source), None


def parse_tree(source: str) -> cst.Module:
    """The tree of a text, which is known not to be nested too deeply.

    Raises:
        libcst.ParserSyntaxError: it is not Python.
    """
    with collector_off(), _unvalidated():
        return cst.parse_module(source)
