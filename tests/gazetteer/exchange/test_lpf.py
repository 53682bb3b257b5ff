"""Linked Places Format: nothing is lost on the way out and back, whoever made the feature."""

from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import InvalidValue
from gazetteer.exchange.lpf import CONTEXT, LinkedPlace, LpfContext, build, parse
from gazetteer.exchange.records import NameRow, PlaceRecord

from .places import records

HERE = LpfContext("http://here/", date(2026, 5, 3), (("上盟", "990100"), ("东旗", "990101")))
ELSEWHERE = LpfContext("http://there/", date(2030, 1, 1))

ABINGDON: dict[str, Any] = {
    "@id": "http://mygaz.example/places/p_12345",
    "type": "Feature",
    "properties": {"title": "Abingdon (UK)", "ccodes": ["GB"], "fclasses": ["P"], "own": [1]},
    "when": {
        "timespans": [{"start": {"in": "0676"}, "end": {"in": "1066"}}],
        "periods": [{"name": "Anglo-Saxon Period", "@id": "periodo:p06c6g3whtg"}],
        "label": "a period",
        "duration": "P100Y",
        "certainty": "less-certain",
    },
    "names": [
        {
            "toponym": "Abingdon",
            "lang": "en",
            "citations": [{"label": "Ye Olde Gazetteer", "year": 1635, "@id": "http://a.example"}],
            "when": {"timespans": [{"start": {"in": "1600"}}]},
        },
        {"toponym": "Abingdon-on-Thames", "lang": "en", "when": {"certainty": "certain"}},
    ],
    "types": [
        {
            "identifier": "aat:300008680",
            "label": "lakes",
            "sourceLabels": [{"label": "Water", "lang": "en"}],
            "when": {"timespans": [{"start": {"in": "1600"}}]},
        }
    ],
    "geometry": {
        "type": "GeometryCollection",
        "geometries": [
            {
                "type": "Point",
                "coordinates": [-1.2879, 51.6708],
                "when": {"timespans": [{"start": {"in": "1600"}}]},
                "certainty": "certain",
            },
            {"geowkt": "POLYGON ((-1.3 51.6, -1.2 51.6, -1.2 51.7, -1.3 51.6))"},
        ],
    },
    "links": [{"type": "closeMatch", "identifier": "wd:Q321381"}],
    "relations": [
        {
            "relationType": "gvp:broaderPartitive",
            "relationTo": "http://mygaz.example/places/p_9876",
            "label": "part of Berkshire (UK)",
            "when": {"timespans": [{"start": {"in": "1600"}, "end": {"in": "1974"}}]},
        }
    ],
    "descriptions": [
        {"@id": "http://w.example", "value": "a market town", "lang": "en"},
        {"value": "une ville", "lang": "fr"},
    ],
    "depictions": [{"@id": "http://c.example/x.jpg", "title": "The river", "license": "cc:by-sa"}],
}


def again(feature: dict[str, Any]) -> dict[str, Any]:
    """A feature as it comes out of a file."""
    found: dict[str, Any] = orjson.loads(orjson.dumps(feature))
    return found


def record_of(place: LinkedPlace, identity: int = 7) -> PlaceRecord:
    """What a store keeps of a place that was read."""
    return PlaceRecord(identity, place.columns, place.position, place.names, place.extras)


def same(place: LinkedPlace, record: PlaceRecord) -> None:
    assert dict(place.columns) == dict(record.columns)
    assert place.position == record.position
    assert place.names == record.names
    assert dict(place.extras) == dict(record.extras or {})


@settings(max_examples=300, deadline=None)
@given(records)
def test_a_place_of_ours_comes_back_whole(record: PlaceRecord) -> None:
    for context in (HERE, ELSEWHERE):
        same(parse(again(build(record, context))), record)


@given(records)
def test_what_we_make_is_as_the_format_wants_it(record: PlaceRecord) -> None:
    feature = again(build(record, HERE))
    assert feature["@id"] == "http://here/collections/places/items/7"
    assert feature["type"] == "Feature"
    assert feature["properties"]["title"]
    assert set(feature["properties"]["fclasses"]) <= set("AHLPRST")
    assert feature["names"]
    assert all(name["toponym"] for name in feature["names"])
    assert any(name.get("citations") for name in feature["names"])
    for span in feature["when"]["timespans"]:
        assert set(span["start"]) & {"in", "earliest", "latest"}
    assert all(one["identifier"] and one["label"] for one in feature.get("types", []))
    assert feature.get("geometry", None) is None or feature["geometry"]["type"] == "Point"
    for relation in feature["relations"]:
        assert relation["relationType"] == "gvp:broaderPartitive"
        assert relation["relationTo"].startswith("http://here/")


def test_a_river_is_told_as_one() -> None:
    columns = {"name": "锡林河", "category_code": "121", "status": "standard"}
    feature = build(PlaceRecord(1, columns, (116.0, 43.9)), HERE)
    assert feature["properties"]["fclasses"] == ["H"]
    (kind,) = feature["types"]
    assert (kind["identifier"], kind["label"]) == ("aat:300008707", "rivers")
    assert {"label": "河流", "lang": "zh"} in kind["sourceLabels"]
    assert feature["relations"][0]["label"] == "上盟 › 东旗"
    assert parse(again(feature)).columns["category_code"] == "121"


def without_ours(feature: dict[str, Any]) -> Any:
    """A feature without what we add to it: our members, our relation, the link to itself."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items() if not k.startswith("ovoo:")}
        if isinstance(value, list):
            return [
                plain(one) for one in value if not (isinstance(one, dict) and one.get("ovoo:made"))
            ]
        return value

    found = plain(feature)
    found["links"] = [one for one in found.get("links", []) if one["type"] != "exactMatch"]
    return {key: value for key, value in found.items() if value != [] and key != "@id"}


def test_a_foreign_feature_says_what_it_says() -> None:
    place = parse(ABINGDON)
    assert place.position == (-1.2879, 51.6708)
    assert place.columns["name"] == "Abingdon (UK)"
    assert place.columns["source_id"] == "http://mygaz.example/places/p_12345"
    assert (place.columns["valid_from"], place.columns["valid_to"]) == ("0676-01-01", "1066-01-01")
    assert place.columns["category_code"] == "122"
    assert place.columns["description"] == "a market town"
    assert place.names == (
        NameRow("Abingdon", "en", "variant", "unverified", "1600-01-01", None, "Ye Olde Gazetteer"),
        NameRow("Abingdon-on-Thames", "en", "variant", "unverified"),
    )


def test_a_foreign_feature_leaves_as_it_came() -> None:
    sent = again(build(record_of(parse(ABINGDON)), HERE))
    assert without_ours(sent) == without_ours(ABINGDON)
    assert sent["@id"] == "http://here/collections/places/items/7"
    assert {"type": "exactMatch", "identifier": ABINGDON["@id"]} in sent["links"]


def test_it_does_so_again_and_again() -> None:
    first = parse(ABINGDON)
    sent = again(build(record_of(first), HERE))
    for _ in range(3):
        place = parse(sent)
        assert dict(place.columns) == dict(first.columns)
        assert (place.position, place.names) == (first.position, first.names)
        sent, before = again(build(record_of(place), HERE)), sent
        assert sent == before


@pytest.mark.parametrize(
    ("member", "changed"),
    [
        ("names", {"names": (NameRow("Neu", "de", "alias", "standard"),)}),
        ("geometry", {"position": (1.0, 2.0)}),
        ("types", {"columns": {"category_code": "134"}}),
        ("when", {"columns": {"valid_from": "2001-02-03"}}),
        ("descriptions", {"columns": {"description": "another"}}),
    ],
)
def test_a_changed_member_is_made_anew_and_the_others_stay(
    member: str, changed: dict[str, Any]
) -> None:
    record = record_of(parse(ABINGDON))
    if "columns" in changed:
        changed = {"columns": {**record.columns, **changed["columns"]}}
    record = replace(record, **changed)
    sent = again(build(record, HERE))
    before, after = without_ours(ABINGDON), without_ours(sent)
    assert {key for key in before | after if before.get(key) != after.get(key)} <= {member}
    place = parse(sent)
    assert (place.position, place.names) == (record.position, record.names)
    assert dict(place.columns) == dict(record.columns)


def test_what_somebody_adds_to_ours_stays() -> None:
    record = PlaceRecord(1, {"name": "敖包", "status": "standard"}, (111.5, 41.5))
    feature = again(build(record, HERE))
    feature["links"] = [{"type": "closeMatch", "identifier": "wd:Q1"}]
    feature["names"][0]["certainty"] = "certain"
    sent = again(build(record_of(parse(feature), 1), HERE))
    assert sent["links"] == feature["links"]
    assert parse(sent).columns["name"] == "敖包"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab敖", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=2)
    ),
    max_leaves=4,
)
spans = st.fixed_dictionaries(
    {
        "timespans": st.lists(
            st.fixed_dictionaries(
                {
                    "start": st.fixed_dictionaries(
                        {"in": st.sampled_from(["1600", "1832-08", "1832-08-01", "-0500"])}
                    )
                }
            ),
            max_size=2,
        )
    },
    optional={"label": st.text("ab", max_size=3), "certainty": st.just("uncertain")},
)
foreign_names = st.fixed_dictionaries(
    {"toponym": st.text("ab敖", min_size=1, max_size=4)},
    optional={
        "lang": st.sampled_from(["en", "zh"]),
        "when": spans,
        "citations": st.lists(
            st.fixed_dictionaries(
                {"label": st.text("xy", min_size=1, max_size=3)},
                optional={"year": st.integers(1, 2000)},
            ),
            max_size=2,
        ),
        "x": json_values,
    },
)
coordinates = st.tuples(st.integers(-180, 180), st.integers(-90, 90)).map(list)
points = st.fixed_dictionaries(
    {"type": st.just("Point"), "coordinates": coordinates}, optional={"when": spans}
)
geometries = (
    st.none()
    | points
    | st.fixed_dictionaries(
        {
            "type": st.just("MultiPoint"),
            "coordinates": st.lists(coordinates, min_size=1, max_size=3),
        }
    )
    | st.fixed_dictionaries(
        {"type": st.just("GeometryCollection"), "geometries": st.lists(points, max_size=2)}
    )
)
foreign = st.fixed_dictionaries(
    {
        "@id": st.sampled_from(["http://a.example/1", "http://b.example/2"]),
        "type": st.just("Feature"),
        "properties": st.fixed_dictionaries(
            {"title": st.text("ab敖", min_size=1, max_size=4)},
            optional={"fclasses": st.just(["P"]), "q": json_values},
        ),
        "names": st.lists(foreign_names, min_size=1, max_size=3),
        "geometry": geometries,
    },
    optional={
        "when": spans,
        "types": st.lists(
            st.fixed_dictionaries(
                {
                    "identifier": st.sampled_from(["aat:300008707", "x:1"]),
                    "label": st.sampled_from(["rivers", "y"]),
                }
            ),
            max_size=2,
        ),
        "links": st.lists(
            st.fixed_dictionaries(
                {"type": st.just("seeAlso"), "identifier": st.text("ab", min_size=1)}
            ),
            max_size=2,
        ),
        "descriptions": st.lists(
            st.fixed_dictionaries({"value": st.text("ab", max_size=3)}), max_size=2
        ),
        "depictions": st.just([{"@id": "http://c.example"}]),
        "zzz": json_values,
    },
)


@settings(max_examples=300, deadline=None)
@given(foreign)
def test_any_foreign_feature_leaves_as_it_came_and_comes_back(feature: dict[str, Any]) -> None:
    first = parse(again(feature))
    sent = again(build(record_of(first), HERE))
    before, after = without_ours(feature), without_ours(sent)
    # What the format requires and the feature lacks is added; nothing else is.
    before = {"when": after["when"], **before}
    before["properties"] = {"fclasses": after["properties"]["fclasses"], **before["properties"]}
    assert after == before
    second = parse(sent)
    assert dict(second.columns) == dict(first.columns)
    assert (second.position, second.names) == (first.position, first.names)
    assert again(build(record_of(second), HERE)) == sent


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            ["@id", "properties", "names", "when", "geometry", "types", "descriptions"]
        ),
        json_values | st.lists(json_values, max_size=3),
    )
)
def test_no_feature_breaks_the_reader(feature: dict[str, Any]) -> None:
    try:
        parse(feature)
    except InvalidValue as refused:
        error = refused
    else:
        return
    assert error.zh
    assert error.field


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"properties": {}, "names": []}, "title"),
        ({"properties": {"title": "a\0b"}}, "U\\+0000"),
        ({"geometry": {"type": "Point", "coordinates": [200, 1]}}, "±180"),
        ({"geometry": {"type": "Point", "coordinates": ["a", 1]}}, "no geometry"),
        ({"geometry": {"geowkt": "POINT(a)"}}, "no geometry"),
        ({"names": {"toponym": "x"}}, "a list"),
        ({"names": [{"toponym": ["x"]}]}, "text"),
    ],
)
def test_what_cannot_be_taken_is_named(change: dict[str, Any], word: str) -> None:
    with pytest.raises(InvalidValue, match=word):
        parse(ABINGDON | change)


def test_closed_fields_do_not_leave_where_they_may_not() -> None:
    record = PlaceRecord(1, {"name": "敖包", "status": "standard"}, None, (), {"secrecy": "秘密"})
    closed = replace(HERE, closed=frozenset({"secrecy"}))
    assert "秘密" not in str(build(record, closed))
    assert "秘密" in str(build(record, HERE))


def test_the_context_says_what_our_members_mean() -> None:
    assert CONTEXT[-1] == {"ovoo": "urn:ovoo:lpf:"}
