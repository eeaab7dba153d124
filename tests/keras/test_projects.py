"""What a regularizer means where it is decided in other files, by callers, or by a class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Reader

# The files of a project, the first one being read, and for each of its constructors the layer and its kernel.
IMPORTS = {
    "what follows the class is seen in its methods": (
        {
            "m.py": "from keras import layers\nclass M:\n    def __init__(self):\n        self.a = Mine(4)\n"
            "        self.b = layers.Dense(4, kernel_regularizer=REG)\nclass Mine(layers.Dense): pass\nREG = 'l2'\n"
        },
        ["Dense absent", "Dense l2(0.01)"],
    ),
    "star imports in a circle": (
        {
            "m.py": "from pkg import Mine\nMine(4)\n",
            "pkg/__init__.py": "from .a import *\nfrom .b import *\n",
            "pkg/a.py": "from keras import layers\nclass Mine(layers.Dense):\n    pass\n",
            "pkg/b.py": "from . import Mine\nMine(4)\n",
        },
        ["Dense absent"],
    ),
    "inside the circle": (
        {
            "pkg/b.py": "from . import Mine\nMine(4)\n",
            "pkg/__init__.py": "from .a import *\nfrom .b import *\n",
            "pkg/a.py": "from keras import layers\nclass Mine(layers.Dense):\n    pass\n",
        },
        ["Dense absent"],
    ),
    "a folder without __init__.py": (
        {
            "m.py": "from src import blocks\nimport src.config as cfg\nimport src.config\n"
            "blocks.L.Dense(4, kernel_regularizer=cfg.REG)\nblocks.L.Dense(4, kernel_regularizer=src.config.REG)\n",
            "src/blocks.py": "from keras import layers as L\n",
            "src/config.py": "REG = 'l1'\n",
        },
        ["Dense l1(0.01)", "Dense l1(0.01)"],
    ),
    "a folder that has the name of an outside package": (
        {
            "m.py": "import torch.nn\nfrom torch import nn\nfrom torch.nn import Conv2D\nnn.Dense(4)\nConv2D(4)\n",
            "torch/notes.py": "",
        },
        [],
    ),
    "a module beside, and a package of the same name above": (
        {
            "sub/m.py": "from models import parts\nparts.L.Dense(4)\n",
            "sub/models.py": "x = 1\n",
            "models/parts.py": "from keras import layers as L\n",
            "models/__init__.py": "",
            "setup.py": "",
        },
        ["Dense absent"],
    ),
    "a script that is started in a folder which is a package as well": (
        {
            "pkg/nets/m.py": "from blocks.parts import Mine\nMine(4)\n",
            "pkg/nets/__init__.py": "",
            "pkg/blocks/parts.py": "from keras import layers\nclass Mine(layers.Dense): pass\n",
            "pkg/blocks/__init__.py": "",
            "pkg/__init__.py": "",
        },
        ["Dense absent"],
    ),
    "a package in src": (
        {
            "tests/m.py": "from own.parts import Mine\nMine(4)\n",
            "src/own/parts.py": "from keras import layers\nclass Mine(layers.Dense): pass\n",
            "src/own/__init__.py": "",
            "setup.py": "",
        },
        ["Dense absent"],
    ),
    "packages of one name in two folders": (
        {
            "tests/m.py": "from own.parts import Mine\nMine(4)\n",
            "a/own/parts.py": "from keras import layers\nclass Mine(layers.Dense): pass\n",
            "a/own/__init__.py": "",
            "b/own/__init__.py": "",
            "setup.py": "",
        },
        [],
    ),
    "a module in a folder that is put on the path": (
        {
            "books/m.py": "import sys\nsys.path.append('../code')\nfrom parts import Mine\nMine(4)\n",
            "code/parts.py": "from keras import layers\nclass Mine(layers.Dense): pass\n",
            "setup.py": "",
        },
        ["Dense absent"],
    ),
    "a module elsewhere that has the name of an outside package": (
        {
            "books/m.py": "from parts import Mine\nMine(4)\n",
            "code/parts.py": "from keras import layers\nclass Mine(layers.Dense): pass\n",
            "setup.py": "",
        },
        [],
    ),
    "a module inside of a package elsewhere": (
        {
            "books/m.py": "import sys\nfrom parts import Mine\nMine(4)\n",
            "code/parts.py": "from keras import layers\nclass Mine(layers.Dense): pass\n",
            "code/__init__.py": "",
            "setup.py": "",
        },
        [],
    ),
}


def kernels(files: dict[str, str], read: Reader) -> list[str]:
    name, source = next(iter(files.items()))
    found = []
    for site in read(source, name, **{path: text for path, text in files.items() if path != name}).sites:
        use = next(use for use in site.weights if use.weight.role == "kernel")
        found.append(f"{site.layer.name} {use.penalty or use.state}")
    return found


@pytest.mark.parametrize("name", IMPORTS)
def test_names_are_found_as_python_finds_them(name: str, read: Reader) -> None:
    files, expected = IMPORTS[name]
    assert kernels(files, read) == expected
