"""What a module says about the parameters of a function or class: examples in its documentation, and settings."""

from __future__ import annotations

import ast
import builtins
import re
from typing import TYPE_CHECKING

from reglint.verify import names
from reglint.verify.source import parse_expression
from reglint.verify.uses import constructor

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

_PROMPT = re.compile(r"^[ \t]*(?:>>>|\.\.\.)(?: |$)", re.M)
_FOR_EXAMPLE = re.compile(r"(?:e\.g\.,?|one of|for example,?)\s+`*", re.I)
_LONGEST = 2000
"""Characters of an expression in a text that are looked at."""

_CLOSING = {"(": ")", "[": "]", "{": "}"}
_STRING = r"'[^'\n]*'|\"[^\"\n]*\""
_ATOM = re.compile(rf"{_STRING}|-?[\d.]+(?:e-?\d+)?(?<!\.)|[^\W\d]\w*|[(\[{{]")
_TRAILER = re.compile(r"\.[^\W\d]\w*|[(\[]")
_STEP = re.compile(rf"{_STRING}|#[^\n]*|[()\[\]{{}}]")

_DEPTH = 3
"""How many names of an example are followed, one into the other."""

_EXAMPLES = 2
"""Examples that are kept of one definition."""

_FETCHING = re.compile(r"(from_pre|load|download|restore|fetch)\w*")
"""Methods that need what is not on this machine."""

_TYPES = {
    r"(list|sequence|tuple|iterable)s?\b.*\bof (int|positive|float)": "list",
    r"bool(ean)?\b": "bool",
    r"(positive )?int(eger)?\b": "int",
    r"float\b": "float",
    r"str(ing)?\b": "str",
}
"""How texts name types."""


class Documentation:
    """The documentation of one function or class.

    ``known`` are the names of the module that it stands in, ``package`` is the first part of the module's name: what
    an example reads beyond that is not known. ``settings`` are dicts of the module with texts for keys.
    """

    def __init__(
        self,
        node: ast.stmt | None,
        known: Collection[str],
        package: str,
        settings: Sequence[Mapping[str, ast.expr]] = (),
    ) -> None:
        self._name = node.name if isinstance(node, names.DEFINITIONS) else ""
        made = constructor(node) if isinstance(node, ast.ClassDef) else None
        self._text = "\n".join(_PROMPT.sub("", doc) for doc in map(_docstring, (node, made)) if doc)
        self._known = frozenset(known)
        self._package = package
        self._settings = settings

    def examples(self, function: names.Function, *, method: bool) -> Iterator[dict[str, str]]:
        """The arguments, as Python text, of the calls in examples, those that say most first.

        ``function`` is what is called, a ``method`` without its first parameter.
        """
        positional = names.positional(function, method)
        found: dict[tuple[tuple[str, str], ...], None] = {}
        for match in re.finditer(rf"\b{re.escape(self._name)}\(", self._text) if self._name else ():
            call = _first_expression(self._text, match.start())
            if isinstance(call, ast.Call):
                given = [*zip(positional, call.args, strict=False), *_keywords(call)]
                values = [(name, self._evaluable(value, _DEPTH)) for name, value in given]
                found[tuple((name, value) for name, value in values if value is not None)] = None
        best = sorted(filter(None, found), key=len, reverse=True)
        yield from map(dict, best[:_EXAMPLES])

    def settings(self, function: ast.FunctionDef, *, method: bool) -> dict[str, str]:
        """The arguments, as Python text, in the first dict that has half of those needed or more, and no others."""
        possible = {each.arg for each in names.arguments(function)}
        needed = {each.arg for each, default in names.defaults(function, method) if default is None}
        for each in self._settings:
            told = each.keys() & needed
            if each.keys() <= possible and len(each) > 1 and told and 2 * len(told) >= len(needed):
                values = {name: self._evaluable(value, 0) for name, value in each.items()}
                return {name: value for name, value in values.items() if value is not None}
        return {}

    def value(self, parameter: str) -> str | None:
        """A value that the text gives as an example of a parameter: ``e.g., `(2, 2)` ``, or ``parameter=(2, 2)``."""
        assigned = rf"\b{re.escape(parameter)} ?= ?"
        for pattern, text in ((assigned, self._text), (_FOR_EXAMPLE, self._entry(parameter))):
            for match in re.finditer(pattern, text):
                value = _first_expression(text, match.end())
                if value is not None and _is_literal(value):
                    return ast.unparse(value)
        return None

    def type(self, parameter: str) -> str | None:
        """The type that the text names: ``list`` (of numbers), ``bool``, ``int``, ``float`` or ``str``."""
        said = re.sub(r"^[`\s]*(?:an?|the|optional)\b", "", self._entry(parameter).lower()).lstrip(" `,:(")
        return next((kind for pattern, kind in _TYPES.items() if re.match(pattern, said)), None)

    def _entry(self, parameter: str) -> str:
        """What the list of parameters says of one, by its indentation."""
        start = re.search(rf"^([ \t]*)(?:[-*] )?[*`]*{re.escape(parameter)}[*`]*[ \t]*[:(]", self._text, re.M)
        if start is None:
            return ""
        lines = self._text[start.end() :].split("\n")
        deeper = re.compile(rf"{start.group(1)}[ \t]+\S")
        end = next((at for at, line in enumerate(lines) if at and not deeper.match(line)), len(lines))
        return "\n".join(lines[:end])

    def _evaluable(self, value: ast.expr, depth: int) -> str | None:
        """An expression of an example as text that can be evaluated in the module; None if it reads what is unknown."""
        if any(isinstance(each, (ast.Starred, ast.Lambda)) for each in ast.walk(value)):
            return None
        if any(_FETCHING.fullmatch(names.last(call.func)) for call in names.calls(value)):
            return None
        replaced = {}
        for name in names.reads(value):
            if name == self._package:
                replaced[name] = f"__import__({name!r})"
            elif name not in self._known and not hasattr(builtins, name):
                text = self._assigned(name, depth - 1) if depth else None
                if text is None:
                    return None
                replaced[name] = text
        return ast.unparse(_Replace(replaced).visit(value))

    def _assigned(self, name: str, depth: int) -> str | None:
        """What an example assigns to a name."""
        match = re.search(rf"^[ \t]*{re.escape(name)} ?= ?", self._text, re.M)
        value = _first_expression(self._text, match.end()) if match is not None else None
        return self._evaluable(value, depth) if value is not None else None


class _Replace(ast.NodeTransformer):
    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return parse_expression(self._texts[node.id]) if node.id in self._texts else node


def settings_in(statements: Iterable[ast.stmt]) -> Iterator[dict[str, ast.expr]]:
    """The dicts that statements write out, those in others included, whose keys are texts."""
    for statement in statements:
        for node in ast.walk(statement) if isinstance(statement, (ast.Assign, ast.AnnAssign)) else ():
            if isinstance(node, ast.Dict):
                keys = [each.value if isinstance(each, ast.Constant) else None for each in node.keys]
                if keys and all(isinstance(key, str) for key in keys):
                    yield dict(zip(map(str, keys), node.values, strict=True))


def _docstring(node: ast.stmt | None) -> str | None:
    return ast.get_docstring(node) if isinstance(node, names.DEFINITIONS) else None


def _keywords(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    return ((each.arg, each.value) for each in call.keywords if each.arg is not None)


def _first_expression(text: str, start: int) -> ast.expr | None:
    """The expression that starts at a place of a text, whatever follows it: a value, or a call."""
    try:
        end = _end(text[: start + _LONGEST], start)
        return parse_expression(f"({text[start:end].strip()})") if end is not None else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _end(text: str, at: int) -> int | None:
    """Where an expression of one atom with its attributes, items and calls ends, None if none starts there."""
    match = _ATOM.match(text, at)
    if match is None:
        return None
    at = match.end()
    if match.group() in _CLOSING:
        inside = _closed(text, at, _CLOSING[match.group()])
        if inside is None:
            return None
        at = inside
    while (match := _TRAILER.match(text, at)) is not None:
        inside = (
            _closed(text, match.end(), _CLOSING[match.group()]) if match.group() in _CLOSING else match.end()
        )
        if inside is None:
            return None
        at = inside
    return at


def _closed(text: str, at: int, closing: str) -> int | None:
    """Just past the bracket that closes the one before ``at``."""
    while (match := _STEP.search(text, at)) is not None:
        if match.group() == closing:
            return match.end()
        inner = _CLOSING.get(match.group())
        end = _closed(text, match.end(), inner) if inner is not None else match.end()
        if end is None:
            return None
        at = end
    return None


def _is_literal(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True
