"""Files that import a module."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reglint.verify.importers import Exports, Importer, find

if TYPE_CHECKING:
    from pathlib import Path


def _write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def exports(module: str) -> Exports:
    """Three names of a module."""
    return Exports(module, {name: frozenset([name]) for name in ("head", "tail", "_x")}, {})


def led_to(importer: Importer) -> set[str]:
    """The names that all uses lead to."""
    return set().union(*importer.used.values())


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("from pkg.nets.blocks import head\nhead(1)", {"head"}),
        ("from pkg.nets.blocks import head as top\ntop(1)", {"head"}),
        ("from .nets import blocks\nblocks.head(1)", {"head"}),
        ("from .nets.blocks import (\n  head,\n)\nhead(1)", {"head"}),
        ("import pkg.nets.blocks as b\nb.tail(1)", {"tail"}),
        ("import pkg.nets.blocks\npkg.nets.blocks.tail(1)", {"tail"}),
        ("from pkg.nets.blocks import *\nhead(1)", {"head"}),
        ("from other.blocks import head\nhead(1)", None),
        ("from pkg.nets.blocks import head", None),
        ("import blocks\nnot python", None),
    ],
)
def test_finds_what_is_used(tmp_path: Path, text: str, used: set[str] | None) -> None:
    _write(
        tmp_path,
        {"pkg/__init__.py": "", "pkg/nets/__init__.py": "", "pkg/nets/blocks.py": "", "pkg/user.py": text},
    )
    found = find(tmp_path, exports("pkg.nets.blocks"), tmp_path / "pkg/nets/blocks.py")
    assert [(each.module, led_to(each)) for each in found] == ([("pkg.user", used)] if used else [])


def test_the_nearest_come_first_and_scripts_look_in_their_folder(tmp_path: Path) -> None:
    use = "from blocks import head\nhead(1)"
    _write(tmp_path, {"blocks.py": "", "b.py": use, "a.py": use, "deep/c.py": use})
    assert [each.path.name for each in find(tmp_path, exports("blocks"), tmp_path / "blocks.py")] == [
        "a.py",
        "b.py",
    ]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"pkg/__init__.py": "from .blocks import head", "pkg/user.py": "from pkg import head\nhead(1)"},
            [("pkg.user", {"head"}, False)],
        ),
        (
            {
                "pkg/__init__.py": "",
                "pkg/nets/__init__.py": "from ..blocks import *",
                "pkg/user.py": "from pkg import nets\nnets.tail(1)",
            },
            [("pkg.user", {"tail"}, False)],
        ),
        (
            {
                "pkg/__init__.py": "",
                "pkg/net.py": "from .blocks import head, tail\ndef net(): head(1)\ndef other(): tail(1)",
                "pkg/user.py": "from .net import net\ndef build(): return net()",
            },
            [("pkg.net", {"head", "tail"}, True), ("pkg.user", {"head"}, False)],
        ),
        (
            {
                "pkg/__init__.py": "",
                "pkg/a.py": "from .blocks import head\nfrom .b import two\ndef one(): head(two)",
                "pkg/b.py": "from .a import one\ndef two(): one()",
            },
            [("pkg.a", {"head"}, True), ("pkg.b", {"head"}, False), ("pkg.a", {"head"}, False)],
        ),
    ],
    ids=["handed on by the package", "handed on with a star", "used by what is used", "in a circle"],
)
def test_other_files_may_stand_between(
    tmp_path: Path, files: dict[str, str], expected: list[tuple[str, set[str], bool]]
) -> None:
    _write(tmp_path, {"pkg/blocks.py": "", **files})
    found = find(tmp_path, exports("pkg.blocks"), tmp_path / "pkg/blocks.py")
    assert [(each.module, led_to(each), each.direct) for each in found] == expected
