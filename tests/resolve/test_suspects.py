"""Which calls can construct a wanted class: told without a libcst tree, and never too few of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reglint.keras.names import KerasExternals
from reglint.resolve import suspects as suspects_module
from reglint.resolve.outline import Wanted
from reglint.resolve.project import Project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

WANTED = Wanted(frozenset({"Dense", "Conv2D"}), frozenset({"add_weight"}))
IMPORT = "from keras import layers\n"


def suspected(
    folder: Path, files: Mapping[str, str], asked: str = "main.py", hurried: bool = False
) -> list[str]:
    """The last names of the calls of ``asked`` that are suspect, in the order of the source."""
    (folder / "setup.cfg").touch()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    found = Project(hurried).suspects(WANTED, KerasExternals()).among(folder / asked, files[asked])
    assert found is not None
    return [name for name, suspect, _ in found if suspect]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("layers.Dense(3)", ["Dense"], id="an attribute"),
        pytest.param("from keras.layers import Dense as D\nD(3)", ["D"], id="an alias of an import"),
        pytest.param("from keras.layers import *\nDense(3)", ["Dense"], id="a star import"),
        pytest.param("make = layers.Dense\nmake(3)", ["make"], id="an alias"),
        pytest.param(
            "last = tuple\nkinds = last([layers.Dense])\nkinds[0](3)",
            [""],
            id="an alias of a class of Python",
        ),
        pytest.param(
            "t = {}\nt['k'] = tuple\nkinds = t['k']([layers.Dense])\nkinds[0](3)",
            ["", ""],
            id="a class of Python in a table",
        ),
        pytest.param(
            "class C:\n    def f(self):\n        self.t = tuple\n        self.t([layers.Dense])[0](3)",
            ["", "t"],
            id="a class of Python as an attribute",
        ),
        pytest.param(
            "def prepare():\n    global make\n    make = layers.Dense\ndef build():\n    make(3)",
            ["make"],
            id="a global that a function sets",
        ),
        pytest.param("a, b = layers.Dense, len\nb(3)", ["b"], id="a tuple, not taken apart"),
        pytest.param("kinds = {'d': layers.Dense}\nkinds['d'](3)", [""], id="a table"),
        pytest.param("kinds = {}\nkinds['d'] = layers.Dense\nkinds[k](3)", [""], id="a table that is filled"),
        pytest.param("kinds = []\nkinds.append(layers.Dense)\nkinds[0](3)", [""], id="a list that is filled"),
        pytest.param("for make in [layers.Dense]:\n    make(3)", ["make"], id="a loop"),
        pytest.param("[make(3) for make in [layers.Dense]]", ["make"], id="a comprehension"),
        pytest.param("(make := layers.Dense)(3)", [""], id="a named expression"),
        pytest.param("(layers.Dense if deep else len)(3)", [""], id="a choice"),
        pytest.param("getattr(layers, 'Dense')(3)", [""], id="a name in a string"),
        pytest.param("getattr(layers, name)(3)", [""], id="a computed name"),
        pytest.param(
            "def pick(m, n):\n    return getattr(m, n)(3)\npick(layers, n)", [""], id="of a parameter"
        ),
        pytest.param(
            "from functools import partial\nmake = partial(layers.Dense, 3)\nmake()", ["make"], id="a partial"
        ),
        pytest.param("def pick():\n    return layers.Dense\npick()(3)", [""], id="what a function returns"),
        pytest.param("pick = lambda: layers.Dense\npick()(3)", ["", "pick"], id="what a lambda returns"),
        pytest.param(
            "same = lambda kind: kind\nmake = same(layers.Dense)\nmake(3)",
            ["same", "make"],
            id="what a lambda gets",
        ),
        pytest.param("def build(make):\n    make(3)\nbuild(layers.Dense)", ["make"], id="a parameter"),
        pytest.param("def build(*, make):\n    make(3)\nbuild(make=layers.Dense)", ["make"], id="a keyword"),
        pytest.param(
            "def build(a, make):\n    make(3)\nbuild(*[1, layers.Dense])", ["make"], id="a splat of a list"
        ),
        pytest.param(
            "def build(make):\n    make(3)\nbuild(**{'make': layers.Dense})", ["make"], id="a splat of a dict"
        ),
        pytest.param(
            "def build(**kw):\n    kw['make'](3)\nbuild(make=layers.Dense)", [""], id="all keywords"
        ),
        pytest.param("def build(*all):\n    all[0](3)\nbuild(1, layers.Dense)", [""], id="all positions"),
        pytest.param("def build(make=layers.Dense):\n    make(3)", ["make"], id="a default"),
        pytest.param(
            "def build(make):\n    make(3)\nrun = build\nrun(layers.Dense)", ["make"], id="by another name"
        ),
        pytest.param(
            "class A:\n    def __init__(self, make):\n        make(3)\n"
            "class B(A):\n    def __init__(self):\n        super().__init__(layers.Dense)",
            ["make"],
            id="through super().__init__",
        ),
        pytest.param(
            "class A:\n    make = layers.Dense\n    def build(self):\n        self.make(3)",
            ["make"],
            id="of a class",
        ),
        pytest.param(
            "class A:\n    def __init__(self):\n        self.make = layers.Dense\nmodel.make(3)",
            ["make"],
            id="an attribute of anything",
        ),
        pytest.param("setattr(self, 'make', layers.Dense)\nself.make(3)", ["make"], id="setattr"),
        pytest.param("class Mine(layers.Dense): ...\nMine(3)", ["Mine"], id="a subclass"),
        pytest.param(
            "class Mine(layers.Layer):\n    def build(self, shape):\n        self.kernel = self.add_weight()\nMine()",
            ["Mine"],
            id="a class with weights of its own",
        ),
        pytest.param(
            "def f():\n    def g():\n        return layers.Dense\n    return g\nf()()(3)",
            [""],
            id="called twice",
        ),
        pytest.param(
            "class A:\n    make = layers.Dense\n    def f(self):\n        getattr(self, n)(3)",
            [""],
            id="a computed name of self",
        ),
        pytest.param("kinds = [layers.Dense] * 2\nkinds[0](3)", [""], id="a list, repeated"),
        pytest.param(
            "class A:\n    @classmethod\n    def kind(cls):\n        return cls\n"
            "class D(A, layers.Dense): ...\nD.kind()(3)",
            [""],
            id="a subclass, as cls",
        ),
        pytest.param(
            "@dataclass\nclass A:\n    make: type = field(default=layers.Dense)\nA().make(3)",
            ["make"],
            id="the default of a field",
        ),
        pytest.param("globals()[name](3)", [""], id="a scope at hand"),
        pytest.param("match x:\n    case {'make': make}:\n        make(3)", ["make"], id="a pattern"),
    ],
)
def test_suspect(source: str, expected: list[str], tmp_path: Path) -> None:
    assert suspected(tmp_path, {"main.py": IMPORT + source}) == expected


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("len(3)", id="a builtin"),
        pytest.param("import numpy as np\nnp.dot(a, b)", id="another library"),
        pytest.param("import numpy as np\ngetattr(np, name)(3)", id="a computed name of another library"),
        pytest.param("layers.Dropout(0.5)", id="a layer without weights"),
        pytest.param("class Mine(layers.Layer): ...\nMine()", id="a class without weights"),
        pytest.param("x = layers.Dense\nlen(x)", id="a class that is passed on"),
        pytest.param("def f(a, make):\n    make(3)\nf(layers.Dense, len)", id="another position"),
        pytest.param("def f(make, other):\n    make(3)\nf(other=layers.Dense)", id="another keyword"),
        pytest.param(
            "def f():\n    make = layers.Dense\ndef g():\n    make(3)", id="another function's name"
        ),
        pytest.param("d = {'a': layers.Dense, 'b': 1}\nother.a(3)", id="an entry is no attribute"),
    ],
)
def test_no_suspect(source: str, tmp_path: Path) -> None:
    assert suspected(tmp_path, {"main.py": IMPORT + source}) == []


@pytest.mark.parametrize(
    ("others", "source", "expected"),
    [
        pytest.param(
            {
                "pkg/__init__.py": "from .blocks import Block",
                "pkg/blocks.py": IMPORT + "Block = layers.Dense",
            },
            "from pkg import Block\nBlock(3)",
            ["Block"],
            id="re-exported",
        ),
        pytest.param(
            {"compat.py": "from keras import *"},
            "from compat import *\nDense(3)",
            ["Dense"],
            id="stars of stars",
        ),
        pytest.param(
            {"compat.py": IMPORT}, "import compat\ncompat.layers.Dense(3)", ["Dense"], id="through a module"
        ),
        pytest.param(
            {"compat.py": IMPORT},
            "import compat\ngetattr(compat.layers, n)(3)",
            [""],
            id="computed, through a module",
        ),
        pytest.param(
            {"blocks.py": IMPORT + "Block = layers.Dense"},
            "import blocks\ngetattr(blocks, n)(3)",
            [""],
            id="computed, of a module of the project",
        ),
        pytest.param(
            {"blocks.py": IMPORT + "layers.Dropout(1)\nBlock = len"},
            "import blocks\ngetattr(blocks, n)(3)",
            [],
            id="computed, of one without",
        ),
        pytest.param(
            {"call.py": IMPORT + "import main\nmain.build(layers.Dense)"},
            "def build(make):\n    make(3)",
            ["make"],
            id="what another module passes",
        ),
        pytest.param(
            {"call.py": IMPORT + "import main\nmain.build(layers.Dropout)"},
            "def build(make):\n    make(3)",
            [],
            id="what another module passes, without weights",
        ),
        pytest.param(
            {
                "base.py": IMPORT
                + "class Base(layers.Layer):\n    def build(self, s):\n        self.k = self.add_weight()"
            },
            "from base import Base\nclass Mine(Base): ...\nMine()",
            ["Mine"],
            id="weights of a base class",
        ),
    ],
)
def test_across_files(others: dict[str, str], source: str, expected: list[str], tmp_path: Path) -> None:
    assert suspected(tmp_path, {**others, "main.py": source}) == expected


COMPUTED = "    def f(self):\n        getattr(self, n)(3)\n"


@pytest.mark.parametrize(
    ("source", "suspect"),
    [
        pytest.param(f"class A:\n{COMPUTED}", False, id="none of its own"),
        pytest.param(f"class A:\n    make = layers.Dense\n{COMPUTED}", True, id="of its class"),
        pytest.param(
            f"class A:\n    make = 1\n{COMPUTED}class B:\n    make = layers.Dense\n", True, id="a name of it"
        ),
        pytest.param(
            f"class A:\n{COMPUTED}class B:\n    make = layers.Dense\n", False, id="of another class"
        ),
        pytest.param(
            f"class B:\n    def g(self):\n        self.x = layers.Dense\nclass A(B):\n{COMPUTED}",
            True,
            id="of its base",
        ),
        pytest.param(
            f"class A:\n{COMPUTED}class B(A):\n    def g(self):\n        self.x = layers.Dense\n",
            True,
            id="of a subclass",
        ),
        pytest.param(
            "class B: ...\n"
            f"class A(B):\n{COMPUTED}class C(B):\n    def g(self):\n        self.x = layers.Dense\n",
            False,
            id="of a sister",
        ),
        pytest.param(
            f"class C:\n    x = layers.Dense\nclass B: ...\nclass A(B):\n{COMPUTED}class D(A, C): ...\n",
            True,
            id="of another base of a subclass",
        ),
        pytest.param(
            f"class B:\n    x = layers.Dense\nBase = B\nclass A(Base):\n{COMPUTED}",
            True,
            id="of a base with an alias",
        ),
        pytest.param(
            f"class B:\n    x = layers.Dense\ndef mixed(Base):\n    class A(Base):\n    {COMPUTED}".replace(
                "\n        getattr", "\n            getattr"
            ),
            True,
            id="a base that is a parameter",
        ),
        pytest.param(
            f"class B:\n    x = layers.Dense\nclass A(pick()):\n{COMPUTED}",
            True,
            id="a base that is returned",
        ),
        pytest.param(
            f"class B:\n    x = layers.Dense\nBase = B if deep else C\nclass A(Base):\n{COMPUTED}",
            True,
            id="a base that is one of several",
        ),
        pytest.param(f"class A(layers.Layer, object):\n{COMPUTED}", False, id="a base of Keras"),
        pytest.param(f"class A:\n{COMPUTED}a.x = layers.Dense\n", True, id="set from outside"),
        pytest.param(f"class A:\n{COMPUTED}setattr(a, 'x', layers.Dense)\n", True, id="set by name"),
        pytest.param(f"class A:\n{COMPUTED}setattr(a, n, layers.Dense)\n", True, id="set by a computed name"),
        pytest.param(f"class A:\n{COMPUTED}a.__dict__.update(x=layers.Dense)\n", True, id="set with others"),
        pytest.param(
            f"class A:\n{COMPUTED}class B:\n    def g(self):\n        self.__dict__.update(x=layers.Dense)\n",
            False,
            id="set with others, of another class",
        ),
        pytest.param(
            "class A:\n    x = layers.Dense\n    def f(self):\n        self.__dict__[n](3)\n",
            True,
            id="in its __dict__",
        ),
        pytest.param(
            "class A:\n    def f(self):\n        self.__dict__[n](3)\n", False, id="not in its __dict__"
        ),
        pytest.param(
            "class A:\n    def x(self):\n        return layers.Dense\n"
            "    def f(self):\n        getattr(self, n)()(3)\n",
            True,
            id="what a method returns",
        ),
    ],
)
def test_computed_names_of_an_object(source: str, suspect: bool, tmp_path: Path) -> None:
    assert ("" in suspected(tmp_path, {"main.py": IMPORT + source})) is suspect


def test_a_call_of_anything(tmp_path: Path) -> None:
    source = (
        "class A:\n    def f(self):\n        getattr(self, n)()(3)\n"
        "    def x(self):\n        return globals()[n]()\n"
    )
    assert suspected(tmp_path, {"main.py": source}) == ["", ""]


OTHER = "class B:\n    def __init__(self):\n        self.x = layers.Dense\n"


@pytest.mark.parametrize(
    ("source", "suspect"),
    [
        pytest.param("class A:\n    def f(self):\n        self.x(3)\n", False, id="of another class"),
        pytest.param("class A(B):\n    def f(self):\n        self.x(3)\n", True, id="of a base"),
        pytest.param(
            "class A:\n    def f(self):\n        self.x(3)\nclass C(A, B): ...\n",
            True,
            id="beside it in a class",
        ),
        pytest.param(
            "class A(base()):\n    def f(self):\n        self.x(3)\n", True, id="of an unknown base"
        ),
        pytest.param("def f(self):\n    self.x(3)\n", True, id="of a function"),
        pytest.param("class A:\n    def f(me):\n        me.x(3)\n", False, id="by another name"),
        pytest.param(
            "class A:\n    @staticmethod\n    def f(self):\n        self.x(3)\n",
            True,
            id="of a static method",
        ),
        pytest.param(
            "class A:\n    def f(self):\n        def g(self):\n            self.x(3)\n",
            True,
            id="of a function inside",
        ),
        pytest.param(
            "class A:\n    def f(self):\n        self = B()\n        self.x(3)\n",
            True,
            id="of a name set again",
        ),
        pytest.param(
            "class A:\n    def f(self):\n        self.x(3)\na.x = layers.Dense\n", True, id="set from outside"
        ),
        pytest.param(
            "class A:\n    def f(self):\n        self.x(3)\n"
            "class C:\n    def f(self):\n        def init(self):\n            self.x = layers.Dense\n"
            "        return type('Mine', (A,), {'__init__': init})\n",
            True,
            id="set by a function in the method of another",
        ),
        pytest.param(
            "class A:\n    def f(self):\n        self.x(3)\n"
            "class C:\n    def f(self):\n        class D(A):\n            def g(self):\n"
            "                self.x = layers.Dense\n",
            True,
            id="set by a class in the method of another",
        ),
        pytest.param(
            "class A:\n    def f(self):\n        self.x(3)\nclass C:\n    x = layers.Dense\n",
            False,
            id="in the body of another",
        ),
        pytest.param(
            "class A:\n    @classmethod\n    def f(cls):\n        cls.x(3)\nclass C(A):\n    x = layers.Dense\n",
            True,
            id="in the body of a subclass",
        ),
        pytest.param(
            "class A:\n    def f(self):\n        self.x(3)\n"
            "class C:\n    @property\n    def x(self):\n        return layers.Dense\n",
            False,
            id="a property of another",
        ),
        pytest.param(
            "class A:\n    @property\n    def x(self):\n        return layers.Dense\n"
            "    def f(self):\n        self.x(3)\n",
            True,
            id="its own property",
        ),
        pytest.param(
            "class A:\n    def f(self):\n        self.x(3)\n"
            "class C:\n    def f(self):\n        setattr(self, 'x', layers.Dense)\n",
            False,
            id="set by setattr in another",
        ),
        pytest.param(
            "class A:\n    def f(self):\n        self.__setattr__(n, layers.Dense)\n        self.x(3)\n",
            True,
            id="set by self.__setattr__",
        ),
        pytest.param(
            "class A:\n    def f(self):\n        object.__setattr__(self, n, layers.Dense)\n        self.x(3)\n",
            True,
            id="set by object.__setattr__",
        ),
        pytest.param(
            "class A:\n    def f(self):\n        super().__setattr__(n, layers.Dense)\n        self.x(3)\n",
            True,
            id="set by super().__setattr__",
        ),
        pytest.param(
            "class A:\n    def f(self):\n        setattr(self, n, layers.Dense)\n        self.x(3)\n",
            True,
            id="set by a computed name",
        ),
        pytest.param(
            "class A:\n    def f(self):\n        self.x(3)\n"
            "class C:\n    def f(self, a):\n        setattr(a, n, layers.Dense)\n",
            False,
            id="set by a computed name from outside",
        ),
    ],
)
def test_attributes_of_an_object(source: str, suspect: bool, tmp_path: Path) -> None:
    """What only the methods of other classes set, no object of a class has."""
    found = suspected(tmp_path, {"main.py": IMPORT + OTHER + source})
    assert [name for name in found if name == "x"] == ["x"] * suspect


@pytest.mark.parametrize("own", ["cls", "self.__class__", "type(self)"])
@pytest.mark.parametrize(("bases", "suspect"), [("", False), ("(A)", True)])
def test_calls_of_its_own_class(own: str, bases: str, suspect: bool, tmp_path: Path) -> None:
    """A method makes objects of its class and of those that derive from it, and of no other."""
    decorated = "    @classmethod\n" if own == "cls" else ""
    first = own if own == "cls" else "self"
    source = (
        "class A:\n    def __init__(self, x):\n        x(3)\n"
        f"class B{bases}:\n{decorated}    def f({first}):\n        {own}(layers.Dense)\n"
    )
    assert ("x" in suspected(tmp_path, {"main.py": IMPORT + source})) is suspect


@pytest.mark.parametrize(
    ("block", "expected"),
    [("def block(): return layers.Dense", [""]), ("def block(): return layers.Dropout", [])],
)
def test_what_a_computed_function_returns(block: str, expected: list[str], tmp_path: Path) -> None:
    others = {"blocks.py": f"{IMPORT}{block}\n"}
    found = suspected(tmp_path, {**others, "main.py": "import blocks\ngetattr(blocks, n)()(3)\n"})
    assert found == expected


def test_text_that_is_not_in_the_file_counts(tmp_path: Path) -> None:
    """A notebook's code, or a file that the editor has not saved."""
    path = tmp_path / "main.py"
    path.write_text("")
    suspects = Project().suspects(WANTED, KerasExternals())
    build = "def build(make):\n    make(3)\n"
    assert suspects.among(path, build) == [("make", False, 2)]
    assert suspects.among(path, f"{build}from keras.layers import Dense\nbuild(Dense)") == [
        ("make", True, 2),
        ("build", False, 4),
    ]
    assert suspects.among(path, build) == [("make", True, 2)]  # what has been seen is not forgotten


@pytest.mark.parametrize(
    "alias",
    [
        pytest.param("last = tuple", id="an alias of a class of Python"),
        pytest.param("from functools import partial as p", id="an alias of partial"),
    ],
)
def test_other_names_for_functions_of_python(alias: str, tmp_path: Path) -> None:
    """What else is in such a module is known elsewhere."""
    other = f"{IMPORT}{alias}\nclass Holder:\n    def __init__(self):\n        self.make = layers.Dense\n"
    source = "from other import Holder\nHolder().make(3)\n"
    assert "make" in suspected(tmp_path, {"other.py": other, "main.py": source})


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("print 'x'", id="no Python of today"),
        pytest.param("from functools import partial as P\nP(Dense)()", id="an alias of partial"),
        pytest.param("P = functools.partial\nP(Dense)()", id="another name for partial"),
    ],
)
def test_cannot_be_told(source: str, tmp_path: Path) -> None:
    assert Project().suspects(WANTED, KerasExternals()).among(tmp_path / "main.py", source) is None


def test_may_use(tmp_path: Path) -> None:
    """What merely imports or defines a name cannot call it."""
    project, path = Project(), tmp_path / "main.py"
    assert project.may_use("anything", path)
    source = "from a import b, c as d\ndef e(): ...\nf.g\nh(i)\nj = f'{k}'"
    project.suspects(WANTED, KerasExternals()).among(path, source)
    assert [name for name in "abcdefghijk" if project.may_use(name, path)] == [*"cfghijk"]


def test_a_large_project_is_not_read_for_a_small_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What callers pass is then anything at all."""
    files = {"main.py": "def build(make):\n    make(3)\nlen(1)\n", "big.py": IMPORT + "x = 1\n" * 100}
    assert suspected(tmp_path, files) == []
    assert suspected(tmp_path, files, hurried=True) == ["make"]
    monkeypatch.setattr(suspects_module, "_WORTH_A_SEARCH", 10)
    assert suspected(tmp_path, files, hurried=True) == []
    monkeypatch.setattr(suspects_module, "_FREE", 10)
    monkeypatch.setattr(suspects_module, "_FREE_FOR_EACH", 2)
    assert suspected(tmp_path, files, hurried=True) == ["make"]
    assert suspected(tmp_path, files) == []


def test_a_script_has_just_the_files_beside_it(tmp_path: Path) -> None:
    source = "def build(make):\n    make(3)\nlen(1)\n"
    found = Project(hurried=True).suspects(WANTED, KerasExternals()).among(tmp_path / "main.py", source)
    assert found == [("make", False, 2), ("len", False, 3)]
