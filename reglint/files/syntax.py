"""Whether a text is Python, in the words of the Python that runs."""

from __future__ import annotations

import ast
import warnings
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reglint.files.text import Text

if TYPE_CHECKING:
    import libcst as cst

TOO_DEEP = "nested too deeply to be parsed"
_KEPT_CHARACTERS = 1_000_000
"""Of how much text it is kept what became of it, the newest: a tree takes twenty bytes for each character."""

FORMATTED = tuple(getattr(ast, name) for name in ("JoinedStr", "TemplateStr") if hasattr(ast, name))
"""The nodes of strings with expressions in them."""
_PLAIN = frozenset(("ctx", "op", "ops", "id", "attr", "asname", "level", "module", "rest", "type_comment"))
BELOW: dict[type, tuple[str, ...]] = {
    kind: tuple(name for name in kind._fields if name not in _PLAIN)
    for kind in vars(ast).values()
    if isinstance(kind, type)
    and issubclass(kind, ast.AST)
    and kind not in (ast.Constant, ast.Global, ast.Nonlocal)
}
"""The fields of each kind of node that may have further nodes in them, besides the context and the operators."""


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """What keeps a text from being parsed. Lines and columns count from 1; ``end_column`` is just past it."""

    message: str
    line: int = 1
    column: int = 1
    end_column: int = 2
    too_deep: bool = False
    """Whether the text is nested so deeply that a parser without such a limit could crash."""


def syntax_problem(source: str) -> SyntaxProblem | None:
    """The first thing that is wrong with ``source``, or None.

    Code that only a newer Python can read is a problem as well.
    """
    parsed = parse_syntax(source)
    return parsed if isinstance(parsed, SyntaxProblem) else None


def null_byte(source: str) -> SyntaxProblem | None:
    """The first null byte: no Python reads a file with one, whatever a parser says about strings."""
    at = source.find("\0")
    if at < 0:
        return None
    line, column = Text(source).position(at)
    return SyntaxProblem("source code cannot contain null bytes", line, column, column + 1)


class _Parsed:
    """What became of the texts that were parsed last."""

    def __init__(self) -> None:
        self._by_text: OrderedDict[str, ast.Module | SyntaxProblem] = OrderedDict()
        self._characters = 0

    def __call__(self, source: str) -> ast.Module | SyntaxProblem:
        known = self._by_text.get(source)
        if known is not None:
            self._by_text.move_to_end(source)
            return known
        parsed = self._by_text[source] = _parse(source)
        self._characters += len(source)
        while len(self._by_text) > 1 and self._characters > _KEPT_CHARACTERS:
            dropped, _ = self._by_text.popitem(last=False)
            self._characters -= len(dropped)
        return parsed


_parsed = _Parsed()


def parse_syntax(source: str) -> ast.Module | SyntaxProblem:
    """The abstract syntax tree of ``source``, not to be changed, or the first thing that is wrong with it.

    Several stages ask about the same text, not always one right after the other.
    """
    return _parsed(source)


def _parse(source: str) -> ast.Module | SyntaxProblem:
    problem = null_byte(source)
    if problem is not None:
        return problem
    try:
        with warnings.catch_warnings():
            # Invalid escapes and the like are the business of Python, not of this program's output.
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except SyntaxError as error:
        line, column = error.lineno or 1, error.offset or 1
        one_line = error.end_lineno == line and error.end_offset is not None and error.end_offset > column
        end_column = error.end_offset if one_line and error.end_offset is not None else column + 1
        return SyntaxProblem(error.msg, line, column, end_column, "too many nested" in error.msg)
    except (RecursionError, MemoryError):
        return SyntaxProblem(TOO_DEEP, too_deep=True)
    except ValueError as error:
        return SyntaxProblem(str(error))


def parser_problem(source: str, error: cst.ParserSyntaxError) -> SyntaxProblem:
    """Why libcst cannot parse ``source``, in Python's own words where it cannot either."""
    message = error.message.partition(": expected one of")[0]
    own = SyntaxProblem(message, error.raw_line, error.raw_column + 1, error.raw_column + 2)
    return syntax_problem(source) or own


def unparsable(source: str) -> SyntaxProblem | None:
    """The first thing in ``source`` that no Python can read, the newest that libcst knows included; or None."""
    problem = syntax_problem(source)
    if problem is None or problem.too_deep or "\0" in source:
        return problem
    import libcst as cst

    try:
        cst.parse_module(source)
    except (cst.ParserSyntaxError, ValueError):
        return problem
    return None
