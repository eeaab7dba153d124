"""What people are told when a build fails."""

from __future__ import annotations

import pytest

from reglint.verify import Settings
from reglint.verify.reasons import explain, rests_on, uncontained


@pytest.mark.parametrize(
    ("error", "text"),
    [
        ({"kind": "timeout"}, "building f() took longer than 120 s"),
        ({"kind": "memory"}, "building f() needs more than 8192 MiB"),
        ({"kind": "killed", "text": "SIGSEGV"}, "building f() killed its process (SIGSEGV)"),
        ({"kind": "exit", "text": "3"}, "building f() ended its process (exit code 3)"),
        ({"kind": "dead"}, "the worker ended"),
        (
            {"kind": "raised", "stage": "building", "text": "ValueError: no"},
            "building f() raised ValueError: no",
        ),
        (
            {"kind": "raised", "stage": "building", "text": "ended the program (sys.exit(1))"},
            "building f() ended the program (sys.exit(1))",
        ),
        (
            {"kind": "raised", "stage": "calling", "text": "ValueError: no"},
            "calling f() on a made-up input raised ValueError: no",
        ),
        (
            {"kind": "raised", "stage": "importing", "text": "NameError: x"},
            "importing what f() needs of the file raised NameError: x",
        ),
    ],
)
def test_explain(error: dict[str, str], text: str) -> None:
    assert explain(error, "f()", Settings()) == text


@pytest.mark.parametrize(
    ("gaps", "text"),
    [
        (["files"], "changing files"),
        (["memory", "network"], "using more memory than it may or reaching the network"),
        (
            ["memory", "processes", "network", "files"],
            "using more memory than it may, starting processes without end, reaching the network or changing files",
        ),
    ],
)
def test_uncontained(gaps: list[str], text: str) -> None:
    expected = f"this system does not keep the code under proof from {text}; see docs/security.md"
    assert uncontained(gaps) == expected


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ({}, ""),
        ({"with": []}, ""),
        ({"with": ["`a`"]}, " with made-up `a`"),
        ({"with": ["`a`", "`b`", "`c`", "`d`", "`e`"]}, " with made-up `a`, `b`, `c` and 2 more"),
        ({"error": {"kind": "raised", "text": "ValueError: no"}}, ", before it raised ValueError: no"),
    ],
)
def test_what_a_build_rests_on(answer: dict[str, object], text: str) -> None:
    assert rests_on(answer) == text
