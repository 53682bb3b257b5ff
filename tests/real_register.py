"""A register of real divisions, with former ones, and some places drawn for the texts."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from data.geometry import point_wkb
from data.reference import divisions
from data.store import Store
from gazetteer.tables import division, place, place_name

HERE = Path(__file__).parent / "gazetteer" / "checker"
SEARCH = HERE.parent / "search"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def division_rows() -> Iterator[dict[str, Any]]:
    for known in divisions():
        yield {
            "code": known.code,
            "name": known.name,
            "level": known.level,
            "parent_code": known.parent_code or None,
            "romanization": known.romanization or None,
            "romanization_mark": known.romanization_mark or None,
            "in_region": True,
        }
    for row in rows(SEARCH / "history.csv"):
        if row["valid_to"]:
            ended = date.fromisoformat(row["valid_to"])
            yield {**row, "valid_from": None, "valid_to": ended, "in_region": True}
    for row in rows(SEARCH / "townships.csv"):
        yield {**row, "level": "township", "parent_code": row["code"][:6], "in_region": True}


def fill(store: Store, listed: Path = HERE / "places.csv") -> None:
    """Write divisions and places into an empty store."""
    with store.write("tester", "names for the checker") as transaction:
        transaction.insert_many(division, division_rows())
        found = rows(listed)
        ids = transaction.insert_many(place, (place_row(row) for row in found))
        transaction.insert_many(
            place_name,
            (
                name
                for identity, row in zip(ids, found, strict=True)
                for name in names(identity, row)
            ),
        )


def place_row(row: dict[str, str]) -> dict[str, Any]:
    return {
        "name": row["name"],
        "category_code": row["category_code"],
        "division_code": row["division_code"],
        "status": row["status"],
        "romanization": row["romanization"] or None,
        "geom": point_wkb(111.0, 41.0),
    }


def names(place_id: int, row: dict[str, str]) -> Iterator[dict[str, Any]]:
    forms = [f"standard:zh-Hans:{row['name']}", *filter(None, row["others"].split("|"))]
    for form in forms:
        kind, language, text = form.split(":")
        yield {
            "place_id": place_id,
            "text": text,
            "kind": kind,
            "language": language,
            "status": row["status"],
        }
