"""Code that no person writes: very long and very deep. It does not crash, and work grows as the code does."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

import reglint
from reglint.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

KERAS = "from keras import Sequential, layers\n\n\n"


def names(n: int) -> str:
    return KERAS + "".join(f"x{i} = layers.Dense(8)\n" for i in range(n))


def chain(n: int) -> str:
    return f"{KERAS}x = layers.Input((8,))\n" + "x = layers.Dense(8)(x)\n" * n


def function(n: int) -> str:
    body = "    x = layers.Dense(8, kernel_regularizer=reg)(x)\n" * n
    return f"{KERAS}def build(x, reg=None):\n{body}    return x\n\n\nbuild(1, 'l2')\n"


def functions(n: int) -> str:
    return KERAS + "".join(
        f"def f{i}(x, reg='l1'):\n    return layers.Dense(8, kernel_regularizer=reg)(x)\n\n\nf{i}(1)\n"
        for i in range(n)
    )


def helper(n: int) -> str:
    define = "def dense(x, reg=None):\n    return layers.Dense(8, kernel_regularizer=reg)(x)\n\n\nx = 1\n"
    return KERAS + define + "x = dense(x, 'l2')\n" * n


def one_list(n: int) -> str:
    return f"{KERAS}Sequential([\n" + "    layers.Dense(8),\n" * n + "])\n"


def attributes(n: int) -> str:
    made = "".join(f"        self.d{i} = layers.Dense(8)\n" for i in range(n))
    return f"{KERAS}class Mine(layers.Layer):\n    def __init__(self):\n{made}"


def entries(n: int) -> str:
    filled = "".join(f"kw['a{i}'] = {i}\n" for i in range(n))
    return f"{KERAS}kw = {{}}\n{filled}layers.Dense(8, **kw)\n"


def elifs(n: int) -> str:
    arms = "".join(f"elif x == {i}:\n    y = layers.Dense({i})\n" for i in range(1, n))
    return f"{KERAS}if x == 0:\n    y = layers.Dense(0)\n{arms}layers.Conv2D(8, 3)(y)\n"


def terms(n: int) -> str:
    return f"{KERAS}layers.Dense({' + '.join(['1'] * n)})\n"


def nested(n: int) -> str:
    return f"{KERAS}def f(x):\n    return x\n\n\nx = {'f(' * n}layers.Dense(8){')' * n}\n"


def chained(n: int) -> str:
    return f"{KERAS}def a():\n    return a\n\n\nx = a{'()' * n}\nlayers.Dense(8)(x)\n"


def run(command: str, path: Path) -> dict:
    result = CliRunner().invoke(main, [command, "--output-format", "json", str(path)])
    assert result.exit_code in (0, 1, 2)
    return json.loads(result.stdout)


@pytest.mark.parametrize(
    ("write", "n", "layers"),
    [
        (chain, 10_000, 10_000),
        (nested, 50, 1),
        (nested, 1_000, 1),
        (chained, 1_000, 1),
        (elifs, 1_000, 1_001),
        (terms, 3_000, 1),
    ],
)
def test_generated_code_is_read_or_said_to_be_too_deep(
    write: Callable[[int], str], n: int, layers: int, tmp_path: Path
) -> None:
    path = tmp_path / "generated.py"
    path.write_text(write(n))
    # How deep code may be is for the parser of each Python to say.
    words = ("nested too deeply to be parsed", "too many nested parentheses")
    possible = [(layers, []), *((0, [word]) for word in words)]
    taken = run("inventory", path)
    errors = [error["message"].removeprefix("syntax error: ") for error in taken["errors"]]
    assert (len(taken["layers"]), errors) in possible


def work(command: str, source: str, path: Path) -> int:
    """How many lines of reglint's own code run for a command on ``source``."""
    path.parent.mkdir()  # the files beside a script can be part of its project
    path.write_text(source)
    package = str(Path(reglint.__file__).parent)
    lines = 0

    def enter(frame: FrameType, *_: object) -> Callable[..., object] | None:
        return line if frame.f_code.co_filename.startswith(package) else None

    def line(frame: FrameType, event: str, _: object) -> Callable[..., object]:  # noqa: ARG001
        nonlocal lines
        lines += event == "line"
        return line

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        run(command, path)
    finally:
        sys.settrace(before)
    return lines


@pytest.mark.parametrize("command", ["inventory", "check"])
@pytest.mark.parametrize(
    ("write", "n"),
    [
        *[(write, 60) for write in (names, chain, function, functions, helper, one_list, attributes)],
        *[(entries, 60), (elifs, 60), (terms, 200), (nested, 40), (chained, 200)],
    ],
)
def test_twice_the_code_is_twice_the_work(
    write: Callable[[int], str], n: int, command: str, tmp_path: Path
) -> None:
    work(command, write(2), tmp_path / "warm" / "a.py")  # reads the catalog
    once = work(command, write(n), tmp_path / "once" / "a.py")
    twice = work(command, write(2 * n), tmp_path / "twice" / "a.py")
    assert twice < 2.5 * once
