"""The comparison of ``benchmarks/fixing.py`` sees whatever a fix must not change."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "fixing.py"
spec = importlib.util.spec_from_file_location("fixing", BENCHMARK)
assert spec is not None
assert spec.loader is not None
fixing = importlib.util.module_from_spec(spec)
sys.modules["fixing"] = fixing  # dataclasses look their module up
spec.loader.exec_module(fixing)

BEFORE = """\
# A model.
from keras import layers

x = layers.Dense(4, name='a')(x)  # why
y = x * 2
"""
FIXES = {
    "an argument": ("Dense(4, name='a')", "Dense(4, kernel_regularizer=regularizers.l2(1e-4), name='a')"),
    "an import": ("import layers", "import layers, regularizers"),
    "an import in parentheses": ("import layers", "import (\n    layers,\n    regularizers,\n)"),
    "a line of its own": ("\n\nx", "\nfrom keras import regularizers\n\nx"),
    "an import of a name": ("\n\nx", "\nfrom keras.regularizers import l2\n\nx"),
    "several lines": (
        "Dense(4, name='a')",
        "Dense(\n    4,\n    name='a',\n    bias_regularizer=f(a, b=(1, 2)),\n)",
    ),
    "parentheses around a value": ("x * 2", "(\n    x * 2\n)"),
}
OTHER = {
    "a name": ("y = x", "z = x"),
    "white space elsewhere": ("x * 2", "x  * 2"),
    "an empty line": ("\n\nx", "\n\n\nx"),
    "a comment": ("  # why", ""),
    "a comment of its own": ("# A model.", "# A mode."),
    "a line end": ("x * 2\n", "x * 2\r\n"),
    "the last line end": ("x * 2\n", "x * 2"),
    "another argument": ("name='a'", "name='a', units=3"),
    "one argument less": (", name='a'", ""),
    "another import": ("\n\nx", "\nimport os\n\nx"),
    "a line less": ("y = x * 2\n", ""),
    "a regularizer that is no argument": ("y = x * 2", "y = x * 2\nl2_regularizer = 3"),
}


@pytest.mark.parametrize("name", FIXES)
def test_what_a_fix_does_is_no_difference(name: str) -> None:
    after = BEFORE.replace(*FIXES[name])
    assert after != BEFORE
    assert fixing.first_difference(BEFORE.encode(), after.encode()) is None


@pytest.mark.parametrize("name", OTHER)
def test_whatever_else_changes_is_a_difference(name: str) -> None:
    after = BEFORE.replace(*OTHER[name])
    assert after != BEFORE
    assert fixing.first_difference(BEFORE.encode(), after.encode()) is not None
