"""Command lines that nobody gives."""

from __future__ import annotations

import argparse
from typing import Any

import pytest

from reglint.verify.worker import commandline


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--units", type=int, default="4")
    parser.add_argument("--classes", type=int, required=True)
    parser.add_argument("--kind", choices=["small", "large"], required=True)
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--train", action="store_true")
    return parser


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            [],
            {
                "data": ("the argument `data`",),
                "files": ("the argument `files`",),
                "units": 4,
                "classes": ("the argument `classes`",),
                "kind": "small",
                "train": False,
            },
        ),
        (
            ["x", "y", "z", "--classes=3", "--kind=large", "--train"],
            {"data": "x", "files": ["y", "z"], "units": 4, "classes": 3, "kind": "large", "train": True},
        ),
    ],
)
def test_nothing_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, given: list[str], expected: dict[str, Any]
) -> None:
    original = argparse.ArgumentParser.parse_known_args
    monkeypatch.setattr(argparse.ArgumentParser, "parse_known_args", original)
    commandline.install(lambda about: (about,))
    assert vars(_parser().parse_args(given)) == expected
