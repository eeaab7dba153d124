"""The text output: every line of it."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

import pytest
from click import unstyle

from reglint.report.results import (
    ErrorResult,
    FindingResult,
    PenaltyResult,
    ProofResult,
    Summary,
)
from reglint.report.text import render_errors, render_finding, render_summary

FINDING = FindingResult(
    code="REG101",
    name="missing-kernel-regularizer",
    message="`Dense` has no `kernel_regularizer`",
    path="model.py",
    line=3,
    column=5,
    end_line=3,
    end_column=13,
    layer="Dense",
    weight="kernel",
    fix="kernel_regularizer=l2(1e-4)",
    fixable=True,
)
LINE = "x = Dense(4)"


def rendered(finding: FindingResult, line: str = LINE, **options: object) -> str:
    return unstyle(render_finding(finding, line, **options))  # type: ignore[arg-type]


def excerpt(line: str, column: int, end_column: int, end_line: int = 3) -> list[str]:
    """The source line and the line with the marker, as they stand in the output."""
    finding = replace(FINDING, column=column, end_column=end_column, end_line=end_line)
    return [shown[5:] for shown in rendered(finding, line).splitlines()[2:4]]


def test_a_finding_has_place_excerpt_and_fix() -> None:
    assert rendered(FINDING) == dedent(
        """\
        model.py:3:5: REG101 `Dense` has no `kernel_regularizer`
           |
         3 | x = Dense(4)
           |     ^^^^^^^^
           = fix: kernel_regularizer=l2(1e-4)
        """
    )


def test_a_finding_without_a_fix_says_why() -> None:
    finding = replace(FINDING, fix=None, fixable=False, reason="the regularizer is set elsewhere")
    assert rendered(finding).splitlines()[-1] == "   = no fix: the regularizer is set elsewhere"


def test_the_margin_has_room_for_the_line_number() -> None:
    assert rendered(replace(FINDING, line=1234, end_line=1234)) == dedent(
        """\
        model.py:1234:5: REG101 `Dense` has no `kernel_regularizer`
              |
         1234 | x = Dense(4)
              |     ^^^^^^^^
              = fix: kernel_regularizer=l2(1e-4)
        """
    )


def test_without_a_source_line_there_is_no_excerpt() -> None:
    assert rendered(FINDING, "") == dedent(
        """\
        model.py:3:5: REG101 `Dense` has no `kernel_regularizer`
           = fix: kernel_regularizer=l2(1e-4)
        """
    )


EXCERPTS = {
    # source line, column, end column -> line and marker as shown
    "plain": ("x = Dense(4)", 5, 13, "x = Dense(4)", "    ^^^^^^^^"),
    "tabs before": ("\t\tDense(4)", 3, 11, "        Dense(4)", "        ^^^^^^^^"),
    "tab within": ("Dense(\t4)", 1, 10, "Dense(    4)", "^^^^^^^^^^^^"),
    "tab after a letter": ("x\t= Dense(4)", 5, 13, "x    = Dense(4)", "       ^^^^^^^^"),
    "wide characters before": (
        "s = '日本'; Dense(4)",
        11,
        19,
        "s = '日本'; Dense(4)",
        "            ^^^^^^^^",
    ),
    "wide characters within": ("f('日本')", 1, 8, "f('日本')", "^^^^^^^^^"),
    "full-width forms": ("# \uff41\uff42 Dense(4)", 6, 14, "# \uff41\uff42 Dense(4)", "       ^^^^^^^^"),
    "ideographic space": ("#\u3000Dense(4)", 3, 11, "#\u3000Dense(4)", "   ^^^^^^^^"),
    "emoji": ("'\U0001f600'; Dense(4)", 6, 14, "'\U0001f600'; Dense(4)", "      ^^^^^^^^"),
    "accents": ("é = Dense(4)", 5, 13, "é = Dense(4)", "    ^^^^^^^^"),
    "combining accents": ("e\u0301 = Dense(4)", 6, 14, "e\u0301 = Dense(4)", "    ^^^^^^^^"),
    "form feed": ("\x0cDense(4)", 2, 10, "␌Dense(4)", " ^^^^^^^^"),
    "escape sequence": ("'\x1b[31m'; Dense(4)", 10, 18, "'␛[31m'; Dense(4)", "         ^^^^^^^^"),
    "text that reverses the line": ("# \u202e Dense(4)", 5, 13, "# \ufffd Dense(4)", "    ^^^^^^^^"),
    "nothing": ("x = Dense(4)", 13, 13, "x = Dense(4)", "            ^"),
    "past the end": ("x = (", 6, 7, "x = (", "     ^"),
    "a long line": (
        f"x = '{'a' * 500}'; Dense(4); y = '{'b' * 500}'",
        509,
        517,
        "a" * 117 + "'; Dense(4); y = '" + "b" * 65,
        " " * 120 + "^" * 8,
    ),
}


@pytest.mark.parametrize(("line", "column", "end", "shown", "marker"), EXCERPTS.values(), ids=EXCERPTS)
def test_the_marker_stands_under_what_it_means(
    line: str, column: int, end: int, shown: str, marker: str
) -> None:
    assert excerpt(line, column, end) == [shown, marker]


def test_a_call_of_several_lines_is_marked_to_the_end_of_its_first() -> None:
    assert excerpt("x = Dense(  # 日", 5, 2, end_line=5) == ["x = Dense(  # 日", "    ^^^^^^^^^^^^"]


KERNEL = PenaltyResult("dense/kernel", 0.000123456789, 0.000123456)
BIAS = PenaltyResult("dense/bias", 12345678.9, 12345679.0)
IN_MODEL = ProofResult("model", None, "build_model()", (KERNEL,))
IN_LAYER = ProofResult("layer", "no model in this file uses this layer", "Dense alone", (KERNEL, BIAS))
UNVERIFIED = ProofResult("unverified", "building build_model() took longer than 120 s")

PROOFS = {
    "model": (
        IN_MODEL,
        "fix",
        True,
        [
            "   = proof (model): in model.losses of build_model()",
            "       dense/kernel: expected 0.000123457, observed 0.000123456",
        ],
    ),
    "layer": (
        IN_LAYER,
        "diff",
        True,
        [
            "   = proof (layer): in model.losses of Dense alone",
            "       dense/kernel: expected 0.000123457, observed 0.000123456",
            "       dense/bias: expected 1.23457e+07, observed 1.23457e+07",
            "       why not in your model: no model in this file uses this layer",
        ],
    ),
    "unverified": (
        UNVERIFIED,
        "fix",
        False,
        ["   = unverified, not written: building build_model() took longer than 120 s"],
    ),
    "unverified and written": (
        UNVERIFIED,
        "fix",
        True,
        ["   = unverified, written all the same: building build_model() took longer than 120 s"],
    ),
    "unverified, diff": (
        UNVERIFIED,
        "diff",
        False,
        ["   = unverified, not in the diff: building build_model() took longer than 120 s"],
    ),
    "unverified in the diff": (
        UNVERIFIED,
        "diff",
        True,
        ["   = unverified, in the diff all the same: building build_model() took longer than 120 s"],
    ),
}


@pytest.mark.parametrize(("proof", "command", "made", "lines"), PROOFS.values(), ids=PROOFS)
def test_the_proof_of_a_fix_is_shown(proof: ProofResult, command: str, made: bool, lines: list[str]) -> None:
    written = command == "fix" and made
    finding = replace(FINDING, proof=proof, written=written)
    verb = "fixed" if written else "fix"
    shown = rendered(finding, command=command, made=made).splitlines()[4:]
    assert shown == [f"   = {verb}: kernel_regularizer=l2(1e-4)", *lines]


NONE = Summary("built-in default", files=1, layers=1, unread=0, findings=0, fixable=0)
SUMMARIES = {
    "clean": (
        NONE,
        "check",
        0,
        "All checks passed!\nChecked 1 layer in 1 file. Policy: built-in default.\n",
    ),
    "clean, several": (
        replace(NONE, policy="reglint.toml", files=12, layers=340),
        "check",
        0,
        "All checks passed!\nChecked 340 layers in 12 files. Policy: reglint.toml.\n",
    ),
    "no file": (replace(NONE, files=0, layers=0), "check", 0, "No Python files were checked.\n"),
    "no layer": (
        replace(NONE, layers=0),
        "check",
        0,
        "All checks passed!\nChecked 0 layers in 1 file. Policy: built-in default.\n",
    ),
    "one finding": (
        replace(NONE, findings=1),
        "check",
        0,
        "Found 1 finding.\nChecked 1 layer in 1 file. Policy: built-in default.\n",
    ),
    "findings with fixes": (
        replace(NONE, findings=3, fixable=2),
        "check",
        0,
        "Found 3 findings.\n2 can be fixed with `reglint fix`, which proves each fix first.\n"
        "Checked 1 layer in 1 file. Policy: built-in default.\n",
    ),
    "fixed": (
        replace(NONE, findings=3, fixable=2, written=2),
        "fix",
        2,
        "Found 3 findings (2 fixed, 1 left).\nChecked 1 layer in 1 file. Policy: built-in default.\n",
    ),
    "in the diff": (
        replace(NONE, findings=3, fixable=2),
        "diff",
        2,
        "Found 3 findings (2 in the diff, 1 left).\nChecked 1 layer in 1 file. Policy: built-in default.\n",
    ),
    "unread, one": (
        replace(NONE, unread=1),
        "check",
        0,
        "All checks passed!\nChecked 1 layer in 1 file (1 regularizer could not be read). "
        "Policy: built-in default.\n",
    ),
    "unread, several": (
        replace(NONE, unread=2),
        "check",
        0,
        "All checks passed!\nChecked 1 layer in 1 file (2 regularizers could not be read). "
        "Policy: built-in default.\n",
    ),
    "error beside a clean file": (
        replace(NONE, errors=1),
        "check",
        0,
        "1 error, see above.\nChecked 1 layer in 1 file. Policy: built-in default.\n",
    ),
    "errors and findings": (
        replace(NONE, findings=1, errors=2),
        "check",
        0,
        "Found 1 finding.\n2 errors, see above.\nChecked 1 layer in 1 file. Policy: built-in default.\n",
    ),
    "errors only": (
        replace(NONE, files=0, layers=0, errors=1),
        "check",
        0,
        "1 error, see above.\nNo Python files were checked.\n",
    ),
}


@pytest.mark.parametrize(("summary", "command", "made", "text"), SUMMARIES.values(), ids=SUMMARIES)
def test_the_summary_counts_and_names_the_policy(
    summary: Summary, command: str, made: int, text: str
) -> None:
    assert unstyle(render_summary(summary, command, made)) == text  # type: ignore[arg-type]


def test_errors_name_their_file() -> None:
    errors = (
        ErrorResult("a.py", "cannot be read: Permission denied"),
        ErrorResult("b.py", "line 1 is not UTF-8"),
    )
    assert [unstyle(line) for line in render_errors(errors)] == [
        "error: a.py: cannot be read: Permission denied",
        "error: b.py: line 1 is not UTF-8",
    ]


def test_colors_mark_the_code_and_the_place() -> None:
    lines = render_finding(FINDING, LINE).splitlines()
    assert lines[0] == (
        "\x1b[1mmodel.py\x1b[0m:3:5: \x1b[31m\x1b[1mREG101\x1b[0m `Dense` has no `kernel_regularizer`"
    )
    assert lines[3].endswith("    \x1b[31m^^^^^^^^\x1b[0m")
