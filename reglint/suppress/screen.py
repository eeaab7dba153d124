"""Which files can hold a comment that matters, told without parsing them: most hold none."""

from __future__ import annotations

import re

OWN = "reglint:"
_NOQA = re.compile(r"(?i:noqa)")
_OWN_CODE = "REG"
_NOQA_OF_OURS = re.compile(r"(?i:noqa)\s*:[^\r\n]*REG[0-9]")


def may_hide(source: str) -> bool:
    """Whether a source can hold a comment that hides a finding."""
    return OWN in source or _NOQA.search(source) is not None


def may_be_wrong(source: str) -> bool:
    """Whether a source can hold a comment that itself deserves a finding, whatever else is found there."""
    return OWN in source or (_OWN_CODE in source and _NOQA_OF_OURS.search(source) is not None)
