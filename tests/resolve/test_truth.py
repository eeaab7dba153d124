"""Which tests hold, and what a resolver sees that takes each branch as possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst
import pytest

from reglint.keras.names import KerasExternals
from reglint.resolve.evaluate import Resolver
from reglint.resolve.project import Project, parse
from reglint.resolve.reaching import END
from reglint.resolve.values import Expression, External, Place, options_of

if TYPE_CHECKING:
    from pathlib import Path

# What comes before "made = ...", which names it can be by a resolver that decides, and by one that does not.
CASES = {
    "a constant": ("flag = True\nmade = Dense if flag else Conv2D", ["Dense"]),
    "none": ("flag = None\nif flag is None:\n    made = Dense\nelse:\n    made = Conv2D", ["Dense"]),
    "what a function is called with": (
        "def pick(flag):\n    if flag:\n        return Dense\n    return Conv2D\nmade = pick(1)",
        ["Dense"],
    ),
    "unknown": ("made = Dense if load() else Conv2D", ["Dense", "Conv2D"]),
}


@pytest.mark.parametrize("name", CASES)
def test_what_a_resolver_that_does_not_decide_sees(name: str, tmp_path: Path) -> None:
    source, decided = CASES[name]
    index = parse(tmp_path / "m.py", f"from keras.layers import Conv2D, Dense\n{source}\n")
    resolver = Resolver(Project(), KerasExternals())
    for each, expected in ((resolver, decided), (resolver.undeciding, ["Dense", "Conv2D"])):
        value = each.result(each.value(Expression(cst.Name("made"), Place(index.top, END, ()))))
        names = [option.name for option in options_of(value) if isinstance(option, External)]
        assert sorted(names) == sorted(f"keras.layers.{layer}" for layer in expected)
