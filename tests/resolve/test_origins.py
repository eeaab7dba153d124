"""Where the value of an argument is written, for each way that it can come: (source, what is written there)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst
import pytest

from reglint.resolve.nodes import last_name
from reglint.resolve.origins import Untraceable, origins
from reglint.resolve.positions import twin
from reglint.resolve.values import Expression, place_of

if TYPE_CHECKING:
    from conftest import Reader

    from reglint.resolve.origins import Origin


def found(source: str, read: Reader, **others: str) -> tuple[Origin, ...]:
    """The origins of what ``use(...)`` is called with."""
    module = read(f"from keras.regularizers import get, l1, l2\n{source}", **others)
    (record,) = (record for record in module.index.calls if last_name(record.node.func) == "use")
    argument = Expression(record.node.args[0].value, place_of(record))
    return origins(argument, module.resolver, module.index, lambda dotted: dotted.endswith(".get"))


TRACED = {
    "use(l1(1))": ["l1(1)"],
    "use(None)": ["None"],
    "use(l1)": ["l1"],
    "A = l1(1)\nuse(A)": ["l1(1)"],
    "A = l1(1)\nB = A\nuse(B)": ["l1(1)"],
    "A = l1(1)\nA = l1(2)\nuse(A)": ["l1(2)"],
    "A = l1(1)\nif x:\n    A = l1(2)\nuse(A)": ["l1(2)", "l1(1)"],
    "use(get('l2'))": ["'l2'"],
    "use(l1(1) if True else l1(2))": ["l1(1)"],
    "use(None or l1(2))": ["l1(2)"],
    "def make():\n    return l1(1)\nuse(make())": ["l1(1)"],
    "def f(a=l1(1)):\n    use(a)\nf()": ["l1(1)"],
    "def f(a=l1(1)):\n    use(a)\nf(l1(2))": ["l1(2)"],
    "def f(a=l1(1)):\n    use(a)\nf(l1(2))\nf()\nf(a=l1(3))": ["l1(2)", "l1(1)", "l1(3)"],
    "def f(a):\n    g(a)\ndef g(a):\n    use(a)\nf(l1(1))": ["l1(1)"],
    "A = l1(1)\ndef f(a=A):\n    use(a)\nf()": ["l1(1)"],
    "class C:\n    A = l1(1)\nuse(C.A)": ["l1(1)"],
    "class C:\n    def __init__(self):\n        self.a = l1(1)\n    def m(self):\n        use(self.a)": [
        "l1(1)"
    ],
}


@pytest.mark.parametrize("source", TRACED)
def test_a_value_is_followed_to_where_it_is_written(source: str, read: Reader) -> None:
    written = [
        cst.Module([]).code_for_node(twin(each.expression.node, each.expression.place.scope.index))
        for each in found(source, read)
    ]
    assert written == TRACED[source]


UNTRACED = {
    "use(table['a'])": "it is taken out of a list or dict; change it there",
    "for a in [l1(1)]:\n    use(a)": 'what "a" holds is worked out at run time',
    "def f(a):\n    use(a)": 'nobody in the project calls what has the parameter "a"',
    "def f(a):\n    use(a)\nregister(f)": '"f" is handed on as a value in model.py',
    "def f(**more):\n    use(more)\nf()": 'what callers pass on in "more" is not known here',
    "use(l1(1) if x else None)": "which of two values it is, is decided at run time",
    "def make():\n    if x:\n        return l1(1)\n    return l1(2)\nuse(make())": (
        "it is what a function returns in several places"
    ),
    "use(x.a)": 'where the attribute "a" is set is not known',
    "from other import A\nuse(A)": '"A" is imported from "other"; change it there',
    "import other\nuse(other.A)": "the regularizer is decided in other.py; change it there",
}


@pytest.mark.parametrize("source", UNTRACED)
def test_what_cannot_be_followed_has_a_reason(source: str, read: Reader) -> None:
    with pytest.raises(Untraceable) as raised:
        found(source, read, other="from keras.regularizers import l1\nA = l1(1)\n")
    assert str(raised.value) == UNTRACED[source]


def test_the_names_on_the_way_are_kept(read: Reader) -> None:
    (origin,) = found("A = l1(1)\ndef f(a=A):\n    use(a)\nf()", read)
    assert [getattr(holder, "name", None) for holder in origin.holders] == ["a", "A"]
    assert origin.parameter is None


def test_a_default_is_known_as_one(read: Reader) -> None:
    (origin,) = found("def f(a=l1(1)):\n    use(a)\nf()", read)
    assert origin.parameter is not None
    assert origin.parameter.name == "a"
