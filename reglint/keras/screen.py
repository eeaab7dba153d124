"""Which files can hold a layer constructor at all, told from their bytes: the parser is slow to import."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from reglint.files.words import any_of, one_stands_in
from reglint.keras.catalog import load

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable


def may_construct_layers(data: bytes, custom_layers: Iterable[str] = ()) -> bool:
    """Whether the bytes of a file hold any word that a layer constructor needs; most files do not.

    ``custom_layers`` are the dotted names of layers that Keras does not have.
    """
    if one_stands_in(_words(), data):
        return True
    return any(dotted.rpartition(".")[2].encode() in data for dotted in custom_layers)


@cache
def _words() -> re.Pattern[bytes]:
    names = {name for generation in (2, 3) for name in load(generation).names()}
    return any_of(map(str.encode, names | {"keras"}))
