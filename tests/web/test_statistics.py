"""Counts over HTTP."""

import csv
import io
import itertools
import random
from datetime import date

import pytest
from flask.testing import FlaskClient

from data.geometry import point_wkb
from data.store import Store
from gazetteer.tables import place


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


def test_a_page_tells_terms_in_its_language_and_shares_as_per_cent(client: FlaskClient) -> None:
    row = client.get("/statistics").get_json()["by_division"][0]["division"]
    for language, title in (("zh", "地名统计"), ("en", "Statistics of names")):
        for address, share in (
            ("/statistics?f=html", "75%"),
            ("/statistics?by=division&f=html", "50%"),
        ):
            page = client.get(f"{address}&lang={language}").get_data(as_text=True)
            assert title in page
            assert f"{row[language]} {row['code']}" in page
            assert share in page
            assert " 0.5" not in page


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
     "within=999999", "of=all", "heritage=maybe&by=status", "class=", "status="],
)  # fmt: skip
def test_what_cannot_be_counted_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/statistics?{query}")
    assert answer.status_code == 400
    assert answer.get_json()["detail"]


@pytest.mark.parametrize("path", ["/statistics?by=year&", "/statistics?", "/search?q=白音&"])
@pytest.mark.parametrize(
    ("field", "value", "told"),
    [("class", "9", "222"), ("class", "牧场", "21"), ("status", "标准", "unverified"),
     ("status", "Standard", "standard")],
)  # fmt: skip
def test_a_word_by_which_nothing_can_be_chosen_is_refused_with_those_that_can(
    client: FlaskClient, path: str, field: str, value: str, told: str
) -> None:
    answer = client.get(f"{path}{field}={value}")
    assert answer.status_code == 400
    problem = answer.get_json()
    assert (problem["field"], problem["value"]) == (field, value)
    assert told in problem["detail"]


def test_years_hold_what_a_filter_of_the_items_says(client: FlaskClient, filled: Store) -> None:
    chance = random.Random(11)  # noqa: S311 - a test's names
    with filled.write("tests", "names with years") as transaction:
        for number in range(40):
            values = {
                "name": f"敖包{number}",
                "status": chance.choice(["standard", "former"]),
                "heritage": chance.random() < 0.3,
                "category_code": chance.choice(["22200", "12100"]),
                "division_code": chance.choice(["990101", "990202", "990201001"]),
                "valid_from": date(chance.choice([1990, 2024]), 12, 31),
                "geom": point_wkb(111.5, 40.5),
            }
            transaction.insert(place, values)
    compared = 0
    for within, category, status, heritage in itertools.product(
        ["990000", "990200", "990201"], ["1", "2220"], ["standard", "former"], ["true", "false"]
    ):
        chosen = f"class={category}&status={status}&heritage={heritage}"
        answer = client.get(f"/statistics?by=year&within={within}&{chosen}").get_json()
        begun = {row["year"]: row["begun"] for row in answer["rows"]}
        for year in (1990, 2024):
            condition = (
                f"valid_from >= DATE('{year}-01-01') AND valid_from <= DATE('{year}-12-31')"
                f" AND category_code LIKE '{category}%' AND status = '{status}'"
                f" AND heritage = {heritage} AND division_code LIKE '{within.rstrip('0')}%'"
            )
            items = client.get("/collections/places/items", query_string={"filter": condition})
            assert begun.get(year, 0) == items.get_json()["numberMatched"], condition
            compared += begun.get(year, 0)
    assert compared > 40
