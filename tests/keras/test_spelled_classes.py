"""Layer classes that are not called by their names: partials, classes held in values, subclasses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Reader
    from tests.keras.conftest import Spelled

LAYERS = "from keras import layers, regularizers\n"
PARTIAL = "from functools import partial\nfrom keras.layers import Dense\n" + LAYERS

PARTIALS = {
    "a regularizer bound": ("Fc = partial(Dense, kernel_regularizer='l2')\nFc(4)", ["Dense l2(0.01)"]),
    "a regularizer replaced": (
        "Fc = partial(Dense, kernel_regularizer='l2')\nFc(4, kernel_regularizer='l1')",
        ["Dense l1(0.01)"],
    ),
    "of a partial": (
        "A = partial(Dense, kernel_regularizer='l2')\nB = partial(A, units=4)\nB()",
        ["Dense l2(0.01)"],
    ),
    "under the class's name": (
        "Dense = partial(Dense, kernel_regularizer='l2')\nDense(4)",
        ["Dense l2(0.01)"],
    ),
    "under the class's name in a function": (
        "def f():\n    D = partial(Dense, 4)\n    D(kernel_regularizer='l2')",
        ["Dense l2(0.01)"],
    ),
    "positional": ("Fc = partial(Dense, 4, None, True, 'zeros', 'zeros')\nFc('l2')", ["Dense l2(0.01)"]),
    "from another file": (
        "from parts import Fc\nFc(4)",
        ["Dense l2(0.01)"],
        {
            "parts": """
        from functools import partial
        from keras.layers import Dense
        from keras import layers, regularizers
        Fc = partial(Dense, kernel_regularizer='l2')
        """
        },
    ),
    "on self": (
        """
        class A:
            def __init__(self):
                self.fc = partial(Dense, kernel_regularizer='l2')
            def f(self):
                self.fc(4)
        """,
        ["Dense l2(0.01)"],
    ),
    "with a splat": (
        "D = dict(kernel_regularizer='l2')\nFc = partial(Dense, **D)\nFc(4)",
        ["Dense l2(0.01)"],
    ),
    "of a project subclass": (
        "class Mine(Dense): pass\nFc = partial(Mine, kernel_regularizer='l2')\nFc(4)",
        ["Mine:Dense l2(0.01)"],
    ),
    "of a choice": (
        "C = layers.Conv1D if flag else layers.Conv1D\nFc = partial(C, 4)\nFc(3)",
        ["Conv1D absent"],
    ),
    "called at once": ("partial(Dense, 4)(kernel_regularizer='l2')", ["Dense l2(0.01)"]),
    "returned by a helper": (
        "def make():\n    return partial(Dense, kernel_regularizer='l2')\nmake()(4)",
        ["Dense l2(0.01)"],
    ),
    "of a project function": (
        """
        def block(n, reg=None):
            return Dense(n, kernel_regularizer=reg)
        Fc = partial(block, reg='l2')
        Fc(4)
        """,
        ["Dense l2(0.01)"],
    ),
    "of a project function called plainly too": (
        """
        def block(n, reg=None):
            return Dense(n, kernel_regularizer=reg)
        Fc = partial(block, reg='l2')
        Fc(4)
        block(3)
        """,
        ["Dense passed"],
    ),
    "of what a function returns": (
        "def plain(layer):\n    return layer\nFc = partial(plain(Dense), kernel_regularizer='l2')\nFc(4)",
        ["Dense l2(0.01)"],
    ),
    "of what one of two functions returns that an object has": (
        """
        class Net:
            def __init__(self, wraps):
                self.wrap = (lambda layer: print) if wraps else (lambda layer: layer)
            def build(self):
                Fc = partial(self.wrap(Dense), kernel_regularizer='l2')
                Fc(4)
                Bare = self.wrap(Dense)
                Bare(4)
        """,
        ["Dense l2(0.01)", "Dense absent"],
    ),
    "of what a function makes of a layer": (
        "def told(layer):\n    print(layer)\n    return print\nFc = partial(told(Dense), 4)\nFc(4)",
        [],
    ),
    "of something else": ("Fc = partial(print, Dense)\nFc(4)", []),
    "not functools": ("def partial(*a): return print\nFc = partial(Dense, 4)\nFc()", []),
    "making a partial is no site": ("Fc = partial(Dense, 4)", []),
}

HELD = {
    "a list that grows": ("ks = []\nks.append(layers.Dense)\nks[0](4)", ["Dense absent"]),
    "a list with a splat": ("ks = [*[layers.Dense], layers.LSTM]\nks[1](4)", ["LSTM absent"]),
    "a generator": (
        "def kinds():\n    yield layers.Dense\nfor K in kinds():\n    K(4)",
        ["Dense absent"],
    ),
    "a walrus in the same expression": ("[d := layers.Dense, d(4)]", ["Dense absent"]),
    "through self of a base class": (
        """
        class Base:
            def __init__(self, norm):
                self.norm = norm
        class Net(Base):
            def f(self):
                self.norm()
        Net(layers.BatchNormalization).f()
        """,
        ["BatchNormalization absent"],
    ),
    "a dict by a constant": ("K = {'d': layers.Dense, 'l': layers.LSTM}\nK['d'](4)", ["Dense absent"]),
    "a dict of a module": (
        "import kinds\nkinds.K['d'](4)",
        ["Dense absent"],
        {"kinds": "from keras import layers, regularizers\nK = dict(d=layers.Dense)"},
    ),
    "a dict by a key of the caller": (
        """
        K = {'d': layers.Dense, 'l': layers.LSTM}
        def f(kind):
            K[kind](4)
        f('d')
        """,
        ["Dense absent"],
    ),
    "a dict by a key with a default": (
        """
        K = {'d': layers.Dense, 'l': layers.LSTM}
        def f(kind='d'):
            K[kind](4)
        f()
        """,
        ["Dense absent"],
    ),
    "a dict of one class": (
        "K = {'a': layers.Dense, 'b': layers.Dense}\ndef f(kind):\n    K[kind](4)",
        ["Dense absent"],
    ),
    "get": (
        "K = {'d': layers.Dense}\nK.get('d')(4)\nK.get('x', layers.LSTM)(4)",
        ["Dense absent", "LSTM absent"],
    ),
    "a tuple by a constant": ("(layers.LSTM, layers.Dense)[1](4)", ["Dense absent"]),
    "a loop over one class": (
        "for n, Fc in enumerate([layers.Dense, layers.Dense]):\n    Fc(4)",
        ["Dense absent"],
    ),
    "zip": ("for n, Fc in zip([1, 2], [layers.Dense, layers.Dense]):\n    Fc(4)", ["Dense absent"]),
    "items": ("for k, Fc in {'a': layers.Dense, 'b': layers.Dense}.items():\n    Fc(4)", ["Dense absent"]),
    "values": ("[Fc(4) for Fc in {'a': layers.Dense}.values()]", ["Dense absent"]),
    "a parameter": ("def f(x, conv):\n    conv(4, 3)(x)\nf(1, layers.Conv2D)", ["Conv2D absent"]),
    "a parameter's default": ("def f(x, conv=layers.Conv2D):\n    conv(4, 3)(x)\nf(1)", ["Conv2D absent"]),
    "a parameter's default without a call": (
        "def f(x, conv=layers.Conv2D):\n    conv(4, 3)(x)",
        ["Conv2D absent"],
    ),
    "a parameter kept on self": (
        """
        class A:
            def __init__(self, norm=layers.BatchNormalization):
                self.norm = norm
            def f(self):
                self.norm()
        A().f()
        """,
        ["BatchNormalization absent"],
    ),
    "a parameter from another file": (
        "def f(conv):\n    conv(4, 3)",
        ["Conv2D absent"],
        {"user": "from keras import layers, regularizers\nfrom model import f\nf(layers.Conv2D)"},
    ),
    "a partial as a parameter": (
        """
        from functools import partial
        from keras.layers import Dense
        from keras import layers, regularizers
        def f(fc):
            fc(4)
        f(partial(Dense, kernel_regularizer='l2'))
        """,
        ["Dense l2(0.01)"],
    ),
    "a parameter that gets functions": ("def f(conv):\n    conv(4, 3)\nf(print)", []),
    "a parameter of nobody": ("def f(conv):\n    conv(4, 3)", []),
    "a namedtuple": (
        """
        from collections import namedtuple
        P = namedtuple('P', 'norm rate')
        p = P(norm=layers.BatchNormalization, rate=1)
        p.norm()
        """,
        ["BatchNormalization absent"],
    ),
    "getattr of a constant %": ("getattr(layers, 'Conv%dD' % 2)(4, 3)", ["Conv2D absent"]),
    "getattr of a constant f-string": ("N = 2\ngetattr(layers, f'Conv{N}D')(4, 3)", ["Conv2D absent"]),
    "getattr of format": ("getattr(layers, 'Conv{}D'.format(2))(4, 3)", ["Conv2D absent"]),
    "getattr of a sum": ("getattr(layers, 'Conv' + str(2) + 'D')(4, 3)", ["Conv2D absent"]),
    "getattr of a parameter": ("def f(kind):\n    getattr(layers, kind)(4)\nf('Dense')", ["Dense absent"]),
    "getattr with a default": ("getattr(layers, 'Dense', None)(4)", ["Dense absent"]),
    "getattr of something else": ("import torch\ngetattr(torch.nn, 'Conv%dd' % 2)(4, 3)", []),
    "getattr of no layer": ("getattr(layers, 'Conv%s' % 'x')(4, 3)", []),
    "getattr of anything": ("getattr(layers, name)(4)", []),
    "a dict with other things": ("K = {'d': print, 'l': layers.LSTM}\nK['d'](4)", []),
    "globals": ("from keras.layers import Dense\nglobals()['Dense'](4)", ["Dense absent"]),
}

PICKED = {
    "by a pair, of which one part is known": (
        """
        KINDS = {('conv', 1): layers.Conv1D, ('conv', 2): layers.Conv2D, ('pool', 1): layers.MaxPool1D}
        def kind(name, rank):
            try:
                return KINDS[(name, rank)]
            except KeyError as error:
                raise ValueError(name) from error
        def f(rank):
            kind('conv', rank)(4, 3)
            kind('pool', rank)(2)
        """,
        ["Conv1D absent"],
    ),
    "by a pair without parentheses": (
        "KINDS = {('a', 1): layers.Conv1D, ('a', 2): layers.Dense}\nKINDS['a', 2](4)",
        ["Dense absent"],
    ),
    "by a pair with get": (
        "KINDS = {(1, True): layers.Dense}\nKINDS.get((1, True), layers.Conv1D)(4)",
        ["Dense absent"],
    ),
    "each of the pairs": (
        """
        KINDS = {('fc', 'l2'): layers.Dense}
        for name, reg in KINDS:
            KINDS[name, reg](4, kernel_regularizer=reg)
        """,
        ["Dense l2(0.01)"],
    ),
    "each of the pairs with its class": (
        """
        KINDS = {('fc', 'l2'): layers.Dense}
        for (name, reg), kind in KINDS.items():
            kind(4, name=name, kernel_regularizer=reg)
        """,
        ["Dense l2(0.01)"],
    ),
    "each of the names with its class": (
        """
        KINDS = {'fc': layers.Dense, 'flat': layers.Flatten}
        for name, kind in KINDS.items():
            kind(4, name=name)
        """,
        ["Dense absent"],
    ),
    "by a pair that is not there": (
        "KINDS = {('a', 1): layers.Dense, ('a', 2): layers.Flatten}\nKINDS['a', 2]()\nKINDS['b', 1](4)",
        [],
    ),
}

MADE = {
    "type": ("Own = type('Own', (layers.Dense,), {})\nOwn(4, kernel_regularizer='l2')", ["Dense l2(0.01)"]),
    "type, with an __init__ that hands all on": (
        """
        def own(base):
            def __init__(self, *args, **kwargs):
                kwargs['name'] = 'own'
                return base.__init__(self, *args, **kwargs)
            return type(base.__name__, (base,), {'__init__': __init__})
        Own = own(layers.Conv1D)
        Own(4, 3)
        """,
        ["Conv1D absent"],
    ),
    "type, with an __init__ that may add a regularizer": (
        """
        def own(base):
            def __init__(self, *args, **kwargs):
                kwargs['kernel_regularizer'] = 'l2'
                return base.__init__(self, *args, **kwargs)
            return type(base.__name__, (base,), {'__init__': __init__})
        Own = own(layers.Conv1D)
        Own(4, 3)
        """,
        ["Conv1D unknown"],
    ),
    "type, registered by hand": (
        """
        import keras
        def own(base):
            def __init__(self, *args, **kwargs):
                kwargs['name'] = 'own'
                return base.__init__(self, *args, **kwargs)
            return type(base.__name__, (base,), {'__init__': __init__})
        Own = keras.saving.register_keras_serializable(package='own')(own(layers.Conv1D))
        Own(4, 3)
        """,
        ["Conv1D absent"],
    ),
    "type, with an __init__ of its own": (
        """
        def init(self, units):
            layers.Dense.__init__(self, units, kernel_regularizer='l2')
        Own = type('Own', (layers.Dense,), {'__init__': init})
        Own(4)
        """,
        ["Dense unknown"],
    ),
    "type of two bases": ("Own = type('Own', (Mixin, Other), {})\nOwn(4)", []),
    "type of no layer": ("Own = type('Own', (layers.Flatten,), {})\nOwn()", []),
    "a decorator of the project by hand": (
        """
        def export(*names):
            def decorator(symbol):
                NAMES[names] = symbol
                return symbol
            return decorator
        Own = export('own')(layers.Dense)
        Own(4)
        """,
        ["Dense absent"],
    ),
    "a decorator of Keras by hand": (
        """
        import keras
        class Mine(layers.Dense):
            pass
        Own = keras.saving.register_keras_serializable(package='own')(Mine)
        Own(4)
        """,
        ["Mine:Dense absent"],
    ),
    "two decorators by hand": (
        """
        import keras
        def export(*names):
            def decorator(symbol):
                return symbol
            return decorator
        Own = export('own')(keras.utils.register_keras_serializable()(layers.Dense))
        Own(4)
        """,
        ["Dense absent"],
    ),
    "a class that a function of elsewhere makes": (
        "from elsewhere import record\nP = record('P', 'kind')\np = P(layers.Dense)\np(4)",
        [],
    ),
    "a layer called with what is no class": ("x = layers.Flatten()(Dense)\nx(4)", []),
    "a function of elsewhere called with a function": (
        """
        import jax
        def block(x):
            return layers.Dense(4)(x)
        jax.vmap(axis=0)(block)(4)
        """,
        ["Dense absent"],
    ),
}

TESTED = {
    "pytest": (
        """
        import pytest
        @pytest.mark.parametrize("layer", [layers.Dense])
        def test(layer):
            layer(4)
        """,
        ["Dense absent"],
    ),
    "pytest, several parameters": (
        """
        import pytest
        @pytest.mark.parametrize("reg, layer", [("l2", layers.Dense), ("l2", layers.Conv1D)])
        def test(layer, reg):
            layer(4, kernel_regularizer=reg)
        """,
        ["Dense l2(0.01)"],
    ),
    "pytest, with an id": (
        """
        import pytest
        @pytest.mark.parametrize("layer, n", [pytest.param(layers.Dense, 4, id="dense")])
        def test(layer, n):
            layer(n)
        """,
        ["Dense absent"],
    ),
    "pytest, twice": (
        """
        import pytest
        @pytest.mark.parametrize("n", [4, 5])
        @pytest.mark.parametrize("layer", [layers.Dense])
        def test(n, layer):
            layer(n, kernel_regularizer="l2")
        """,
        ["Dense l2(0.01)"],
    ),
    "pytest, two tests of one list": (
        """
        import pytest
        CASES = [(layers.Dense, {"kernel_regularizer": "l2"})]
        class Test:
            @pytest.mark.parametrize("layer, given", CASES)
            def test_once(self, layer, given):
                layer(4, **given)
            @pytest.mark.parametrize("layer, given", CASES)
            def test_again(self, layer, given):
                layer(4, **given)
        """,
        ["Dense l2(0.01)", "Dense l2(0.01)"],
    ),
    "pytest, a list that something may change": (
        """
        import pytest, tools
        CASES = [layers.Dense]
        tools.extend(CASES)
        @pytest.mark.parametrize("layer", CASES)
        def test(layer):
            layer(4)
        """,
        [],
    ),
    "pytest, another parameter": (
        """
        import pytest
        @pytest.mark.parametrize("layer, act", [(layers.Dense, print)])
        def test(layer, act):
            act(4)
        """,
        [],
    ),
    "absl": (
        """
        from absl.testing import parameterized
        class Test(parameterized.TestCase):
            @parameterized.parameters(layers.Dense, layers.Dense)
            def test(self, layer):
                layer(4)
        """,
        ["Dense absent"],
    ),
    "absl, tuples": (
        """
        from absl.testing import parameterized
        class Test(parameterized.TestCase):
            @parameterized.parameters((layers.Dense, {'units': 4}), (layers.Dense, {'units': 5}))
            def test(self, layer, kwargs):
                layer(**kwargs)
        """,
        ["Dense absent"],
    ),
    "absl, dicts with names": (
        """
        from absl.testing import parameterized
        class Test(parameterized.TestCase):
            @parameterized.named_parameters({'testcase_name': 'a', 'layer': layers.Dense})
            def test(self, layer):
                layer(4)
        """,
        ["Dense absent"],
    ),
    "absl, tuples with names": (
        """
        from absl.testing import parameterized
        class Test(parameterized.TestCase):
            @parameterized.named_parameters(('a', layers.Dense), ('b', layers.Dense))
            def test(self, layer):
                layer(4)
        """,
        ["Dense absent"],
    ),
    "parameterized": (
        """
        from parameterized import parameterized
        class Test:
            @parameterized.expand([[layers.Dense], [layers.Dense]])
            def test(self, layer):
                layer(4)
        """,
        ["Dense absent"],
    ),
    "another decorator": (
        """
        @register(layers.Dense)
        def test(layer):
            layer(4)
        """,
        [],
    ),
}

ONE_OF_SEVERAL = {
    "a conditional expression": "K = layers.LSTM if flag else layers.GRU\nK(4)",
    "a conditional expression called": "(layers.LSTM if flag else layers.GRU)(4)",
    "if and else": "if flag:\n    K = layers.LSTM\nelse:\n    K = layers.GRU\nK(4)",
    "a list by a computed index": "def f(n):\n    [layers.LSTM, layers.GRU][n - 1](4)",
    "a dict by a parameter": "K = {'l': layers.LSTM, 'g': layers.GRU}\ndef f(kind):\n    K[kind](4)",
    "get by a parameter": "K = {'l': layers.LSTM, 'g': layers.GRU}\ndef f(kind):\n    K.get(kind)(4)",
    "a loop": "for K in (layers.LSTM, layers.GRU):\n    K(4)",
    "a comprehension": "[K(4) for K in (layers.LSTM, layers.GRU)]",
    "items of a dict": "for name, K in {'l': layers.LSTM, 'g': layers.GRU}.items():\n    K(4)",
    "a parameter": "def f(K):\n    K(4)\nf(layers.LSTM)\nf(layers.GRU)",
    "a helper": "def kind(flag):\n    if flag:\n        return layers.LSTM\n    return layers.GRU\nkind(1)(4)",
    "a partial or a class": "from functools import partial\n"
    "K = partial(layers.LSTM, use_bias=False) if flag else layers.GRU\nK(4)",
    "getattr %": "def f(n):\n    getattr(layers, 'Conv%dD' % n)(4, 3)",
    "getattr f-string": "def f(n):\n    getattr(layers, f'Conv{n}D')(4, 3)",
    "getattr format": "def f(n):\n    getattr(layers, 'Conv{}D'.format(n))(4, 3)",
    "getattr in a loop": "for kind in ('LSTM', 'GRU'):\n    getattr(layers, kind)(4)",
}


SUBCLASSES = {
    "from another file": (
        "from parts import Mine\nMine(4)",
        ["Mine:Dense l2(0.01)"],
        {
            "parts": """
        from keras import layers, regularizers
        class Mine(layers.Dense):
            def __init__(self, n):
                super().__init__(n, kernel_regularizer='l2')
        """
        },
    ),
    "its own default": (
        """
        class Mine(layers.Dense):
            def __init__(self, n, kernel_regularizer='l2', **kw):
                super().__init__(n, kernel_regularizer=kernel_regularizer, **kw)
        Mine(4)
        Mine(4, kernel_regularizer=None)
        """,
        ["Mine:Dense l2(0.01)", "Mine:Dense none"],
    ),
    "positional through two": (
        """
        class A(layers.Conv2D):
            def __init__(self, n, k, reg=None, **kw):
                super().__init__(n, k, kernel_regularizer=reg, **kw)
        class B(A):
            def __init__(self, n):
                super().__init__(n, 3, 'l2')
        B(4)
        """,
        ["B:Conv2D l2(0.01)"],
    ),
    "args and kwargs": (
        """
        class Mine(layers.Dense):
            def __init__(self, *args, **kw):
                super(Mine, self).__init__(*args, kernel_regularizer='l2', **kw)
        Mine(4)
        """,
        ["Mine:Dense l2(0.01)"],
    ),
    "kwargs with an entry set": (
        """
        class Mine(layers.Dense):
            def __init__(self, n, **kw):
                kw['kernel_regularizer'] = 'l2'
                super().__init__(n, **kw)
        Mine(4)
        """,
        ["Mine:Dense l2(0.01)"],
    ),
    "kwargs with a default set": (
        """
        class Mine(layers.Dense):
            def __init__(self, n, **kw):
                kw.setdefault('kernel_regularizer', 'l2')
                super().__init__(n, **kw)
        Mine(4)
        Mine(4, kernel_regularizer='l1')
        """,
        ["Mine:Dense l2(0.01)", "Mine:Dense l1(0.01)"],
    ),
    "None replaced": (
        """
        class Mine(layers.Dense):
            def __init__(self, n, reg=None):
                if reg is None:
                    reg = regularizers.l2(0.1)
                super().__init__(n, kernel_regularizer=reg)
        Mine(4)
        """,
        ["Mine:Dense l2(0.1)"],
    ),
    "the attribute set afterwards": (
        """
        class Mine(layers.Dense):
            def __init__(self, n, **kw):
                super().__init__(n, **kw)
                self.kernel_regularizer = regularizers.get('l2')
        Mine(4)
        """,
        ["Mine:Dense l2(0.01)"],
    ),
    "a build of its own": (
        """
        class Mine(layers.Conv2D):
            def build(self, shape):
                self.mine = self.add_weight(name='mine', shape=shape)
        Mine(4, 3)
        """,
        ["Mine:Conv2D unknown"],
    ),
    "a build that builds the base": (
        """
        class Mine(layers.Dense):
            def build(self, shape):
                super().build(shape)
        Mine(4)
        """,
        ["Mine:Dense absent"],
    ),
    "a mixin": ("class Mixin: pass\nclass Mine(Mixin, layers.Dense): pass\nMine(4)", ["Mine:Dense absent"]),
    "a base that a helper returns": (
        """
        def base():
            return layers.Dense
        class Mine(base()): pass
        Mine(4)
        """,
        ["Mine:Dense absent"],
    ),
    "under the base's name": (
        "from keras import layers\nclass Dense(layers.Dense): pass\nDense(4)",
        ["Dense:Dense absent"],
    ),
    "through self.__class__": (
        "class Mine(layers.Dense):\n    def copy(self):\n        return self.__class__(4)",
        ["Mine:Dense absent"],
    ),
    "through type": (
        "class Mine(layers.Dense):\n    def copy(self):\n        return type(self)(4)",
        ["Mine:Dense absent"],
    ),
    "a type that is made": ("Mine = type('Mine', (object,), {})\nMine(4)", []),
    "cls": (
        """
        class Mine(layers.Dense):
            @classmethod
            def make(cls):
                return cls(4)
        """,
        ["Mine:Dense absent"],
    ),
    "in a function": (
        "def f():\n    class Mine(layers.Dense): pass\n    return Mine(4)",
        ["Mine:Dense absent"],
    ),
    "super is no site": (
        """
        class Mine(layers.Dense):
            def __init__(self):
                super().__init__(4)
                layers.Dense.__init__(self, 4)
        """,
        [],
    ),
    "a layer of the project": (
        "class Dense(layers.Layer):\n    def __init__(self, n): super().__init__()\nDense(4)",
        [],
    ),
    "a base of another framework": ("import torch\nclass Dense(torch.nn.Linear): pass\nDense(4, 4)", []),
    "a base of that name": ("class Dense: pass\nclass Mine(Dense): pass\nMine(4)", []),
    "from_config is no constructor": ("layers.Dense.from_config({})\nisinstance(x, layers.Dense)", []),
    "a model": ("import keras\nclass Dense(keras.Model): pass\nDense(4)", []),
}

# Not read yet, and why.
LATER = {
    ("held", "a walrus in the same expression"): "what a statement binds is there from the next one on",
}


@pytest.mark.parametrize("name", PARTIALS)
def test_partials(name: str, spelled: Spelled) -> None:
    spelled(PARTIALS[name], LATER.get(("partials", name)), PARTIAL)


@pytest.mark.parametrize("name", HELD)
def test_held_classes(name: str, spelled: Spelled) -> None:
    spelled(HELD[name], LATER.get(("held", name)), LAYERS)


@pytest.mark.parametrize("name", TESTED)
def test_classes_of_test_cases(name: str, spelled: Spelled) -> None:
    spelled(TESTED[name], None, LAYERS)


@pytest.mark.parametrize("name", PICKED)
def test_classes_picked_by_tuples(name: str, spelled: Spelled) -> None:
    spelled(PICKED[name], None, LAYERS)


@pytest.mark.parametrize("name", MADE)
def test_classes_made_by_calls(name: str, spelled: Spelled) -> None:
    spelled(MADE[name], None, LAYERS)


@pytest.mark.parametrize("name", SUBCLASSES)
def test_subclasses(name: str, spelled: Spelled) -> None:
    spelled(SUBCLASSES[name], LATER.get(("subclasses", name)), LAYERS)


@pytest.mark.parametrize("spelling", ONE_OF_SEVERAL)
def test_one_of_several_classes_is_one_site(
    spelling: str, read: Reader, request: pytest.FixtureRequest
) -> None:
    later = LATER.get(("one_of_several_classes_is_one_site", spelling))
    if later is not None:
        request.applymarker(pytest.mark.xfail(strict=True, reason=later))
    module = read(LAYERS + ONE_OF_SEVERAL[spelling])
    (site,) = module.sites
    assert site.weights[0].state == "absent"
