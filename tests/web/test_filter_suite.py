"""The abstract tests of CQL2 (OGC 21-065r2, annex A) on our own collections, over HTTP.

They ask nothing of the data: for every queryable of every collection the annex has filters that
must be answered, sets that have nothing in common, sets that are the same, and filters that must be
refused. What its own data must give is in `tests/data/filters/test_standard.py`.
"""

import random
from collections.abc import Callable, Iterator
from itertools import permutations

import pytest
from flask.testing import FlaskClient

from web.catalogue import COLLECTIONS

pytestmark = pytest.mark.parametrize(
    "module_url",
    ["geopackage", pytest.param("postgis", marks=pytest.mark.postgis)],
    indirect=True,
    scope="module",
)

Found = frozenset[int]
Ask = Callable[[str, str], Found]
VALUES = {
    "string": "'foo'",
    "boolean": "true",
    "number": "3.14",
    "integer": "1",
    "date": "DATE('2022-04-14')",
}
TIME = "TIMESTAMP('2022-04-14T14:48:46Z')"
EARTH_BOX = "BBOX(-180,-90,180,90)"
EARTH = "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))"
YEAR = "INTERVAL('2021-01-01','2021-12-31')"
NOWHERE = "POINT(90 180)"
OF_SPANS = (
    *("AFTER", "BEFORE", "DISJOINT", "EQUALS", "INTERSECTS", "CONTAINS", "DURING", "FINISHEDBY"),
    *("FINISHES", "MEETS", "METBY", "OVERLAPPEDBY", "OVERLAPS", "STARTEDBY", "STARTS"),
)
"""Relations of two spans of time; the first five of a moment too."""


@pytest.fixture
def ask(reader: FlaskClient) -> Ask:
    """Asks a collection by a filter: the ids of what it finds."""

    def found(name: str, asked: str) -> Found:
        query = {"filter": asked, "limit": 10_000, "properties": ""}
        answer = reader.get(f"/collections/{name}/items", query_string=query)
        assert answer.status_code == 200, (name, asked, answer.get_json(force=True)["detail"])
        return frozenset(one["id"] for one in answer.get_json(force=True)["features"])

    return found


def queryables(client: FlaskClient, name: str) -> dict[str, str]:
    """The queryables of a collection but its geometry, each with its type or `date`."""
    document = client.get(f"/collections/{name}/queryables").get_json(force=True)
    listed = document["properties"].items()
    return {key: part.get("format", part["type"]) for key, part in listed if "type" in part}


def every(client: FlaskClient, *kinds: str) -> Iterator[tuple[str, str, str]]:
    for name in COLLECTIONS:
        for key, kind in queryables(client, name).items():
            if not kinds or kind in kinds:
                yield name, f'"{key}"', kind


def test_every_collection_can_be_asked(reader: FlaskClient) -> None:
    for name in COLLECTIONS:
        kinds = set(queryables(reader, name).values())
        assert kinds
        assert kinds <= VALUES.keys()


def test_comparisons_part_what_they_select(reader: FlaskClient, ask: Ask) -> None:
    for name, key, kind in every(reader):
        for value in (VALUES[kind], *([TIME] if kind == "date" else [])):
            for left, right in ((key, value), (value, key)):
                for sign, opposite in (("=", "<>"), (">", "<="), ("<", ">=")):
                    both = [ask(name, f"{left} {one} {right}") for one in (sign, opposite)]
                    assert not both[0] & both[1], (name, left, sign, right)


def test_a_property_equals_itself(reader: FlaskClient, ask: Ask) -> None:
    for name, key, _ in every(reader):
        for sign in ("<>", "<", ">"):
            assert not ask(name, f"{key} {sign} {key}")
        same = {ask(name, f"{key} {sign} {key}") for sign in ("=", "<=", ">=")}
        assert same == {ask(name, f"{key} IS NOT NULL")}


def test_what_has_a_value_and_what_has_none(reader: FlaskClient, ask: Ask) -> None:
    for name, key, _ in every(reader):
        without, having = ask(name, f"{key} IS NULL"), ask(name, f"{key} is not null")
        assert not without & having
        assert without | having == ask(name, "true")


def test_values_alone_select_all_or_nothing(ask: Ask) -> None:
    everything = ask("markers", "true")
    assert everything
    assert not ask("markers", "false")
    for value in (*VALUES.values(), TIME):
        for sign in ("=", "<=", ">="):
            assert ask("markers", f"{value} {sign} {value}") == everything
        for sign in ("<>", "<", ">"):
            assert not ask("markers", f"{value} {sign} {value}")


def test_patterns(reader: FlaskClient, ask: Ask) -> None:
    for name, key, _ in every(reader, "string"):
        assert not ask(name, f"{key} like '_%'") & ask(name, f"{key} like ''")
        assert ask(name, f"{key} LIKE '%'") == ask(name, f"{key} like '%%'")
        assert not ask(name, rf"{key} like '\\%\\_'")


def test_ranges_and_lists(reader: FlaskClient, ask: Ask) -> None:
    for name, key, kind in every(reader, "number", "integer"):
        assert ask(name, f"{key} BETWEEN 0 AND 100") <= ask(name, f"{key} IS NOT NULL")
        assert not ask(name, f"{key} between 100.0 and 1.0")
        listed = ask(name, f"{key} IN (1, 2, 3)")
        assert listed == frozenset().union(*(ask(name, f"{key} = {n}") for n in (1, 2, 3)))
        wider = ask(name, f"{key} + 1 > 2 * 3 - 5 and {key} * 2 / 2 - 1 < 2 ^ 40")
        assert wider >= ask(name, f"{key} BETWEEN 1 AND 1000000"), kind
    for name, key, kind in every(reader, "string", "boolean", "date"):
        values = {"string": "'foo', 'bar'", "boolean": "true"}.get(kind)
        if values is not None:
            ask(name, f"{key} in ({values})")
            continue
        days = [ask(name, f"{key} = DATE('2022-04-1{n}')") for n in (4, 5)]
        assert ask(name, f"{key} in ('2022-04-14', '2022-04-15')") == days[0] | days[1]


def test_without_case_and_accents(reader: FlaskClient, ask: Ask) -> None:
    for name, key, _ in every(reader, "string"):
        assert not ask(name, f"CASEI({key}) = casei('foo')") & ask(
            name, f"CASEI({key}) <> casei('FOO')"
        )
        folded = {ask(name, f"CASEI({key}) LIKE casei('{one}%')") for one in ("b", "B")}
        assert len(folded) == 1
        assert not ask(name, f"ACCENTI({key}) = accenti('äöüéáí')") & ask(
            name, f"ACCENTI({key}) <> accenti('aoueai')"
        )
        for pattern in (
            "ACCENTI({}) LIKE accenti('{}%')",
            "ACCENTI(CASEI({})) LIKE accenti(casei('{}%'))",
        ):
            bare = {ask(name, pattern.format(key, one)) for one in ("Ä", "A")}
            assert len(bare) == 1
        both = {
            ask(name, f"ACCENTI(CASEI({key})) = accenti(casei('{one}'))") for one in ("ÄÉ", "ae")
        }
        assert len(both) == 1


@pytest.mark.parametrize("name", COLLECTIONS)
def test_shapes(ask: Ask, name: str) -> None:
    boxed, drawn = (ask(name, f"S_INTERSECTS(geom,{one})") for one in (EARTH_BOX, EARTH))
    assert boxed == drawn == ask(name, f"NOT S_DISJOINT(geom,{EARTH})")
    placed = boxed
    for one in ("LINESTRING(7 50,10 51)", "POINT(7.02 49.92)"):
        assert not ask(name, f"S_INTERSECTS(geom,{one})") & ask(name, f"S_DISJOINT(geom,{one})")
    assert not ask(name, f"S_DISJOINT(geom,{EARTH_BOX})")
    assert ask(name, f"S_EQUALS(geom,{EARTH})") == ask(
        name, "S_EQUALS(geom,LINESTRING(7 50,10 51))"
    )
    for relation in ("TOUCHES", "CROSSES", "WITHIN", "CONTAINS", "OVERLAPS"):
        boxed, drawn = (ask(name, f"S_{relation}(geom,{one})") for one in (EARTH_BOX, EARTH))
        assert boxed == drawn
        ask(name, f"S_{relation}(geom,LINESTRING(7 50,10 51))")
    assert not ask(name, f"S_WITHIN(geom,{EARTH})") & ask(name, f"S_CONTAINS(geom,{EARTH})")
    for shape in (
        "MULTIPOINT(7.02 49.92, 90 18)",
        "MULTILINESTRING((-180 -45, 0 -45), (0 45, 180 45))",
        "POLYGON((0 0, 90 0, 90 90, 0 90, 0 0), (20 20, 40 20, 40 40, 20 20))",
        "MULTIPOLYGON(((-180 -90, -90 -90, -90 90, -180 90, -180 -90)),((0 0, 10 0, 10 10, 0 0)))",
        "GEOMETRYCOLLECTION(POINT(7.02 49.92), POLYGON((0 0, 10 0, 10 10, 0 10, 0 0)))",
    ):
        assert ask(name, f"S_INTERSECTS(geom,{shape})") <= placed


@pytest.mark.parametrize("shape", [NOWHERE, "MULTIPOINT(7.02 49.92, 90 180)"])
@pytest.mark.parametrize("relation", ["S_INTERSECTS", "S_DISJOINT"])
def test_what_lies_beside_the_earth_is_refused(
    reader: FlaskClient, relation: str, shape: str
) -> None:
    query = {"filter": f"{relation}(geom,{shape})"}
    assert reader.get("/collections/markers/items", query_string=query).status_code == 400


def test_moments(reader: FlaskClient, ask: Ask) -> None:
    for name, key, _ in every(reader, "date"):
        for other in ("DATE('2022-04-24')", YEAR, "TIMESTAMP('2022-04-24T07:59:57Z')"):
            found = {one: ask(name, f"T_{one}({key},{other})") for one in OF_SPANS[:5]}
            assert found["AFTER"] | found["BEFORE"] == found["DISJOINT"]
            assert found["EQUALS"] <= found["INTERSECTS"]
            assert not found["INTERSECTS"] & found["DISJOINT"]


def test_spans_of_time(reader: FlaskClient, ask: Ask) -> None:
    for name in COLLECTIONS:
        days = [key for key, kind in queryables(reader, name).items() if kind == "date"]
        for start, end in [*permutations(days, 2)][:6]:
            span = f'INTERVAL("{start}","{end}")'
            found = {one: ask(name, f"T_{one}({span},{YEAR})") for one in OF_SPANS}
            assert not found["INTERSECTS"] & found["DISJOINT"]
            assert not found["CONTAINS"] & found["DURING"]


def test_any_predicates_can_be_joined(reader: FlaskClient, ask: Ask) -> None:
    chance = random.Random(21065)  # noqa: S311 - which are joined is no secret
    for name in COLLECTIONS:
        kinds = queryables(reader, name).items()
        known = [
            f'"{key}" {sign} {VALUES[kind]}' for key, kind in kinds for sign in ("=", "<>", "<")
        ]
        known += [f'"{key}" IS NULL' for key, _ in kinds]
        known += [f"S_INTERSECTS(geom,{one})" for one in (EARTH_BOX, "POINT(7.02 49.92)")]
        for _ in range(10):
            p1, p2, p3, p4 = chance.sample(known, 4)
            ask(name, f"((NOT {p1} AND {p2}) OR ({p3} and NOT {p4}) or not ({p1} AND {p4}))")
