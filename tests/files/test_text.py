"""Offsets, lines and columns."""

from __future__ import annotations

import pytest

from reglint.files.text import Span, Text

LINES = {
    "one": ("a", ["a"]),
    "none": ("", [""]),
    "LF": ("a\nb\n", ["a", "b", ""]),
    "CRLF": ("a\r\nb\r\n", ["a", "b", ""]),
    "CR": ("a\rb\r", ["a", "b", ""]),
    "mixed": ("a\rb\r\nc\nd", ["a", "b", "c", "d"]),
    "LF then CR": ("a\n\rb", ["a", "", "b"]),
    "empty lines": ("\n\n", ["", "", ""]),
    "form feed ends no line": ("\x0ca\n\x0c\nb", ["\x0ca", "\x0c", "b"]),
    "no other separator does either": ("a\x0b\x1c\x85\u2028b\nc", ["a\x0b\x1c\x85\u2028b", "c"]),
    "not in the BMP": ("\U0001f600\nb", ["\U0001f600", "b"]),
}


@pytest.mark.parametrize(("value", "lines"), LINES.values(), ids=LINES)
def test_lines_are_those_of_the_tokenizer(value: str, lines: list[str]) -> None:
    text = Text(value)
    assert [text.line(number) for number in range(1, len(lines) + 1)] == lines
    assert len(text.starts) == len(lines)
    assert [text.line(0), text.line(len(lines) + 1), text.line(-1)] == ["", "", ""]


OFFSETS = {
    # source, line, column in UTF-8 bytes, character offset, column in characters
    "ASCII": ("ab\ncd", 2, 1, 4, 2),
    "start": ("ab\ncd", 1, 0, 0, 1),
    "after two bytes": ("é = f()", 1, 5, 4, 5),
    "after three bytes": ("x\n日本 = f()", 2, 9, 7, 6),
    "after four bytes": ("'\U0001f600' + f()", 1, 9, 6, 7),
    "before the wide part": ("f('日本')", 1, 2, 2, 3),
    "after CRLF": ("a\r\n\té.f", 2, 3, 5, 3),
    "after CR": ("a\r日f", 2, 3, 3, 2),
    "after a form feed": ("\x0cé f", 1, 4, 3, 4),
}


@pytest.mark.parametrize(("value", "line", "utf8_column", "offset", "column"), OFFSETS.values(), ids=OFFSETS)
def test_positions_of_ast_become_offsets_and_back(
    value: str, line: int, utf8_column: int, offset: int, column: int
) -> None:
    text = Text(value)
    assert text.offset(line, utf8_column) == offset
    assert text.position(offset) == (line, column)


def test_a_span_has_offsets_lines_and_columns() -> None:
    text = Text("a = '\U0001f600'; f(\r\n    '日')\n")
    start = text.value.index("f(")
    end = text.value.index(")") + 1
    assert text.span(start, end) == Span(9, 21, 1, 10, 2, 9)
    assert text.value[9:21] == "f(\r\n    '日')"
