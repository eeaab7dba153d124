"""Attributes that are set by computed names, many at once, or from outside of their class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.keras.conftest import Spelled

LAYERS = "from keras import layers, regularizers\n"

NET = """
class Net:
    def __init__(self, params, **kw):
        self.reg = None
        {}
    def build(self):
        layers.Dense(4, kernel_regularizer=self.reg)
Net({{}}, reg='l2').build()
"""

MAY_BE_SET = {
    "setattr in a loop": "for k, v in kw.items(): setattr(self, k, v)",
    "its own __setattr__": "for k, v in kw.items(): self.__setattr__(k, v)",
    "object's __setattr__": "for k, v in kw.items(): object.__setattr__(self, k, v)",
    "super's __setattr__": "for k, v in kw.items(): super().__setattr__(k, v)",
    "the dict of its attributes updated": "self.__dict__.update(kw)",
    "the dict of its attributes updated by a splat": "self.__dict__.update(**kw)",
    "the dict of its attributes updated by a keyword": "self.__dict__.update(reg='l2')",
    "the dict of its attributes updated by a parameter": "self.__dict__.update(params or load())",
    "the dict of its attributes updated by all that is local": "self.__dict__.update(locals())",
    "vars updated": "vars(self).update(kw)",
    "the dict of its attributes replaced": "self.__dict__ = kw",
    "an entry in the dict of its attributes": "self.__dict__['reg'] = 'l2'",
    "entries in the dict of its attributes": "for k, v in kw.items(): self.__dict__[k] = v",
    "an entry in vars": "vars(self)['reg'] = 'l2'",
}

IS_NOT_SET = {
    "another name": "setattr(self, 'other', 'l2')",
    "another keyword": "self.__dict__.update(other='l2')",
    "another entry": "self.__dict__['other'] = 'l2'",
    "another object": "params.__dict__.update(kw)",
    "a dict of its own": "self.kw = {}\n        self.kw.update(kw)",
    "a dict without it": "self.__dict__.update({'units': 3})",
}

FROM_OUTSIDE = """
class Net:
    reg = None
    def build(self):
        layers.Dense(4, kernel_regularizer=self.reg)
"""

SET_FROM_OUTSIDE = {
    "of an object": "net = Net()\nnet.reg = 'l2'",
    "of the class": "Net.reg = 'l2'",
    "of a subclass's object": "class Other(Net): pass\nnet = Other()\nnet.reg = 'l2'",
    "of a parameter": "def f(net):\n    net.reg = 'l2'",
    "of anything": "for net in load():\n    net.reg = 'l2'",
    "of what another object holds": """
class Trainer:
    def __init__(self):
        self.net = Net()
        self.net.reg = 'l2'
""",
}

NOT_SET_FROM_OUTSIDE = {
    "of another class": "class Other: pass\nother = Other()\nother.reg = 'l2'",
    "of a module": "import torch\ntorch.reg = 'l2'",
    "another attribute": "net = Net()\nnet.other = 'l2'",
    "compared": "net = Net()\nnet.reg == 'l2'",
}

HELD = {
    "a class from outside": (
        """
        class Net:
            norm = None
            def build(self):
                self.norm()
        net = Net()
        net.norm = layers.BatchNormalization
        """,
        ["BatchNormalization absent"],
    ),
    "a class from outside that its own class does not know": (
        """
        class Config: pass
        config = Config()
        config.norm = layers.BatchNormalization
        config.norm()
        """,
        ["BatchNormalization absent"],
    ),
    "a regularizer from another file": (
        FROM_OUTSIDE,
        ["Dense unknown"],
        {"main": "from model import Net\nnet = Net()\nnet.reg = 'l2'"},
    ),
    "a class from the keywords": (
        """
        class Net:
            def __init__(self, **kw):
                self.__dict__.update(kw)
            def build(self):
                self.norm()
        Net(norm=layers.BatchNormalization).build()
        """,
        ["BatchNormalization absent"],
    ),
    "a class as an entry": (
        """
        class Net:
            def __init__(self):
                vars(self)['norm'] = layers.BatchNormalization
            def build(self):
                self.norm()
        """,
        ["BatchNormalization absent"],
    ),
    "a class by __setattr__": (
        """
        class Net:
            def __init__(self, **kw):
                for k, v in kw.items():
                    self.__setattr__(k, v)
            def build(self):
                self.norm()
        Net(norm=layers.BatchNormalization).build()
        """,
        ["BatchNormalization absent"],
    ),
    "the hook itself": (
        """
        class Net:
            reg = None
            def __setattr__(self, name, value):
                self.__dict__[name] = value
                super().__setattr__(name, value)
            def build(self):
                layers.Dense(4, kernel_regularizer=self.reg)
        """,
        ["Dense none"],
    ),
}


KEPT = {
    "what the class passes up": (
        """
        class A(layers.Dense):
            def __init__(self, n, reg='l2', **kwargs):
                super().__init__(n, kernel_regularizer=reg, **kwargs)
            def build(self, shape):
                layers.Conv2D(4, 3, kernel_regularizer=self.kernel_regularizer)
        A(4)
        """,
        ["Conv2D l2(0.01)", "A:Dense l2(0.01)"],
    ),
    "by position": (
        """
        class A(layers.Dense):
            def __init__(self):
                layers.Dense.__init__(self, 4, 'relu', True, 'ones', 'zeros', 'l2')
                layers.Conv2D(4, 3, kernel_regularizer=self.kernel_regularizer)
        """,
        ["Conv2D l2(0.01)"],
    ),
    "nothing": (
        """
        class A(layers.Dense):
            def __init__(self, n):
                super().__init__(n)
                layers.Conv2D(4, 3, kernel_regularizer=self.kernel_regularizer)
        """,
        ["Conv2D none"],
    ),
    "nothing by those who make it": (
        """
        class A(layers.MultiHeadAttention):
            def __init__(self, n, **kwargs):
                super().__init__(n, **kwargs)
            def make(self):
                layers.Conv2D(4, 3, kernel_regularizer=self._kernel_regularizer)
        A(4, key_dim=3)
        """,
        ["Conv2D none", "A:MultiHeadAttention absent"],
    ),
    "what users pass": (
        """
        class A(layers.Dense):
            def __init__(self, n, reg=None):
                super().__init__(n, kernel_regularizer=reg)
                layers.Conv2D(4, 3, kernel_regularizer=self.kernel_regularizer)
        """,
        ["Conv2D passed"],
    ),
    "through two classes": (
        """
        class A(layers.Dense):
            def __init__(self, n, **kwargs):
                super().__init__(n, **kwargs)
        class B(A):
            def __init__(self, n):
                super().__init__(n, kernel_regularizer='l2')
                layers.Conv2D(4, 3, kernel_regularizer=self.kernel_regularizer)
        """,
        ["Conv2D l2(0.01)"],
    ),
    "several things by those who make it": (
        """
        class A(layers.Dense):
            def __init__(self, n, **kwargs):
                super().__init__(n, **kwargs)
            def make(self):
                layers.Conv2D(4, 3, kernel_regularizer=self.kernel_regularizer)
        A(4, kernel_regularizer='l2')
        A(4)
        """,
        ["Conv2D passed", "A:Dense l2(0.01)", "A:Dense absent"],
    ),
    "by a constructor that is not its own": (
        """
        class A(layers.Dense):
            def make(self):
                layers.Conv2D(4, 3, kernel_regularizer=self.kernel_regularizer)
        A(4, kernel_regularizer='l2')
        """,
        ["Conv2D unknown", "A:Dense l2(0.01)"],
    ),
    "in a splat that is not known": (
        """
        class A(layers.Dense):
            def __init__(self, n, *args):
                super().__init__(n, *args)
                layers.Conv2D(4, 3, kernel_regularizer=self.kernel_regularizer)
        """,
        ["Conv2D unknown"],
    ),
    "by a class without such an argument": (
        """
        class A(layers.Layer):
            def __init__(self):
                super().__init__()
                layers.Conv2D(4, 3, kernel_regularizer=self.kernel_regularizer)
        """,
        ["Conv2D unknown"],
    ),
    "and something else from outside": (
        """
        class A(layers.Dense):
            def __init__(self, n):
                super().__init__(n)
            def make(self):
                layers.Conv2D(4, 3, kernel_regularizer=self.kernel_regularizer)
        a = A(4)
        a.kernel_regularizer = 'l2'
        """,
        ["Conv2D unknown", "A:Dense absent"],
    ),
    "and something else by a computed name": (
        """
        class A(layers.Dense):
            def __init__(self, n, **kwargs):
                super().__init__(n)
                for name in kwargs:
                    setattr(self, name, 'l2')
                layers.Conv2D(4, 3, kernel_regularizer=self.kernel_regularizer)
        """,
        ["Conv2D unknown"],
    ),
}
"""What a layer keeps of what its constructor gets, as an attribute."""


@pytest.mark.parametrize("name", MAY_BE_SET)
def test_what_may_be_set_by_a_computed_name_is_not_known(name: str, spelled: Spelled) -> None:
    spelled((NET.format(MAY_BE_SET[name]), ["Dense unknown"]), None, LAYERS)


@pytest.mark.parametrize("name", IS_NOT_SET)
def test_what_is_set_by_another_name_is_known(name: str, spelled: Spelled) -> None:
    spelled((NET.format(IS_NOT_SET[name]), ["Dense none"]), None, LAYERS)


@pytest.mark.parametrize("name", SET_FROM_OUTSIDE)
def test_what_is_set_from_outside_is_not_known(name: str, spelled: Spelled) -> None:
    spelled((FROM_OUTSIDE + SET_FROM_OUTSIDE[name], ["Dense unknown"]), None, LAYERS)


@pytest.mark.parametrize("name", NOT_SET_FROM_OUTSIDE)
def test_what_is_set_of_something_else_is_known(name: str, spelled: Spelled) -> None:
    spelled((FROM_OUTSIDE + NOT_SET_FROM_OUTSIDE[name], ["Dense none"]), None, LAYERS)


@pytest.mark.parametrize("name", HELD)
def test_attributes(name: str, spelled: Spelled) -> None:
    spelled(HELD[name], None, LAYERS)


@pytest.mark.parametrize("name", KEPT)
def test_what_a_layer_keeps(name: str, spelled: Spelled) -> None:
    spelled(KEPT[name], None, LAYERS)
