from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reglint.policy import DEFAULT, Number, PolicyError, Requirement, discover, load
from reglint.policy.requirement import Part

if TYPE_CHECKING:
    from tests.policy.conftest import Ask


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")


def failure(path: str) -> str:
    with pytest.raises(PolicyError) as raised:
        load(Path(path))
    return str(raised.value)


def test_the_default_needs_l2_on_kernels(ask: Ask) -> None:
    part = Part(Number(1e-4, "1e-4"))
    assert (DEFAULT.source, DEFAULT.path) == ("built-in default", None)
    assert ask(DEFAULT, "Dense", "kernel") == Requirement(("l2",), "[weights] kernel", "l2", part, part)
    assert ask(DEFAULT, "LSTM", "recurrent") == ask(DEFAULT, "Dense", "kernel")
    others = ["bias", "embeddings", "gamma", "beta", "alpha", "activity"]
    assert {str(ask(DEFAULT, "Dense", role)) for role in others} == {"no penalty or any"}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("name", "text", "source"),
    [
        ("reglint.toml", "keras = 2", "reglint.toml"),
        ("conf/strict.toml", "keras = 2", "conf/strict.toml"),
        ("pyproject.toml", "[tool.reglint]\nkeras = 2", "pyproject.toml [tool.reglint]"),
        ("reglint.toml", "\ufeffkeras = 2", "reglint.toml"),
    ],
)
def test_load(name: str, text: str, source: str) -> None:
    write({name: text})
    policy = load(Path(name))
    assert (policy.keras, policy.source, policy.path) == (2, source, Path(name))


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("missing.toml", None, "missing.toml: cannot be read: No such file or directory"),
        ("conf", None, "conf: cannot be read: Is a directory"),
        ("reglint.toml", b"keras = 3\n# caf\xe9", "reglint.toml:2:6: not UTF-8: byte 0xe9"),
        ("reglint.toml", "# é\n# caf\xe9".encode() + b"\xff", "reglint.toml:2:7: not UTF-8: byte 0xff"),
        ("reglint.toml", b"[weights]\nkernel = ?", "reglint.toml:2:10: not TOML: Invalid value"),
        ("reglint.toml", b"keras = [3", "reglint.toml:1:11: not TOML: Unclosed array"),
        ("pyproject.toml", b"[tool.ruff]", "pyproject.toml: no [tool.reglint] table in it"),
        ("pyproject.toml", b"tool = 'reglint'", "pyproject.toml: no [tool.reglint] table in it"),
    ],
)  # fmt: skip
def test_what_cannot_be_loaded(folder: Path, name: str, content: bytes | None, error: str) -> None:
    (folder / "conf").mkdir()
    if content is not None:
        (folder / name).write_bytes(content)
    assert failure(name) == error


PYPROJECT = "[tool.reglint]\nkeras = 2"


@pytest.mark.parametrize(
    ("files", "start", "source"),
    [
        ({}, "src/a.py", "built-in default"),
        ({"reglint.toml": ""}, "src/a.py", "reglint.toml"),
        ({"reglint.toml": ""}, "src", "reglint.toml"),
        ({"reglint.toml": ""}, ".", "reglint.toml"),
        ({"reglint.toml": ""}, "src/missing.py", "reglint.toml"),
        ({"src/reglint.toml": "", "reglint.toml": ""}, "src/a.py", "src/reglint.toml"),
        ({"src/reglint.toml": "", "reglint.toml": ""}, "src/../tests", "reglint.toml"),
        ({"src/reglint.toml": ""}, ".", "built-in default"),
        ({"pyproject.toml": PYPROJECT}, "src/a.py", "pyproject.toml [tool.reglint]"),
        ({"src/pyproject.toml": PYPROJECT, "reglint.toml": ""}, "src", "src/pyproject.toml [tool.reglint]"),
        ({"pyproject.toml": PYPROJECT, "reglint.toml": ""}, "src", "reglint.toml"),
        # a pyproject.toml without the table is passed over, readable or not
        ({"src/pyproject.toml": "[tool.ruff]", "reglint.toml": ""}, "src", "reglint.toml"),
        ({"src/pyproject.toml": "dependencies = ['reglint']", "reglint.toml": ""}, "src", "reglint.toml"),
        ({"src/pyproject.toml": "[tool.", "reglint.toml": ""}, "src", "reglint.toml"),
        # a folder of that name is no policy
        ({"src/reglint.toml/a": "", "reglint.toml": ""}, "src", "reglint.toml"),
    ],
)
def test_discover(folder: Path, files: dict[str, str], start: str, source: str) -> None:
    write({"src/a.py": "", **files})
    policy = discover(Path(start))
    assert policy.source == source
    assert discover(folder / start) == policy
    assert policy.path is None or policy.path.is_file()


def test_a_policy_above_the_current_folder_has_its_full_path(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({"reglint.toml": "", "src/a.py": ""})
    monkeypatch.chdir("src")
    assert discover(Path("a.py")).path == folder / "reglint.toml"


@pytest.mark.usefixtures("folder")
def test_an_error_in_the_nearest_policy_is_not_passed_over() -> None:
    write({"src/pyproject.toml": "[tool.reglint]\nkeras = 4", "reglint.toml": ""})
    with pytest.raises(
        PolicyError, match=r'^src/pyproject.toml:2:1: \[tool.reglint\] keras: expected "auto"'
    ):
        discover(Path("src"))


def test_import_is_light() -> None:
    code = "import sys, reglint.policy; print({'libcst', 'tensorflow', 'keras', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
