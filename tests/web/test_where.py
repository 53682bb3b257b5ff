"""`/where` over HTTP."""

import pytest
from flask.testing import FlaskClient

pytestmark = pytest.mark.parametrize(
    "module_url", ["geopackage", pytest.param("postgis", marks=pytest.mark.postgis)], indirect=True
)


def test_the_path_of_a_position(reader: FlaskClient) -> None:
    found = reader.get("/where?lon=111.26&lat=41.25&limit=2").get_json()
    assert [step["code"] for step in found["located_in"]] == ["990000", "990100", "990101"]
    assert found["administered_by"] is None
    assert found["sure"] is True
    assert found["zh"] == "位于试验区 › 上盟 › 东旗"
    assert [one["name"] for one in found["nearest"]] == ["白音敖包"]
    assert found["edge"]["inside_name"] == "东旗"
    assert found["line"]["name"] == "东西线"
    assert found["line"]["parties"] == ["990101", "990102"]
    assert found["line"]["distance_m"] == pytest.approx(61_900, rel=0.01)
    assert found["links"][0]["href"].endswith("/where?lon=111.26&lat=41.25&limit=2")


def test_a_position_as_people_write_it(reader: FlaskClient) -> None:
    asked = {"lon": "东经111°15′36″", "lat": "北纬41°15′"}
    assert reader.get("/where", query_string=asked).get_json()["lon"] == pytest.approx(111.26)


def test_an_edge_that_is_no_surer_than_its_distance(reader: FlaskClient) -> None:
    found = reader.get("/where?lon=111.99&lat=41.5&uncertainty=2000").get_json()
    assert found["sure"] is False
    assert [path[-1]["name"] for path in found["candidates"]] == ["东旗", "西旗"]
    assert [step["name"] for step in found["located_in"]] == ["试验区", "上盟"]


def test_the_day_and_the_reach_of_names(reader: FlaskClient) -> None:
    then = reader.get("/where?lon=111.25&lat=41.25&as_of=1970-01-01").get_json()
    assert [step["code"] for step in then["located_in"]] == ["990000", "990100"]
    assert reader.get("/where?lon=111.26&lat=41.25&radius=500").get_json()["nearest"] == []
    assert reader.get("/where?lon=111.26&lat=41.25&limit=0").get_json()["nearest"] == []


def test_a_browser_gets_a_page(reader: FlaskClient) -> None:
    answer = reader.get("/where?lon=111.26&lat=41.25", headers={"Accept": "text/html"})
    assert answer.mimetype == "text/html"
    assert "东旗" in answer.text


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("", "lon"), ("lon=111", "lat"), ("lon=&lat=41", "lon"), ("lon=east&lat=41", "lon"),
        ("lon=41.2&lat=111.2", "lat"), ("lon=nan&lat=41", "lon"), ("lon=1e400&lat=41", "lon"),
        ("lon=111&lat=41&as_of=yesterday", "as_of"), ("lon=111&lat=41&radius=-1", "radius"),
        ("lon=111&lat=41&uncertainty=inf", "uncertainty"), ("lon=111&lat=41&limit=x", "limit"),
        ("lon=111&lat=41&lat=42", "lat"), ("lon=111&lat=41&height=5", "height"),
        ("lon=%F0%9F%98%80&lat=41", "lon"), ("lon=%00&lat=41", "lon"),
        ("lon=" + "1" * 10_000 + "&lat=41", "lon"), ("lon=111%27%20OR%201=1&lat=41", "lon"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_a_400_with_a_sentence(
    reader: FlaskClient, asked: str, field: str
) -> None:
    answer = reader.get(f"/where?{asked}")
    assert answer.status_code == 400, answer.text
    assert len(answer.get_json()["detail"]) > 8
    assert answer.get_json()["field"] in {field, "lon", "lat"}
