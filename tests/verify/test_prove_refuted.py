"""Ways to look proven and not to be: each fix is refused, with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import ProveMarked

    from reglint.verify import Proof

pytestmark = pytest.mark.keras

_LIST = "[keras.Input((4,)), keras.layers.Dense(2«, kernel_regularizer=l2(0.01)»)]"
_PLAIN = 'model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2«, kernel_regularizer="l2"»)])'
_OWN = 'model = keras.Sequential([keras.Input((4,)), Dense(2«, kernel_regularizer="l2"»)])'
_NONE = "no entry of model.losses is a penalty on `sequential/dense/kernel`"
_ONCE_MORE = "is penalized once more by an entry of model.losses that the model's own code adds"

CASES: dict[str, tuple[str, str]] = {
    "a regularizer that returns a number": (
        f"""
class Constant(keras.regularizers.Regularizer):
    def __call__(self, x): return 0.123
def l2(strength): return Constant()
model = keras.Sequential({_LIST})
""",
        _NONE,
    ),
    "a regularizer that returns the right value as a constant": (
        f"""
class Constant(keras.regularizers.Regularizer):
    def __call__(self, x):
        return keras.ops.convert_to_tensor(float(0.01 * (keras.ops.convert_to_numpy(x) ** 2).sum()))
def l2(strength): return Constant()
model = keras.Sequential({_LIST})
""",
        f"{_NONE} (an entry of that value is there, and it is a constant: no weight moves)",
    ),
    "half the strength": (
        f"""
def l2(strength): return keras.regularizers.L2(strength / 2)
model = keras.Sequential({_LIST})
""",
        "the penalty on `sequential/dense/kernel` is 0.0",
    ),
    "the right value with another slope": (
        f"""
class Split(keras.regularizers.Regularizer):
    def __call__(self, x):
        square = keras.ops.sum(x * x)
        return 0.005 * square + 0.005 * keras.ops.stop_gradient(square)
def l2(strength): return Split()
model = keras.Sequential({_LIST})
""",
        "the gradient of the penalty on `sequential/dense/kernel` is not that of l2(0.01)",
    ),
    "the penalty was there before": (
        f"""
def Dense(units, kernel_regularizer=None): return keras.layers.Dense(units, kernel_regularizer="l2")
{_OWN}
""",
        "the unfixed source already has this penalty on `sequential/dense/kernel`",
    ),
    "the argument goes nowhere, another layer has the penalty": (
        f"""
def Dense(units, kernel_regularizer=None): return keras.layers.Dense(units)
first = keras.layers.Dense(4, kernel_regularizer="l2")
{_OWN.replace("[keras.Input((4,)),", "[keras.Input((4,)), first,")}
""",
        "no entry of model.losses is a penalty on `sequential/dense_1/kernel`",
    ),
    "a constant added with add_loss": (
        f"""
class Dense(keras.layers.Dense):
    def __init__(self, units, kernel_regularizer=None): super().__init__(units)
    def call(self, x):
        self.add_loss(keras.ops.convert_to_tensor(0.00413422))
        return super().call(x)
{_OWN}
""",
        _NONE,
    ),
    "losses counted twice": (
        f"""
class Net(keras.Sequential):
    @property
    def losses(self): return super().losses * 2
{_PLAIN.replace("keras.Sequential", "Net")}
""",
        "`net/dense/kernel` is penalized 2 times (by 0.00",
    ),
    "losses replaced by a constant": (
        f"""
{_PLAIN}
type(model).losses = property(lambda self: [keras.ops.convert_to_tensor(0.5)])
""",
        _NONE,
    ),
    "losses replaced by numbers": (
        f"""
class Net(keras.Sequential):
    @property
    def losses(self): return [keras.ops.convert_to_tensor(float(loss)) for loss in super().losses]
{_PLAIN.replace("keras.Sequential", "Net")}
""",
        "no entry of model.losses is a penalty on `net/dense/kernel` (an entry of that value is there",
    ),
    "a penalty of its own that the layer adds when it is called": (
        f"""
class Dense(keras.layers.Dense):
    def __init__(self, units, kernel_regularizer=None): super().__init__(units, kernel_regularizer=kernel_regularizer)
    def call(self, x):
        self.add_loss(0.01 * keras.ops.sum(self.kernel ** 2))
        return super().call(x)
{_OWN}
""",
        f"`sequential/dense/kernel` {_ONCE_MORE}",
    ),
    "a penalty on all weights together": (
        f"""
class Net(keras.Sequential):
    @property
    def losses(self): return [*super().losses, sum(keras.ops.sum(w ** 2) for w in self.trainable_weights)]
{_PLAIN.replace("keras.Sequential", "Net")}
""",
        f"`net/dense/kernel` {_ONCE_MORE}",
    ),
    "a frozen layer": (
        f"""
{_PLAIN}
for layer in model.layers:
    layer.trainable = False
""",
        "`sequential/dense/kernel` is frozen (trainable=False): Keras 3 leaves its penalty out of the loss",
    ),
    "a fix that changes the activation": (
        f"""
def Dense(units, kernel_regularizer=None):
    activation = "tanh" if kernel_regularizer else None
    return keras.layers.Dense(units, activation, kernel_regularizer=kernel_regularizer)
{_OWN}
""",
        "the fix changes the layer `dense`",
    ),
    "a fix that changes what the model computes": (
        f"""
class Dense(keras.layers.Dense):
    def call(self, x): return super().call(x) * (2 if self.kernel_regularizer else 1)
    def get_config(self): return {{}}
{_OWN}
""",
        "the fix changes the model's outputs",
    ),
    "a fix that changes the shape of a weight": (
        f"""
def Dense(units, kernel_regularizer=None):
    return keras.layers.Dense(units + bool(kernel_regularizer), kernel_regularizer=kernel_regularizer)
{_OWN}
""",
        "the fix changes the weights or their shapes",
    ),
    "a fix that adds another loss": (
        f"""
def Dense(units, kernel_regularizer=None):
    more = {{"bias_regularizer": "l1"}} if kernel_regularizer else {{}}
    return keras.layers.Dense(units, kernel_regularizer=kernel_regularizer, **more)
{_OWN}
""",
        "the fix changes other losses of the model",
    ),
    "a weight that the layer does not have": (
        'model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, use_bias=False«, bias_regularizer="l2"»)])',
        "the layer has no bias weight",
    ),
}

_RAISING = "measuring model (module level) raised "
ON_JAX = {
    "a regularizer that returns the right value as a constant": f"{_RAISING}TracerArrayConversionError: ",
    "losses replaced by numbers": f"{_RAISING}ConcretizationTypeError: ",
}
"""What JAX says where the others see a constant: there, such a model cannot be trained either."""


@pytest.fixture(scope="module")
def proofs(prove_marked: ProveMarked, backend: str) -> dict[str, list[Proof]]:
    sources = {name: f"import keras\n{source}" for name, (source, _) in CASES.items()}
    return prove_marked(sources, backend=backend)


@pytest.mark.parametrize("name", CASES)
def test_refused(proofs: dict[str, list[Proof]], backend: str, name: str) -> None:
    [proof] = proofs[name]
    assert (proof.grade, proof.penalties) == ("unverified", ())
    assert proof.reason is not None
    if backend == "jax" and name in ON_JAX:
        assert proof.reason.startswith(ON_JAX[name])
        return
    assert proof.reason.startswith(CASES[name][1])
    assert proof.reason.endswith("(model (module level))")
