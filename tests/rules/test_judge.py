"""What the rules find and the fixes write where a policy depends on the layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reglint.fix.fixer import Fixer
from reglint.policy import load
from reglint.rules.judge import undecided
from reglint.rules.rule import all_rules

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Reader

HEAD = "from functools import partial\nfrom keras import Sequential, layers, regularizers\n"
EXACT = '[weights]\nkernel = { require = "l2", strength = 1e-4 }\n'
SAME = f'{EXACT}bias = "same-as-kernel"\n'
NO_OUTPUT = f"{EXACT}[[overrides]]\noutput = true\nweights.kernel = 'none'\n"
NAMES = f"{EXACT}[[overrides]]\nnames = ['stem*']\nweights.kernel = 'optional'\n"

# policy, source, the code and the fix of each finding, how many weights are undecided
CASES = {
    "an override for a layer that the policy makes known": (
        f"{EXACT}[custom_layers.'their.ConvBN']\nkernel = 'reg'\n"
        "[[overrides]]\nclasses = ['their.Conv*']\nweights.kernel = 'none'\n",
        "from their import ConvBN\nConvBN(4)\nConvBN(4, reg='l2')\nlayers.Dense(4, kernel_regularizer='l2')",
        [
            ("REG203", "remove reg"),
            ("REG202", "kernel_regularizer=regularizers.l2(1e-4)"),
        ],
        0,
    ),
    "weight decay is halved": (
        'unit = "weight-decay"\n' + EXACT,
        "layers.Dense(4)",
        [("REG101", "kernel_regularizer=regularizers.l2(5e-5)")],
        0,
    ),
    "the decay of a paper where its half belongs": (
        'unit = "weight-decay"\n' + EXACT,
        "layers.Dense(4, kernel_regularizer=regularizers.l2(1e-4))",
        [("REG202", "kernel_regularizer=regularizers.l2(5e-5)")],
        0,
    ),
    "one of several kinds": (
        '[weights]\nkernel = { require = ["l1", "l2"], strength = 1e-3 }\n',
        "layers.Dense(4, kernel_regularizer=regularizers.l1_l2(0.1, 0.1))\n"
        "layers.Dense(4, kernel_regularizer=regularizers.l2(1e-3))\nlayers.Dense(4)",
        [
            ("REG201", "kernel_regularizer=regularizers.l1(1e-3)"),
            ("REG101", "kernel_regularizer=regularizers.l1(1e-3)"),
        ],
        0,
    ),
    "what a fix writes": (
        '[weights]\nkernel = { require = "any", fix = { l1 = 1e-5, l2 = 1e-4 } }\n',
        "layers.Dense(4)\nlayers.Dense(4, kernel_regularizer='l1')",
        [("REG101", "kernel_regularizer=regularizers.l1_l2(l1=1e-5, l2=1e-4)")],
        0,
    ),
    "the bias as the kernel": (
        SAME,
        "layers.Dense(4, kernel_regularizer=regularizers.l2(1e-4))\nlayers.Dense(4)\n"
        "layers.Dense(4, bias_regularizer=regularizers.l2(1e-4), kernel_regularizer=regularizers.l2(1e-4))",
        [
            ("REG102", "bias_regularizer=regularizers.l2(1e-4)"),
            ("REG101", "kernel_regularizer=regularizers.l2(1e-4)"),
            ("REG102", "bias_regularizer=regularizers.l2(1e-4)"),
        ],
        0,
    ),
    "the bias as a kernel that is free": (
        '[weights]\nbias = "same-as-kernel"\n',
        "layers.Dense(4, kernel_regularizer=regularizers.l2(5e-4))\nlayers.Dense(4, bias_regularizer='l2')",
        [("REG102", "bias_regularizer=regularizers.l2(5e-4)"), ("REG203", "remove bias_regularizer")],
        0,
    ),
    "the bias as a kernel whose strength is not read": (
        '[weights]\nbias = "same-as-kernel"\n',
        "layers.Dense(4, kernel_regularizer=regularizers.l2(decay))",
        [("REG102", "the strength of the penalty on its kernel could not be read; write the same here")],
        0,
    ),
    "the bias as a kernel that is not read": (
        '[weights]\nbias = "same-as-kernel"\n',
        "layers.Dense(4, kernel_regularizer=flag)",
        [],
        1,
    ),
    "not the output layer": (
        NO_OUTPUT,
        "Sequential([layers.Dense(8), layers.Dense(4)])",
        [("REG101", "kernel_regularizer=regularizers.l2(1e-4)")],
        0,
    ),
    "the output layer least of all": (
        NO_OUTPUT,
        "Sequential([layers.Dense(4, kernel_regularizer='l2')])",
        [("REG203", "remove kernel_regularizer")],
        0,
    ),
    "not known to be an output": (NO_OUTPUT, "x = layers.Dense(4)(x)", [], 1),
    "a name that is read": (
        NAMES,
        "layers.Dense(4, name='stem_1')\nlayers.Dense(4, name='head')",
        [("REG101", "kernel_regularizer=regularizers.l2(1e-4)")],
        0,
    ),
    "a name that is not": (NAMES, "layers.Dense(4, name=name)", [], 1),
    "a name that makes no difference": (
        NAMES,
        "layers.Dense(4, name=name, kernel_regularizer=regularizers.l2(1e-4))",
        [],
        1,
    ),
    "one of two layers of which the same is asked": (
        EXACT,
        "layer = layers.Dense if flag else layers.LSTM\nlayer(4)",
        [("REG101", "kernel_regularizer=regularizers.l2(1e-4)")],
        0,
    ),
    "one of two layers of which one is free": (
        f"{EXACT}[layers.LSTM]\nkernel = 'optional'\n",
        "layer = layers.Dense if flag else layers.LSTM\nlayer(4)",
        [],
        1,
    ),
    "one of two names": (
        NAMES,
        "layer = partial(layers.Dense, name='a') if flag else partial(layers.Dense, name='stem')\nlayer(4)",
        [],
        1,
    ),
    "a bias that may not be there": (
        f"{EXACT}bias = {{ require = 'l1', strength = 1e-3 }}\n",
        "layers.Dense(4, use_bias=flag, kernel_regularizer=regularizers.l2(1e-4))",
        [],
        0,
    ),
    "a custom layer": (
        f'{EXACT}[custom_layers."their.ConvBN"]\nkernel = "kernel_reg"\n',
        "from their import ConvBN\nConvBN(4, name='a')",
        [("REG101", "kernel_reg=regularizers.l2(1e-4)")],
        0,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_findings_and_fixes(case: str, read: Reader, tmp_path: Path) -> None:
    text, source, expected, open_ones = CASES[case]
    policy_file = tmp_path / "policy.toml"
    policy_file.write_text(text)
    policy = load(policy_file)
    module = read(HEAD + source)
    if policy.custom_layers:
        from reglint.keras.module import read_module
        from reglint.resolve.project import Project

        module = read_module(module.document, Project(), None, policy.custom_layers)
    fixer = Fixer(module)
    findings = [finding for rule in all_rules() for finding in rule.check(module, policy)]
    findings.sort(key=lambda finding: module.span(finding.site.call))
    fixes = fixer.remedies(findings)
    remedies = [(finding.rule.code, fix) for finding, fix in zip(findings, fixes, strict=True)]
    assert [(code, str(getattr(fix, "reason", fix))) for code, fix in remedies] == expected
    assert undecided(module, policy) == open_ones
