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
z = {'a': 1}
decay = 0.5
reg = None
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
    "an entry": ("{'a': 1}", "{'a': 1, 'kernel_regularizer': l2(1e-4)}"),
    "an entry in several lines": ("{'a': 1}", "{\n    'a': 1,\n    'kernel_regularizer': f({}, [1, 2]),\n}"),
}
# On the lines that a fix names
VALUES = {
    "a strength": ("0.5", "1e-4"),
    "a value": ("None", "tf.keras.regularizers.l2(1e-4)"),
    "an argument of another name": ("name='a'", "name='a', reg=l2(1e-4)"),
    "a string": ("'a')(x)", "l2(l2=1e-4))(x)"),
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
    "another number": ("0.5", "1e-3"),
    "another value": ("None", "l3(1e-4)"),
    "a value that was another": ("x * 2", "l2(1e-4) * 2"),
    "another entry": ("'a': 1", "'a': 2"),
    "an entry less": ("'a': 1", ""),
    "a key": ("'a': 1", "'kernel': 1"),
    "an operator behind a regularizer": ("None", "l2(1e-4) or 1"),
    "another argument of another name": ("name='a'", "name='a', reg=f(l2(1e-4))"),
}


@pytest.mark.parametrize("name", FIXES)
def test_what_a_fix_does_is_no_difference(name: str) -> None:
    after = BEFORE.replace(*FIXES[name])
    assert after != BEFORE
    assert fixing.first_difference(BEFORE.encode(), after.encode()) is None


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_no_difference_where_a_fix_says_so(name: str) -> None:
    after = BEFORE.replace(*VALUES[name])
    assert after != BEFORE
    (line,) = (
        number
        for number, (old, new) in enumerate(zip(BEFORE.splitlines(), after.splitlines(), strict=True), 1)
        if old != new
    )
    assert fixing.first_difference(BEFORE.encode(), after.encode(), {line}) is None
    assert fixing.first_difference(BEFORE.encode(), after.encode(), set(range(20)) - {line}) is not None


@pytest.mark.parametrize("name", OTHER)
def test_whatever_else_changes_is_a_difference(name: str) -> None:
    after = BEFORE.replace(*OTHER[name])
    assert after != BEFORE
    assert fixing.first_difference(BEFORE.encode(), after.encode(), range(20)) is not None


def test_the_lines_that_fixes_name(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(
        "from keras import layers\nfrom keras.regularizers import l2\nREG = l2(1)\n"
        "x = layers.Dense(\n    4, kernel_regularizer=REG, bias_regularizer=l2(1e-4)\n)\n"
    )
    (tmp_path / "strict.toml").write_text(fixing.POLICY)
    policy = fixing.load(tmp_path / "strict.toml")
    outcome = fixing.fixed(tmp_path, policy, write=True)
    assert [*fixing.lines_named(outcome.report.findings).values()] == [{3, 4, 5, 6}]
