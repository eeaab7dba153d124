"""``reglint.assert_regularized`` on models of both generations."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

L2 = {"weights": {"kernel": {"require": "l2", "strength": 0.01}, "bias": "optional"}}
ASKED = "the policy asks for l2(0.01) ([weights] kernel)"
NONE = f"it has no penalty in model.losses; {ASKED}"


@pytest.fixture(params=["keras", "tf_keras"])
def keras(request: pytest.FixtureRequest) -> Any:
    return pytest.importorskip(request.param)


def _check(model: Any, policy: Any = L2, **options: Any) -> list[str]:
    """What is wrong, a line each: ``layer weight: problem``."""
    from reglint import assert_regularized

    try:
        assert_regularized(model, policy, **options)
    except AssertionError as error:
        return [line.split("`", 1)[1].replace("`", "", 1) for line in str(error).splitlines()[1:]]
    return []


def _dense(keras: Any, layer: Any = None, **arguments: Any) -> Any:
    arguments = arguments or {"kernel_regularizer": "l2"}
    return keras.Sequential([keras.Input((4,)), (layer or keras.layers.Dense)(3, name="dense", **arguments)])


@pytest.mark.keras
def test_right(keras: Any) -> None:
    assert _check(_dense(keras)) == []


@pytest.mark.keras
@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"use_bias": True}, NONE),
        ({"kernel_regularizer": "l1"}, f"its penalty in model.losses is l1(0.01); {ASKED}"),
        ({"bias_regularizer": "l2"}, NONE),
        ({"activity_regularizer": "l2"}, NONE),
    ],
)
def test_wrong(keras: Any, arguments: dict[str, Any], problem: str) -> None:
    model = _dense(keras, **arguments)
    name = model.layers[0].kernel.path if keras.__name__ == "keras" else "dense/kernel"
    assert _check(model) == [f"dense: {name}: {problem}"]


@pytest.mark.keras
def test_the_strength_counts_to_one_part_in_ten_thousand(keras: Any) -> None:
    for strength, is_right in ((0.01, True), (0.0100005, True), (0.01003, False), (0.00997, False)):
        model = _dense(keras, kernel_regularizer=keras.regularizers.L2(strength))
        assert (_check(model) == []) == is_right


@pytest.mark.keras
def test_a_message_says_all(keras: Any) -> None:
    from reglint import assert_regularized

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, name="a"), keras.layers.Dense(3)])
    with pytest.raises(AssertionError, match=r"^2 weights do not carry") as failure:
        assert_regularized(model, L2)
    assert "Dense `a`: " in str(failure.value)
    assert "(policy: the given policy)" in str(failure.value)


# Ways to look right and not to be


def _net(keras: Any, losses: Any) -> Any:
    class Net(keras.Sequential):  # type: ignore[misc, name-defined]
        @property
        def losses(self) -> Any:
            return losses(super().losses)

    both = {"kernel_regularizer": "l2", "bias_regularizer": "l2"}
    return Net([keras.Input((4,)), keras.layers.Dense(3, name="dense", **both)])


def _constant(keras: Any) -> Any:
    class Constant(keras.regularizers.Regularizer):  # type: ignore[misc, name-defined]
        def __call__(self, _: Any) -> Any:
            return 0.0134

    return _dense(keras, kernel_regularizer=Constant())


def _too_late(keras: Any) -> Any:
    model = _dense(keras, use_bias=True)
    model.layers[0].kernel_regularizer = keras.regularizers.L2(0.01)
    return model


def _off_by_a_constant(keras: Any) -> Any:
    class Off(keras.regularizers.L2):  # type: ignore[misc, name-defined]
        def __call__(self, x: Any) -> Any:
            return super().__call__(x) + 0.5

    return _dense(keras, kernel_regularizer=Off(0.01))


FOOLING: dict[str, tuple[Callable[[Any], Any], str]] = {
    "doubled": (
        lambda keras: _net(keras, lambda own: own * 2),
        "it is penalized 2 times in model.losses (0.0",
    ),
    "summed": (
        lambda keras: _net(keras, lambda own: [sum(own)] if own else []),
        "its only penalty is in an entry of model.losses that depends on 2 weights; ",
    ),
    "also summed": (
        lambda keras: _net(keras, lambda own: [*own, sum(own)] if own else []),
        "it is penalized 2 times in model.losses (0.0",
    ),
    "constant": (_constant, NONE),
    "set after the layer was built": (_too_late, NONE),
    "off": (_off_by_a_constant, "its entry of model.losses is 0.5"),
}


@pytest.mark.keras
@pytest.mark.parametrize("way", FOOLING)
def test_fooling(keras: Any, way: str) -> None:
    make, problem = FOOLING[way]
    [found] = _check(make(keras))
    assert found.split(": ", 2)[2].startswith(problem)


# Which weights are whose


@pytest.mark.keras
def test_layers_inside_others(keras: Any) -> None:
    layers = keras.layers
    inputs = keras.Input((5, 8))
    x = layers.MultiHeadAttention(2, 4, kernel_regularizer="l2")(inputs, inputs)
    x = layers.Bidirectional(layers.LSTM(2, return_sequences=True, kernel_regularizer="l2"))(x)
    x = layers.TimeDistributed(layers.Dense(3, kernel_regularizer="l2"))(x)
    x = layers.RNN(layers.GRUCell(2, kernel_regularizer="l2", recurrent_regularizer="l2"))(x)
    inner = keras.Sequential([keras.Input((2,)), layers.Dense(2, kernel_regularizer="l2", name="inner")])
    model = keras.Model(inputs, inner(inner(x)))
    assert _check(model, {"weights": {**L2["weights"], "recurrent": "optional"}}) == []
    problems = [line.partition(":")[0] for line in _check(model)]
    assert problems == ["forward_lstm", "backward_lstm"]
    by_layer = {"layers": {"MultiHeadAttention": {"kernel": "l1"}, "EinsumDense": {"kernel": "none"}}}
    assert [line.partition(":")[0] for line in _check(model, by_layer)] == ["multi_head_attention"] * 4


@pytest.mark.keras
def test_frozen_weights_are_passed_over(keras: Any) -> None:
    model = _dense(keras, use_bias=True)
    model.layers[0].trainable = False
    assert _check(model) == []


@pytest.mark.keras
def test_own_weights_are_known_by_the_attribute_that_holds_them(keras: Any) -> None:
    class Scale(keras.layers.Layer):  # type: ignore[misc, name-defined]
        def build(self, shape: Any) -> None:
            self.kernel = self.add_weight(shape=(shape[-1],), name="w")
            self.offset = self.add_weight(shape=(shape[-1],), name="o")

        def call(self, x: Any) -> Any:
            return x * self.kernel + self.offset

    model = keras.Sequential([keras.Input((3,)), Scale(name="scale")])
    [problem] = _check(model)
    assert problem.startswith("scale: ")
    assert problem.endswith(NONE)


@pytest.mark.keras
@pytest.mark.parametrize(
    ("override", "is_right"),
    [
        ({"names": ["head*"]}, True),
        ({"names": ["dense*"]}, False),
        ({"output": True}, True),
        ({"output": False}, False),
        ({"activations": ["softmax"]}, True),
        ({"classes": ["Head"]}, True),
        ({"layers": ["Dense"]}, True),
        ({"layers": ["Conv*"]}, False),
    ],
)
def test_conditions_of_overrides(keras: Any, override: dict[str, Any], is_right: bool) -> None:
    class Head(keras.layers.Dense):  # type: ignore[misc, name-defined]
        pass

    layers = [
        keras.Input((4,)),
        keras.layers.Dense(2, kernel_regularizer="l2"),
        Head(2, "softmax", name="head_of_it"),
    ]
    policy = {**L2, "overrides": [{**override, "weights": {"kernel": ["l2", "none"]}}]}
    assert (_check(keras.Sequential(layers), policy) == []) == is_right


@pytest.mark.keras
def test_a_policy_that_depends_on_the_file(keras: Any) -> None:
    policy = {**L2, "overrides": [{"files": ["legacy/**"], "weights": {"kernel": "optional"}}]}
    model = _dense(keras, use_bias=True)
    [problem] = _check(model, policy)
    reason = "what the policy asks for depends on something that is not known here, such as which file"
    assert reason in problem
    assert _check(model, policy, file="legacy/a.py") == []
    assert _check(model, policy, file="new/a.py")[0].endswith(NONE)


# Policies, and what is no model


@pytest.mark.keras
def test_the_policy_is_found_as_the_command_line_does(
    keras: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "reglint.toml").write_text('[weights]\nkernel = "l1"\n')
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    model = _dense(keras)
    expected = "its penalty in model.losses is l2(0.01); the policy asks for l1 ([weights] kernel)"
    for policy in (None, tmp_path / "reglint.toml", str(tmp_path / "reglint.toml")):
        [problem] = _check(model, policy)
        assert problem.endswith(expected)


@pytest.mark.keras
def test_no_weights_yet(keras: Any) -> None:
    with pytest.raises(ValueError, match="has no weights yet: build it first"):
        _check(keras.Sequential([keras.layers.Dense(2)]))


@pytest.mark.keras
def test_a_backend_without_gradients(keras: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    model = _dense(keras)
    monkeypatch.setattr(keras.backend, "backend", lambda: "numpy")
    with pytest.raises(
        ValueError, match=r"runs on numpy \(KERAS_BACKEND\), which has no gradients: it takes tensorflow"
    ):
        _check(model)


def test_no_model() -> None:
    with pytest.raises(TypeError, match=r"expected a model of keras or tf_keras, got builtins\.int"):
        _check(3)


def test_no_policy() -> None:
    from reglint.policy import PolicyError

    with pytest.raises(TypeError, match="a policy is a path, a mapping or a Policy, not int"):
        _check(object(), 3)
    with pytest.raises(PolicyError, match=r'^the given policy: unknown key "kernal"'):
        _check(object(), {"weights": {"kernal": "l2"}})


def test_importing_reglint_imports_nothing_else() -> None:
    code = "import sys, reglint; print([name for name in sys.modules if name.startswith('reglint.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
