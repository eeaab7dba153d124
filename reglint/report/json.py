"""The JSON output."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reglint.report.results import Report


def render_json(report: Report) -> bytes:
    """One object in UTF-8, ``version`` first, with keys as in ``reglint.report.results``."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"
