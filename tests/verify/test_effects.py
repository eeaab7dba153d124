"""Calls that a proof does not run."""

from __future__ import annotations

import ast

import pytest

from reglint.verify import effects


def _call(code: str) -> ast.Call:
    node = ast.parse(code, mode="eval").body
    assert isinstance(node, ast.Call)
    return node


@pytest.mark.parametrize(
    ("code", "is_data"),
    [
        ("pd.read_csv('x')", True),
        ("np.load('x')", True),
        ("json.load(f)", True),
        ("model.load(x)", False),
        ("requests.get(url)", True),
        ("config.get('units')", False),
        ("open('x')", True),
        ("Dense(3)", False),
    ],
)
def test_is_data(code: str, is_data: bool) -> None:
    assert effects.is_data(_call(code)) is is_data


@pytest.mark.parametrize(
    ("code", "imported", "dataset"),
    [
        ("tf.keras.datasets.mnist.load_data()", {}, "mnist"),
        ("cifar10.load_data()", {"cifar10": "keras.datasets.cifar10"}, "cifar10"),
        ("data.load_data()", {"data": "tensorflow.keras.datasets.imdb"}, "imdb"),
        ("load_data()", {"load_data": "keras.datasets.reuters.load_data"}, "reuters"),
        ("load_data()", {"load_data": "mine.load_data"}, None),
        ("mnist.download()", {}, None),
    ],
)
def test_dataset_of(code: str, imported: dict[str, str], dataset: str | None) -> None:
    assert effects.dataset_of(_call(code), imported) == dataset


@pytest.mark.parametrize(
    ("code", "is_setting"),
    [
        ("K.set_image_data_format('channels_first')", True),
        ("tf.keras.mixed_precision.set_global_policy('mixed_float16')", True),
        ("sys.path.insert(0, here)", True),
        ("path.insert(0, here)", False),
        ("np.random.seed(0)", False),
    ],
)
def test_is_setting(code: str, is_setting: bool) -> None:
    assert effects.is_setting(_call(code)) is is_setting
