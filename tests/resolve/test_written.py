"""The twins of the nodes that were read: the same code with its layout."""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import libcst as cst
import pytest

from reglint.resolve import written as module_of_written
from reglint.resolve.nodes import below
from reglint.resolve.positions import exact_span, twin
from reglint.resolve.project import parse
from reglint.resolve.written import written, written_trees

MODULE = cst.Module(())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = f( a , b = ( 1 ) )", ["f( a , b = ( 1 ) )"]),
        ("def g():\n    return f(  # so\n        1)\ny = h()\n", ["f(  # so\n        1)", "h()"]),
        ("x = 'a' 'b' + f('c'\n  'd')", ["f('c'\n  'd')"]),
        ("x = f'{ a(1) }' + b( 2 )", ["b( 2 )"]),
    ],
)
def test_twins_have_the_layout(source: str, expected: list[str]) -> None:
    index = parse(Path("m.py"), source)
    calls = [record.node for record in index.calls]
    written_out = [MODULE.code_for_node(twin(call, index)).split() for call in calls]
    assert written_out == [text.split() for text in expected]
    spans = [exact_span(call, index) for call in calls]
    assert [source[span.start : span.end] for span in spans] == expected
    assert "".join(tree.code for tree in written_trees(index)) == source


@pytest.mark.parametrize("module", ["argparse", "dataclasses", "typing"])
def test_every_node_has_its_twin(module: str) -> None:
    source = Path(sysconfig.get_path("stdlib"), f"{module}.py").read_text("utf-8")
    for part in parse(Path("m.py"), source).all_parts():
        assert part.tree is not None
        found = written(part)
        nodes = [node for node in below(part.tree) if not isinstance(node, cst.Colon)]
        assert [node for node in nodes if node not in found.twins and not inside_a_string(node)] == []
        names = [(node, found.twins[node]) for node in nodes if isinstance(node, cst.Name)]
        assert all(isinstance(other, cst.Name) and other.value == node.value for node, other in names)


def inside_a_string(node: cst.CSTNode) -> bool:
    return isinstance(node, (cst.FormattedStringText, cst.FormattedStringExpression))


def test_a_twin_has_itself() -> None:
    index = parse(Path("m.py"), "x = (f(1))")
    (record,) = index.calls
    own = twin(record.node, index)
    assert own is not record.node
    assert twin(own, index) is own
    assert exact_span(own, index) == exact_span(record.node, index)


def test_a_node_of_another_module_has_no_place() -> None:
    index = parse(Path("m.py"), "f(1)")
    (other,) = parse(Path("m.py"), "f(1)").calls
    with pytest.raises(KeyError):
        exact_span(other.node, index)


def test_parsers_that_differ_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    index = parse(Path("m.py"), "f(1)")
    (record,) = index.calls
    monkeypatch.setattr(module_of_written, "parse_tree", lambda _: cst.parse_module("f[1]"))
    with pytest.raises(ValueError, match="two parsers differ at Subscript"):
        twin(record.node, index)


def test_formatted_strings() -> None:
    source = "x = f'{a + 1:{b}}' 'c' f'{d}'"
    index = parse(Path("m.py"), source)
    (part,) = index.parts
    names = [node.value for node in written(part).twins if isinstance(node, cst.Name)]
    assert sorted(names) == sorted(
        node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)
    )
