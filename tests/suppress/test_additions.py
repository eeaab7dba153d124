"""Suppressions that are written: where they go, and that nothing but comments changes."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reglint import cli
from reglint.files.documents import Document, DocumentError
from reglint.files.writing import Writer
from reglint.ignoring import add_ignores
from reglint.pipeline import check, fix
from reglint.policy import DEFAULT, load

HEAD = "from keras import layers\n"
BOTH = "[weights]\nkernel = { require = 'l2', strength = 1e-4 }\nbias = { require = 'l1', strength = 0.5 }\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def added(source: str, *, reason: str | None = None, policy: str = "") -> str:
    Path("reglint.toml").write_text(policy or "[weights]\nkernel = 'l2'\n")
    file = Path("a.py")
    file.write_bytes((HEAD + source).encode())
    rules = load(Path("reglint.toml"))
    outcome = add_ignores([file], lambda _: rules, reason=reason)
    after = file.read_bytes().decode()
    assert outcome.report.findings == check([file], lambda _: rules).report.findings == ()
    assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(HEAD + source))
    return after.removeprefix(HEAD)


IGNORE = "  # reglint: ignore[REG101]"
ADDED = {
    "a line": ("layers.Dense(1)\n", f"layers.Dense(1){IGNORE}\n"),
    "no line end": ("layers.Dense(1)", f"layers.Dense(1){IGNORE}"),
    "CRLF": ("layers.Dense(1)\r\nx = 1\r\n", f"layers.Dense(1){IGNORE}\r\nx = 1\r\n"),
    "carriage returns": ("layers.Dense(1)\rx = 1\r", f"layers.Dense(1){IGNORE}\rx = 1\r"),
    "blanks at the end": ("layers.Dense(1) \t\n", f"layers.Dense(1){IGNORE} \t\n"),
    "tabs and form feed": ("if x:\n\tlayers.Dense(1)\n\x0c\n", f"if x:\n\tlayers.Dense(1){IGNORE}\n\x0c\n"),
    "several lines": ("layers.Dense(\n  1,\n)\n", f"layers.Dense({IGNORE}\n  1,\n)\n"),
    "two on a line": ("f(layers.Dense(1), layers.Dense(2))\n", f"f(layers.Dense(1), layers.Dense(2)){IGNORE}\n"),
    "calls around each other": (
        "layers.Dense(1)(\n  layers.Dense(2)(x))\n",
        f"layers.Dense(1)({IGNORE}\n  layers.Dense(2)(x)){IGNORE}\n",
    ),
    "a comment": ("layers.Dense(1)  # type: ignore\n", f"layers.Dense(1)  # type: ignore{IGNORE}\n"),
    "a comment with blanks": ("layers.Dense(1)  # why \n", f"layers.Dense(1)  # why{IGNORE} \n"),
    "noqa of others": ("layers.Dense(1)  # noqa: E501\n", f"layers.Dense(1)  # noqa: E501{IGNORE}\n"),
    "a string that goes on": (
        "layers.Dense(1, name='''a\nb''',\n  units=1)\n",
        f"layers.Dense(1, name='''a\nb''',\n  units=1){IGNORE}\n",
    ),
    "a formatted string that goes on": (
        "layers.Dense(1, name=f'''a\n{\nb}''')\n",
        f"layers.Dense(1, name=f'''a\n{{\nb}}'''){IGNORE}\n",
    ),
    "a backslash": ("x = layers.Dense(1, \\\n  units=2)\n", f"x = layers.Dense(1, \\\n  units=2){IGNORE}\n"),
    "a decorator": ("@d(layers.Dense(1))\ndef f(): pass\n", f"@d(layers.Dense(1)){IGNORE}\ndef f(): pass\n"),
    "a block on one line": ("def f(): layers.Dense(1)\n", f"def f(): layers.Dense(1){IGNORE}\n"),
    "a semicolon": ("layers.Dense(1); x = 1;\n", f"layers.Dense(1); x = 1;{IGNORE}\n"),
    "nothing to suppress": ("x = layers.Flatten()\n", "x = layers.Flatten()\n"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), ADDED.values(), ids=ADDED)
def test_added(before: str, after: str) -> None:
    assert added(before) == after


MERGED = {
    "layers.Dense(1)\n": "layers.Dense(1)  # reglint: ignore[REG101, REG102] old code\n",
    "layers.Dense(1)  # reglint: ignore[REG102]\n": "layers.Dense(1)  # reglint: ignore[REG102, REG101]\n",
    "layers.Dense(1)  # reglint:ignore[REG101] why  # more\n":
        "layers.Dense(1)  # reglint:ignore[REG101, REG102] why  # more\n",
    "layers.Dense(1)  # noqa: REG101\n": "layers.Dense(1)  # noqa: REG101  # reglint: ignore[REG102] old code\n",
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), MERGED.items())
def test_merged_with_the_comment_that_is_there(before: str, after: str) -> None:
    assert added(before, reason="old code", policy=BOTH) == after


def run(*arguments: str) -> Any:
    return CliRunner().invoke(cli.main, ["check", *arguments], prog_name="reglint")


def test_output() -> None:
    Path("a.py").write_text(HEAD + "layers.Dense(1)\nlayers.Dense(2)\n")
    result = run("--add-ignore", "--reason", " frozen ")
    assert result.exit_code == 0
    assert result.stdout == (
        "Wrote comments that suppress 2 findings.\n"
        "All checks passed!\n"
        "Checked 2 layers in 1 file. Policy: built-in default.\n"
        "Not reported: 2 suppressed by comments.\n"
    )
    line = "layers.Dense({})  # reglint: ignore[REG101] frozen\n"
    assert Path("a.py").read_text() == HEAD + line.format(1) + line.format(2)
    summary = json.loads(run("--add-ignore", "--output-format", "json").stdout)["summary"]
    assert (summary["suppressed"], summary["added"]) == (2, 0)


def test_only_what_is_selected_gets_a_comment() -> None:
    Path("reglint.toml").write_text("[weights]\nkernel = 'l2'\nbias = 'l2'\n")
    Path("a.py").write_text("from keras import layers\nlayers.Dense(4)\n")
    run("--add-ignore", "--select", "REG102")
    assert Path("a.py").read_text().endswith("layers.Dense(4)  # reglint: ignore[REG102]\n")
    run("--add-ignore", "--ignore", "REG102")
    assert Path("a.py").read_text().endswith("layers.Dense(4)  # reglint: ignore[REG102, REG101]\n")


def test_what_no_comment_can_suppress_is_left() -> None:
    source = HEAD + "layers.Dense(1, name='''\n''') + \\\n  1\nx = 1  # reglint: ignored\n"
    Path("a.py").write_text(source)
    Path("b.py").write_text("import keras\n(\n")
    result = run("--add-ignore")
    assert (result.exit_code, Path("a.py").read_text()) == (1, source)
    assert [line.split(" `")[0] for line in result.stdout.splitlines() if ".py" in line] == [
        "a.py:2:1: REG101",
        "a.py:5:8: REG002",
        "b.py:2:1: REG001 syntax error: '(' was never closed",
    ]
    assert (
        "   = no fix: no comment can stand on its lines; "
        "write `# reglint: ignore[REG101]` on a line above the statement\n" in result.stdout
    )


def test_a_reason_that_the_file_cannot_hold() -> None:
    source = f"# coding: latin-1\n{HEAD}layers.Dense(1)\n".encode("latin-1")
    Path("a.py").write_bytes(source)
    result = run("--add-ignore", "--reason", "日本")
    assert (result.exit_code, Path("a.py").read_bytes()) == (2, source)
    assert result.stderr == "error: a.py: its encoding, iso-8859-1, has no '日'; give a reason without it\n"
    assert run("--add-ignore", "--reason", "für").exit_code == 0
    assert Path("a.py").read_bytes().endswith("  # reglint: ignore[REG101] für\n".encode("latin-1"))


def test_a_file_whose_bytes_its_text_does_not_give_back_is_left_alone() -> None:
    source = f"# coding: utf-7\n{HEAD}layers.Dense(1)  # +AGE-\nx = 1  # reglint: ignore\n".encode()
    Path("a.py").write_bytes(source)
    result = run("--add-ignore")
    assert (result.exit_code, Path("a.py").read_bytes()) == (2, source)
    assert result.stderr == "error: a.py: its encoding would lose part of this file, so it is left alone\n"
    assert fix([Path("a.py")], lambda _: DEFAULT, settings=None).changes == ()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--reason", "x"], "--reason goes with --add-ignore"),
        (["--add-ignore", "--reason", "a\nb"], "--reason must be one line of text"),
        (["--add-ignore", "-"], "--add-ignore writes to files; name them instead of standard input (-)"),
    ],
)
def test_usage_errors(arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert f"Error: {message}\n" in result.stderr


def test_a_file_that_cannot_be_written_keeps_its_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Writer, document: Document, __: bytes) -> None:
        raise DocumentError(document.path, "is read-only, so it is left alone")

    monkeypatch.setattr(Writer, "write", refuse)
    Path("a.py").write_text(HEAD + "layers.Dense(1)\n")
    result = run("--add-ignore")
    assert result.exit_code == 2
    assert "a.py:2:1: REG101" in result.stdout
    assert result.stderr == "error: a.py: is read-only, so it is left alone\n"


CALLS = st.recursive(
    st.sampled_from(
        ["layers.Dense(1)", "x", "layers.Dense(\n  2,\n)", "'# a'", "layers.GRU(1, name='''\n''',\n)"]
    ),
    lambda inner: st.builds(
        "{}({}{}{})".format,
        st.sampled_from(["f", "layers.Dense(1)"]),
        st.sampled_from(["", "\n ", "\\\n", "  # c\n"]),
        inner,
        st.sampled_from(["", ",\n", "  # noqa: E501\n"]),
    ),
    max_leaves=4,
)
STATEMENTS = st.builds(
    "{}{}{}\n".format,
    st.sampled_from(["", "y = ", "if x: ", "if x:\n\t", "\x0c", "x = 'ä', "]),
    CALLS,
    st.sampled_from(["", "  ", "; x", "  # c", "  # type: ignore", " + \\\n 1"]),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STATEMENTS, max_size=4), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_what_is_added_hides_all_and_is_taken_out_again(
    statements: list[str], newline: str, biases: bool
) -> None:
    Path("both.toml").write_text(BOTH)
    policy = load(Path("both.toml")) if biases else DEFAULT
    before = (HEAD + "".join(statements)).replace("\n", newline)
    file = Path("generated.py")
    file.write_bytes(before.encode())

    left = add_ignores([file], lambda _: policy).report
    after = file.read_bytes().decode()
    assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(before))
    assert all("no comment can stand" in (found.reason or "") for found in left.findings)
    assert check([file], lambda _: policy).report.summary.findings == len(left.findings)

    file.write_bytes(without_layers(after).encode())
    fix([file], lambda _: policy, settings=None)
    assert file.read_bytes().decode() == without_layers(before)


def without_layers(source: str) -> str:
    """The same with calls of other functions, so that there is nothing to suppress."""
    return source.replace("layers.Dense", "other").replace("layers.GRU", "other")
