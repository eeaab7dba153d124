from __future__ import annotations

import json
from pathlib import Path

import msgspec
from click.testing import CliRunner

from reglint import cli
from reglint.policy import form, schema

CHECKED_IN = Path(schema.__file__).parent / "schema.json"


def test_the_checked_in_schema_is_that_of_the_types() -> None:
    assert CHECKED_IN.read_text(encoding="utf-8") == schema.text(), "run `make generated`"


def test_it_is_printed() -> None:
    result = CliRunner().invoke(cli.main, ["policy", "schema"])
    assert json.loads(result.stdout) == schema.schema()


def test_it_describes_every_table_and_key() -> None:
    definitions = schema.schema()["$defs"]
    assert definitions["File"]["properties"].keys() == {
        field.encode_name for field in msgspec.structs.fields(form.File)
    }
    assert all("description" in table for table in definitions.values())


def test_it_has_only_words_that_every_draft_knows() -> None:
    text = schema.text()
    assert "prefixItems" not in text
    strength = schema.schema()["$defs"]["Weight"]["properties"]["strength"]
    assert strength["anyOf"][1] == {
        "type": "array",
        "minItems": 2,
        "maxItems": 2,
        "items": {"type": "number"},
    }
