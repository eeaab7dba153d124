"""The text of an expression without its layout: what stays when a formatter or another line moves it."""

from __future__ import annotations

import io
import re
import tokenize

from reglint.files.tokens import FORMATTED_END, FORMATTED_START

_LEFT_OUT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
_PLAIN_STRING = re.compile(r"'([^'\"\\\n]*)'")
_WORD_END, _WORD_START = re.compile(r"[\w'\"]$"), re.compile(r"[\w'\"]")


def normal_source(source: str) -> str:
    """``layers.Dense(10, name="a")`` for an expression in any layout: no comments, no trailing commas.

    The result is the same on every Python: formatted strings are kept as they are, and so is a text that this Python
    cannot read or that is a comment, but for its white space.
    """
    # In parentheses every line end is white space.
    lines = [f"{line}\n" for line in re.split(r"\r\n|\r|\n", f"({source}\n)")]
    try:
        tokens = _tokens(lines)
    except (tokenize.TokenError, SyntaxError):
        tokens = []
    if len(tokens) <= 2:
        return " ".join(source.split())
    parts: list[str] = []
    for token in tokens[1:-1]:
        if token in (")", "]", "}") and parts and parts[-1] == ", ":
            parts.pop()
        if token == ",":
            parts.append(", ")
            continue
        if parts and _WORD_END.search(parts[-1]) and _WORD_START.match(token):
            parts.append(" ")
        parts.append(_PLAIN_STRING.sub(r'"\1"', token) if _PLAIN_STRING.fullmatch(token) else token)
    return "".join(parts)


def _tokens(lines: list[str]) -> list[str]:
    """The text of each token, a formatted string being one."""
    found: list[str] = []
    start: tuple[int, int] | None = None
    depth = 0
    for token in tokenize.generate_tokens(io.StringIO("".join(lines)).readline):
        if token.type in FORMATTED_START:
            depth += 1
            start = start or token.start
        elif token.type in FORMATTED_END:
            depth -= 1
            if not depth and start is not None:
                found.append(_between(lines, start, token.end))
                start = None
        elif not depth and token.type not in _LEFT_OUT:
            found.append(token.string)
    return found


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    if start[0] == end[0]:
        return lines[start[0] - 1][start[1] : end[1]]
    middle = lines[start[0] : end[0] - 1]
    return "".join((lines[start[0] - 1][start[1] :], *middle, lines[end[0] - 1][: end[1]]))
