"""The layout of statements into which something was written, as tables: what is written stands between « and »."""

from __future__ import annotations

import re

import pytest

from reglint.files.edit import Edit, apply_edits
from reglint.fix.shape import in_shape

MARKED = re.compile("«(.*?)»", re.DOTALL)


def laid_out(marked: str, length: int, head: str = "") -> str:
    """The text after the edits that wrote what is marked, in lines of at most ``length`` columns."""
    source, edits = head, []
    for number, part in enumerate(MARKED.split(marked)):
        if number % 2:
            edits.append(Edit(len(source), len(source), part))
        else:
            source += part
    after = apply_edits(source, in_shape(source, edits, length, "\n", "    "))
    assert "".join(after.split()).replace(",)", ")").replace(",]", "]") == "".join(
        (head + MARKED.sub(r"\1", marked)).split()
    ).replace(",)", ")").replace(",]", "]")
    return after.removeprefix(head)


CALLS = {
    "fits": ("x = Dense(4«, reg=l2(1)»)(y)", "x = Dense(4, reg=l2(1))(y)"),
    "fits to the last column": ("x = Dense(4444444«, reg=l2(1)»)(y)", "x = Dense(4444444, reg=l2(1))(y)"),
    "one column too long": (
        "x = Dense(44444444«, reg=l2(1)»)(y)",
        "x = Dense(\n    44444444,\n    reg=l2(1),\n)(y)",
    ),
    "what follows counts": (
        "x = Dense(4444«, reg=l2(1)»)(y, zzz)",
        "x = Dense(\n    4444,\n    reg=l2(1),\n)(y, zzz)",
    ),
    "what follows is a call that fits below": (
        "x = Dense(44«, reg=l2(1)»)(Flatten()(y))",
        "x = Dense(\n    44,\n    reg=l2(1),\n)(Flatten()(y))",
    ),
    "what follows gets longer too": (
        "x = Dense(4«, reg=l2(1)»)(Dense(2«, reg=l2(1)»)(y))",
        "x = Dense(4, reg=l2(1))(\n    Dense(2, reg=l2(1))(y)\n)",
    ),
    "what follows is divided already": (
        "x = Dense(4444444444«, reg=l2(1)»)(\n    tensor_one, tensor_two, tensor3\n)",
        "x = Dense(\n    4444444444, reg=l2(1)\n)(\n    tensor_one, tensor_two, tensor3\n)",
    ),
    "what follows fits on the line again": (
        "x = Dense(444, aaaaa«, reg=l2(1)»)(\n    tensor\n)",
        "x = Dense(\n    444,\n    aaaaa,\n    reg=l2(1),\n)(tensor)",
    ),
    "a comment counts": (
        "x = Dense(4444«, reg=l2(1)»)  # units",
        "x = Dense(\n    4444,\n    reg=l2(1),\n)  # units",
    ),
    "a comment to another tool does not": (
        "x = Dense(4444«, reg=l2(1)»)  # noqa: E501",
        "x = Dense(4444, reg=l2(1))  # noqa: E501",
    ),
    "in a block": (
        "if a:\n    x = Dense(4444«, reg=l2(1)»)(y)",
        "if a:\n    x = Dense(\n        4444,\n        reg=l2(1),\n    )(y)",
    ),
    "with tabs": (
        "if a:\n\tx = Dense(4444«, reg=l2(1)»)(y)",
        "if a:\n\tx = Dense(\n\t    4444,\n\t    reg=l2(1),\n\t)(y)",
    ),
    "a trailing comma is not doubled": (
        "x = Dense(44444444«, reg=l2(1)»,)(y)",
        "x = Dense(\n    44444444,\n    reg=l2(1),\n)(y)",
    ),
    "before a splat": (
        "x = Dense(44444, «reg=l2(1), »**options)",
        "x = Dense(\n    44444,\n    reg=l2(1),\n    **options,\n)",
    ),
    "nothing but what is new": (
        "xxxxxxxxxxxxxxxxxxxxx = Dense(«reg=l2(1)»)",
        "xxxxxxxxxxxxxxxxxxxxx = Dense(\n    reg=l2(1)\n)",
    ),
    "the only argument of a call": (
        "model.add(Dense(4444444«, reg=l2(1)»))",
        "model.add(\n    Dense(4444444, reg=l2(1))\n)",
    ),
    "the inner call only where it must": (
        "model.add(Dense(444444444444«, reg=l2(1)»))",
        "model.add(\n    Dense(\n        444444444444,\n        reg=l2(1),\n    )\n)",
    ),
    "one of several arguments": (
        "x = relu(Dense(444«, reg=l2(1)»)(y), name=1)",
        "x = relu(\n    Dense(444, reg=l2(1))(y),\n    name=1,\n)",
    ),
    "two in a list": (
        "m = Seq([Dense(4«, reg=l2(1)»), Dense(2«, reg=l2(1)»)])",
        "m = Seq(\n    [\n        Dense(4, reg=l2(1)),\n        Dense(2, reg=l2(1)),\n    ]\n)",
    ),
    "a list with one element": (
        "m = Seq([Dense(4444444«, reg=l2(1)»)])",
        "m = Seq(\n    [Dense(4444444, reg=l2(1))]\n)",
    ),
    "a dict": (
        "d = {'a': Dense(444444«, reg=l2(1)»)}",
        "d = {\n    'a': Dense(\n        444444,\n        reg=l2(1),\n    )\n}",
    ),
    "a comprehension": (
        "x = [Dense(4«, reg=l2(1)») for _ in range(3) if a]",
        "x = [\n    Dense(4, reg=l2(1))\n    for _ in range(3)\n    if a\n]",
    ),
    "a comprehension that fits below": (
        "xxxxxxxx = [D(4«, reg=l2(1)») for _ in y]",
        "xxxxxxxx = [\n    D(4, reg=l2(1)) for _ in y\n]",
    ),
    "the item of a divided list": (
        "m = [\n    Dense(4444444444«, reg=l2(1)»),\n    Dropout(1),\n]",
        "m = [\n    Dense(\n        4444444444,\n        reg=l2(1),\n    ),\n    Dropout(1),\n]",
    ),
    "an item with a comment": (
        "m = [\n    Dense(44«, reg=l2(1)»),  # units\n]",
        "m = [\n    Dense(\n        44,\n        reg=l2(1),\n    ),  # units\n]",
    ),
    "one line below the call": (
        "x = Dense(\n    444444, name='a'«, reg=l2(1)»\n)(y)",
        "x = Dense(\n    444444, name='a', reg=l2(1)\n)(y)",
    ),
    "one line below the call, too long": (
        "x = Dense(\n    444444, name='abcd'«, reg=l2(1)»\n)(y)",
        "x = Dense(\n    444444,\n    name='abcd',\n    reg=l2(1),\n)(y)",
    ),
    "what is new is itself too long": (
        "x = Dense(\n    4,\n«    regularizer=regularizers.l2(1e-4),\n»)",
        "x = Dense(\n    4,\n    regularizer=regularizers.l2(\n        1e-4\n    ),\n)",
    ),
    "lines that were too long before are let be": (
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx = 1\nx = f(«1»)",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx = 1\nx = f(1)",
    ),
    "wide characters": (
        "x = Dense(4, '層層'«, reg=l2(1)»)(y)",
        "x = Dense(\n    4,\n    '層層',\n    reg=l2(1),\n)(y)",
    ),
    "after a backslash": (
        "x = \\\n    Dense(444444444«, reg=l2(1)»)(y)",
        "x = \\\n    Dense(\n        444444444,\n        reg=l2(1),\n    )(y)",
    ),
    "beside a text on several lines": (
        "x = Dense('''a\n(b''', 44444«, reg=l2(1)»)(y, z)",
        "x = Dense('''a\n(b''', 44444, reg=l2(1))(y, z)",
    ),
    "an import in parentheses": (
        "from keras import (layers«, regularizers»)",
        "from keras import (\n    layers,\n    regularizers,\n)",
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_layout(name: str) -> None:
    before, after = CALLS[name]
    assert laid_out(before, 32) == after


HUGGING_HEAD = "f(\n    1, 2\n)\n"
HUGGING = {
    "below as long as it fits": (
        "x = Dense(444444, abc«, reg=l2(1)»)(y)",
        "x = Dense(\n    444444, abc, reg=l2(1)\n)(y)",
    ),
    "one a line": (
        "x = Dense(44444444, a='abcdef'«, reg=l2(1)»)(y)",
        "x = Dense(\n    44444444,\n    a='abcdef',\n    reg=l2(1),\n)(y)",
    ),
    "no line that `(y)` alone would have been too long for": (
        "x = Dense(444444«, reg=l2(1)»)(yyyyyy)",
        "x = Dense(\n    444444,\n    reg=l2(1),\n)(yyyyyy)",
    ),
    "a list is always one a line": (
        "x = [444444, Dense(1«, reg=l2(1)»)]",
        "x = [\n    444444,\n    Dense(1, reg=l2(1)),\n]",
    ),
}


@pytest.mark.parametrize("name", HUGGING)
def test_arguments_on_one_line_below_the_call(name: str) -> None:
    before, after = HUGGING[name]
    assert laid_out(before, 32, HUGGING_HEAD) == after


ALIGNED_HEAD = "f(1,\n  2)\n"
ALIGNED = {
    "below the first argument": (
        "x = Dense(44, name='a'«, reg=l2(1)»)(y)",
        "x = Dense(44, name='a',\n          reg=l2(1))(y)",
    ),
    "as many a line as fit": (
        "x = Dense(4444, name='a'«, reg=l2(1), b=l2(1)»)",
        "x = Dense(4444, name='a',\n          reg=l2(1), b=l2(1))",
    ),
    "each on its own line": (
        "x = Dense(4444, name='a'«, reg=l2(1), biases=l2(1)»)",
        "x = Dense(4444, name='a',\n          reg=l2(1),\n          biases=l2(1))",
    ),
    "in another call": (
        "m.add(Dense(4444, 'a'«, reg=l2(1)»))",
        "m.add(Dense(4444, 'a',\n            reg=l2(1)))",
    ),
    "with tabs": (
        "if a:\n\tx = Dense(444, 'a'«, reg=l2(1)»)",
        "if a:\n\tx = Dense(444, 'a',\n\t          reg=l2(1))",
    ),
    "on a line that begins below": (
        "x = Dense(4,\n          'relu', 'ab'«, reg=l2(1)»)(y)",
        "x = Dense(4,\n          'relu', 'ab',\n          reg=l2(1))(y)",
    ),
    "not `(y)` when the new line is too long": (
        "x = Dense(4,\n          'relu', 'ab'«, reg=l2(1)»)(yyyyyyyyyy)",
        "x = Dense(4,\n          'relu', 'ab',\n          reg=l2(1))(yyyyyyyyyy)",
    ),
    "no place there": (
        "xxxxxxxxxxxxxxxxxxx = Dense(4«, reg=l2(1)»)",
        "xxxxxxxxxxxxxxxxxxx = Dense(\n    4,\n    reg=l2(1),\n)",
    ),
    "the items of a list": (
        "m = [\n    Dense(4444, 'abc'«, reg=l2(1)»),\n]",
        "m = [\n    Dense(4444, 'abc',\n          reg=l2(1)),\n]",
    ),
}


@pytest.mark.parametrize("name", ALIGNED)
def test_arguments_below_the_first_one(name: str) -> None:
    before, after = ALIGNED[name]
    assert laid_out(before, 32, ALIGNED_HEAD) == after


def test_a_file_that_closes_calls_on_their_last_line() -> None:
    head = "f(\n      1,\n      2)\n"
    before = "x = Dense(4444, name='a'«, reg=l2(1)»)(y)"
    assert laid_out(before, 32, head) == "x = Dense(\n      4444,\n      name='a',\n      reg=l2(1))(y)"


NOT_LONGER = {
    "as long": "x = Dense(4444444444444, reg=«l2(5)»)(y)",
    "shorter, and still too long": "x = Dense(4444444444444, reg=«l2(55)»)(y)",
    "one of two lines": "x = Dense(\n    4444444444444, name='a', reg=«l2(5)»\n)",
    "with a comment": "x = Dense(44444444444, reg=«l2(5)»)  # too long",
}


@pytest.mark.parametrize("name", NOT_LONGER)
def test_a_line_that_was_too_long_stays_where_it_does_not_become_longer(name: str) -> None:
    """Here what is marked is replaced by ``l2(1)``."""
    before = NOT_LONGER[name]
    start, end = before.index("«"), before.index("»") - 1
    source = before.replace("«", "").replace("»", "")
    edits = in_shape(source, [Edit(start, end, "l2(1)")], 30, "\n", "    ")
    assert apply_edits(source, edits) == source[:start] + "l2(1)" + source[end:]


SHORTER = {
    "what was too long for a line": (
        "x = Dense(\n    4, reg=«l1_l2(l1=1, l2=1)»\n)",
        "x = Dense(4, reg=l2(1))",
    ),
    "what was too long for a line around it": (
        "m.add(\n    Dense(\n        4, reg=«l1_l2(l1=1, l2=1)»\n    )\n)",
        "m.add(Dense(4, reg=l2(1)))",
    ),
    "a call that follows": (
        "x = Dense(4, reg=«l1_l2(l1=1, l2=1)»)(\n    y\n)",
        "x = Dense(4, reg=l2(1))(y)",
    ),
    "not what has a trailing comma": (
        "x = Dense(\n    4, reg=«l1_l2(l1=1, l2=1)»,\n)",
        "x = Dense(\n    4, reg=l2(1),\n)",
    ),
    "not what would have fitted before": (
        "x = D(\n    4, reg=«l2(l2=1)»\n)",
        "x = D(\n    4, reg=l2(1)\n)",
    ),
    "not what has a comment": (
        "x = Dense(  # a\n    4, reg=«l1_l2(l1=1, l2=1)»\n)",
        "x = Dense(  # a\n    4, reg=l2(1)\n)",
    ),
}


@pytest.mark.parametrize("name", SHORTER)
def test_what_fits_on_one_line_again_is_put_there(name: str) -> None:
    """Here what is marked is replaced by ``l2(1)``."""
    before, after = SHORTER[name]
    start, end = before.index("«"), before.index("»") - 1
    source = before.replace("«", "").replace("»", "")
    edits = in_shape(source, [Edit(start, end, "l2(1)")], 32, "\n", "    ")
    assert apply_edits(source, edits) == after
