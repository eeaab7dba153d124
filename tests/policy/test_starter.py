"""The policy file that ``init`` writes: it loads, and so does each example in it, alone and in place of its line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reglint.policy import DEFAULT, load, starter
from reglint.policy.decode import decode
from reglint.policy.source import Source
from reglint.policy.toml import parse

if TYPE_CHECKING:
    from reglint.policy import Policy

TEXT = starter.text()
LINES = TEXT.splitlines()


def read(text: str) -> Policy:
    return decode(Source(parse(text), Path("reglint.toml")), "", None)


def blocks() -> dict[str, tuple[int, int]]:
    """Each example: a line that sets a key, or a table with its keys; from which line to which."""
    found: dict[str, tuple[int, int]] = {}
    number = 0
    while number < len(LINES):
        end = number + 1
        if LINES[number].startswith("#["):
            while end < len(LINES) and LINES[end].startswith("#") and not LINES[end].startswith(("# ", "#[")):
                end += 1
        if re.match(r"#[^ ]", LINES[number]):
            found[f"{number + 1}: {LINES[number]}"] = number, end
        number = end
    return found


def test_it_asks_for_what_is_asked_for_without_it() -> None:
    assert [level.weights for level in read(TEXT).levels] == [level.weights for level in DEFAULT.levels]


@pytest.mark.parametrize(("start", "end"), blocks().values(), ids=blocks())
def test_an_example_is_valid(start: int, end: int) -> None:
    example = [line.removeprefix("#") for line in LINES[start:end]]
    key = example[0].partition(" =")[0]
    others = [line for line in LINES if not line.startswith(f"{key} =")]
    before = sum(not line.startswith(f"{key} =") for line in LINES[:start])
    text = "\n".join([*others[:before], *example, *others[before:]]) + "\n"
    read(text)


def test_all_tables_are_valid_together() -> None:
    """Of the keys, those that are in the file already stay comments."""
    there = {line.partition(" =")[0] for line in LINES if not line.startswith("#")}
    lines = []
    for line in LINES:
        key = line[1:].partition(" =")[0]
        lines.append(
            line[1:] if re.match(r"#[^ ]", line) and not ("[weights]" in lines and key in there) else line
        )
        there |= (
            {key} if "[weights]" in lines and not any(each.startswith("[layers") for each in lines) else set()
        )
    policy = read("\n".join(lines))
    assert len(policy.levels) > len(read(TEXT).levels) + 2
    assert policy.verify.python == Path(".venv/bin/python").absolute()


def test_it_has_examples_for_each_table() -> None:
    assert len(blocks()) > 10
    assert all(len(line) <= 120 for line in LINES)


def test_it_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "reglint.toml"
    path.write_text(TEXT, encoding="utf-8")
    assert load(path).path == path
