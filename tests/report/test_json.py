"""The JSON output: its keys, their order, their values."""

from __future__ import annotations

from typing import Any

import msgspec

from reglint.report.json import render_json
from reglint.report.results import (
    ErrorResult,
    FindingResult,
    PenaltyResult,
    ProofResult,
    Report,
    Summary,
)

FIXED = FindingResult(
    code="REG101",
    name="missing-kernel-regularizer",
    message="`Dense` has no `kernel_regularizer`; the policy asks for l2",
    path="日本/model.py",
    line=3,
    column=5,
    end_line=4,
    end_column=2,
    layer="Dense",
    weight="kernel",
    fix="kernel_regularizer=l2(1e-4)",
    fixable=True,
    applicability="safe",
    proof=ProofResult("model", None, "build_model()", (PenaltyResult("dense/kernel", 0.5, 0.25),)),
    written=True,
)
UNPARSED = FindingResult(
    "REG001", "syntax-error", "syntax error: invalid syntax", "b.py", 1, 1, 1, 2, reason="why"
)
SUMMARY = Summary("reglint.toml", files=2, layers=5, unread=1, findings=2, fixable=1, written=1, errors=1)
REPORT = Report(1, (FIXED, UNPARSED), SUMMARY, (ErrorResult("c.py", "cannot be read: Permission denied"),))

EXPECTED: dict[str, Any] = {
    "version": 1,
    "findings": [
        {
            "code": "REG101",
            "name": "missing-kernel-regularizer",
            "message": "`Dense` has no `kernel_regularizer`; the policy asks for l2",
            "path": "日本/model.py",
            "line": 3,
            "column": 5,
            "end_line": 4,
            "end_column": 2,
            "cell": None,
            "layer": "Dense",
            "weight": "kernel",
            "related": [],
            "fix": "kernel_regularizer=l2(1e-4)",
            "effect": None,
            "fixable": True,
            "applicability": "safe",
            "reason": None,
            "proof": {
                "grade": "model",
                "reason": None,
                "model": "build_model()",
                "penalties": [{"weight": "dense/kernel", "expected": 0.5, "observed": 0.25}],
            },
            "written": True,
        },
        {
            "code": "REG001",
            "name": "syntax-error",
            "message": "syntax error: invalid syntax",
            "path": "b.py",
            "line": 1,
            "column": 1,
            "end_line": 1,
            "end_column": 2,
            "cell": None,
            "layer": None,
            "weight": None,
            "related": [],
            "fix": None,
            "effect": None,
            "fixable": False,
            "applicability": None,
            "reason": "why",
            "proof": None,
            "written": None,
        },
    ],
    "summary": {
        "policy": "reglint.toml",
        "files": 2,
        "layers": 5,
        "unread": 1,
        "findings": 2,
        "fixable": 1,
        "written": 1,
        "errors": 1,
        "suppressed": 0,
        "added": 0,
        "baselined": 0,
        "unneeded": 0,
        "passed_over": 0,
        "unsafe": 0,
    },
    "errors": [
        {
            "path": "c.py",
            "message": "cannot be read: Permission denied",
            "cell": None,
            "line": None,
            "column": None,
        }
    ],
}


def ordered(value: Any) -> Any:
    """Objects as lists of pairs, so that comparing them compares their order."""
    if isinstance(value, dict):
        return [(key, ordered(entry)) for key, entry in value.items()]
    return [ordered(entry) for entry in value] if isinstance(value, list) else value


def test_the_object_has_these_keys_in_this_order() -> None:
    assert ordered(msgspec.json.decode(render_json(REPORT))) == ordered(EXPECTED)


def test_it_is_utf8_and_indented_and_ends_its_line() -> None:
    text = render_json(REPORT).decode("utf-8")
    assert text.startswith('{\n  "version": 1,\n  "findings": [\n    {\n      "code": "REG101",\n')
    assert '"path": "日本/model.py"' in text
    assert text.endswith("}\n")
    assert not text.endswith("\n\n")


def test_no_findings_are_an_empty_list() -> None:
    summary = Summary("built-in default", files=0, layers=0, unread=0, findings=0, fixable=0)
    decoded = msgspec.json.decode(render_json(Report(1, (), summary)))
    assert (decoded["findings"], decoded["errors"]) == ([], [])
    assert decoded["summary"]["written"] == 0


def test_it_decodes_to_the_types_it_was_made_from() -> None:
    assert msgspec.json.decode(render_json(REPORT), type=Report) == REPORT


def test_a_number_that_json_has_not_is_null() -> None:
    proof = ProofResult("model", None, "m", (PenaltyResult("k", float("inf"), float("nan")),))
    finding = FindingResult("REG101", "n", "m", "p", 1, 1, 1, 2, proof=proof)
    decoded = msgspec.json.decode(render_json(Report(1, (finding,), SUMMARY)))
    assert decoded["findings"][0]["proof"]["penalties"] == [
        {"weight": "k", "expected": None, "observed": None}
    ]
