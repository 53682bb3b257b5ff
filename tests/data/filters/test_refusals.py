"""What a filter may not say is refused with the part, the rule and the way out, and at once."""

import json
import sqlite3
import time

import cql2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InvalidValue
from data.filters import JSON, TEXT, Kind, Queryable, compile_filter, parse
from data.filters.functions import register
from data.filters.limits import MAX_CHARACTERS, MAX_DEPTH
from data.published_systems import CRS84, find_system

QUERYABLES = {
    name: Queryable(name, name, kind)
    for name, kind in {
        "name": Kind.TEXT,
        "people": Kind.NUMBER,
        "day": Kind.DATE,
        "heritage": Kind.FLAG,
        "geom": Kind.GEOMETRY,
    }.items()
}

TO_STORE = find_system(CRS84, 4490, "filter-crs").to_store

HUGE = "1" + "0" * 400
"""A number that JSON has and no float."""


def read(text: str, language: str = TEXT) -> object:
    return parse(text, language, QUERYABLES, TO_STORE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = 5", "one kind"),
        ("nam = 'a'", "ask for one of name, people"),
        ("day = DATE('2020-02-30')", "calendar"),
        ("day = TIMESTAMP('2020-02-03T25:00:00Z')", "calendar"),
        ("name LIKE name", "not a property"),
        ("people LIKE 'a'", "kind text"),
        ("((name = 'a'", "2 brackets never close"),
        ("S_INTERSECTS(geom, POINT(100-10))", "CQL2 text: processing geometry"),
        ("people > " + "-".join("1" * 100), "nest at most 24 deep"),
        ("name = 'a')", "never opened"),
        ("people = 1e400", "finite"),
        ("foo(name) = 1", "no operator or function"),
        ("name", "kind flag"),
        ("1", "kind flag"),
        ("people + name > 1", "kind number"),
        ("name BETWEEN 'a' AND 'b'", "kind date or number or time"),
        ("T_AFTER(name, day)", "a date, a time"),
        ("T_AFTER(day, INTERVAL('2023-01-01','2022-01-01'))", "swap the ends"),
        ("S_INTERSECTS(geom, POINT(200 0))", "±180"),
        ("S_INTERSECTS(geom, BBOX(0,5,5,0))", "south before north"),
        ("S_INTERSECTS(geom, POLYGON((0 0,1 1,1 0,0 1,0 0)))", "cross itself"),
        ("S_INTERSECTS(geom, name)", "compares geometries"),
        ("geom = geom", "not geometries"),
        ("people IN (1, 'a')", "one kind"),
        ("name = 'a' AND", "CQL2 text"),
        ("", "CQL2 text"),
        ("name = '\0'", "NUL"),
        ("people IN (" + ",".join(["1"] * 1001) + ")", "1 to 1000"),
        ("people = 1 " * 2000, "characters"),
        ("(" * (MAX_DEPTH + 1) + "people = 1" + ")" * (MAX_DEPTH + 1), "deep"),
    ],
)
def test_a_bad_filter_is_refused_with_the_rule(text: str, said: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        read(text)
    assert refused.value.field == "filter"
    assert said in str(refused.value)
    assert refused.value.zh


@pytest.mark.parametrize(
    "document",
    [
        "{",
        "null",
        "[]",
        '{"op": "="}',
        '{"op": "=", "args": [1]}',
        '{"op": "and", "args": [true]}',
        '{"op": "in", "args": [{"property": "people"}, 1]}',
        '{"op": "not", "args": []}',
        '{"op": "=", "args": [{"property": 5}, 5]}',
        '{"op": "=", "args": [{"property": "people"}, NaN]}',
        '{"op": "s_intersects", "args": [{"property": "geom"}, {"type": "Point"}]}',
        '{"op": "s_intersects", "args": [{"property": "geom"}, {"bbox": ["a"]}]}',
        '{"op": "s_intersects", "args": [{"property": "geom"}, {"bbox": ["0", "0", "1", "1"]}]}',
        '{"op": "s_intersects", "args": [{"property": "geom"}, {"bbox": "0123"}]}',
        '{"op": "s_intersects", "args": [{"property": "geom"}, {"bbox": [0, 0, 1, HUGE]}]}',
        '{"op": "s_intersects", "args": [{"property": "geom"}, {"type": ["Point"]}]}',
        '{"op": "<", "args": [{"property": "people"}, HUGE]}',
        '{"op": "t_after", "args": [{"property": "day"}, {"interval": ["2020-01-01"]}]}',
        '{"op": "t_after", "args": [{"property": "day"}, {"date": 5}]}',
        "[" * 5000,
    ],
)
def test_a_bad_document_is_refused(document: str) -> None:
    with pytest.raises(InvalidValue):
        read(document.replace("HUGE", HUGE), JSON)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 200 + "people = 1",
        "NOT (" * 12 + "people $" + ")" * 12,
        ("(" * 12 + "people = 1" + ")" * 12 + " AND ") * 60 + "(" * 12 + "b = $" + ")" * 12,
        "people BETWEEN (1+" * 12 + "1 $" + ")" * 12,
        "S_INTERSECTS(geom, " + "(" * 12,
        "a" * MAX_CHARACTERS,
    ],
)
def test_no_filter_stops_a_worker(text: str) -> None:
    before = time.process_time()
    with pytest.raises(InvalidValue):
        read(text)
    assert time.process_time() - before < 1.0


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read(text)
    except InvalidValue:
        return
    assert cql2.parse_text(text)


values = st.one_of(
    st.booleans(), st.integers(-9, 9), st.text(max_size=3), st.floats(allow_nan=False), st.none()
)
parts = st.recursive(
    values
    | st.integers(-(10**400), 10**400)
    | st.sampled_from([{"property": name} for name in QUERYABLES])
    | st.sampled_from([{"date": "2024-05-03"}, {"bbox": [0, 0, 1, 1]}, {"interval": ["..", ".."]}])
    | st.sampled_from(["type", "bbox", "date", "interval", "property"]).flatmap(
        lambda key: st.fixed_dictionaries({key: values | st.lists(values, max_size=4)})
    ),
    lambda inner: st.builds(
        lambda op, args: {"op": op, "args": args},
        st.sampled_from(["and", "or", "not", "=", "<", "in", "like", "between", "isNull", "casei"])
        | st.sampled_from(["+", "/", "%", "s_within", "t_meets", "accenti", "^"]),
        st.lists(inner | st.lists(inner, max_size=2), max_size=3),
    ),
    max_leaves=8,
)


@given(parts)
def test_any_document_is_read_or_refused(document: object) -> None:
    try:
        node = parse(json.dumps(document), JSON, QUERYABLES, TO_STORE)
    except InvalidValue:
        return
    for embedded in (True, False):
        assert compile_filter(node, embedded=embedded, srid=4490).sql


@pytest.mark.parametrize(
    "document",
    [
        r'{"op": "=", "args": [{"property": "name"}, "\ud800"]}',
        r'{"op": "=", "args": [{"property": "name"}, "\u0000"]}',
        r'{"op": "like", "args": [{"op": "casei", "args": [{"property": "name"}]}, "\udfff%"]}',
        r'{"op": "=", "args": [{"property": "\ud800"}, "a"]}',
        r'{"op": "\ud800", "args": []}',
        r'{"\ud800": 1}',
    ],
)
def test_what_json_escapes_and_no_store_keeps_is_refused(document: str) -> None:
    with pytest.raises(InvalidValue, match="without NUL"):
        read(document, JSON)


def test_a_whole_pair_of_surrogates_is_a_letter() -> None:
    read(r'{"op": "=", "args": [{"property": "name"}, "\ud840\udc00"]}', JSON)


@pytest.mark.parametrize(
    "text", ["people * people div 2 > 1", "(people * people) % 2 > 1", "people % people > 1"]
)
def test_arithmetic_that_leaves_the_range_of_numbers_gives_nothing_in_a_file(text: str) -> None:
    compiled = compile_filter(read(text), embedded=True, srid=4490)  # type: ignore[arg-type]
    file = sqlite3.connect(":memory:")
    register(file)
    file.execute("CREATE TABLE t (people REAL)")
    file.execute("INSERT INTO t VALUES (5e200)")
    assert file.execute(f"SELECT 1 FROM t WHERE {compiled.sql}", compiled.values).fetchall() == []
    file.close()
