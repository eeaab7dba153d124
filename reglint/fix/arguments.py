"""Edits of the arguments of a call, or the entries of a dict, in its own layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from reglint.files.edit import Edit
from reglint.fix.habit import is_regularizer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from reglint.files.text import Span
    from reglint.fix.fix import Setting


@dataclass(frozen=True, slots=True)
class Item:
    """An argument of a call, or an entry of a dict, with where it stands, without the comma after it."""

    name: str | None
    """The keyword or the constant key."""
    span: Span
    value: int
    """Where its value starts."""
    splat: bool = False


def arguments_of(call: cst.Call, spans: Mapping[cst.CSTNode, Span]) -> list[Item]:
    """The arguments of a call."""
    return [
        Item(
            None if argument.keyword is None else argument.keyword.value,
            spans[argument],
            _opening(argument.value, spans),
            argument.star == "**",
        )
        for argument in call.args
    ]


def entries_of(written: cst.Dict, spans: Mapping[cst.CSTNode, Span]) -> list[Item]:
    """The entries of a dict."""
    return [
        Item(key_of(element), spans[element], _opening(element.value, spans)) for element in written.elements
    ]


def _opening(value: cst.BaseExpression, spans: Mapping[cst.CSTNode, Span]) -> int:
    """Where an expression starts with the parentheses around it."""
    return spans[value.lpar[0]].start if value.lpar else spans[value].start


def key_of(element: cst.BaseDictElement) -> str | None:
    """The key of an entry, where that is a string as such."""
    if isinstance(element, cst.DictElement) and isinstance(element.key, cst.SimpleString):
        key = element.key.evaluated_value
        return key if isinstance(key, str) else None
    return None


def edit_items(
    source: str,
    span: Span,
    items: Sequence[Item],
    settings: Sequence[Setting],
    *,
    opening: str = "(",
    later: Collection[str] = (),
) -> Iterator[Edit]:
    """The edits that make ``settings``, all of the same call or dict, which is at ``span`` and has these ``items``.

    ``opening`` is its bracket. ``later`` are the items that new ones go before.
    """
    editor = _Editor(source, span, items, opening)
    present = {item.name: number for number, item in enumerate(items) if item.name is not None}
    for setting in settings:
        assert setting.argument is not None
        if setting.argument in present:
            number = present[setting.argument]
            if setting.value is None:
                yield editor.removal(number)
            else:
                yield editor.replacement(number, setting.value)
    added = [
        editor.written(setting.argument, setting.value)
        for setting in settings
        if setting.argument is not None and setting.argument not in present and setting.value is not None
    ]
    if added:
        removes = any(setting.value is None for setting in settings)
        yield from editor.insertion(added, len(items) if removes else editor.place(later))


class _Editor:
    def __init__(self, source: str, span: Span, items: Sequence[Item], opening: str) -> None:
        self.source = source
        self.items = items
        self.starts = [item.span.start for item in items]
        self.ends = [item.span.end for item in items]
        self.close = span.end - 1
        """Where the closing bracket is."""
        self.bracket = opening
        if opening == "{":
            self.open = span.start
        else:
            self.open = source.rindex("(", span.start, self.starts[0]) if items else self.close - 1

    def written(self, name: str, value: str) -> str:
        """A new argument or entry, a key with the quotes of those around it."""
        if self.bracket == "(":
            return f"{name}={value}"
        first = self.source[self.starts[0]] if self.items else '"'
        quote = first if first in "\"'" else '"'
        return f"{quote}{name}{quote}: {value}"

    def before(self, number: int) -> str:
        """The text between an argument and what stands before it: comma, white space, comments."""
        return self.source[self.ends[number - 1] if number else self.open + 1 : self.starts[number]]

    def separator(self, number: int) -> str:
        """The white space that a new argument in the place of ``number`` would have before it.

        Where lines start with the comma, it has that as well.
        """
        return _last_line(self.before(number)) or " "

    def replacement(self, number: int, value: str) -> Edit:
        return Edit(self.items[number].value, self.ends[number], value)

    def place(self, later: Collection[str]) -> int:
        """Which item new ones go before: behind the regularizers that are there, and before those ``later``.

        In a dict they go behind all that is there, since what is unpacked into it must not take their place.
        """
        if self.bracket == "{":
            return len(self.items)
        names = [item.name or "" for item in self.items]
        place = len(names)
        while place and not is_regularizer(names[place - 1]):
            place -= 1
        if not place:
            place = len(names)
            while place > 1 and names[place - 1] in later:
                place -= 1
        return len(names) if place < len(names) and "#" in self.before(place) else place

    def insertion(self, added: Sequence[str], place: int) -> Iterator[Edit]:
        """New items before the one at ``place``, and before the first ``**`` splat of a call."""
        if not self.items:
            yield Edit(self.close, self.close, ", ".join(added))
            return
        end, last = self.ends[-1], self.separator(len(self.ends) - 1)
        after = self.source[end : self.close]
        splat = next((n for n, item in enumerate(self.items) if item.splat), place)
        place = min(place, splat)
        if place < len(self.items):
            start, separator = self.starts[place], _with_comma(self.separator(place))
            yield Edit(start, start, "".join(f"{text}{separator}" for text in added))
            if self.is_alone_on_its_line():
                yield Edit(end, end, ",")
            return
        comma = "," if self.is_alone_on_its_line() else ""
        comment = after.splitlines()[0] if after else ""
        if "#" not in comment:
            yield Edit(end, end, "".join(f"{_with_comma(last)}{text}" for text in added) + comma)
            return
        # A comment about the last argument stays on its line: the new arguments go below it.
        if last == " ":
            column = self.starts[-1] - _line_start(self.source, self.starts[-1])
            last = _line_end(self.source) + " " * column
        below = "".join(f"{_with_comma(last)}{text}" for text in added)
        if comment.lstrip().startswith(","):
            yield Edit(end + len(comment), end + len(comment), f"{below.replace(',', '', 1)},")
        elif "," in last:
            yield Edit(end + len(comment), end + len(comment), below)
        else:
            yield Edit(end, end, ",")
            yield Edit(end + len(comment), end + len(comment), below.removeprefix(",") + comma)

    def is_alone_on_its_line(self) -> bool:
        """Whether the only argument is on a line of its own and, as formatters leave it, without a comma."""
        after = self.source[self.ends[-1] : self.close].partition("#")
        return (
            len(self.items) == 1
            and self.separator(0) != " "
            and not after[0].strip()
            and _last_line("".join(after)) != ""
        )

    def removal(self, number: int) -> Edit:
        """Take an argument away with what belongs to it; None in its place where a comment would be lost."""
        start, stop = self.starts[number], self.ends[number]
        if number:
            start = self.ends[number - 1]
        elif len(self.items) > 1:
            stop = self.starts[1]
        else:
            start, stop = len(self.source[:start].rstrip()), self.close
        line = self.source[self.ends[number] : self.close].partition("\n")[0]
        if "#" in self.source[start : self.starts[number]] + self.source[self.ends[number] : stop] + line:
            return self.replacement(number, "None")
        if len(self.items) == 1 and self.source[start - 1] != self.bracket:
            return self.replacement(number, "None")
        return Edit(start, stop, "")


def _with_comma(separator: str) -> str:
    """What stands between two arguments, with the comma at the start of a line where it is there already."""
    return separator if "," in separator else f",{separator}"


def _last_line(white_space: str) -> str:
    """The last line end of a stretch of white space with what is after it; empty where there is none."""
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
