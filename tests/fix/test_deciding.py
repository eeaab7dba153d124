"""Where findings are mended: (before, after) pairs for each kind of place, and look-alikes that stay as they are."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import TYPE_CHECKING, NamedTuple

import pytest

from reglint import pipeline
from reglint.policy import load

if TYPE_CHECKING:
    from pathlib import Path

POLICY = """\
[weights]
kernel = { require = "l2", strength = 1e-4 }
gamma = "forbidden"

[[overrides]]
activations = ["softmax"]
weights.kernel = "optional"
"""
HEAD = """\
from functools import partial
from keras import layers
from keras.regularizers import get, l1, l2, serialize
"""


class Fixed(NamedTuple):
    """What a run made of a file."""

    source: str
    effects: list[str | None]
    """What each fix that was made says of its place and reach; each said once."""
    reasons: list[str | None]
    """Why other findings have no fix."""


def fixed(tmp_path: Path, source: str, policy: str = POLICY, **others: str) -> Fixed:
    """Mends ``model.py`` without a proof; a second run must find nothing more to do."""
    for name, text in {"ruff.toml": "line-length = 200\n", "policy.toml": policy, **others}.items():
        (tmp_path / (name if "." in name else f"{name}.py")).write_text(text)
    file = tmp_path / "model.py"
    file.write_text(HEAD + source)
    applied = load(tmp_path / "policy.toml")
    outcome = pipeline.fix([file], lambda _: applied, settings=None)
    assert outcome.report.errors == ()
    again = pipeline.fix([file], lambda _: applied, settings=None)
    assert again.changes == ()
    assert [finding.reason for finding in again.report.findings if finding.fixable] == []
    findings = outcome.report.findings
    return Fixed(
        file.read_text().removeprefix(HEAD),
        list(dict.fromkeys(finding.effect for finding in findings if finding.fixable)),
        [finding.reason for finding in findings if not finding.fixable],
    )


# (before, after, what the fixes say of their place and reach)
AT_THE_PLACE = {
    "a partial": (
        """\
        Fc = partial(layers.Dense, activation='relu')
        Fc(4)
        Fc(5)
        """,
        """\
        Fc = partial(layers.Dense, activation='relu', kernel_regularizer=l2(1e-4))
        Fc(4)
        Fc(5)
        """,
        ["in the partial on line 4; changes 2 layers"],
    ),
    "a partial in several lines": (
        """\
        Fc = partial(
            layers.Dense,
            units=4,
        )
        Fc()
        Fc()
        """,
        """\
        Fc = partial(
            layers.Dense,
            units=4,
            kernel_regularizer=l2(1e-4),
        )
        Fc()
        Fc()
        """,
        ["in the partial on line 4; changes 2 layers"],
    ),
    "a partial with another kind": (
        """\
        Fc = partial(layers.Dense, kernel_regularizer=l1(0.1))
        Fc(4)
        Fc(5)
        """,
        """\
        Fc = partial(layers.Dense, kernel_regularizer=l2(1e-4))
        Fc(4)
        Fc(5)
        """,
        ["on line 4; changes 2 layers"],
    ),
    "a partial, and a call that has its own": (
        """\
        Fc = partial(layers.Dense, activation='relu')
        Fc(4)
        Fc(5)
        Fc(6, kernel_regularizer=l2(1e-4))
        """,
        """\
        Fc = partial(layers.Dense, activation='relu', kernel_regularizer=l2(1e-4))
        Fc(4)
        Fc(5)
        Fc(6, kernel_regularizer=l2(1e-4))
        """,
        ["in the partial on line 4; changes 2 layers"],
    ),
    "what a partial must not have": (
        """\
        Bn = partial(layers.BatchNormalization, gamma_regularizer=l1(0.1))
        Bn()
        Bn()
        """,
        """\
        Bn = partial(layers.BatchNormalization)
        Bn()
        Bn()
        """,
        ["on line 4; changes 2 layers"],
    ),
    "a dict": (
        """\
        common = {'activation': 'relu'}
        layers.Dense(4, **common)
        layers.Conv2D(4, 3, **common)
        """,
        """\
        common = {'activation': 'relu', 'kernel_regularizer': l2(1e-4)}
        layers.Dense(4, **common)
        layers.Conv2D(4, 3, **common)
        """,
        ["in the dict on line 4; changes 2 layers"],
    ),
    "a dict in several lines": (
        """\
        common = {
            "units": 4,  # four
            "name": "a"
        }
        layers.Dense(**common)
        """,
        """\
        common = {
            "units": 4,  # four
            "name": "a",
            "kernel_regularizer": l2(1e-4)
        }
        layers.Dense(**common)
        """,
        ["in the dict on line 4; changes 1 layer"],
    ),
    "a call of dict": (
        """\
        common = dict(activation='relu')
        layers.Dense(4, **common)
        layers.Dense(5, **common)
        """,
        """\
        common = dict(activation='relu', kernel_regularizer=l2(1e-4))
        layers.Dense(4, **common)
        layers.Dense(5, **common)
        """,
        ["in the dict on line 4; changes 2 layers"],
    ),
    "an entry of a dict": (
        """\
        common = {'kernel_regularizer': None}
        layers.Dense(4, **common)
        layers.Dense(5, **common)
        """,
        """\
        common = {'kernel_regularizer': l2(1e-4)}
        layers.Dense(4, **common)
        layers.Dense(5, **common)
        """,
        ["on line 4; changes 2 layers"],
    ),
    "an entry that a dict must not have": (
        """\
        common = {'momentum': 0.9, 'gamma_regularizer': l2(0.1)}
        layers.BatchNormalization(**common)
        """,
        """\
        common = {'momentum': 0.9}
        layers.BatchNormalization(**common)
        """,
        ["on line 4; changes 1 layer"],
    ),
    "an entry that a layer without the weight gets as well": (
        """\
        def block(x, reg=None):
            common = {'gamma_regularizer': l1(0.1)}
            x = layers.BatchNormalization(**common)(x)
            return layers.BatchNormalization(scale=False, **common)(x)


        block(1)
        """,
        """\
        def block(x, reg=None):
            common = {}
            x = layers.BatchNormalization(**common)(x)
            return layers.BatchNormalization(scale=False, **common)(x)


        block(1)
        """,
        ["on line 5; changes 1 layer"],
    ),
    "an entry that is set later": (
        """\
        common = {'units': 4}
        common['kernel_regularizer'] = None
        layers.Dense(**common)
        """,
        """\
        common = {'units': 4}
        common['kernel_regularizer'] = l2(1e-4)
        layers.Dense(**common)
        """,
        ["on line 5; changes 1 layer"],
    ),
    "a dict that other layers only read": (
        """\
        common = {'activation': 'relu'}
        layers.Dense(4, **common)
        layers.Activation(common['activation'])
        """,
        """\
        common = {'activation': 'relu', 'kernel_regularizer': l2(1e-4)}
        layers.Dense(4, **common)
        layers.Activation(common['activation'])
        """,
        ["in the dict on line 4; changes 1 layer"],
    ),
    "a dict that a function returns": (
        """\
        def params(**more):
            default = {'padding': 'same'}
            default.update(more)
            return default


        def build(x):
            p = params()
            x = layers.Conv2D(4, 3, **p)(x)
            q = params(strides=2)
            return layers.Conv2D(4, 3, **q)(x)
        """,
        """\
        def params(**more):
            default = {'padding': 'same', 'kernel_regularizer': l2(1e-4)}
            default.update(more)
            return default


        def build(x):
            p = params()
            x = layers.Conv2D(4, 3, **p)(x)
            q = params(strides=2)
            return layers.Conv2D(4, 3, **q)(x)
        """,
        ["in the dict on line 5; changes 2 layers"],
    ),
    "a base class's __init__": (
        """\
        class Mine(layers.Dense):
            def __init__(self, units):
                super().__init__(units)


        Mine(3)
        Mine(4)
        """,
        """\
        class Mine(layers.Dense):
            def __init__(self, units):
                super().__init__(units, kernel_regularizer=l2(1e-4))


        Mine(3)
        Mine(4)
        """,
        ["in `Mine` on line 6; changes 2 layers"],
    ),
    "the default of a class": (
        """\
        class Mine(layers.Dense):
            def __init__(self, units, reg=None):
                super().__init__(units, kernel_regularizer=reg)


        Mine(3)
        Mine(4)
        """,
        """\
        class Mine(layers.Dense):
            def __init__(self, units, reg=l2(1e-4)):
                super().__init__(units, kernel_regularizer=reg)


        Mine(3)
        Mine(4)
        """,
        ["in the default of `reg` on line 5; changes 2 calls of `Mine`"],
    ),
    "a default": (
        """\
        def block(x, reg=None):
            x = layers.Dense(4, kernel_regularizer=reg)(x)
            return layers.Dense(5, kernel_regularizer=reg)(x)


        block(1)
        block(2)
        block(3)
        """,
        """\
        def block(x, reg=l2(1e-4)):
            x = layers.Dense(4, kernel_regularizer=reg)(x)
            return layers.Dense(5, kernel_regularizer=reg)(x)


        block(1)
        block(2)
        block(3)
        """,
        ["in the default of `reg` on line 4; changes 3 calls of `block`, with 2 layers in it"],
    ),
    "a default that one function hands to the other": (
        """\
        def inner(x, reg=None):
            return layers.Dense(4, kernel_regularizer=reg)(x)


        def outer(x, reg=None):
            return inner(x, reg=reg)


        outer(1)
        outer(2)
        """,
        """\
        def inner(x, reg=None):
            return layers.Dense(4, kernel_regularizer=reg)(x)


        def outer(x, reg=l2(1e-4)):
            return inner(x, reg=reg)


        outer(1)
        outer(2)
        """,
        ["in the default of `reg` on line 8; changes 2 calls of `outer`"],
    ),
    "a default that an object keeps": (
        """\
        class Block(layers.Layer):
            def __init__(self, reg=None):
                super().__init__()
                self.reg = get(reg)
                self.inner = layers.Dense(4, kernel_regularizer=self.reg)

            def get_config(self):
                return {'reg': serialize(self.reg)}


        Block()
        """,
        """\
        class Block(layers.Layer):
            def __init__(self, reg=l2(1e-4)):
                super().__init__()
                self.reg = get(reg)
                self.inner = layers.Dense(4, kernel_regularizer=self.reg)

            def get_config(self):
                return {'reg': serialize(self.reg)}


        Block()
        """,
        ["in the default of `reg` on line 5; changes 1 call of `Block`"],
    ),
    "what a function does where it is given None": (
        """\
        def block(x, reg=None):
            if reg is None:
                reg = l1(0.1)
            return layers.Dense(4, kernel_regularizer=reg)(x)


        block(1)
        """,
        """\
        def block(x, reg=None):
            if reg is None:
                reg = l2(1e-4)
            return layers.Dense(4, kernel_regularizer=reg)(x)


        block(1)
        """,
        ["on line 6; changes 1 layer"],
    ),
    "what all callers pass": (
        """\
        def block(x, reg):
            return layers.Dense(4, kernel_regularizer=reg)(x)


        block(1, l1(0.1))
        block(2, reg=l1(0.1))
        """,
        """\
        def block(x, reg):
            return layers.Dense(4, kernel_regularizer=reg)(x)


        block(1, l2(1e-4))
        block(2, reg=l2(1e-4))
        """,
        ["on line 8, on line 9; changes 1 layer"],
    ),
    "what all callers pass, and the default": (
        """\
        def block(x, reg=l1(0.1)):
            return layers.Dense(4, kernel_regularizer=reg)(x)


        block(1)
        block(2, l1(0.1))
        """,
        """\
        def block(x, reg=l2(1e-4)):
            return layers.Dense(4, kernel_regularizer=reg)(x)


        block(1)
        block(2, l2(1e-4))
        """,
        ["in the default of `reg` on line 4, on line 9; changes 1 call of `block`"],
    ),
    "a strength by default": (
        """\
        def block(x, decay=1e-3):
            return layers.Dense(4, kernel_regularizer=l2(decay))(x)


        block(1)
        """,
        """\
        def block(x, decay=1e-4):
            return layers.Dense(4, kernel_regularizer=l2(decay))(x)


        block(1)
        """,
        ["in the default of `decay` on line 4; changes 1 call of `block`"],
    ),
    "a strength that decides whether there is a regularizer": (
        """\
        def block(x, decay=1e-3):
            return layers.Dense(4, kernel_regularizer=l2(decay) if decay else None)(x)


        block(1)
        """,
        """\
        def block(x, decay=1e-4):
            return layers.Dense(4, kernel_regularizer=l2(decay) if decay else None)(x)


        block(1)
        """,
        ["in the default of `decay` on line 4; changes 1 call of `block`"],
    ),
    "a constant strength": (
        """\
        DECAY = 1e-3
        layers.Dense(4, kernel_regularizer=l2(DECAY))
        layers.Dense(5, kernel_regularizer=l2(DECAY))
        """,
        """\
        DECAY = 1e-4
        layers.Dense(4, kernel_regularizer=l2(DECAY))
        layers.Dense(5, kernel_regularizer=l2(DECAY))
        """,
        ["on line 4; changes 2 layers"],
    ),
    "a constant": (
        """\
        REG = l1(1e-3)
        layers.Dense(4, kernel_regularizer=REG)
        layers.Dense(5, kernel_regularizer=REG)
        """,
        """\
        REG = l2(1e-4)
        layers.Dense(4, kernel_regularizer=REG)
        layers.Dense(5, kernel_regularizer=REG)
        """,
        ["on line 4; changes 2 layers"],
    ),
    "a strength that an object keeps": (
        """\
        class Block(layers.Layer):
            def __init__(self, decay=1e-3):
                super().__init__()
                self.decay = decay
                self.inner = layers.Dense(4, kernel_regularizer=l2(self.decay))


        Block()
        """,
        """\
        class Block(layers.Layer):
            def __init__(self, decay=1e-4):
                super().__init__()
                self.decay = decay
                self.inner = layers.Dense(4, kernel_regularizer=l2(self.decay))


        Block()
        """,
        ["in the default of `decay` on line 5; changes 1 call of `Block`"],
    ),
    "a constant of a class": (
        """\
        class Config:
            DECAY = 1e-3
            RATE = 1e-3


        layers.Dense(4, kernel_regularizer=l2(Config.DECAY))
        SGD(Config.RATE)
        """,
        """\
        class Config:
            DECAY = 1e-4
            RATE = 1e-3


        layers.Dense(4, kernel_regularizer=l2(Config.DECAY))
        SGD(Config.RATE)
        """,
        ["on line 5; changes 1 layer"],
    ),
    "a constant made of another": (
        """\
        DECAY = 1e-3
        REG = l2(DECAY)
        layers.Dense(4, kernel_regularizer=REG)
        """,
        """\
        DECAY = 1e-4
        REG = l2(DECAY)
        layers.Dense(4, kernel_regularizer=REG)
        """,
        ["on line 4; changes 1 layer"],
    ),
    "a function that makes it": (
        """\
        def reg():
            return l1(0.1)


        layers.Dense(4, kernel_regularizer=reg())
        layers.Dense(5, kernel_regularizer=reg())
        """,
        """\
        def reg():
            return l2(1e-4)


        layers.Dense(4, kernel_regularizer=reg())
        layers.Dense(5, kernel_regularizer=reg())
        """,
        ["on line 5; changes 2 layers"],
    ),
    "what some callers pass": (
        """\
        def block(x, reg=l2(1e-4)):
            return layers.Dense(4, kernel_regularizer=reg)(x)


        block(1)
        block(2, None)
        block(3, reg=l1(0.1))
        block(4, reg=l2(1e-4))
        """,
        """\
        def block(x, reg=l2(1e-4)):
            return layers.Dense(4, kernel_regularizer=reg)(x)


        block(1)
        block(2, l2(1e-4))
        block(3, reg=l2(1e-4))
        block(4, reg=l2(1e-4))
        """,
        ["on line 9, on line 10; changes 1 layer"],
    ),
    "a default where some callers pass what is right": (
        """\
        def block(x, reg=None):
            return layers.Dense(4, kernel_regularizer=reg)(x)


        block(1)
        block(2)
        block(3, l2(1e-4))
        """,
        """\
        def block(x, reg=l2(1e-4)):
            return layers.Dense(4, kernel_regularizer=reg)(x)


        block(1)
        block(2)
        block(3, l2(1e-4))
        """,
        ["in the default of `reg` on line 4; changes 2 calls of `block`"],
    ),
    "a default in a function with branches that do not decide about the layer": (
        """\
        def block(x, reg=None, relu=False):
            for _ in range(2):
                x = layers.Dense(4, kernel_regularizer=reg)(x)
            if relu:
                return layers.ReLU()(x)
            return x


        block(1)
        block(2, l2(1e-4), True)
        """,
        """\
        def block(x, reg=l2(1e-4), relu=False):
            for _ in range(2):
                x = layers.Dense(4, kernel_regularizer=reg)(x)
            if relu:
                return layers.ReLU()(x)
            return x


        block(1)
        block(2, l2(1e-4), True)
        """,
        ["in the default of `reg` on line 4; changes 1 call of `block`"],
    ),
    "what callers of callers pass, in two layers": (
        """\
        def inner(x, reg):
            x = layers.Dense(4, kernel_regularizer=reg)(x)
            return layers.Dense(5, kernel_regularizer=reg)(x)


        def outer(x, reg=None):
            return inner(x, reg)


        outer(1)
        inner(2, l2(1e-4))
        """,
        """\
        def inner(x, reg):
            x = layers.Dense(4, kernel_regularizer=reg)(x)
            return layers.Dense(5, kernel_regularizer=reg)(x)


        def outer(x, reg=l2(1e-4)):
            return inner(x, reg)


        outer(1)
        inner(2, l2(1e-4))
        """,
        ["in the default of `reg` on line 9; changes 1 call of `outer`, with 2 layers in it"],
    ),
    "what some callers make an object keep": (
        """\
        class Block(layers.Layer):
            def __init__(self, reg=None):
                super().__init__()
                self.inner = layers.Dense(4, kernel_regularizer=get(reg))


        Block()
        Block(l2(0.5))
        Block(l2(1e-4))
        """,
        """\
        class Block(layers.Layer):
            def __init__(self, reg=l2(1e-4)):
                super().__init__()
                self.inner = layers.Dense(4, kernel_regularizer=get(reg))


        Block()
        Block(l2(1e-4))
        Block(l2(1e-4))
        """,
        ["in the default of `reg` on line 5, on line 11; changes 1 call of `Block`"],
    ),
    "a constant that some callers pass": (
        """\
        REG = l1(0.1)


        def block(x, reg=l2(1e-4)):
            return layers.Dense(4, kernel_regularizer=reg)(x)


        block(1)
        block(2, REG)
        """,
        """\
        REG = l2(1e-4)


        def block(x, reg=l2(1e-4)):
            return layers.Dense(4, kernel_regularizer=reg)(x)


        block(1)
        block(2, REG)
        """,
        ["on line 4; changes 1 layer"],
    ),
    "a strength that callers differ about": (
        """\
        def block(x, decay=1e-3):
            x = layers.Conv2D(3, 3, kernel_regularizer=l2(l2=decay))(x)
            return layers.Dense(4, kernel_regularizer=l2(decay))(x)


        block(1)
        block(2, 1e-4)
        block(3, decay=1e-2)
        block(4)
        """,
        """\
        def block(x, decay=1e-4):
            x = layers.Conv2D(3, 3, kernel_regularizer=l2(l2=decay))(x)
            return layers.Dense(4, kernel_regularizer=l2(decay))(x)


        block(1)
        block(2, 1e-4)
        block(3, decay=1e-4)
        block(4)
        """,
        ["in the default of `decay` on line 4, on line 11; changes 2 calls of `block`, with 2 layers in it"],
    ),
    "a strength that some callers pass through": (
        """\
        def inner(x, decay):
            return layers.Dense(4, kernel_regularizer=l2(decay))(x)


        def outer(x, wd=1e-4):
            return inner(x, wd)


        outer(1)
        outer(2, 0)
        inner(3, 1e-4)
        """,
        """\
        def inner(x, decay):
            return layers.Dense(4, kernel_regularizer=l2(decay))(x)


        def outer(x, wd=1e-4):
            return inner(x, wd)


        outer(1)
        outer(2, 1e-4)
        inner(3, 1e-4)
        """,
        ["on line 13; changes 1 layer"],
    ),
    "both arms of a branch": (
        """\
        if x:
            reg = l1(0.1)
        else:
            reg = l1(0.1)
        layers.Dense(4, kernel_regularizer=reg)
        """,
        """\
        if x:
            reg = l2(1e-4)
        else:
            reg = l2(1e-4)
        layers.Dense(4, kernel_regularizer=reg)
        """,
        ["on line 7, on line 5; changes 1 layer"],
    ),
    "what is made by its name": (
        """\
        layers.Dense(4, kernel_regularizer=get("l1"))
        """,
        """\
        layers.Dense(4, kernel_regularizer=l2(1e-4))
        """,
        [None],
    ),
    "an argument by position": (
        """\
        layers.Dense(4, None, True, 'zeros', 'zeros', l1(0.1))
        """,
        """\
        layers.Dense(4, None, True, 'zeros', 'zeros', l2(1e-4))
        """,
        [None],
    ),
}


@pytest.mark.parametrize("name", AT_THE_PLACE)
def test_a_value_is_changed_where_it_is_decided(name: str, tmp_path: Path) -> None:
    before, after, effects = AT_THE_PLACE[name]
    assert fixed(tmp_path, dedent(before)) == Fixed(dedent(after), effects, [])


# What decides for others as well is left as it is: (before, after)
AT_THE_CALLS = {
    "a default that is taken out of a dict, by the name of its parameter": (
        """\
        OPTIONS = {'reg': l1(0.1)}


        class Mine(layers.Dense):
            def __init__(self, units, reg=OPTIONS['reg'], **kwargs):
                super().__init__(units, kernel_regularizer=reg, **kwargs)


        Mine(4)
        """,
        """\
        OPTIONS = {'reg': l1(0.1)}


        class Mine(layers.Dense):
            def __init__(self, units, reg=OPTIONS['reg'], **kwargs):
                super().__init__(units, kernel_regularizer=reg, **kwargs)


        Mine(4, reg=l2(1e-4))
        """,
    ),
    "a partial of a layer that needs none": (
        """\
        Fc = partial(layers.Dense, use_bias=True)
        Fc(4)
        Fc(5, activation='softmax')
        """,
        """\
        Fc = partial(layers.Dense, use_bias=True)
        Fc(4, kernel_regularizer=l2(1e-4))
        Fc(5, activation='softmax')
        """,
    ),
    "a partial that is handed on": (
        """\
        Fc = partial(layers.Dense, activation='relu')
        Fc(4)
        register(Fc)
        """,
        """\
        Fc = partial(layers.Dense, activation='relu')
        Fc(4, kernel_regularizer=l2(1e-4))
        register(Fc)
        """,
    ),
    "a dict of a layer that does not take it": (
        """\
        common = {'name': 'a'}
        layers.Dense(4, **common)
        layers.BatchNormalization(**common)
        """,
        """\
        common = {'name': 'a'}
        layers.Dense(4, kernel_regularizer=l2(1e-4), **common)
        layers.BatchNormalization(**common)
        """,
    ),
    "a dict of a layer that has its own": (
        """\
        common = {'name': 'a'}
        layers.Dense(4, **common)
        layers.Dense(4, kernel_regularizer=l2(1e-4), **common)
        """,
        """\
        common = {'name': 'a'}
        layers.Dense(4, kernel_regularizer=l2(1e-4), **common)
        layers.Dense(4, kernel_regularizer=l2(1e-4), **common)
        """,
    ),
    "a dict that is handed on": (
        """\
        common = {'name': 'a'}
        layers.Dense(4, **common)
        log.info(common)
        """,
        """\
        common = {'name': 'a'}
        layers.Dense(4, kernel_regularizer=l2(1e-4), **common)
        log.info(common)
        """,
    ),
    "a dict that a function returns for another layer": (
        """\
        def params():
            return {'name': 'a'}


        layers.Dense(4, **params())
        layers.BatchNormalization(**params())
        """,
        """\
        def params():
            return {'name': 'a'}


        layers.Dense(4, kernel_regularizer=l2(1e-4), **params())
        layers.BatchNormalization(**params())
        """,
    ),
    "a class that passes on what it is given": (
        """\
        class Mine(layers.Dense):
            def __init__(self, units, **kwargs):
                super().__init__(units, **kwargs)


        Mine(3)
        """,
        """\
        class Mine(layers.Dense):
            def __init__(self, units, **kwargs):
                super().__init__(units, **kwargs)


        Mine(3, kernel_regularizer=l2(1e-4))
        """,
    ),
    "a class without an __init__": (
        """\
        class Mine(layers.Dense):
            pass


        Mine(3)
        """,
        """\
        class Mine(layers.Dense):
            pass


        Mine(3, kernel_regularizer=l2(1e-4))
        """,
    ),
    "a constant that another layer needs": (
        """\
        REG = l1(0.1)
        layers.Dense(4, kernel_regularizer=REG)
        layers.Dense(4, 'softmax', kernel_regularizer=REG)
        """,
        """\
        REG = l1(0.1)
        layers.Dense(4, kernel_regularizer=l2(1e-4))
        layers.Dense(4, 'softmax', kernel_regularizer=REG)
        """,
    ),
    "a strength that is a learning rate": (
        """\
        RATE = 1e-3
        layers.Dense(4, kernel_regularizer=l2(RATE))
        opt = SGD(RATE)
        """,
        """\
        RATE = 1e-3
        layers.Dense(4, kernel_regularizer=l2(1e-4))
        opt = SGD(RATE)
        """,
    ),
    "a constant of a suppressed finding": (
        """\
        REG = l1(0.1)
        layers.Dense(4, kernel_regularizer=REG)
        layers.Dense(5, kernel_regularizer=REG)  # reglint: ignore[REG201]
        """,
        """\
        REG = l1(0.1)
        layers.Dense(4, kernel_regularizer=l2(1e-4))
        layers.Dense(5, kernel_regularizer=REG)  # reglint: ignore[REG201]
        """,
    ),
}


@pytest.mark.parametrize("name", AT_THE_CALLS)
def test_what_others_use_as_well_is_left_alone(name: str, tmp_path: Path) -> None:
    before, after = AT_THE_CALLS[name]
    assert fixed(tmp_path, dedent(before)) == Fixed(dedent(after), [None], [])


NOWHERE = {
    "a default for something else": (
        """\
        def block(x, reg=None):
            x = layers.Dense(4, kernel_regularizer=reg)(x)
            return Other(reg)(x)


        block(1)
        """,
        '"reg" is used for something else as well (line 6)',
    ),
    "a default that is asked for": (
        """\
        def block(x, reg=None):
            if reg is None:
                log()
            return layers.Dense(4, kernel_regularizer=reg)(x)


        block(1)
        """,
        '"reg" is used for something else as well (line 5)',
    ),
    "what some callers pass for something else as well": (
        """\
        def block(x, reg=l2(1e-4)):
            x = layers.Dense(4, kernel_regularizer=reg)(x)
            return Other(reg)(x)


        block(1)
        block(2, None)
        """,
        '"reg" is used for something else as well (line 6)',
    ),
    "a strength that some callers pass": (
        """\
        def block(x, decay=1e-3, reg=l2(1e-4)):
            return layers.Dense(4, kernel_regularizer=reg)(x)


        def outer(x, decay=1e-3):
            block(x, reg=l1(decay))
            block(x, reg=None)
            return block(x)


        outer(2)
        """,
        "its strength is worked out from what callers or objects say; change it there",
    ),
    "a strength for something else": (
        """\
        def block(x, decay=1e-3):
            x = layers.Dense(4, kernel_regularizer=l2(decay))(x)
            return Other(decay)(x)


        block(1)
        """,
        '"decay" is used for something else as well (line 6)',
    ),
    "a strength that is worked out": (
        """\
        def block(x, decay=1e-3):
            return layers.Dense(4, kernel_regularizer=l2(decay / 2))(x)


        block(1)
        """,
        "its strength is worked out from what callers or objects say; change it there",
    ),
    "a strength of another kind that callers may pass": (
        """\
        def block(x, decay=1e-3):
            return layers.Dense(4, kernel_regularizer=l1(decay))(x)


        block(1)
        """,
        "its strength is worked out from what callers or objects say; change it there",
    ),
    "a constant of a class for something else": (
        """\
        class Config:
            DECAY = 1e-3
            RATE = 2 * DECAY


        layers.Dense(4, kernel_regularizer=l2(Config.DECAY))
        """,
        '"DECAY" is used for something else as well (line 6)',
    ),
    "a constant of a class that is handed on": (
        """\
        class Config:
            DECAY = 1e-3


        layers.Dense(4, kernel_regularizer=l2(Config.DECAY))
        train(Config)
        """,
        "`Config` is handed on as a value",
    ),
    "what is given a name in the call": (
        """\
        layers.Dense(4, kernel_regularizer=(reg := l1(0.1)))
        train(reg)
        """,
        "it is given a name where it is used; change it there",
    ),
    "a strength that is made a number": (
        """\
        def block(x, decay=1e-3):
            return layers.Dense(4, kernel_regularizer=l2(float(decay)))(x)


        block(1)
        """,
        "its strength is worked out from what callers or objects say; change it there",
    ),
    "an item of a list": (
        """\
        layers.Dense(4, kernel_regularizer=[l1(0.1)][0])
        """,
        "it is taken out of a list or dict; change it there",
    ),
    "a dict that is handed on": (
        """\
        common = {'kernel_regularizer': None}
        layers.Dense(4, **common)
        log.info(common)
        """,
        '"common" is used for something else as well (line 6)',
    ),
    "a class that is handed on": (
        """\
        class Mine(layers.Dense):
            def __init__(self, units):
                super().__init__(units)


        Mine(3)
        register(Mine)
        """,
        "`Mine` is handed on as a value",
    ),
    "an argument of a class that would be passed twice": (
        """\
        OPTIONS = {'reg': l1(0.1)}


        class Mine(layers.Dense):
            def __init__(self, units, reg, **kwargs):
                super().__init__(units, kernel_regularizer=reg, **kwargs)


        Mine(4, OPTIONS['reg'])
        """,
        "it is taken out of a list or dict; change it there",
    ),
}


@pytest.mark.parametrize("name", NOWHERE)
def test_what_cannot_be_changed_alone_is_not_changed(name: str, tmp_path: Path) -> None:
    source, reason = NOWHERE[name]
    assert fixed(tmp_path, dedent(source)) == Fixed(dedent(source), [], [reason])


NOT_WRONG = {
    "a branch decides": """\
        def block(x, reg=None):
            return layers.Dense(4, kernel_regularizer=reg)(x)


        block(1, l2(1e-4) if x else None)
        """,
    "a branch in the function decides": """\
        def block(x, reg=None):
            if x:
                reg = l2(1e-4)
            return layers.Dense(4, kernel_regularizer=reg)(x)


        block(1)
        """,
    "a strength that one of the callers works out": """\
        def block(x, decay=1e-3):
            return layers.Dense(4, kernel_regularizer=l2(decay))(x)


        block(1)
        block(2, read())
        """,
    "a strength of which a branch decides": """\
        def block(x, decay=1e-3):
            return layers.Dense(4, kernel_regularizer=l2(decay))(x)


        block(1, 1e-4 if x else 1e-3)
        """,
    "strengths within the bounds": """\
        def block(x, decay=1e-4):
            return layers.Dense(4, 'softmax', kernel_regularizer=l2(decay))(x)


        block(1)
        block(2, 1e-3)
        """,
    "one of the callers makes another layer": """\
        def block(x, reg=None, pool=False):
            if pool:
                return layers.MaxPooling2D()(x)
            return layers.Conv2D(4, 3, kernel_regularizer=reg)(x)


        block(1, l2(1e-4))
        block(2, pool=True)
        """,
    "one of the callers makes no layer": """\
        def block(x, decay=0, units=0):
            for _ in range(2):
                if units:
                    x = layers.Dense(units, kernel_regularizer=l2(decay))(x)
            return x


        block(1, 1e-4, 5)
        block(2)
        """,
    "one of the callers makes no layer in an expression": """\
        def block(x, reg=None, units=0):
            return layers.Dense(units, kernel_regularizer=reg)(x) if units else x


        block(1, l2(1e-4), 5)
        block(2)
        """,
    "one of the callers does not pass it on": """\
        def inner(x, reg):
            return layers.Dense(4, kernel_regularizer=reg)(x)


        def outer(x, reg=None, last=False):
            if last:
                x = inner(x, reg)
            return x


        outer(1, l2(1e-4), True)
        outer(2)
        """,
    "one of the callers is not known": """\
        def block(x, reg=None):
            return layers.Dense(4, kernel_regularizer=reg)(x)


        block(1)
        block(2, read())
        """,
    "there may be other callers": """\
        def block(x, reg=None):
            return layers.Dense(4, kernel_regularizer=reg)(x)


        block(1)
        block(2, l2(1e-4))
        register(block)
        """,
    "all of them are right": """\
        def block(x, reg=l2(1e-4)):
            return layers.Dense(4, 'softmax', kernel_regularizer=reg)(x)


        block(1)
        block(2, None)
        """,
}


@pytest.mark.parametrize("name", NOT_WRONG)
def test_nothing_is_said_of_callers_that_are_not_known_to_be_wrong(name: str, tmp_path: Path) -> None:
    source = dedent(NOT_WRONG[name])
    assert fixed(tmp_path, source) == Fixed(source, [], [])


def test_a_finding_says_that_only_some_callers_are_wrong(tmp_path: Path) -> None:
    source = (
        "def block(x, reg=None, gamma=None):\n    x = layers.Dense(4, kernel_regularizer=reg)(x)\n"
        "    return layers.BatchNormalization(gamma_regularizer=gamma)(x)\n\n\n"
        "block(1, l2(1e-4))\nblock(2, gamma=l1(0.5))\n"
    )
    (tmp_path / "model.py").write_text(HEAD + source)
    (tmp_path / "policy.toml").write_text(POLICY)
    policy = load(tmp_path / "policy.toml")
    report = pipeline.check([tmp_path / "model.py"], lambda _: policy).report
    assert [finding.message for finding in report.findings] == [
        "`Dense` sets `kernel_regularizer` to None for some callers; the policy asks for l2(1e-4)",
        "`BatchNormalization` has `gamma_regularizer` l1(0.5) for some callers; the policy allows no penalty there",
    ]
    assert report.summary.unread == 0


def test_a_value_of_another_file_is_left_alone(tmp_path: Path) -> None:
    source = "from config import REG\nlayers.Dense(4, kernel_regularizer=REG)\n"
    config = "from keras.regularizers import l1\nREG = l1(0.1)\n"
    assert fixed(tmp_path, source, config=config) == Fixed(
        source, [], ['"REG" is imported from "config"; change it there']
    )
    assert (tmp_path / "config.py").read_text() == config


def test_a_value_that_another_file_may_use_is_left_alone(tmp_path: Path) -> None:
    source = "DECAY = 1e-3\nlayers.Dense(4, kernel_regularizer=l2(DECAY))\n"
    after = "DECAY = 1e-3\nlayers.Dense(4, kernel_regularizer=l2(1e-4))\n"
    assert fixed(tmp_path, source, train="from model import DECAY\nSGD(DECAY)\n") == Fixed(after, [None], [])


def test_a_name_that_another_file_has_for_itself_does_not_matter(tmp_path: Path) -> None:
    source = "DECAY = 1e-3\nlayers.Dense(4, kernel_regularizer=l2(DECAY))\n"
    after = "DECAY = 1e-4\nlayers.Dense(4, kernel_regularizer=l2(DECAY))\n"
    assert fixed(tmp_path, source, train="DECAY = 1\n") == Fixed(after, ["on line 4; changes 1 layer"], [])


def test_a_layer_class_of_another_file_is_given_its_regularizer_by_its_callers(tmp_path: Path) -> None:
    mine = (
        "from keras import layers\n\n\nclass Mine(layers.Dense):\n"
        "    def __init__(self, units, **kwargs):\n        super().__init__(units, **kwargs)\n"
    )
    source = "from mine import Mine\nlayers.Flatten()\nMine(4)\n"
    after = "from mine import Mine\nlayers.Flatten()\nMine(4, kernel_regularizer=l2(1e-4))\n"
    assert fixed(tmp_path, source, mine=mine) == Fixed(after, [None], [])
    assert (tmp_path / "mine.py").read_text() == mine


def test_the_default_of_a_class_that_another_file_uses_is_left_alone(tmp_path: Path) -> None:
    source = (
        "class Mine(layers.Dense):\n    def __init__(self, units, reg=None):\n"
        "        super().__init__(units, kernel_regularizer=reg)\n\n\nMine(3)\n"
    )
    other = "import keras\nfrom model import Mine\nMine(5)\n"
    after = source.replace("Mine(3)", "Mine(3, reg=l2(1e-4))")
    assert fixed(tmp_path, source, train=other) == Fixed(after, [None], [])


def test_the_strength_of_a_class_that_another_file_uses_is_left_alone(tmp_path: Path) -> None:
    source = (
        "class Mine(layers.Dense):\n    def __init__(self, units, decay=1e-3):\n"
        "        super().__init__(units, kernel_regularizer=l2(decay))\n\n\nMine(3)\n"
    )
    other = "import keras\nfrom model import Mine\nMine(5)\n"
    assert fixed(tmp_path, source, train=other) == Fixed(
        source, [], ["`Mine` may be used in train.py as well"]
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("REG = l1(0.1)\nlayers.Dense(4, kernel_regularizer=REG)\n", "REG=l2(1e-4)"),
        ("class C:\n    D = 0.1\nlayers.Dense(4, kernel_regularizer=l2(C.D))\n", "D=1e-4"),
        (
            "def make():\n    return l1(1)\nlayers.Dense(4, kernel_regularizer=make())\n",
            "kernel_regularizer=l2(1e-4)",
        ),
        ("o = {'gamma_regularizer': l1(1)}\nlayers.BatchNormalization(**o)\n", "remove gamma_regularizer"),
    ],
)
def test_a_fix_says_what_becomes_of_the_place(source: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(HEAD + source)
    (tmp_path / "policy.toml").write_text(POLICY)
    policy = load(tmp_path / "policy.toml")
    (finding,) = pipeline.check([tmp_path / "model.py"], lambda _: policy).report.findings
    assert finding.fix == text


def test_a_default_counts_the_calls_in_all_files(tmp_path: Path) -> None:
    source = "def block(x, reg=None):\n    return layers.Dense(4, kernel_regularizer=reg)(x)\n\n\nblock(1)\n"
    after = source.replace("reg=None", "reg=l2(1e-4)")
    other = "import keras\nfrom model import block\nblock(1)\nblock(2)\n"
    effect = "in the default of `reg` on line 4; changes 3 calls of `block`"
    assert fixed(tmp_path, source, train=other) == Fixed(after, [effect], [])


def test_layers_of_one_dict_with_different_policies_are_mended_by_themselves(tmp_path: Path) -> None:
    policy = POLICY + "\n[layers.Conv2D]\nkernel = { require = 'l2', strength = 1e-3 }\n"
    source = "common = {'name': 'a'}\nlayers.Dense(4, **common)\nlayers.Conv2D(4, 3, **common)\n"
    after = (
        "common = {'name': 'a'}\nlayers.Dense(4, kernel_regularizer=l2(1e-4), **common)\n"
        "layers.Conv2D(4, 3, kernel_regularizer=l2(1e-3), **common)\n"
    )
    assert fixed(tmp_path, source, policy) == Fixed(after, [None], [])


# (before, after): what a `Conv2D` gets is changed to 1e-3, while a `Dense` needs the 1e-4 that was there
CHANGED_MEANWHILE = {
    "a constant": (
        """\
        DECAY = 1e-4
        layers.Conv2D(4, 3, kernel_regularizer=l2(DECAY))
        layers.Dense(4)
        """,
        """\
        DECAY = 1e-3
        layers.Conv2D(4, 3, kernel_regularizer=l2(DECAY))
        layers.Dense(4, kernel_regularizer=l2(1e-4))
        """,
    ),
    "a regularizer": (
        """\
        REG = l2(1e-4)
        layers.Dense(4)
        layers.Conv2D(4, 3, kernel_regularizer=REG)
        """,
        """\
        REG = l2(1e-3)
        layers.Dense(4, kernel_regularizer=l2(1e-4))
        layers.Conv2D(4, 3, kernel_regularizer=REG)
        """,
    ),
    "an attribute": (
        """\
        class Net:
            def __init__(self):
                self.reg = l2(1e-4)

            def call(self, x):
                x = layers.Conv2D(4, 3, kernel_regularizer=self.reg)(x)
                return layers.Dense(4)(x)
        """,
        """\
        class Net:
            def __init__(self):
                self.reg = l2(1e-3)

            def call(self, x):
                x = layers.Conv2D(4, 3, kernel_regularizer=self.reg)(x)
                return layers.Dense(4, kernel_regularizer=l2(1e-4))(x)
        """,
    ),
    "a default": (
        """\
        def block(x, decay=1e-4):
            x = layers.Conv2D(4, 3, kernel_regularizer=l2(decay))(x)
            return layers.Dense(4)(x)


        block(1)
        """,
        """\
        def block(x, decay=1e-3):
            x = layers.Conv2D(4, 3, kernel_regularizer=l2(decay))(x)
            return layers.Dense(4, kernel_regularizer=l2(1e-4))(x)


        block(1)
        """,
    ),
    "another constant is left": (
        """\
        DECAY = 1e-4
        WEIGHT_DECAY = 1e-4
        layers.Conv2D(4, 3, kernel_regularizer=l2(DECAY))
        layers.Dense(4)
        """,
        """\
        DECAY = 1e-3
        WEIGHT_DECAY = 1e-4
        layers.Conv2D(4, 3, kernel_regularizer=l2(DECAY))
        layers.Dense(4, kernel_regularizer=l2(WEIGHT_DECAY))
        """,
    ),
}


@pytest.mark.parametrize("name", CHANGED_MEANWHILE)
def test_no_fix_uses_what_another_one_changes(name: str, tmp_path: Path) -> None:
    before, after = CHANGED_MEANWHILE[name]
    policy = POLICY + "\n[layers.Conv2D]\nkernel = { require = 'l2', strength = 1e-3 }\n"
    found = fixed(tmp_path, dedent(before), policy)
    assert (found.source, found.reasons) == (dedent(after), [])


# (source, applicability)
COMMENTS = {
    "in a constant": ("REG = l1(  # why\n    0.1\n)\nlayers.Dense(4, kernel_regularizer=REG)\n", "unsafe"),
    "in a constant of another strength": (
        "REG = l2(  # why\n    0.1\n)\nlayers.Dense(4, kernel_regularizer=REG)\n",
        "safe",
    ),
    "in a call with another strength": (
        "layers.Dense(4, kernel_regularizer=l2(\n    0.1,  # why\n))\n",
        "safe",
    ),
    "around a constant": (
        "REG = (  # why\n    l1(0.1)\n)\nlayers.Dense(4, kernel_regularizer=REG)\n",
        "safe",
    ),
    "in an entry": ("o = {'kernel_regularizer': l1(  # why\n    0.1)}\nlayers.Dense(4, **o)\n", "unsafe"),
    "beside an entry": (
        "o = {\n    'kernel_regularizer': l1(0.1),  # why\n}\nlayers.Dense(4, **o)\n",
        "safe",
    ),
    "in a partial": (
        "Fc = partial(layers.Dense, kernel_regularizer=l1(  # why\n    0.1))\nFc(4)\n",
        "unsafe",
    ),
    "beside a partial's": (
        "Fc = partial(\n    layers.Dense,\n    kernel_regularizer=l1(0.1),  # why\n)\nFc(4)\n",
        "safe",
    ),
}


def test_an_unsafe_fix_at_the_place_is_not_made_at_the_calls_instead(tmp_path: Path) -> None:
    layers = "layers.Dense(4, kernel_regularizer=REG)\nlayers.Dense(5, kernel_regularizer=REG)\n"
    source = f"REG = l1(  # why\n    0.1\n)\n{layers}"
    after = source.replace("l1(  # why\n    0.1\n)", "l2(1e-4)")
    file = tmp_path / "model.py"
    file.write_text(HEAD + source)
    (tmp_path / "policy.toml").write_text(POLICY)
    policy = load(tmp_path / "policy.toml")
    left = pipeline.fix([file], lambda _: policy, settings=None)
    assert file.read_text() == HEAD + source
    assert {finding.effect for finding in left.report.findings} == {"on line 4; changes 2 layers"}
    pipeline.fix([file], lambda _: policy, settings=None, unsafe=True)
    assert file.read_text() == HEAD + after


@pytest.mark.parametrize("name", COMMENTS)
def test_a_fix_that_drops_a_comment_at_its_place_is_unsafe(name: str, tmp_path: Path) -> None:
    source, applicability = COMMENTS[name]
    (tmp_path / "model.py").write_text(HEAD + source)
    (tmp_path / "policy.toml").write_text(POLICY)
    policy = load(tmp_path / "policy.toml")
    outcome = pipeline.fix([tmp_path / "model.py"], lambda _: policy, settings=None)
    (finding,) = outcome.report.findings
    assert finding.applicability == applicability
    assert finding.written == (applicability == "safe")
    assert "# why\n" in (tmp_path / "model.py").read_text()


def test_a_constant_in_a_cell_is_named_by_its_cell(tmp_path: Path) -> None:
    cells = [HEAD + "REG = l1(0.1)", "layers.Dense(4, kernel_regularizer=REG)"]
    book = {"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells]}
    file = tmp_path / "model.ipynb"
    file.write_text(json.dumps({**book, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    (tmp_path / "policy.toml").write_text(POLICY)
    policy = load(tmp_path / "policy.toml")
    outcome = pipeline.fix([file], lambda _: policy, settings=None)
    assert [finding.effect for finding in outcome.report.findings] == ["in cell 1, line 4; changes 1 layer"]
    assert [cell["source"] for cell in json.loads(file.read_text())["cells"]] == [
        HEAD + "REG = l2(1e-4)",
        cells[1],
    ]
