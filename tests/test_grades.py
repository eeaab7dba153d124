"""The counting of ``benchmarks/grades.py``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from grades import Graded, count, in_general, lowest, row, sources

from reglint.report.results import FindingResult, ProofResult

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("reason", "general"),
    [
        (
            "building net(units=8) in vit.py raised ValueError: Argument `name` must be a string. Received: 3",
            "building raised ValueError: Argument … must be a string. Received: N",
        ),
        ("build(a=(8, 8)): no layer made here is in the model", "no layer made here is in the model"),
        (
            "model (module level): the layer `x` made here is in no model",
            "the layer … made here is in no model",
        ),
        (
            "no model in this file uses this layer; and alone, what `r` is, only the code around it knows",
            "no model in this file uses this layer; and alone, what … is, only the code around it knows",
        ),
        (
            "building f(x=1) raised ValueError: no; building Dense alone raised TypeError: 'int' object",
            "building raised ValueError: no; building raised TypeError: … object",
        ),
        ("the layer has no kernel weight (build())", "the layer has no kernel weight"),
    ],
)
def test_reasons_differ_in_more_than_names_and_numbers(reason: str, general: str) -> None:
    assert in_general(reason) == general


def test_a_site_has_the_lowest_grade_of_its_weights() -> None:
    graded = Graded("pkg")
    found = [
        finding(1, "model"),
        finding(1, "unverified"),
        finding(1, "layer"),
        finding(2, "model"),
        finding(3),
    ]
    for site, proof in lowest(found).items():
        count(proof, f"{site.path}:{site.line}", graded)
    assert row(graded)[2:8] == ["2", "1", "0", "1", "50%", "50%"]
    assert graded.places == ["a.py:1: unverified: why"]


def test_lines_of_a_notebook_are_those_of_a_cell() -> None:
    found = [
        replace(finding(1, grade), cell=cell) for cell, grade in ((2, "model"), (3, "layer"), (3, "model"))
    ]
    assert [(site.cell, proof.grade) for site, proof in lowest(found).items()] == [(2, "model"), (3, "layer")]


def finding(line: int, grade: str | None = None) -> FindingResult:
    """A finding on a line, with a proof of a grade."""
    proof = ProofResult(grade, "why") if grade is not None else None  # type: ignore[arg-type]
    return FindingResult("REG101", "missing", "m", "a.py", line, 1, line, 9, proof=proof)


def test_files_of_tests_are_no_sources(tmp_path: Path) -> None:
    names = [
        "a.py",
        "b_test.py",
        "test_c.py",
        "conftest.py",
        "tests/d.py",
        "latest/e.py",
        "contest.py",
        "test.txt",
    ]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = [path.relative_to(tmp_path).as_posix() for path in sources(tmp_path, None)]
    assert found == ["a.py", "contest.py", "latest/e.py"]


def test_a_sample_is_drawn_by_paths_from_files_that_name_keras(tmp_path: Path) -> None:
    for name in ("a.py", "b.ipynb", "c.py", "d.py", "test_e.py"):
        (tmp_path / name).write_text("import os" if name == "c.py" else "from tensorflow.keras import layers")
    found = [path.name for path in sources(tmp_path, 2)]
    assert found == ["b.ipynb", "d.py"]
