"""What a module offers to build: which builder, with which arguments, for which calls."""

from __future__ import annotations

import ast

import pytest

from reglint.verify.source import Source
from reglint.verify.survey import Candidate, Side, Survey


def _survey(code: str, builders: dict[str, dict[str, object]] | None = None) -> list[Candidate]:
    """The candidates of a module in which the calls of ``D`` are in question."""
    source = Source(code)
    calls = [call for call in source.calls if ast.unparse(call.func) == "D"]
    return Survey(Side(source, dict(enumerate(calls))), "pkg.nets", builders or {}).candidates()


@pytest.mark.parametrize(
    ("code", "labels"),
    [
        pytest.param("model = Sequential([D(1)])", [("model (module level)", {0})], id="module"),
        pytest.param(
            "m = keras.Sequential()\nm.add(D(1))\nm.add(D(2))\nother = D(3)",
            [("m (module level)", {0, 1})],
            id="added",
        ),
        pytest.param(
            "x = D(1)(i)\na = Model(i, x)\nb = Model(i, D(2)(x))",
            [
                ("a, b (module level)", {0, 1}),
                ("a (module level)", {0}),
                ("b (module level)", {0, 1}),
            ],
            id="two models",
        ),
        pytest.param("loose = D(1)", [], id="no model"),
        pytest.param(
            "def build(units=3, num_classes=None): return Model(D(units))",
            [("build()", {0})],
            id="defaults",
        ),
        pytest.param(
            "def build(input_shape, n_classes): return Model(D(n_classes))",
            [("build(input_shape=__reglint_shape__, n_classes=10)", {0})],
            id="guesses",
        ),
        pytest.param(
            "def head(x): return D(1)(x)\ndef build(): return Model(head(1))\nmodel = build()\nmodel.fit()",
            [
                ("model (module level)", {0}),
                ("head(x=__reglint_input__)", {0}),
                ("build()", {0}),
            ],
            id="a helper and who calls it",
        ),
        pytest.param(
            "class Net(keras.Model):\n  def __init__(self): self.d = D(1)\nclass Wide(Net): pass",
            [("Net()", {0}), ("Wide()", {0})],
            id="subclassed models",
        ),
        pytest.param(
            "class Agent:\n  def __init__(self, state_size): self.model = self._build()\n"
            "  def _build(self): return Model(D(1))\n  def other(self): return Model(D(2))",
            [("Agent(state_size=8)", {0}), ("Agent(state_size=8).other()", {1})],
            id="objects that make models",
        ),
        pytest.param(
            "class Make:\n  @staticmethod\n  def one(n_classes): return D(1)\n  @classmethod\n"
            "  def two(cls): return D(2)",
            [("Make.one(n_classes=10)", {0}), ("Make.two()", {1})],
            id="static and class methods",
        ),
        pytest.param(
            "class Make:\n  def __init__(self): self.d = D(1)\n  def size(self): return 1\n"
            "  def build(self, n_classes): return Model(self.d(n_classes))",
            [("Make()", {0}), ("Make().build(n_classes=10)", {0})],
            id="a method that makes a model of what the constructor keeps",
        ),
        pytest.param(
            "def build(depth, widths):\n  'depth (int): e.g. `3`'\n  assert len(widths) == 2\n  return Model(D(depth))",
            [("build(depth=3, widths=[8, 16])", {0})],
            id="what the documentation and the code say",
        ),
        pytest.param(
            "DEFAULT = {'size': 5, 'deep': (1, 2)}\ndef build(size, deep): return Model(D(size))",
            [("build(size=5, deep=(1, 2))", {0})],
            id="settings",
        ),
        pytest.param(
            "class Net(Model):\n  'As in `Net(4, size=2)`.'\n  def __init__(self, units, size=1): self.d = D(units)",
            [("Net(units=4)", {0}), ("Net(units=4, size=2)", {0})],
            id="examples",
        ),
        pytest.param(
            "def gen():\n  yield D(1)\nasync def later(): return D(2)",
            [],
            id="generators and coroutines are not called",
        ),
    ],
)
def test_candidates(code: str, labels: list[tuple[str, set[int]]]) -> None:
    assert [(each.label, set(each.covers)) for each in _survey(code)] == labels


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("def block(x, n): return D(n)(x)", "helper"),
        ("class Block(layers.Layer):\n  def __init__(self): self.d = D(1)", "helper"),
        (
            "class Block(Unknown):\n  def build(self, s): self.d = D(1)\n  def call(self, x): return x",
            "helper",
        ),
        ("class Net(tf.keras.Model):\n  def call(self, x): return D(1)(x)", "call"),
        ("def build(): return D(1)", "call"),
    ],
)
def test_kind(code: str, kind: str) -> None:
    assert [each.kind for each in _survey(code)] == [kind]


@pytest.mark.parametrize("name", ["pkg.nets:build", "nets:build"])
def test_settings_give_exact_arguments(name: str) -> None:
    [candidate] = _survey("def build(n_classes): return D(n_classes)", {name: {"n_classes": 3}})
    assert (candidate.expression, candidate.guessed, candidate.exact) == ("build(n_classes=3)", 0, True)


def test_the_order_in_which_candidates_are_built() -> None:
    candidates = _survey(
        "def main():\n  m = build(1)\n  m.fit(1)\n"
        "def test():\n  Model(D(5)).save(1)\n"
        "def small(): return D(1)\n"
        "def guessed(n_classes): return [D(n_classes), D(2), small()]\n"
        "def build(): return [D(3), D(4), small()]\n"
        "def stated(n_classes): return D(n_classes)",
        {"nets:stated": {"n_classes": 3}},
    )
    ordered = sorted(candidates, key=lambda each: each.rank(len(each.covers)))
    assert [each.names[0] for each in ordered] == ["stated", "test", "build", "guessed", "small", "main"]


@pytest.mark.parametrize(
    ("code", "labels"),
    [
        (
            "def build(top):\n  if top: return Model(D(1))\n  return Model(D(2))",
            [("build(top=True)", {0}), ("build(top=False)", {1})],
        ),
        (
            "class Make:\n  def __init__(self, top=False): self.top = top\n"
            "  def build(self, n_classes):\n    if self.top: return Model(D(n_classes))",
            [("Make(top=True).build(n_classes=10)", {0})],
        ),
    ],
)
def test_variants_lead_into_branches(code: str, labels: list[tuple[str, set[int]]]) -> None:
    source = Source(code)
    calls = dict(enumerate(call for call in source.calls if ast.unparse(call.func) == "D"))
    variants = Survey(Side(source, calls), "pkg.nets", {}).variants(calls, {})
    assert [(each.label, set(each.covers)) for each in variants] == labels


@pytest.mark.parametrize(
    ("code", "shape"),
    [
        ("m = Sequential([D(1), Conv2D(1, 1)])", (32, 32, 3)),
        ("def f(): return g()\ndef g(): return [D(1), LSTM(1)]", (16, 8)),
    ],
)
def test_shapes_come_from_the_code_that_is_built(code: str, shape: tuple[int, ...]) -> None:
    assert {each.shapes[0] for each in _survey(code)} == {shape}


def test_the_text_of_a_candidate_defines_what_it_calls() -> None:
    source = Source("N = 1\nM = 2\ndef f(): return D(N)\nprint(f())")
    side = Side(source, {0: source.calls[0]})
    [candidate] = Survey(side, "nets", {}).candidates()
    assert side.text(candidate) == "N = 1\n()\ndef f(): return __reglint_made__(0, D(N))\n()"
    assert side.text(candidate, ["M"]) == "N = 1\nM = 2\ndef f(): return __reglint_made__(0, D(N))\n()"
    assert side.public() == {"N", "M", "f"}
