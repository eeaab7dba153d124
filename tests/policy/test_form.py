from __future__ import annotations

import msgspec

from reglint.keras.catalog import ROLES
from reglint.policy import form


def test_the_roles_are_those_of_the_catalog() -> None:
    assert form.Weights.__struct_fields__ == ROLES
    assert form.CustomLayer.__struct_fields__ == ROLES


def test_every_value_says_what_is_expected() -> None:
    definitions = msgspec.json.schema(form.File)["$defs"]
    assert sorted(definitions) == [
        "CustomLayer", "File", "Override", "Verify", "Weight", "Weights", "Written",
    ]  # fmt: skip
    undescribed = [
        (table, key)
        for table, definition in definitions.items()
        for key, value in definition["properties"].items()
        if "description" not in value and not {"$ref", "allOf", "additionalProperties"} & value.keys()
    ]
    assert undescribed == []
    assert all(definition["additionalProperties"] is False for definition in definitions.values())
