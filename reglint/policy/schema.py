"""The JSON Schema of the policy file, from the types that read it, so that editors complete and check it."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from reglint.policy import form


def schema() -> dict[str, Any]:
    """The schema of a ``reglint.toml``, or of the ``[tool.reglint]`` table of a ``pyproject.toml``."""
    found: dict[str, Any] = msgspec.json.schema(form.File)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "reglint policy",
        **_plain(found),
    }


def text() -> str:
    """The schema as the checked-in file has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    """The same in words that every draft of JSON Schema has: ``prefixItems`` is read by the newest only."""
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    plain = {key: _plain(entry) for key, entry in value.items()}
    if "prefixItems" in plain:
        plain["items"] = plain.pop("prefixItems")[0]
    return plain
