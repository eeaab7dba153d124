"""Regularizers that stand elsewhere than in the call: splats, helpers, values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.keras.conftest import Spelled

LAYERS = "from keras import layers, regularizers\n"

SPLATS = {
    "a dict of which a closure changes other entries": (
        """
        def f(**kwargs):
            def make():
                name = kwargs.pop('name', None)
                layers.Dense(4, **kwargs)
                kwargs['name'] = name
            make()
        f(kernel_regularizer='l2', name='a')
        """,
        ["Dense l2(0.01)"],
    ),
    "a dict of which a closure changes this entry": (
        """
        def f(**kwargs):
            def make():
                layers.Dense(4, **kwargs)
                kwargs['kernel_regularizer'] = None
            make()
        f(kernel_regularizer='l2')
        """,
        ["Dense unknown"],
    ),
    "a dict from which a closure takes this entry": (
        """
        def f(**kwargs):
            def make():
                layers.Dense(4, **kwargs)
            def take():
                kwargs.pop('kernel_regularizer')
            take()
            make()
        f(kernel_regularizer='l2')
        """,
        ["Dense unknown"],
    ),
    "a dict that a function fills": (
        """
        D = {}
        def fill():
            D['kernel_regularizer'] = 'l2'
        layers.Dense(4, **D)
        """,
        ["Dense unknown"],
    ),
    "a dict that a function may fill, and a test of it": (
        """
        D = {}
        def fill():
            D['a'] = 1
        layers.Dense(4, kernel_regularizer='l2' if D else None)
        layers.Dense(4, kernel_regularizer='l2' if 'a' in D else None)
        """,
        ["Dense unknown", "Dense unknown"],
    ),
    "a dict of which a closure changes any entry": (
        """
        def f(key, **kwargs):
            def make():
                layers.Dense(4, **kwargs)
                kwargs[key] = None
            make()
        f('kernel_regularizer', kernel_regularizer='l2')
        """,
        ["Dense unknown"],
    ),
    "a test of an entry that was taken out": (
        """
        d = {'a': 1, 'b': 2}
        del d['a']
        layers.Dense(4, kernel_regularizer='l2' if 'a' in d else None)
        """,
        ["Dense none"],
    ),
    "what a class method of each subclass returns": (
        """
        class Model:
            def __init__(self, conf=None):
                if conf is None:
                    conf = self.default()
                self.conf = conf
            @classmethod
            def default(cls):
                raise NotImplementedError
        class A(Model):
            @classmethod
            def default(cls):
                return {'fc': {'kernel_regularizer': 'l2'}, 'out': {}}
            def build(self):
                layers.Dense(4, **self.conf['fc'])
                layers.Dense(4, **self.conf['out'])
        class B(Model):
            @classmethod
            def default(cls):
                return {'cell': {'units': 4}, 'out': {}}
            def build(self):
                layers.GRU(**self.conf['cell'])
        A()
        B()
        """,
        ["Dense l2(0.01)", "Dense absent", "GRU absent"],
    ),
    "what a class method of one subclass may add": (
        """
        class Model:
            def __init__(self):
                self.conf = self.default()
            @classmethod
            def default(cls):
                raise NotImplementedError
            def build(self):
                layers.Dense(4, **self.conf['out'])
        class A(Model):
            @classmethod
            def default(cls):
                return {'out': {'kernel_regularizer': 'l2'}}
        class B(Model):
            @classmethod
            def default(cls):
                return {'out': {}}
        """,
        ["Dense unknown"],
    ),
    "a class method with a return of its own": (
        """
        class Conf:
            @classmethod
            def default(cls):
                return {}
        class Other(Conf):
            @classmethod
            def default(cls):
                return {'kernel_regularizer': 'l2'}
        layers.Dense(4, **Conf.default())
        layers.Dense(4, **Other.default())
        """,
        ["Dense absent", "Dense l2(0.01)"],
    ),
    "one of the dicts that have it": (
        """
        import sys
        if len(sys.argv) > 1:
            conf = {'fc': {'kernel_regularizer': 'l2'}}
        else:
            conf = {'cell': {}}
        layers.Dense(4, **conf['fc'])
        layers.Dense(4, **conf.get('fc', {}))
        """,
        ["Dense l2(0.01)", "Dense unknown"],
    ),
    "passed twice": (
        """
        layers.Dense(4, kernel_regularizer='l1', **{'kernel_regularizer': 'l2', 'name': 'a'})
        layers.Dense(4, **{'kernel_regularizer': 'l2'}, kernel_regularizer='l1')
        """,
        ["Dense unknown", "Dense unknown"],
    ),
    "of a module, in a function": (
        "KW = {'kernel_regularizer': 'l2'}\ndef f():\n    layers.Dense(4, **KW)",
        ["Dense l2(0.01)"],
    ),
    "of another module": (
        "import conf\nfrom keras import layers, regularizers\nlayers.Dense(4, **conf.KW)",
        ["Dense l2(0.01)"],
        {"conf": "KW = {'kernel_regularizer': 'l2'}"},
    ),
    "a subscript": (
        "KW = {'fc': {'kernel_regularizer': 'l2'}}\nlayers.Dense(4, **KW['fc'])",
        ["Dense l2(0.01)"],
    ),
    "on self": (
        """
        class A:
            def __init__(self):
                self.kw = dict({'kernel_regularizer': 'l2'})
            def f(self):
                layers.Dense(4, **self.kw)
        """,
        ["Dense l2(0.01)"],
    ),
    "a call's result": (
        "def kw(reg):\n    return dict(kernel_regularizer=reg)\nlayers.Dense(4, **kw('l2'))",
        ["Dense l2(0.01)"],
    ),
    "|=": ("kw = {}\nkw |= {'kernel_regularizer': 'l2'}\nlayers.Dense(4, **kw)", ["Dense l2(0.01)"]),
    "setdefault": (
        "kw = {}\nkw.setdefault('kernel_regularizer', 'l2')\nlayers.Dense(4, **kw)",
        ["Dense l2(0.01)"],
    ),
    "setdefault of what is there": (
        """
        kw = {'kernel_regularizer': 'l2'}
        kw.setdefault('kernel_regularizer', 'l1')
        layers.Dense(4, **kw)
        """,
        ["Dense l2(0.01)"],
    ),
    "copy": ("A = {'kernel_regularizer': 'l2'}\nkw = A.copy()\nlayers.Dense(4, **kw)", ["Dense l2(0.01)"]),
    "deepcopy": (
        """
        import copy
        from keras import layers, regularizers
        A = {'kernel_regularizer': 'l2'}
        kw = copy.deepcopy(A)
        layers.Dense(4, **kw)
        """,
        ["Dense l2(0.01)"],
    ),
    "a copy changed": (
        """
        A = {}
        kw = A.copy()
        kw['kernel_regularizer'] = 'l2'
        layers.Dense(4, **kw)
        layers.Dense(4, **A)
        """,
        ["Dense l2(0.01)", "Dense absent"],
    ),
    "either of two that agree": (
        """
        if flag:
            kw = {'kernel_regularizer': 'l2'}
        else:
            kw = dict({'kernel_regularizer': 'l2'}, use_bias=False)
        layers.Dense(4, **kw)
        """,
        ["Dense l2(0.01)"],
    ),
    "either of two that differ": (
        "kw = {'kernel_regularizer': 'l2'} if flag else {}\nlayers.Dense(4, **kw)",
        ["Dense unknown"],
    ),
    "a loop": (
        """
        for kw in [{'kernel_regularizer': 'l2'}, {'kernel_regularizer': 'l2'}]:
            layers.Dense(4, **kw)
        """,
        ["Dense l2(0.01)"],
    ),
    "a comprehension": (
        """
        kw = {k: 'l2' for k in ('kernel_regularizer', 'bias_regularizer')}
        layers.Dense(4, **kw)
        """,
        ["Dense l2(0.01)"],
    ),
    "the caller's": (
        "def f(**kw):\n    layers.Dense(4, **kw)\nf(kernel_regularizer='l2')",
        ["Dense l2(0.01)"],
    ),
    "the caller's, without it, but for a default": (
        """
        def block(n, reg='l2'):
            layers.Dense(n, kernel_regularizer=reg)
        def f(n, **kw):
            block(n, **kw)
        f(4)
        """,
        ["Dense l2(0.01)"],
    ),
    "the caller's, without it, but for a default of the class": (
        """
        class Net:
            def __init__(self, n, reg='l2'):
                self.reg = regularizers.get(reg)
                layers.Dense(n, kernel_regularizer=self.reg)
        class Wide(Net):
            def __init__(self, **kw):
                super().__init__(100, **kw)
        Wide()
        """,
        ["Dense l2(0.01)"],
    ),
    "the caller's, without it, through a call that is followed": (
        """
        def reg_of(reg='l2'):
            return reg
        def f(**kw):
            layers.Dense(4, kernel_regularizer=reg_of(**kw))
        f()
        """,
        ["Dense l2(0.01)"],
    ),
    "the callers', with it and without": (
        """
        def block(n, reg='l2'):
            layers.Dense(n, kernel_regularizer=reg)
        def f(n, **kw):
            block(n, **kw)
        f(4)
        f(4, reg='l1')
        """,
        ["Dense passed"],
    ),
    "two of the caller's, without it, but for a default": (
        """
        def block(n, reg='l2'):
            layers.Dense(n, kernel_regularizer=reg)
        def f(first, second):
            block(4, **first, **second)
        f({}, {})
        """,
        ["Dense l2(0.01)"],
    ),
    "the caller's, without it": ("def f(**kw):\n    layers.Dense(4, **kw)\nf(name='x')", ["Dense absent"]),
    "callers that differ": (
        """
        def f(**kw):
            layers.Dense(4, **kw)
        f(name='x')
        f(kernel_regularizer='l2')
        """,
        ["Dense passed"],
    ),
    "the caller's caller's": (
        """
        def f(**kw):
            layers.Dense(4, **kw)
        def g(**kw):
            f(**kw)
        g(kernel_regularizer='l2')
        """,
        ["Dense l2(0.01)"],
    ),
    "nobody calls": ("def f(**kw):\n    layers.Dense(4, **kw)", ["Dense passed"]),
    "positional of the caller, and keywords": (
        """
        def f(*args, **kw):
            layers.Dense(*args, **kw)
        f(4, None, True, 'zeros', 'zeros', 'l2')
        f(4, None, False, kernel_regularizer='l2')
        """,
        ["Dense l2(0.01)"],
    ),
    "positional of the caller, without it": (
        "def f(*args, **kw):\n    layers.Dense(*args, **kw)\nf(4)\nf(4, name='a')",
        ["Dense absent"],
    ),
    "positional of callers that differ": (
        """
        def f(*args, **kw):
            layers.Dense(*args, **kw)
        f(4)
        f(4, None, True, 'zeros', 'zeros', 'l2')
        """,
        ["Dense passed"],
    ),
    "positional of the caller's caller": (
        """
        def f(*args, **kw):
            layers.Dense(*args, **kw)
        def g(*args, **kw):
            f(4, *args, **kw)
        g(None, True, 'zeros', 'zeros', 'l2')
        """,
        ["Dense l2(0.01)"],
    ),
    "positional of the caller, through a parameter": (
        """
        def block(n, act=None, reg=None):
            layers.Dense(n, kernel_regularizer=reg)
        def f(*args, **kw):
            block(*args, **kw)
        f(4, None, 'l2')
        """,
        ["Dense l2(0.01)"],
    ),
    "positional of the caller, through a subclass": (
        """
        class Mine(layers.Dense):
            def __init__(self, *args, **kw):
                super().__init__(*args, **kw)
        def f(*args, **kw):
            Mine(*args, **kw)
        f(4, kernel_regularizer='l2')
        """,
        ["Mine:Dense l2(0.01)"],
    ),
    "one caller's, and that of a caller of nobody": (
        """
        def block(reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def f(reg):
            block(reg)
        block()
        block('l2')
        """,
        ["Dense passed"],
    ),
    "what cannot be read, and that of a caller of nobody": (
        """
        def block(reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def f(reg):
            block(reg)
        block(load())
        """,
        ["Dense unknown"],
    ),
    "positional of nobody": (
        "def f(*args, **kw):\n    layers.Dense(*args, **kw)",
        ["Dense passed"],
    ),
    "positional of a caller that splats what cannot be read": (
        "def f(*args, **kw):\n    layers.Dense(*args, **kw)\nf(*load())",
        ["Dense unknown"],
    ),
    "positional of the caller, and one more": (
        "def f(*args):\n    layers.Dense(*args, 4)\nf()",
        ["Dense unknown"],
    ),
    "positional of a function that is handed on": (
        "def f(*args, **kw):\n    layers.Dense(*args, **kw)\nf(4)\nrun(f)",
        ["Dense unknown"],
    ),
    "positional of the caller": (
        "def f(*args):\n    layers.Dense(*args)\nf(4, None, True, 'zeros', 'zeros', 'l2')",
        ["Dense l2(0.01)"],
    ),
    "a dict of the caller": (
        "def f(kw):\n    layers.Dense(4, **kw)\nf({'kernel_regularizer': 'l2'})",
        ["Dense l2(0.01)"],
    ),
    "None or a dict of the caller": (
        """
        def f(kw=None):
            kw = kw or {}
            layers.Dense(4, **kw)
        f({'kernel_regularizer': 'l2'})
        """,
        ["Dense l2(0.01)"],
    ),
    "None of the caller": (
        """
        def f(kw=None):
            if kw is None:
                kw = {}
            layers.Dense(4, **kw)
        f()
        """,
        ["Dense absent"],
    ),
    "the caller's, kept on self": (
        """
        class A:
            def __init__(self, **kw):
                self.kw = kw
                layers.Dense(4, **self.kw)
        A(kernel_regularizer='l2')
        """,
        ["Dense l2(0.01)"],
    ),
    "defaults updated by the caller": (
        """
        def f(**kw):
            d = {'kernel_regularizer': 'l2'}
            d.update(kw)
            layers.Dense(4, **d)
        f(kernel_regularizer='l1')
        """,
        ["Dense l1(0.01)"],
    ),
    "defaults the caller leaves": (
        """
        def f(**kw):
            d = {'kernel_regularizer': 'l2'}
            d.update(kw)
            layers.Dense(4, **d)
        f(name='x')
        """,
        ["Dense l2(0.01)"],
    ),
    "defaults merged under the caller's": (
        """
        def f(**kw):
            layers.Dense(4, **{**{'kernel_regularizer': 'l2'}, **kw})
        f(kernel_regularizer=None)
        """,
        ["Dense none"],
    ),
    "defaults merged over the caller's": (
        """
        def f(**kw):
            layers.Dense(4, **{**kw, **{'kernel_regularizer': 'l2'}})
        f(kernel_regularizer=None)
        """,
        ["Dense l2(0.01)"],
    ),
    "defaults updated by something unread": (
        "kw = {'kernel_regularizer': 'l2'}\nkw.update(load())\nlayers.Dense(4, **kw)",
        ["Dense unknown"],
    ),
    "something unread updated": (
        "kw = load()\nlayers.Dense(4, **{**kw, **{'kernel_regularizer': 'l2'}})",
        ["Dense l2(0.01)"],
    ),
    "taken out": (
        "kw = {'kernel_regularizer': 'l2'}\nkw.pop('kernel_regularizer')\nlayers.Dense(4, **kw)",
        ["Dense absent"],
    ),
    "deleted": (
        "kw = {'kernel_regularizer': 'l2'}\ndel kw['kernel_regularizer']\nlayers.Dense(4, **kw)",
        ["Dense absent"],
    ),
    "changed on self": (
        """
        class A:
            def __init__(self):
                self.kw = {}
                self.kw['kernel_regularizer'] = 'l2'
                layers.Dense(4, **self.kw)
        """,
        ["Dense l2(0.01)"],
    ),
    "changed inside another": (
        "KW = {'fc': {}}\nKW['fc']['kernel_regularizer'] = 'l2'\nlayers.Dense(4, **KW['fc'])",
        ["Dense l2(0.01)"],
    ),
    "changed by a function": (
        """
        def fill(d):
            d['kernel_regularizer'] = 'l2'
        kw = {}
        fill(kw)
        layers.Dense(4, **kw)
        """,
        ["Dense unknown"],
    ),
    "changed under another name": (
        """
        kw = {}
        other = kw
        other['kernel_regularizer'] = 'l2'
        layers.Dense(4, **kw)
        """,
        ["Dense l2(0.01)"],
    ),
    "of a module, changed in a function": (
        """
        kw = {}
        def setup():
            kw['kernel_regularizer'] = 'l2'
        setup()
        layers.Dense(4, **kw)
        """,
        ["Dense unknown"],
    ),
    "of another module, changed here": (
        """
        import conf
        from keras import layers, regularizers
        conf.KW['kernel_regularizer'] = 'l2'
        layers.Dense(4, **conf.KW)
        """,
        ["Dense l2(0.01)"],
        {"conf": "KW = {}"},
    ),
    "changed afterwards": (
        "kw = {}\nlayers.Dense(4, **kw)\nkw['kernel_regularizer'] = 'l2'",
        ["Dense absent"],
    ),
    "keywords after a splat that cannot be read": (
        "layers.Dense(4, **load(), kernel_regularizer='l2')",
        ["Dense l2(0.01)"],
    ),
}

HELPERS = {
    "a function that makes one, passed by callers": (
        """
        def f(n, reg=lambda: regularizers.l2(0.1)):
            layers.Dense(n, kernel_regularizer=reg())
        f(4, lambda: regularizers.l1(0.5))
        """,
        ["Dense l1(0.5)"],
    ),
    "a class of regularizers, passed by callers": (
        """
        def f(n, reg):
            layers.Dense(n, kernel_regularizer=reg(0.5))
        f(4, regularizers.l1)
        """,
        ["Dense l1(0.5)"],
    ),
    "a function that makes one, passed by nobody": (
        """
        def f(n, reg=lambda: regularizers.l2(0.1)):
            layers.Dense(n, kernel_regularizer=reg())
        """,
        ["Dense passed"],
    ),
    "a function that may make one or not": (
        """
        def f(n, reg=None):
            layers.Dense(n, kernel_regularizer=reg(0.5) if reg else None)
        f(4)
        f(4, regularizers.l2)
        """,
        ["Dense passed"],
    ),
    "a function from outside that may make one": (
        """
        import other
        def f(n, reg):
            layers.Dense(n, kernel_regularizer=reg(0.5))
        f(4, other.make)
        """,
        ["Dense unknown"],
    ),
    "a default that another function may replace": (
        """
        def f(reg):
            layers.Dense(4, kernel_regularizer=reg)
        def build(reg=None):
            f(reg)
        """,
        ["Dense passed"],
    ),
    "a class's default that a function may replace": (
        """
        class Net:
            def __init__(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
        def build(reg=None):
            return Net(reg=reg)
        """,
        ["Dense passed"],
    ),
    "a lambda": ("f = lambda reg=None: layers.Dense(4, kernel_regularizer=reg)\nf('l2')", ["Dense l2(0.01)"]),
    "a lambda that nobody calls": (
        "f = lambda reg=None: layers.Dense(4, kernel_regularizer=reg)",
        ["Dense passed"],
    ),
    "a loop over the items of a dict": (
        "for n, reg in {'a': 'l2', 'b': 'l2'}.items():\n    layers.Dense(4, kernel_regularizer=reg)",
        ["Dense l2(0.01)"],
    ),
    "a default that nobody replaces": (
        "def f(reg='l2'):\n    layers.Dense(4, kernel_regularizer=reg)\nf()",
        ["Dense l2(0.01)"],
    ),
    "a default of a module nobody calls": (
        "def f(reg='l2'):\n    layers.Dense(4, kernel_regularizer=reg)",
        ["Dense passed"],
    ),
    "from another file": (
        "def f(reg=None):\n    layers.Dense(4, kernel_regularizer=reg)",
        ["Dense l2(0.01)"],
        {"user": "from model import f\nf('l2')"},
    ),
    "from here and from another file": (
        "def f(reg=None):\n    layers.Dense(4, kernel_regularizer=reg)\nf()",
        ["Dense passed"],
        {"user": "from model import f\nf('l2')"},
    ),
    "from another file through a re-export": (
        "def f(reg=None):\n    layers.Dense(4, kernel_regularizer=reg)",
        ["Dense l2(0.01)"],
        {"parts": "from model import *", "user": "import parts\nparts.f('l2')"},
    ),
    "through three functions": (
        """
        def f(reg):
            layers.Dense(4, kernel_regularizer=reg)
        def g(r):
            f(r)
        def h(q=None):
            g(r=q)
        h('l2')
        """,
        ["Dense l2(0.01)"],
    ),
    "a caller that splats": (
        "def f(reg=None):\n    layers.Dense(4, kernel_regularizer=reg)\nf(**{'reg': 'l2'})",
        ["Dense l2(0.01)"],
    ),
    "a caller that splats what cannot be read": (
        "def f(reg=None):\n    layers.Dense(4, kernel_regularizer=reg)\nf(**load())",
        ["Dense unknown"],
    ),
    "a caller that passes its own on": (
        """
        def f(reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def g(**kw):
            f(**kw)
        g(reg='l2')
        """,
        ["Dense l2(0.01)"],
    ),
    "called from a table of another file": (
        """
        def f(reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        f()
        TABLE = {'f': f}
        """,
        ["Dense passed"],
        {"main": "import model\nmodel.TABLE['f']('l2')"},
    ),
    "called from a table of another file by any key": (
        """
        def f(reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def g(reg=None):
            pass
        f()
        TABLE = {'f': f, 'g': g}
        """,
        ["Dense unknown"],
        {"main": "from model import TABLE\nmake = TABLE[key]\nmake(**load())"},
    ),
    "called by another name in another file": (
        """
        def f(reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        f('l2')
        alias = f
        """,
        ["Dense l2(0.01)"],
        {"main": "from model import alias\nalias('l2')"},
    ),
    "returned to another file": (
        """
        def f(reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        f()
        def get():
            return f
        """,
        ["Dense passed"],
        {"main": "from model import get\nget()('l2')"},
    ),
    "in a table that is read": (
        """
        def f(reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        f()
        TABLE = {'a': f}
        TABLE['a'](None)
        """,
        ["Dense none"],
    ),
    "in a table of a function": (
        """
        def f(reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        f()
        def g():
            table = [f]
            return 1
        """,
        ["Dense none"],
    ),
    "by another name that nobody uses": (
        """
        def f(reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        f()
        g = f
        """,
        ["Dense none"],
    ),
    "called in a table": (
        """
        def f(reg=None):
            return layers.Dense(4, kernel_regularizer=reg)
        TABLE = [f(), f('l2')]
        """,
        ["Dense passed"],
    ),
    "called once in a table": (
        """
        def f(reg=None):
            return layers.Dense(4, kernel_regularizer=reg)
        TABLE = [f('l2')]
        """,
        ["Dense l2(0.01)"],
    ),
    "also used as a value": (
        """
        def f(reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        f()
        TABLE = [f]
        """,
        ["Dense unknown"],
    ),
    "a decorated function": (
        """
        @register
        def f(reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        f('l2')
        """,
        ["Dense l2(0.01)"],
    ),
    "an uncalled layer returned": (
        """
        def fc(n, reg=None):
            return layers.Dense(n, kernel_regularizer=reg)
        fc(4, 'l2')(x)
        """,
        ["Dense l2(0.01)"],
    ),
    "a method": (
        """
        class A:
            def f(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
            def g(self):
                self.f('l2')
        """,
        ["Dense l2(0.01)"],
    ),
    "a method of an object": (
        """
        class A:
            def f(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
        A().f(reg='l2')
        """,
        ["Dense l2(0.01)"],
    ),
    "a static method": (
        """
        class A:
            @staticmethod
            def f(n, reg=None):
                layers.Dense(n, kernel_regularizer=reg)
        A.f(4, 'l2')
        A().f(4, 'l2')
        """,
        ["Dense l2(0.01)"],
    ),
    "a class method": (
        """
        class A:
            @classmethod
            def f(cls, n, reg=None):
                layers.Dense(n, kernel_regularizer=reg)
        A.f(4, 'l2')
        """,
        ["Dense l2(0.01)"],
    ),
    "a method through super": (
        """
        class A:
            def f(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
        class B(A):
            def f(self):
                super().f('l2')
        B().f()
        """,
        ["Dense l2(0.01)"],
    ),
    "a constructor": (
        """
        class A:
            def __init__(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
        A('l2')
        """,
        ["Dense l2(0.01)"],
    ),
    "a constructor through super": (
        """
        class A:
            def __init__(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
        class B(A):
            def __init__(self):
                super().__init__(reg='l2')
        B()
        """,
        ["Dense l2(0.01)"],
    ),
    "a constructor both ways": (
        """
        class A:
            def __init__(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
        class B(A):
            def __init__(self):
                super().__init__(reg='l2')
        A()
        B()
        """,
        ["Dense passed"],
    ),
    "__call__": (
        """
        class A:
            def __call__(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
        A()('l2')
        """,
        ["Dense l2(0.01)"],
    ),
    "a dataclass, by keyword and by default": (
        """
        from dataclasses import dataclass
        @dataclass
        class A:
            n: int = 0
            reg: object = None
            def f(self):
                layers.Dense(4, kernel_regularizer=self.reg)
        A(reg='l2').f()
        A(1).f()
        """,
        ["Dense unknown"],
    ),
    "a dataclass whose default nobody replaces": (
        """
        from dataclasses import dataclass
        @dataclass
        class A:
            n: int = 0
            reg: object = None
            def f(self):
                layers.Dense(4, kernel_regularizer=self.reg)
        A(1).f()
        """,
        ["Dense none"],
    ),
    "a dataclass that nobody makes": (
        """
        from dataclasses import dataclass
        @dataclass
        class A:
            n: int = 0
            reg: object = None
            def f(self):
                layers.Dense(4, kernel_regularizer=self.reg)
        """,
        ["Dense unknown"],
    ),
    "a dataclass that is made by a splat": (
        """
        from dataclasses import dataclass
        @dataclass
        class A:
            n: int = 0
            reg: object = None
            def f(self):
                layers.Dense(4, kernel_regularizer=self.reg)
        A(**load()).f()
        """,
        ["Dense unknown"],
    ),
    "a dataclass that a subclass makes": (
        """
        from dataclasses import dataclass
        @dataclass
        class A:
            n: int = 0
            reg: object = None
            def f(self):
                layers.Dense(4, kernel_regularizer=self.reg)
        class B(A): ...
        A(1, 'l2').f()
        B(1).f()
        """,
        ["Dense unknown"],
    ),
    "a dataclass of which copies are made": (
        """
        from dataclasses import dataclass
        @dataclass
        class A:
            n: int = 0
            reg: object = None
            def f(self):
                layers.Dense(4, kernel_regularizer=self.reg)
        from dataclasses import replace
        a = replace(A(1, 'l1'), reg='l2')
        a.f()
        """,
        ["Dense unknown"],
    ),
    "a dataclass whose field is set": (
        """
        from dataclasses import dataclass
        @dataclass
        class A:
            n: int = 0
            reg: object = None
            def f(self):
                layers.Dense(4, kernel_regularizer=self.reg)
        a = A(1, 'l1')
        a.reg = 'l2'
        a.f()
        """,
        ["Dense unknown"],
    ),
    "a dataclass that is handed on": (
        """
        from dataclasses import dataclass
        @dataclass
        class A:
            n: int = 0
            reg: object = None
            def f(self):
                layers.Dense(4, kernel_regularizer=self.reg)
        A(1, 'l1').f()
        load(A)
        """,
        ["Dense unknown"],
    ),
    "a dataclass that makes itself": (
        """
        from dataclasses import dataclass
        @dataclass
        class A:
            n: int = 0
            reg: object = None
            def f(self):
                layers.Dense(4, kernel_regularizer=self.reg)
            @classmethod
            def new(cls):
                return cls(1, 'l2')
        A(1, 'l1').f()
        """,
        ["Dense unknown"],
    ),
    "a dataclass in a type": (
        """
        from dataclasses import dataclass
        @dataclass
        class A:
            n: int = 0
            reg: object = None
            def f(self):
                layers.Dense(4, kernel_regularizer=self.reg)
        def run(a: A) -> list[A]:
            a.f()
        run(A(1, 'l2'))
        """,
        ["Dense l2(0.01)"],
    ),
    "a dataclass": (
        """
        from dataclasses import dataclass
        @dataclass
        class A:
            reg: object = None
            def f(self):
                layers.Dense(4, kernel_regularizer=self.reg)
        A('l2').f()
        """,
        ["Dense l2(0.01)"],
    ),
    "a nested function": (
        """
        def f(reg=None):
            def g(n):
                return layers.Dense(n, kernel_regularizer=reg)
            return g(4)
        f('l2')
        """,
        ["Dense l2(0.01)"],
    ),
    "a returned function": (
        """
        def f(reg=None):
            def g(n):
                return layers.Dense(n, kernel_regularizer=reg)
            return g
        f('l2')(4)
        """,
        ["Dense l2(0.01)"],
    ),
    "self, from __init__": (
        """
        class A:
            def __init__(self, reg=None):
                self.reg = regularizers.get(reg)
            def build(self):
                layers.Dense(4, kernel_regularizer=self.reg)
        A('l2').build()
        """,
        ["Dense l2(0.01)"],
    ),
    "self, from __init__, nobody calls": (
        """
        class A:
            def __init__(self, reg=None):
                self.reg = regularizers.get(reg)
            def build(self):
                layers.Dense(4, kernel_regularizer=self.reg)
        """,
        ["Dense passed"],
    ),
    "self, from another method": (
        """
        class A:
            def __init__(self, c=0.1):
                self.setup(c)
                layers.Dense(4, kernel_regularizer=self.reg)
            def setup(self, c):
                self.reg = regularizers.l2(c)
        """,
        ["Dense l2(0.1)"],
    ),
    "self, bound twice": (
        """
        class A:
            def __init__(self):
                self.reg = None
                if flag:
                    self.reg = 'l2'
                layers.Dense(4, kernel_regularizer=self.reg)
        """,
        ["Dense unknown"],
    ),
    "self, bound anew in a branch": (
        """
        class A:
            def __init__(self, a):
                self.reg = None
                if a:
                    self.reg = 'l2'
                layers.Dense(4, kernel_regularizer=self.reg)
        """,
        ["Dense passed"],
    ),
    "self, bound anew for the next round": (
        """
        class A:
            def __init__(self):
                self.reg = None
                for _ in range(2):
                    layers.Dense(4, kernel_regularizer=self.reg)
                    self.reg = 'l2'
        """,
        ["Dense unknown"],
    ),
    "self, bound anew in another method": (
        """
        class A:
            def __init__(self):
                self.reg = None
                self.reg = 'l1'
                self.change()
                layers.Dense(4, kernel_regularizer=self.reg)
            def change(self):
                self.reg = 'l2'
        """,
        ["Dense unknown"],
    ),
    "self, bound anew and from outside": (
        """
        class A:
            def __init__(self):
                self.reg = None
                self.reg = 'l1'
            def f(self):
                layers.Dense(4, kernel_regularizer=self.reg)
        a = A()
        a.reg = 'l2'
        a.f()
        """,
        ["Dense unknown"],
    ),
    "self, bound anew after it is read": (
        """
        class A:
            def __init__(self):
                self.reg = 'l2'
                layers.Dense(4, kernel_regularizer=self.reg)
                self.reg = None
        """,
        ["Dense l2(0.01)"],
    ),
    "self, bound anew, and replaced in a subclass": (
        """
        class A:
            def __init__(self):
                self.reg = 'l1'
                self.reg = 'l2'
                layers.Dense(4, kernel_regularizer=self.reg)
        class B(A):
            reg = property(lambda self: None)
        """,
        ["Dense unknown"],
    ),
    "self, that is another object": (
        """
        class A:
            def __init__(self, other):
                self.reg = None
                self.reg = 'l2'
                self = other
                layers.Dense(4, kernel_regularizer=self.reg)
        """,
        ["Dense passed"],
    ),
    "self, bound anew in one go": (
        """
        class A:
            def __init__(self):
                self.reg = None
                self.reg = 'l2'
                layers.Dense(4, kernel_regularizer=self.reg)
        """,
        ["Dense l2(0.01)"],
    ),
    "an attribute that a subclass replaces": (
        """
        class A:
            reg = None
            def f(self):
                layers.Dense(4, kernel_regularizer=self.reg)
        class B(A):
            reg = 'l2'
        """,
        ["Dense unknown"],
    ),
    "a method that a subclass replaces": (
        """
        class A:
            def reg(self):
                return None
            def f(self):
                layers.Dense(4, kernel_regularizer=self.reg())
        class B(A):
            def reg(self):
                return 'l2'
        """,
        ["Dense unknown"],
    ),
    "an attribute set from outside": (
        """
        class A:
            reg = None
            def f(self):
                layers.Dense(4, kernel_regularizer=self.reg)
        a = A()
        a.reg = 'l2'
        """,
        ["Dense unknown"],
    ),
    "a method that is called on anything": (
        """
        class A:
            def f(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
        A().f()
        def g(a):
            a.f('l2')
        """,
        ["Dense passed"],
    ),
    "kwargs of the function, get": (
        "def f(**kw):\n    layers.Dense(4, kernel_regularizer=kw.get('reg', 'l2'))\nf(name='x')",
        ["Dense l2(0.01)"],
    ),
    "kwargs of the function, pop": (
        """
        def f(**kw):
            reg = kw.pop('reg', None)
            layers.Dense(4, kernel_regularizer=reg)
        f(reg='l2')
        """,
        ["Dense l2(0.01)"],
    ),
    "kwargs of the function, setdefault": (
        """
        def f(**kw):
            reg = kw.setdefault('reg', 'l2')
            layers.Dense(4, kernel_regularizer=reg)
        f(name='x')
        """,
        ["Dense l2(0.01)"],
    ),
    "kwargs of the function, a subscript": (
        "def f(**kw):\n    layers.Dense(4, kernel_regularizer=kw['reg'])\nf(reg='l2')",
        ["Dense l2(0.01)"],
    ),
    "kwargs of the function, nobody calls": (
        "def f(**kw):\n    layers.Dense(4, kernel_regularizer=kw.get('reg'))",
        ["Dense passed"],
    ),
    "a function of that name elsewhere": (
        "def f(reg=None):\n    layers.Dense(4, kernel_regularizer=reg)\nf()",
        ["Dense none"],
        {"user": "def f(reg): pass\nf('l2')"},
    ),
    "a function of that name handed on elsewhere": (
        "def f(reg=None):\n    layers.Dense(4, kernel_regularizer=reg)\nf()",
        ["Dense none"],
        {"user": "def f(reg): pass\nkeep(f)", "other": "from user import f\nkeep(f)"},
    ),
    "handed on elsewhere": (
        "def f(reg=None):\n    layers.Dense(4, kernel_regularizer=reg)\nf()",
        ["Dense unknown"],
        {"user": "from model import (  # (sic)\n    g,\n    f)\nkeep(f)"},
    ),
    "handed on elsewhere as an attribute": (
        "def f(reg=None):\n    layers.Dense(4, kernel_regularizer=reg)\nf()",
        ["Dense unknown"],
        {"user": "import model\nkeep(model.f)"},
    ),
    "handed on elsewhere through a re-export": (
        "def f(reg=None):\n    layers.Dense(4, kernel_regularizer=reg)\nf()",
        ["Dense unknown"],
        {"parts": "from model import *", "user": "from parts import *\nkeep(f)"},
    ),
    "a local function of that name": (
        """
        def f(reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        f()
        def g(f):
            f('l2')
        """,
        ["Dense none"],
    ),
}

MADE = {
    "by a class method": (
        """
        class A(layers.Layer):
            def __init__(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
            @classmethod
            def make(cls):
                return cls('l2')
        A(None)
        A.make()
        """,
        ["Dense passed"],
    ),
    "by a class method of the base": (
        """
        class Base(layers.Layer):
            @classmethod
            def make(cls):
                return cls('l2')
        class A(Base):
            def __init__(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
        A(None)
        """,
        ["Dense passed"],
    ),
    "by the type of self": (
        """
        class A(layers.Layer):
            def __init__(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
            def other(self):
                return [type(self)('l2') for _ in range(2)]
        A(None)
        """,
        ["Dense passed"],
    ),
    "by the class of self": (
        """
        class A(layers.Layer):
            def __init__(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
            def other(self):
                return self.__class__('l2')
        A('l2')
        """,
        ["Dense l2(0.01)"],
    ),
    "by a class method that nobody calls it beside": (
        """
        class A(layers.Layer):
            def __init__(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
            @classmethod
            def make(cls):
                return cls('l2')
        """,
        ["Dense passed"],
    ),
    "by from_config of its own": (
        """
        class A(layers.Layer):
            def __init__(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
            @classmethod
            def from_config(cls, config):
                return cls(**config)
        A.from_config(A('l2').get_config())
        """,
        ["Dense l2(0.01)"],
    ),
    "by from_config of what it says of itself": (
        """
        class A(layers.Layer):
            def __init__(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
            def get_config(self):
                return {'reg': self.reg}
        a = A('l2')
        config = a.get_config()
        A.from_config(config)
        """,
        ["Dense l2(0.01)"],
    ),
    "by from_config of what something else says": (
        """
        class A(layers.Layer):
            def __init__(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
            pass
        A('l2')
        def clone(other):
            return A.from_config(other.get_config())
        """,
        ["Dense unknown"],
    ),
    "by from_config of a dict": (
        """
        class A(layers.Layer):
            def __init__(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
            pass
        A(None)
        A.from_config({'reg': 'l2'})
        """,
        ["Dense passed"],
    ),
    "by from_config of a dict, and of nothing else": (
        """
        class A(layers.Layer):
            def __init__(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
            pass
        A.from_config({'reg': 'l2'})
        """,
        ["Dense l2(0.01)"],
    ),
    "by from_config of another class": (
        """
        class A(layers.Layer):
            def __init__(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
            pass
        A('l2')
        Other.from_config({'reg': 'l1'})
        """,
        ["Dense l2(0.01)"],
    ),
}

VALUES = {
    "a helper that has no word of Keras, but of regularizers": (
        """
        from regs import get
        layers.Dense(4, kernel_regularizer=get(0.1))
        layers.Dense(4, kernel_regularizer=get(None))
        """,
        ["Dense l2(0.1)", "Dense none"],
        {
            "regs": "import backend\ndef get(reg):\n    'regularizer'\n    return backend.make(reg) if reg else None",
            "backend": "from keras import regularizers\ndef make(reg):\n    return regularizers.l2(reg)",
        },
    ),
    "a helper that has no word of either": (
        "from regs import get\nlayers.Dense(4, kernel_regularizer=get(0.1))",
        ["Dense unknown"],
        {
            "regs": "import backend\ndef get(reg):\n    return backend.make(reg) if reg else None",
            "backend": "from keras import regularizers\ndef make(reg):\n    return regularizers.l2(reg)",
        },
    ),
    "isinstance(None, float)": (
        """
        def make(reg):
            return 'l2' if isinstance(reg, float) else 'l1'
        layers.Dense(4, kernel_regularizer=make(None))
        """,
        ["Dense l1(0.01)"],
    ),
    "isinstance(0.1, float)": (
        """
        def make(reg):
            return 'l2' if isinstance(reg, float) else 'l1'
        layers.Dense(4, kernel_regularizer=make(0.1))
        """,
        ["Dense l2(0.01)"],
    ),
    "isinstance(0.1, (int, float))": (
        """
        def make(reg):
            return 'l2' if isinstance(reg, (int, float)) else 'l1'
        layers.Dense(4, kernel_regularizer=make(0.1))
        """,
        ["Dense l2(0.01)"],
    ),
    "isinstance('x', (int, float))": (
        """
        def make(reg):
            return 'l2' if isinstance(reg, (int, float)) else 'l1'
        layers.Dense(4, kernel_regularizer=make('x'))
        """,
        ["Dense l1(0.01)"],
    ),
    "isinstance(True, int)": (
        """
        def make(reg):
            return 'l2' if isinstance(reg, int) else 'l1'
        layers.Dense(4, kernel_regularizer=make(True))
        """,
        ["Dense l2(0.01)"],
    ),
    "isinstance({}, dict)": (
        """
        def make(reg):
            return 'l2' if isinstance(reg, dict) else 'l1'
        layers.Dense(4, kernel_regularizer=make({}))
        """,
        ["Dense l2(0.01)"],
    ),
    "isinstance([], dict)": (
        """
        def make(reg):
            return 'l2' if isinstance(reg, dict) else 'l1'
        layers.Dense(4, kernel_regularizer=make([]))
        """,
        ["Dense l1(0.01)"],
    ),
    "isinstance([], (str, list))": (
        """
        def make(reg):
            return 'l2' if isinstance(reg, (str, list)) else 'l1'
        layers.Dense(4, kernel_regularizer=make([]))
        """,
        ["Dense unknown"],
    ),
    "isinstance(load(), float)": (
        """
        def make(reg):
            return 'l2' if isinstance(reg, float) else 'l1'
        layers.Dense(4, kernel_regularizer=make(load()))
        """,
        ["Dense unknown"],
    ),
    "isinstance(0.1, Number)": (
        """
        def make(reg):
            return 'l2' if isinstance(reg, Number) else 'l1'
        layers.Dense(4, kernel_regularizer=make(0.1))
        """,
        ["Dense unknown"],
    ),
    "isinstance(regularizers.l2(0.1), str)": (
        """
        def make(reg):
            return 'l2' if isinstance(reg, str) else 'l1'
        layers.Dense(4, kernel_regularizer=make(regularizers.l2(0.1)))
        """,
        ["Dense unknown"],
    ),
    "isinstance(make, str)": (
        """
        def make(reg):
            return 'l2' if isinstance(reg, str) else 'l1'
        layers.Dense(4, kernel_regularizer=make(make))
        """,
        ["Dense l1(0.01)"],
    ),
    "isinstance of one's own": (
        """
        def isinstance(a, b):
            return load()
        def make(reg):
            return 'l2' if isinstance(reg, float) else 'l1'
        layers.Dense(4, kernel_regularizer=make(0.1))
        """,
        ["Dense unknown"],
    ),
    "a helper in an argument of the same helper": (
        """
        def make(reg):
            return regularizers.l2(reg) if isinstance(reg, float) else reg
        layers.Dense(4, kernel_regularizer=make(make(None)))
        """,
        ["Dense none"],
    ),
    "a helper in an argument of the same helper, by way of another function": (
        """
        def make(reg):
            return None if reg is None else regularizers.l2(0.1)
        def block(reg):
            layers.Dense(4, kernel_regularizer=make(reg))
        def build(reg=None):
            reg = make(reg)
            block(reg)
        build()
        """,
        ["Dense none"],
    ),
    "a helper that calls itself": (
        """
        def make(reg):
            return regularizers.l2(0.1) if reg else make(load())
        layers.Dense(4, kernel_regularizer=make(make(None)))
        """,
        ["Dense unknown"],
    ),
    "two helpers that call each other": (
        """
        def make(reg):
            return other(reg) if reg else regularizers.l2(0.1)
        def other(reg):
            return make(load() or reg)
        layers.Dense(4, kernel_regularizer=make(1))
        """,
        ["Dense unknown"],
    ),
    "a generator of one thing": (
        """
        def regs():
            yield 'l2'
        for reg in regs():
            layers.Dense(4, kernel_regularizer=reg)
        """,
        ["Dense l2(0.01)"],
    ),
    "a generator of two things": (
        """
        def regs():
            yield 'l2'
            yield None
        for reg in regs():
            layers.Dense(4, kernel_regularizer=reg)
        """,
        ["Dense unknown"],
    ),
    "a generator, unpacked": (
        """
        def regs():
            yield 'l2'
            yield None
        a, b = regs()
        layers.Dense(4, kernel_regularizer=a)
        layers.Dense(4, kernel_regularizer=b)
        """,
        ["Dense l2(0.01)", "Dense none"],
    ),
    "a generator with a loop": (
        """
        def regs():
            for reg in ('l2', 'l2'):
                yield reg
        for reg in regs():
            layers.Dense(4, kernel_regularizer=reg)
        """,
        ["Dense unknown"],
    ),
    "a generator that yields what another one does": (
        """
        def regs():
            yield 'l2'
            yield from other
        for reg in regs():
            layers.Dense(4, kernel_regularizer=reg)
        """,
        ["Dense unknown"],
    ),
    "a generator that may end early": (
        """
        def regs():
            yield 'l2'
            if x:
                return
            yield 'l2'
        a, b = regs()
        layers.Dense(4, kernel_regularizer=b)
        """,
        ["Dense unknown"],
    ),
    "the next of a generator": (
        """
        def regs():
            yield 'l2'
            yield None
        g = regs()
        next(g)
        layers.Dense(4, kernel_regularizer=next(g))
        """,
        ["Dense unknown"],
    ),
    "a generator is true": (
        """
        def regs():
            yield None
        layers.Dense(4, kernel_regularizer='l2' if regs() else None)
        """,
        ["Dense l2(0.01)"],
    ),
    "a strength that is doubled": (
        """
        wd = 1e-4
        wd *= 2
        layers.Dense(4, kernel_regularizer=regularizers.l2(wd))
        """,
        ["Dense l2(0.0002)"],
    ),
    "a tuple that grows": (
        """
        regs = ('l2',)
        regs += (None,)
        layers.Dense(4, kernel_regularizer=regs[0])
        layers.Dense(4, kernel_regularizer=regs[1])
        """,
        ["Dense l2(0.01)", "Dense none"],
    ),
    "a number that a loop counts up": (
        """
        n = 1
        for _ in x:
            n += 1
        layers.Dense(4, kernel_regularizer='l2' if n == 1 else None)
        """,
        ["Dense unknown"],
    ),
    "a number that a branch counts up": (
        """
        n = 1
        if x:
            n += 1
        layers.Dense(4, kernel_regularizer='l2' if n == 1 else None)
        """,
        ["Dense unknown"],
    ),
    "a number that a function counts up": (
        """
        n = 1
        def count():
            global n
            n += 1
        layers.Dense(4, kernel_regularizer='l2' if n == 1 else None)
        """,
        ["Dense unknown"],
    ),
    "an attribute that is counted up": (
        """
        class A:
            n = 1
            def __init__(self):
                self.n += 1
                layers.Dense(4, kernel_regularizer='l2' if self.n == 1 else None)
        """,
        ["Dense unknown"],
    ),
    "an entry that is added to": (
        """
        d = {'kernel_regularizer': 'l'}
        d['kernel_regularizer'] += '2'
        layers.Dense(4, **d)
        """,
        ["Dense unknown"],
    ),
    "through get": (
        "layers.Dense(4, kernel_regularizer=regularizers.get(regularizers.l2(0.1)))",
        ["Dense l2(0.1)"],
    ),
    "a dict": (
        "layers.Dense(4, kernel_regularizer={'class_name': 'L2', 'config': {'l2': 0.1}})",
        ["Dense l2(0.1)"],
    ),
    "a dict through get": (
        """
        layers.Dense(4, kernel_regularizer=regularizers.get({'class_name': 'L2', 'config': {'l2': 0.1}}))
        """,
        ["Dense l2(0.1)"],
    ),
    "a dict through deserialize": (
        """
        layers.Dense(4, kernel_regularizer=regularizers.deserialize({'class_name': 'L1', 'config': {'l1': 0.1}}))
        """,
        ["Dense l1(0.1)"],
    ),
    "imported by name": (
        "from keras.regularizers import l2\nlayers.Dense(4, kernel_regularizer=l2(0.1))",
        ["Dense l2(0.1)"],
    ),
    "imported under another name": (
        """
        from keras.regularizers import l2 as decay
        layers.Dense(4, kernel_regularizer=decay(0.1))
        """,
        ["Dense l2(0.1)"],
    ),
    "by the full path": (
        """
        import tensorflow as tf
        layers.Dense(4, kernel_regularizer=tf.keras.regularizers.L1L2(l1=0.1, l2=0.2))
        """,
        ["Dense l1_l2(l1=0.1, l2=0.2)"],
    ),
    "a strength of another module": (
        "import conf\nlayers.Dense(4, kernel_regularizer=regularizers.l2(conf.DECAY))",
        ["Dense l2(0.1)"],
        {"conf": "DECAY = 0.1"},
    ),
    "a strength calculated in another module": (
        "from conf import DECAY\nlayers.Dense(4, kernel_regularizer=regularizers.l2(DECAY / 2))",
        ["Dense l2(0.1)"],
        {"conf": "BASE = 0.1\nDECAY = BASE * 2"},
    ),
    "an attribute of a class of another module": (
        "from conf import Conf\nlayers.Dense(4, kernel_regularizer=regularizers.l2(Conf.DECAY))",
        ["Dense l2(0.1)"],
        {"conf": "class Conf:\n    DECAY = 0.1"},
    ),
    "an attribute of an object": (
        "from conf import conf\nlayers.Dense(4, kernel_regularizer=regularizers.l2(conf.decay))",
        ["Dense l2(0.1)"],
        {
            "conf": """
        class Conf:
            def __init__(self, d=0.1):
                self.decay = d
        conf = Conf()
        """
        },
    ),
    "an attribute of a dataclass": (
        """
        from conf import Conf
        layers.Dense(4, kernel_regularizer=regularizers.l2(Conf().decay))
        """,
        ["Dense l2(0.1)"],
        {
            "conf": """
        from dataclasses import dataclass
        @dataclass
        class Conf:
            decay: float = 0.1
        """
        },
    ),
    "an attribute of a namespace": (
        """
        from types import SimpleNamespace
        conf = SimpleNamespace(decay=0.1)
        layers.Dense(4, kernel_regularizer=regularizers.l2(conf.decay))
        """,
        ["Dense l2(0.1)"],
    ),
    "an entry of a dict": (
        """
        conf = {'opt': {'decay': 0.1}}
        layers.Dense(4, kernel_regularizer=regularizers.l2(conf['opt']['decay']))
        """,
        ["Dense l2(0.1)"],
    ),
    "a power": ("layers.Dense(4, kernel_regularizer=regularizers.l2(10 ** -1))", ["Dense l2(0.1)"]),
    "a power of a float": (
        "layers.Dense(4, kernel_regularizer=regularizers.l2(1e-2 ** 0.5))",
        ["Dense l2(0.1)"],
    ),
    "float of a number": (
        "DECAY = 0.1\nlayers.Dense(4, kernel_regularizer=regularizers.l2(float(DECAY)))",
        ["Dense l2(0.1)"],
    ),
    "float of a string": (
        "layers.Dense(4, kernel_regularizer=regularizers.l2(float('1e-1')))",
        ["Dense l2(0.1)"],
    ),
    "a loop over one strength": (
        "for c in (0.1, 0.1):\n    layers.Dense(4, kernel_regularizer=regularizers.l2(c))",
        ["Dense l2(0.1)"],
    ),
    "a loop over several strengths": (
        "for c in (0.1, 0.2):\n    layers.Dense(4, kernel_regularizer=regularizers.l2(c))",
        ["Dense l2(?)"],
    ),
    "a strength from outside": (
        """
        import argparse
        args = argparse.ArgumentParser().parse_args()
        layers.Dense(4, kernel_regularizer=regularizers.l2(args.decay))
        """,
        ["Dense l2(?)"],
    ),
    "a helper of another module": (
        "from conf import _reg\nlayers.Dense(4, kernel_regularizer=_reg())",
        ["Dense l2(0.1)"],
        {"conf": "from keras import regularizers\ndef _reg(c=0.1):\n    return regularizers.l2(c)"},
    ),
    "a helper that may say no": (
        """
        def _reg(use, c=0.1):
            return regularizers.l2(c) if use else None
        layers.Dense(4, kernel_regularizer=_reg(use=True))
        """,
        ["Dense l2(0.1)"],
    ),
    "a helper that says no": (
        """
        def _reg(use, c=0.1):
            return regularizers.l2(c) if use else None
        layers.Dense(4, kernel_regularizer=_reg(use=False))
        """,
        ["Dense none"],
    ),
    "a lambda that makes one": (
        "make = lambda c: regularizers.l2(c)\nlayers.Dense(4, kernel_regularizer=make(0.1))",
        ["Dense l2(0.1)"],
    ),
    "a partial that makes one": (
        """
        from functools import partial
        make = partial(regularizers.l2, 0.1)
        layers.Dense(4, kernel_regularizer=make())
        """,
        ["Dense l2(0.1)"],
    ),
    "a subclass of one": (
        """
        class Mine(regularizers.L2):
            def __init__(self):
                super().__init__(0.1)
        layers.Dense(4, kernel_regularizer=Mine())
        """,
        ["Dense Mine"],
    ),
    "an expression on a constant": (
        "D = 0.1\nlayers.Dense(4, kernel_regularizer=regularizers.l2(D) if D else None)",
        ["Dense l2(0.1)"],
    ),
    "an expression on zero": (
        "D = 0\nlayers.Dense(4, kernel_regularizer=regularizers.l2(D) if D > 0 else None)",
        ["Dense none"],
    ),
    "or": ("layers.Dense(4, kernel_regularizer=None or regularizers.l2(0.1))", ["Dense l2(0.1)"]),
    "None replaced in an if": (
        """
        r = None
        if r is None:
            r = regularizers.l2(0.1)
        layers.Dense(4, kernel_regularizer=r)
        """,
        ["Dense l2(0.1)"],
    ),
    "None replaced by or": (
        """
        def f(reg=None):
            reg = reg or regularizers.l2(0.1)
            layers.Dense(4, kernel_regularizer=reg)
        f()
        """,
        ["Dense l2(0.1)"],
    ),
    "None replaced": (
        """
        def f(reg=None):
            if reg is None:
                reg = regularizers.l2(0.1)
            layers.Dense(4, kernel_regularizer=reg)
        f()
        """,
        ["Dense l2(0.1)"],
    ),
    "a strength above zero": (
        """
        def f(decay=0.1):
            reg = None
            if decay > 0:
                reg = regularizers.l2(decay)
            layers.Dense(4, kernel_regularizer=reg)
        f()
        """,
        ["Dense l2(0.1)"],
    ),
    "if and else on a strength": (
        """
        def f(decay):
            if decay:
                reg = regularizers.l2(decay)
            else:
                reg = None
            layers.Dense(4, kernel_regularizer=reg)
        f(0.1)
        """,
        ["Dense l2(0.1)"],
    ),
    "a Keras 1 argument": ("layers.Dense(4, W_regularizer=regularizers.l2(0.1))", ["Dense l2(0.1)"]),
    "regularizers of a star import": (
        """
        from keras.layers import *
        from keras.regularizers import *
        Dense(4, kernel_regularizer=l2(0.1))
        """,
        ["Dense l2(0.1)"],
    ),
    "a function of that name": (
        "def l2(c):\n    return load(c)\nlayers.Dense(4, kernel_regularizer=l2(0.1))",
        ["Dense unknown"],
    ),
    "torch's": (
        "from torch.losses import l2\nlayers.Dense(4, kernel_regularizer=l2(0.1))",
        ["Dense unknown"],
    ),
    "a name that is not defined": ("layers.Dense(4, kernel_regularizer=reg)", ["Dense unknown"]),
    "a tensor": ("layers.Dense(4, kernel_regularizer=0.1 * total)", ["Dense unknown"]),
}

UNDECIDED = {
    "an arm": (
        """
        def f(decay=None):
            layers.Dense(4, kernel_regularizer=regularizers.l2(decay) if decay else None)
        """,
        ["Dense passed"],
    ),
    "an arm, through get": (
        """
        def f(decay=None):
            layers.Dense(4, kernel_regularizer=regularizers.get('l2' if decay > 0 else None))
        """,
        ["Dense passed"],
    ),
    "a side": (
        "def f(reg=None):\n    layers.Dense(4, kernel_regularizer=reg and regularizers.l2(0.1))",
        ["Dense passed"],
    ),
    "a statement": (
        """
        def f(decay=0.0):
            reg = None
            if decay > 0:
                reg = regularizers.l2(decay)
            layers.Dense(4, kernel_regularizer=reg)
        """,
        ["Dense passed"],
    ),
    "on self, handed to a method": (
        """
        class Net:
            def __init__(self, decay=None):
                self.decay = decay
            def build(self):
                reg = regularizers.l2(self.decay) if self.decay else None
                self.block(reg)
            def block(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
        """,
        ["Dense passed"],
    ),
    "on self, set in two arms": (
        """
        class Net:
            def __init__(self, decay=None):
                if decay is None:
                    self.reg = None
                else:
                    self.reg = regularizers.l2(decay)
            def build(self):
                layers.Dense(4, kernel_regularizer=self.reg)
        """,
        ["Dense passed"],
    ),
    "a helper with two returns": (
        """
        def make(decay):
            if not decay:
                return None
            return regularizers.l2(decay)
        def f(decay):
            layers.Dense(4, kernel_regularizer=make(decay))
        """,
        ["Dense passed"],
    ),
    "an entry of a dict": (
        """
        def f(conf):
            layers.Dense(4, kernel_regularizer=regularizers.l2(0.1) if conf['decay'] else None)
        """,
        ["Dense passed"],
    ),
    "what a function outside makes of a parameter": (
        "from other import make\ndef f(reg):\n    layers.Dense(4, kernel_regularizer=make(reg['fc'][1:], 3))",
        ["Dense passed"],
    ),
    "what it makes of what another function is given": (
        """
        from other import make
        class Net:
            def __init__(self, conf):
                self.conf = conf
            def build(self):
                layers.Dense(4, kernel_regularizer=make(self.conf))
        def f(conf=None):
            Net(conf.net)
        """,
        ["Dense passed"],
    ),
    "what it makes of what the project passes": (
        """
        from other import make
        def f(reg):
            layers.Dense(4, kernel_regularizer=make(reg))
        f('l2')
        """,
        ["Dense unknown"],
    ),
    "what it makes of a parameter, and of something else": (
        "from other import make\ndef f(reg):\n    layers.Dense(4, kernel_regularizer=make(reg, load()))",
        ["Dense unknown"],
    ),
    "what it makes of a parameter of a function that is handed on": (
        "from other import make\ndef f(reg):\n    layers.Dense(4, kernel_regularizer=make(reg))\nkeep(f)",
        ["Dense unknown"],
    ),
    "an attribute of what is passed": (
        "def f(conf):\n    layers.Dense(4, kernel_regularizer=conf.reg)",
        ["Dense passed"],
    ),
    "an attribute of what the project passes": (
        "def f(conf):\n    layers.Dense(4, kernel_regularizer=conf.reg)\nf(load())",
        ["Dense unknown"],
    ),
    "an attribute of an attribute": (
        """
        def f(conf):
            layers.Dense(4, kernel_regularizer=regularizers.l2(0.1) if conf.losses.decay > 0 else None)
        """,
        ["Dense passed"],
    ),
    "on self, behind a property": (
        """
        class Task:
            def __init__(self, params):
                self._params = params
            @property
            def params(self):
                return self._params
            def build(self):
                decay = self.params.losses.decay
                block(regularizers.l2(decay) if decay else None)
        def block(reg):
            layers.Dense(4, kernel_regularizer=reg)
        Task(load())
        """,
        ["Dense passed"],
    ),
    "a parameter of a helper, which the project passes": (
        """
        def make(use):
            return regularizers.l2(0.1) if use else None
        def f(use):
            layers.Dense(4, kernel_regularizer=make(use))
        f(load())
        f(True)
        """,
        ["Dense passed"],
    ),
    "what a function makes of a parameter": (
        """
        def number(conf):
            return float(conf.get('decay', 0))
        def f(conf):
            layers.Dense(4, kernel_regularizer=regularizers.l2(0.1) if number(conf) > 0 else None)
        """,
        ["Dense passed"],
    ),
    "an attribute of what a method returns": (
        """
        class Net:
            def __init__(self, decay):
                self.reg = regularizers.l2(decay) if decay else None
        class Maker:
            def __init__(self, decay):
                self.decay = decay
            def net(self):
                return Net(self.decay)
            def build(self):
                layers.Dense(4, kernel_regularizer=self.net().reg)
        """,
        ["Dense passed"],
    ),
    "callers, one of which may pass either": (
        """
        def f(reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        f(regularizers.l2(0.1) if flag else None)
        f()
        """,
        ["Dense passed"],
    ),
    "callers, by way of one function": (
        """
        def f(reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def g(reg):
            f(reg)
        g('l1' if flag else 'l2')
        g('l1')
        """,
        ["Dense passed"],
    ),
    "the one caller, which may pass either": (
        """
        def f(reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        f(regularizers.l2(0.1) if flag else None)
        """,
        ["Dense unknown"],
    ),
    "callers, each of which may pass either": (
        """
        def f(reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        f(regularizers.l2(0.1) if flag else None)
        f(regularizers.l2(0.1) if other else None)
        """,
        ["Dense unknown"],
    ),
    "callers, one of which cannot be read": (
        """
        def f(reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        f('l2')
        f(load())
        """,
        ["Dense unknown"],
    ),
    "an attribute of what comes from elsewhere": (
        """
        def f():
            conf = load()
            layers.Dense(4, kernel_regularizer=regularizers.l2(0.1) if conf.decay else None)
        """,
        ["Dense unknown"],
    ),
    "what a function makes of nothing that is passed": (
        """
        import os
        def number():
            return float(os.environ['DECAY'])
        def f(conf):
            layers.Dense(4, kernel_regularizer=regularizers.l2(0.1) if number() > 0 else None)
        """,
        ["Dense unknown"],
    ),
    "an attribute of a parameter and what nobody knows": (
        """
        import random
        def f(conf):
            reg = regularizers.l2(0.1) if conf.decay > random.random() else None
            layers.Dense(4, kernel_regularizer=reg)
        """,
        ["Dense unknown"],
    ),
    "an object that is made of a parameter": (
        """
        class Conf:
            def __init__(self, decay):
                self.value = decay
            def __bool__(self):
                return self.value > load()
        def f(decay):
            layers.Dense(4, kernel_regularizer=regularizers.l2(0.1) if Conf(decay) else None)
        """,
        ["Dense unknown"],
    ),
    "the project decides": (
        """
        def f(decay=None):
            layers.Dense(4, kernel_regularizer=regularizers.l2(decay) if decay else None)
        f(0.1)
        """,
        ["Dense l2(0.1)"],
    ),
    "nobody knows": (
        """
        import os
        def f():
            layers.Dense(4, kernel_regularizer=regularizers.l2(0.1) if os.environ.get('DECAY') else None)
        """,
        ["Dense unknown"],
    ),
    "a parameter and what nobody knows": (
        """
        def f(decay):
            reg = regularizers.l2(decay) if decay and undefined else None
            layers.Dense(4, kernel_regularizer=reg)
        """,
        ["Dense unknown"],
    ),
    "a test of something else": (
        """
        import random
        def f(decay):
            if decay:
                pass
            reg = regularizers.l2(0.1) if random.random() > 0.5 else None
            layers.Dense(4, kernel_regularizer=reg)
        """,
        ["Dense unknown"],
    ),
    "no penalty, in two ways": (
        """
        class Plain(layers.Dense):
            def __init__(self, units, kernel_regularizer=None):
                super().__init__(units, kernel_regularizer=kernel_regularizer)
        def f(plain):
            kind = layers.Dense if plain else Plain
            kind(4)
        """,
        ["Dense none"],
    ),
}

# Not read yet, and why.
HANDED: dict[str, tuple[str, list[str]] | tuple[str, list[str], dict[str, str]]] = {
    "to a function that calls it": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def build(fn):
            fn(1, 'l2')
        build(f)
        """,
        ["Dense l2(0.01)"],
    ),
    "by keyword, in a function of its own": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def build(n, fn=None, **kwargs):
            def inner(m):
                if fn is not None:
                    fn(m, **kwargs)
            inner(n)
        build(2, fn=f, reg='l2')
        """,
        ["Dense l2(0.01)"],
    ),
    "of two, to one function": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def g(x, reg=None):
            layers.Dense(5, kernel_regularizer=reg)
        def build(fn, *rest):
            fn(1, *rest)
        build(f, 'l2')
        build(g, 'l1')
        """,
        ["Dense l2(0.01)", "Dense l1(0.01)"],
    ),
    "on and on": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def inner(fn):
            fn(1, 'l2')
        def build(fn):
            inner(fn)
        build(f)
        """,
        ["Dense l2(0.01)"],
    ),
    "to a method": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        class A:
            def build(self, fn):
                self.other(fn=fn)
            def other(self, fn):
                return fn(1, reg='l2')
        A().build(f)
        """,
        ["Dense l2(0.01)"],
    ),
    "as a default": (
        """
        class Block:
            def __init__(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
        class Net:
            def group(self, n, block=Block, reg='l2'):
                block(reg)
            def build(self):
                self.group(3)
                self.group(3, Block)
        """,
        ["Dense l2(0.01)"],
    ),
    "as a default that is used by one of two calls": (
        """
        class Block:
            def __init__(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
        def group(reg, block=Block):
            block(reg)
        group('l2')
        group('l1', print)
        """,
        ["Dense l2(0.01)"],
    ),
    "as a default of a function that nobody calls": (
        """
        class Block:
            def __init__(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
        def group(reg, block=Block):
            block(reg)
        Block('l2')
        """,
        ["Dense unknown"],
    ),
    "as a default, and further on": (
        """
        class Block:
            def __init__(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
        def group(reg, block=Block):
            keep(block)
        group('l2')
        """,
        ["Dense unknown"],
    ),
    "in a list that is a default": (
        """
        class Block:
            def __init__(self, reg=None):
                layers.Dense(4, kernel_regularizer=reg)
        def group(reg, blocks=(Block,)):
            blocks[0](reg)
        group('l1')
        Block('l2')
        """,
        ["Dense unknown"],
    ),
    "in what is printed": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def build(fn):
            return fn(1, 'l2')
        print(build(f))
        """,
        ["Dense l2(0.01)"],
    ),
    "to the assertions of a test": (
        """
        class Net:
            def __init__(self, reg):
                layers.Dense(4, kernel_regularizer=reg)
        class Test(TestCase):
            def test_it(self):
                net = Net('l2')
                self.assertIsInstance(net, Net)
                self.assertIn(type(net), [Net, int])
                self.check(net, Net)
            def check(self, net, kind):
                self.assertIs(type(net), kind)
        """,
        ["Dense l2(0.01)"],
    ),
    "to an assertion of a test that calls it": (
        """
        class Net:
            def __init__(self, reg):
                layers.Dense(4, kernel_regularizer=reg)
        class Test(TestCase):
            def test_it(self):
                net = Net('l2')
                self.assertRaises(ValueError, Net, 'l3')
        """,
        ["Dense unknown"],
    ),
    "a class": (
        """
        class Net:
            def __init__(self, reg):
                layers.Dense(4, kernel_regularizer=reg)
        def build(kind):
            return kind('l2')
        build(Net)
        """,
        ["Dense l2(0.01)"],
    ),
    "to a function of another file": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        """,
        ["Dense l2(0.01)"],
        {"user": "from model import f\ndef build(fn):\n    fn(1, 'l2')\nbuild(f)"},
    ),
    "a partial of it": (
        """
        from functools import partial
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def build(fn):
            fn(1)
        build(partial(f, reg='l2'))
        """,
        ["Dense l2(0.01)"],
    ),
    "by another name": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def build(fn):
            fn(1, 'l2')
        g = f
        build(g)
        """,
        ["Dense l2(0.01)"],
    ),
    "out of a table": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def build(fn):
            fn(1, 'l2')
        TABLE = {'a': f}
        build(TABLE['a'])
        """,
        ["Dense l2(0.01)"],
    ),
    "as one of two": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def g(x, reg): ...
        def build(fn):
            fn(1, 'l2')
        build(f if a else g)
        """,
        ["Dense l2(0.01)"],
    ),
    "to two functions that differ": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def build(fn):
            fn(1, 'l2')
        def other(fn):
            fn(1)
        build(f)
        other(f)
        """,
        ["Dense passed"],
    ),
    "by another name, and called": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def build(fn):
            fn(1, 'l2')
        g = f
        build(g)
        f(1)
        """,
        ["Dense passed"],
    ),
    "to what returns it": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def build(fn):
            fn(1, 'l2')
            return fn
        build(f)(1)
        """,
        ["Dense unknown"],
    ),
    "to what keeps it": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def build(fn):
            global kept
            kept = fn
            fn(1, 'l2')
        build(f)
        """,
        ["Dense unknown"],
    ),
    "to what keeps it in an object": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        class A:
            def __init__(self, fn):
                self.fn = fn
        A(f)
        f(1, 'l2')
        """,
        ["Dense unknown"],
    ),
    "to what gives the parameter another value": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def build(fn):
            fn(1, 'l2')
            fn = wrapped(fn)
            fn(1)
        build(f)
        """,
        ["Dense unknown"],
    ),
    "to something outside": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        f(1, 'l2')
        map(f, [1, 2])
        """,
        ["Dense unknown"],
    ),
    "to something that is not known": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        f(1, 'l2')
        unknown.register(f)
        """,
        ["Dense unknown"],
    ),
    "in a list": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def build(fns):
            for fn in fns:
                fn(1)
        f(1, 'l2')
        build([f])
        """,
        ["Dense unknown"],
    ),
    "in a table": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def build(fns):
            for fn in fns:
                fn(1)
        TABLE = [f]
        f(1, 'l2')
        build(TABLE)
        """,
        ["Dense unknown"],
    ),
    "to a method that a subclass replaces": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        class A:
            def run(self):
                self.build(f)
            def build(self, fn):
                fn(1, 'l2')
        class B(A):
            def build(self, fn):
                fn(1)
        B().run()
        """,
        ["Dense unknown"],
    ),
    "in a splat": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def build(fn):
            fn(1, 'l2')
        build(*[f])
        """,
        ["Dense unknown"],
    ),
    "in a table that is put into another one": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        def load(custom_objects):
            custom_objects.update({'f': f})
        f(1, 'l2')
        """,
        ["Dense l2(0.01)"],
    ),
    "only looked at": (
        """
        def f(x, reg=None):
            layers.Dense(4, kernel_regularizer=reg)
        f(1, 'l2')
        print(f)
        isinstance(f, object)
        def name(fn):
            return fn.__name__
        name(f)
        """,
        ["Dense l2(0.01)"],
    ),
}


LATER = {
    ("helpers", "__call__"): "any call can be of an object: its callers have no name to be looked for",
}


@pytest.mark.parametrize("name", SPLATS)
def test_splats(name: str, spelled: Spelled) -> None:
    spelled(SPLATS[name], LATER.get(("splats", name)), LAYERS)


@pytest.mark.parametrize("name", HELPERS)
def test_helpers(name: str, spelled: Spelled) -> None:
    spelled(HELPERS[name], LATER.get(("helpers", name)), LAYERS)


@pytest.mark.parametrize("name", HANDED)
def test_handed_functions(name: str, spelled: Spelled) -> None:
    spelled(HANDED[name], None, LAYERS)


@pytest.mark.parametrize("name", MADE)
def test_objects_that_are_made_without_a_name(name: str, spelled: Spelled) -> None:
    spelled(MADE[name], LATER.get(("made", name)), LAYERS)


@pytest.mark.parametrize("name", VALUES)
def test_values(name: str, spelled: Spelled) -> None:
    spelled(VALUES[name], LATER.get(("values", name)), LAYERS)


@pytest.mark.parametrize("name", UNDECIDED)
def test_callers_decide_which_it_is(name: str, spelled: Spelled) -> None:
    spelled(UNDECIDED[name], None, LAYERS)
