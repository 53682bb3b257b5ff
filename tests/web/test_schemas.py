"""Schemas are valid JSON Schema, and say what features truly have."""

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from web.catalogue import COLLECTIONS

KINDS = ("schema", "queryables", "sortables")


@pytest.mark.parametrize("name", COLLECTIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_a_schema_that_names_itself(client: FlaskClient, name: str, kind: str) -> None:
    answer = client.get(f"/collections/{name}/{kind}")
    document = answer.get_json(force=True)
    assert answer.content_type == "application/schema+json"
    assert document["$id"] == f"http://localhost/collections/{name}/{kind}"
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(document)
    for part in document["properties"].values():
        assert "type" in part or part["format"].startswith("geometry-")


@pytest.mark.parametrize("name", COLLECTIONS)
def test_every_feature_keeps_to_its_schema(client: FlaskClient, name: str) -> None:
    schema = client.get(f"/collections/{name}/schema").get_json(force=True)["properties"]
    roles = [part["x-ogc-role"] for part in schema.values() if "x-ogc-role" in part]
    assert roles.count("id") == roles.count("primary-geometry") == 1
    for feature in client.get(f"/collections/{name}/items?limit=50").get_json()["features"]:
        assert feature["properties"].keys() == schema.keys() - {"id", "geom"}
        for key, value in feature["properties"].items():
            if value is not None:
                Draft202012Validator(schema[key]).validate(value)


def test_units_and_times_have_their_roles(client: FlaskClient) -> None:
    markers = client.get("/collections/markers/schema").get_json(force=True)["properties"]
    assert markers["sigma_m"]["x-ogc-unit"] == "m"
    assert markers["valid_from"]["x-ogc-role"] == "primary-interval-start"
    inspections = client.get("/collections/inspections/schema").get_json(force=True)["properties"]
    assert inspections["observed_on"]["x-ogc-role"] == "primary-instant"
    assert inspections["bearing_deg"]["x-ogc-unit"] == "deg"


def test_only_what_stands_on_an_index_is_sortable(client: FlaskClient) -> None:
    places = client.get("/collections/places/sortables").get_json(force=True)
    assert {"id", "name", "category_code"} <= places["properties"].keys()
    assert "meaning" not in places["properties"]
    assert "geom" not in places["properties"]


def test_collections_lead_to_their_schemas(client: FlaskClient) -> None:
    links = client.get("/collections/places").get_json()["links"]
    found = {link["rel"]: link["href"] for link in links}
    for kind in KINDS:
        href = found[f"http://www.opengis.net/def/rel/ogc/1.0/{kind}"]
        assert client.get(href).status_code == 200
        assert client.get(f"{href}?f=html").content_type.startswith("text/html")


def test_titles_are_in_the_readers_language(client: FlaskClient) -> None:
    for lang, title in (("zh", "地名"), ("en", "Place names")):
        answer = client.get("/collections/places/queryables", query_string={"lang": lang})
        assert answer.get_json(force=True)["title"] == title
