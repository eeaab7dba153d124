"""Notebooks as documents: one module, places in cells, and edits of the file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from reglint.files.documents import DocumentError, Problem, document_of, read_document
from reglint.files.edit import Edit
from reglint.files.text import Place

if TYPE_CHECKING:
    from pathlib import Path

    from reglint.files.documents import Document

MARKDOWN = "# text"
"""Stands for a cell of text in these tests."""


def notebook_of(tmp_path: Path, *cells: str, **more: Any) -> Document:
    path = tmp_path / "a.ipynb"
    content = [
        {"cell_type": "markdown" if cell == MARKDOWN else "code", "source": cell.splitlines(keepends=True)}
        for cell in cells
    ]
    path.write_text(json.dumps({"cells": content, "nbformat": 4, **more}))
    return read_document(path)


MODULES = {
    "in their order": (["a = 1", MARKDOWN, "b = a\n"], "a = 1\nb = a\n\n"),
    "magics": (
        ["%time\n!ls\na", "%%time\nb", "if a:\n    %time"],
        "     \n   \na\n      \nb\nif a:\n    0    \n",
    ),
    "other languages": (["%%bash\nls", "a", "%%writefile m.py\nimport os"], "a\n"),
    "a cell that is not Python": (["a", "b = (", "c)", "d"], "a\nd\n"),
    "each cell by itself": (["a = (1,", "2)", "b"], "b\n"),
    "magics without their sign": (["pip install keras\nimport keras"], "                 \nimport keras\n"),
    "indented as a whole": (["  a\n  b", "c"], "if True:\n  a\n  b\nc\n"),
    "top-level await": (["await f()\nasync for x in y: pass"], "await f()\nasync for x in y: pass\n"),
    "top-level return": (["return 3", "a"], "return 3\na\n"),
    "a comment at the end": (["a  # b", "c"], "a  # b\nc\n"),
    "a backslash at the end": (["a \\", "c"], "c\n"),
    "a null byte": (["a\0", "c"], "c\n"),
    "half a surrogate pair": (["'\ud83d'", "c"], "c\n"),
    "nested too deeply": (["-" * 100_000 + "1", "c"], "c\n"),
    "nothing": ([], ""),
}


@pytest.mark.parametrize(("cells", "module"), MODULES.values(), ids=MODULES)
def test_the_code_cells_are_one_module(tmp_path: Path, cells: list[str], module: str) -> None:
    document = notebook_of(tmp_path, *cells)
    assert document.source == module
    assert document.edited(()).data == document.data


LANGUAGES = {
    "none": ({}, "a\n"),
    "Python": ({"metadata": {"language_info": {"name": "python"}}}, "a\n"),
    "Python 3": ({"metadata": {"kernelspec": {"language": "Python 3"}}}, "a\n"),
    "R": ({"metadata": {"kernelspec": {"language": "R"}}}, ""),
}


@pytest.mark.parametrize(("more", "module"), LANGUAGES.values(), ids=LANGUAGES)
def test_only_python_is_read(tmp_path: Path, more: dict[str, Any], module: str) -> None:
    assert notebook_of(tmp_path, "a", **more).source == module


def test_what_is_not_python_is_named_with_its_cell(tmp_path: Path) -> None:
    document = notebook_of(tmp_path, MARKDOWN, "a", "%time\nx = (1", "f(\n", "return 3")
    assert document.problems == (
        Problem(Place(3, 2, 5, 2, 6), "'(' was never closed"),
        Problem(Place(4, 1, 2, 1, 3), "'(' was never closed"),
    )
    assert [document.line(problem.place) for problem in document.problems] == ["x = (1", "f("]


def test_code_for_a_newer_python_is_no_problem(tmp_path: Path) -> None:
    document = notebook_of(tmp_path, "type X = int", "a")
    assert (document.problems, document.source) == ((), "type X = int\na\n")


def test_places_are_those_of_cells(tmp_path: Path) -> None:
    document = notebook_of(tmp_path, "%time\nf(1)", MARKDOWN, "(", "  x\n  'é', g(\n  2)\n", "h")
    places = {}
    for call in ("f(1)", "g(\n  2)", "h"):
        start = document.source.index(call)
        places[call] = document.place(document.text.span(start, start + len(call)))
    assert places == {
        "f(1)": Place(1, 2, 1, 2, 5),
        "g(\n  2)": Place(4, 2, 8, 3, 5),
        "h": Place(5, 1, 1, 1, 2),
    }
    assert [document.line(place) for place in places.values()] == ["f(1)", "  'é', g(", "h"]


def test_the_limit_of_a_character_is_the_end_of_its_cell(tmp_path: Path) -> None:
    document = notebook_of(tmp_path, "ab", "c\n", "d")
    assert document.source == "ab\nc\n\nd\n"
    assert [document.limit(offset) for offset in range(7)] == [2, 2, 2, 5, 5, 5, 7]


def test_the_screen_sees_code_only(tmp_path: Path) -> None:
    document = notebook_of(tmp_path, "import keras\n%time\nDense(", MARKDOWN, "%%bash\nls")
    assert document.code == b"import keras\n%time\nDense("


EDITS = {
    # cells, the text in the module and what is written for it, the cells after
    "within": (["a", "%time\nf(1)", "b"], ("1", "2"), ["a", "%time\nf(2)", "b"]),
    "at the end": (["f(1)", "b"], ("1)\n", "1, 2)\n"), ["f(1, 2)", "b"]),
    "a new last line": (["a\nb", "c"], ("b\n", "b\nd\n"), ["a\nb\nd", "c"]),
    "in an indented cell": (["  f(1)", "b"], ("1", "2"), ["  f(2)", "b"]),
    "after a cell that is left out": (["(", "f(1)"], ("1", "2"), ["(", "f(2)"]),
}


@pytest.mark.parametrize(("cells", "edit", "after"), EDITS.values(), ids=EDITS)
def test_edits_of_the_module_are_edits_of_cells(
    tmp_path: Path, cells: list[str], edit: tuple[str, str], after: list[str]
) -> None:
    document = notebook_of(tmp_path, *cells)
    old, new = edit
    start = document.source.index(old)
    edited = document.edited([Edit(start, start + len(old), new)])
    assert edited.source == document.source.replace(old, new)
    assert (
        edited.data
        == json.dumps(
            {
                "cells": [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in after],
                "nbformat": 4,
            }
        ).encode()
    )


REFUSED = {
    "over two cells": (["a", "b"], Edit(0, 3, "c"), "an edit goes beyond cell 1"),
    "the line end between two cells": (["a", "b"], Edit(1, 2, ";"), "an edit goes beyond cell 1"),
    "in a magic": (["%time\nb"], Edit(2, 3, "x"), "an edit goes into a magic of cell 1"),
    "what becomes no Python": (["a"], Edit(0, 1, "("), "the edited file reads otherwise than it should"),
    "what becomes a magic": (["a"], Edit(0, 1, "%b"), "the edited file reads otherwise than it should"),
}


@pytest.mark.parametrize(("cells", "edit", "reason"), REFUSED.values(), ids=REFUSED)
def test_edits_that_cells_cannot_have_are_refused(
    tmp_path: Path, cells: list[str], edit: Edit, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        notebook_of(tmp_path, *cells).edited([edit])


BROKEN = {
    "not JSON": (b'{\n "cells": [', "line 2, column 12 is not JSON (expecting value)"),
    "empty": (b"", "it is empty"),
    "not UTF-8": (b'{"cells":\n"\xe9"}', "line 2 is not UTF-8"),
    "Python": (b"import keras\n", "line 1, column 1 is not JSON (expecting value)"),
}


@pytest.mark.parametrize(("data", "reason"), BROKEN.values(), ids=BROKEN)
def test_what_is_no_notebook_is_an_error_with_a_way_out(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(DocumentError) as caught:
        document_of(tmp_path / "a.ipynb", data)
    assert caught.value.reason == (
        f"is no notebook: {reason}; open it in Jupyter and save it again, or leave it out of the run"
    )


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    data = b'\xef\xbb\xbf{"cells": [{"cell_type": "code", "source": "a"}]}'
    document = document_of(tmp_path / "a.ipynb", data)
    assert document.edited([Edit(0, 1, "b")]).data == data.replace(b'"a"', b'"b"')
