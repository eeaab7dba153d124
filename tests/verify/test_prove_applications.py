"""The models that come with Keras, with an L2 penalty on every kernel, proven in few builds."""

from __future__ import annotations

import ast
import importlib.util
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reglint.verify import Settings, prove
from reglint.verify.names import last
from reglint.verify.source import Edit, Source

if TYPE_CHECKING:
    from conftest import MakeJob

    from reglint.verify import Job, Proof

pytestmark = pytest.mark.keras

_ROLES = {"Conv2D": "kernel", "Dense": "kernel", "DepthwiseConv2D": "depthwise"}


def _marked(text: str) -> str:
    """The source with a regularizer added to every constructor, marked as an addition."""
    source = Source(text)
    edits = []
    for call in source.calls:
        role = _ROLES.get(last(call.func))
        if role and ast.unparse(call.func).startswith("layers."):
            _, end = source.span(call)
            inside = text[:end].removesuffix(")").rstrip()
            edits.append(
                Edit(end - 1, end - 1, f'«{"" if inside.endswith(",") else ","} {role}_regularizer="l2"»')
            )
    return source.edited(edits)


def _installed(name: str) -> Path:
    """Where a module of ``keras.applications`` stands; finding it imports no TensorFlow."""
    found = importlib.util.find_spec("keras")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "src" / "applications" / f"{name}.py"


@pytest.fixture(scope="module")
def jobs(make_job: MakeJob, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Job]:
    """Copies of three modules in a folder of their own, and ``resnet`` in its place."""
    folder = tmp_path_factory.mktemp("copied")
    texts = {name: _marked(_installed(name).read_text()) for name in ("vgg16", "resnet", "mobilenet")}
    copied = {name: make_job(folder / f"{name}.py", marked) for name, marked in texts.items()}
    return {**copied, "resnet in its package": make_job(_installed("resnet"), texts["resnet"])}


@pytest.fixture(scope="module")
def proofs(jobs: dict[str, Job]) -> dict[str, list[Proof]]:
    return dict(zip(jobs, prove(list(jobs.values()), Settings()), strict=True))


@pytest.mark.parametrize(
    ("name", "grades"),
    [
        ("vgg16", {("model", "VGG16(weights=None)"): 16}),
        ("mobilenet", {("model", "MobileNet(weights=None)"): 4}),
        (
            "resnet",
            {
                ("model", "ResNet50(weights=None)"): 6,
                ("layer", "stack_residual_blocks_v2(x=<made-up tensor>, filters=8, blocks=2)"): 4,
            },
        ),
        (
            "resnet in its package",
            {
                ("model", "ResNet50(weights=None)"): 6,
                ("model", "ResNet50V2(weights=None) in resnet_v2.py"): 4,
            },
        ),
    ],
)
def test_every_constructor_is_proven(
    proofs: dict[str, list[Proof]], name: str, grades: dict[tuple[str, str], int]
) -> None:
    assert Counter((proof.grade, proof.model) for proof in proofs[name]) == grades


@pytest.mark.parametrize(
    ("name", "weights"),
    [
        ("vgg16", [1] * 16),
        ("resnet", [1, 1, 4, 16, 16, 16, 1, 2, 2, 2]),
        ("mobilenet", [1, 1, 13, 13]),
    ],
)
def test_helpers_are_proven_for_every_layer_they_make(
    proofs: dict[str, list[Proof]], name: str, weights: list[int]
) -> None:
    assert [len(proof.penalties) for proof in proofs[name]] == weights
