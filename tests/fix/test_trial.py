"""What an edit is found to do when the module is read again with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reglint.files.edit import Edit
from reglint.fix.trial import failure
from reglint.policy import load
from reglint.rules.rule import all_rules

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Reader

SOURCE = """\
from keras import layers
from keras.regularizers import l1, l2
a = layers.Dense(4, kernel_regularizer=l1(0.1))
b = layers.Dense(5, kernel_regularizer=l2(1e-4))
"""

# For an edit (old, new) what it fails in, if in anything.
EDITS = {
    ("l1(0.1)", "l2(1e-4)"): None,
    ("l1(0.1)", "l2(1e-3)"): "reglint could not follow it to the layer from there",
    ("l1(0.1)", "unknown"): "reglint could not follow it to the layer from there",
    ("l1(0.1))\nb = layers.Dense(5, kernel_regularizer=l2(1e-4))", "l2(1e-4))"): (
        "it would change which layers there are"
    ),
    ("l1(0.1))\nb = layers.Dense(5, kernel_regularizer=l2(1e-4)", "l2(1e-4))\nb = layers.Dense(5"): (
        "it would change other layers as well"
    ),
    ("Dense(4", "Embedding(4, 5"): "it would change which weights a layer has",
}


@pytest.mark.parametrize(("old", "new"), EDITS)
def test_an_edit_must_do_what_it_is_for_and_nothing_else(
    old: str, new: str, read: Reader, tmp_path: Path
) -> None:
    module = read(SOURCE)
    (tmp_path / "policy.toml").write_text('[weights]\nkernel = { require = "l2", strength = 1e-4 }\n')
    policy = load(tmp_path / "policy.toml")
    changes = [finding.change for rule in all_rules() for finding in rule.check(module, policy)]
    start = SOURCE.index(old)
    assert failure(module, [Edit(start, start + len(old), new)], changes) == EDITS[old, new]


def test_an_edit_must_leave_python(read: Reader) -> None:
    module = read(SOURCE)
    reason = failure(module, [Edit(0, 0, "(")], [])
    assert reason is not None
    assert reason.startswith("the code that it would make cannot be read: ")
    assert "\n" not in reason
    assert failure(module, [], []) is None


def test_an_edit_must_leave_what_the_running_python_reads(read: Reader) -> None:
    module = read(SOURCE)
    # libcst does not look into strings.
    reason = failure(module, [Edit(len(SOURCE), len(SOURCE), "c = '\\N{no such name}'\n")], [])
    assert reason is not None
    assert reason.startswith("the code that it would make cannot be read: (unicode error)")
