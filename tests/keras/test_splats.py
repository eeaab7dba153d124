"""Arguments that come in a dict or a list: how it is put together, and who else may change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Reader


def kernels(read: Reader, source: str, **others: str) -> list[str]:
    """The penalty, or else the state, of the kernel of each constructor."""
    module = read(f"from keras import layers, regularizers\n{source}\n", **others)
    uses = [next(use for use in site.weights if use.weight.role == "kernel") for site in module.sites]
    return [str(use.penalty) if use.penalty is not None else use.state for use in uses]


PUT_TOGETHER = {
    # A later splat that is not known may replace what stands before it, and nothing that stands after it.
    "kw = {**load(), 'kernel_regularizer': 'l2'}": "l2(0.01)",
    "kw = {'kernel_regularizer': 'l2', **load()}": "unknown",
    "kw = dict(load(), kernel_regularizer='l2')": "l2(0.01)",
    "kw = dict(kernel_regularizer='l2', **load())": "l2(0.01)",
    "kw = dict({'kernel_regularizer': 'l2'}, **load())": "unknown",
    "kw = {'kernel_regularizer': 'l2'}\nkw.update(load())": "unknown",
    "kw = load() | {'kernel_regularizer': 'l2'}": "l2(0.01)",
    "kw = {'kernel_regularizer': 'l2'} | load()": "unknown",
    "kw = {'kernel_regularizer': 'l2', load(): 3}": "unknown",
    # Copies
    "base = {'kernel_regularizer': 'l2'}\nkw = base.copy()": "l2(0.01)",
    "import copy\nkw = copy.copy({'kernel_regularizer': 'l2'})": "l2(0.01)",
    "import copy\nkw = copy.deepcopy({'kernel_regularizer': 'l2'})": "l2(0.01)",
    "from collections import OrderedDict\nkw = OrderedDict([('kernel_regularizer', 'l2')])": "l2(0.01)",
    "kw = dict(zip(('use_bias', 'kernel_regularizer'), (True, 'l2')))": "l2(0.01)",
    "kw = dict.fromkeys(['kernel_regularizer', 'bias_regularizer'], 'l2')": "l2(0.01)",
    "kw = dict(use_bias=True)": "absent",
    "kw = dict(load())": "unknown",
    # Comprehensions
    "kw = {key: 'l2' for key in ('kernel_regularizer', 'bias_regularizer')}": "l2(0.01)",
    "kw = {k: v for k, v in {'use_bias': True, 'kernel_regularizer': 'l2'}.items() if k != 'use_bias'}": "l2(0.01)",
    "kw = {k: v for k, v in {'kernel_regularizer': 'l2'}.items() if k != 'kernel_regularizer'}": "absent",
    "kw = {key: 'l2' for key in load()}": "unknown",
    "kw = {key: 'l2' for key in ('a', 'kernel_regularizer') if load(key)}": "unknown",
    # One of several dicts
    "if flag:\n    kw = {'kernel_regularizer': 'l2'}\nelse:\n    kw = dict(kernel_regularizer='l2')": "l2(0.01)",
    "kw = {'kernel_regularizer': 'l2'} if flag else {'kernel_regularizer': 'l1'}": "unknown",
    "kw = {'kernel_regularizer': 'l2'} if flag else {}": "unknown",
    "kw = {'name': 'x'} if flag else {}": "absent",
    "kw = {'kernel_regularizer': 'l2'} if flag else load()": "unknown",
    "kw = {'a': {'kernel_regularizer': 'l2'}, 'b': {'kernel_regularizer': 'l2'}}[flag]": "l2(0.01)",
    "kw = {'a': {'kernel_regularizer': 'l2'}, 'b': {}}[flag]": "unknown",
    "kw = {'a': {'kernel_regularizer': 'l2'}}.get('a', {})": "l2(0.01)",
    "kw = {'a': {'kernel_regularizer': 'l2'}}.get('b', {})": "absent",
}


@pytest.mark.parametrize("setup", PUT_TOGETHER)
def test_a_dict_is_put_together(setup: str, read: Reader) -> None:
    assert kernels(read, f"{setup}\nlayers.Dense(4, **kw)") == [PUT_TOGETHER[setup]]


LOOPS = {
    "for kw in [{'kernel_regularizer': 'l2'}, {'kernel_regularizer': 'l2', 'name': 'x'}]:": "l2(0.01)",
    "for kw in ({'kernel_regularizer': 'l2'}, {}):": "unknown",
    "for i, kw in enumerate([{'kernel_regularizer': 'l2'}]):": "l2(0.01)",
    "for n, kw in zip([3, 4], [{'kernel_regularizer': 'l2'}, {'kernel_regularizer': 'l2'}]):": "l2(0.01)",
    "for kw in {'a': {'kernel_regularizer': 'l2'}}.values():": "l2(0.01)",
    "for name, kw in {'a': {'kernel_regularizer': 'l2'}}.items():": "l2(0.01)",
    "for kw in [{'kernel_regularizer': 'l2'}, *load()]:": "unknown",
    "for kw in load():": "unknown",
}


@pytest.mark.parametrize("loop", LOOPS)
def test_a_loop_over_dicts(loop: str, read: Reader) -> None:
    assert kernels(read, f"{loop}\n    layers.Dense(4, **kw)") == [LOOPS[loop]]


FIVE = "None, True, 'zeros', 'zeros'"
LISTS = {
    f"layers.Dense(*[4, {FIVE}, 'l2'])": "l2(0.01)",
    f"layers.Dense(*[4, *({FIVE}), 'l2'])": "l2(0.01)",
    f"layers.Dense(*[4, *load(), {FIVE}, 'l2'])": "unknown",
    f"layers.Dense(*load(), 4, {FIVE}, 'l2')": "unknown",
    f"layers.Dense(*([4] + [{FIVE}] + ['l2']))": "l2(0.01)",
    f"layers.Dense(*([4, {FIVE}, 'l2'][:6]))": "l2(0.01)",
    f"layers.Dense(*([4, {FIVE}, 'l2'][:5]))": "absent",
    "layers.Dense(*([None] * 5), 'l2')": "l2(0.01)",
    "layers.Dense(*([None] * load()), 'l2')": "unknown",
    "layers.Dense(4, kernel_regularizer=['l1', 'l2'][1])": "l2(0.01)",
    "layers.Dense(4, kernel_regularizer=['l1', 'l2'][-1])": "l2(0.01)",
    "layers.Dense(4, kernel_regularizer=[*load(), 'l2'][-1])": "unknown",
    "layers.Dense(4, kernel_regularizer=['l2', 'l2'][load()])": "l2(0.01)",
    "layers.Dense(4, kernel_regularizer=['l1', 'l2'][load()])": "unknown",
}


@pytest.mark.parametrize("call", LISTS)
def test_a_list_is_put_together(call: str, read: Reader) -> None:
    assert kernels(read, call) == [LISTS[call]]


PARTIALS = {
    "f = partial(layers.Dense, kernel_regularizer='l2')\nf(4)": "l2(0.01)",
    "f = partial(layers.Dense, kernel_regularizer='l2')\nf(4, **load())": "unknown",
    "f = partial(layers.Dense, **load())\nf(4, kernel_regularizer='l2')": "l2(0.01)",
    "f = partial(layers.Dense, kernel_regularizer='l2', **load())\nf(4)": "l2(0.01)",
}


@pytest.mark.parametrize("code", PARTIALS)
def test_what_a_call_may_override(code: str, read: Reader) -> None:
    assert kernels(read, f"from functools import partial\n{code}") == [PARTIALS[code]]


# Each is followed by `layers.Dense(4, **d)`, unless it has a Dense of its own.
CHANGED = {
    # Made by the same function, one after the other
    "d = {}\nd['kernel_regularizer'] = 'l2'": "l2(0.01)",
    "d = {}\nd.setdefault('kernel_regularizer', 'l2')": "l2(0.01)",
    "d = {'kernel_regularizer': 'l1'}\nd.setdefault('kernel_regularizer', 'l2')": "l1(0.01)",
    "d = load()\nd.setdefault('kernel_regularizer', 'l2')": "unknown",
    "d = {'kernel_regularizer': 'l1'}\ndel d['kernel_regularizer']": "absent",
    "d = {'kernel_regularizer': 'l1'}\nd.pop('kernel_regularizer')": "absent",
    "d = {'kernel_regularizer': 'l1'}\nd.clear()": "absent",
    "d = {'kernel_regularizer': 'l1'}\nd.popitem()": "unknown",
    "d = {'kernel_regularizer': 'l1'}\nd[load()] = 'l2'": "unknown",
    "d = {}\nd['kernel_regularizer'], x = 'l2', 3": "unknown",
    "d = {}\nd['a', 'b'] = {'kernel_regularizer': 'l2'}": "unknown",
    "d = {}\nif flag:\n    d['kernel_regularizer'] = 'l2'": "unknown",
    "d = {}\nif flag:\n    d['use_bias'] = False": "absent",
    "d = {}\nif flag:\n    layers.Dense(4, **d)\nelse:\n    d['kernel_regularizer'] = 'l2'": "absent",
    "d = {}\nfor i in range(3):\n    layers.Dense(4, **d)\n    d['kernel_regularizer'] = 'l2'": "unknown",
    "d = {}\nfor i in range(3):\n    layers.Dense(4, **d)\n    d['name'] = str(i)": "absent",
    "def f(**d):\n    name = d.get('name')\n    for i in range(3):\n        d['name'] = name + str(i)\n"
    "        layers.Dense(4, **d)": "passed",
    "layers.Dense(4, **(d := {}))\nd['kernel_regularizer'] = 'l2'": "absent",
    "for i in range(3):\n    d = {}\n    layers.Dense(4, **d)\n    d['kernel_regularizer'] = 'l2'": "absent",
    "def f(**d):\n    d['kernel_regularizer'] = 'l2'\n    layers.Dense(4, **d)": "l2(0.01)",
    "def f(**d):\n    d.setdefault('kernel_regularizer', 'l2')\n    layers.Dense(4, **d)": "passed",
    # Further inside
    "D = {'a': {}}\nD['a']['kernel_regularizer'] = 'l2'\nd = D['a']": "l2(0.01)",
    "D = {'a': {}, 'b': {}}\nD['a']['kernel_regularizer'] = 'l2'\nd = D['b']": "absent",
    "D = {'a': {'b': {}}}\nD['a']['b']['kernel_regularizer'] = 'l2'\nd = D['a']['b']": "l2(0.01)",
    "D = {'a': {}}\nD['a'].update(kernel_regularizer='l2')\nd = D['a']": "l2(0.01)",
    "D = {'a': {}}\nD['a'].setdefault('kernel_regularizer', 'l2')\nd = D['a']": "unknown",
    "D = {'a': {}}\nd = D['a']\nd['kernel_regularizer'] = 'l2'\nlayers.Dense(4, **D['a'])": "unknown",
    "D = {'a': {}}\nd = D['a']\nD['a']['kernel_regularizer'] = 'l2'": "unknown",
    "D = {'a': {}}\nfor each in D.values():\n    each['kernel_regularizer'] = 'l2'\nd = D['a']": "unknown",
    # By another name
    "d = {}\ne = d\ne['kernel_regularizer'] = 'l2'": "l2(0.01)",
    "e = {}\nd = e\ne['kernel_regularizer'] = 'l2'": "l2(0.01)",
    "d = {}\ne = d.copy()\ne['kernel_regularizer'] = 'l2'": "absent",
    "e = {}\nd = dict(e)\ne['kernel_regularizer'] = 'l2'": "absent",
    "d = {}\nfor e in [d]:\n    e['kernel_regularizer'] = 'l2'": "unknown",
    "d = {}\nboth = (d, 3)\nboth[0]['kernel_regularizer'] = 'l2'": "unknown",
    # By somebody else
    "def fill(o):\n    o['kernel_regularizer'] = 'l2'\nd = {}\nfill(d)": "unknown",
    "def fill(o):\n    o.update(kernel_regularizer='l2')\ndef deep(o):\n    fill(o)\nd = {}\ndeep(d)": "unknown",
    "def fill(o):\n    return o\nd = {}\nfill(d)['kernel_regularizer'] = 'l2'": "unknown",
    "def look(o):\n    print(len(o), o.get('a'))\nd = {}\nlook(d)": "absent",
    "def copied(o):\n    o = dict(o)\n    o['kernel_regularizer'] = 'l2'\nd = {}\ncopied(d)": "unknown",
    "from elsewhere import fill\nd = {}\nfill(d)": "unknown",
    "d = {}\nself.d = d": "unknown",
    "d = {}\nkeep.append(d)": "unknown",
    "keep = []\nd = {}\nkeep.append(d)": "absent",
    "keep = []\nd = {}\nkeep.append(d)\nkeep[0].update(kernel_regularizer='l2')": "unknown",
    "d = {}\nlayers.Dense(4, **d)\nfill(d)": "absent",
    "d = {}\ndef setup():\n    d['kernel_regularizer'] = 'l2'": "unknown",
    "d = {}\ndef setup():\n    global d\n    d['kernel_regularizer'] = 'l2'": "unknown",
    "d = {}\ndef other(d):\n    d['kernel_regularizer'] = 'l2'": "absent",
    "d = {}\ndef other():\n    d = {}\n    d['kernel_regularizer'] = 'l2'": "absent",
    "d = {}\nd = d if flag else {}\nd['kernel_regularizer'] = 'l2'": "l2(0.01)",
    "def made():\n    o = {}\n    o['use_bias'] = True\n    return o\nd = made()": "absent",
    "def made():\n    return {}\nd = made()\nd['kernel_regularizer'] = 'l2'": "l2(0.01)",
    "def made():\n    return {}\nd = made()\nfill(d)": "unknown",
    # Looked at and let go
    "import json\nd = {}\nprint(json.dumps(d), len(d), sorted(d), d.get('a'), 'a' in d, d == {}, f'{d}')": "absent",
    "d = {}\nfor k, v in d.items():\n    print(k, v)": "absent",
    "d = {}\nother = {**d, 'kernel_regularizer': 'l2'}": "absent",
    "d = {'name': 'x'}\nfor k, v in d.items():\n    setattr(thing, k, v)": "absent",
    "d = {'name': 'x'}\nfill(d['name'])": "absent",
    "d = {'name': 'x'}\nfill([d])": "unknown",
    "def fill(o):\n    for v in o.values():\n        keep(v)\nd = {'name': 'x'}\nfill(d)": "absent",
    "D = {'a': {}}\nfill(D['a'])\nd = D['a']": "unknown",
    "def fill(o):\n    o['kernel_regularizer'] = 'l2'\nd = {}\na = [d]\nfill(*a)": "unknown",
    "d = {}\na = [d]\nprint(*a)": "absent",
    "D = {'a': {}}\nfor k, v in D.items():\n    fill(v)\nd = D['a']": "unknown",
    "def fill(o):\n    for v in o.values():\n        keep(v)\nD = {'a': {}}\nfill(D)\nd = D['a']": "unknown",
    "d = {}\nd.__setitem__('kernel_regularizer', 'l2')": "unknown",
    "d = {}\nboth = [d]\nfor e in both:\n    fill(e)": "unknown",
    "d = {}\nboth = {'a': d}\nfor k, e in both.items():\n    fill(e)": "unknown",
    "d = {}\nboth = [d]\ne, = both\nfill(e)": "unknown",
    "from functools import partial\nf = partial(layers.GRU, 4)\nd = {}\nf(4, d)": "absent",
    "d = {}\nif d:\n    assert not d": "absent",
    "if flag:\n    d = {}\nelse:\n    d = None\nfill(None)": "absent",
    "if flag:\n    d = {}\nelse:\n    d = e\nfill(e)": "unknown",
}


@pytest.mark.parametrize("setup", CHANGED)
def test_a_dict_is_changed(setup: str, read: Reader) -> None:
    use = "" if "Dense" in setup else "\nlayers.Dense(4, **d)"
    assert kernels(read, f"{setup}{use}")[-1:] == [CHANGED[setup]]


ATTRIBUTES = {
    ("self.opts['kernel_regularizer'] = 'l2'", "", ""): "l2(0.01)",
    ("self.opts.update(kernel_regularizer='l2')", "", ""): "l2(0.01)",
    ("", "self.opts['kernel_regularizer'] = 'l2'", ""): "l2(0.01)",
    ("", "", "self.opts['kernel_regularizer'] = 'l2'"): "unknown",
    ("fill(self.opts)", "", ""): "unknown",
    ("", "", "fill(self.opts)"): "unknown",
    ("other = self.opts", "", "print(self.opts)"): "absent",
    ("other = self.opts\n        other['kernel_regularizer'] = 'l2'", "", ""): "l2(0.01)",
    ("self.other = {}", "", "self.other['kernel_regularizer'] = 'l2'"): "absent",
}


@pytest.mark.parametrize("setup", ATTRIBUTES)
def test_a_dict_that_is_an_attribute_is_changed(setup: tuple[str, str, str], read: Reader) -> None:
    in_init, before, elsewhere = (code or "pass" for code in setup)
    source = f"""
class Block:
    def __init__(self):
        self.opts = {{}}
        {in_init}
    def build(self):
        {before}
        layers.Dense(4, **self.opts)
    def other(self):
        {elsewhere}
"""
    assert kernels(read, source) == [ATTRIBUTES[setup]]


OF_CONFIGS = {
    ("return self._config", ""): "l2(0.01)",
    ("return self._config", "class Other(Block):\n    pass"): "l2(0.01)",
    (
        "return self._config",
        """
class Other(Block):
    def get_config(self):
        config = super().get_config()
        return {**config, 'kernel_regularizer': None}
""",
    ): "l2(0.01)",
    (
        "return self._config",
        """
class Other(Block):
    def get_config(self):
        config = super().get_config()
        config['kernel_regularizer'] = None
        return config
""",
    ): "unknown",
    (
        "return self._config",
        """
class Other(layers.Layer):
    def get_config(self):
        config = super().get_config()
        config['kernel_regularizer'] = None
        return config
""",
    ): "l2(0.01)",
    ("return self._config", "c = Block().get_config()\nprint(c, c['kernel_regularizer'])"): "l2(0.01)",
    ("return self._config", "c = Block().get_config()\nc['kernel_regularizer'] = None"): "unknown",
    ("return self._config", "def f(block):\n    block.get_config().clear()"): "unknown",
    ("return self._config", "f = Block().get_config\nf().clear()"): "unknown",
    ("return self._config", "layers.Dense(3).get_config().clear()"): "l2(0.01)",
    ("return fill(self._config)", ""): "unknown",
    ("return self._config\n    def settings(self):\n        return self._config", ""): "unknown",
    ("return {}\n    def settings(self):\n        return self._config", ""): "unknown",
}


@pytest.mark.parametrize("case", OF_CONFIGS)
def test_a_dict_that_get_config_returns(case: tuple[str, str], read: Reader) -> None:
    returned, others = case
    source = f"""
from keras import layers
class Block(layers.Layer):
    def __init__(self):
        self._config = {{'kernel_regularizer': 'l2'}}
    def build(self, shape):
        layers.Dense(4, kernel_regularizer=self._config['kernel_regularizer'])
    def get_config(self):
        {returned}
{others}
"""
    module = read(source)
    (use, *_) = module.sites[0].weights
    assert str(use.penalty or use.state) == OF_CONFIGS[case]


MODULES = {
    ("D = {}\nD['kernel_regularizer'] = 'l2'\n", "from cfg import D\nlayers.Dense(4, **D)"): "l2(0.01)",
    ("D = {}\nD['kernel_regularizer'] = 'l2'\n", "import cfg\nlayers.Dense(4, **cfg.D)"): "l2(0.01)",
    ("D = {}\n", "import cfg\ncfg.D['kernel_regularizer'] = 'l2'\nlayers.Dense(4, **cfg.D)"): "l2(0.01)",
    ("D = {}\n", "from cfg import D\nD['kernel_regularizer'] = 'l2'\nlayers.Dense(4, **D)"): "l2(0.01)",
    ("D = {}\ndef f():\n    D.update(a=3)\n", "from cfg import D\nlayers.Dense(4, **D)"): "unknown",
    ("D = {}\n", "import cfg\nlayers.Dense(4, **cfg.D)"): "absent",
}


@pytest.mark.parametrize("files", MODULES)
def test_a_dict_of_another_module_is_changed(files: tuple[str, str], read: Reader) -> None:
    cfg, source = files
    assert kernels(read, source, cfg=cfg) == [MODULES[files]]


GROWN = {
    "a = [4, None, True, 'zeros', 'zeros']\na.append('l2')\nlayers.Dense(*a)": "l2(0.01)",
    "a = [4, None, True]\na.extend(['zeros', 'zeros', 'l2'])\nlayers.Dense(*a)": "l2(0.01)",
    "a = [4]\nif flag:\n    a.append('relu')\nlayers.Dense(*a)": "unknown",
    "a = ['l1']\na.append('l2')\nfor reg in a:\n    layers.Dense(4, kernel_regularizer=reg)": "unknown",
    "a = ['l2']\nfill(a)\nfor reg in a:\n    layers.Dense(4, kernel_regularizer=reg)": "unknown",
    "a = ['l2']\nfor reg in a:\n    layers.Dense(4, kernel_regularizer=reg)": "l2(0.01)",
}


@pytest.mark.parametrize("code", GROWN)
def test_a_list_is_changed(code: str, read: Reader) -> None:
    assert kernels(read, code) == [GROWN[code]]


@pytest.mark.parametrize(("changes", "state"), [(50, "set"), (61, "unknown")])
def test_a_dict_is_followed_through_a_bounded_number_of_changes(
    changes: int, state: str, read: Reader
) -> None:
    lines = "".join(f"kw['k{number}'] = 1\n" for number in range(changes - 1))
    source = f"from keras import layers\nkw = {{}}\n{lines}kw['kernel_regularizer'] = 'l2'\nlayers.Dense(4, **kw)\n"
    assert read(source).sites[0].weights[0].state == state


# Each is followed by the calls of `f`, the function that it defines.
OF_CALLERS = {
    ("def f(o):\n    layers.Dense(4, **o)", "f({'kernel_regularizer': 'l2'})"): "l2(0.01)",
    ("def f(o):\n    layers.Dense(4, **o)", "f({'name': 'x'})"): "absent",
    ("def f(o):\n    layers.Dense(4, **o)", "f(o=dict(kernel_regularizer=None))"): "none",
    ("def f(o):\n    layers.Dense(4, **o)", "f({'name': 'x'})\nf({'kernel_regularizer': 'l2'})"): "unknown",
    ("def f(o):\n    layers.Dense(4, **o)", "f(load())"): "unknown",
    ("def f(o):\n    layers.Dense(4, **o)", "f({**load(), 'kernel_regularizer': 'l2'})"): "l2(0.01)",
    ("def f(o):\n    layers.Dense(4, **o)", "f(3)"): "unknown",
    ("def f(o):\n    layers.Dense(4, **o)", "f(None)"): "unknown",
    ("def f(o):\n    layers.Dense(4, **o)", ""): "passed",
    ("def f(o):\n    layers.Dense(4, **o)", "keep(f)"): "unknown",
    ("def f(o={}):\n    layers.Dense(4, **o)", "f()"): "absent",
    ("def f(o={'kernel_regularizer': 'l2'}):\n    layers.Dense(4, **o)", "f()"): "l2(0.01)",
    ("def f(o={}):\n    layers.Dense(4, **o)", ""): "passed",
    ("def f(a, *, o):\n    layers.Dense(4, **o)", "f(3, o={'kernel_regularizer': 'l2'})"): "l2(0.01)",
    ("def f(kernel_regularizer, o):\n    layers.Dense(4, **o)", "f('l1', {})"): "absent",
    (
        "def f(o):\n    layers.Dense(4, **o)\ndef g(p):\n    f(p)",
        "g({'kernel_regularizer': 'l2'})",
    ): "l2(0.01)",
    ("def f(o):\n    layers.Dense(4, **o)\ndef g(**p):\n    f(p)", "g(kernel_regularizer='l2')"): "l2(0.01)",
    (
        "def f(**o):\n    layers.Dense(4, **o)\ndef g(p):\n    f(**p)",
        "g({'kernel_regularizer': 'l2'})",
    ): "l2(0.01)",
    ("def f(o):\n    layers.Dense(4, **o)\n    f(o)", "f({'kernel_regularizer': 'l2'})"): "l2(0.01)",
    # With something in place of None, or below or above it
    (
        "def f(o=None):\n    o = o or {}\n    layers.Dense(4, **o)",
        "f({'kernel_regularizer': 'l2'})",
    ): "l2(0.01)",
    ("def f(o=None):\n    layers.Dense(4, **(o or {}))", "f()"): "absent",
    ("def f(o=None):\n    layers.Dense(4, **(o or {}))", "f()\nf({'kernel_regularizer': 'l2'})"): "unknown",
    (
        "def f(o=None):\n    layers.Dense(4, **({} if flag else o))",
        "f({'kernel_regularizer': 'l2'})",
    ): "unknown",
    ("def f(o=None):\n    layers.Dense(4, **({} if flag else o))", "f({})"): "absent",
    (
        "def f(o=None):\n    if o is None:\n        o = {'kernel_regularizer': 'l1'}\n    layers.Dense(4, **o)",
        "f()",
    ): ("l1(0.01)"),
    ("def f(o):\n    layers.Dense(4, **{'kernel_regularizer': 'l1', **o})", "f({})"): "l1(0.01)",
    (
        "def f(o):\n    layers.Dense(4, **{'kernel_regularizer': 'l1', **o})",
        "f({'kernel_regularizer': 'l2'})",
    ): ("l2(0.01)"),
    (
        "def f(o):\n    layers.Dense(4, **{**o, 'kernel_regularizer': 'l1'})",
        "f({'kernel_regularizer': 'l2'})",
    ): ("l1(0.01)"),
    ("def f(o):\n    d = {'kernel_regularizer': 'l1'}\n    d.update(o)\n    layers.Dense(4, **d)", "f({})"): (
        "l1(0.01)"
    ),
    ("def f(o):\n    layers.Dense(4, **(dict(kernel_regularizer='l1') | o))", "f({})"): "l1(0.01)",
    ("def f(o, p):\n    layers.Dense(4, **{**o, **p})", "f({'kernel_regularizer': 'l1'}, {})"): "l1(0.01)",
    ("def f(o, p):\n    layers.Dense(4, **o, **p)", "f({}, {'kernel_regularizer': 'l1'})"): "l1(0.01)",
    ("def f(o, p):\n    layers.Dense(4, **o, **p)", "f({}, {})"): "absent",
    # Looked into
    ("def f(o):\n    layers.Dense(4, kernel_regularizer=o['reg'])", "f({'reg': 'l2'})"): "l2(0.01)",
    ("def f(o):\n    layers.Dense(4, kernel_regularizer=o['reg'])", "f({})"): "unknown",
    ("def f(o):\n    layers.Dense(4, kernel_regularizer=o.get('reg'))", "f({})"): "none",
    ("def f(o):\n    layers.Dense(4, kernel_regularizer=o.get('reg', 'l1'))", "f({})"): "l1(0.01)",
    ("def f(o):\n    layers.Dense(4, **o['fc'])", "f({'fc': {'kernel_regularizer': 'l2'}})"): "l2(0.01)",
    (
        "def f(o):\n    layers.Dense(4, **o.get('fc', {}))",
        "f({'fc': {'kernel_regularizer': 'l2'}})",
    ): "l2(0.01)",
    ("def f(o):\n    layers.Dense(4, **o.get('fc', {}))", "f({})"): "absent",
    ("def f(o):\n    layers.Dense(4, **o['fc'])", ""): "passed",
    ("def f(o):\n    layers.Dense(4, kernel_regularizer=o['reg'])", "f(Conf())"): "unknown",
    # Changed by the function
    ("def f(o):\n    o['kernel_regularizer'] = 'l2'\n    layers.Dense(4, **o)", "f({})"): "l2(0.01)",
    (
        "def f(o):\n    o.setdefault('kernel_regularizer', 'l2')\n    layers.Dense(4, **o)",
        "f({})",
    ): "l2(0.01)",
    (
        "def f(o):\n    o.pop('kernel_regularizer')\n    layers.Dense(4, **o)",
        "f({'kernel_regularizer': 'l2'})",
    ): "absent",
    ("def f(o):\n    fill(o)\n    layers.Dense(4, **o)", "f({})"): "unknown",
    ("def f(**o):\n    fill(o)\n    layers.Dense(4, **o)", "f(name='x')"): "unknown",
    (
        "def f(o):\n    p = o\n    p['kernel_regularizer'] = 'l2'\n    layers.Dense(4, **o)",
        "f({})",
    ): "l2(0.01)",
    (
        "def f(o=None):\n    o = o or {}\n    o['kernel_regularizer'] = 'l2'\n    layers.Dense(4, **o)",
        "",
    ): "l2(0.01)",
    (
        "def f(o):\n    fill(o)\n    layers.Dense(4, kernel_regularizer=o['reg'])",
        "f({'reg': None})",
    ): "unknown",
    ("def f(o):\n    layers.Dense(4, **o)\ndef g(p):\n    fill(p)\n    f(p)", "g({})"): "unknown",
    ("def f(o):\n    layers.Dense(4, **o)", "d = {}\nfill(d)\nf(d)"): "unknown",
    (
        "class A:\n    def __init__(self, o):\n        self.o = o\n    def g(self):\n        layers.Dense(4, **self.o)",
        "d = {}\na = A(d)\nd['kernel_regularizer'] = 'l2'\na.g()",
    ): "unknown",
    (
        "def f(o):\n    def g():\n        layers.Dense(4, **o)\n    return g",
        "d = {}\ng = f(d)\nd['kernel_regularizer'] = 'l2'\ng()",
    ): "unknown",
    ("def f(o):\n    layers.Dense(4, **o)", "d = {}\nf(d)\nd['kernel_regularizer'] = 'l2'"): "absent",
    ("D = {}\ndef f(o=D):\n    layers.Dense(4, **o)\nD['kernel_regularizer'] = 'l2'", "f()"): "unknown",
    # Kept
    (
        "class f:\n    def __init__(self, o):\n        self.o = o\n        layers.Dense(4, **self.o)",
        "f({})",
    ): "absent",
    (
        "class f:\n    def __init__(self, o):\n        self.o = o\n        fill(self.o)\n"
        "        layers.Dense(4, **self.o)",
        "f({})",
    ): "unknown",
    (
        "class f:\n    def __init__(self, o):\n        self.o = o\n    def g(self):\n        layers.Dense(4, **self.o)",
        "f({})",
    ): ("absent"),
}


@pytest.mark.parametrize("case", OF_CALLERS)
def test_a_dict_of_the_callers(case: tuple[str, str], read: Reader) -> None:
    function, calls = case
    assert kernels(read, f"{function}\n{calls}") == [OF_CALLERS[case]]


# What `self.reg` holds where __init__(self, **kw) does this, and then these objects are made.
SET_BY_NAME = {
    ("for k in kw:\n    setattr(self, k, kw[k])", "A(reg='l2')"): "l2(0.01)",
    ("for k in kw.keys():\n    setattr(self, k, kw[k])", "A(reg='l2', name='x')"): "l2(0.01)",
    ("for k, v in kw.items():\n    setattr(self, k, v)", "A(reg='l2')"): "l2(0.01)",
    ("for k, v in kw.items():\n    setattr(self, k, v)", "A(reg='l2')\nA(reg='l1')"): "passed",
    ("for k, v in kw.items():\n    setattr(self, k, v)", ""): "passed",
    ("for k, v in dict(kw, reg='l1').items():\n    setattr(self, k, v)", "A(reg='l2')"): "l1(0.01)",
    ("for k, v in {**load(), 'reg': 'l2'}.items():\n    setattr(self, k, v)", "A()"): "l2(0.01)",
    ("for k, v in load().items():\n    setattr(self, k, v)", "A()"): "unknown",
    ("for k in load():\n    setattr(self, k, 'l2')", "A()"): "unknown",
    (
        "for k in kw:\n    v = kw[k]\n    v = regularizers.get(v)\n    setattr(self, k, v)",
        "A(reg='l2')",
    ): "l2(0.01)",
    ("for k in kw:\n    setattr(self, k, 'l1' if k.startswith('r') else kw[k])", "A(reg='l2')"): "l1(0.01)",
    ("for k in kw:\n    if k.endswith('g'):\n        setattr(self, k, kw[k])", "A(reg='l2')"): "l2(0.01)",
    (
        "self.reg = None\nfor k in kw:\n    if k != 'reg':\n        setattr(self, k, kw[k])",
        "A(reg='l2')",
    ): "none",
    ("self.reg = None\nfor k in ('name', 'other'):\n    setattr(self, k, kw.get(k))", "A(name='x')"): "none",
    ("self.reg = None\nfor k, v in kw.items():\n    setattr(self, k, v)", "A(reg='l2')"): "unknown",
    ("setattr(self, 'reg', 'l2')", "A()"): "l2(0.01)",
    ("self.reg = None\nsetattr(self, 'other', 'l2')", "A()"): "none",
    ("self.reg = None\nsetattr(self, f'block{kw}', 'l2')", "A()"): "none",
    ("self.reg = None\nsetattr(self, load(), 'l2')", "A()"): "unknown",
    ("self.reg = None\nsetattr(self, f'{load()}g', 'l2')", "A()"): "unknown",
}


@pytest.mark.parametrize("case", SET_BY_NAME)
def test_an_attribute_is_set_by_a_computed_name(case: tuple[str, str], read: Reader) -> None:
    init, made = case
    body = init.replace("\n", "\n        ")
    source = (
        f"class A:\n    def __init__(self, **kw):\n        {body}\n"
        f"    def build(self):\n        layers.Dense(4, kernel_regularizer=self.reg)\n{made}"
    )
    assert kernels(read, source) == [SET_BY_NAME[case]]


def test_an_attribute_is_set_by_a_computed_name_for_a_subclass(read: Reader) -> None:
    source = """
class A(layers.Layer):
    def __init__(self, units, **kw):
        super().__init__()
        for key in kw:
            setattr(self, key, kw[key])
class B(A):
    def __init__(self, reg=None, **kw):
        super().__init__(4, reg=reg, **kw)
    def build(self, shape):
        layers.Dense(4, kernel_regularizer=self.reg)
class C(A):
    def __init__(self, other):
        super().__init__(4, reg='l1')
    def build(self, shape):
        layers.Dense(4, kernel_regularizer=self.reg)
class D(C):
    pass
"""
    assert kernels(read, source) == ["passed", "l1(0.01)"]
    assert kernels(read, f"{source}\nB('l2')\n") == ["l2(0.01)", "l1(0.01)"]


def test_attributes_that_are_set_from_one_another_are_read_once_each(read: Reader) -> None:
    lines = "".join(
        f"        setattr(self, self.a{n}.name(), 1)\n        setattr(self, self.b{n}.name(), 1)\n"
        for n in range(12)
    )
    source = (
        f"class A:\n    def __init__(self, **kw):\n{lines}    def build(self):\n"
        "        layers.Dense(4, kernel_regularizer=self.reg)"
    )
    assert kernels(read, source) == ["unknown"]
