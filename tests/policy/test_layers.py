from __future__ import annotations

import pytest

from reglint.policy.layers import is_glob, known, specificity


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        ("Dense", {"Dense"}),
        ("dense", set()),
        ("Dens", set()),
        ("", set()),
        ("Conv2D", {"Conv2D", "Convolution2D"}),
        ("Convolution2D", {"Conv2D", "Convolution2D"}),
        ("LocallyConnected?D", {"LocallyConnected1D", "LocallyConnected2D"}),
        ("Conv[12]D", {"Conv1D", "Conv2D", "Convolution1D", "Convolution2D"}),
        ("Separable*2D", {"SeparableConv2D", "SeparableConvolution2D"}),
        ("*Embedding", {"DynamicEmbedding", "Embedding", "ReversibleEmbedding"}),
        ("conv*", set()),
    ],
)
def test_layers_of_either_generation(pattern: str, matched: set[str]) -> None:
    assert known().matching(pattern) == matched


@pytest.mark.parametrize(
    ("names", "roles"),
    [
        (["Dense"], ["kernel", "bias", "activity"]),
        (["Embedding"], ["embeddings", "activity"]),
        (["DepthwiseConv2D"], ["kernel", "bias", "depthwise", "activity"]),
        (["SeparableConv2D"], ["kernel", "bias", "depthwise", "pointwise", "activity"]),
        (["Dense", "PReLU"], ["kernel", "bias", "alpha", "activity"]),
        (["BatchNormalization"], ["gamma", "beta", "activity"]),
        ([], []),
    ],
)
def test_roles_that_can_be_set(names: list[str], roles: list[str]) -> None:
    assert known().settable(names) == roles


def test_more_specific_last() -> None:
    patterns = ["Dense", "*Conv*", "Conv[123]D", "Conv2D", "*", "Conv?D", "Conv1DT*"]
    assert sorted(patterns, key=specificity) == [
        "*", "*Conv*", "Conv[123]D", "Conv?D", "Conv1DT*", "Dense", "Conv2D",
    ]  # fmt: skip
    assert [is_glob(pattern) for pattern in patterns] == [False, True, True, False, True, True, True]
