"""Calls that a proof does not run: they train, load data, save, draw, wait or print."""

from __future__ import annotations

import ast

from reglint.verify.names import calls, last, root


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


IDLE = _words("""
    fit fit_generator train_on_batch evaluate evaluate_generator test_on_batch predict predict_generator
    predict_on_batch predict_classes compile save save_weights save_model load_weights export summary to_json
    get_weights set_weights plot_model print
    """)
"""Calls on a model, or of it, that change nothing about its penalties."""

DATA = _words("""
    read_csv read_excel read_json read_table read_pickle read_hdf read_parquet read_sql loadtxt genfromtxt
    fromfile imread load_img loadmat urlopen urlretrieve input raw_input train_test_split load_data
    load_dataset image_dataset_from_directory text_dataset_from_directory audio_dataset_from_directory
    flow_from_directory flow_from_dataframe load_iris load_digits load_wine load_breast_cancer load_diabetes
    load_boston fetch_openml fetch_20newsgroups fetch_california_housing make_classification make_regression
    make_blobs make_moons listdir scandir glob iglob walk open load_model
    """)
"""Calls that bring data from outside; the last part of their names."""

_LOADERS = {
    "load": _words("np numpy json pickle joblib tfds yaml torch librosa toml sio"),
    "safe_load": frozenset(["yaml"]),
    "get": frozenset(["requests"]),
    "post": frozenset(["requests"]),
}
"""Names that mean data only after these modules."""

TRAINING = _words("""
    fit fit_generator train_on_batch evaluate predict apply_gradients GradientTape minimize save savefig show
    parse_args parse_known_args run serve sleep system makedirs mkdir login
    """)
"""A function that calls one of these does more than building a model."""

DATASETS = _words("mnist fashion_mnist cifar10 cifar100 boston_housing california_housing imdb reuters")
"""The modules of ``keras.datasets``."""


def is_data(call: ast.Call) -> bool:
    """Whether a call brings data from outside."""
    name = last(call.func)
    return name in DATA or root(call.func) in _LOADERS.get(name, ())


def is_training(node: ast.AST) -> bool:
    """Whether code trains, saves, loads data or parses a command line."""
    return any(last(call.func) in TRAINING or is_data(call) for call in calls(node))


def dataset_of(call: ast.Call, imported: dict[str, str]) -> str | None:
    """The module of ``keras.datasets`` that a call loads (``mnist.load_data()``), or None.

    ``imported`` has the dotted origin of every imported name.
    """
    if last(call.func) != "load_data":
        return None
    if isinstance(call.func, ast.Attribute):
        module = last(call.func.value)
        module = imported.get(module, module)
    else:
        module = imported.get("load_data", "").removesuffix(".load_data")
    name = module.rsplit(".", 1)[-1]
    return name if name in DATASETS else None


def is_setting(call: ast.Call) -> bool:
    """Whether a call changes a setting that models depend on: ``set_floatx``, ``sys.path.insert``."""
    name = last(call.func)
    if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "sys.path":
        return name in ("append", "insert")
    return name in (
        "set_image_data_format",
        "set_floatx",
        "set_epsilon",
        "set_global_policy",
        "set_dtype_policy",
    )
