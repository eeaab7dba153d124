"""How a module mentions names apart from calling them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reglint.resolve.mentions import holders_of, mentions_of, uses_of
from reglint.resolve.project import parse

if TYPE_CHECKING:
    from reglint.resolve.scopes import Part


def part_of(source: str) -> Part:
    (part,) = parse(Path("m.py"), source).parts
    return part


@pytest.mark.parametrize(
    ("source", "renamed", "handed", "escaped"),
    [
        ("f(1)", "", "", ""),
        ("a.f(1)", "", "", ""),
        ("x = f", "f", "", ""),
        ("x: T = f", "f", "", ""),
        ("x = a.f", "f", "", ""),
        ("(x := f)", "f", "", ""),
        ("x = f if b else g", "f g", "", "b"),
        ("x = {'a': f}", "f", "", ""),
        ("x = [f, (g, {h})]", "f g h", "", ""),
        ("x = f or g", "f g", "", ""),
        ("x = lambda: f", "f", "", ""),
        ("x = partial(f, g)", "f", "g", ""),
        ("from a import f as g", "f", "", ""),
        ("import a.f as g", "f", "", ""),
        ("import a, f as f", "", "", ""),
        ("h(f, k=g)", "", "f g", ""),
        ("h(*f)", "", "", "f"),
        ("def h(a=f, *, b=g.i, c=[k]): ...", "k", "f i", ""),
        ("lambda a=f: 1", "", "f", ""),
        ("isinstance(f, (g, h.i))", "g i", "", ""),
        ("f.a(1)", "", "", ""),
        ("h(f.a)", "", "a", ""),
        ("f == g", "", "", ""),
        ("f[0]", "", "", "f"),
        ("@f\nclass A(g, h.i): ...", "", "", ""),
        ("@f\ndef k(a: g[b]) -> h.i: ...", "", "", ""),
        ("x: g[h] = 1", "", "", ""),
        ("try: ...\nexcept f: ...", "", "", ""),
        ("[f for g in h]", "", "", "f h"),
        ("for f, g in h: ...", "", "", "h"),
        ("f = 1\ndel f", "", "", ""),
        ("print(f)", "", "", ""),
        ("print(k=f)", "", "f", ""),
        ("print(h(f), k)", "", "f", ""),
        ("isinstance(f, (g, h(i)))", "g", "i", ""),
        ("self.assertIsInstance(f, a.g)", "", "", ""),
        ("self.assertEqual(f, h(g))", "", "g", ""),
        ("self.assertRaises(f, g)", "", "f g", ""),
        ("h([f, {'a': g}])", "f g", "", ""),
        ("h(**f, k=g.a)", "", "a", "f"),
        ("class A(metaclass=f): ...", "", "", "f"),
    ],
)
def test_names(source: str, renamed: str, handed: str, escaped: str) -> None:
    found = mentions_of(part_of(source))
    names = (found.renamed, found.handed, found.escaped)
    assert names == tuple(set(each.split()) for each in (renamed, handed, escaped))


@pytest.mark.parametrize(
    ("source", "holders"),
    [
        ("t = {'a': f}", "t"),
        ("t = f(1)", ""),
        ("t: T = [f]", "t"),
        ("t['a'].b = f", "b"),
        ("t['a'] = f", "t"),
        ("a = b = f", "a b"),
        ("if c:\n    def g():\n        return f", "g"),
        ("if c:\n    def g():\n        t = f", ""),
        ("if c:\n    def g():\n        self.t = f", "t"),
        ("return f", ""),
    ],
)
def test_holders(source: str, holders: str) -> None:
    assert holders_of(part_of(source), frozenset({"f"})) == set(holders.split())


def test_a_name_of_a_module() -> None:
    index = parse(Path("m.py"), "def f(): ...\nf(1)\ndef g():\n    return h(f)\nx = [f]\n")
    uses = uses_of("f", index)
    assert (uses.renamed, uses.handed, uses.escaped) == ({"f"}, {"f"}, set())
    assert (uses_of("h", index).renamed, uses_of("h", index).escaped) == (set(), set())
