"""The table of what is edited is whole, stands in the docs, and is what the schema says."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from data.editing import CREATION, DELETION, GEOMETRY, editable_fields
from data.reference import load_table
from web.catalogue import COLLECTIONS

PAGE = Path(__file__).resolve().parents[3] / "docs/editing.md"
ROW = re.compile(r"^\| `(\w+)` \| (\w+) \| (\w+) \| (\w+) \|$", re.MULTILINE)


@pytest.mark.parametrize("name", COLLECTIONS)
def test_every_field_has_a_row_and_no_other_has(name: str) -> None:
    known = {CREATION, DELETION, GEOMETRY, *COLLECTIONS[name].parameters}
    assert set(editable_fields(name)) == known


@pytest.mark.parametrize("name", COLLECTIONS)
def test_the_page_says_what_the_program_does(name: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    (section,) = re.findall(
        rf"^### `{name}`\n(.*?)(?=^#|^`_create)", page, re.MULTILINE | re.DOTALL
    )
    told = set(ROW.findall(section))
    assert told == {
        (one.field, one.create, one.change, one.way.code) for one in editable_fields(name).values()
    }


def test_every_lawful_way_is_in_words_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for row in load_table("lawful_ways"):
        assert f"| {row['code']} | {row['en']}；{row['zh']} |" in page


@pytest.mark.parametrize("name", COLLECTIONS)
def test_the_schema_says_what_is_written(client: FlaskClient, name: str) -> None:
    document = client.get(f"/collections/{name}/schema").get_json(force=True)
    for field, known in editable_fields(name).items():
        said = document["properties"].get("geom" if field == GEOMETRY else field)
        if said is not None:
            assert said.get("readOnly", False) == known.read_only, field
    required = [one.field for one in editable_fields(name).values() if one.required]
    assert document.get("required", []) == required
