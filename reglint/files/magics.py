"""What IPython reads in a cell and Python does not: magics, shell lines and questions for help.

They are masked, character for character, so that everything else stays where it is.
"""

from __future__ import annotations

import re

_IN_THE_NOTEBOOK = frozenset({"capture", "debug", "ipytest", "memit", "prun", "time", "timeit"})
"""The cell magics that run the rest of the cell as Python, in the notebook's own names. The others are IPython's and
its extensions' ways to hold another language, a file, or code for another process."""

_NEWLINE = r"(?:\r\n|\r|\n)"
_TO_END = rf"(?:[^\r\n\\]|\\(?:{_NEWLINE}|[^\r\n])?)*"
"""The rest of a line, and the next line where a backslash stands at the end."""

_CELL_MAGIC = re.compile(rf"(?:[ \t]*(?:#[^\r\n]*)?{_NEWLINE})*[ \t]*%%(\w+)")
_SUSPECT = re.compile(r"[%!?]|^[ \t]*[,;/]", re.MULTILINE)
_ESCAPED = re.compile(rf"([ \t\f]*)([%!?,;/]{_TO_END})")
_HELP = re.compile(r"([ \t\f]*)(%{0,2}(?!\d)[\w*]+(?:\.(?!\d)[\w*]+|\[-?\d+\])*\?\??[ \t]*(?=[\r\n]|\Z))")
_ASSIGNED = re.compile(rf"([ \t\f]*(?!\d)\w[\w.,\[\] \t*]*=[ \t]*)([!%]{_TO_END})")
_AUTOMAGIC = re.compile(
    r"([ \t\f]*)((?:pip|conda|mamba|micromamba|uv|cd|ls|ll|cat|cp|mv|rm|rmdir|mkdir|less|more|man)"
    rf"[ \t]+(?!(?:and|else|for|if|in|is|not|or)\b)[\w.~/$*-]{_TO_END})"
)
"""The magics of package managers and shells, which IPython knows without their percent sign."""

_TOKEN = re.compile(
    rf"""
      (?P<end>{_NEWLINE})
    | (?P<open>[(\[{{])
    | (?P<close>[)\]}}])
    | \#[^\r\n]*
    | \"\"\"(?:\\.|[^\\])*?\"\"\" | \'\'\'(?:\\.|[^\\])*?\'\'\'
    | "(?:\\.|[^"\\\r\n])*"? | '(?:\\.|[^'\\\r\n])*'?
    | \\(?:{_NEWLINE}|.)?
    | [^\r\n()\[\]{{}}\#"'\\]+
    """,
    re.VERBOSE | re.DOTALL,
)


def is_python(cell: str) -> bool:
    """Whether a code cell is Python that runs in the notebook, as far as its cell magic says."""
    found = _CELL_MAGIC.match(cell)
    return found is None or found[1] in _IN_THE_NOTEBOOK


def without_magics(cell: str, automagic: bool = False) -> str:
    """The cell with white space for what is no Python; as long as it was, with the same line ends.

    In a block a statement that does nothing stands for a magic, and a name that nothing binds for what a shell
    command gives. ``automagic`` masks ``pip install`` and the like as well.
    """
    if not automagic and _SUSPECT.search(cell) is None:
        return cell
    pieces: list[str] = []
    at = 0
    while at < len(cell):
        found = _ESCAPED.match(cell, at) or _HELP.match(cell, at)
        if found is None and automagic:
            found = _AUTOMAGIC.match(cell, at)
        if found is not None:
            pieces += found[1], _masked(found[2], "0" if found[1] else "")
            at = found.end()
        else:
            assigned = _ASSIGNED.match(cell, at)
            if assigned is not None:
                pieces += assigned[1], _masked(assigned[2], "__")
                at = assigned.end()
        end = _end_of_statement(cell, at)
        pieces.append(cell[at:end])
        at = end
    return "".join(pieces)


def _masked(text: str, instead: str) -> str:
    instead = instead[: len(text)]
    return instead + re.sub(r"[^\r\n]", " ", text[len(instead) :])


def _end_of_statement(cell: str, at: int) -> int:
    """Just past the line end that ends the statement (or the head of one) at ``at``."""
    depth = 0
    while at < len(cell):
        token = _TOKEN.match(cell, at)
        assert token is not None
        at = token.end()
        if token["end"] and not depth:
            break
        depth = max(0, depth + bool(token["open"]) - bool(token["close"]))
    return at
