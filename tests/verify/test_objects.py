"""Objects of the project's classes for parameters that take them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from reglint.verify.objects import Module, Objects

if TYPE_CHECKING:
    from pathlib import Path

_COLUMNS = """
class Sparse(namedtuple("Sparse", ["name", "size"])):
    def __new__(cls, name, vocab_size, dim=4): ...
class Dense:
    def __init__(self, units): ...
class Unclear:
    def __init__(self, thing): ...
class Config: ...
def inputs(columns):
    for each in columns:
        if isinstance(each, Sparse): ...
        elif isinstance(each, (Dense, Unclear)): ...
def width(config):
    return config.width if isinstance(config, Config) else config
"""


def _of(class_: str, arguments: str = "", module: str = "pkg.columns") -> str:
    return f"__import__('{module}', fromlist=['{class_}']).{class_}({arguments})"


_SPARSE = [_of("Sparse", f"name='sparse_{number}', vocab_size=100") for number in (1, 2)]
_BOTH = f"[{', '.join([*_SPARSE, _of('Dense', 'units=8'), _of('Dense', 'units=8')])}]"


@pytest.mark.parametrize(
    ("code", "value"),
    [
        pytest.param("def f(p): return p", None, id="nothing is asked"),
        pytest.param("def f(p): return inputs(p)", _BOTH, id="of each part"),
        pytest.param("def f(p, q): return inputs(columns=q + p)", _BOTH, id="together with others"),
        pytest.param("def f(p): return g(1, p)\ndef g(a, b): return inputs(b)", _BOTH, id="two functions"),
        pytest.param("def f(p): return width(p)", _of("Config"), id="of the whole"),
        pytest.param("def f(p: Config): return p", _of("Config"), id="an annotation"),
        pytest.param("def f(p: Optional['columns.Config']): return p", _of("Config"), id="a quoted one"),
        pytest.param("def f(p: int): return p", None, id="an annotation of something else"),
        pytest.param(
            "def f(p): return list(filter(lambda each: isinstance(each, Sparse), p))",
            f"[{', '.join(_SPARSE)}]",
            id="filtered",
        ),
        pytest.param(
            "def f(p):\n  q = copy(p)\n  for i in range(len(q)):\n    if isinstance(q[i], Sparse): pass",
            f"[{', '.join(_SPARSE)}]",
            id="by number, of a copy",
        ),
        pytest.param("def f(p): return [q for q in p if isinstance(q, Unclear)]", None, id="not to be made"),
        pytest.param("def f(p): return isinstance(p, (int, str, Elsewhere))", None, id="of no class here"),
        pytest.param("def f(p): return f(p)", None, id="endless"),
        pytest.param(
            "def f(p): return Net(p)\nclass Net:\n  def __init__(self, c): self.c = c\n"
            "  def size(self): return isinstance(self.c, Config)",
            _of("Config"),
            id="kept by an object",
        ),
    ],
)
def test_objects_of_the_classes_that_the_code_asks_for(tmp_path: Path, code: str, value: str | None) -> None:
    package = tmp_path / "pkg"
    package.mkdir()
    (package / "columns.py").write_text(_COLUMNS)
    (package / "__init__.py").write_text("from .columns import Config, Dense, Sparse, Unclear, inputs, width")
    text = "from . import Config, Dense, Sparse, Unclear, inputs, width\nfrom elsewhere import Elsewhere\n"
    tree = ast.parse(text + code)
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "f")
    parameter = next(each for each in function.args.args if each.arg == "p")
    assert Objects(Module(tmp_path, "pkg.nets", tree)).value(parameter, function, None) == value
