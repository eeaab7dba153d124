"""Which files can hold a comment that matters, told without parsing them: most hold none."""

from __future__ import annotations

import re

_OWN = b"reglint:"
_NOQA = re.compile(rb"(?i:noqa)")
_OWN_CODE = b"REG"
_NOQA_OF_OURS = re.compile(rb"(?i:noqa)\s*:[^\r\n]*REG[0-9]")


def may_hide(data: bytes) -> bool:
    """Whether the bytes of a file can hold a comment that hides a finding."""
    return _OWN in data or _NOQA.search(data) is not None


def may_be_wrong(data: bytes) -> bool:
    """Whether the bytes of a file can hold a comment that itself deserves a finding, whatever else is found there."""
    return _OWN in data or (_OWN_CODE in data and _NOQA_OF_OURS.search(data) is not None)
