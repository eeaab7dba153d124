from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reglint.policy.decode import decode
from reglint.policy.errors import PolicyError
from reglint.policy.numbers import Number
from reglint.policy.policy import Policy, Verify
from reglint.policy.requirement import ANY, OPTIONAL, Bounds, Part, Requirement
from reglint.policy.source import Source
from reglint.policy.toml import parse
from reglint.rules.codes import modules


def read(text: str, *table: str) -> Policy:
    path = Path("conf/reglint.toml")
    return decode(Source(parse(text), path, table), "the name", path)


def errors(text: str, *table: str) -> list[str]:
    with pytest.raises(PolicyError) as raised:
        read(text, *table)
    return [line.removeprefix("conf/reglint.toml:") for line in str(raised.value).splitlines()]


REQUIRE = '"l1", "l2", "l1_l2", "any", "none", "optional", "forbidden" or "same-as-kernel"'
ROLE = f"{REQUIRE}, several kinds in brackets, or a table"
REQUIRED = f"{REQUIRE}, or several kinds of penalty in brackets"
KINDS = '"l1", "l2", "l1_l2" or "none"'
ROLES = "kernel, bias, recurrent, depthwise, pointwise, embeddings, gamma, beta, alpha, activity"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        # unknown keys
        ("[wieghts]\n", '1:2: unknown key "wieghts" at the top; did you mean "weights"?'),
        (
            "color = 3",
            '1:1: unknown key "color" at the top; the keys there are '
            "extends, keras, unit, consistency, select, ignore, per-file-ignores, exclude, extend-exclude, "
            "force-exclude, weights, layers, overrides, custom_layers, verify",
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
        ("[weights]\nkernel = 1e-4", f"2:1: [weights] kernel: expected {ROLE}, got 1e-4"),
        ("[weights]\nbias = false", f"2:1: [weights] bias: expected {ROLE}, got false"),
        (
            "[weights]\nkernel = 'L2'",
            f'2:1: [weights] kernel: expected {ROLE}, got "L2"; did you mean "l2"?',
        ),
        (
            "[weights]\nkernel = { require = 'l1l2' }",
            f'2:12: [weights] kernel.require: expected {REQUIRED}, got "l1l2"; did you mean "l1_l2"?',
        ),
        (
            "[weights]\nkernel = { require = 'no' }",
            f'2:12: [weights] kernel.require: expected {REQUIRED}, got "no"; did you mean "none"?',
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
        # several kinds
        (
            "[weights]\nkernel = ['l1', 'l3']",
            f'2:1: [weights] kernel: expected {KINDS}, got "l3"; did you mean "l2"?',
        ),
        (
            "[weights]\nkernel = { require = [] }",
            f"2:12: [weights] kernel.require: expected {REQUIRE}, or "
            "several kinds of penalty in brackets, got an array of 0",
        ),
        (
            "[weights]\nkernel = { require = ['l1', 'any'] }",
            f'2:12: [weights] kernel.require: expected {KINDS}, got "any"',
        ),
        (
            "[weights]\nkernel = { require = ['none'], strength = 1 }",
            '2:32: [weights] kernel.strength: "none" allows no penalty, so it has no strength',
        ),
        (
            "[weights]\nkernel = { require = ['l1', 'l1_l2'], strength = 1e-4 }",
            '2:39: [weights] kernel.strength: "l1_l2" has two strengths, [l1, l2]; '
            "write [1e-4, 1e-4] if they are the same",
        ),
        # the same as the kernel
        (
            "[weights]\nkernel = 'same-as-kernel'",
            '2:1: [weights] kernel: "same-as-kernel" is for the other weights of a layer',
        ),
        (
            "[weights]\nbias = { require = 'same-as-kernel', strength = 1e-4 }",
            '2:38: [weights] bias.strength: "same-as-kernel" takes its penalty from the kernel, '
            "so it has no strength",
        ),
        (
            "[layers.BatchNormalization]\ngamma = 'same-as-kernel'",
            "2:1: [layers.BatchNormalization] gamma: BatchNormalization does not have a kernel",
        ),
        # what a fix writes
        (
            "[weights]\nkernel = { require = 'any', fix = 'l2' }",
            '2:29: [weights] kernel.fix: expected a table with l1, l2 or both, got "l2"',
        ),
        (
            "[weights]\nkernel = { require = 'any', fix = {} }",
            "2:29: [weights] kernel.fix: expected l1, l2 or both; write { l2 = 1e-4 }",
        ),
        (
            "[weights]\nkernel = { require = 'any', fix = { l2 = 0 } }",
            "2:37: [weights] kernel.fix.l2: expected a number more than 0, got 0",
        ),
        (
            "[weights]\nkernel = { require = 'any', fix = { l2 = '1' } }",
            '2:37: [weights] kernel.fix.l2: expected a number, got "1"',
        ),
        (
            "[weights]\nkernel = { require = 'any', fix = { L2 = 1 } }",
            '2:37: unknown key "L2" in [weights] kernel.fix; did you mean "l2"?',
        ),
        (
            "[weights]\nkernel = { require = 'l1', fix = { l2 = 1e-4 } }",
            "2:28: [weights] kernel.fix: l2(0.0001) is not l1",
        ),
        (
            "[weights]\nkernel = { require = 'l2', fix = { l2 = 0.1 }, max = 1e-2 }",
            "2:28: [weights] kernel.fix: l2(0.1) is not l2 of at most 1e-2",
        ),
        (
            "[weights]\nkernel = { require = 'any', strength = 1e-4, fix = { l1 = 0.1 } }",
            "2:29: [weights] kernel.strength: it is what a fix writes here, and so is fix; leave one of them out",
        ),
        (
            "[weights]\nkernel = { require = 'optional', fix = { l2 = 0.1 } }",
            '2:34: [weights] kernel.fix: "optional" has a fix only with min or max',
        ),
        (
            "[weights]\nkernel = { require = 'none', fix = { l2 = 0.1 } }",
            '2:30: [weights] kernel.fix: "none" allows no penalty, so it has no fix',
        ),
        # units
        (
            "unit = 'decay'",
            '1:1: unit: expected "keras" or "weight-decay", got "decay"; did you mean "weight-decay"?',
        ),
        (
            "[weights]\nkernel = { require = 'l2', unit = 'tf' }",
            '2:28: [weights] kernel.unit: expected "keras" or "weight-decay", got "tf"',
        ),
        (
            "[weights]\nkernel = { require = 'l1', unit = 'weight-decay' }",
            "2:28: [weights] kernel.unit: weight decay is an L2 penalty, and none is asked for here",
        ),
        # overrides
        ("overrides = 3", "1:1: overrides: expected an array of tables, got 3"),
        ("[overrides]\nfiles = ['a']", "1:2: [overrides]: expected an array of tables, got a table"),
        (
            "[[overrides]]\nfile = ['a']\nnames = ['b']\nweights = {}",
            '2:1: unknown key "file" in [[overrides]] 1; did you mean "files"?',
        ),
        (
            "[[overrides]]\nfiles = 'a'\nweights = {}",
            "2:1: [[overrides]] 1 files: expected an array of patterns for files, as .gitignore has them, "
            'got "a"',
        ),
        (
            "[[overrides]]\nnames = ['']\nweights = {}",
            '2:1: [[overrides]] 1 names: expected a text that is not empty, got ""',
        ),
        (
            "[[overrides]]\noutput = 'yes'\nweights = {}",
            "2:1: [[overrides]] 1 output: expected true for the output layers of models, false for the others, "
            'got "yes"',
        ),
        (
            "[[overrides]]\nweights.kernel = 'l2'",
            "1:3: [[overrides]] 1: it does not say what it is for; "
            "add files, layers, names, activations, output or classes",
        ),
        ("[[overrides]]\noutput = true", '1:3: [[overrides]] 1: "weights" is missing'),
        (
            "[[overrides]]\noutput = true\nweights.kernel = 'l2'\n[[overrides]]\nlayers = ['Dense', 'Conv2']\n"
            "weights.kernel = 'l2'",
            '5:1: "Conv2" is no Keras layer; did you mean "Conv2D"?',
        ),
        (
            "[[overrides]]\noutput = true\nweights.kernal = 'l2'",
            '3:9: unknown key "kernal" in [[overrides]] 1 weights; did you mean "kernel"?',
        ),
        (
            "[[overrides]]\noutput = true\nweights.kernel = { require = 'l2', min = -1 }",
            "3:36: [[overrides]] 1 weights.kernel.min: expected 0 or more, got -1",
        ),
        # custom layers
        (
            "[custom_layers.ConvBN]\nkernel = 'kernel_regularizer'",
            '1:16: [custom_layers.ConvBN]: not the name of a class; write "package.module.Class"',
        ),
        (
            "[custom_layers.'a.ConvBN']",
            '1:16: [custom_layers."a.ConvBN"]: it has no weights; '
            'write which argument regularizes which weight: kernel = "kernel_regularizer"',
        ),
        (
            "[custom_layers.'a.ConvBN']\nkernel = 'kernel regularizer'",
            '2:1: [custom_layers."a.ConvBN"] kernel: expected the name of an argument, got "kernel regularizer"',
        ),
        (
            "[custom_layers.'a.ConvBN']\nkernel = true",
            '2:1: [custom_layers."a.ConvBN"] kernel: expected the name of an argument, got true',
        ),
        (
            "[custom_layers.'a.ConvBN']\nkernal = 'k'",
            '2:1: unknown key "kernal" in [custom_layers."a.ConvBN"]; did you mean "kernel"?',
        ),
        # rules and files
        ("select = ['REG1', 'RGE2']", '1:1: select: no rule begins with "RGE2"; did you mean "REG2"?'),
        (
            "ignore = ['XYZ']",
            f'1:1: ignore: no rule begins with "XYZ"; the rules are {", ".join(modules())}',
        ),
        ("select = 'REG1'", '1:1: select: expected an array of rule codes or their beginnings, got "REG1"'),
        ("select = [1]", "1:1: select: expected the code of a rule or its beginning, got 1"),
        (
            "[per-file-ignores]\n'tests/**' = ['REG9']",
            '2:1: [per-file-ignores] "tests/**": no rule begins with "REG9"; did you mean "REG2"?',
        ),
        (
            "[per-file-ignores]\n'tests/**' = 'REG1'",
            '2:1: [per-file-ignores] "tests/**": expected an array of rule codes or their beginnings, got "REG1"',
        ),
        (
            "exclude = 'a'",
            '1:1: exclude: expected an array of patterns for files, as .gitignore has them, got "a"',
        ),
        ("extend-exclude = ['[z-a]']", '1:1: extend-exclude: "[z-a]" is no pattern for files'),
        (
            "[[overrides]]\nfiles = ['[z-a]']\nweights = {}",
            '2:1: [[overrides]] 1 files: "[z-a]" is no pattern for files',
        ),
        ("force-exclude = 1", "1:1: force-exclude: expected true or false, got 1"),
        # extends
        (
            "extends = 3",
            "1:1: extends: expected a preset or the path of a policy file, or an array of them, got 3",
        ),
        ("extends = [3]", "1:1: extends: expected a text that is not empty, got 3"),
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
            [f"4:1: [tool.reglint.weights] kernel: expected {ROLE}, got 1"],
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


WORDS: dict[str, tuple[Any, ...]] = {"any": ANY, "optional": OPTIONAL}


def ask(
    kinds: Any, *strengths: str, exact: bool = False, low: Any = None, high: Any = None, fix: Any = None
) -> Requirement:
    """The requirement whose kinds are given by name or in a list; ``strengths`` are what a fix writes, or l1 and l2."""
    meant = WORDS.get(kinds, (kinds,)) if isinstance(kinds, str) else tuple(kinds)
    l1, l2 = strengths[:1] + strengths[-1:] if strengths else ("1e-4", "1e-4")
    ends = [
        (text, text)
        if exact
        else tuple(end if isinstance(end, (str, type(None))) else end[n] for end in (low, high))
        for n, text in enumerate((l1, l2))
    ]
    parts = [
        Part(number(text), Bounds(*(end if end is None else number(end) for end in pair)))
        for text, pair in zip((l1, l2), ends, strict=True)
    ]
    return Requirement(meant, "", fix or ("l2" if kinds == "any" else meant[0]), *parts)


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
        # several kinds
        ('["l1", "l2"]', ask(["l1", "l2"])),
        ('{ require = ["l2", "none"], strength = 5e-4 }', ask(["l2", "none"], "5e-4", exact=True)),
        (
            '{ require = ["l2", "l1_l2"], strength = [1e-5, 1e-4] }',
            ask(["l2", "l1_l2"], "1e-5", "1e-4", exact=True),
        ),
        ('{ require = ["l1", "l2"], max = 1e-2 }', ask(["l1", "l2"], high="1e-2")),
        ('["none"]', ask("none")),
        # what a fix writes
        ('{ require = "any", fix = { l2 = 5e-4 } }', ask("any", "1e-4", "5e-4")),
        ('{ require = "any", fix = { l1 = 1e-5, l2 = 1e-3 } }', ask("any", "1e-5", "1e-3", fix="l1_l2")),
        ('{ require = ["l1", "l2"], fix = { l2 = 5e-4 } }', ask(["l1", "l2"], "1e-4", "5e-4", fix="l2")),
        (
            '{ require = "l2", min = 1e-5, max = 1e-3, fix = { l2 = 5e-4 } }',
            ask("l2", "1e-4", "5e-4", low="1e-5", high="1e-3"),
        ),
        # weight decay: half of it, for L2 only
        ('{ require = "l2", strength = 1e-4, unit = "weight-decay" }', ask("l2", "1e-4", "5e-5", exact=True)),
        (
            '{ require = "l1_l2", strength = [1e-4, 1e-4], unit = "weight-decay" }',
            ask("l1_l2", "1e-4", "5e-5", exact=True),
        ),
        (
            '{ require = "any", min = 1e-3, max = 0.1, unit = "weight-decay" }',
            ask("any", "1e-3", "5e-4", low=("1e-3", "5e-4"), high=("0.1", "0.05")),
        ),
        (
            '{ require = "any", fix = { l1 = 1e-4, l2 = 1e-4 }, unit = "weight-decay" }',
            ask("any", "1e-4", "5e-5", fix="l1_l2"),
        ),
        ('{ require = "l2", unit = "weight-decay" }', ask("l2")),
        # numbers as they are written
        ('{ require = "l2", strength = 0.00010 }', ask("l2", "0.00010", exact=True)),
        ('{ require = "l2", strength = +1_0.5 }', ask("l2", "1_0.5", exact=True)),
    ],
)
def test_what_is_asked(value: str, requirement: Requirement) -> None:
    (level,) = read(f"[weights]\nkernel = {value}").levels
    assert level.weights == {"kernel": requirement}


@pytest.mark.parametrize(
    ("top", "entry", "words"),
    [
        ("weight-decay", "{ require = 'l2', strength = 1e-4 }", "l2(5e-5)"),
        ("weight-decay", "{ require = 'l2', strength = 1e-4, unit = 'keras' }", "l2(1e-4)"),
        ("keras", "{ require = 'l2', strength = 1e-4, unit = 'weight-decay' }", "l2(5e-5)"),
        ("weight-decay", "{ require = 'l1', strength = 1e-4 }", "l1(1e-4)"),
    ],
)
def test_the_unit_of_the_file_holds_where_the_entry_has_none(top: str, entry: str, words: str) -> None:
    (level,) = read(f"unit = '{top}'\n[weights]\nkernel = {entry}").levels
    assert str(level.weights["kernel"]) == words


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
