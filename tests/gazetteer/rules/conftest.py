"""A small register of real names in each kind of store, made once for the table of names."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data.reference import divisions
from data.store import Store, create_store
from gazetteer.following import make_searchable
from gazetteer.tables import division, place

HERE = Path(__file__).parent
TOWNSHIPS = HERE.parent / "search" / "townships.csv"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def division_rows() -> Iterator[dict[str, Any]]:
    for one in divisions():
        parent = one.parent_code or None
        yield {"code": one.code, "name": one.name, "level": one.level, "parent_code": parent}
    for row in rows(TOWNSHIPS):
        yield {**row, "level": "township", "parent_code": row["code"][:6]}


def fill(store: Store) -> None:
    with store.write("tester", "names for the rules") as transaction:
        transaction.insert_many(division, division_rows())
        transaction.insert_many(
            place,
            ({**row, "heritage": row["heritage"] == "1"} for row in rows(HERE / "register.csv")),
        )
    make_searchable(store)


@pytest.fixture(
    scope="module", params=["geopackage", pytest.param("postgis", marks=pytest.mark.postgis)]
)
def register(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """A store of each kind with the names; tests of one module share it and do not write."""
    if request.param == "geopackage":
        url = str(tmp_path_factory.mktemp("rules") / "names.gpkg")
    else:
        url = request.getfixturevalue("module_database")
    with create_store(url) as store:
        fill(store)
        yield store
