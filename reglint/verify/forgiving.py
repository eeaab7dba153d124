"""Which statements may fail in a proof without ending it: those that are no part of a model."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from reglint.verify import effects, names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BOUND_TO_PLACE = (ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr)
"""What means something else, or nothing, in a function of its own."""

_FAILING = (ast.Call, ast.Attribute, ast.Subscript, ast.BinOp, ast.comprehension)
_BOUND_CALLS = frozenset(["super", "locals", "vars", "dir", "eval", "exec"])
_LONGEST = 60


def forgivable(tree: ast.Module) -> frozenset[int]:
    """The statements, by ``id``, whose value, or what they loop over, may be made up where computing it fails.

    Those at module level and in functions that do more than building a model. Not in ``try``, where the code itself
    says what then is to be done.
    """
    return frozenset(
        id(node)
        for node in _statements(tree.body)
        if _can_move(node.iter if isinstance(node, ast.For) else node.value)
    )


def storing(tree: ast.Module) -> frozenset[int]:
    """Those of the same statements, by ``id``, that set an item of something: ``x[i, words[word]] = 1``."""
    return frozenset(id(node) for node in _statements(tree.body) if _sets_an_item(node))


def _sets_an_item(node: ast.Assign | ast.AugAssign | ast.Expr | ast.For) -> bool:
    if isinstance(node, (ast.Expr, ast.For)):
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(each, ast.Subscript) for each in targets)


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.Assign | ast.AugAssign | ast.Expr | ast.For]:
    for node in body:
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr, ast.For)):
            yield node
        if isinstance(node, ast.ClassDef):
            yield from _statements(each for each in node.body if isinstance(each, names.DEFINITIONS))
        elif isinstance(node, ast.FunctionDef):
            if effects.is_training(node):
                yield from _statements(node.body)
        elif isinstance(node, ast.Try) and node.handlers:
            yield from _statements([*node.orelse, *node.finalbody])
        elif not isinstance(node, ast.AsyncFunctionDef):
            yield from _statements(each for each in ast.iter_child_nodes(node) if isinstance(each, ast.stmt))


def _can_move(value: ast.expr) -> bool:
    """Whether an expression computes something, and means the same in a function of its own."""
    nodes = list(ast.walk(value))
    if not any(isinstance(node, _FAILING) for node in nodes):
        return False
    for node in nodes:
        if isinstance(node, _BOUND_TO_PLACE):
            return False
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _BOUND_CALLS:
            return False
    return True


def shown(code: ast.AST) -> str:
    """An expression or a statement for people, shortened."""
    text = ast.unparse(code).partition("\n")[0]
    return f"`{text}`" if len(text) <= _LONGEST else f"`{text[:_LONGEST]}...`"
