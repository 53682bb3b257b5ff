"""What became of features, and how they were on a day."""

import math
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import mapbox_vector_tile
import pytest
import region
from flask.testing import FlaskClient
from sqlalchemy import select

from data import Actor, Grant, Role, Store
from data.accounts import issue_token, open_account
from gazetteer.tables import division, place, place_name
from web.app import create_app
from web.settings import ACCOUNTS, Settings

PLACE = "/collections/places/items/1"


def edit(client: FlaskClient, address: str, **properties: Any) -> None:
    tag = client.get(address).headers["ETag"]
    answer = client.patch(
        address, json={"properties": properties}, headers={"If-Match": tag},
        content_type="application/merge-patch+json",
    )  # fmt: skip
    assert answer.status_code == 200


def test_every_version_is_told_newest_first(client: FlaskClient) -> None:
    edit(client, PLACE, remark="一", meaning="富饶的敖包")
    edit(client, PLACE, remark=None)
    versions = client.get(f"{PLACE}/history").get_json()["versions"]
    assert [(one["version"], one["action"]) for one in versions] == [
        (3, "update"), (2, "update"), (1, "insert"),
    ]  # fmt: skip
    assert versions[0]["changes"] == [{"property": "remark", "before": "一", "after": None}]
    assert {one["property"] for one in versions[1]["changes"]} == {"remark", "meaning"}
    assert versions[0]["actor"] == "operator"
    assert versions[0]["reason"] == "change places through the API"
    drawn = next(one for one in versions[2]["changes"] if one["property"] == "geometry")
    assert drawn["before"] is None
    assert drawn["after"]["coordinates"] == [111.25, 41.25]


def test_a_long_history_has_pages(client: FlaskClient) -> None:
    for number in range(5):
        edit(client, PLACE, remark=str(number))
    seen, following = [], f"{PLACE}/history?limit=2"
    while following:
        page = client.get(following).get_json()
        seen += [one["version"] for one in page["versions"]]
        following = next((i["href"] for i in page["links"] if i["rel"] == "next"), "")
    assert seen == [6, 5, 4, 3, 2, 1]
    assert client.get(f"{PLACE}/history?cursor=x").status_code == 400
    assert client.get(f"{PLACE}/history?limit=0").status_code == 400


def test_what_is_deleted_is_remembered(client: FlaskClient) -> None:
    body = {"type": "Feature", "geometry": None, "properties": {"name": "新泉"}}
    made = client.post("/collections/places/items", json=body)
    address = made.headers["Location"]
    client.delete(address, headers={"If-Match": made.headers["ETag"]})
    versions = client.get(f"{address}/history").get_json()["versions"]
    assert [one["action"] for one in versions] == ["delete", "insert"]
    assert client.get("/collections/places/items/999/history").status_code == 404


def test_it_is_told_as_far_as_a_reader_may_see(filled: Store) -> None:
    now = datetime.now(UTC)
    root = Actor.operator("o")
    grants = {
        "upper": [Grant(Role.EDITOR, "990100")],
        "lower": [Grant(Role.EDITOR, "990200")],
        "viewer": [Grant(Role.VIEWER, "990100")],
    }
    for name, held in grants.items():
        open_account(filled, root, name, held, now)
    client = create_app(filled, Settings(access=ACCOUNTS)).test_client()

    def versions(address: str, name: str = "") -> int:
        headers = {}
        if name:
            text = issue_token(filled, name, "t", tuple(Role), timedelta(days=1), now)
            headers = {"Authorization": f"Bearer {text}"}
        answer = client.get(f"{address}/history", headers=headers)
        assert answer.status_code == 200
        return len(answer.get_json()["versions"])

    marker = "/collections/markers/items/1"
    assert [versions(PLACE), versions(PLACE, "lower"), versions(PLACE, "upper")] == [0, 0, 1]
    assert [versions(PLACE, "viewer"), versions(marker, "viewer")] == [1, 0]
    assert [versions(marker), versions(marker, "upper")] == [0, 1]


@pytest.fixture
def renamed(filled: Store) -> Store:
    """Place 1 was called 旧敖包 until 2001 and 中敖包 until 2010; division 990102 began in 2000."""
    with filled.write("tests", "rename") as transaction:
        connection = transaction.connection
        spans = (("旧敖包", None, date(2001, 1, 1)), ("中敖包", date(2001, 1, 1), date(2010, 1, 1)))
        for text, begins, ends in spans:
            transaction.insert(
                place_name,
                {"place_id": 1, "text": text, "kind": "former", "status": "former"}
                | {"language": "zh-Hans", "valid_from": begins, "valid_to": ends},
            )
        row = connection.execute(
            select(division.c.id, division.c.version).where(division.c.code == "990102")
        ).one()
        transaction.update(division, row.id, row.version, {"valid_from": date(2000, 1, 1)})
        old = {"code": "990102", "name": "老西旗", "level": "county", "in_region": True}
        transaction.insert(division, old | {"valid_to": date(2000, 1, 1)})
        ended = {"name": "废村", "status": "former", "valid_to": date(2005, 1, 1)}
        transaction.insert(place, ended)
    return filled


@pytest.mark.parametrize(
    ("day", "name", "there"),
    [("1999-05-01", "旧敖包", True), ("2001-01-01", "中敖包", True), ("2012-01-01", None, False)],
)
def test_places_have_the_names_of_the_day(
    renamed: Store, client: FlaskClient, day: str, name: str | None, *, there: bool
) -> None:
    assert renamed.crs
    page = client.get(f"/collections/places/items?as_of={day}").get_json(force=True)
    names = {one["id"]: one["properties"]["name"] for one in page["features"]}
    assert names[1] == name or (name is None and names[1] == "白音敖包")
    assert ("废村" in names.values()) == there
    item = client.get(f"{PLACE}?as_of={day}").get_json(force=True)["properties"]
    assert item["name"] == names[1]
    spans = [(one["valid_from"] or "", one["valid_to"] or "9999") for one in item["names"]]
    assert all(begins <= day < ends for begins, ends in spans)


def test_divisions_are_those_of_the_day(renamed: Store, client: FlaskClient) -> None:
    assert renamed.crs

    def names(day: str) -> set[str]:
        address = f"/collections/divisions/items?as_of={day}&code=990102"
        features = client.get(address).get_json(force=True)["features"]
        return {one["properties"]["name"] for one in features}

    assert names("1999-12-31") == {"老西旗"}
    assert names("2000-01-01") == {"西旗"}
    found = client.get("/collections/divisions/items?code=990102").get_json(force=True)["features"]
    old = next(one["id"] for one in found if one["properties"]["name"] == "老西旗")
    address = f"/collections/divisions/items/{old}"
    assert client.get(f"{address}?as_of=1990-01-01").status_code == 200
    assert client.get(f"{address}?as_of=2000-01-01").status_code == 404


@pytest.mark.parametrize(
    "asked", ["as_of=soon", "as_of=2000-01-01&datetime=2000-01-01", "as_of=2000-13-01"]
)
def test_a_day_is_one_day(client: FlaskClient, asked: str) -> None:
    assert client.get(f"/collections/places/items?{asked}").status_code == 400


def test_what_has_no_time_of_validity_takes_no_day(client: FlaskClient) -> None:
    assert client.get("/collections/inspections/items?as_of=2000-01-01").status_code == 400


def test_pages_of_a_day_go_on(renamed: Store, client: FlaskClient) -> None:
    assert renamed.crs
    read: Callable[[str], Any] = lambda address: client.get(address).get_json(force=True)  # noqa: E731
    page = read("/collections/places/items?as_of=1999-05-01&limit=2")
    seen = [one["id"] for one in page["features"]]
    while links := [one["href"] for one in page["links"] if one["rel"] == "next"]:
        page = read(links[0])
        seen += [one["id"] for one in page["features"]]
    assert sorted(seen) == [1, 2, 3, 4, 5]


LANGUAGES = ("zh-Hans", "zh-Hans-CN", "zh", "und", "zh-Latn-pinyin", "mn-Mong", "ja")


def register_forms(store: Store, chance: random.Random) -> list[date]:
    """Invented forms of the places in many languages and spans; the days around their changes."""
    days = [date(year, 1, 1) for year in range(1950, 2000, 5)]
    with store.write("tests", "forms of other times") as transaction:
        for number in range(40):
            begins, ends = sorted(chance.sample(days, 2))
            transaction.insert(
                place_name,
                {"place_id": chance.randint(1, 4), "language": chance.choice(LANGUAGES)}
                | {"text": chance.choice(("敖包", "Oboo")) + str(number), "status": "former"}
                | {"kind": chance.choice(("former", "standard", "alias"))}
                | {"valid_from": chance.choice((begins, None))}
                | {"valid_to": chance.choice((ends, ends, None))},
            )
    return [one + timedelta(days=shift) for one in days for shift in (-1, 0)]


def named_in_tile(client: FlaskClient, position: tuple[float, float], day: date) -> Any:
    """The properties of the places that a tile around a position shows, by id."""
    level = 12
    lon, lat = position
    column = int((lon + 180) / 360 * 2**level)
    row = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**level)
    address = f"/collections/places/tiles/WebMercatorQuad/{level}/{row}/{column}"
    answer = client.get(f"{address}?f=mvt&datetime={day}")
    assert answer.status_code == 200
    read = mapbox_vector_tile.decode(answer.get_data())
    return {one["id"]: one["properties"] for one in read["places"]["features"]}


@pytest.mark.parametrize("seed", [1, 2])
def test_pages_and_tiles_of_a_past_day_tell_the_same_names(
    filled: Store, client: FlaskClient, seed: int
) -> None:
    days = register_forms(filled, random.Random(seed))  # noqa: S311 - a test's names
    seen: set[tuple[int, str]] = set()
    for day in days:
        page = client.get(f"/collections/places/items?as_of={day}").get_json()["features"]
        assert len(page) == len(region.PLACES)
        for feature in page:
            told = feature["properties"]
            shown = named_in_tile(client, tuple(feature["geometry"]["coordinates"]), day)
            drawn = shown[feature["id"]]
            assert drawn["name"] == told["name"], day
            assert drawn.get("romanization") == told["romanization"], day
            seen.add((feature["id"], told["name"]))
    assert len(seen) > 2 * len(region.PLACES)


@pytest.mark.parametrize(
    ("forms", "name", "romanization"),
    [
        ([("甲敖包", "zh-Hans", None, 1990)], "甲敖包", None),
        ([("甲敖包", "zh-CN", None, 1990), ("Jia", "zh-Latn-pinyin", None, 1990)], "甲敖包", "Jia"),
        ([("Jia", "zh-Latn-pinyin", None, 1990)], "白音敖包", "Jia"),
        ([("甲敖包", "und", 1960, 1990), ("乙敖包", "zh-Hans", 1950, 1980)], "乙敖包", None),
        ([("甲敖包", "und", None, 1990), ("乙敖包", "zh-Hans", 1960, 1990)], "乙敖包", None),
        (
            [("甲敖包", "ja", None, 1990), ("ᠪᠠᠶᠠᠨ", "mn-Mong", None, 1990)],
            "白音敖包",
            "Bayan Oboo",
        ),
        ([("白音敖包", "zh-Hans", None, 1990)], "白音敖包", "Bayan Oboo"),
        ([("甲敖包", "zh-Hans", None, 1970)], "白音敖包", "Bayan Oboo"),
    ],
)
def test_which_of_several_forms_a_place_was_called_by(
    filled: Store,
    client: FlaskClient,
    forms: list[tuple[str, str, int | None, int]],
    name: str,
    romanization: str | None,
) -> None:
    with filled.write("tests", "forms of other times") as transaction:
        for text, language, begins, ends in forms:
            transaction.insert(
                place_name,
                {"place_id": 1, "text": text, "language": language, "kind": "former"}
                | {"status": "former", "valid_to": date(ends, 1, 1)}
                | {"valid_from": date(begins, 1, 1) if begins else None},
            )
    page = client.get("/collections/places/items?as_of=1970-01-01").get_json()["features"]
    (told,) = (one["properties"] for one in page if one["id"] == 1)
    assert (told["name"], told["romanization"]) == (name, romanization)
