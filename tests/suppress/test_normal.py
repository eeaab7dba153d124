"""The text of a call, whatever its layout."""

from __future__ import annotations

import pytest

from reglint.suppress.normal import normal_source

SAME = {
    "layers.Dense(10)": [
        "layers.Dense(10)",
        "layers.Dense( 10 , )",
        "layers.Dense(\n    10,  # units\n)",
        "layers.Dense(\r\n\t10\r\n)",
        "layers \\\n  .Dense(10)",
        "layers\n.Dense(10\n  )",
    ],
    'Dense(10, name="a b", reg=[l2(1e-4)])': [
        "Dense(10,name='a b',reg=[l2(1e-4),],)",
        'Dense(\n  10,\n  name = "a b",\n  reg = [\n l2(1e-4)]\n)',
    ],
    'Dense(1 if x else y, name="a" "b", f=lambda x:not x)': [
        'Dense(1 if x  else y, name="a"\n"b", f = lambda x :\n not x)',
    ],
    "Dense(-1, **kwargs)": ["Dense( - 1,\n** kwargs)"],
    "Dense(name=f'{ x }# {y}', z=rb'a')": ["Dense(name = f'{ x }# {y}',\n  z=rb'a',)"],
    "Dense(name='a\"b', y='\\'')": ["Dense(name='a\"b', y='\\'')"],
    "# reglint: ignore[REG101]": ["# reglint:  ignore[REG101]"],
    "Dense(": ["Dense( \n"],
}


@pytest.mark.parametrize(("normal", "source"), [(key, text) for key, texts in SAME.items() for text in texts])
def test_layout_is_left_out(normal: str, source: str) -> None:
    assert normal_source(source) == normal


@pytest.mark.parametrize("source", ["Dense(11)", "Dense(1 1)", "Dense('1 0')", "Dense(10, 1)", "dense(10)"])
def test_what_is_not_layout_counts(source: str) -> None:
    assert normal_source(source) != normal_source("Dense(10)")


def test_strings_keep_their_line_ends_as_one_kind() -> None:
    assert normal_source("f('''a\r\n b''')") == normal_source("f('''a\n b''')") == "f('''a\n b''')"
