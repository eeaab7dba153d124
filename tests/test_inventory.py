"""The inventory: what it lists, and that it has every constructor that really makes a layer with weights."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from reglint.cli import main

if TYPE_CHECKING:
    from collections.abc import Sequence


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
    x = kwargs["layers"].Dense(2, **kwargs["options"])(x)
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


@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_the_output_does_not_depend_on_the_hash_seed(seed: str, tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(
        "try:\n    from keras.layers import Dense, Conv2D\nexcept ImportError:\n"
        "    from tensorflow.keras.layers import Dense, Conv2D\nDense(4)\nConv2D(4, 3)\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "reglint", "inventory", "--output-format", "json", "."],
        cwd=tmp_path,
        env={"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    result = CliRunner().invoke(main, ["inventory", "--output-format", "json", str(tmp_path)])
    assert json.loads(done.stdout)["layers"] == [
        {**entry, "path": "model.py"} for entry in json.loads(result.stdout)["layers"]
    ]


# Builds models with a hook that records where each layer with weights is constructed.
RECORD = """
import json, os, sys
import keras

made = []
original = keras.layers.Layer.__new__

def new(cls, *args, **kwargs):
    layer = original(cls, *args, **kwargs)
    frame = sys._getframe(1)
    while frame and f"{os.sep}applications{os.sep}" not in frame.f_code.co_filename:
        frame = frame.f_back
    if frame:
        made.append((layer, frame.f_code.co_filename, frame.f_lineno))
    return layer

keras.layers.Layer.__new__ = new
for name in sys.argv[1:]:
    getattr(keras.applications, name)(weights=None)
print(json.dumps(sorted({(file, line, type(layer).__name__) for layer, file, line in made if layer.weights})))
"""


def constructed(models: Sequence[str]) -> set[tuple[str, int, str]]:
    done = subprocess.run([sys.executable, "-c", RECORD, *models], capture_output=True, text=True, check=True)
    return {
        (file, line, layer)
        for file, line, layer in json.loads(done.stdout.splitlines()[-1])
        if layer not in ("Functional", "Sequential", "Normalization")  # without a regularizer argument
    }


@pytest.mark.keras
def test_every_constructor_that_makes_a_layer_with_weights_is_listed() -> None:
    models = ["MobileNetV3Small", "ResNet50V2", "DenseNet121", "EfficientNetB0", "Xception", "ConvNeXtTiny"]
    made = constructed(models)
    files = {Path(file) for file, _, _ in made}
    listed = {
        (entry["path"], entry["line"], entry["layer"].rpartition(".")[2])
        for entry in inventory(*files)["layers"]
    }
    own_layers = {(file, line, layer) for file, line, layer in made if layer == "LayerScale"}
    assert made - own_layers <= listed
    assert len(made - own_layers) > 60
