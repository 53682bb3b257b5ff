"""The standard's own predicates (OGC 21-065r2, annex A) over its own data, on both stores.

`standard/predicates.txt` has a line for each: conformance class, collection, how many features it
selects, the predicate. Three numbers are other than the annex has them, for its own data
contradict them: `LIKE accenti('Ch%')` finds three names, `'Chiș%'` and `'cHis%'` find one.
`standard/combinations.txt` has the number and the four predicates p1 to p4 of
`(NOT (p2) AND p1) OR (p3 AND p4) OR NOT (p1 OR p4)`.

The data are Natural Earth at 1:110 million, which is in the public domain: countries from what
pyogrio ships for its tests, with the people of 2019 where that decides (`people_2019.csv`, World
Bank); places and rivers from tables beside this file, the rivers' coordinates cut to two decimals.
The days, times and flags of three places are the standard's.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import cql2
import pyogrio
import pytest
import shapely
from sqlalchemy import Boolean as Flag
from sqlalchemy import Column, Connection, Date, Double, Integer, MetaData, Table, Text, insert

from data.filters import JSON, TEXT, Kind, Queryable, compile_filter, parse
from data.geometry import MULTILINESTRING, MULTIPOLYGON, POINT, Geometry
from data.hot import fetch
from data.published_systems import CRS84, find_system
from data.store import Store

HERE = Path(__file__).parent / "standard"
COUNTRIES = Path(pyogrio.__file__).parent / "tests/fixtures/naturalearth_lowres"
Row = Mapping[str, Any]
DEGREES = find_system(CRS84, 4490, "filter-crs").to_store


@dataclass(frozen=True, slots=True)
class Source:
    """A collection of the test data: what its properties hold, what shape its features have."""

    kinds: Mapping[str, Kind]
    shape: str

    @property
    def queryables(self) -> dict[str, Queryable]:
        """What a filter may name."""
        kinds = {**self.kinds, "geom": Kind.GEOMETRY}
        return {name: Queryable(name, name, kind) for name, kind in kinds.items()}


SOURCES = {
    "countries": Source({"NAME": Kind.TEXT, "POP_EST": Kind.NUMBER}, MULTIPOLYGON),
    "places": Source(
        {
            **dict.fromkeys(("name", "nameascii"), Kind.TEXT),
            **dict.fromkeys(("pop_min", "pop_max", "pop_other"), Kind.NUMBER),
            "date": Kind.DATE,
            **dict.fromkeys(("start", "end"), Kind.TIME),
            "boolean": Kind.FLAG,
        },
        POINT,
    ),
    "rivers": Source({"name": Kind.TEXT}, MULTILINESTRING),
}
COLUMNS: Mapping[Kind, type] = {
    Kind.TEXT: Text,
    Kind.NUMBER: Double,
    Kind.DATE: Date,
    Kind.TIME: Text,
    Kind.FLAG: Flag,
}


def tabled(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def countries() -> Iterator[Row]:
    people = {row["iso_a3"]: float(row["pop_est"]) for row in tabled("people_2019.csv")}
    frame = pyogrio.read_dataframe(COUNTRIES / "naturalearth_lowres.shp")
    for one in frame.itertuples():
        drawn = one.geometry
        whole = drawn if drawn.geom_type == "MultiPolygon" else shapely.MultiPolygon([drawn])
        known = people.get(one.iso_a3, float(one.pop_est))
        yield {"NAME": one.name, "POP_EST": known, "geom": shapely.to_wkb(whole)}


def places() -> Iterator[Row]:
    readers = {
        Kind.NUMBER: float,
        Kind.DATE: date.fromisoformat,
        Kind.TIME: lambda one: one.replace("Z", ".000000Z"),
        Kind.FLAG: lambda one: one == "true",
        Kind.TEXT: str,
    }
    for row in tabled("places.csv"):
        kinds = SOURCES["places"].kinds
        read = {n: readers[kind](row[n]) if row[n] else None for n, kind in kinds.items()}  # type: ignore[operator]
        yield {**read, "geom": shapely.to_wkb(shapely.from_wkt(row["geom"]))}


def rivers() -> Iterator[Row]:
    for row in tabled("rivers.csv"):
        line = shapely.MultiLineString([shapely.from_wkt(row["geom"])])
        yield {"name": row["name"], "geom": shapely.to_wkb(line)}


def table(name: str) -> Table:
    source = SOURCES[name]
    columns = [Column(one, COLUMNS[kind]()) for one, kind in source.kinds.items()]
    key = Column("id", Integer, primary_key=True)
    return Table(name, MetaData(), key, *columns, Column("geom", Geometry(source.shape)))


@pytest.fixture
def earth(store: Store) -> Iterator[Connection]:
    features = {"countries": countries, "places": places, "rivers": rivers}
    with store.write("test", "draw the earth") as transaction:
        for name, rows in features.items():
            drawn = table(name)
            drawn.create(transaction.connection)
            transaction.connection.execute(insert(drawn), list(rows()))
    with store.read() as connection:
        yield connection


def count(connection: Connection, source: str, text: str, language: str = TEXT) -> int:
    node = parse(text, language, SOURCES[source].queryables, DEGREES)
    embedded = connection.dialect.name == "sqlite"
    condition = compile_filter(node, embedded=embedded, srid=4490)
    sql = f"SELECT count(*) FROM {source} t WHERE {condition.sql}"
    return int(fetch(connection, sql, condition.values)[0][0])


def lines(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


PREDICATES = lines("predicates.txt")


def test_the_data_are_those_of_the_standard(earth: Connection) -> None:
    assert {name: count(earth, name, "true") for name in SOURCES} == {
        "countries": 177,
        "places": 243,
        "rivers": 13,
    }


def test_every_predicate_of_the_standard_selects_as_many_as_it_says(earth: Connection) -> None:
    wrong = [
        (source, predicate, expected, found)
        for _, source, expected, predicate in PREDICATES
        if (found := count(earth, source, predicate)) != int(expected)
    ]
    assert not wrong


def test_they_select_the_same_as_json(earth: Connection) -> None:
    for _, source, expected, predicate in PREDICATES:
        document = json.dumps(cql2.parse_text(predicate).to_json())
        assert count(earth, source, document, JSON) == int(expected), predicate


def test_combinations_of_predicates_select_as_many_as_it_says(earth: Connection) -> None:
    wrong = []
    for expected, p1, p2, p3, p4 in lines("combinations.txt"):
        joined = f"(NOT ({p2}) AND {p1}) OR ({p3} and {p4}) or not ({p1} OR {p4})"
        found = count(earth, "places", joined)
        if found != int(expected):
            wrong.append((joined, expected, found))
    assert not wrong
