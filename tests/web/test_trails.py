"""Lists that are paged by keys lead back to the very pages that led on."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from boundary.tables import line
from data import Store
from data.geometry import point_wkb
from gazetteer.approvals.tables import expert
from gazetteer.heritage.tables import heritage
from gazetteer.signs.tables import sign, sign_repair
from gazetteer.tables import place, place_name
from web.trails import ways

LISTS = {
    "/lines?limit=2": "lines",
    "/experts?limit=2": "experts",
    "/heritage?limit=2&state=candidate": "entries",
    "/sign-repairs?limit=2": "repairs",
    "/administration/journal?limit=3": "entries",
    "/administration/releases?limit=1": "records",
    "/collections/places/items/1/history?limit=2": "versions",
    "/search?q=敖包山&limit=2": "features",
    "/risk?limit=1": "lines",
}


@pytest.fixture
def long(client: FlaskClient, filled: Store) -> FlaskClient:
    """A client of a store in which every list has some pages."""
    with filled.write("tests", "long lists") as transaction:
        for n in range(7):
            transaction.insert(
                line,
                {"name": f"线{n}", "code": f"77{n:02d}", "level": "county", "party_a": "990101"}
                | {"party_b": "990102", "geom": None},
            )
            transaction.insert(expert, {"name": f"专家{n}", "fields": "language"})
            identity = transaction.insert(
                place,
                {"name": f"敖包山{n}", "status": "standard", "division_code": "990101"}
                | {"geom": point_wkb(111.2 + n / 100, 41.2)},
            )
            transaction.insert(
                place_name,
                {"place_id": identity, "text": f"敖包山{n}", "language": "zh-Hans"}
                | {"kind": "standard"},
            )
            transaction.insert(
                heritage,
                {"place_id": identity, "name": f"敖包山{n}", "division_code": "990101"}
                | {"list_level": "county", "category": "town", "state": "candidate"}
                | {"first_record": "志", "first_record_source": "志", "geom": None},
            )
            own = transaction.insert(sign, {"sign_no": f"S{n}", "name": "x", "geom": None})
            day = date(2026, 5, 3)
            transaction.insert(
                sign_repair,
                {"sign_id": own, "sign_no": f"S{n}", "condition": "damaged", "state": "open"}
                | {"opened_on": day, "due_on": day + timedelta(days=n % 3)},
            )
    for n in range(5):
        with filled.write("tests", f"change {n}") as transaction:
            transaction.update(place, 1, 1 + n, {"meaning": f"含义{n}"})
    for n in (2, 3, 4):
        record = {"table": "place", "number": n, "level": "internal", "version": 0}
        assert client.post("/administration/releases/records", json=record).status_code == 200
    return client


def linked(page: dict[str, Any], rel: str) -> str | None:
    found = [one["href"] for one in page["links"] if one["rel"] == rel]
    return found[0] if found else None


@pytest.mark.parametrize("address", LISTS)
def test_the_way_back_is_the_way_there(long: FlaskClient, address: str) -> None:
    def page(where: str) -> dict[str, Any]:
        answer = long.get(where)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json(force=True)
        return found

    name = LISTS[address]
    there = [page(address)]
    while following := linked(there[-1], "next"):
        there.append(page(following))
    assert len(there) > 2, address
    assert linked(there[0], "prev") is None
    assert linked(there[0], "first") is None
    back = [there[-1]]
    while before := linked(back[-1], "prev"):
        back.append(page(before))
    assert [one[name] for one in back[::-1]] == [one[name] for one in there]
    first = linked(there[-1], "first")
    assert first is not None
    assert page(first)[name] == there[0][name]


def test_a_page_has_buttons_for_both_ways(long: FlaskClient) -> None:
    following = linked(long.get("/lines?limit=2").get_json(), "next")
    assert following is not None
    text = long.get(f"{following}&f=html").get_data(as_text=True)
    assert 'rel="prev"' in text
    assert 'rel="next"' in text


@pytest.mark.parametrize("back", ["<script>", "", "a b", "x" * 5000])
def test_a_trail_that_is_none_is_refused(client: FlaskClient, back: str) -> None:
    for path in ("/lines", "/search"):
        asked = {"cursor": "1", "back": back} | ({"q": "敖包"} if path == "/search" else {})
        assert client.get(path, query_string=asked).status_code == 400
    assert client.get("/collections/places/items?back=-").status_code == 400
    assert client.get("/conformance?back=-").status_code == 400


def test_a_long_way_stays_short() -> None:
    query = "limit=1"
    for cursor in range(1, 500):
        query = ways(query, str(cursor))["next"]
    assert len(query) < 300
    steps = 0
    while "prev" in ways(query, None):
        query = ways(query, None)["prev"]
        steps += 1
    assert steps == 40
    assert "first" in ways(query, None)
