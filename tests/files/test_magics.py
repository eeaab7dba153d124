"""What of a cell is Python."""

from __future__ import annotations

import ast

import pytest

from reglint.files.magics import is_python, without_magics

PLAIN = [
    "",
    "x = 1\n",
    "y = a % b\n",
    "print('%d' % 3)\nprint('a=%d' % 3)\n",
    "print(\n    '%d'\n    % 3\n)\n",
    "x = [\n    a,\n    % 3\n]\n",
    "s = '''\n%matplotlib\n!ls\nwhat?\n'''\n",
    's = f"""\n!ls {x}\n"""\n',
    "x = 1  # why?\n",
    "x = 'a\\\n!b'\n",
    "x = 1 + \\\n  2\n",
    "if a != b: pass\n",
    "x = a if b else '!'\n",
    "d['='] = '%'\n",
    "f'{x!r}'\n",
    "# %%time\n",
    "x = 1;\n",
    "pip = 3\npip\n",
]


@pytest.mark.parametrize("cell", PLAIN)
def test_python_stays_as_it_is(cell: str) -> None:
    assert without_magics(cell) == cell


MASKED = {
    "line magic": ("%matplotlib inline\nx = 1", "                  \nx = 1"),
    "no line end": ("%time", "     "),
    "shell": ("!pip install 'it\nx = 1", "                \nx = 1"),
    "two exclamation marks": ("!!ls\n", "    \n"),
    "continued": ("!pip install \\\n  keras \\\n  tf\nx = 1", "              \n         \n    \nx = 1"),
    "continued, CRLF": ("!a \\\r\n b\r\nx = 1\r\n", "    \r\n  \r\nx = 1\r\n"),
    "backslash in a line": ("!ls C:\\x\nx = 1", "        \nx = 1"),
    "help before": ("?Dense\n??Dense", "      \n       "),
    "help after": ("layers.Dense?\nx[0].y??\nDe*?", "             \n        \n    "),
    "help about a magic": ("%time?\n%%time?", "      \n       "),
    "quoting": (",f a b\n;f a b\n/f a b\n", "      \n      \n      \n"),
    "cell magic": ("%%time\nx = 1", "      \nx = 1"),
    "in a block": ("if x:\n    !ls -l\n    %cd a\ny", "if x:\n    0     \n    0    \ny"),
    "in a block, short": ("try:\n\t!l\nexcept E: pass", "try:\n\t0 \nexcept E: pass"),
    "assigned shell": ("files = !ls -l\nx", "files = __    \nx"),
    "assigned magic": ("x = %env HOME\n", "x = __       \n"),
    "assigned to several": ("a, b[0].c = !ls\n", "a, b[0].c = __ \n"),
    "assigned in a block": ("if x:\n  y = !ls", "if x:\n  y = __ "),
    "after a string of several lines": ("'''\n%a\n'''\n%b\n", "'''\n%a\n'''\n  \n"),
    "after brackets": ("f(\n%a\n)\n%b\n", "f(\n%a\n)\n  \n"),
    "after a comment with a quote": ("# it's\n%b\n", "# it's\n  \n"),
    "after an escaped quote": ("'a\\'b'\n%b\n", "'a\\'b'\n  \n"),
    "after a raw string": ("r'\\' '\n%b\n", "r'\\' '\n  \n"),
    "letters outside the BMP": ("!echo \U0001f600 日本\nx", "          \nx"),
}


@pytest.mark.parametrize(("cell", "masked"), MASKED.values(), ids=MASKED)
def test_magics_become_white_space(cell: str, masked: str) -> None:
    assert without_magics(cell) == masked
    assert len(masked) == len(cell)


def test_what_is_masked_is_python() -> None:
    cell = "%a\nif x:\n    !ls\nelse:\n    y = %b c\n!d \\\n  e\nz?\n"
    assert ast.dump(ast.parse(without_magics(cell))) == ast.dump(ast.parse("if x:\n    0\nelse:\n    y = __"))


AUTOMAGIC = {
    "pip install -q keras==3\nx = 1": "                       \nx = 1",
    "if x:\n  cd ../data\n": "if x:\n  0         \n",
    "ls\nls in x\npip = 3\ncat(x)\n": "ls\nls in x\npip = 3\ncat(x)\n",
}


@pytest.mark.parametrize(("cell", "masked"), AUTOMAGIC.items())
def test_magics_without_their_sign(cell: str, masked: str) -> None:
    assert without_magics(cell) == cell
    assert without_magics(cell, automagic=True) == masked


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("x = 1", True),
        ("", True),
        ("%%time\nx = 1", True),
        ("%%timeit -n 3\nx = 1", True),
        ("%%capture out\nx", True),
        ("\n  \n%%time\nx", True),
        ("%time x", True),
        ("x = 1\n%%bash\nls", True),
        ("%%bash\nls", False),
        ("\n# a comment\n%%html\n<b>", False),
        ("%%writefile model.py\nx = 1", False),
        ("%%javascript", False),
        ("%%python2\nprint 1", False),
        ("# %%bash\nx", True),
    ],
)
def test_the_cell_magic_says_whether_a_cell_is_python(cell: str, expected: bool) -> None:
    assert is_python(cell) is expected
