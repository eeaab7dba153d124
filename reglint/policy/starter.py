"""The policy file to start from where there is nothing to make one from."""

from __future__ import annotations

from pathlib import Path


def text() -> str:
    """A policy that asks for what reglint asks for without one, with examples in its comments.

    A line that begins with a "#" and no space after it is an example: without the "#" it is valid.
    """
    return Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
