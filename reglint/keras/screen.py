"""Which files can hold a layer constructor at all, told from their bytes: the parser is slow to import."""

from __future__ import annotations

import re
from functools import cache

from reglint.keras.catalog import load


def may_construct_layers(data: bytes) -> bool:
    """Whether the bytes of a file hold any word that a layer constructor needs; most files do not."""
    return _words().search(data) is not None


@cache
def _words() -> re.Pattern[bytes]:
    names = {name for generation in (2, 3) for name in load(generation).names()}
    words = "|".join(sorted(map(re.escape, names)))
    return re.compile(rf"\bkeras\b|\b(?:{words})\b".encode())
