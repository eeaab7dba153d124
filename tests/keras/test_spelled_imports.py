"""How the names of Keras come into a module: imports, re-exports, aliases, modules handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.keras.conftest import Spelled

LAYERS = "from keras import layers, regularizers\n"

ROOTS = {
    "regularizers that came with a star import of the layers": (
        "from keras.layers import *\nDense(4, kernel_regularizer=regularizers.l2(0.1))",
        ["Dense l2(0.1)"],
    ),
    "no regularizers with a star import of TensorFlow's layers": (
        "from tensorflow.keras.layers import *\nDense(4, kernel_regularizer=regularizers.l2(0.1))",
        ["Dense unknown"],
    ),
    "tensorflow.compat.v1.keras.layers": (
        "from tensorflow.compat.v1.keras.layers import Dense\nDense(4)",
        ["Dense absent"],
    ),
    "tensorflow.compat.v2.keras.layers": (
        "from tensorflow.compat.v2.keras.layers import Dense\nDense(4)",
        ["Dense absent"],
    ),
    "tensorflow.python.keras.layers": (
        "from tensorflow.python.keras.layers import Dense\nDense(4)",
        ["Dense absent"],
    ),
    "tensorflow.python.keras.layers.core": (
        "from tensorflow.python.keras.layers.core import Dense\nDense(4)",
        ["Dense absent"],
    ),
    "tensorflow.python.keras.api._v2.keras.layers": (
        "from tensorflow.python.keras.api._v2.keras.layers import Dense\nDense(4)",
        ["Dense absent"],
    ),
    "a package outside of the project that says which Keras it runs on": (
        "from package.backend import keras, K\nkeras.layers.Dense(4, kernel_regularizer=keras.regularizers.l1())",
        ["Dense l1(0.01)"],
    ),
    "a package outside of the project with layers of its own": (
        "from package.api.keras.layers import Dense\nfrom package import layers\nDense(4)\nlayers.Dense(4)\n"
        "import keras.layers as L",
        [],
    ),
    "keras.api.layers": ("from keras.api.layers import Dense\nDense(4)", ["Dense absent"]),
    "keras.api._v2.keras.layers": (
        "from keras.api._v2.keras.layers import Dense\nDense(4)",
        ["Dense absent"],
    ),
    "keras.layers.core.dense": ("from keras.layers.core.dense import Dense\nDense(4)", ["Dense absent"]),
    "tf_keras.src.layers": ("from tf_keras.src.layers import Dense\nDense(4)", ["Dense absent"]),
    "keras_core.layers": ("from keras_core.layers import Dense\nDense(4)", ["Dense absent"]),
    "convolutional": ("from keras.layers.convolutional import Conv2D\nConv2D(4, 3)", ["Conv2D absent"]),
    "recurrent": ("from keras.layers.recurrent import LSTM\nLSTM(4)", ["LSTM absent"]),
    "embeddings": ("from keras.layers.embeddings import Embedding\nEmbedding(9, 4)", ["Embedding absent"]),
    "normalization": (
        "from keras.layers.normalization import BatchNormalization as BN\nBN()",
        ["BatchNormalization absent"],
    ),
    "experimental": (
        "import tensorflow as tf\ntf.keras.layers.experimental.SyncBatchNormalization()",
        ["SyncBatchNormalization absent"],
    ),
    "a star import from a submodule": ("from keras.layers.core import *\nDense(4)", ["Dense absent"]),
    "a star import from the root": ("from tensorflow.keras import *\nlayers.Dense(4)", ["Dense absent"]),
    "compat as tf": ("import tensorflow.compat.v2 as tf\ntf.keras.layers.Dense(4)", ["Dense absent"]),
    "tf.compat": ("import tensorflow as tf\ntf.compat.v1.keras.layers.Dense(4)", ["Dense absent"]),
    "Keras 1 name": ("from keras.layers import Convolution2D\nConvolution2D(4, 3, 3)", ["Conv2D absent"]),
    "import of the submodule": ("import keras.layers\nkeras.layers.Dense(4)", ["Dense absent"]),
    "importlib of a submodule": (
        "from importlib import import_module\nL = import_module('keras.layers')\nL.Dense(4)",
        ["Dense absent"],
    ),
    "importlib of a computed name": (
        """
        import importlib
        ROOT = 'keras'
        L = importlib.import_module(ROOT + '.layers')
        L.Dense(4)
        """,
        ["Dense absent"],
    ),
    "importlib of a relative name": (
        "import importlib\nm = importlib.import_module('.parts', 'pkg')\nm.layers.Dense(4)",
        ["Dense absent"],
        {"pkg/__init__": "", "pkg/parts": "from keras import layers, regularizers\n"},
    ),
    "importlib of something else": (
        "import importlib\nL = importlib.import_module('torch.nn')\nL.Dense(4)",
        [],
    ),
    "__import__": ("keras = __import__('keras')\nkeras.layers.Dense(4)", ["Dense absent"]),
    "TensorFlow's lazy loader": (
        """
        from tensorflow.python.util.lazy_loader import LazyLoader
        keras = LazyLoader("keras", globals(), "keras")
        keras.layers.Dense(4)
        """,
        ["Dense absent"],
    ),
    "the project's own lazy loader": (
        """
        from lazy import LazyLoader
        keras = LazyLoader('keras', globals(), 'keras')
        keras.layers.Dense(4)
        """,
        ["Dense absent"],
        {
            "lazy": """
        import importlib, types
        class LazyLoader(types.ModuleType):
            def __init__(self, local, parent, name):
                super().__init__(name)
            def __getattr__(self, item):
                return getattr(importlib.import_module(self.__name__), item)
        """
        },
    ),
    "a lazy loader of something else": (
        """
        from tensorflow.python.util.lazy_loader import LazyLoader
        nn = LazyLoader("nn", globals(), "torch.nn")
        nn.Conv2D(4)
        """,
        [],
    ),
    "skipped where it is missing": (
        "import pytest\ntf = pytest.importorskip('tensorflow')\ntf.keras.layers.Dense(4)",
        ["Dense absent"],
    ),
    "TensorFlow's own layers": (
        "import tensorflow as tf\ntf.layers.Dense(4)\ntf.compat.v1.layers.Dense(4)",
        [],
    ),
    "a package with layers": (
        "from keras_contrib.layers import Dense\nimport keras_hub as h\nh.layers.Dense(4)",
        [],
    ),
    "a relative module of that name": (
        "from .keras import layers\nlayers.Dense(4)",
        [],
        {"keras": "import torch as layers"},
    ),
}

CHOSEN = """\
import importlib, sys
def load(chosen):
    module = importlib.import_module("." + chosen, __name__)
    for each in dir(module):
        setattr(sys.modules[__name__], each, getattr(module, each))
load(read_settings())
"""

RE_EXPORTS = {
    "a backend that a package takes over": (
        "from pkg.backend import tf\ntf.keras.layers.Dense(4)",
        ["Dense absent"],
        {
            "pkg/__init__": "",
            "pkg/backend/__init__": CHOSEN,
            "pkg/backend/on_jax": "import jax as tf_is_not_here",
            "pkg/backend/on_tensorflow": "import tensorflow as tf",
        },
    ),
    "a module of a package that takes nothing over": (
        "from pkg.backend import tf\ntf.keras.layers.Dense(4)",
        [],
        {
            "pkg/__init__": "",
            "pkg/backend/__init__": CHOSEN.replace("setattr(sys.modules[__name__], each, ", "print("),
            "pkg/backend/on_tensorflow": "import tensorflow as tf",
        },
    ),
    "another layer that a package takes over": (
        "from pkg.backend import Dense\nDense(4)",
        [],
        {
            "pkg/__init__": "",
            "pkg/backend/__init__": CHOSEN,
            "pkg/backend/on_torch": "class Dense:\n    pass",
        },
    ),
    "from the folder that a script is run in": (
        "from tool.nets.net import conv\nconv(4, 3)",
        ["Conv2D absent"],
        {
            "setup": "",
            "tool/nets/net": "from parts import conv",
            "tool/parts": "from keras.layers import Conv2D as conv",
        },
    ),
    "a module": (
        "from backend import keras\nkeras.layers.Dense(4)",
        ["Dense absent"],
        {"backend": "from tensorflow import keras"},
    ),
    "an assigned module": (
        "from backend import L\nL.Dense(4)",
        ["Dense absent"],
        {"backend": "import tensorflow as tf\nL = tf.keras.layers"},
    ),
    "a name of the module": (
        "import backend as b\nb.layers.Dense(4)",
        ["Dense absent"],
        {"backend": "from keras import layers, regularizers\n"},
    ),
    "through two packages": (
        "from pkg import Dense\nDense(4)",
        ["Dense absent"],
        {
            "pkg/__init__": "from .sub import Dense",
            "pkg/sub/__init__": "from .parts import Dense",
            "pkg/sub/parts": "from keras.layers import Dense",
        },
    ),
    "from the folder above": (
        "from pkg.sub.model import build\nbuild.Dense(4)",
        ["Dense absent"],
        {
            "pkg/__init__": "",
            "pkg/compat": "from keras import layers, regularizers\n",
            "pkg/sub/__init__": "",
            "pkg/sub/model": "from ..compat import layers as build",
        },
    ),
    "a star of a star": (
        "from a import *\nlayers.Dense(4)",
        ["Dense absent"],
        {"a": "from b import *", "b": "from keras import layers"},
    ),
    "a submodule": (
        "import pkg.parts\npkg.parts.layers.Dense(4)",
        ["Dense absent"],
        {"pkg/__init__": "", "pkg/parts": "from keras import layers, regularizers\n"},
    ),
    "either root": (
        "from backend import keras\nkeras.layers.Dense(4)",
        ["Dense absent"],
        {
            "backend": """
        try:
            import tf_keras as keras
        except ImportError:
            from tensorflow import keras
        """
        },
    ),
    "in a function of the module": (
        "import backend\nbackend.setup()\nbackend.layers.Dense(4)",
        ["Dense absent"],
        {"backend": "def setup():\n    global layers\n    from keras import layers"},
    ),
    "__getattr__ of the module": (
        "from backend import layers\nlayers.Dense(4)",
        ["Dense absent"],
        {"backend": "def __getattr__(name):\n    import keras\n    return getattr(keras, name)"},
    ),
    "__all__ adds a private name": (
        "from parts import *\n_Dense(4)",
        ["Dense absent"],
        {"parts": "from keras.layers import Dense as _Dense\n__all__ = ['_Dense']"},
    ),
    "__all__ leaves a name out": (
        "from parts import *\nDense(4)",
        [],
        {"parts": "from keras.layers import Dense\n__all__ = ['other']\nother = 1"},
    ),
    "__all__ leaves another one of that name out": (
        "from keras.layers import *\nfrom parts import *\nDense(4)",
        ["Dense absent"],
        {"parts": "class Dense: pass\n__all__ = ['other']\nother = 1"},
    ),
    "__all__ that grows": (
        "from parts import *\n_Dense(4)",
        ["Dense absent"],
        {"parts": "from keras.layers import Dense as _Dense\n__all__ = []\n__all__ += ['_Dense']"},
    ),
    "a private name": (
        "from parts import *\n_Dense(4)",
        [],
        {"parts": "from keras.layers import Dense as _Dense"},
    ),
    "a circle through a package": (
        "from pkg import Mine\nMine(4)",
        ["Mine:Dense absent"],
        {
            "pkg/__init__": "from .first import *\nfrom .second import *",
            "pkg/first": "from keras import layers, regularizers\nclass Mine(layers.Dense): pass",
            "pkg/second": "from . import Mine\ndef two(): return Mine(2)",
        },
    ),
    "a circle without an end": (
        "from a import layers\nlayers.Dense(4)",
        [],
        {"a": "from b import *", "b": "from a import *"},
    ),
    "the later star wins": (
        "from keras.layers import *\nfrom own import *\nDense(4)",
        [],
        {"own": "class Dense: pass"},
    ),
    "the later star is Keras": (
        "from own import *\nfrom keras.layers import *\nDense(4)",
        ["Dense absent"],
        {"own": "class Dense: pass"},
    ),
    "a module of that name": (
        "from pkg import layers\nlayers.Dense(4)",
        [],
        {"pkg/__init__": "", "pkg/layers": "class Dense: pass"},
    ),
    "a file that hides a folder further up": (
        "from pkg.models.net import conv\nconv(4, 3)",
        ["Conv2D absent"],
        {
            "pkg/models/net": "from models.util import conv",
            "pkg/models/models": "",
            "pkg/models/util": "from keras.layers import Conv2D as conv",
            "setup": "",
        },
    ),
}

ALIASES = {
    "of an alias": (
        """
        import tensorflow as tf
        K = tf.keras
        L = K.layers
        Fc = L.Dense
        Fc(4)
        """,
        ["Dense absent"],
    ),
    "in a function": (
        """
        import keras
        def f():
            L = keras.layers
            L.Dense(4)
        """,
        ["Dense absent"],
    ),
    "with an annotation": ("import keras\nL: object = keras.layers\nL.Dense(4)", ["Dense absent"]),
    "two at once": ("A = B = layers.Dense\nB(4)", ["Dense absent"]),
    "a tuple": ("A, (B, C) = layers.Dense, (layers.LSTM, layers.GRU)\nC(4)", ["GRU absent"]),
    "on self": (
        """
        class A:
            def __init__(self):
                self._norm = layers.BatchNormalization
            def f(self):
                self._norm()
        """,
        ["BatchNormalization absent"],
    ),
    "in the class": (
        """
        class A:
            Conv = layers.Conv2D
            def f(self):
                self.Conv(4, 3)
        A.Conv(4, 3)
        """,
        ["Conv2D absent", "Conv2D absent"],
    ),
    "in a base class": (
        """
        class A:
            Conv = layers.Conv2D
        class B(A):
            def f(self):
                self.Conv(4, 3)
        """,
        ["Conv2D absent"],
    ),
    "used in a method above it": (
        """
        class A:
            def f(self):
                Fc(4)
        Fc = layers.Dense
        """,
        ["Dense absent"],
    ),
    "a subclass used in a method above it": (
        """
        class A:
            def f(self):
                Fc(4)
        class Fc(layers.Dense): pass
        """,
        ["Fc:Dense absent"],
    ),
    "used above it at once": ("Fc(4)\nFc = layers.Dense", []),
    "bound anew": ("Fc = layers.Dense\nFc = print\nFc(4)", []),
    "bound anew to the same": ("Fc = print\nFc = layers.Dense\nFc(4)", ["Dense absent"]),
    "None until it is set": (
        """
        Fc = None
        def f():
            global Fc
            Fc = layers.Dense
            Fc(4)
        """,
        ["Dense absent"],
    ),
    "one arm of an if": (
        """
        Fc = None
        if flag:
            Fc = layers.Dense
        Fc(4)
        """,
        ["Dense absent"],
    ),
    "versions": (
        """
        import keras
        if keras.__version__ > '2':
            from keras.layers import Dense as Fc
        elif old:
            from keras.layers.core import Dense as Fc
        else:
            raise ImportError
        Fc(4)
        """,
        ["Dense absent"],
    ),
    "a stand-in where the import fails": (
        """
        try:
            from keras.layers import Dense
        except ImportError:
            Dense = None
        Dense(4)
        """,
        ["Dense absent"],
    ),
    "hidden by a local": (
        """
        Fc = layers.Dense
        def f():
            Fc = make()
            Fc(4)
        """,
        [],
    ),
    "hidden by a later local": (
        """
        Fc = layers.Dense
        def f():
            Fc(4)
            Fc = make()
        """,
        [],
    ),
    "hidden by a comprehension": ("[layers.Dense(4) for layers in things]", []),
    "hidden by a lambda": ("f = lambda layers: layers.Dense(4)", []),
    "hidden by except": ("try: pass\nexcept E as layers:\n    layers.Dense(4)", []),
    "hidden by with": ("with things() as layers:\n    layers.Dense(4)", []),
    "hidden by another import": ("from torch.nn import layers\nlayers.Dense(4)", []),
    "hidden by a walrus": ("if (layers := things()):\n    layers.Dense(4)", []),
    "a name of the class is not seen in its methods": (
        """
        from keras.layers import Dense
        class A:
            def Dense(self): pass
            def f(self):
                Dense(4)
        """,
        ["Dense absent"],
    ),
    "a method of that name": (
        """
        from keras.layers import Dense
        class A:
            def Dense(self): pass
            def f(self):
                self.Dense(4)
        """,
        [],
    ),
    "an attribute of a model": (
        """
        import keras
        m = keras.Sequential()
        m.Dense(4)
        keras.layers.Dense(4).LSTM(4)
        """,
        ["Dense absent"],
    ),
}

INJECTED = {
    "get": ("def f(**kw):\n    layers = kw.get('layers')\n    layers.Dense(4)", ["Dense absent"]),
    "pop with a default": (
        """
        from keras import layers, regularizers
        def f(**kw):
            L = kw.pop('layers', layers)
            L.Dense(4)
        """,
        ["Dense absent"],
    ),
    "from a parameter that is a dict": (
        "def f(modules):\n    layers = modules['layers']\n    layers.Dense(4)",
        ["Dense absent"],
    ),
    "the regularizers too": (
        """
        def f(**kw):
            layers, r = kw['layers'], kw['regularizers']
            layers.Dense(4, kernel_regularizer=r.l2(0.1))
        """,
        ["Dense l2(0.1)"],
    ),
    "keras itself": ("def f(**kw):\n    keras = kw['keras']\n    keras.layers.Dense(4)", ["Dense absent"]),
    "a helper outside the project": (
        """
        from keras_applications import get_submodules_from_kwargs
        def f(**kw):
            b, layers, m, u = get_submodules_from_kwargs(kw)
            layers.Dense(4)
        """,
        ["Dense absent"],
    ),
    "a helper in another file": (
        "from helper import modules\n_, L = modules()\nL.Dense(4)",
        ["Dense absent"],
        {
            "helper": """
        def modules():
            from tensorflow import keras
            return keras.backend, keras.layers
        """
        },
    ),
    "a parameter that callers give Keras": (
        """
        import keras
        def f(K):
            K.layers.Dense(4, kernel_regularizer=K.regularizers.l2(0.1))
        f(keras)
        """,
        ["Dense l2(0.1)"],
    ),
    "a parameter that callers give another module": (
        """
        import keras, torch
        def f(L):
            L.Dense(4)
        f(torch.nn)
        """,
        [],
    ),
    "a parameter that callers give an object": (
        """
        from keras import layers, regularizers
        class Maker:
            def Dense(self, n):
                return n
        def f(L):
            L.Dense(4)
        f(Maker())
        """,
        [],
    ),
    "a parameter of nobody": (
        "from keras import layers, regularizers\ndef f(L):\n    L.Dense(4)",
        [],
    ),
    "a parameter that callers give the module": (
        """
        from keras import layers, regularizers
        def f(L):
            L.Dense(4)
        f(layers)
        """,
        ["Dense absent"],
    ),
    "on self": (
        """
        class A:
            def __init__(self, **kw):
                self.layers = kw['layers']
            def f(self):
                self.layers.Dense(4)
        """,
        ["Dense absent"],
    ),
    "by a decorator": (
        """
        import functools, keras
        def inject(f):
            @functools.wraps(f)
            def g(*a, **kw):
                kw['layers'] = keras.layers
                return f(*a, **kw)
            return g
        @inject
        def build(**kw):
            kw['layers'].Dense(4)
        """,
        ["Dense absent"],
    ),
    "a module's globals": (
        """
        layers = None
        def setup(kw):
            global layers
            layers = kw['layers']
        def f():
            layers.Dense(4)
        """,
        ["Dense absent"],
    ),
    "names unpacked from a helper outside the project": (
        """
        from tools import keras_import
        Input, Conv2D = keras_import('layers', 'Input', 'Conv2D')
        Conv2D(4, 3)
        """,
        ["Conv2D absent"],
    ),
    "one name from a helper outside the project": (
        "from tools import keras_import\nDense = keras_import('layers', 'Dense')\nDense(4)",
        ["Dense absent"],
    ),
    "the module from a helper outside the project": (
        "from tools import import_keras\nkeras = import_keras()\nkeras.layers.Dense(4)",
        ["Dense absent"],
    ),
    "another module from a helper outside the project": (
        "from tools import keras_import\nDense = keras_import('blocks', 'Dense')\nDense(4)",
        [],
    ),
    "names from another helper outside the project": (
        "from tools import ask\nDense = ask('layers', 'Dense')\nDense(4)",
        [],
    ),
    "names unpacked from a helper of the project": (
        "from tools import keras_import\nInput, Dense = keras_import('layers', 'Input', 'Dense')\nDense(4)",
        ["Dense absent"],
        {
            "tools": """
            from importlib import import_module
            ROOT = 'keras' if new else 'tensorflow.keras'
            def keras_import(sub=None, *names):
                if sub is None:
                    return import_module(ROOT)
                mod = import_module('{R}.{sub}'.format(R=ROOT, sub=sub))
                if len(names) == 0:
                    return mod
                elif len(names) == 1:
                    return getattr(mod, names[0])
                return tuple(getattr(mod, name) for name in names)
            """
        },
    ),
    "one name from a helper of the project": (
        "from tools import keras_import\nFc = keras_import('layers', 'Dense')\nFc(4)",
        ["Dense absent"],
        {
            "tools": """
            from importlib import import_module
            ROOT = 'keras' if new else 'tensorflow.keras'
            def keras_import(sub=None, *names):
                if sub is None:
                    return import_module(ROOT)
                mod = import_module('{R}.{sub}'.format(R=ROOT, sub=sub))
                if len(names) == 0:
                    return mod
                elif len(names) == 1:
                    return getattr(mod, names[0])
                return tuple(getattr(mod, name) for name in names)
            """
        },
    ),
    "modules from a helper of the project": (
        """
        from tools import keras_import
        keras_import().layers.Dense(4)
        keras_import('layers').Dense(4)
        keras_import('blocks').Dense(4)
        """,
        ["Dense absent", "Dense absent"],
        {
            "tools": """
            from importlib import import_module
            ROOT = 'keras' if new else 'tensorflow.keras'
            def keras_import(sub=None, *names):
                if sub is None:
                    return import_module(ROOT)
                mod = import_module('{R}.{sub}'.format(R=ROOT, sub=sub))
                if len(names) == 0:
                    return mod
                elif len(names) == 1:
                    return getattr(mod, names[0])
                return tuple(getattr(mod, name) for name in names)
            """
        },
    ),
    "another key": ("def f(**kw):\n    layers = kw['blocks']\n    layers.Dense(4)", []),
    "a helper of the project that returns something else": (
        """
        import torch
        def modules():
            return torch.nn, torch
        layers, _ = modules()
        layers.Dense(4)
        """,
        [],
    ),
    "an object of the project": (
        """
        class Layers:
            def Dense(self, n): return n
        layers = Layers()
        layers.Dense(4)
        """,
        [],
    ),
    "a mock": ("from unittest import mock\nlayers = mock.Mock()\nlayers.Dense(4)", []),
}


# Not read yet, and why.
@pytest.mark.parametrize("name", ROOTS)
def test_roots(name: str, spelled: Spelled) -> None:
    spelled(ROOTS[name], None)


@pytest.mark.parametrize("name", RE_EXPORTS)
def test_re_exports(name: str, spelled: Spelled) -> None:
    spelled(RE_EXPORTS[name], None)


@pytest.mark.parametrize("name", ALIASES)
def test_aliases(name: str, spelled: Spelled) -> None:
    spelled(ALIASES[name], None, LAYERS)


@pytest.mark.parametrize("name", INJECTED)
def test_injected(name: str, spelled: Spelled) -> None:
    spelled(INJECTED[name], None)
