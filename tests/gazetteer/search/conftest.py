"""A small register of real names in each kind of store, made once for all search tests."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data.geometry import point_wkb
from data.reference import divisions
from data.store import Store, create_store
from gazetteer.search import rebuild
from gazetteer.tables import division, place, place_name

HERE = Path(__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def division_rows() -> Iterator[dict[str, Any]]:
    history = {row["code"]: row for row in rows("history")}
    for known in divisions():
        dated = history.pop(known.code, {"valid_from": "", "valid_to": ""})
        yield {
            "code": known.code,
            "name": known.name,
            "level": known.level,
            "parent_code": known.parent_code or None,
            "romanization": known.romanization or None,
            "in_region": True,
            "valid_from": day(dated["valid_from"]),
            "valid_to": day(dated["valid_to"]),
        }
    for row in history.values():
        spans = {"valid_from": day(row["valid_from"]), "valid_to": day(row["valid_to"])}
        yield {**row, **spans, "in_region": True}
    for row in rows("townships"):
        yield {**row, "level": "township", "parent_code": row["code"][:6], "in_region": True}


def fill(store: Store) -> None:
    """Write divisions and places, and make the index."""
    with store.write("tester", "names for search") as transaction:
        transaction.insert_many(division, division_rows())
        listed = rows("places")
        ids = transaction.insert_many(place, (place_row(row) for row in listed))
        transaction.insert_many(
            place_name,
            (
                name
                for identity, row in zip(ids, listed, strict=True)
                for name in names(identity, row)
            ),
        )
        rebuild(transaction)


def place_row(row: dict[str, str]) -> dict[str, Any]:
    return {
        "name": row["name"],
        "category_code": row["category_code"],
        "division_code": row["division_code"],
        "status": row["status"],
        "heritage": row["heritage"] == "1",
        "geom": point_wkb(float(row["lon"]), float(row["lat"])),
    }


def names(place_id: int, row: dict[str, str]) -> Iterator[dict[str, Any]]:
    forms = [f"standard:zh-Hans:{row['name']}", *filter(None, row["forms"].split("|"))]
    for form in forms:
        kind, language, text = form.split(":")
        yield {
            "place_id": place_id,
            "text": text,
            "kind": kind,
            "language": language,
            "status": row["status"],
        }


@pytest.fixture(
    scope="module", params=["geopackage", pytest.param("postgis", marks=pytest.mark.postgis)]
)
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """A store of each kind with the names; tests of one module share it and do not write."""
    if request.param == "geopackage":
        with create_store(str(tmp_path_factory.mktemp("search") / "names.gpkg")) as store:
            fill(store)
            yield store
        return
    url = request.getfixturevalue("module_database")
    with create_store(url) as store:
        fill(store)
        yield store
