"""The tutorials of ``fixtures/``: fix completes the output layers and proves each in the script's own model."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from reglint.cli import main

pytestmark = pytest.mark.keras

TUTORIALS = Path(__file__).parents[1] / "fixtures" / "tutorials"

FIXES = {
    "mlp": [
        ("REG101", "Dense", "kernel_regularizer=keras.regularizers.l2(0.01)"),
        ("REG102", "Dense", "bias_regularizer=keras.regularizers.l2(0.01)"),
    ],
    "cnn": [
        ("REG101", "Conv2D", "kernel_regularizer=regularizers.l1(0.001)"),
        ("REG101", "Dense", "kernel_regularizer=regularizers.l2(1e-4)"),
        ("REG101", "Dense", "kernel_regularizer=regularizers.l2(1e-4)"),
    ],
    "binary": [("REG101", "Dense", "kernel_regularizer=L1L2(l1=0.005, l2=0.001)")],
}


@pytest.fixture(scope="module")
def tutorials(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(TUTORIALS, tmp_path_factory.mktemp("copy") / "tutorials"))


def test_fix_proves_each_tutorial_in_its_own_model(tutorials: Path) -> None:
    result = CliRunner().invoke(main, ["fix", str(tutorials), "--output-format", "json"])
    report = json.loads(result.stdout)
    found: dict[str, list[tuple[str, str, str]]] = {name: [] for name in FIXES}
    for finding in report["findings"]:
        found[Path(finding["path"]).parent.name].append((finding["code"], finding["layer"], finding["fix"]))
        proof = finding["proof"]
        assert (proof["grade"], proof["reason"]) == ("model", None)
        (penalty,) = proof["penalties"]
        assert penalty["expected"] > 0
        assert penalty["observed"] == pytest.approx(penalty["expected"], rel=1e-4)
    assert found == FIXES
    assert result.exit_code == 0

    again = CliRunner().invoke(main, ["fix", str(tutorials), "--output-format", "json"])
    assert (again.exit_code, json.loads(again.stdout)["findings"]) == (0, [])
