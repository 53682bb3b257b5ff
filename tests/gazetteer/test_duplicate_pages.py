"""Duplicates in pages, on the command line and over HTTP."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import event

from data.errors import InvalidValue
from data.store import Store
from gazetteer.duplicates import duplicate_page, pages
from gazetteer.duplicates.reading import portions
from gazetteer.search import rebuild
from gazetteer.tables import division, place
from ovoo import cli
from web.app import create_app

NAMES = ("新建村", "新建村", "新建村", "星建村", "巴彦塔拉嘎查", "白音他拉嘎查")


@pytest.fixture
def alike(store: Store) -> Store:
    with store.write("tester", "alike") as transaction:
        rows = [
            {"code": "150000", "name": "内蒙古自治区", "level": "region"},
            {"code": "150423", "name": "巴林右旗", "level": "county", "parent_code": "150000"},
        ]
        for row in rows:
            transaction.insert(division, row)
        transaction.insert_many(
            place,
            (
                {"name": name, "category_code": "21610", "status": "standard"}
                | {"division_code": f"15042310{number}201"}
                for number, name in enumerate(NAMES)
            ),
        )
        rebuild(transaction)
    return store


def test_pages_of_any_size_make_up_the_same_whole(alike: Store) -> None:
    whole = duplicate_page(alike, limit=100)
    assert whole.next_after is None
    assert sorted(pair["kind"] for pair in whole.pairs) == ["same-family"] + ["same-name"] * 3
    pairs, after = [], None
    while True:
        page = duplicate_page(alike, after=after, limit=1)
        pairs += page.pairs
        after = page.next_after
        if after is None:
            break
    assert tuple(pairs) == whole.pairs
    assert pairs[0]["first"]["division_path"] == "内蒙古自治区 › 巴林右旗"
    assert pairs[0]["source"]


@pytest.mark.parametrize("most_read", [1, 3, 1_000])
@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_page_that_reads_little_leaves_the_rest_to_the_next(
    alike: Store, monkeypatch: pytest.MonkeyPatch, most_read: int, limit: int
) -> None:
    with alike.write("tester", "a second county, streets of a city, names of nowhere") as write:
        rows = [
            ("新建村", "21610", "150424100201"), ("新建村", "21610", "150424100202"),
            ("新建街", "23511", "150102"), ("新建街", "23511", "150103"),
            ("新建街", "23511", "150100"), ("前进村", "21610", None), ("前进村", "21610", None),
        ]  # fmt: skip
        write.insert_many(
            place,
            (
                {"name": name, "category_code": category, "division_code": code}
                | {"status": "standard"}
                for name, category, code in rows
            ),
        )
    whole = duplicate_page(alike, limit=1_000)
    assert whole.next_after is None
    assert [pair["within"] for pair in whole.pairs] == [
        *[""], *["150423"] * 4, "150424", *["1501"] * 3
    ]  # fmt: skip
    monkeypatch.setattr(pages, "MOST_READ", most_read)
    pairs, after, asked = [], None, 0
    while after is not None or not asked:
        page = duplicate_page(alike, after=after, limit=limit)
        assert len(page.pairs) <= limit
        pairs += page.pairs
        after = page.next_after
        asked += 1
    assert tuple(pairs) == whole.pairs
    if most_read == 1:
        assert asked > len(whole.pairs) / limit


def test_every_statement_reads_an_index_in_its_order(alike: Store) -> None:
    if not alike.embedded:
        pytest.skip("the planner of a server scans a table of ten rows, whatever indexes it has")
    plans: list[str] = []
    with alike.read() as connection:

        def explain(_: Any, cursor: Any, sql: str, values: Any, *__: Any) -> None:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
            plans.extend(row[-1] for row in cursor.fetchall())

        event.listen(connection.engine, "before_cursor_execute", explain)
        try:
            assert [part.area for part in portions(connection, "15") if part.read]
        finally:
            event.remove(connection.engine, "before_cursor_execute", explain)
    assert sum("ix_search_form_division" in line for line in plans) > 5
    assert [line for line in plans if line.startswith(("SCAN", "USE TEMP"))] == []


def test_the_list_is_made_anew_after_a_write(alike: Store) -> None:
    before = duplicate_page(alike, kind="same-family")
    assert len(before.pairs) == 1
    with alike.write("tester", "one more") as transaction:
        row = {"name": "巴音塔拉嘎查", "category_code": "21610", "status": "standard"}
        transaction.insert(place, row | {"division_code": "150423100201"})
    assert len(duplicate_page(alike, kind="same-family").pairs) > 1


def test_within_a_division_by_name_or_code(alike: Store) -> None:
    assert len(duplicate_page(alike, within="巴林右旗").pairs) == 4
    assert len(duplicate_page(alike, within="150423").pairs) == 4
    with pytest.raises(InvalidValue):
        duplicate_page(alike, within="火星")
    with pytest.raises(InvalidValue):
        duplicate_page(alike, kind="same-colour")
    for after in ("x", "-1", "9" * 40, "county15.", "township15.0", "county15.0\n"):
        with pytest.raises(InvalidValue):
            duplicate_page(alike, after=after)


def test_over_http(alike: Store) -> None:
    client: FlaskClient = create_app(alike).test_client()
    first = client.get("/duplicates?limit=3&within=巴林右旗").get_json()
    assert first["numberReturned"] == 3
    (following,) = [one["href"] for one in first["links"] if one["rel"] == "next"]
    last = client.get(following).get_json()
    assert last["numberReturned"] == 1
    assert "next" not in {one["rel"] for one in last["links"]}
    for asked in ("kind=colour", "cursor=x", "within=火星", "limit=0", "more=1"):
        assert client.get(f"/duplicates?{asked}").status_code == 400
    page = client.get("/duplicates", headers={"Accept": "text/html"})
    assert "新建村" in page.text


@pytest.mark.usefixtures("alike")
def test_the_command(store_url: str, tmp_path: Path) -> None:
    asked = ["duplicates", "--store", store_url, "--json", "--kind", "same-name", "--limit", "2"]
    run = CliRunner().invoke(cli, asked)
    listed = [json.loads(line) for line in run.output.splitlines() if line.startswith("{")]
    assert [pair["kind"] for pair in listed] == ["same-name"] * 2
    out = tmp_path / "pairs.csv"
    run = CliRunner().invoke(cli, ["duplicates", "--store", store_url, "--out", str(out)])
    assert "4 pairs" in run.output
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["first_name"] for row in rows} == {"新建村", "巴彦塔拉嘎查"}
    again = CliRunner().invoke(cli, ["duplicates", "--store", store_url, "--out", str(out)])
    assert isinstance(again.exception, InvalidValue)
