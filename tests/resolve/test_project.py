"""What is asked of a project: which of its files mention a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reglint.resolve import project as module_of_projects
from reglint.resolve.project import Project

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "a.py": "def build(): ...\n",
    "b.py": "from a import build\nbuild()\n",
    "c.py": "rebuild()\nbuild_all()\n# builds\n",
    "d.py": 'x = "build"\n',
    "e.py": "größe = 1\nbuild2 = größe\n",
}


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize(
    ("name", "expected"),
    [("build", ["a.py", "b.py", "d.py"]), ("build2", ["e.py"]), ("größe", ["e.py"]), ("nothing", [])],
)
def test_files_that_mention_a_name(
    name: str, expected: list[str], many: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file, text in FILES.items():
        (tmp_path / file).write_text(text, "utf-8")
    (tmp_path / "pyproject.toml").touch()
    if many:
        monkeypatch.setattr(module_of_projects, "_WORTH_AN_INDEX", 0)
    found = Project().mentioning(name, tmp_path / "a.py")
    assert [path.name for path in found] == expected
