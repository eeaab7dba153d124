"""Edits that are brought into shape, as edits of the text before them."""

from __future__ import annotations

import pytest

from reglint.files.edit import Edit, apply_edits, moved
from reglint.fix.shape import in_shape

SPANS = {
    "one line": ("x = f(1)(y)", "f(1)"),
    "in a list in a call": ("model = Sequential([f(1)])", "f(1)"),
    "the only argument": ("model.add(f(1))", "f(1)"),
    "before another argument": ("model = wrap(f(1), name='a')", "f(1)"),
    "the last argument of a call that gets one": ("model = f(2, g=f(1))", "f(1)"),
    "in parentheses": ("model = (f(1))", "f(1)"),
    "after a line end": ("model.add(\n    f(1)\n)", "f(1)"),
    "at the end of the text": ("f(1)", "f(1)"),
}


@pytest.mark.parametrize("length", [88, 30, 20, 10])
@pytest.mark.parametrize("name", SPANS)
def test_the_edits_move_the_ends_of_a_call_to_its_ends(name: str, length: int) -> None:
    source, call = SPANS[name]
    start = source.index(call)
    closes = [
        offset for offset, character in enumerate(source) if character == ")" and source[offset - 1] in "1)"
    ]
    closes = [offset for offset in closes if offset < start + len(call) or "f(2" in source]
    edits = in_shape(
        source, [Edit(close, close, ", long=argument(1)") for close in closes], length, "\n", "    "
    )
    after = apply_edits(source, edits)
    moved_call = after[moved(start, edits) : moved(start + len(call), edits)]
    squeezed = "".join(moved_call.split()).replace(",)", ")")
    assert squeezed == "f(1,long=argument(1))"


def test_edits_of_a_text_that_cannot_be_tokenized_are_made_as_they_are() -> None:
    edits = [Edit(3, 3, ", long=argument(1)")]
    assert in_shape("f(1)\rx = 1", edits, 10, "\r", "    ") == edits


def test_edits_that_fit_stay_as_they_are() -> None:
    source = "import a\nf(1)\ng(2)\n"
    edits = [Edit(9, 9, "import b\n"), Edit(12, 12, ", 3")]
    shaped = in_shape(source, edits, 88, "\n", "    ")
    assert apply_edits(source, shaped) == "import a\nimport b\nf(1, 3)\ng(2)\n"
