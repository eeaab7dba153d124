"""Where a file belongs: the folder that its project is imported from, and its module's name."""

from __future__ import annotations

import keyword
import sys
from typing import TYPE_CHECKING

from reglint.files.documents import MARKDOWN, NOTEBOOK

if TYPE_CHECKING:
    from pathlib import Path

_SCRIPT = "reglint_subject"


def locate(path: Path) -> tuple[Path, str]:
    """The import root of a file and the dotted name of its module.

    The root is the first folder upward without ``__init__.py``; for a script that is its own folder. A script
    whose name is no module name, or that of a standard module, gets another one, and so does what nothing can
    import: a notebook, or the code in a text.
    """
    path = path.absolute()
    folder = path.parent
    if path.suffix in (NOTEBOOK, *MARKDOWN):
        return folder, _SCRIPT
    parts = [] if path.stem == "__init__" else [path.stem]
    while (folder / "__init__.py").is_file() and folder != folder.parent:
        parts.insert(0, folder.name)
        folder = folder.parent
    is_importable = all(part.isidentifier() and not keyword.iskeyword(part) for part in parts)
    if not parts or not is_importable or (len(parts) == 1 and parts[0] in _taken()):
        return folder, _SCRIPT
    return folder, ".".join(parts)


def _taken() -> frozenset[str]:
    return sys.stdlib_module_names | {"keras", "tf_keras", "tensorflow", "jax", "torch", "numpy"}
