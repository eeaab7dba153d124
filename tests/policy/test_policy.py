from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reglint.policy.decode import decode
from reglint.policy.source import Source
from reglint.policy.toml import parse

if TYPE_CHECKING:
    from reglint.policy.policy import Policy
    from tests.policy.conftest import Ask


def read(text: str) -> Policy:
    return decode(Source(parse(text), Path("reglint.toml")), "reglint.toml", None)


NESTED = """\
[weights]
kernel = "l2"
bias = "optional"
depthwise = "none"

[layers."*Conv*"]
bias = "l1"

[layers."SeparableConv?D"]
kernel = "any"
activity = "l2"

[layers.SeparableConv2D]
pointwise = "l1_l2"

[layers.LSTM]
recurrent = "optional"
"""


@pytest.mark.parametrize(
    ("layer", "role", "require", "where"),
    [
        ("Dense", "kernel", "l2", "[weights] kernel"),
        ("Dense", "bias", "optional", "[weights] bias"),
        ("Dense", "activity", "optional", "not mentioned"),
        ("BatchNormalization", "gamma", "optional", "not mentioned"),
        # recurrent and the like follow kernel, unless the same table sets them
        ("GRU", "recurrent", "l2", "[weights] kernel"),
        ("LSTM", "recurrent", "optional", "[layers.LSTM] recurrent"),
        ("LSTM", "kernel", "l2", "[weights] kernel"),
        ("DepthwiseConv2D", "depthwise", "none", "[weights] depthwise"),
        # the table first, then the role: kernel of a layer goes before depthwise of [weights]
        ("SeparableConv1D", "depthwise", "any", '[layers."SeparableConv?D"] kernel'),
        ("SeparableConv2D", "depthwise", "any", '[layers."SeparableConv?D"] kernel'),
        ("SeparableConv2D", "pointwise", "l1_l2", "[layers.SeparableConv2D] pointwise"),
        # a table that says nothing of the role leaves it to the next
        ("SeparableConv2D", "bias", "l1", '[layers."*Conv*"] bias'),
        ("SeparableConv2D", "activity", "l2", '[layers."SeparableConv?D"] activity'),
        # a name reglint does not know
        ("MyDense", "kernel", "l2", "[weights] kernel"),
    ],
)
def test_the_most_specific_decides(layer: str, role: str, require: str, where: str, ask: Ask) -> None:
    requirement = ask(read(NESTED), layer, role)
    words = {"any": "any penalty", "none": "no penalty", "optional": "no penalty or any"}
    assert (str(requirement), requirement.where) == (words.get(require, require), where)


@pytest.mark.parametrize(
    ("tables", "decides"),
    [
        (["Conv2D", "Conv*", "*"], "Conv2D"),
        (["*", "Conv*", "Conv2D"], "Conv2D"),
        (["Conv*", "*"], "Conv*"),
        (["Conv[2]D", "Conv?D", "*onv*"], "Conv?D"),
        (["Conv?D", "Conv[2]D"], "Conv[2]D"),
        (["Conv*", "Conv2*"], "Conv2*"),
        # equally specific: the later one
        (["Conv?D", "*onv2D"], "*onv2D"),
        (["*onv2D", "Conv?D"], "Conv?D"),
        # an alias is a name of the layer
        (["Convolution2D", "Conv*"], "Convolution2D"),
        (["Conv2D", "Convolution2*"], "Conv2D"),
        (["Convolution2*", "*"], "Convolution2*"),
    ],
)
def test_order_of_tables(tables: list[str], decides: str, ask: Ask) -> None:
    policy = read("".join(f'[layers."{table}"]\nkernel = "l2"\n' for table in tables))
    where = ask(policy, "Conv2D", "kernel").where
    assert where.replace('"', "") == f"[layers.{decides}] kernel"


def test_an_alias_and_its_layer_are_asked_the_same(ask: Ask) -> None:
    policy = read('[layers.Conv2D]\nkernel = "l1"')
    assert ask(policy, "Convolution2D", "kernel") == ask(policy, "Conv2D", "kernel")
