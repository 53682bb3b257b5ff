"""What collections say of themselves, and the catalogue of them."""

from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from geojson_rules import broken_rules

from data import Store
from data.reference import load_table
from gazetteer.tables import place
from web.app import create_app
from web.catalogue import COLLECTIONS
from web.settings import ACCOUNTS, Settings


def test_every_collection_has_a_row() -> None:
    rows = [row["collection"] for row in load_table("collection_records")]
    assert rows == list(COLLECTIONS)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_collection_says_what_it_is(client: FlaskClient, lang: str) -> None:
    found = client.get(f"/collections/divisions?lang={lang}").get_json()
    (row,) = (r for r in load_table("collection_records") if r["collection"] == "divisions")
    assert found["description"] == row[f"description_{lang}"]
    assert found["keywords"] == row[f"keywords_{lang}"].split("|")
    assert found["language"] == "zh"
    assert found["extent"]["spatial"]["bbox"] == [[111.0, 40.0, 115.0, 42.0]]
    assert found["extent"]["temporal"]["interval"] == [["1980-01-01", None]]
    age = datetime.now(UTC) - datetime.fromisoformat(found["updated"])
    assert 0 <= age.total_seconds() < 86_400  # drawn when the tests began
    listed = client.get(f"/collections?lang={lang}").get_json()["collections"]
    assert found in listed


def test_what_is_written_is_told_at_once(client: FlaskClient, filled: Store) -> None:
    def extent() -> list[float]:
        found = client.get("/collections/places").get_json()["extent"]["spatial"]["bbox"]
        return list(found[0])

    before = extent()
    body = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [114.5, 41.5]}}
    made = client.post("/collections/places/items", json=body | {"properties": {"name": "远"}})
    assert made.status_code == 201
    assert extent()[2] == pytest.approx(114.5) != before[2]
    with filled.write("tests", "a time") as transaction:
        row = {"name": "古", "status": "former", "valid_from": date(1900, 1, 1)}
        transaction.insert(place, row | {"valid_to": date(1950, 1, 1)})
    found = client.get("/collections/places").get_json()["extent"]["temporal"]
    assert found["interval"] == [["1900-01-01", None]]


def test_the_office_names_itself(
    client: FlaskClient, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "license" not in client.get("/collections/places").get_json()
    folder = tmp_path_factory.mktemp("own")
    header = list(load_table("collection_records")[0])
    lines = [",".join(header)]
    for row in load_table("collection_records"):
        own = dict(row) | {"provider_zh": "民政局", "provider_en": "Office", "licence": "CC-BY-4.0"}
        lines.append(",".join(f'"{own[name]}"' for name in header))
    (folder / "collection_records.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.setenv("OVOO_REFERENCE", str(folder))
    found = client.get("/collections/places?lang=zh").get_json()
    assert found["license"] == "CC-BY-4.0"
    assert found["providers"] == [{"name": "民政局", "roles": ["publisher"], "contact": None}]
    record = client.get("/records/places?lang=en").get_json(force=True)["properties"]
    assert (record["license"], record["contacts"][0]["name"]) == ("CC-BY-4.0", "Office")


def test_collections_are_records_of_a_catalogue(client: FlaskClient) -> None:
    answer = client.get("/records?lang=en")
    assert answer.content_type == "application/geo+json"
    assert broken_rules(answer.data) == []
    found = answer.get_json(force=True)
    assert [one["id"] for one in found["features"]] == list(COLLECTIONS)
    one = client.get("/records/lines?lang=en")
    assert broken_rules(one.data) == []
    record = one.get_json(force=True)
    assert record in found["features"]
    assert record["properties"]["type"] == "dataset"
    assert record["conformsTo"][0].endswith("/conf/record-core")
    assert {"self", "collection", "data", "items", "enclosure"} <= {
        link["rel"] for link in record["links"]
    }
    assert client.get("/records/rivers").status_code == 404
    links = client.get("/collections/lines").get_json()["links"]
    described = [link["href"] for link in links if link["rel"] == "describedby"]
    assert described == ["http://localhost/records/lines"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("q=heritage", {"heritage"}),
        ("q=行政区划", {"divisions"}),
        ("q=names%20history", {"places"}),
        ("q=displacement,romanization", {"markers", "inspections", "places"}),
        ("ids=signs,lines", {"signs", "lines"}),
        ("q=nothing", set()),
        ("q=,", set()),
        ("type=dataset&ids=lines", {"lines"}),
        ("type=service", set()),
        ("externalIds=10.1000%2F1", set()),
        ("bbox=0,0,1,1", set()),
        ("bbox=111,40,112,41&ids=divisions,places", {"divisions", "places"}),
        ("bbox=170,-90,-170,90", set()),
        ("bbox=110,-90,-170,90&ids=lines", {"lines"}),
        ("datetime=1970-01-01&ids=divisions", set()),
        ("datetime=1990-01-01/..&ids=divisions", {"divisions"}),
    ],
)
def test_the_catalogue_is_searched(client: FlaskClient, asked: str, expected: set[str]) -> None:
    lang = "zh" if "行政" in asked else "en"
    found = client.get(f"/records?{asked}&lang={lang}").get_json(force=True)
    assert {one["id"] for one in found["features"]} == expected
    assert found["numberMatched"] == len(expected)


def test_the_catalogue_is_cut_where_less_is_asked_for(client: FlaskClient) -> None:
    found = client.get("/records?limit=2").get_json(force=True)
    assert (found["numberReturned"], found["numberMatched"]) == (2, len(COLLECTIONS))
    for wrong in ("limit=0", "bbox=1,2", "datetime=then", "sort=id"):
        assert client.get(f"/records?{wrong}").status_code == 400, wrong


def test_each_reader_is_told_the_own_extent(filled: Store) -> None:
    with filled.write("tests", "a marker far away") as transaction:
        from boundary.tables import marker
        from data.geometry import point_wkb

        far = {"marker_no": "9902001Q", "geom": point_wkb(120.0, 45.0), "party_a": "990101"}
        transaction.insert(marker, far)
    whole = create_app(filled).test_client()
    public = create_app(filled, Settings(access=ACCOUNTS)).test_client()
    seen = whole.get("/collections/markers").get_json()["extent"]["spatial"]["bbox"][0]
    told = public.get("/collections/markers").get_json()["extent"]["spatial"]["bbox"][0]
    assert seen[2] == pytest.approx(120.0)
    assert told != seen
