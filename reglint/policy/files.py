"""Which files a policy leaves out of a run."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reglint.files.discover import EXCLUDED_FOLDERS

if TYPE_CHECKING:
    from pathlib import Path

    from reglint.policy.globs import Globs


@dataclass(frozen=True, slots=True)
class Files:
    """What is left out where a folder is searched; with ``force``, also where it is named."""

    exclude: tuple[Globs, ...] = ()
    default: bool = True
    """Whether the folders that tools fill are left out too: no ``exclude`` takes their place."""
    force: bool = False
    docs: bool = False
    """Whether a search finds Markdown files as well."""

    def leaves_out(self, path: Path, folder: bool = False) -> bool:
        """Whether a file or folder that was found by a search is left out."""
        if self.default and folder and path.name in EXCLUDED_FOLDERS:
            return True
        # What stands in a folder that was named although it is left out was asked for.
        return any(
            globs.match(path, folder) and not globs.match(path.parent, folder=True) for globs in self.exclude
        )

    def leaves_out_named(self, path: Path) -> bool:
        """Whether a path that was named on the command line is left out."""
        if not self.force:
            return False
        folders = os.path.relpath(path).split(os.sep)
        return (self.default and not EXCLUDED_FOLDERS.isdisjoint(folders)) or any(
            globs.match(path, os.path.isdir(path)) for globs in self.exclude
        )
