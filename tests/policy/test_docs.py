"""docs/policy.md: its examples load, its table of errors is what is printed, and no key is left out."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import msgspec
import pytest

from reglint.keras.catalog import ROLES
from reglint.policy import DEFAULT, PolicyError, form, load, preset
from reglint.policy.decode import decode
from reglint.policy.show import show
from reglint.policy.source import Source
from reglint.policy.toml import parse

if TYPE_CHECKING:
    from tests.policy.conftest import Ask

TEXT = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")


def fences(language: str) -> list[str]:
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```", TEXT, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(body) for _, body in found]


EXAMPLES = fences("toml")


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_loads(tmp_path: Path, example: str) -> None:
    path = tmp_path / "reglint.toml"
    path.write_text(example, encoding="utf-8")
    assert load(path).path == path


def read(example: str, ask: Ask) -> dict[tuple[str, str], str]:
    policy = decode(Source(parse(example), Path("reglint.toml")), "", None)
    layers = [
        "Dense",
        "Conv2D",
        "BatchNormalization",
        "DepthwiseConv2D",
        "SeparableConv2D",
        "SeparableConv1D",
    ]
    return {(layer, role): str(ask(policy, layer, role)) for layer in layers for role in ROLES}


def test_examples_mean_what_is_said_of_them(ask: Ask) -> None:
    first = read(EXAMPLES[0], ask)
    assert first["Dense", "kernel"] == "l2 of at least 1e-6 and at most 1e-2"
    assert first["Conv2D", "kernel"] == "l1(1e-3)"
    assert first["BatchNormalization", "gamma"] == "no penalty"
    assert first["Dense", "bias"] == first["BatchNormalization", "beta"] == "no penalty or any"
    assert read(EXAMPLES[1], ask) == {key: str(ask(DEFAULT, *key)) for key in read(EXAMPLES[1], ask)}
    specific = next(read(example, ask) for example in EXAMPLES if "Separable" in example)
    assert specific["DepthwiseConv2D", "depthwise"] == "no penalty"
    assert specific["SeparableConv2D", "depthwise"] == specific["SeparableConv2D", "pointwise"] == "l1"
    assert specific["SeparableConv1D", "depthwise"] == "no penalty or any"
    assert specific["SeparableConv1D", "pointwise"] == "l1"
    assert (specific["Dense", "kernel"], specific["Dense", "bias"]) == ("l2", "l2")


def test_errors_are_as_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("reglint.toml").write_text("""\
[weights]
kernal = "l2"

[layers.Dense]
bias = { require = "optional", strength = -1e-4, max = 1e-2 }

[layers.Convolution]
""")
    with pytest.raises(PolicyError) as raised:
        load(Path("reglint.toml"))
    assert f"{raised.value}\n" in fences("text")


def test_the_policy_is_shown_as_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    example = next(example for example in EXAMPLES if example.startswith("extends ="))
    Path("reglint.toml").write_text(example)
    lines = show(load(Path("reglint.toml")), Path("src/model.py"))
    assert "$ reglint policy show src/model.py\n" + "".join(f"{line}\n" for line in lines) in fences("text")


def test_the_presets_are_as_they_say() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*\.) \| (.*\.) \|$", TEXT, re.MULTILINE)
    assert rows == [(name, *preset.about(name)) for name in preset.names()]


@pytest.mark.parametrize(
    "struct",
    [form.File, form.Weights, form.Weight, form.Written, form.Override, form.CustomLayer, form.Verify],
)
def test_no_key_is_left_out(struct: type[form.File]) -> None:
    keys = [field.encode_name for field in msgspec.structs.fields(struct)]
    headers = r'\.NAME|\."package\.module\.Class"'
    assert [key for key in keys if not re.search(rf"`\[{{0,2}}{key}({headers})?\]{{0,2}}`", TEXT)] == []


def test_no_word_is_left_out() -> None:
    assert [word for word in get_args(form.Require) if f'| `"{word}"` |' not in TEXT] == []


def test_defaults_are_as_shown() -> None:
    defaults = dict(re.findall(r"^\| `(timeout|memory_mib)` \|.*\| (\d+) \|$", TEXT, re.MULTILINE))
    verify = form.Verify()
    assert defaults == {"timeout": f"{verify.timeout:g}", "memory_mib": str(verify.memory_mib)}
