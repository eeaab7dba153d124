"""Files as they come: what a fix leaves of their bytes, and what is said of those that cannot be read."""

from __future__ import annotations

import codecs
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from reglint.cli import main

if TYPE_CHECKING:
    from click.testing import Result

HEAD = "from keras import layers\n"
FIXED_HEAD = "from keras import layers, regularizers\n"
L2 = ", kernel_regularizer=regularizers.l2(1e-4)"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, prog_name="reglint")


FIXED = {
    # HEAD and L2 stand for what the fix changes
    "a byte-order mark": codecs.BOM_UTF8 + b"HEAD\nlayers.Dense(4L2)\n",
    "latin-1": b"# -*- coding: latin-1 -*-\nHEAD\nlayers.Dense(4L2)  # \xe9\n",
    "a coding line below a shebang": (
        b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nHEAD\nlayers.Dense(4L2)  # \x80\n"
    ),
    "Shift JIS": b"# coding: shift_jis\nHEAD\nlayers.Dense(4L2)  # \x93\xfa\n",
    "UTF-8": "HEAD\nlayers.Dense(4L2)  # \u65e5 \U0001f600\n".encode(),
    "CRLF": b"HEAD\r\nlayers.Dense(4L2)\r\n",
    "mixed line ends": b"HEAD\r\nlayers.Dense(4L2)\nlayers.Dense(5L2)\r\n",
    "a line end of its own kind in a string": b'HEAD\nx = """\r\n"""\nlayers.Dense(4L2)\n',
    "no final line end": b"HEAD\nlayers.Dense(4L2)",
    "blanks at the end": b"HEAD\nlayers.Dense(4L2)\n   ",
    "form feeds": b"\x0c\nHEAD\n\n\x0c\nlayers.Dense(4L2)\n",
    "tabs": b"HEAD\ndef f():\n\treturn layers.Dense(4L2)\t# a\tb\n",
    "blanks before line ends": b"HEAD\n   \nlayers.Dense( 4L2)   \n",
    "other separators": "HEAD\n# \u2028 \x85 \x1c\nlayers.Dense(4L2)\n".encode(),
}


@pytest.mark.parametrize("expected", FIXED.values(), ids=FIXED)
def test_every_byte_beside_the_fix_stays(expected: bytes) -> None:
    before = expected.replace(b"HEAD", HEAD.strip().encode()).replace(b"L2", b"")
    after = expected.replace(b"HEAD", FIXED_HEAD.strip().encode()).replace(b"L2", L2.encode())
    Path("a.py").write_bytes(before)
    result = run("fix", "--no-verify", "a.py")
    assert (result.exit_code, result.stderr) == (0, "")
    assert Path("a.py").read_bytes() == after
    assert run("check", "a.py").exit_code == 0


CALL = "layers.Dense(4)\n"
NULL = "REG001 syntax error: source code cannot contain null bytes"
REFUSED = {
    # the bytes, the exit code, and what is said
    "UTF-16": (
        (HEAD + CALL).encode("utf-16"),
        2,
        "is UTF-16, which Python does not read; save the file as UTF-8",
    ),
    "UTF-16, big-endian": (
        codecs.BOM_UTF16_BE + HEAD.encode("utf-16-be"),
        2,
        "is UTF-16, which Python does not read; save the file as UTF-8",
    ),
    "UTF-16 without a mark": (HEAD.encode("utf-16-le"), 1, f"a.py:1:2: {NULL}"),
    "UTF-32": (
        (HEAD + CALL).encode("utf-32"),
        2,
        "is UTF-32, which Python does not read; save the file as UTF-8",
    ),
    "a coding line that reads otherwise in its encoding": (
        b"# coding: utf-16\n" + HEAD.encode(),
        2,
        "its coding line names an encoding that cannot be used: in utf-16 the coding line itself would read otherwise",
    ),
    "an encoding of no text": (
        b"# coding: rot13\n" + HEAD.encode(),
        2,
        "its coding line names an encoding that cannot be used: 'rot13' is not a text encoding",
    ),
    "a null byte": ((HEAD + CALL + "\0").encode(), 1, f"a.py:3:1: {NULL}"),
    "a null byte in a string": ((HEAD + "layers.Dense(4, name='\0')\n").encode(), 1, f"a.py:2:23: {NULL}"),
    "300 levels of indentation": (
        (HEAD + "".join(" " * n + "if x:\n" for n in range(300)) + " " * 300 + CALL).encode(),
        1,
        "a.py:102:1: REG001 syntax error: too many levels of indentation",
    ),
    "300 parentheses": (
        (HEAD + "x = " + "(" * 300 + "layers.Dense(4)" + ")" * 300 + "\n").encode(),
        1,
        "a.py:2:205: REG001 syntax error: too many nested parentheses",
    ),
    "deeper than any parser goes": (
        (HEAD + "x = " + "-" * 100_000 + "1\n").encode(),
        1,
        "REG001 syntax error: nested too deeply to be parsed",
    ),
    "a form feed right before code": (
        (HEAD + "\x0c" + CALL).encode(),
        1,
        "no fix: the parser would lose white space in line 2, so this file is left alone",
    ),
    "CR alone": (
        (HEAD + CALL).replace("\n", "\r").encode(),
        1,
        "no fix: the parser would lose white space in line 2, so this file is left alone",
    ),
    "a sum deeper than can be written back": (
        (HEAD + "x = " + " + ".join(["layers.Dense(4)"] * 900) + "\n").encode(),
        1,
        "no fix: the code is nested too deeply to be written back",
    ),
}


@pytest.mark.parametrize(("data", "code", "told"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_fixed_is_said_and_left_as_it_was(data: bytes, code: int, told: str) -> None:
    Path("a.py").write_bytes(data)
    Path("b.py").write_text(HEAD + CALL)
    for command in (["check"], ["fix", "--no-verify"]):
        result = run(*command, "a.py", "b.py")
        assert (result.exit_code, told in result.stderr + result.stdout) == (code, True)
    assert Path("a.py").read_bytes() == data
    # And the rest goes on.
    assert Path("b.py").read_text() == FIXED_HEAD + f"layers.Dense(4{L2})\n"


def test_an_empty_file_is_fine() -> None:
    Path("a.py").touch()
    assert run("check", "a.py").stdout.startswith("All checks passed!\n")


def test_a_folder_may_be_called_like_a_file() -> None:
    Path("a.py").mkdir()
    Path("a.py", "b.py").write_text(HEAD + CALL)
    for paths in ([], ["a.py"]):
        assert "b.py:2:1: REG101" in run("check", *paths).stdout


@pytest.mark.parametrize(
    ("target", "why"),
    [("gone.py", "No such file or directory"), ("a.py", "Too many levels of symbolic links")],
    ids=["broken", "loop"],
)
def test_a_link_that_leads_nowhere_is_an_error_only_where_it_is_named(target: str, why: str) -> None:
    Path("a.py").symlink_to(target)
    Path("b.py").write_text(HEAD)
    assert (run("check").exit_code, run("check").stderr) == (0, "")
    result = run("fix", "--no-verify", "a.py", "b.py")
    assert (result.exit_code, result.stderr) == (2, f"error: a.py: cannot be read: {why}\n")
    assert os.readlink("a.py") == target


def test_a_file_that_may_not_be_read_is_an_error_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "a.py":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    for name in ("a.py", "b.py"):
        Path(name).write_text(HEAD + CALL)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", refuse)
        result = run("fix", "--no-verify")
    assert (result.exit_code, result.stderr) == (2, "error: a.py: cannot be read: Permission denied\n")
    texts = [Path(name).read_text() for name in ("a.py", "b.py")]
    assert texts == [HEAD + CALL, FIXED_HEAD + f"layers.Dense(4{L2})\n"]
