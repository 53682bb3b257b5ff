"""One filter, one expected answer for both stores: `golden.txt`, over the rows of `rows.csv`.

Each line is a filter, a tab, and the ids of the rows that it selects.
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import cql2
import pytest
import shapely
from sqlalchemy import Boolean as Flag
from sqlalchemy import Column, Connection, Date, Double, Integer, MetaData, Table, Text, insert

from data.filters import (
    JSON,
    TEXT,
    Kind,
    Queryable,
    Scalar,
    compile_filter,
    equality,
    joined,
    parse,
)
from data.geometry import POINT, Geometry
from data.hot import fetch
from data.published_systems import CRS84, find_system
from data.store import Store

HERE = Path(__file__).parent
GOLDEN = [
    line.split("\t") for line in (HERE / "golden.txt").read_text(encoding="utf-8").splitlines()
]
KINDS = {
    "name": Kind.TEXT,
    "ascii": Kind.TEXT,
    "people": Kind.NUMBER,
    "people_min": Kind.NUMBER,
    "people_max": Kind.NUMBER,
    "day": Kind.DATE,
    "start": Kind.TIME,
    "end": Kind.TIME,
    "heritage": Kind.FLAG,
    "geom": Kind.GEOMETRY,
}
QUERYABLES = {name: Queryable(name, name, kind) for name, kind in KINDS.items()}
COLUMNS = {
    Kind.TEXT: Text,
    Kind.NUMBER: Double,
    Kind.DATE: Date,
    Kind.TIME: Text,
    Kind.FLAG: Flag,
    Kind.GEOMETRY: lambda: Geometry(POINT),
}


def value(kind: Kind, text: str) -> object:
    if not text:
        return None
    readers = {
        Kind.NUMBER: float,
        Kind.DATE: date.fromisoformat,
        Kind.TIME: lambda one: one.replace("Z", ".000000Z"),
        Kind.FLAG: lambda one: one == "true",
        Kind.GEOMETRY: lambda one: shapely.to_wkb(shapely.from_wkt(one)),
    }
    return readers.get(kind, str)(text)


@pytest.fixture
def rows(store: Store) -> Iterator[Connection]:
    table = Table(
        "filtered",
        MetaData(),
        Column("id", Integer, primary_key=True),
        *(Column(name, COLUMNS[kind]()) for name, kind in KINDS.items()),  # type: ignore[operator]
    )
    with (HERE / "rows.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file, quoting=csv.QUOTE_NONE))
    with store.write("test", "draw rows") as transaction:
        table.create(transaction.connection)
        for row in listed:
            read = {
                name: value(kind, row["wkt" if name == "geom" else name])
                for name, kind in KINDS.items()
            }
            transaction.connection.execute(insert(table).values(id=int(row["id"]), **read))
    with store.read() as connection:
        yield connection


def read(text: str, language: str = TEXT) -> Scalar:
    return parse(text, language, QUERYABLES, find_system(CRS84, 4490, "filter-crs").to_store)


def selected(connection: Connection, text: str, language: str = TEXT) -> list[int]:
    return holding(connection, read(text, language))


def holding(connection: Connection, node: Scalar) -> list[int]:
    embedded = connection.dialect.name == "sqlite"
    condition = compile_filter(node, embedded=embedded, srid=4490)
    sql = f"SELECT t.id FROM filtered t WHERE {condition.sql} ORDER BY t.id"
    return [row[0] for row in fetch(connection, sql, condition.values)]


def test_every_filter_selects_what_is_expected(rows: Connection) -> None:
    wrong = [
        (text, expected, found)
        for text, expected in GOLDEN
        if (found := " ".join(map(str, selected(rows, text)))) != expected
    ]
    assert not wrong


def test_the_same_filters_as_json_select_the_same(rows: Connection) -> None:
    import json

    for text, expected in GOLDEN:
        document = json.dumps(cql2.parse_text(text).to_json())
        assert " ".join(map(str, selected(rows, document, JSON))) == expected, text


def test_a_condition_and_its_opposite_part_what_has_a_value(rows: Connection) -> None:
    for text, expected in GOLDEN:
        opposite = selected(rows, f"NOT ({text})")
        assert not set(opposite) & set(map(int, expected.split())), text


@pytest.mark.parametrize(
    ("name", "given", "filter_"),
    [
        ("name", "包头市", "name = '包头市'"),
        ("people", 150, "people = 150"),
        ("people", 2.5, "people = 2.5"),
        ("heritage", True, "heritage = TRUE"),
        ("day", date(2021, 4, 16), "day = DATE('2021-04-16')"),
    ],
)
def test_a_parameter_asks_what_its_equality_says(
    rows: Connection, name: str, given: object, filter_: str
) -> None:
    assert holding(rows, equality(QUERYABLES[name], given)) == selected(rows, filter_)


def test_conditions_of_several_parameters_hold_together(rows: Connection) -> None:
    heritage, people = equality(QUERYABLES["heritage"], True), read("people > 100")
    both = joined([heritage, None, people])
    assert both is not None
    expected = set(selected(rows, "heritage = TRUE")) & set(selected(rows, "people > 100"))
    assert holding(rows, both) == sorted(expected)
    assert joined([None, people]) == people
    assert joined([None, None]) is None
