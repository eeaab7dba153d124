"""The command line as people and programs use it: what is printed where, and the exit codes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from reglint import __version__, cli, pipeline
from reglint.files.documents import DocumentError
from reglint.files.writing import Writer

if TYPE_CHECKING:
    from click.testing import Result

GOOD = "from keras import layers, regularizers\n\nx = layers.Dense(4, kernel_regularizer=regularizers.l2(1e-4))\n"
BAD = "from keras import layers\n\nx = layers.Dense(4)\n"
FIXED = GOOD
LEFT = "from keras import layers\n\nx = layers.Dense(4, kernel_regularizer=['l1'][0])\n"
"""A finding without a fix: the regularizer is taken out of a list."""
PLAIN = "import sys\n\nprint(sys.argv)\n"
BROKEN = "from keras import layers\n\nx = layers.Dense(4\n"

BAD_SHOWN = """\
{}:3:5: REG101 `Dense` has no `kernel_regularizer`; the policy asks for l2
   |
 3 | x = layers.Dense(4)
   |     ^^^^^^^^^^^^^^^
   = fix: kernel_regularizer=regularizers.l2(1e-4)

"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which the command is run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(**files: str | bytes) -> None:
    """Python files by their names, without ``.py``."""
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        Path(f"{name}.py").write_bytes(data)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, arguments, prog_name="reglint")


def spawn(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run ``python -m reglint`` in a process of its own."""
    command = [sys.executable, "-m", "reglint", *arguments]
    return subprocess.run(command, **{"capture_output": True, "check": False, **options})


# check: findings and exit codes


CHECKED = {
    "good": (
        {"a": GOOD},
        0,
        "All checks passed!\nChecked 1 layer in 1 file. Policy: built-in default.\n",
    ),
    "no Keras": (
        {"a": PLAIN},
        0,
        "All checks passed!\nChecked 0 layers in 1 file. Policy: built-in default.\n",
    ),
    "no file": ({}, 0, "No Python files were checked.\n"),
    "bad": (
        {"a": BAD},
        1,
        BAD_SHOWN.format("a.py") + "Found 1 finding.\n1 can be fixed with `reglint fix`, which proves each fix first.\n"
        "Checked 1 layer in 1 file. Policy: built-in default.\n",
    ),
    "mixed": (
        {"b": BAD, "a": GOOD, "c": BAD, "d": PLAIN},
        1,
        BAD_SHOWN.format("b.py") + BAD_SHOWN.format("c.py") + "Found 2 findings.\n"
        "2 can be fixed with `reglint fix`, which proves each fix first.\n"
        "Checked 3 layers in 4 files. Policy: built-in default.\n",
    ),
    "syntax error beside a good file and a bad one": (
        {"a": BROKEN, "b": GOOD, "c": BAD},
        1,
        dedent(
            """\
            a.py:3:17: REG001 syntax error: '(' was never closed
               |
             3 | x = layers.Dense(4
               |                 ^
               = no fix: nothing in the file was checked; make it parse first

            """
        )
        + BAD_SHOWN.format("c.py")
        + "Found 2 findings.\n1 can be fixed with `reglint fix`, which proves each fix first.\n"
        "Checked 2 layers in 3 files. Policy: built-in default.\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "code", "text"), CHECKED.values(), ids=CHECKED)
def test_check_reports_findings_and_policy(files: dict[str, str], code: int, text: str) -> None:
    write(**files)
    result = run("check")
    assert (result.exit_code, result.stdout, result.stderr) == (code, text, "")


def test_a_file_without_keras_is_parsed_when_it_is_named() -> None:
    write(a="x = (\n")
    assert run("check").exit_code == 0
    result = run("check", "a.py")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (
        1,
        "a.py:1:5: REG001 syntax error: '(' was never closed",
    )


def test_code_that_only_a_newer_python_reads_is_checked_if_the_parser_knows_it() -> None:
    write(a="from keras import layers\ntype Size = int\nx = layers.Dense(4)\n")
    assert run("check").stdout.splitlines()[0].startswith("a.py:3:5: REG101 ")


UNREADABLE = {
    "not UTF-8": (
        ("bad.py", "latin.py"),
        "error: latin.py: line 2 is not UTF-8; save the file as UTF-8, or name its encoding in the first line: "
        "# -*- coding: latin-1 -*-\n",
    ),
    "missing": (
        ("bad.py", "missing.py"),
        "error: missing.py: cannot be read: No such file or directory\n",
    ),
    "no permission": (("bad.py", "secret.py"), "error: secret.py: cannot be read: Permission denied\n"),
    "missing, before the rest": (
        ("missing.py", "bad.py"),
        "error: missing.py: cannot be read: No such file or directory\n",
    ),
    "too long a name": (
        [f"{'a' * 300}.py", "bad.py"],
        f"error: {'a' * 300}.py: cannot be read: File name too long\n",
    ),
}


@pytest.mark.parametrize(("paths", "error"), UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("command", [["check"], ["fix", "--no-verify", "--diff"]], ids=["check", "diff"])
def test_what_cannot_be_read_is_named_and_the_rest_is_checked(
    monkeypatch: pytest.MonkeyPatch, command: list[str], paths: list[str], error: str
) -> None:
    read_bytes = Path.read_bytes

    def guarded(path: Path) -> bytes:
        if path.name == "secret.py":
            raise PermissionError(13, "Permission denied", str(path))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", guarded)
    write(bad=BAD, latin=b"\nx = '\xe9'\n", secret=BAD)
    result = run(*command, *paths)
    assert result.exit_code == 2
    assert result.stderr.startswith(error)
    assert "bad.py:3:5: REG101 " in (result.stdout if command == ["check"] else result.stderr)
    assert "1 error, see above." in (result.stdout if command == ["check"] else result.stderr)


def test_a_fault_of_reglint_itself_stops_neither_the_run_nor_the_other_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from reglint.keras import module

    read_module = module.read_module

    def faulty(document: Any, *rest: Any) -> Any:
        if document.path.name == "b.py":
            raise KeyError("boom")
        return read_module(document, *rest)

    monkeypatch.setattr(module, "read_module", faulty)
    write(a=BAD, b=BAD, c=BAD)
    result = run("check")
    assert result.exit_code == 2
    assert re.fullmatch(
        r"error: b\.py: reglint itself failed on this file, please report it: "
        r"KeyError\('boom'\) \(test_cli\.py, line \d+\)\n",
        result.stderr,
    )
    assert re.findall(r"^\w\.py", result.stdout, re.MULTILINE) == ["a.py", "c.py"]


def test_a_fault_elsewhere_is_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*_: object, **__: object) -> None:
        raise KeyError("boom")

    monkeypatch.setattr(pipeline, "check", faulty)
    result = run("check")
    assert result.exit_code == 2
    assert result.stderr.startswith("Traceback (most recent call last):")
    assert result.stderr.endswith(
        "KeyError: 'boom'\nerror: reglint itself failed; please report it with the lines above\n"
    )


def test_interrupted_is_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "check", interrupted)
    result = run("check")
    told = "\nInterrupted; no file was changed.\n"
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", told)


@pytest.mark.parametrize(
    ("command", "number", "told"),
    [
        (("fix", "--no-verify"), 1, "written: a.py"),
        (("fix", "--no-verify"), 2, "written: a.py, b.py"),
        (("check", "--add-ignore"), 2, "written: a.py, b.py"),
        (("fix", "--no-verify"), 11, "written: {} and 1 more"),
        (("fix", "--no-verify", "--diff"), 1, None),
    ],
)
def test_who_interrupts_learns_what_was_written(
    monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], number: int, told: str | None
) -> None:
    names = [f"{letter}.py" for letter in "abcdefghijkl"]
    for name in names:
        Path(name).write_text(BAD)
    left = number

    def replace(temporary: Path, target: Path) -> None:
        nonlocal left
        os.replace(temporary, target)
        left -= 1
        if not left:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Path, "replace", replace)
    result = run(*command)
    changed = [name for name in names if Path(name).read_text() != BAD]
    if told is None:
        assert (result.exit_code, changed) == (1, [])
        return
    assert (result.exit_code, changed) == (130, names[:number])
    shown = told.format(", ".join(names[:10]))
    assert result.stderr == f"\nInterrupted; {shown}; every other file is as it was.\n"


USAGE = {
    "no such command": (["chekc"], "No such command 'chekc'."),
    "no such option": (["check", "--fix"], "No such option '--fix'."),
    "no such format": (
        ["check", "--output-format", "xml"],
        "Invalid value for '--output-format': 'xml' is not one of 'text', 'json'.",
    ),
    "no policy file": (["check", "--policy"], "Option '--policy' requires an argument."),
}


@pytest.mark.parametrize(("arguments", "message"), USAGE.values(), ids=USAGE)
def test_bad_arguments_are_exit_code_2(arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    # click 8.3 and later add the nearest valid name.
    assert f"Error: {message.rstrip('.')}" in result.stderr


# Standard input


def pipe(source: str | bytes, *arguments: str) -> Result:
    return CliRunner().invoke(cli.main, arguments, input=source, prog_name="reglint")


def test_standard_input_is_checked() -> None:
    result = pipe(BAD, "check", "-")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.startswith(BAD_SHOWN.format("-") + "Found 1 finding.\n")
    assert pipe(GOOD, "check", "-").exit_code == 0


def test_standard_input_has_the_name_policy_and_imports_of_a_file() -> None:
    Path("sub").mkdir()
    Path("sub/reglint.toml").write_text("[weights]\nbias = 'l1'\nkernel = 'optional'\n")
    Path("sub/parts.py").write_text("from keras import layers\n")
    result = pipe("from parts import layers\nlayers.Dense(4)\n", "check", "--stdin-filename", "sub/new.py")
    assert result.stdout.startswith("sub/new.py:2:1: REG102 ")


def test_standard_input_is_left_out_where_its_file_would_be() -> None:
    Path("reglint.toml").write_text("extends = 'default'\nextend-exclude = ['old']\n")
    arguments = ("--stdin-filename", "old/a.py")
    assert pipe(BAD, "check", "-", *arguments).exit_code == 1
    result = pipe(BAD, "check", "--force-exclude", "-", *arguments)
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "No Python files were checked.")
    result = pipe(BAD, "fix", "--no-verify", "--force-exclude", "-", *arguments)
    assert (result.exit_code, result.stdout) == (0, BAD)


def test_rules_are_chosen_for_standard_input() -> None:
    assert pipe(BAD, "check", "--ignore", "REG101", "-").exit_code == 0
    assert pipe(BAD, "check", "--select", "REG101", "-").exit_code == 1
    assert pipe(BROKEN, "check", "--select", "REG101", "-").exit_code == 1
    assert pipe(BROKEN, "check", "--ignore", "REG001", "-").exit_code == 0


FIXED_INPUT = {
    "fixed": (BAD, 0, FIXED, "Found 1 finding (1 fixed, 0 left)."),
    "nothing to fix": (GOOD, 0, GOOD, "All checks passed!"),
    "nothing that can be fixed": (LEFT, 1, LEFT, "Found 1 finding (0 fixed, 1 left)."),
    "no Python": (BROKEN, 1, BROKEN, "Found 1 finding (0 fixed, 1 left)."),
    "CRLF": (BAD.replace("\n", "\r\n"), 0, FIXED.replace("\n", "\r\n"), "Found 1 finding (1 fixed, 0 left)."),
    "no text": (b"x = '\xe9'", 2, b"x = '\xe9'", "1 error, see above."),
}


@pytest.mark.parametrize(("source", "code", "after", "summary"), FIXED_INPUT.values(), ids=FIXED_INPUT)
@pytest.mark.parametrize("name", ["a.py", None])
def test_standard_input_is_fixed_to_standard_output(
    source: str | bytes, code: int, after: str | bytes, summary: str, name: str | None
) -> None:
    write(a=BAD)
    result = pipe(source, "fix", "--no-verify", "-", *(("--stdin-filename", name) if name else ()))
    assert (result.exit_code, result.stdout_bytes) == (
        code,
        after if isinstance(after, bytes) else after.encode(),
    )
    assert summary in result.stderr.splitlines()
    assert Path("a.py").read_text() == BAD


def test_the_report_about_standard_input_leaves_standard_output_to_the_source() -> None:
    result = pipe(BAD, "fix", "--no-verify", "-", "--output-format", "json")
    assert result.stdout == FIXED
    assert json.loads(result.stderr)["findings"][0]["written"] is True
    result = pipe(BAD, "fix", "--no-verify", "--diff", "-", "--stdin-filename", "b.py")
    assert result.stdout.startswith("--- a/b.py\n+++ b/b.py\n@@ -1,3 +1,3 @@\n")


def test_standard_input_goes_with_no_other_path() -> None:
    write(a=BAD)
    result = pipe(BAD, "check", "-", "a.py")
    assert result.exit_code == 2
    assert "standard input (-) cannot be read together with other paths" in result.stderr


# The policy


POLICIES = {
    "unknown key": (
        '[weights]\nkernal = "l2"\n',
        'reglint.toml:2:1: unknown key "kernal" in [weights]; did you mean "kernel"?',
    ),
    "wrong type": (
        "[weights]\n\nbias = 1\n",
        "reglint.toml:3:1: [weights] bias: ",
    ),
    "not TOML": ("[weights\n", "reglint.toml:1:"),
    "unknown layer": (
        '[layers.Desne]\nkernel = "l2"\n',
        'reglint.toml:1:9: "Desne" is no Keras layer; did you mean "Dense"?',
    ),
}


@pytest.mark.parametrize(("text", "message"), POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("command", [["check"], ["fix"], ["check", "--policy", "reglint.toml"]], ids=" ".join)
def test_a_bad_policy_is_named_with_its_line(command: list[str], text: str, message: str) -> None:
    write(a=BAD)
    Path("reglint.toml").write_text(text)
    result = run(*command)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: {message}")
    assert Path("a.py").read_text() == BAD


def test_every_problem_of_a_policy_has_its_line() -> None:
    write(a=BAD)
    Path("reglint.toml").write_text('[weights]\nkernal = "l2"\nbais = "l2"\n')
    assert [line.split(" in ")[0] for line in run("check").stderr.splitlines()] == [
        'error: reglint.toml:2:1: unknown key "kernal"',
        'error: reglint.toml:3:1: unknown key "bais"',
    ]


def test_a_policy_that_is_not_there() -> None:
    result = run("check", "--policy", "nope.toml")
    assert (result.exit_code, result.stderr) == (
        2,
        "error: nope.toml: cannot be read: No such file or directory\n",
    )


def test_the_nearest_policy_applies_and_is_named() -> None:
    for folder in ("one", "one/deep", "two", "three"):
        Path(folder).mkdir()
        Path(folder, "model.py").write_text(BAD)
    Path("one/reglint.toml").write_text('[weights]\nkernel = { require = "l1", strength = 0.01 }\n')
    Path("two/pyproject.toml").write_text('[tool.reglint.weights]\nkernel = "optional"\n')
    Path("three/pyproject.toml").write_text("[tool.other]\n")
    result = run("check")
    assert [line for line in result.stdout.splitlines() if "REG" in line or "Policy" in line] == [
        "one/model.py:3:5: REG101 `Dense` has no `kernel_regularizer`; the policy asks for l1(0.01)",
        "one/deep/model.py:3:5: REG101 `Dense` has no `kernel_regularizer`; the policy asks for l1(0.01)",
        "three/model.py:3:5: REG101 `Dense` has no `kernel_regularizer`; the policy asks for l2",
        "Checked 4 layers in 4 files. "
        "Policy: one/reglint.toml, built-in default, two/pyproject.toml [tool.reglint].",
    ]


def test_a_policy_that_is_named_is_the_only_one() -> None:
    write(a=BAD)
    Path("reglint.toml").write_text('[weights]\nkernal = "l2"\n')
    Path("other.toml").write_text('[weights]\nkernel = "optional"\n')
    result = run("check", "--policy", "other.toml")
    assert (result.exit_code, result.stdout) == (
        0,
        "All checks passed!\nChecked 1 layer in 1 file. Policy: other.toml.\n",
    )


# JSON


def test_check_prints_one_json_object() -> None:
    write(
        a="from keras import layers\n\nx = '日本', layers.Dense(\n    4,\n)\n",
        b=LEFT,
        c=BROKEN,
    )
    result = run("check", "--output-format", "json", ".", "missing.py")
    assert result.exit_code == 2
    assert result.stderr == "error: missing.py: cannot be read: No such file or directory\n"
    report = json.loads(result.stdout_bytes)
    assert report["version"] == 1
    shown = (
        "code",
        "name",
        "path",
        "line",
        "column",
        "end_line",
        "end_column",
        "layer",
        "weight",
        "fix",
        "fixable",
    )
    assert [tuple(finding[key] for key in shown) for finding in report["findings"]] == [
        (
            *("REG101", "missing-kernel-regularizer", "a.py", 3, 11, 5, 2, "Dense", "kernel"),
            *("kernel_regularizer=regularizers.l2(1e-4)", True),
        ),
        ("REG201", "wrong-regularizer-kind", "b.py", 3, 5, 3, 50, "Dense", "kernel", None, False),
        ("REG001", "syntax-error", "c.py", 3, 17, 3, 18, None, None, None, False),
    ]
    assert [finding["reason"] for finding in report["findings"]] == [
        None,
        "it is taken out of a list or dict; change it there",
        "nothing in the file was checked; make it parse first",
    ]
    assert [finding["message"] for finding in report["findings"]] == [
        "`Dense` has no `kernel_regularizer`; the policy asks for l2",
        "`kernel_regularizer` of `Dense` is l1(0.01); the policy asks for l2",
        "syntax error: '(' was never closed",
    ]
    assert [(finding["proof"], finding["written"]) for finding in report["findings"]] == [(None, None)] * 3
    assert report["summary"] == {
        "policy": "built-in default",
        "files": 3,
        "layers": 2,
        "unread": 0,
        "findings": 3,
        "fixable": 1,
        "written": 0,
        "errors": 1,
        "suppressed": 0,
        "added": 0,
        "baselined": 0,
        "unneeded": 0,
        "passed_over": 0,
        "unsafe": 0,
    }
    assert [(error["path"], error["message"]) for error in report["errors"]] == [
        ("missing.py", "cannot be read: No such file or directory")
    ]


@pytest.mark.parametrize("given", ["a.py", "./a.py", "absolute"])
def test_paths_are_shown_as_given(here: Path, given: str) -> None:
    write(a=BAD)
    path = str(here / "a.py") if given == "absolute" else given
    report = json.loads(run("check", "--output-format", "json", path).stdout)
    assert report["findings"][0]["path"] == (path if given == "absolute" else "a.py")


def test_a_name_that_is_not_utf8_is_shown_escaped() -> None:
    name = os.fsdecode(b"caf\xe9.py")
    try:
        Path(name).write_text(BAD)
    except OSError:
        pytest.skip("the file system takes UTF-8 names only")
    assert run("check").stdout.startswith("caf\\udce9.py:3:5: REG101 ")
    report = json.loads(run("check", "--output-format", "json").stdout_bytes)
    assert report["findings"][0]["path"] == "caf\\udce9.py"
    assert run("fix", "--no-verify").exit_code == 0
    assert Path(name).read_text() == FIXED


# fix


def test_fix_without_a_proof_writes_and_is_then_done() -> None:
    write(a=BAD, b=GOOD)
    result = run("fix", "--no-verify")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == dedent(
        """\
        a.py:3:5: REG101 `Dense` has no `kernel_regularizer`; the policy asks for l2
           |
         3 | x = layers.Dense(4)
           |     ^^^^^^^^^^^^^^^
           = fixed: kernel_regularizer=regularizers.l2(1e-4)
           = unverified, written all the same: the proof was skipped (--no-verify)

        Found 1 finding (1 fixed, 0 left).
        Checked 2 layers in 2 files. Policy: built-in default.
        """
    )
    assert Path("a.py").read_text() == FIXED
    before = Path("a.py").stat()
    again = run("fix", "--no-verify")
    assert (again.exit_code, again.stdout) == (
        0,
        "All checks passed!\nChecked 2 layers in 2 files. Policy: built-in default.\n",
    )
    after = Path("a.py").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_fix_is_exit_code_1_while_findings_are_left() -> None:
    write(a=BAD, b=LEFT)
    for summary in ("Found 2 findings (1 fixed, 1 left).", "Found 1 finding (0 fixed, 1 left)."):
        result = run("fix", "--no-verify")
        assert (result.exit_code, result.stdout.splitlines()[-2]) == (1, summary)
    assert (Path("a.py").read_text(), Path("b.py").read_text()) == (FIXED, LEFT)


def test_fix_in_json_says_what_was_written() -> None:
    write(a=BAD, b=LEFT)
    report = json.loads(run("fix", "--no-verify", "--output-format", "json").stdout)
    skipped = {
        "grade": "unverified",
        "reason": "the proof was skipped (--no-verify)",
        "model": None,
        "penalties": [],
    }
    assert [(f["fixable"], f["proof"], f["written"]) for f in report["findings"]] == [
        (True, skipped, True),
        (False, None, None),
    ]
    assert (report["summary"]["findings"], report["summary"]["written"]) == (2, 1)


def test_a_file_that_cannot_be_written_is_named_and_the_rest_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = Writer.write

    def guarded(self: Writer, document: Any, data: bytes) -> None:
        if document.path.name == "a.py":
            raise DocumentError(document.path, "is read-only, so it is left alone")
        real(self, document, data)

    monkeypatch.setattr(Writer, "write", guarded)
    write(a=BAD, b=BAD)
    result = run("fix", "--no-verify", "--output-format", "json")
    assert (result.exit_code, result.stderr) == (2, "error: a.py: is read-only, so it is left alone\n")
    report = json.loads(result.stdout)
    assert [finding["written"] for finding in report["findings"]] == [False, True]
    assert (Path("a.py").read_text(), Path("b.py").read_text()) == (BAD, FIXED)


def test_the_diff_alone_is_on_standard_output() -> None:
    write(a=BAD, b=GOOD, c=LEFT)
    result = run("fix", "--no-verify", "--diff")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "--- a/a.py",
        "+++ b/a.py",
        "@@ -1,3 +1,3 @@",
        "-from keras import layers",
        "+from keras import layers, regularizers",
        " ",
        "-x = layers.Dense(4)",
        "+x = layers.Dense(4, kernel_regularizer=regularizers.l2(1e-4))",
    ]
    assert result.stderr.splitlines()[4:6] == [
        "   = fix: kernel_regularizer=regularizers.l2(1e-4)",
        "   = unverified, in the diff all the same: the proof was skipped (--no-verify)",
    ]
    assert result.stderr.splitlines()[-2:] == [
        "Found 2 findings (1 in the diff, 1 left).",
        "Checked 3 layers in 3 files. Policy: built-in default.",
    ]
    assert (Path("a.py").read_text(), Path("c.py").read_text()) == (BAD, LEFT)


@pytest.mark.parametrize(
    "before",
    [
        BAD.encode(),
        BAD.replace("\n", "\r\n").encode(),
        BAD.rstrip().encode(),
        b"\xef\xbb\xbf" + BAD.encode(),
        b"# coding: latin-1\n" + BAD.encode() + b"y = '\xe9\xa0'\n",
    ],
    ids=["plain", "CRLF", "no final newline", "byte-order mark", "latin-1"],
)
def test_applying_the_diff_is_the_same_as_fixing(before: bytes) -> None:
    write(model=before)
    diff = run("fix", "--no-verify", "--diff").stdout_bytes
    assert Path("model.py").read_bytes() == before
    subprocess.run(["git", "init", "--quiet"], check=True)
    subprocess.run(["git", "apply", "-"], input=diff, check=True)
    applied = Path("model.py").read_bytes()
    empty = run("fix", "--no-verify", "--diff")
    assert (empty.exit_code, empty.stdout_bytes) == (0, b"")
    write(model=before)
    assert run("fix", "--no-verify").exit_code == 0
    assert Path("model.py").read_bytes() == applied != before


def test_a_diff_is_empty_though_findings_are_left() -> None:
    write(a=LEFT)
    result = run("fix", "--no-verify", "--diff")
    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.skipif(os.name != "posix", reason="the interpreter is a shell script")
@pytest.mark.parametrize("arguments", [[], ["--diff"], ["--unsafe-fixes"]], ids=["fix", "diff", "unsafe"])
def test_without_keras_fix_says_what_to_install(here: Path, arguments: list[str]) -> None:
    python = here / "python"
    # -S leaves out the folder with the installed packages.
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n')
    python.chmod(0o755)
    Path("reglint.toml").write_text('[weights]\nkernel = "l2"\n[verify]\npython = "python"\n')
    write(a=BAD)
    result = run("fix", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert re.fullmatch(
        rf"error: reglint.toml:4: proofs need keras, which {re.escape(str(python))} cannot import .*: "
        r"pip install keras\n",
        result.stderr,
    )
    assert Path("a.py").read_text() == BAD


# Help


@pytest.mark.parametrize(
    ("arguments", "example"),
    [
        ([], "  130  interrupted; every file is as it was or wholly fixed\n"),
        (["check"], "  reglint check --policy policy.toml src/    with this policy\n"),
        (["fix"], "  reglint fix --diff src/               show the proven fixes, write nothing\n"),
    ],
    ids=["reglint", "check", "fix"],
)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_shows_examples_in_80_columns(arguments: list[str], option: str, example: str) -> None:
    result = run(*arguments, option)
    assert result.exit_code == 0
    assert example in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    "command", [["-m", "reglint"], ["-c", "from reglint.cli import main; main(prog_name='reglint')"]]
)
def test_the_version_is_that_of_the_package(command: list[str]) -> None:
    done = subprocess.run([sys.executable, *command, "--version"], capture_output=True, check=True, text=True)
    assert (done.stdout, done.stderr) == (f"reglint {__version__}\n", "")


# Processes: streams, colors, imports


def environment(**changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    return {**kept, "TERM": "xterm", **changes}


def test_python_m_is_the_same_and_a_pipe_has_no_colors() -> None:
    write(a=BAD)
    done = spawn("check", env=environment())
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.decode() == run("check").stdout
    diff = spawn("fix", "--no-verify", "--diff", env=environment())
    assert b"\x1b" not in diff.stdout + diff.stderr


def on_terminal(*arguments: str, **changes: str) -> str:
    """What a run prints on a terminal."""
    pty = pytest.importorskip("pty", reason="no terminals here")
    ours, theirs = pty.openpty()
    try:
        spawn(*arguments, stdout=theirs, stderr=theirs, capture_output=False, env=environment(**changes))
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            if not part:
                break
            shown += part
    finally:
        os.close(ours)
    return shown.decode().replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("changes", "colored"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
    ids=["terminal", "NO_COLOR", "NO_COLOR empty", "dumb"],
)
def test_a_terminal_has_colors_unless_told_otherwise(changes: dict[str, str], colored: bool) -> None:
    write(a=BAD)
    shown = on_terminal("check", "a.py", "missing.py", **changes)
    error, finding = shown.splitlines()[:2]
    if colored:
        assert error.startswith("\x1b[31m\x1b[1merror\x1b[0m: missing.py: cannot be read: ")
        assert finding.startswith("\x1b[1ma.py\x1b[0m:3:5: \x1b[31m\x1b[1mREG101\x1b[0m `Dense` has no ")
    else:
        assert "\x1b" not in shown
        assert error.startswith("error: missing.py: ")


def test_a_diff_has_colors_on_a_terminal() -> None:
    write(a=BAD)
    shown = on_terminal("fix", "--no-verify", "--diff")
    assert "\x1b[31m-x = layers.Dense(4)\x1b[0m\n" in shown
    assert "\x1b[36m@@ -1,3 +1,3 @@\x1b[0m\n" in shown


def test_a_stream_that_lacks_a_character_shows_its_escape() -> None:
    write(a=f"{BAD.rstrip()}  # \xe9 日\n")
    done = spawn("check", env=environment(PYTHONIOENCODING="latin-1"))
    assert done.returncode == 1
    assert done.stdout.splitlines()[2] == b" 3 | x = layers.Dense(4)  # \xe9 \\u65e5"


@pytest.mark.skipif(os.name != "posix", reason="pipes break differently")
@pytest.mark.parametrize(
    ("arguments", "source", "code"),
    [
        (["check"], GOOD, 0),
        (["check"], BAD, 1),
        (["check", "--output-format", "json"], GOOD, 0),
        (["fix", "--no-verify", "--diff"], BAD, 1),
        (["policy", "show"], GOOD, 0),
        (["policy", "presets"], GOOD, 0),
        (["policy", "schema"], GOOD, 0),
        (["rule", "--all"], GOOD, 0),
    ],
    ids=["clean", "findings", "JSON", "diff", "policy", "presets", "schema", "rules"],
)
def test_a_reader_that_leaves_changes_nothing(arguments: list[str], source: str, code: int) -> None:
    write(a=source)
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = spawn(*arguments, stdout=writing, stderr=subprocess.PIPE, capture_output=False)
    finally:
        os.close(writing)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr
    assert b"BrokenPipe" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_output_that_cannot_be_written_is_no_finding() -> None:
    write(a=BAD)
    with Path("/dev/full").open("w") as full:
        done = spawn("check", stdout=full, stderr=subprocess.PIPE, capture_output=False)
    assert (done.returncode, done.stderr) == (2, b"error: [Errno 28] No space left on device\n")


IMPORTED = """\
import sys
from reglint.cli import main
try:
    main(["check", *sys.argv[1:]], prog_name="reglint")
except SystemExit as end:
    print("exit", end.code)
print(*sorted(sys.modules))
"""


@pytest.mark.parametrize(
    ("source", "code", "absent"),
    [
        (BAD, 1, ()),
        (GOOD, 0, ("reglint.fix.fixer", "reglint.suppress.suppress")),
        (PLAIN, 0, ("libcst", "reglint.resolve", "reglint.fix.fixer")),
    ],
    ids=["bad", "good", "no Keras"],
)
def test_check_imports_what_it_needs_only(source: str, code: int, absent: tuple[str, ...]) -> None:
    write(a=source)
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, "a.py"], capture_output=True, check=True, text=True
    )
    *_, ended, modules = done.stdout.splitlines()
    assert ended == f"exit {code}"
    imported = {".".join(module.split(".")[:depth]) for module in modules.split() for depth in range(1, 4)}
    for name in (
        "tensorflow",
        "keras",
        "tf_keras",
        "numpy",
        "reglint.verify",
        "tempfile",
        "pathspec",
        *absent,
    ):
        assert name not in imported
    assert "reglint.keras" in imported


def test_check_runs_no_user_code() -> None:
    write(a=f"open('ran', 'w')\n{BAD}", keras="open('ran', 'w')\n", tensorflow="open('ran', 'w')\n")
    assert run("check", "a.py").exit_code == 1
    assert spawn("check").returncode == 1
    assert not Path("ran").exists()
