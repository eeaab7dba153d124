"""The brackets of a text and what their commas divide: what the layout of a statement is made of."""

from __future__ import annotations

import keyword
import re
import tokenize
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from reglint.files.tokens import FORMATTED_END, FORMATTED_START

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.files.text import Text

_LONE_RETURN = re.compile(r"\r(?!\n)")
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_CONSTANTS = frozenset({"None", "True", "False", "..."})
_PASSED_OVER = {tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.COMMENT}


@dataclass(slots=True)
class Item:
    """What stands between two commas, from its first character to its last; offsets count in the text."""

    start: int
    end: int
    comma: int | None = None
    """Where the comma after it is."""
    brackets: list[Bracket] = field(default_factory=list)

    @property
    def stop(self) -> int:
        """The end of the item with its comma."""
        return self.end if self.comma is None else self.comma + 1


@dataclass(eq=False)
class Bracket:
    """A pair of brackets.

    ``trailer`` is one that follows what it calls or indexes, as against one that stands for itself (a list, a tuple);
    ``clauses`` is where each ``for`` and ``if`` of a comprehension starts.
    """

    open: int
    trailer: bool
    close: int = -1
    items: list[Item] = field(default_factory=list)
    clauses: list[int] = field(default_factory=list)

    @cached_property
    def inner(self) -> list[Bracket]:
        """The brackets directly inside."""
        return [bracket for item in self.items for bracket in item.brackets]

    def end_of_items(self) -> int:
        """Where what is inside ends, with the comma after it."""
        return self.items[-1].stop if self.items else self.open + 1


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator, keyword or comma outside of all brackets; ``binary``: with an operand before it."""

    text: str
    start: int
    binary: bool


@dataclass(slots=True)
class LogicalLine:
    """A statement, or the head of a compound one, with the brackets that stand in no other."""

    start: int
    end: int
    comment: str
    """The comment at its end."""
    brackets: list[Bracket]
    operators: list[Operator] = field(default_factory=list)


def logical_lines(text: Text) -> Iterator[LogicalLine]:
    """The logical lines of a module.

    Raises:
        ValueError: this Python reads the text in another way than the parser did, or not at all.
    """
    if _LONE_RETURN.search(text.value):
        raise ValueError("Python's tokenizer sees no line end in a carriage return alone")
    lines = (text.value[start:end] for start, end in zip(text.starts, [*text.starts[1:], None], strict=True))
    reader = _Reader()
    formatted = 0
    try:
        for token in tokenize.generate_tokens(lambda: next(lines, "")):
            start = (
                text.starts[token.start[0] - 1] + token.start[1] if token.start[0] <= len(text.starts) else 0
            )
            if token.type in FORMATTED_START:
                formatted += 1
                reader.word(start, start + len(token.string))
            elif token.type in FORMATTED_END:
                formatted -= 1
                reader.word(start, start + len(token.string))
            elif formatted:
                continue
            elif token.type in (tokenize.NEWLINE, tokenize.ENDMARKER):
                if reader.line is not None:
                    yield reader.finish()
            elif token.type == tokenize.COMMENT:
                reader.comment = token.string
            elif token.type not in _PASSED_OVER:
                if not text.value.startswith(token.string, start):
                    raise ValueError(f"line {token.start[0]} is read in two ways")
                reader.read(token.type, token.string, start)
    except (tokenize.TokenError, SyntaxError, IndexError) as error:
        raise ValueError(str(error)) from error


class _Reader:
    """Takes the tokens of a module one by one."""

    def __init__(self) -> None:
        self.line: LogicalLine | None = None
        self.comment = ""
        self.stack: list[Bracket] = []
        self.lambdas: list[int] = []
        """For each open bracket how many lambdas in it still wait for their colon: their commas divide nothing."""
        self.callable = False
        """Whether a bracket that opens now would be a trailer."""
        self.operand = False
        """Whether what stands before can be the left side of an operator."""
        self.asynchronous: int | None = None
        """Where the ``async`` just before is."""

    def finish(self) -> LogicalLine:
        assert self.line is not None
        if self.stack:
            raise ValueError("a bracket is not closed")
        line, self.line = self.line, None
        line.comment = self.comment
        return line

    def word(self, start: int, end: int) -> None:
        """Text that belongs to the item around it, and to the statement."""
        if self.line is None:
            self.line = LogicalLine(start, end, "", [])
        self.line.end = end
        self.comment = ""
        if self.stack:
            items = self.stack[-1].items
            if not items or items[-1].comma is not None:
                items.append(Item(start, end))
            items[-1].end = end

    def read(self, kind: int, string: str, start: int) -> None:
        end = start + len(string)
        if kind == tokenize.OP and string in _OPENING:
            self.word(start, end)
            assert self.line is not None
            bracket = Bracket(start, self.callable)
            around = self.stack[-1].items[-1].brackets if self.stack else self.line.brackets
            around.append(bracket)
            self.stack.append(bracket)
            self.lambdas.append(0)
        elif kind == tokenize.OP and string in _CLOSING:
            self.stack.pop().close = start
            self.lambdas.pop()
            self.word(start, end)
        elif string == "," and self.stack and not self.lambdas[-1] and not self.stack[-1].clauses:
            if not self.stack[-1].items:
                raise ValueError("a comma with nothing before it")
            self.stack[-1].items[-1].comma = start
        else:
            self.word(start, end)
            if (
                not self.stack
                and self.line is not None
                and (kind == tokenize.OP or keyword.iskeyword(string))
            ):
                self.line.operators.append(Operator(string, start, self.operand))
            if kind == tokenize.NAME and self.stack:
                self.keyword(string, start)
            elif string == ":" and self.lambdas and self.lambdas[-1]:
                self.lambdas[-1] -= 1
        self.asynchronous = start if string == "async" else None
        self.operand = string in _CONSTANTS or not (
            (kind == tokenize.OP and string not in _CLOSING)
            or (kind == tokenize.NAME and keyword.iskeyword(string))
        )
        self.callable = (
            (kind == tokenize.NAME and not keyword.iskeyword(string))
            or kind == tokenize.STRING
            or (kind == tokenize.OP and string in _CLOSING)
        )

    def keyword(self, name: str, start: int) -> None:
        bracket = self.stack[-1]
        if name == "lambda":
            self.lambdas[-1] += 1
        elif name == "for":
            bracket.clauses.append(start if self.asynchronous is None else self.asynchronous)
        elif name == "if" and bracket.clauses:
            bracket.clauses.append(start)
