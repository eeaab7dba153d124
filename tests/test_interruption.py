"""Ctrl-C, and errors that hide it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from reglint import cli, reading
from reglint.interruption import is_interruption


def _behind(first: BaseException) -> Exception:
    """An error of a ``finally`` that ``first`` went through."""
    try:
        try:
            raise first
        finally:
            {}["half done"]  # what is looked for is not there yet
    except KeyError as error:
        return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (KeyboardInterrupt(), True),
        (_behind(KeyboardInterrupt()), True),
        (_behind(_behind(KeyboardInterrupt())), True),
        (KeyError(), False),
        (_behind(ValueError()), False),
        (SystemExit(), False),
    ],
)
def test_is_interruption(error: BaseException, expected: bool) -> None:
    assert is_interruption(error) is expected


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "Interrupted; no file was changed."),
        (_behind(KeyboardInterrupt()), 130, "Interrupted; no file was changed."),
        (_behind(ValueError()), 2, "error: a.py: reglint itself failed on this file, please report it: "),
    ],
)
def test_a_run_ends_with_it(
    error: BaseException, code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(reading, "_read", fail)
    for name in ("a.py", "b.py"):
        Path(name).write_text("from keras import layers\nlayers.Dense(4)\n")
    result = CliRunner().invoke(cli.main, ["check", "."])
    assert result.exit_code == code
    assert said in result.stderr
    assert ("b.py" in result.stderr) is (code == 2)
