"""Layers that a policy makes known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reglint.files.documents import read_document
from reglint.keras.catalog import Layer, Weight
from reglint.keras.module import read_module
from reglint.keras.traits import Traits
from reglint.resolve.project import Project

if TYPE_CHECKING:
    from pathlib import Path

WEIGHTS = (Weight("kernel", "kernel_regularizer"), Weight("bias", "bias_reg"))
CUSTOM = {name: Layer("ConvBN", (), WEIGHTS) for name in ("their.blocks.ConvBN", "own.blocks.ConvBN")}

CASES = {
    "of another package": (
        "from their.blocks import ConvBN\nConvBN(4)",
        {"kernel": "absent", "bias": "absent"},
    ),
    "by another name": (
        "import their.blocks as b\nb.ConvBN(4, bias_reg='l2')",
        {"kernel": "absent", "bias": "set"},
    ),
    "of the project": ("from own.blocks import ConvBN\nConvBN(4)", {"kernel": "absent", "bias": "absent"}),
    "through another module of the project": (
        "from own import ConvBN\nConvBN(4, kernel_regularizer='l2')",
        {"kernel": "set", "bias": "absent"},
    ),
    "a subclass": (
        "from own.blocks import ConvBN\nclass Mine(ConvBN): pass\nMine(4)",
        {"kernel": "absent", "bias": "absent"},
    ),
    "a partial": (
        "from functools import partial\nfrom their.blocks import ConvBN\npartial(ConvBN, bias_reg='l2')(4)",
        {"kernel": "absent", "bias": "set"},
    ),
    "that callers pass": (
        "from their.blocks import ConvBN\ndef block(layer):\n    layer(4)\nblock(ConvBN)",
        {"kernel": "absent", "bias": "absent"},
    ),
    "returned by a module without Keras": (
        "from own.pick import pick\npick()(4)",
        {"kernel": "absent", "bias": "absent"},
    ),
    "with arguments that are not read": (
        "from own.blocks import ConvBN\nConvBN(4, **options)",
        {"kernel": "unknown", "bias": "unknown"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_custom_layers_are_sites(case: str, tmp_path: Path) -> None:
    source, states = CASES[case]
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "__init__.py").write_text("from .blocks import ConvBN\n")
    (tmp_path / "own" / "blocks.py").write_text("import keras\nclass ConvBN(keras.layers.Layer): pass\n")
    (tmp_path / "own" / "pick.py").write_text("from own import ConvBN\ndef pick():\n    return ConvBN\n")
    (tmp_path / "model.py").write_text(f"from tensorflow import keras\n{source}\n")
    document = read_document(tmp_path / "model.py")
    (site,) = read_module(document, Project(), None, CUSTOM).sites
    assert (site.layer.name, site.name.root) == ("ConvBN", "tensorflow.keras")
    assert site.name.path in CUSTOM
    (made,) = site.alternatives
    module = read_module(document, Project(), None, CUSTOM)
    assert made.custom
    assert Traits(module, site, made).classes == (
        (f"model.{site.project_class}" if made.lineage else site.name.path),
    )
    assert {use.weight.role: use.state for use in site.weights} == states
    assert read_module(document, Project(), None).sites == ()
