"""How a module mentions names, apart from calling them: what may call a function without saying its name."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reglint.files.syntax import BELOW, SyntaxProblem, parse_syntax

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.resolve.scopes import ModuleIndex, Part


@dataclass(frozen=True, slots=True)
class Mentions:
    """Names (the last part of dotted ones) that are used as values.

    ``renamed``: they may be called by another name, which the resolver follows: an alias, an entry of a table, a
    partial, a return value. ``handed``: they are arguments of a call, whose function may call them, or defaults of a
    function. ``escaped``: they are given to something else that may call them unseen.
    """

    renamed: frozenset[str]
    handed: frozenset[str]
    escaped: frozenset[str]
    held: tuple[tuple[str, frozenset[str]], ...] = ()
    """The tables, aliases, attributes and functions that other modules may see, each with the names held by it."""


_NOTHING = Mentions(frozenset(), frozenset(), frozenset())
_ESCAPES, _HANDED, _HARMLESS, _HARMLESS_BELOW, _FOLLOWED = (
    "escapes",
    "handed",
    "harmless",
    "harmless, with all below",
    "followed",
)
"""What becomes of a name where it stands: it may be called unseen; a function that is shown may call it; it is not
called, nor what is in it; it is followed."""
_SPECIAL = frozenset(
    (
        *(ast.Call, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.arguments, ast.arg, ast.Lambda),
        ast.alias,
        *(ast.ExceptHandler, ast.Compare, ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.Return),
        *(ast.IfExp, ast.BoolOp, ast.Dict, ast.List, ast.Tuple, ast.Set),
    )
)
"""The nodes that say more of a name than that it is used."""
_OPENS = re.compile(r"\s*\(")


def uses_of(name: str, index: ModuleIndex) -> Mentions:
    """How a module uses a name, as far as it does not call it."""
    if name not in index.uses:
        renamed = handed = escaped = False
        for part in index.parts_that_hold(name):
            # Where a name is followed by a parenthesis throughout, it is called or defined, and no more need be known.
            if all(followed_by(_OPENS, name, part)):
                continue
            mentions = mentions_of(part)
            renamed = renamed or name in mentions.renamed
            handed = handed or name in mentions.handed
            escaped = escaped or name in mentions.escaped
        only, no = frozenset({name}), _NOTHING.escaped
        index.uses[name] = Mentions(only if renamed else no, only if handed else no, only if escaped else no)
    return index.uses[name]


def followed_by(pattern: re.Pattern[str], name: str, part: Part) -> Iterator[bool]:
    """Of each place in a part where a name stands, whether a pattern follows."""
    source = part.index.text.value
    return (pattern.match(source, at + len(name)) is not None for at in part.occurrences(name))


def mentions_of(part: Part) -> Mentions:
    """The names that a part of a module uses other than by calling them."""
    if part.mentions is None:
        part.mentions = _mentions(part.source)
    return part.mentions


def holders_of(part: Part, names: frozenset[str]) -> frozenset[str]:
    """The names of tables, aliases, attributes and functions through which other modules may come to ``names``."""
    return frozenset(holder for holder, held in mentions_of(part).held if not names.isdisjoint(held))


def _mentions(source: str) -> Mentions:
    syntax = parse_syntax(source)
    if isinstance(syntax, SyntaxProblem):
        return _NOTHING
    renamed: set[str] = set()
    handed: set[str] = set()
    escaped: set[str] = set()
    held: list[tuple[str, frozenset[str]]] = []
    pending: list[tuple[ast.AST, str, str, bool]] = [(syntax, "", _ESCAPES, False)]
    while pending:
        node, function, how, harmless = pending.pop()  # the last: all that is in it
        kind = type(node)
        if isinstance(node, (ast.Name, ast.Attribute)):
            if type(node.ctx) is not ast.Load:
                pass
            elif how == _FOLLOWED:
                renamed.add(_last(node))
            elif how == _HANDED:
                handed.add(_last(node))
            elif how == _ESCAPES:
                escaped.add(_last(node))
            if isinstance(node, ast.Attribute):
                pending.append((node.value, function, _HARMLESS, harmless))
            continue
        harmless = harmless and kind is not ast.Call  # that is looked at by itself
        special: dict[ast.AST, str] = {}
        if how == _HANDED and isinstance(node, ast.keyword):
            special[node.value] = _HANDED
        if kind in _SPECIAL:
            match node:
                case ast.alias(name=name, asname=str(other)) if other != name:
                    renamed.add(name.rpartition(".")[2])
                case ast.Assign(targets=targets, value=value):
                    seen = (target for target in targets if _is_seen(target, function))
                    held += [(_last(_holder(target)), _held(value)) for target in seen]
                case ast.AnnAssign(target=target, value=ast.expr() as value) if _is_seen(target, function):
                    held.append((_last(_holder(target)), _held(value)))
                case ast.Return(value=ast.expr() as value):
                    held.append((function, _held(value)))
                case ast.FunctionDef(name=function) | ast.AsyncFunctionDef(name=function):
                    pass
            special.update(_harmless(node))
            special.update(dict.fromkeys(_followed(node), _FOLLOWED))
        usual = _HARMLESS if harmless else _ESCAPES
        for name in BELOW.get(kind, ()):
            value = getattr(node, name)
            for child in value if type(value) is list else (value,):
                if type(child) in BELOW:
                    role = special.get(child, usual) if special else usual
                    role = usual if harmless and role == _HANDED else role
                    pending.append((child, function, role, harmless or role == _HARMLESS_BELOW))
    kept = tuple((holder, names) for holder, names in held if holder and names)
    return Mentions(frozenset(renamed), frozenset(handed), frozenset(escaped), kept)


def _followed(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node whose value the resolver follows from there on."""
    match node:
        case ast.Call(func=func, args=[first, *_]) if _last(func) in ("partial", "partialmethod"):
            yield first
        case ast.Assign(value=ast.expr() as value) | ast.AnnAssign(value=ast.expr() as value):
            yield value
        case ast.NamedExpr(value=ast.expr() as value) | ast.Return(value=ast.expr() as value):
            yield value
        case ast.IfExp(body=body, orelse=orelse):
            yield from (body, orelse)
        case ast.Dict(values=values) | ast.BoolOp(values=values):
            yield from values
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
            yield from elements
        case ast.Lambda(body=body):
            yield body


def _held(value: ast.expr) -> frozenset[str]:
    """The names of what a value has in it, other than what a call of it returns."""
    nodes = list(ast.walk(value))
    called = {node.func for node in nodes if isinstance(node, ast.Call)}
    names = (_last(node) for node in nodes if isinstance(node, ast.expr) and node not in called)
    return frozenset(name for name in names if name)


def _holder(target: ast.expr) -> ast.expr:
    while isinstance(target, ast.Subscript):
        target = target.value
    return target


def _is_seen(target: ast.expr, function: str) -> bool:
    """Whether what is assigned to can be seen from another module."""
    return not function or isinstance(_holder(target), ast.Attribute)


ASK_ONLY = frozenset({"isinstance", "issubclass", "super", "type", "hasattr", "id", "print", "repr", "str"})
"""Functions of Python that call nothing of what they are given."""
COMPARE_ONLY = frozenset(
    (
        *(
            "assertEqual",
            "assertNotEqual",
            "assertIs",
            "assertIsNot",
            "assertIsInstance",
            "assertNotIsInstance",
        ),
        *("assertIn", "assertNotIn", "assertIsNone", "assertIsNotNone", "assertTrue", "assertFalse"),
    )
)
"""The same of ``unittest.TestCase``."""
_LOOK_ONLY = ASK_ONLY | COMPARE_ONLY


def _harmless(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """The parts of a node that call nothing but what the node shows, and whether that holds for all in them.

    Arguments are called by the function that a call shows.
    """
    match node:
        case ast.Call(func=func, args=arguments, keywords=keywords):
            yield func, _HARMLESS
            yield from ((each, _HANDED) for each in arguments if not isinstance(each, ast.Starred))
            yield from ((keyword, _HANDED) for keyword in keywords if keyword.arg is not None)
            if _last(func) in _LOOK_ONLY:
                yield from ((argument, _HARMLESS_BELOW) for argument in arguments)
        case ast.ClassDef(bases=bases, decorator_list=decorators):
            yield from ((each, _HARMLESS) for each in (*bases, *decorators))
        case ast.FunctionDef(decorator_list=decorators) | ast.AsyncFunctionDef(decorator_list=decorators):
            yield from ((each, _HARMLESS) for each in decorators)
            if node.returns is not None:
                yield node.returns, _HARMLESS_BELOW
        case ast.arguments(defaults=defaults, kw_defaults=keywords):
            yield from ((each, _HANDED) for each in (*defaults, *keywords) if each is not None)
        case ast.arg(annotation=ast.expr() as annotation) | ast.AnnAssign(annotation=annotation):
            yield annotation, _HARMLESS_BELOW
        case ast.ExceptHandler(type=ast.expr() as caught):
            yield caught, _HARMLESS_BELOW
        case ast.Compare(left=left, comparators=comparators):
            yield from ((each, _HARMLESS) for each in (left, *comparators))


def _last(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
