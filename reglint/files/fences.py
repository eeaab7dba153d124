"""Fenced code in Markdown, with the directives of MyST: where the Python is, and edits of it.

Fences are found as CommonMark says (https://spec.commonmark.org/0.31.2/#fenced-code-blocks), but at any indentation,
since lists and admonitions nest them deeply.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from reglint.files.edit import Edit
from reglint.files.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

_FENCE = re.compile(
    r"""
    (?P<before>(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t]))*[ \t]*)  # the quotes and list items that it stands in
    (?P<marks>`{3,}(?=[^`]*$)|~{3,}|:{3,})[ \t]*
    (?P<info>.*)
    """,
    re.VERBOSE,
)
_DIRECTIVE = re.compile(r"\{(code-cell|code-block|code|sourcecode)\}\s*(\S*)")
_LANGUAGE = re.compile(r"\{?\s*\.?([\w+-]+)")
_PYTHON = re.compile(r"(?:i?python|py)[\d.]*", re.IGNORECASE)
_CONTAINER = re.compile(r"\{[\w:-]+\}")
"""What opens a directive of MyST; but for code its content is text again, with fences of its own."""

_OPTION = re.compile(r"[ \t]*:[\w-]+:")
_COMMENT = re.compile(r"[ \t]*<!--")
_LINE_ENDS = ("\n", "\r")


@dataclass(frozen=True)
class Fence:
    """The Python in a fence: its source, without the indentation that the text around it asks for.

    For each line of the source, and for what stands below the last one, ``starts`` has the offset in the file, and
    ``widths`` how many characters stand before the code there.
    """

    source: str
    first_line: int
    """The number of its first line in the file, from 1."""
    starts: tuple[int, ...]
    widths: tuple[int, ...]
    prefix: str
    """What a new line of it starts with."""

    @cached_property
    def _text(self) -> Text:
        return Text(self.source)

    def edit(self, edit: Edit) -> Edit:
        """The edit of the file that makes an edit of the source."""
        line, column = self._text.position(edit.start)
        end_line, end_column = self._text.position(edit.end)
        lines = edit.text.splitlines(keepends=True)
        ends_a_line = not lines or edit.text.endswith(_LINE_ENDS)
        if column == end_column == 1 and ends_a_line:
            # Whole lines: how a line is indented is its own affair.
            new = "".join(self.prefix + line for line in lines)
            return Edit(self.starts[line - 1], self.starts[end_line - 1], new)
        if lines and ends_a_line:
            lines.append("")
        return Edit(self._offset(line, column), self._offset(end_line, end_column), self.prefix.join(lines))

    def _offset(self, line: int, column: int) -> int:
        return self.starts[line - 1] + self.widths[line - 1] + column - 1


@dataclass(frozen=True, slots=True)
class _Opening:
    """The line that opens a fence."""

    before: str
    marks: str
    info: str

    @property
    def is_python(self) -> bool:
        directive = _DIRECTIVE.match(self.info)
        if directive is not None:
            language = directive[2] or ("python" if directive[1] == "code-cell" else "")
        else:
            named = _LANGUAGE.match(self.info)
            language = "" if named is None or self.marks[0] == ":" else named[1]
        return _PYTHON.fullmatch(language) is not None

    @property
    def is_container(self) -> bool:
        return self.marks[0] == ":" or _CONTAINER.match(self.info) is not None

    def width(self, line: str) -> int | None:
        """How much of a line stands before what is in the fence; None where that has ended with its quote."""
        at = 0
        quotes = self.before.count(">")
        for _ in range(quotes):
            mark = len(line[at:]) - len(line[at:].lstrip(" \t"))
            if line[at + mark : at + mark + 1] != ">":
                return None
            at += mark + 1
        indentation = len(self.before.rpartition(">")[2])
        while indentation and line[at : at + 1] in (" ", "\t"):
            at += 1
            indentation -= 1
        return at

    def is_closed_by(self, line: str) -> bool:
        marks = line.strip(" \t")
        return _closes(marks, self.marks) and not marks.strip(marks[0])


def read_fences(text: str) -> Iterator[Fence]:
    """The fences of a Markdown text that say that they hold Python, in their order."""
    lines = Text(text)
    count = len(lines.starts) - (lines.starts[-1] == len(text))
    containers: list[str] = []
    number = 1
    while number <= count:
        line = lines.line(number)
        number += 1
        if _COMMENT.match(line):
            while "-->" not in line and number <= count:
                line = lines.line(number)
                number += 1
            continue
        found = _FENCE.match(line)
        if found is None:
            continue
        opening = _Opening(found["before"], found["marks"], found["info"].strip())
        if not opening.info:
            ended = [at for at, marks in enumerate(containers) if _closes(opening.marks, marks)]
            if ended or opening.marks[0] == ":":
                del containers[ended[-1] if ended else len(containers) :]
                continue
        if opening.is_container and not opening.is_python:
            containers.append(opening.marks)
            continue
        first = number
        widths = []
        while number <= count:
            width = opening.width(lines.line(number))
            if width is None:
                break
            number += 1
            if opening.is_closed_by(lines.line(number - 1)[width:]):
                break
            widths.append(width)
        if opening.is_python:
            yield _fence(lines, first, widths, opening)


def _closes(marks: str, opened: str) -> bool:
    return marks.startswith(opened)


def _fence(lines: Text, first: int, widths: list[int], opening: _Opening) -> Fence:
    """The fence whose content starts with line ``first``; ``widths`` has what stands before each of its lines."""
    starts = [*lines.starts, len(lines.value)][first - 1 : first + len(widths)]
    code = [
        lines.value[start + width : end]
        for start, width, end in zip(starts, widths, starts[1:], strict=False)
    ]
    skipped = _options(code) if opening.info.startswith("{") else 0
    kept = [number for number, line in enumerate(code) if number >= skipped and line.strip()]
    prefix = re.sub(r"[^>\s]", " ", opening.before)
    if kept:
        start = starts[kept[0]]
        prefix = lines.value[start : start + widths[kept[0]]]
    return Fence(
        "".join(code[skipped:]),
        first + skipped,
        tuple(starts[skipped:]),
        (*widths[skipped:], 0),
        prefix,
    )


def _options(code: list[str]) -> int:
    """How many lines of a directive are its options: ``:key: value``, or YAML between dashes."""
    if code and code[0].strip() == "---":
        return next((number for number, line in enumerate(code[1:], 2) if line.strip() == "---"), 0)
    return next((number for number, line in enumerate(code) if not _OPTION.match(line)), len(code))
