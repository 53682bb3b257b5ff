"""References between features, and how documents say by which profile they give them."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from boundary.tables import marker
from data.geometry import point_wkb
from data.store import Store
from web.catalogue import COLLECTIONS
from web.profiles import KEY, LINK, OF_REFERENCES, OF_SCHEMAS, URI, address_of, chosen_profile

MARKERS = "/collections/markers/items"
REFERRING = {"heritage", "markers", "inspections", "signs"}


@pytest.fixture
def moved(filled: Store) -> int:
    """One of two markers whose predecessor is the first."""
    with filled.write("tests", "two relocations") as transaction:
        for number in ("moved", "moved again"):
            values = {"marker_no": number, "predecessor_id": 1, "geom": point_wkb(112.5, 41.5)}
            made = transaction.insert(marker, values)
    return int(made)


def profiles_of(document: dict[str, Any]) -> list[str]:
    return [one["href"] for one in document["links"] if one["rel"] == "profile"]


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        ("rel-as-uri", URI),
        ("REL-AS-URI", KEY),
        ("[ogc-profile:rel-as-link]", LINK),
        ("http://www.opengis.net/def/profile/OGC/0/rel-as-key", KEY),
        ("https://www.opengis.net/def/profile/ogc/0/rel-as-link", LINK),
        ("nothing, rel-as-link, rel-as-uri", LINK),
        ("https://example.org/rel-as-uri", KEY),
        ("", KEY),
        (",,", KEY),
    ],
)
def test_the_first_known_profile_counts(asked: str, chosen: str) -> None:
    assert chosen_profile(asked, OF_REFERENCES) == chosen


def test_schemas_say_what_refers_to_which_collection(client: FlaskClient) -> None:
    assert {name for name, one in COLLECTIONS.items() if one.references} == REFERRING
    for name, collection in COLLECTIONS.items():
        for kind in ("schema", "queryables"):
            document = client.get(f"/collections/{name}/{kind}").get_json(force=True)
            said = {
                key: part["x-ogc-collectionId"]
                for key, part in document["properties"].items()
                if part.get("x-ogc-role") == "reference"
            }
            assert said == collection.references
            assert all(document["properties"][key]["type"] == "integer" for key in said)
            assert set(said.values()) <= COLLECTIONS.keys()


@pytest.mark.parametrize(
    ("profile", "given"),
    [
        (KEY, 1),
        (URI, "http://localhost/collections/markers/items/1"),
        (LINK, {"href": "http://localhost/collections/markers/items/1"}),
        ("nothing", 1),
    ],
)
def test_a_reference_is_given_as_the_profile_has_it(
    client: FlaskClient, moved: int, profile: str, given: object
) -> None:
    asked = {"profile": profile}
    page = client.get(MARKERS, query_string={"predecessor_id": 1, **asked}).get_json(force=True)
    one = client.get(f"{MARKERS}/{moved}", query_string=asked)
    said = [
        found["properties"]["predecessor_id"]
        for found in (*page["features"], one.get_json(force=True))
    ]
    assert said == [given, given, given]
    used = profile if profile in OF_REFERENCES else KEY
    assert profiles_of(page) == profiles_of(one.get_json(force=True)) == [address_of(used)]
    assert f'<{address_of(used)}>; rel="profile"' in one.headers["Link"]
    if used != KEY:
        assert client.get(f"{MARKERS}/{moved}").headers["ETag"] != one.headers["ETag"]


def test_the_address_of_a_reference_leads_to_the_feature(client: FlaskClient, moved: int) -> None:
    one = client.get(f"{MARKERS}/{moved}", query_string={"profile": URI}).get_json(force=True)
    found = client.get(one["properties"]["predecessor_id"]).get_json(force=True)
    assert (found["type"], found["id"]) == ("Feature", 1)
    none = client.get(f"{MARKERS}/1", query_string={"profile": LINK}).get_json(force=True)
    assert none["properties"]["predecessor_id"] is None


def test_a_profile_goes_with_a_part_of_the_properties_and_another_system(
    client: FlaskClient,
) -> None:
    asked = {
        "profile": LINK,
        "properties": "condition",
        "crs": "http://www.opengis.net/def/crs/EPSG/0/4490",
    }
    page = client.get(MARKERS, query_string=asked).get_json(force=True)
    assert all(one["properties"].keys() == {"condition"} for one in page["features"])


def test_a_page_of_many_keeps_its_profile(client: FlaskClient) -> None:
    page = client.get(MARKERS, query_string={"profile": URI, "limit": 1}).get_json(force=True)
    (following,) = [one["href"] for one in page["links"] if one["rel"] == "next"]
    assert profiles_of(client.get(following).get_json(force=True)) == [address_of(URI)]


def test_a_table_gives_keys_whatever_is_asked(client: FlaskClient, moved: int) -> None:
    table = client.get(MARKERS, query_string={"profile": URI, "f": "csv", "id": moved})
    assert b"http://localhost/collections/markers" not in table.data
    named = [one for one in table.headers.getlist("Link") if 'rel="profile"' in one]
    assert named == [f'<{address_of(KEY)}>; rel="profile"']


def test_what_refers_to_nothing_knows_no_profile(client: FlaskClient) -> None:
    answer = client.get("/collections/places/items")
    assert profiles_of(answer.get_json(force=True)) == []
    refused = client.get("/collections/places/items", query_string={"profile": URI})
    assert refused.status_code == 400


@pytest.mark.parametrize("kind", ["schema", "queryables", "sortables"])
def test_schemas_name_their_profiles(client: FlaskClient, kind: str) -> None:
    address = f"/collections/signs/{kind}"
    answer = client.get(address, query_string={"profile": "codelist-ref,valid-domain"})
    for one in OF_SCHEMAS:
        assert f'<{address_of(one)}>; rel="profile"' in answer.headers["Link"]
    codes = answer.get_json(force=True)["properties"]["kind"]["oneOf"]
    assert all({"const", "title"} == one.keys() for one in codes)
    assert answer.data == client.get(address).data
