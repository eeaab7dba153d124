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

HELD = {
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


@pytest.mark.parametrize("name", MAY_BE_SET)
def test_what_may_be_set_by_a_computed_name_is_not_known(name: str, spelled: Spelled) -> None:
    spelled((NET.format(MAY_BE_SET[name]), ["Dense unknown"]), None, LAYERS)


@pytest.mark.parametrize("name", IS_NOT_SET)
def test_what_is_set_by_another_name_is_known(name: str, spelled: Spelled) -> None:
    spelled((NET.format(IS_NOT_SET[name]), ["Dense none"]), None, LAYERS)


@pytest.mark.parametrize("name", HELD)
def test_attributes(name: str, spelled: Spelled) -> None:
    spelled(HELD[name], None, LAYERS)
