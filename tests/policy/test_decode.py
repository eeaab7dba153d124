from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reglint.policy.decode import decode
from reglint.policy.errors import PolicyError
from reglint.policy.policy import Policy, Verify
from reglint.policy.requirement import Number, Requirement
from reglint.policy.source import Source
from reglint.policy.toml import parse


def read(text: str, *table: str) -> Policy:
    path = Path("conf/reglint.toml")
    return decode(Source(parse(text), path, table), "the name", path)


def errors(text: str, *table: str) -> list[str]:
    with pytest.raises(PolicyError) as raised:
        read(text, *table)
    return [line.removeprefix("conf/reglint.toml:") for line in str(raised.value).splitlines()]


REQUIRE = '"l1", "l2", "l1_l2", "any", "none", "optional" or "forbidden"'
ROLES = "kernel, bias, recurrent, depthwise, pointwise, embeddings, gamma, beta, alpha, activity"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        # unknown keys
        ("[wieghts]\n", '1:2: unknown key "wieghts" at the top; did you mean "weights"?'),
        (
            "color = 3",
            '1:1: unknown key "color" at the top; the keys there are keras, weights, layers, verify',
        ),
        ("[weights]\nkernal = 'l2'", '2:1: unknown key "kernal" in [weights]; did you mean "kernel"?'),
        ("[weights]\nfilter = 'l2'", f'2:1: unknown key "filter" in [weights]; the keys there are {ROLES}'),
        (
            "[weights]\nkernel = { require = 'l2', strenght = 1 }",
            '2:28: unknown key "strenght" in [weights] kernel; did you mean "strength"?',
        ),
        (
            "[layers.'Conv*']\nkernal = 'l2'",
            '2:1: unknown key "kernal" in [layers."Conv*"]; did you mean "kernel"?',
        ),
        ("[verify]\ntimout = 3", '2:1: unknown key "timout" in [verify]; did you mean "timeout"?'),
        # wrong types and words
        ("weights = 3", "1:1: weights: expected a table, got 3"),
        ("layers = 'Dense'", '1:1: layers: expected a table, got "Dense"'),
        ("layers.Dense = []", "1:8: [layers.Dense]: expected a table, got an array of 0"),
        ("verify = true", "1:1: verify: expected a table, got true"),
        ("keras = 4", '1:1: keras: expected "auto", 2 or 3, got 4'),
        ("keras = '3'", '1:1: keras: expected "auto", 2 or 3, got "3"; did you mean 3?'),
        ("keras = true", '1:1: keras: expected "auto", 2 or 3, got true'),
        ("keras = {}", '1:1: [keras]: expected "auto", 2 or 3, got a table'),
        ("[weights]\nkernel = 1e-4", f"2:1: [weights] kernel: expected {REQUIRE}, or a table, got 1e-4"),
        ("[weights]\nbias = false", f"2:1: [weights] bias: expected {REQUIRE}, or a table, got false"),
        (
            "[weights]\nkernel = 'L2'",
            f'2:1: [weights] kernel: expected {REQUIRE}, or a table, got "L2"; did you mean "l2"?',
        ),
        (
            "[weights]\nkernel = { require = 'l1l2' }",
            f'2:12: [weights] kernel.require: expected {REQUIRE}, got "l1l2"; did you mean "l1_l2"?',
        ),
        (
            "[weights]\nkernel = { require = 'no' }",
            f'2:12: [weights] kernel.require: expected {REQUIRE}, got "no"; did you mean "none"?',
        ),
        ("[weights]\nkernel = { strength = 1e-4 }", '2:1: [weights] kernel: "require" is missing'),
        # numbers
        (
            "[weights]\nkernel = { require = 'l2', strength = -1e-4 }",
            "2:28: [weights] kernel.strength: expected a number more than 0, got -1e-4",
        ),
        (
            "[weights]\nkernel = { require = 'l2', strength = 0.0 }",
            "2:28: [weights] kernel.strength: expected a number more than 0, got 0.0",
        ),
        (
            "[weights]\nkernel = { require = 'any', strength = nan }",
            "2:29: [weights] kernel.strength: expected a number more than 0, got nan",
        ),
        (
            "[weights]\nkernel = { require = 'l2', max = inf }",
            "2:28: [weights] kernel.max: expected a number more than 0, got inf",
        ),
        (
            "[weights]\nkernel = { require = 'l2', max = 0 }",
            "2:28: [weights] kernel.max: expected a number more than 0, got 0",
        ),
        (
            "[weights]\nkernel = { require = 'l2', min = -1 }",
            "2:28: [weights] kernel.min: expected 0 or more, got -1",
        ),
        (
            "[weights]\nkernel = { require = 'l2', strength = true }",
            "2:28: [weights] kernel.strength: expected a number or [l1, l2], got true",
        ),
        (
            "[weights]\nkernel = { require = 'l2', strength = '1e-4' }",
            '2:28: [weights] kernel.strength: expected a number or [l1, l2], got "1e-4"',
        ),
        (
            "[weights]\nkernel = { require = 'l2', min = true }",
            "2:28: [weights] kernel.min: expected a number, got true",
        ),
        (
            "[weights]\nkernel = { require = 'l2', strength = [1e-4, 1e-4] }",
            '2:28: [weights] kernel.strength: only "l1_l2" has two strengths; write one number',
        ),
        (
            "[weights]\nkernel = { require = 'l1_l2', strength = 1e-4 }",
            '2:31: [weights] kernel.strength: "l1_l2" has two strengths, [l1, l2]; '
            "write [1e-4, 1e-4] if they are the same",
        ),
        (
            "[weights]\nkernel = { require = 'l1_l2', strength = [1e-4] }",
            "2:31: [weights] kernel.strength: expected a number or [l1, l2], got an array of 1",
        ),
        (
            "[weights]\nkernel = { require = 'l1_l2', strength = [1e-4, 0] }",
            "2:31: [weights] kernel.strength: expected a number more than 0, got 0",
        ),
        (
            "[weights]\nkernel = { require = 'l1_l2', strength = [true, 1] }",
            "2:31: [weights] kernel.strength: expected a number or [l1, l2], got an array of 2",
        ),
        (
            "[weights]\nkernel = { require = 'l2', min = 1e-2, max = 1e-6 }",
            "2:28: [weights] kernel.min: 1e-2 is more than max, 1e-6",
        ),
        (
            "[weights]\nkernel = { require = 'l2', strength = 1e-7, min = 1e-6 }",
            "2:28: [weights] kernel.strength: 1e-7 is less than min, 1e-6",
        ),
        (
            "[weights]\nkernel = { require = 'l1_l2', strength = [1e-4, 0.1], max = 1e-2 }",
            "2:31: [weights] kernel.strength: 0.1 is more than max, 1e-2",
        ),
        (
            "[weights]\nkernel = { require = 'none', strength = 1e-4 }",
            '2:30: [weights] kernel.strength: "none" allows no penalty, so it has no strength',
        ),
        (
            "[weights]\nkernel = { require = 'forbidden', max = 1e-4 }",
            '2:35: [weights] kernel.max: "forbidden" allows no penalty, so it has no max',
        ),
        (
            "[weights]\nkernel = { require = 'optional', strength = 1e-4 }",
            '2:34: [weights] kernel.strength: "optional" has a strength only with min or max; '
            "it is what a fix writes in place of one that they exclude",
        ),
        # layers
        ("[layers.Dens]\nkernel = 'l2'", '1:9: "Dens" is no Keras layer; did you mean "Dense"?'),
        ("[layers.conv2d]\nkernel = 'l2'", '1:9: "conv2d" is no Keras layer; did you mean "Conv2D"?'),
        ("[layers.Xyzzy]", '1:9: "Xyzzy" is no Keras layer'),
        ("[layers.'lstm*']", '1:9: no Keras layer matches "lstm*"; did you mean "LSTM"?'),
        (
            "[layers.Dense]\ngamma = 'l2'",
            "2:1: [layers.Dense] gamma: Dense does not have such a weight; "
            "the keys there are kernel, bias, activity",
        ),
        (
            "[layers.'Embed*']\nkernel = 'l2'",
            '2:1: [layers."Embed*"] kernel: no layer that it matches has such a weight; '
            "the keys there are embeddings, activity",
        ),
        # verify
        (
            "[verify]\ntimeout = 0",
            "2:1: [verify] timeout: expected a number of seconds, more than 0, at most 86400, got 0",
        ),
        (
            "[verify]\ntimeout = true",
            "2:1: [verify] timeout: expected a number of seconds, more than 0, at most 86400, got true",
        ),
        (
            "[verify]\nmemory_mib = 1.5",
            "2:1: [verify] memory_mib: expected a whole number of MiB, more than 0, got 1.5",
        ),
        ("[verify]\npython = ''", '2:1: [verify] python: expected the path of a Python interpreter, got ""'),
        (
            "[verify]\nbuilders = { 'pkg.models.build' = {} }",
            '2:14: [verify] builders."pkg.models.build": not the name of a function; '
            'write "package.module:function"',
        ),
        ("[verify.builders]\n'm:f' = 10", '2:1: [verify] builders."m:f": expected a table, got 10'),
        (
            "[verify.builders.'m:f']\nday = 2020-01-31",
            '1:18: [verify] builders."m:f": a date or time cannot be an argument',
        ),
    ],
)
def test_error(text: str, error: str) -> None:
    assert errors(text) == [error]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[tool]\nreglint = 3", ["2:1: [tool.reglint]: expected a table, got 3"]),
        ("[tool.reglint]\nkeras = 4", ['2:1: [tool.reglint] keras: expected "auto", 2 or 3, got 4']),
        (
            "[tool.reglint]\nwheights = 4",
            ['2:1: unknown key "wheights" in [tool.reglint]; did you mean "weights"?'],
        ),
        (
            "[tool.weights]\nkernel = 1\n[tool.reglint.weights]\nkernel = 1",
            [f"4:1: [tool.reglint.weights] kernel: expected {REQUIRE}, or a table, got 1"],
        ),
    ],
)
def test_error_in_pyproject(text: str, expected: list[str]) -> None:
    assert errors(text, "tool", "reglint") == expected


def test_all_errors_at_once_in_the_order_of_the_file() -> None:
    text = """\
[layers.Dens]
kernal = "l2"
[weights]
kernel = { require = "l2", strength = -1, max = "1", size = 3 }
gamma = { require = "l3", strength = -1 }
"""
    assert [error.split(":", 2)[:2] for error in errors(text)] == [
        ["1", "9"], ["2", "1"], ["4", "28"], ["4", "43"], ["4", "54"], ["5", "11"],
    ]  # fmt: skip


def number(text: str) -> Number:
    return Number(float(text), text)


DEFAULT = number("1e-4")


def ask(require: Any, *strengths: str, exact: bool = False, low: Any = None, high: Any = None) -> Requirement:
    l1, l2 = (number(strengths[0]), number(strengths[-1])) if strengths else (DEFAULT, DEFAULT)
    bounds = [bound if bound is None else number(bound) for bound in (low, high)]
    return Requirement(require, "[weights] kernel", l1, l2, exact, *bounds)


@pytest.mark.parametrize(
    ("value", "requirement"),
    [
        ('"l1"', ask("l1")),
        ('"l2"', ask("l2")),
        ('"l1_l2"', ask("l1_l2")),
        ('"any"', ask("any")),
        ('"none"', ask("none")),
        ('"forbidden"', ask("none")),
        ('"optional"', ask("optional")),
        ('{ require = "l2" }', ask("l2")),
        # strength alone is exact where the kind is named
        ('{ require = "l2", strength = 5e-4 }', ask("l2", "5e-4", exact=True)),
        ('{ require = "l1", strength = 1 }', ask("l1", "1", exact=True)),
        ('{ require = "any", strength = 5e-4 }', ask("any", "5e-4")),
        ('{ require = "l1_l2", strength = [5e-3, 0.001] }', ask("l1_l2", "5e-3", "0.001", exact=True)),
        # bounds decide instead of it
        (
            '{ require = "l2", strength = 1e-4, min = 1e-6, max = 1e-2 }',
            ask("l2", "1e-4", low="1e-6", high="1e-2"),
        ),
        ('{ require = "l2", strength = 1e-2, max = 0.01 }', ask("l2", "1e-2", high="0.01")),
        ('{ require = "l2", strength = 5e-4, min = 0 }', ask("l2", "5e-4", low="0")),
        ('{ require = "optional", strength = 1e-3, max = 1e-2 }', ask("optional", "1e-3", high="1e-2")),
        # without one, what a fix writes is within them
        ('{ require = "l2", min = 1e-6, max = 1e-2 }', ask("l2", low="1e-6", high="1e-2")),
        ('{ require = "l2", min = 1e-3 }', ask("l2", "1e-3", low="1e-3")),
        ('{ require = "l1_l2", max = 1E-5 }', ask("l1_l2", "1E-5", "1E-5", high="1E-5")),
        # numbers as they are written
        ('{ require = "l2", strength = 0.00010 }', ask("l2", "0.00010", exact=True)),
        ('{ require = "l2", strength = +1_0.5 }', ask("l2", "1_0.5", exact=True)),
    ],
)
def test_what_is_asked(value: str, requirement: Requirement) -> None:
    assert read(f"[weights]\nkernel = {value}").requirement("Dense", "kernel") == requirement


def test_everything_else() -> None:
    policy = read("keras = 2")
    assert (policy.source, policy.path, policy.keras) == ("the name", Path("conf/reglint.toml"), 2)
    assert policy.verify == Verify(None, 120.0, 8192, {})
    assert read("").keras == "auto"


def test_verify() -> None:
    policy = read("""\
[verify]
python = ".venv/bin/python"
timeout = 7.5
memory_mib = 2048
builders = { "pkg.models:Net.build" = { classes = 10, rates = [0.1, 0.2], name = "a", deep = { on = true } } }
""")
    assert policy.verify == Verify(
        Path.cwd() / "conf/.venv/bin/python",
        7.5,
        2048,
        {"pkg.models:Net.build": {"classes": 10, "rates": [0.1, 0.2], "name": "a", "deep": {"on": True}}},
    )
