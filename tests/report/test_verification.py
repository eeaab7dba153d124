"""What ``reglint verify`` prints."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click import unstyle

from reglint.report.results import ErrorResult
from reglint.report.verification import (
    LayerEntry,
    ModelEntry,
    PenaltyEntry,
    UnverifiedEntry,
    Verification,
    VerificationSummary,
    WeightEntry,
    render_json,
    render_text,
)

L2 = PenaltyEntry("l2", 0.0, 0.01, "l2(0.01)")
NONE = PenaltyEntry("none", 0.0, 0.0, "no penalty")
KERNEL = WeightEntry("net/conv/kernel", "kernel", (3, 2), 6, True, L2, 0.25, 1.0, "l2", None, None)
HEAD = replace(
    KERNEL, name="net/head/kernel", penalty=NONE, value=0.0, share=0.0, problem="it has no penalty"
)
FROZEN = replace(HEAD, name="net/conv/moving", trainable=False, problem=None)
MODEL = ModelEntry(
    "a.py",
    "build()",
    "model",
    "net",
    "Functional",
    1200,
    6,
    0.005,
    0.25,
    (
        LayerEntry("conv", "Conv2D", "a.py", None, 3, (KERNEL, FROZEN)),
        LayerEntry("head", "Dense", "b.ipynb", 2, 4, (HEAD,)),
    ),
)
SUMMARY = VerificationSummary("reglint.toml", 2, 1, 2, 1, 2, 0)
UNVERIFIED = (
    UnverifiedEntry("a.py", "`Dense`", "no model has it", None, 7, 3),
    UnverifiedEntry("a.py", "train()", "building train() raised ValueError: no"),
)

TEXT = """\
a.py: build()
  layer          weight  parameters  penalty   loss   share
  conv (Conv2D)  kernel           6  l2(0.01)  0.25  100.0%
  head (Dense)   kernel           6  -                       <- wrong
  (1 weight that nothing trains, without a penalty, not shown)
b.ipynb:cell 2:4: policy: net/head/kernel: it has no penalty
  coverage: 0.5% of 1,200 trainable parameters carry a penalty

a.py:7:3: unverified: `Dense`: no model has it
a.py: unverified: train(): building train() raised ValueError: no

1 weight does not carry what the policy asks for.
2 could not be verified, see above; nothing is known of what they build.
Read 2 files. Policy: reglint.toml.
"""


def test_text() -> None:
    lines = [unstyle(line) for line in render_text(Verification(1, (MODEL,), UNVERIFIED, SUMMARY))]
    assert "\n".join(lines) + "\n" == TEXT


def test_names_inside_a_layer_are_relative_to_it() -> None:
    weight = replace(KERNEL, name="bidirectional/forward/lstm_cell/kernel")
    model = replace(MODEL, layers=(LayerEntry("forward", "LSTM", None, None, None, (weight,)),))
    rows = [unstyle(line).split() for line in render_text(Verification(1, (model,), (), SUMMARY))]
    assert rows[2][:3] == ["forward", "(LSTM)", "lstm_cell/kernel"]


@pytest.mark.parametrize(
    ("summary", "lines"),
    [
        (
            VerificationSummary("p", 1, 2, 5, 0, 0, 0),
            ["Verified 5 weights that the policy names in 2 models.", "Read 1 file. Policy: p."],
        ),
        (
            VerificationSummary("p", 1, 2, 5, 3, 0, 1),
            [
                "3 weights do not carry what the policy asks for.",
                "1 error, see above.",
                "Read 1 file. Policy: p.",
            ],
        ),
        (
            VerificationSummary("none applied", 0, 0, 0, 0, 0, 0),
            ["No models were built.", "No Python files were read."],
        ),
    ],
)
def test_summary(summary: VerificationSummary, lines: list[str]) -> None:
    assert [unstyle(line) for line in render_text(Verification(1, (), (), summary))] == lines


def test_json() -> None:
    found = json.loads(
        render_json(Verification(1, (MODEL,), UNVERIFIED, SUMMARY, (ErrorResult("c.py", "no"),)))
    )
    assert list(found) == ["version", "models", "unverified", "summary", "errors"]
    assert found["models"][0]["layers"][1]["weights"][0]["problem"] == "it has no penalty"
    assert found["unverified"][0]["column"] == 3
