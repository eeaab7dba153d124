"""The inventory: what it lists, and that it has every constructor that really makes a layer with weights."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from reglint.cli import main


def inventory(*paths: Path) -> dict:
    result = CliRunner().invoke(main, ["inventory", "--output-format", "json", *map(str, paths)])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


SOURCE = """\
from functools import partial

from helpers import reg
from keras import layers

Conv = partial(layers.Conv2D, kernel_size=3, use_bias=False)


class Mine(layers.Dense):
    def __init__(self, units, **kwargs):
        super().__init__(units, kernel_regularizer=None, **kwargs)


def build(x, l2=None, **kwargs):
    x = Conv(8, kernel_regularizer=reg(2e-4))(x)
    x = Mine(4, bias_regularizer="l1")(x)
    x = layers.Dense(2, kernel_regularizer=l2)(x)
    x = kwargs["layers"].Dense(2, **options())(x)
    return getattr(layers, "Dense")(2)(x)
"""
HELPERS = "from keras import regularizers\n\n\ndef reg(decay):\n    return regularizers.l2(decay / 2)\n"


@pytest.mark.parametrize(
    ("module", "name"), [("their.blocks", "ConvBN"), ("layers", "ConvBN"), ("layers", "Dense")]
)
def test_layers_that_the_policy_makes_known(module: str, name: str, tmp_path: Path) -> None:
    (tmp_path / "reglint.toml").write_text(f"[custom_layers.'{module}.{name}']\nkernel = 'kernel_reg'\n")
    (tmp_path / "layers.py").write_text(
        "import keras\nclass ConvBN(keras.layers.Layer): pass\nclass Dense: pass\n"
    )
    (tmp_path / "model.py").write_text(f"from {module} import {name}\n\n{name}(4)\n")
    (entry,) = inventory(tmp_path)["layers"]
    assert (entry["layer"], entry["class"]) == (f"{module}.{name}", None)
    assert {role: weight["state"] for role, weight in entry["weights"].items()} == {"kernel": "absent"}


def test_json(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(SOURCE)
    (tmp_path / "helpers.py").write_text(HELPERS)
    report = inventory(tmp_path)
    assert list(report) == ["version", "layers", "summary", "errors"]
    found = [
        (
            entry["line"],
            entry["column"],
            entry["layer"],
            entry["class"],
            entry["via"],
            {role: (w["state"], w["penalty"] and w["penalty"]["l2"]) for role, w in entry["weights"].items()},
        )
        for entry in report["layers"]
    ]
    dense = "keras.layers.Dense"
    assert found == [
        (15, 9, "keras.layers.Conv2D", None, "partial", {"kernel": ("set", 1e-4)}),
        (16, 9, dense, "Mine", "subclass", {"kernel": ("none", None), "bias": ("set", 0.0)}),
        (17, 9, dense, None, "direct", {"kernel": ("passed", None), "bias": ("absent", None)}),
        (18, 9, dense, None, "injected", {"kernel": ("unknown", None), "bias": ("unknown", None)}),
        (19, 12, dense, None, "dynamic", {"kernel": ("absent", None), "bias": ("absent", None)}),
    ]
    origin = report["layers"][0]["weights"]["kernel"]["from"]
    assert (Path(origin["path"]).name, origin["line"], origin["column"]) == ("helpers.py", 5, 12)
    assert report["summary"]["constructors"] == 5
    assert report["summary"]["by_layer"] == {dense: 4, "keras.layers.Conv2D": 1}


def test_what_nobody_wrote_has_no_place(tmp_path: Path) -> None:
    source = (
        "from keras import layers\n"
        "class Own(layers.MultiHeadAttention):\n"
        "    def __init__(self, **kwargs):\n"
        "        super().__init__(**kwargs)\n"
        "    def inner(self):\n"
        "        return layers.Dense(4, kernel_regularizer=self._kernel_regularizer)\n"
        "Own(num_heads=2, key_dim=2)\n"
    )
    (tmp_path / "model.py").write_text(source)
    dense, _ = inventory(tmp_path)["layers"]
    assert dense["weights"]["kernel"]["state"] == "none"


def test_a_folder_that_is_named_is_a_project_though_nothing_marks_one(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/blocks.py").write_text(
        "from keras import layers\n\n\ndef head(reg=None):\n    return layers.Dense(4, kernel_regularizer=reg)\n"
    )
    (tmp_path / "train.py").write_text("from lib.blocks import head\n\nhead('l2')\n")
    states = [
        layer["weights"]["kernel"]["state"]
        for paths in ([tmp_path], [tmp_path / "lib"])
        for layer in inventory(*paths)["layers"]
    ]
    assert states == ["set", "passed"]


def test_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.py").write_text(SOURCE)
    (tmp_path / "helpers.py").write_text(HELPERS)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["inventory"])
    assert result.exit_code == 0
    assert result.stdout == (
        "model.py\n"
        "   15:9  Conv2D (partial)  kernel l2(0.0001)\n"
        "   16:9  Mine (Dense)      kernel None, bias l1(0.01)\n"
        "   17:9  Dense             kernel passed, bias -\n"
        "   18:9  Dense (injected)  kernel unknown, bias unknown\n"
        "  19:12  Dense (dynamic)   kernel -, bias -\n"
        "\n"
        "5 layer constructors in 2 files\n"
        "  Dense                        4\n"
        "  Conv2D                       1\n"
        "bias: 2 absent, 1 l1(0.01), 1 unknown\n"
        "kernel: 1 l2(0.0001), 1 none, 1 passed, 1 unknown, 1 absent\n"
        "not read, because:\n"
        "      2  a splat whose contents could not be read\n"
    )


def test_a_file_that_cannot_be_read_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("from keras import layers\nlayers.Dense(\n")
    (tmp_path / "good.py").write_text("from keras import layers\nlayers.Dense(4)\n")
    result = CliRunner().invoke(main, ["inventory", "--output-format", "json", str(tmp_path)])
    report = json.loads(result.stdout)
    assert result.exit_code == 2
    assert [Path(entry["path"]).name for entry in report["layers"]] == ["good.py"]
    assert [Path(error["path"]).name for error in report["errors"]] == ["bad.py"]


# What an answer could depend on: choices, modules handed in, classes and regularizers that callers pass, in any order.
PROJECT = {
    "pyproject.toml": "",
    "net/__init__.py": "from .blocks import *\nfrom .compat import Dense\n",
    "net/compat.py": """\
try:
    from keras.layers import BatchNormalization, Dense, LayerNormalization
except ImportError:
    from tensorflow.keras.layers import BatchNormalization, Dense, LayerNormalization
try:
    from keras import regularizers
except ImportError:
    regularizers = None
""",
    "net/blocks.py": """\
from .compat import BatchNormalization, Dense, LayerNormalization, regularizers

NORMS = {"batch": BatchNormalization, "layer": LayerNormalization}
__all__ = ["Block", "injected", "norm", "wide"]


class Block(Dense):
    def __init__(self, units, reg=None, **kwargs):
        super().__init__(units, kernel_regularizer=reg, **kwargs)


def norm(kind, x, gamma=None):
    return NORMS[kind](gamma_regularizer=gamma)(x)


def wide(x, units, reg=None, layer=Dense):
    x = layer(units, kernel_regularizer=reg)(x)
    return Block(units, reg)(x)


def injected(x, **kwargs):
    layers = kwargs["layers"]
    options = {"kernel_regularizer": regularizers.l2(1e-3), **kwargs["options"]}
    return layers.Conv2D(4, 3, **options)(x)
""",
    "net/small.py": """\
from net import Block, Dense, norm, wide

REG = "l1" if FLAG else "l2"


def small(x):
    x = wide(x, 8, reg="l2")
    return norm("batch", Block(4, bias_regularizer=REG)(x), "l1")
""",
    "net/large.py": """\
import keras

from .blocks import injected, norm, wide


def large(x):
    x = wide(x, 8, keras.regularizers.L2(1e-4), layer=keras.layers.EinsumDense)
    x = injected(x, layers=keras.layers, options={})
    return norm("layer", x, gamma=None)
""",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in PROJECT.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_the_output_does_not_depend_on_the_hash_seed(project: Path) -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-m", "reglint", "inventory", "--output-format", "json", "."],
            cwd=project,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1
    assert len(json.loads(outputs.pop())["layers"]) == 5


def by_file(report: dict) -> dict[str, list]:
    files: dict[str, list] = {}
    for entry in report["layers"]:
        files.setdefault(Path(entry["path"]).name, []).append(entry)
    return files


def test_the_order_of_the_paths_does_not_matter(project: Path) -> None:
    folder = by_file(inventory(project))
    assert {name: len(entries) for name, entries in folder.items()} == {"blocks.py": 4, "small.py": 1}
    paths = [project / name for name in PROJECT if name.endswith(".py")]
    for turn in range(len(paths)):
        turned = [*paths[turn:], *paths[:turn]]
        assert by_file(inventory(*turned)) == folder
        assert by_file(inventory(*reversed(turned))) == folder


def test_a_folder_before_or_after_a_file_in_it_gives_the_same_bytes(project: Path) -> None:
    paths = [str(project / "net"), *(str(project / name) for name in PROJECT if name.endswith(".py"))]
    outputs = {
        CliRunner().invoke(main, ["inventory", "--output-format", "json", *order]).stdout
        for order in (paths, paths[::-1])
    }
    assert len(outputs) == 1
    assert len(json.loads(outputs.pop())["layers"]) == 5


def test_a_file_alone_is_read_as_it_is_with_the_others(project: Path) -> None:
    folder = by_file(inventory(project))
    for path in (project / "net").iterdir():
        assert by_file(inventory(path)) == ({path.name: folder[path.name]} if path.name in folder else {})


@pytest.mark.keras
def test_every_constructor_that_makes_a_layer_with_weights_is_listed() -> None:
    models = ["MobileNetV3Small", "ResNet50V2", "DenseNet121", "EfficientNetB0", "Xception", "ConvNeXtTiny"]
    benchmark = Path(__file__).parent.parent / "benchmarks" / "applications.py"
    done = subprocess.run(
        [sys.executable, benchmark, "--json", *models], capture_output=True, text=True, check=False
    )
    result = json.loads(done.stdout.splitlines()[-1])
    assert (result["missed"], result["no_call"]) == ([], [])
    assert done.returncode == 0
    built = {(Path(file).name, layer) for file, _, _, layer in result["built"]}
    assert {("convnext.py", "LayerScale"), ("efficientnet.py", "Normalization")} <= built
    assert len(result["built"]) > 90


def test_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "helpers.py").write_text(HELPERS)
    monkeypatch.chdir(tmp_path)
    source = (
        "from helpers import reg\nfrom keras import layers\n\nlayers.Dense(4, kernel_regularizer=reg(2e-4))\n"
    )
    arguments = ["inventory", "--output-format", "json", "-"]
    (entry,) = json.loads(CliRunner().invoke(main, arguments, input=source).stdout)["layers"]
    assert (entry["path"], entry["line"]) == ("-", 4)
    result = CliRunner().invoke(main, [*arguments, "--stdin-filename", "sub/model.py"], input=source)
    (entry,) = json.loads(result.stdout)["layers"]
    assert entry["path"] == "sub/model.py"


def test_the_named_policy_says_which_layers_and_files_there_are(tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(
        "keras = 2\nextend-exclude = ['old']\n[custom_layers.'their.ConvBN']\nkernel = 'kernel_reg'\n"
    )
    (tmp_path / "old").mkdir()
    for file in ("old/model.py", "model.py"):
        (tmp_path / file).write_text("from their import ConvBN\n\nConvBN(4)\n")
    assert inventory(tmp_path)["layers"] == []
    (entry,) = inventory(Path("--policy"), policy, tmp_path)["layers"]
    assert (entry["path"], entry["layer"]) == (str(tmp_path / "model.py"), "their.ConvBN")
