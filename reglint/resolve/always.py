"""Whether a call is made by every call of the functions around it, whatever they are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from reglint.resolve.nodes import below

if TYPE_CHECKING:
    from reglint.resolve.scopes import BranchPath, CallRecord, ModuleIndex


def is_always_made(record: CallRecord) -> bool:
    """Whether no branch, early ``return`` or conditional expression in a function decides about a call.

    A loop is not taken for one.
    """
    node: cst.CSTNode = record.node
    scope, order, path = record.scope, record.order, record.path
    while scope.parent is not None:
        if isinstance(scope.node, (cst.FunctionDef, cst.Lambda)) and (
            _is_branched(path, scope.index)
            or any(before < order and _is_branched(its, scope.index) for _, before, its in scope.returns)
            or any(node is inner for each in below(scope.node) if _chooses(each) for inner in below(each))
        ):
            return False
        node, order, path, scope = scope.node, scope.order, scope.path, scope.parent
    return True


def _is_branched(path: BranchPath, index: ModuleIndex) -> bool:
    return not all(index.branches[branch].loop for branch, _ in path)


def _chooses(node: cst.CSTNode) -> bool:
    match node:
        case cst.IfExp() | cst.BooleanOperation():
            return True
        case cst.ListComp() | cst.SetComp() | cst.DictComp() | cst.GeneratorExp():
            return bool(node.for_in.ifs)
    return False
