"""Which fences of a Markdown text hold Python, and edits of them."""

from __future__ import annotations

import pytest

from reglint.files.edit import Edit, apply_edits
from reglint.files.fences import read_fences


def shown(text: str) -> list[tuple[int, str]]:
    return [(fence.first_line, fence.source) for fence in read_fences(text)]


INFO = {
    "python": True,
    "py": True,
    "Python": True,
    "python3": True,
    "py3": True,
    "ipython3": True,
    'python title="a.py" hl_lines="1"': True,
    "python,ignore": True,
    "python:a.py": True,
    "{python}": True,
    "{python, echo=FALSE}": True,
    "{.python .numberLines}": True,
    "{ .py }": True,
    "{code-cell}": True,
    "{code-cell} ipython3": True,
    "{code-block} python": True,
    "{code} python": True,
    "{sourcecode} py": True,
    "": False,
    "bash": False,
    "pycon": False,
    "python-repl": False,
    "pytb": False,
    "{code-cell} julia": False,
    "{code-block}": False,
    "{code-block} bash": False,
    "{r}": False,
    "{note}": False,
    "text python": False,
}


@pytest.mark.parametrize(("info", "is_python"), INFO.items(), ids=INFO)
def test_the_info_string_names_the_language(info: str, is_python: bool) -> None:
    assert shown(f"# x\n\n```{info}\na\n```\n") == ([(4, "a\n")] if is_python else [])
    assert shown(f"~~~ {info}\na\n~~~\n") == ([(2, "a\n")] if is_python else [])


TEXTS = {
    "several": ("```py\na\n```\ntext\n```py\nb\n```\n", [(2, "a\n"), (6, "b\n")]),
    "none": ("a\n    b\n`c`\n", []),
    "nothing": ("", []),
    "empty": ("```py\n```\n", [(2, "")]),
    "CRLF": ("```py\r\na\r\n\r\nb\r\n```\r\n", [(2, "a\r\n\r\nb\r\n")]),
    "never closed": ("```py\na\n\nb", [(2, "a\n\nb")]),
    "never closed, with a line end": ("```py\na\n", [(2, "a\n")]),
    "opened in the last line": ("```py", [(2, "")]),
    "closed by more marks": ("```py\na\n`````\nb\n", [(2, "a\n")]),
    "not closed by fewer marks": ("````py\na\n```\nb\n````\n", [(2, "a\n```\nb\n")]),
    "not closed by other marks": ("```py\na\n~~~\nb\n```\n", [(2, "a\n~~~\nb\n")]),
    "not closed by marks with text": ("```py\na\n``` py\n```\n", [(2, "a\n``` py\n")]),
    "code in a line": ("```py a```\nb\n```py\nc\n```\n", [(4, "c\n")]),
    "indented": ("   ```py\n   a\n     b\n\n   c\n   ```\n", [(2, "a\n  b\n\nc\n")]),
    "indented less than its fence": ("    ```py\n  a\nb\n    ```\n", [(2, "a\nb\n")]),
    "in a list": ("- x\n\n  ```py\n  a\n  ```\n", [(4, "a\n")]),
    "beside the marker of a list": ("1. ```py\n   a\n   ```\n* ~~~py\n  b\n  ~~~\n", [(2, "a\n"), (5, "b\n")]),
    "tabs": ("-\tx\n\n\t```py\n\ta\n\t\tb\n\t```\n", [(4, "a\n\tb\n")]),
    "in a quote": ("> ```py\n> a\n>\n>   b\n> ```\n", [(2, "a\n\n  b\n")]),
    "in a quote that ends": ("> ```py\n> a\nb\n```py\nc\n```\n", [(2, "a\n"), (5, "c\n")]),
    "in a quote in a list": ("- > ```py\n  > a\n  > ```\n", [(2, "a\n")]),
    "in a quote in a quote": ("> > ```py\n> > a\n> > ```\n", [(2, "a\n")]),
    "in a longer fence": ("````md\n```py\na\n```\n````\n```py\nb\n```\n", [(7, "b\n")]),
    "in a fence without a language": ("~~~\n```py\na\n```\n~~~\n", []),
    "in a comment": ("<!--\n```py\na\n```\n-->\n<!-- b -->\n```py\nc\n```\n", [(8, "c\n")]),
    "in a directive": ("````{note}\n```py\na\n```\n````\n```py\nb\n```\n", [(3, "a\n"), (7, "b\n")]),
    "in directives": (
        "`````{a}\n````{b}\n```py\na\n```\n````\n`````\n```\nno\n```\n```py\nb\n```\n",
        [(4, "a\n"), (12, "b\n")],
    ),
    "in colons": (":::{note}\n```py\na\n```\n:::\n```py\nb\n```\n", [(3, "a\n"), (7, "b\n")]),
    "code cell in colons": (":::{code-cell} python\na\n:::\n", [(2, "a\n")]),
    "colons that nothing closes": ("::: keras.layers\n````{note}\n```py\na\n```\n````\n```py\nb\n```\n",
                                   [(4, "a\n"), (8, "b\n")]),
    "options": ("```{code-cell}\n:tags: [a]\n:name: b\n\na\n```\n", [(4, "\na\n")]),
    "options in YAML": ("```{code-cell}\n---\ntags: [a]\n---\na\n```\n", [(5, "a\n")]),
    "options alone": ("```{code-cell}\n:tags: [a]\n```\n", [(3, "")]),
    "no options without a directive": ("```py\n:a: b\n```\n", [(2, ":a: b\n")]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "fences"), TEXTS.values(), ids=TEXTS)
def test_the_python_of_a_text(text: str, fences: list[tuple[int, str]]) -> None:
    assert shown(text) == fences


EDITS = {
    # the text, what of the code is replaced, by what, the text after
    "within a line": ("```py\nf(1)\n```\n", "1", "2", "```py\nf(2)\n```\n"),
    "within a line of a list": ("- ```py\n  a\n  f(1)\n  ```\n", "1", "2", "- ```py\n  a\n  f(2)\n  ```\n"),
    "a line becomes two": ("  ```py\n  f(1)\n  ```\n", "1", "\n    2", "  ```py\n  f(\n      2)\n  ```\n"),
    "two lines become one": ("> ```py\n> f(\n>   1)\n> ```\n", "\n  1", "2", "> ```py\n> f(2)\n> ```\n"),
    "a line before another": ("  ```py\n  a\n  b\n  ```\n", "b", "x\nb", "  ```py\n  a\n  x\n  b\n  ```\n"),
    "whole lines": ("  ```py\n  a\n  b\n  ```\n", "a\n", "x\ny\n", "  ```py\n  x\n  y\n  b\n  ```\n"),
    "the last line": ("  ```py\n  a\n  b\n  ```\n", "b\n", "b\nx\n", "  ```py\n  a\n  b\n  x\n  ```\n"),
    "a line goes": ("  ```py\n  a\n\n  b\n  ```\n", "a\n", "", "  ```py\n\n  b\n  ```\n"),
    "the last line goes": ("  ```py\n  a\n  b\n  ```\n", "b\n", "", "  ```py\n  a\n  ```\n"),
    "CRLF": ("  ```py\r\n  a\r\n  ```\r\n", "a\r\n", "a\r\nb\r\n", "  ```py\r\n  a\r\n  b\r\n  ```\r\n"),
    "above an empty line": ("  ```py\n  a\n\n  b\n  ```\n", "a\n", "a\nx\n", "  ```py\n  a\n  x\n\n  b\n  ```\n"),
    "below an empty line": ("> ```py\n> a\n>\n> b\n> ```\n", "\nb", "\nx\nb", "> ```py\n> a\n>\n> x\n> b\n> ```\n"),
    "after options": ("```{code-cell}\n:a: b\nf(1)\n```\n", "1", "2", "```{code-cell}\n:a: b\nf(2)\n```\n"),
    "never closed": ("  ```py\n  a", "a", "a\nb", "  ```py\n  a\n  b"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "old", "new", "after"), EDITS.values(), ids=EDITS)
def test_edits_of_the_code_are_edits_of_the_text(text: str, old: str, new: str, after: str) -> None:
    (fence,) = read_fences(text)
    start = fence.source.index(old)
    edit = fence.edit(Edit(start, start + len(old), new))
    assert apply_edits(text, [edit]) == after
    assert [again.source for again in read_fences(after)] == [fence.source.replace(old, new, 1)]


def test_a_line_that_is_put_in_above_an_empty_one_is_indented_as_the_others() -> None:
    (fence,) = read_fences("  ```py\n  a\n\n  b\n  ```\n")
    edit = fence.edit(Edit(2, 2, "x\n"))
    assert apply_edits("  ```py\n  a\n\n  b\n  ```\n", [edit]) == "  ```py\n  a\n  x\n\n  b\n  ```\n"
