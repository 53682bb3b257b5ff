"""Counts over HTTP."""

import csv
import io

import pytest
from flask.testing import FlaskClient


def test_a_dashboard_gets_everything_at_once(client: FlaskClient) -> None:
    found = client.get("/statistics").get_json()
    assert found["total"]["count"] == 4
    assert {row["division"]["code"]: row["count"] for row in found["by_division"]} == {
        "990100": 2,
        "990200": 2,
    }
    assert found["shares"]["romanized"] == 0.75
    assert all({"name", "zh", "en", "count"} <= set(one) for one in found["overdue"])
    inside = client.get("/statistics?within=990100").get_json()
    assert inside["total"]["count"] == 2
    page = client.get("/statistics?f=html").get_data(as_text=True)
    assert "地名统计" in page


def test_counts_by_dimensions_as_json_and_csv(client: FlaskClient) -> None:
    found = client.get("/statistics?by=heritage,class&depth=3").get_json()
    assert found["columns"][:3] == ["heritage", "class", "count"]
    assert [(row["heritage"], row["class"]["code"], row["count"]) for row in found["rows"]] == [
        (False, "222", 3),
        (True, "222", 1),
    ]
    answer = client.get("/statistics?by=division&level=county&f=csv&lang=en")
    assert answer.content_type.startswith("text/csv")
    header, *rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert header[:3] == ["division code", "division", "names"]
    assert [row[0] for row in rows] == ["990101", "990102", "990201", "990202"]


@pytest.mark.parametrize(
    "query",
    ["by=colour", "by=status,status", "level=village&by=division", "depth=0&by=class",
     "within=999999", "of=all", "heritage=maybe&by=status"],
)  # fmt: skip
def test_what_cannot_be_counted_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/statistics?{query}")
    assert answer.status_code == 400
    assert answer.get_json()["detail"]
