"""Edits of the arguments of a call, in the call's own layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.files.edit import Edit
from reglint.fix.habit import is_regularizer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    import libcst as cst

    from reglint.files.text import Span
    from reglint.fix.fix import Fix


def edit_call(
    source: str,
    call: cst.Call,
    span: Span,
    arguments: Mapping[cst.Arg, Span],
    fixes: Sequence[Fix],
    later: Collection[str] = (),
) -> Iterator[Edit]:
    """The edits that make ``fixes``, all of the same ``call``.

    ``span`` is that of the call, ``arguments`` has those of its arguments, without the commas after them. ``later`` are
    the arguments that new ones go before.
    """
    editor = _CallEditor(source, call, span, arguments)
    present = {
        argument.keyword.value: number
        for number, argument in enumerate(call.args)
        if argument.keyword is not None
    }
    for fix in fixes:
        if fix.argument in present:
            number = present[fix.argument]
            yield editor.removal(number) if fix.value is None else editor.replacement(number, str(fix))
    added = [str(fix) for fix in fixes if fix.argument not in present and fix.value is not None]
    if added:
        removes = any(fix.value is None for fix in fixes)
        yield from editor.insertion(added, len(call.args) if removes else editor.place(later))


class _CallEditor:
    def __init__(self, source: str, call: cst.Call, span: Span, arguments: Mapping[cst.Arg, Span]) -> None:
        self.source = source
        self.arguments = call.args
        self.starts = [arguments[argument].start for argument in call.args]
        self.ends = [arguments[argument].end for argument in call.args]
        self.close = span.end - 1
        """Where the closing parenthesis is."""
        self.open = source.rindex("(", span.start, self.starts[0]) if self.starts else self.close - 1

    def before(self, number: int) -> str:
        """The text between an argument and what stands before it: comma, white space, comments."""
        return self.source[self.ends[number - 1] if number else self.open + 1 : self.starts[number]]

    def separator(self, number: int) -> str:
        """The white space that a new argument in the place of ``number`` would have before it."""
        return _last_line(self.before(number)) or " "

    def replacement(self, number: int, text: str) -> Edit:
        argument = self.arguments[number]
        assert argument.keyword is not None
        written = self.source[self.starts[number] : self.ends[number]]
        value = text.partition("=")[2]
        equal = written.index("=")
        space = len(written[equal + 1 :]) - len(written[equal + 1 :].lstrip())
        return Edit(self.starts[number] + equal + 1 + space, self.ends[number], value)

    def place(self, later: Collection[str]) -> int:
        """Which argument new ones go before: behind the regularizers that are there, and before those ``later``."""
        names = [
            argument.keyword.value if argument.keyword is not None else "" for argument in self.arguments
        ]
        place = len(names)
        while place and not is_regularizer(names[place - 1]):
            place -= 1
        if not place:
            place = len(names)
            while place > 1 and names[place - 1] in later:
                place -= 1
        return len(names) if place < len(names) and "#" in self.before(place) else place

    def insertion(self, added: Sequence[str], place: int) -> Iterator[Edit]:
        """New arguments before the one at ``place``, and before the first ``**`` splat."""
        if not self.arguments:
            yield Edit(self.close, self.close, ", ".join(added))
            return
        end, last = self.ends[-1], self.separator(len(self.ends) - 1)
        after = self.source[end : self.close]
        splat = next((n for n, argument in enumerate(self.arguments) if argument.star == "**"), place)
        place = min(place, splat)
        if place < len(self.arguments):
            start, separator = self.starts[place], self.separator(place)
            yield Edit(start, start, "".join(f"{text},{separator}" for text in added))
            if self.is_alone_on_its_line():
                yield Edit(end, end, ",")
            return
        comma = "," if self.is_alone_on_its_line() else ""
        comment = after.splitlines()[0] if after else ""
        if "#" not in comment:
            yield Edit(end, end, "".join(f",{last}{text}" for text in added) + comma)
            return
        # A comment about the last argument stays on its line: the new arguments go below it.
        if last == " ":
            column = self.starts[-1] - _line_start(self.source, self.starts[-1])
            last = _line_end(self.source) + " " * column
        below = ",".join(f"{last}{text}" for text in added)
        if comment.lstrip().startswith(","):
            yield Edit(end + len(comment), end + len(comment), f"{below},")
        else:
            yield Edit(end, end, ",")
            yield Edit(end + len(comment), end + len(comment), below + comma)

    def is_alone_on_its_line(self) -> bool:
        """Whether the only argument is on a line of its own and, as formatters leave it, without a comma."""
        after = self.source[self.ends[-1] : self.close].partition("#")
        return (
            len(self.arguments) == 1
            and self.separator(0) != " "
            and not after[0].strip()
            and _last_line("".join(after)) != ""
        )

    def removal(self, number: int) -> Edit:
        """Take an argument away with what belongs to it; None in its place where a comment would be lost."""
        start, stop = self.starts[number], self.ends[number]
        if number:
            start = self.ends[number - 1]
        elif len(self.arguments) > 1:
            stop = self.starts[1]
        else:
            start, stop = len(self.source[:start].rstrip()), self.close
        line = self.source[self.ends[number] : self.close].partition("\n")[0]
        if "#" in self.source[start : self.starts[number]] + self.source[self.ends[number] : stop] + line:
            return self.replacement(number, "=None")
        if len(self.arguments) == 1 and self.source[start - 1] != "(":
            return self.replacement(number, "=None")
        return Edit(start, stop, "")


def _last_line(white_space: str) -> str:
    """The last line end of a stretch of white space with the indentation after it; empty where there is none."""
    start = max(white_space.rfind("\n"), white_space.rfind("\r"))
    if start < 0:
        return ""
    if white_space[start - 1 : start + 1] == "\r\n":
        start -= 1
    return white_space[start:]


def _line_end(source: str) -> str:
    newline = source.find("\n")
    if newline < 0:
        return "\r" if "\r" in source else "\n"
    return "\r\n" if source[newline - 1 : newline] == "\r" else "\n"


def _line_start(source: str, offset: int) -> int:
    return max(source.rfind("\n", 0, offset), source.rfind("\r", 0, offset)) + 1
