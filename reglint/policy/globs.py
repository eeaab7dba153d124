"""Patterns for files, as ``.gitignore`` has them, relative to the folder of the policy."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pathspec import GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class Globs:
    """Some patterns, and the absolute folder that they are relative to."""

    root: str
    patterns: tuple[str, ...]

    def match(self, path: Path, folder: bool = False) -> bool:
        """Whether a pattern stands for the path or for a folder that it is in."""
        return bool(self.patterns) and _match(self, os.path.abspath(path), folder)


@cache
def _match(globs: Globs, path: str, folder: bool) -> bool:
    relative = os.path.relpath(path, globs.root).replace(os.sep, "/")
    return _spec(globs.patterns).match_file(relative + "/" if folder else relative)


@cache
def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)


def is_valid(pattern: str) -> bool:
    """Whether a pattern can be read."""
    try:
        _spec((pattern,))
    except (ValueError, re.error):
        return False
    return True
