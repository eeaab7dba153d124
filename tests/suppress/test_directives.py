"""What comments say, how they say it, and what is wrong with them."""

from __future__ import annotations

import pytest

from reglint.suppress.comments import Comment
from reglint.suppress.directives import Directive, Malformed, read_directives


def read(text: str, alone: bool = False) -> list[Directive | Malformed]:
    return list(read_directives(Comment(0, text, alone, 1, 1)))


READ = {
    "# reglint: ignore[REG101]": ["reglint: ignore[REG101]"],
    "#reglint:ignore[REG101]": ["reglint: ignore[REG101]"],
    "##  reglint:  ignore [ REG101 , REG2 ]": ["reglint: ignore[REG101, REG2]"],
    "# reglint: ignore[REG101 REG102,]": ["reglint: ignore[REG101, REG102]"],
    "# reglint: ignore[REG101] pretrained, frozen": ["reglint: ignore[REG101]"],
    "# reglint: ignore[REG101] -- see #12 and [REG102]": ["reglint: ignore[REG101]"],
    "# reglint: ignore": ["reglint: ignore"],
    "# reglint: ignore -- frozen": ["reglint: ignore"],
    "# noqa": ["noqa"],
    "#NOQA": ["noqa"],
    "# noqa: REG101": ["noqa: REG101"],
    "# NoQA:REG101,E501": ["noqa: REG101, E501"],
    "# noqa : E501 REG1  why": ["noqa: E501, REG1"],
    "# noqa -- why": ["noqa"],
    "# type: ignore[x]  # noqa: E501  # reglint: ignore[REG101] why": [
        "noqa: E501",
        "reglint: ignore[REG101]",
    ],
    "# noqa: nothing that is a code": [],
    "# noqa:": [],
    "# noqable": [],
    "# see reglint: ignore[REG101]": [],
    "# not noqa: REG101": [],
    "# reglint ignore": [],
    "# type: ignore": [],
    "#": [],
}


@pytest.mark.parametrize(("text", "expected"), READ.items())
def test_read(text: str, expected: list[str]) -> None:
    assert list(map(str, read(text))) == expected


def test_places() -> None:
    text = "# type: ignore  # reglint: ignore[REG101, REG2] why  # more"
    (directive,) = read(text)
    assert isinstance(directive, Directive)
    assert directive.codes is not None
    assert text[directive.start : directive.end] == "# reglint: ignore[REG101, REG2] why"
    assert [text[code.start : code.end] for code in directive.codes] == ["REG101", "REG2"]


MALFORMED = {
    "# reglint: ignroe[REG101]": "`reglint: ignroe` is no directive; did you mean `ignore`?",
    "# reglint: fileignore": "`reglint: fileignore` is no directive; did you mean `file-ignore`?",
    "# reglint:": "`reglint:` is no directive; write `# reglint: ignore[REG101]`",
    "# reglint: we know": "`reglint: we` is no directive; write `# reglint: ignore[REG101]`",
    "# reglint: ignore[REG101": "the bracket after `reglint: ignore` is not closed",
    "# reglint: ignore REG101": "codes stand in brackets; write `reglint: ignore[REG101]`",
    "# reglint: ignore: REG101": "codes stand in brackets; write `reglint: ignore[REG101]`",
    "# reglint: ignore(REG101)": "codes stand in brackets; write `reglint: ignore[REG101]`",
    "# reglint: ignore=all": "`reglint: ignore` is followed by `=`; "
    "write `# reglint: ignore[REG101]`, and then the reason",
    "# reglint: ignore[ ]": "`reglint: ignore[]` names no code; name one, or leave the brackets out to ignore all",
    "# reglint: file-ignore[REG101]": "`reglint: file-ignore` needs a line of its own; "
    "for this line write `reglint: ignore`",
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), MALFORMED.items())
def test_malformed(text: str, message: str) -> None:
    assert read(text) == [Malformed(message, 0, len(text))]


def test_file_ignore_on_its_own_line() -> None:
    assert list(map(str, read("# reglint: file-ignore[REG1] legacy", alone=True))) == [
        "reglint: file-ignore[REG1]"
    ]
