"""What is below a node."""

from __future__ import annotations

import libcst as cst
import pytest

from reglint.resolve.nodes import NODES, STATEMENTS, below, children, dotted_name, last_name


def code(nodes: object) -> list[str]:
    return [cst.Module([]).code_for_node(node).strip() for node in nodes]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("f(a, b=1)", ["f", "a,", "b=1"]),
        ("( a . b )", ["a", "b"]),
        ("b if a else c", ["b", "a", "c"]),
        ("[a, *b]", ["a,", "*b"]),
        ("a + b", ["a", "b"]),
        ("lambda a: b", ["a", "b"]),
        ("a", ["a"]),
    ],
)
def test_children_are_in_the_order_of_the_source_and_no_layout(source: str, found: list[str]) -> None:
    node = cst.parse_expression(source)
    assert code(children(node)) == found if found != [source] else not list(children(node))


def test_below_has_the_node_itself_and_all_in_it() -> None:
    node = cst.parse_expression("f(a)(b)")
    assert sorted(code(below(node))) == ["a", "a", "b", "b", "f", "f(a)", "f(a)(b)"]


@pytest.mark.parametrize(
    ("source", "dotted", "last"),
    [
        ("a", "a", "a"),
        ("a.b.c", "a.b.c", "c"),
        ("f().b", None, "b"),
        ("f()", None, ""),
        ("a[0].b", None, "b"),
    ],
)
def test_names(source: str, dotted: str | None, last: str) -> None:
    node = cst.parse_expression(source)
    assert dotted_name(node) == dotted
    assert last_name(node) == last


def test_kinds_of_nodes() -> None:
    assert {cst.Call, cst.Arg, cst.Module, cst.Comma} <= NODES
    assert {cst.If, cst.Assign, cst.Expr} <= STATEMENTS
    assert STATEMENTS.isdisjoint({cst.Call, cst.Name, cst.IndentedBlock, cst.Else})
