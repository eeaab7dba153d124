"""Where comments are, what they are about, and where one may be added."""

from __future__ import annotations

from pathlib import Path

import pytest

from reglint.files.documents import SourceFile
from reglint.suppress import comments
from reglint.suppress.comments import Comments, read_comments


def read(source: str) -> Comments:
    return read_comments(SourceFile(Path("a.py"), source.encode(), "utf-8"))


@pytest.fixture(params=["tokens", "tree"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to find comments, of which the second one is for what the running Python cannot read."""
    if request.param == "tree":
        monkeypatch.setattr(comments, "_by_tokens", lambda _: None)


ABOUT = {
    "at the end of a line": ("x = 1  # a\ny\n", [("# a", False, 1, 1)]),
    "above a statement": ("# a\nx = f(\n  1,\n  2)\ny\n", [("# a", True, 1, 4)]),
    "above another comment": ("# a\n# b\nx = f(\n  1)\n", [("# a", True, 1, 4), ("# b", True, 2, 4)]),
    "above a blank line": ("# a\n\nx = 1\n", [("# a", True, 1, 1)]),
    "above the head of a block": ("# a\nif f(\n  1):\n  x\n", [("# a", True, 1, 3)]),
    "above a block on one line": ("# a\nif f(): x\ny\n", [("# a", True, 1, 2)]),
    "above a decorator": ("# a\n@f(\n 1)\ndef g(): pass\n", [("# a", True, 1, 3)]),
    "between a decorator and its function": ("@f\n# a\ndef g(x=\n 1): pass\n", [("# a", True, 2, 4)]),
    "above else": ("if x:\n  y\n# a\nelse:\n  z\n", [("# a", True, 3, 4)]),
    "at the end of a block": ("if x:\n  y\n  # a\nz = f(\n)\n", [("# a", True, 3, 5)]),
    "inside brackets": ("x = f(\n  # a\n  g(\n  1),\n  2)\n", [("# a", True, 2, 3)]),
    "after an opening bracket": ("x = f(  # a\n  1)\n", [("# a", False, 1, 1)]),
    "after a closing bracket": ("x = f(\n  1\n)  # a\n", [("# a", False, 3, 3)]),
    "after a backslash": ("x = 1 + \\\n  2  # a\n", [("# a", False, 2, 2)]),
    "above a backslash": ("# a\nx = 1 + \\\n  2\ny\n", [("# a", True, 1, 3)]),
    "the last line": ("x\n# a", [("# a", True, 2, 2)]),
    "the last statement": ("x # a", [("# a", False, 1, 1)]),
    "nothing but a comment": ("# a", [("# a", True, 1, 1)]),
    "in strings": ("x = '# a'\ny = '''\n# b\n'''\nz = f'{x} # c'\n", []),
    "CRLF": ("x  # a\r\n# b\r\ny\r\n", [("# a", False, 1, 1), ("# b", True, 2, 3)]),
    "carriage returns": ("x  # a\ry  # b\r", [("# a", False, 1, 1), ("# b", False, 2, 2)]),
    "form feed and tabs": (
        "x\n\x0c\n\x0c# a\nif x:\n\ty\t# b\n",
        [("# a", True, 3, 4), ("# b", False, 5, 5)],
    ),
    "letters beyond ASCII": ("x = '日本\U0001f600'  # ä\n", [("# ä", False, 1, 1)]),
}


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(("source", "expected"), ABOUT.values(), ids=ABOUT)
def test_comments(source: str, expected: list[tuple[str, bool, int, int]]) -> None:
    found = read(source).comments
    assert [(one.text, one.alone, one.first_line, one.last_line) for one in found] == expected
    assert all(source.startswith(one.text, one.start) for one in found)


OPEN = {
    "x = f(\n  1,\n\n  2)\n# a\ny\n": {1, 2, 4, 6},
    "x = '''\na\n'''\n": {3},
    "x = f'''\n{\n1}\n'''\n": {4},
    "x = f(\\\n  1,\n  2)\n": {2, 3},
    "if x: y\nelse:\n  z": {1, 2, 3},
    "": set(),
}


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(("source", "lines"), OPEN.items())
def test_open_lines(source: str, lines: set[int]) -> None:
    assert read(source).open_lines == lines


def test_a_form_feed_before_code_which_the_tree_loses() -> None:
    found = read("x\n\x0cy  # a\n\x0c# b\nz\n")
    assert [(one.text, one.alone, one.first_line, one.last_line) for one in found.comments] == [
        ("# a", False, 2, 2),
        ("# b", True, 3, 4),
    ]
    assert found.open_lines == {1, 2, 4}


def test_quotes_in_a_formatted_string_as_newer_pythons_allow() -> None:
    found = read("x = f'{y['#a']}'  # b\ntype X = int  # c\n")
    assert [one.text for one in found.comments] == ["# b", "# c"]
