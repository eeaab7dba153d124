"""Where a module is cut into parts, and which of them are parsed."""

from __future__ import annotations

import ast
import gc
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import libcst as cst
import pytest

from reglint.files.text import Text
from reglint.keras.module import read_module
from reglint.resolve import scopes
from reglint.resolve.project import Project, parse
from reglint.resolve.trees import collector_off, cuts_of, keep_for_good
from reglint.resolve.written import written_trees

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Reader

    from reglint.resolve.trees import Cut

# The parts, each with the name of what it defines, and "" for other statements.
CUT = {
    "": [("", "")],
    "x = 1\ny = 2\n": [("", "x = 1\ny = 2\n")],
    "def f(): pass\n": [("f", "def f(): pass\n")],
    "\n# a comment\ndef f(): pass\n": [("", "\n# a comment\n"), ("f", "def f(): pass\n")],
    "x = 1\n\n\n@d\n@e()\nclass A:\n    y = 2\n\nz = 3": [
        ("", "x = 1\n\n\n"),
        ("A", "@d\n@e()\nclass A:\n    y = 2\n\n"),
        ("", "z = 3"),
    ],
    "def f(): x = 1; y = 2\nasync def g(): pass\n": [
        ("f", "def f(): x = 1; y = 2\n"),
        ("g", "async def g(): pass\n"),
    ],
    "if x:\n    def f(): pass\nelse:\n    class A: pass\n": [
        ("", "if x:\n    def f(): pass\nelse:\n    class A: pass\n")
    ],
    'x = """\ndef f(): pass\n"""\n': [("", 'x = """\ndef f(): pass\n"""\n')],
    "def f():\n    global x\n    x = 1\n": [("", "def f():\n    global x\n    x = 1\n")],
    "x = 1\\\n\ndef f(): pass\n": [("", "x = 1\\\n\n"), ("f", "def f(): pass\n")],
    "\\\ndef f(): pass\n": [("", "\\\ndef f(): pass\n")],
    "@(\nd)\ndef f(): pass\ndef g(): pass\n": [
        ("", "@(\nd)\ndef f(): pass\n"),
        ("g", "def g(): pass\n"),
    ],
    "def f(): pass\n(\n  a\n)()\n": [("f", "def f(): pass\n"), ("", "(\n  a\n)()\n")],
}


@pytest.mark.parametrize("source", CUT)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_parts(source: str, ending: str) -> None:
    text = Text(source.replace("\n", ending))
    cuts = cuts_of(ast.parse(source), text)
    ends = [*(cut.offset for cut in cuts[1:]), len(text.value)]
    found = [
        (cut.defines or "", text.value[cut.offset : end].replace(ending, "\n"))
        for cut, end in zip(cuts, ends, strict=True)
    ]
    assert found == CUT[source]
    assert [cut.lines for cut in cuts] == [text.value[: cut.offset].count(ending) for cut in cuts]


@pytest.mark.parametrize("module", ["dataclasses", "textwrap", "tokenize", "typing"])
def test_the_parts_are_the_whole(module: str) -> None:
    source = Path(sysconfig.get_path("stdlib"), f"{module}.py").read_text("utf-8")
    index = parse(Path("m.py"), source)
    assert "".join(tree.code for tree in written_trees(index)) == source
    assert [part.tree is None for part in index.parts] == [False] * len(index.parts)


def test_only_parts_that_matter_are_parsed(read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def spied(text: Text, cut: Cut, end: int) -> object:
        parsed.append(text.value[cut.offset : end].split("(")[0].split(":")[0])
        return read_tree(text, cut, end)

    read_tree = scopes.read_tree
    monkeypatch.setattr(scopes, "read_tree", spied)
    source = (
        "from keras.layers import Dense\n"
        "def unrelated(x): return x.fit(x)\n"
        "def build(units): return Dense(units, use_bias=flag(units))\n"
        "def flag(x): return x > 3\n"
        "class Unrelated: pass\n"
        "def caller(): return build(4)\n"
    )
    callers = (
        "from model import build\n"
        "def other(): return (build # so\n (5))\n"
        "# build\n"
        "def more(): return 1\n"
        "def named(): return build.__name__\n"
    )
    module = read(source, other=callers)
    assert len(module.sites) == 1
    assert set(parsed) == {
        *("from keras.layers import Dense\n", "def build", "def flag", "def caller"),
        *("from model import build\n", "def other"),
    }
    assert len(parsed) == 6
    every = read_module(module.document, Project(), None, screened=False)
    assert [site.layer.name for site in every.sites] == ["Dense"]


def test_a_part_that_cannot_be_parsed_is_not_known(read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(text: Text, cut: Cut, end: int) -> object:
        if cut.defines == "broken":
            raise cst.ParserSyntaxError("no", lines=[""], raw_line=1, raw_column=0)
        return read_tree(text, cut, end)

    read_tree = scopes.read_tree
    monkeypatch.setattr(scopes, "read_tree", failing)
    source = (
        "from keras.layers import Dense\nfrom other import broken\nDense(1, kernel_regularizer=broken())\n"
    )
    module = read(source, other="from keras.regularizers import l2\ndef broken(): return l2(0.1)\n")
    (site,) = module.sites
    assert site.weights[0].state == "unknown"


@pytest.fixture
def thawed() -> Iterator[None]:
    """What pytest's own process spares the collector is none of the test's."""
    gc.unfreeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("thawed")
class TestKeepForGood:
    def test_it_lasts_until_the_collector_is_on_again(self) -> None:
        with collector_off():
            keep_for_good()
            assert gc.get_freeze_count() > 0
        assert gc.get_freeze_count() == 0

    def test_what_comes_later_is_not_kept(self) -> None:
        with collector_off():
            keep_for_good()
            kept = gc.get_freeze_count()
            later: list[list[int]] = [[] for _ in range(10_000)]
            keep_for_good()
            assert gc.get_freeze_count() <= kept
        assert len(later) == 10_000

    def test_what_somebody_else_keeps_stays(self) -> None:
        gc.freeze()
        with collector_off():
            keep_for_good()
        assert gc.get_freeze_count() > 0

    def test_with_the_collector_on_nothing_is_kept(self) -> None:
        keep_for_good()
        assert gc.get_freeze_count() == 0
