"""Import roots and module names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reglint.verify.package import locate

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("file", "root", "module"),
    [
        ("script.py", ".", "script"),
        ("a/b/net.py", ".", "a.b.net"),
        ("a/b/__init__.py", ".", "a.b"),
        ("plain/net.py", "plain", "net"),
        ("my-script.py", ".", "reglint_subject"),
        ("keras.py", ".", "reglint_subject"),
        ("random.py", ".", "reglint_subject"),
        ("a/random.py", ".", "a.random"),
        ("script.ipynb", ".", "reglint_subject"),
        ("guide.md", ".", "reglint_subject"),
        ("a/b/net.ipynb", "a/b", "reglint_subject"),
    ],
)
def test_locate(tmp_path: Path, file: str, root: str, module: str) -> None:
    for package in ("a", "a/b"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    assert locate(tmp_path / file) == (tmp_path / root, module)
