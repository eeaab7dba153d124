from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reglint.policy.toml import TomlSyntaxError, line_and_column, parse

if TYPE_CHECKING:
    from reglint.policy.errors import KeyPath

# A text in which ^ stands before the key at the path.
POSITIONS: list[tuple[KeyPath, str]] = [
    (("keras",), "^keras = 3"),
    (("keras",), '# keras = 3\n\n  ^"keras" = 2'),
    (("weights",), "[^weights]"),
    (("weights",), "keras = 3\n[ ^weights ]\nkernel = 'l2'"),
    (("weights",), '^weights.kernel = "l2"'),
    (("weights", "kernel"), '[weights]\nbias = "kernel"\n^kernel = "l2"'),
    (("weights", "kernel"), '[weights]\nkernel_like = 1\nbias = "l2"  # kernel = 1\n^kernel = "l2"'),
    (("weights", "kernel"), "weights.^kernel = 'l2'"),
    (("weights", "kernel"), "[weights.^kernel]\nrequire = 'l2'"),
    (("weights", "kernel", "min"), '[weights]\nkernel = { require = "min", max = 1, ^min = 2 }'),
    (("weights", "kernel", "min"), '[weights]\nkernel.require = "l2"\nkernel.^min = 2'),
    (("weights", "kernel", "strength", 1), "[weights]\nkernel = { ^strength = [\n  1,\n  2,\n] }\nbias = 1"),
    (("weights", "bias"), "[weights]\nkernel = { strength = [\n  1,\n  2,\n] }\n^bias = 1"),
    (("weights", "bias"), 'note = """\nbias = 1\n[weights]"""\n[weights]\n^bias = 1'),
    (("layers", "Conv*"), '[layers.Dense]\n[layers.^"Conv*"]'),
    (("layers", "Conv*"), "[layers]\n^'Conv*' = { kernel = 'l2' }"),
    (("layers", "Dense", "bias"), "[layers.Conv1D]\nbias = 1\n[layers.Dense]\n^bias = 1"),
    (("tool", "reglint", "keras"), "[tool.x]\nkeras = 1\n[tool.reglint]\n^keras = 1"),
    (("overrides", 1, "files"), "[[overrides]]\nfiles = []\n[[overrides]]\n^files = []"),
    (("weights", "kérnel"), '[weights]\n^"kérnel" = 1'),
    # a name written with escapes is not found; its statement is
    (("weights", "kernel"), '[weights]\n ^"k\\u0065rnel" = 1'),
]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("key", "marked"), POSITIONS)
def test_position_of_a_key(key: KeyPath, marked: str, newline: str) -> None:
    before, after = marked.split("^")
    expected = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert parse((before + after).replace("\n", newline)).position(key) == expected


def test_floats_are_kept_as_written() -> None:
    document = parse("a = 1e-4\nb = [0.0001, 1_0.5, 3]\nc = +inf")
    assert document.values["a"] == 0.0001
    assert document.written == {"a": "1e-4", "b": ["0.0001", "1_0.5", 3], "c": "+inf"}


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("a = 1\nb = ?", "Invalid value", (2, 5)),
        ("a = 1\r\nb = ?", "Invalid value", (2, 5)),
        ("a = 1\na = 2", "Cannot overwrite a value", (2, 6)),
        ("a = [1,\n  2", "Unclosed array", (2, 4)),
        ("a 1", "Expected '=' after a key in a key/value pair", (1, 3)),
        ("a = " + "[" * 100_000, "Arrays or tables are nested too deeply", (None, None)),
        ("a = " + "1" * 5000, "A number has too many digits", (None, None)),
    ],
)
def test_text_that_is_not_toml(text: str, message: str, place: tuple[int | None, int | None]) -> None:
    with pytest.raises(TomlSyntaxError) as raised:
        parse(text)
    assert (raised.value.message, (raised.value.line, raised.value.column)) == (message, place)


@pytest.mark.parametrize(
    ("offset", "place"), [(0, (1, 1)), (1, (1, 2)), (2, (1, 3)), (3, (2, 1)), (4, (2, 2)), (5, (3, 1))]
)
def test_line_and_column(offset: int, place: tuple[int, int]) -> None:
    assert line_and_column("ab\nc\n", offset) == place
