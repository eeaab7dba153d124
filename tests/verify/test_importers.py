"""Files that import a module."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reglint.verify.importers import find

if TYPE_CHECKING:
    from pathlib import Path


def _write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


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
    found = find(tmp_path, "pkg.nets.blocks", tmp_path / "pkg/nets/blocks.py", {"head", "tail", "_x"})
    assert [(each.module, set(each.used.values())) for each in found] == (
        [("pkg.user", used)] if used else []
    )


def test_the_nearest_come_first_and_scripts_look_in_their_folder(tmp_path: Path) -> None:
    use = "from blocks import head\nhead(1)"
    _write(tmp_path, {"blocks.py": "", "b.py": use, "a.py": use, "deep/c.py": use})
    assert [each.path.name for each in find(tmp_path, "blocks", tmp_path / "blocks.py", {"head"})] == [
        "a.py",
        "b.py",
    ]
