"""The JSON text of a notebook: its code cells, and edits of them that leave everything else."""

from __future__ import annotations

import json

import pytest

from reglint.files.edit import Edit
from reglint.files.notebook_json import NotANotebook, RawCell, edit_cells, read_cells


def notebook(*cells: object, **more: object) -> str:
    return json.dumps({"cells": cells, **more})


def code(source: object, **more: object) -> dict[str, object]:
    return {"cell_type": "code", "source": source, **more}


READ = {
    "no cell": (notebook(), None, []),
    "a list and a text": (notebook(code(["a\n", "b"]), code("c")), None, [(1, "a\nb", None), (2, "c", None)]),
    "all cells count": (
        notebook({"cell_type": "markdown", "source": "x"}, {"cell_type": "raw"}, code([])),
        None,
        [(3, "", None)],
    ),
    "language_info": (
        notebook(metadata={"language_info": {"name": "R"}, "kernelspec": {"language": "python"}}),
        "R",
        [],
    ),
    "kernelspec": (notebook(metadata={"kernelspec": {"language": "julia"}}), "julia", []),
    "metadata of another form": (notebook(metadata=["R"]), None, []),
    "a cell in another language": (
        notebook(code("x", metadata={"vscode": {"languageId": "sql"}})),
        None,
        [(1, "x", "sql")],
    ),
    "format 3": (
        json.dumps(
            {
                "nbformat": 3,
                "worksheets": [
                    {"cells": [{"cell_type": "heading", "source": "x"}]},
                    {},
                    {"cells": [{"cell_type": "code", "input": ["a\n", "b"], "language": "python"}]},
                ],
            }
        ),
        None,
        [(2, "a\nb", "python")],
    ),
    "of two equal keys the last one": (
        '{"cells": [{"cell_type": "code", "source": "a", "source": "b"}]}',
        None,
        [(1, "b", None)],
    ),
}


@pytest.mark.parametrize(("text", "language", "cells"), READ.values(), ids=READ)
def test_the_code_cells(text: str, language: str | None, cells: list[tuple[int, str, str | None]]) -> None:
    assert read_cells(text) == (language, [RawCell(*cell) for cell in cells])


NOT = {
    "empty": ("", "it is empty"),
    "white space": (" \n", "it is empty"),
    "not JSON": (
        "{\n  x",
        "line 2, column 3 is not JSON (expecting property name enclosed in double quotes)",
    ),
    "cut off": ('{"cells": [{"cell_type', "line 1, column 13 is not JSON (unterminated string starting at)"),
    "more after it": ('{"cells": []}\n]', "line 2, column 1 is not JSON (extra data)"),
    "a conflict": ('{\n<<<<<<< HEAD\n"a": 1', "line 2 is left of a merge conflict"),
    "a list": ("[]", "its JSON is not an object with a list of cells"),
    "no cells": ("{}", 'it has no "cells"'),
    "cells are no list": ('{"cells": {}}', 'its "cells" are not a list'),
    "worksheets are no objects": ('{"worksheets": [1]}', 'its "cells" are not a list'),
    "a cell is no object": (notebook(1), "cell 1 is not an object"),
    "no source": (
        notebook(code("x"), {"cell_type": "code"}),
        'the "source" of cell 2 is neither text nor a list of lines',
    ),
    "lines are no text": (
        notebook(code(["a", 1])),
        'the "source" of cell 1 is neither text nor a list of lines',
    ),
    "too deep": ('{"cells": ' + "[" * 100_000, "its JSON is nested too deeply"),
}


@pytest.mark.parametrize(("text", "reason"), NOT.values(), ids=NOT)
def test_what_is_no_notebook_says_why(text: str, reason: str) -> None:
    with pytest.raises(NotANotebook) as caught:
        read_cells(text)
    assert str(caught.value) == reason


A_LIST = '{"cells": [ {"source":[ "a\\n" ,\n\t"bc\\n","d" ],"cell_type":"code"}],\n "x": "\\u00e9\\/"}\n'
A_TEXT = '{"cells":[{"cell_type":"markdown"},{"cell_type":"code","source":"a\\nbc\\nd"}]}'
EDITS = {
    # JSON, cell, edit of "a\nbc\nd", the list or text after it
    "nothing": (A_LIST, 1, [], '[ "a\\n" ,\n\t"bc\\n","d" ]'),
    "within a line": (A_LIST, 1, [(3, 4, "x")], '[ "a\\n" ,\n\t"bx\\n","d" ]'),
    "two edits": (A_LIST, 1, [(0, 0, "x"), (6, 6, "y")], '[ "xa\\n" ,\n\t"bc\\n","dy" ]'),
    "a line before": (A_LIST, 1, [(2, 2, "x\n")], '[ "a\\n" ,\n\t"x\\n" ,\n\t"bc\\n","d" ]'),
    "a line at the end": (A_LIST, 1, [(6, 6, "\nx")], '[ "a\\n" ,\n\t"bc\\n","d\\n" ,\n\t"x" ]'),
    "one line becomes two": (A_LIST, 1, [(3, 3, "\n ")], '[ "a\\n" ,\n\t"b\\n" ,\n\t" c\\n","d" ]'),
    "two lines become one": (A_LIST, 1, [(4, 5, " ")], '[ "a\\n" ,\n\t"bc d" ]'),
    "a line and its end": (A_LIST, 1, [(2, 5, "x\n")], '[ "a\\n" ,\n\t"x\\n","d" ]'),
    "a line is taken": (A_LIST, 1, [(2, 5, "")], '[ "a\\n" ,\n\t"d" ]'),
    "the last character": (A_LIST, 1, [(5, 6, "x\n")], '[ "a\\n" ,\n\t"bc\\n","x\\n" ]'),
    "what JSON escapes": (A_LIST, 1, [(0, 1, '"\\\t/é')], '[ "\\"\\\\\\t/\\u00e9\\n" ,\n\t"bc\\n","d" ]'),
    "text: within a line": (A_TEXT, 2, [(3, 4, "x")], '"a\\nbx\\nd"'),
    "text: a line": (A_TEXT, 2, [(2, 2, "x\n")], '"a\\nx\\nbc\\nd"'),
    "text: at the end": (A_TEXT, 2, [(6, 6, "\nx")], '"a\\nbc\\nd\\nx"'),
}


@pytest.mark.parametrize(("text", "cell", "edits", "after"), EDITS.values(), ids=EDITS)
def test_edits_change_the_source_and_nothing_else(
    text: str, cell: int, edits: list[tuple[int, int, str]], after: str
) -> None:
    before = '"a\\nbc\\nd"' if text == A_TEXT else '[ "a\\n" ,\n\t"bc\\n","d" ]'
    assert edit_cells(text, {cell: [Edit(*edit) for edit in edits]}) == text.replace(before, after)


ONE_LINE = {
    "indented": '{"cells": [{"cell_type": "code", "source": [\n    "a"\n   ]}]}',
    "one line": '{"cells": [{"cell_type": "code", "source": ["a"]}]}',
    "no space": '{"cells":[{"cell_type":"code","source":["a"]}]}',
}


@pytest.mark.parametrize(
    ("name", "between"), [("indented", ",\n    "), ("one line", ", "), ("no space", ",")]
)
def test_a_second_line_is_set_off_as_the_file_does(name: str, between: str) -> None:
    text = ONE_LINE[name]
    assert edit_cells(text, {1: [Edit(1, 1, "\nb")]}) == text.replace('"a"', f'"a\\n"{between}"b"')


def test_a_file_that_writes_letters_as_they_are_keeps_to_it() -> None:
    text = '{"cells": [{"cell_type": "code", "source": ["é\\u00e9\\ud83d\\ude00x"]}]}'
    assert edit_cells(text, {1: [Edit(3, 4, "日")]}) == text.replace("x", "日")


def test_the_last_line_end_is_not_doubled() -> None:
    text = '{"cells": [{"cell_type": "code", "source": ["a\\n", "b\\n"]}]}'
    assert edit_cells(text, {1: [Edit(4, 4, "c\n")]}) == text.replace('"b\\n"', '"b\\n", "c\\n"')


def test_a_cell_of_format_3() -> None:
    text = (
        '{"worksheets": [{"cells": [{"cell_type": "markdown", "source": []}]}, '
        '{"cells": [{"cell_type": "code", "input": ["a"]}]}]}'
    )
    assert edit_cells(text, {2: [Edit(0, 1, "b")]}) == text.replace('"a"', '"b"')
