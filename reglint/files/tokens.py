"""Python's tokens, as far as they differ from one version to the next."""

from __future__ import annotations

import tokenize

FORMATTED_START, FORMATTED_END = (
    {getattr(tokenize, f"{kind}STRING_{edge}") for kind in "FT" if hasattr(tokenize, f"{kind}STRING_{edge}")}
    for edge in ("START", "END")
)
"""From Python 3.12 on the parts of a formatted string are tokens of their own."""
