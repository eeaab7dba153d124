"""The bar on a terminal, and lines elsewhere."""

from __future__ import annotations

import io
import sys
import time

import pytest

from reglint.commands.progress import progress


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress(2) as step:
        step()
        step()
    shown = terminal.getvalue()
    assert "Building models of 2 files" in shown
    assert "2/2" in shown
    assert shown.endswith("\n")


def test_the_bar_ends_where_the_run_does(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with pytest.raises(KeyboardInterrupt), progress(1):
        raise KeyboardInterrupt
    assert terminal.getvalue().endswith("0/1\x1b[?25h\n")


@pytest.mark.parametrize(
    ("seconds", "lines"),
    [
        ([0, 1, 2, 3], []),
        ([0, 11, 12, 23], ["reglint: built the models of 1 of 3 files"]),
        (
            [0, 11, 22, 33],
            ["reglint: built the models of 1 of 3 files", "reglint: built the models of 2 of 3 files"],
        ),
    ],
)
def test_lines_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    seconds: list[float],
    lines: list[str],
) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    with progress(3) as step:
        for second in seconds[1:]:
            now[0] = second
            step()
    assert capsys.readouterr().err.splitlines() == lines
