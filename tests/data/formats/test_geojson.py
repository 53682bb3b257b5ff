import json
from collections.abc import Callable
from typing import Any

import pytest
import shapely

from data.errors import InvalidFile, UnknownFormat
from data.formats import Limits

from .conftest import Read, shape_of

Reader = Callable[..., Read]
Refusal = Callable[..., InvalidFile]


def feature(
    properties: dict[str, Any] | None, coordinates: object = (111.75, 40.8)
) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: object, **members: object) -> str:
    return json.dumps({"type": "FeatureCollection", **members, "features": features})


def test_properties_are_united_in_order_and_points_are_wkb(read: Reader) -> None:
    found = read(
        collection(
            feature({"名称": "敖包", "级别": 3}),
            feature({"备注": None, "名称": "e\u0301", "ok": True, "h": 1.50, "list": [1, "二"]}),
        )
    )
    assert found.table.format == "geojson"
    assert found.table.crs == "OGC:CRS84"
    assert found.table.has_geometry
    assert found.table.columns == ("名称", "级别", "备注", "ok", "h", "list")
    assert found.cells == [
        ("敖包", "3", "", "", "", ""),
        ("é", "", "", "true", "1.5", '[1,"二"]'),
    ]
    assert [row.number for row in found.rows] == [1, 2]
    assert shape_of(found.rows[0]).wkt == "POINT (111.75 40.8)"


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([feature({"a": 1}), feature({"a": 2})]),
        json.dumps(feature({"a": 1})) + "\n" + json.dumps(feature({"a": 2})) + "\n",
        "".join(f"\x1e{json.dumps(feature({'a': number}))}\n" for number in (1, 2)),
        "\ufeff" + collection(feature({"a": 1}), feature({"a": 2})),
        '{"features":[' + json.dumps(feature({"a": 1})) + "," + json.dumps(feature({"a": 2}))
        + '],"type":"FeatureCollection","more":{"x":[1,2]}}',
    ],
    ids=["list", "newline-delimited", "rfc-8142", "byte-order mark", "features first"],
)  # fmt: skip
def test_every_shape_of_geojson_is_read(read: Reader, text: str) -> None:
    assert read(text).cells == [("1",), ("2",)]


def test_a_feature_id_is_a_column(read: Reader) -> None:
    assert read(collection({"id": 7, **feature({"a": "x"})})).cells == [("7", "x")]


@pytest.mark.parametrize(
    "shape",
    [
        "POINT Z (1 2 3)",
        "LINESTRING (0 0, 1 1, 2 0)",
        "POLYGON ((0 0, 4 0, 4 4, 0 0), (1 0.5, 2 0.5, 2 1, 1 0.5))",
        "MULTIPOINT (1 2, 3 4)",
        "MULTILINESTRING Z ((0 0 1, 1 1 2), (2 2 3, 3 3 4))",
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
        "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1))",
    ],
)
def test_every_geometry_comes_as_shapely_would_write_it(read: Reader, shape: str) -> None:
    geometry = shapely.from_wkt(shape)
    text = collection(
        {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(geometry))}
    )
    assert shape_of(read(text).rows[0]).equals_exact(geometry, 0)


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        ('{"type":"Point","coordinates":[NaN,1]}', "finite"),
        ('{"type":"Point","coordinates":[1e999,1]}', "finite"),
        ('{"type":"Point","coordinates":[1]}', "missing"),
        ('{"type":"Point","coordinates":["111","40"]}', "number"),
        ('{"type":"Point","coordinates":[true,false]}', "number"),
        ('{"type":"Point","coordinates":[' + "9" * 5000 + ",1]}", "number"),
        ('{"type":"LineString","coordinates":[[1,2]]}', "2 positions"),
        ('{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}', "not closed"),
        ('{"type":"Circle","coordinates":[1,2]}', "'Circle'"),
        ('{"type":"MultiPoint","coordinates":[[1,2],[1,2,3]]}', "height"),
        ('"POINT (1 2)"', "not read"),
        ('{"type":["Point"],"coordinates":[1,2]}', "not read"),
        ('{"type":{},"coordinates":[1,2]}', "not read"),
    ],
)
def test_a_geometry_that_cannot_be_taken_is_a_fault_of_its_feature(
    read: Reader, geometry: str, reason: str
) -> None:
    good = json.dumps(feature({"a": 2}))
    text = f'[{{"type":"Feature","properties":{{"a":1}},"geometry":{geometry}}},{good}]'
    found = read(text)
    assert found.faults == [("bad-geometry", 1, None)]
    assert reason in found.rows[0].faults[0].en
    assert found.rows[0].geometry is None
    assert found.rows[1].geometry is not None


def test_null_and_empty_geometries_are_no_faults(read: Reader) -> None:
    found = read(collection({**feature({"a": 1}), "geometry": None}, feature({"a": 2}, [])))
    assert [row.geometry for row in found.rows] == [None, None]
    assert not found.faults


def test_duplicate_keys_nan_and_lone_surrogates_are_faults_of_their_feature(read: Reader) -> None:
    text = (
        '[{"type":"Feature","geometry":null,"properties":{"a":1,"a":2,"b":NaN,"c":"\\ud800"}},'
        '{"type":"Feature","geometry":null,"properties":{"a":3}}]'
    )
    found = read(text)
    assert found.faults == [
        ("duplicate-key", 1, "a"),
        ("not-a-number", 1, "b"),
        ("unfit-character", 1, "c"),
    ]
    assert found.cells[1] == ("3", "", "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"type":"FeatureCollection","features":[{"type":"Feature"', "breaks off"),
        ('{"type":"FeatureCollection","features":[nonsense]}', "near character 41"),
        ("[" * 100_000, "nested too deeply"),
        ('[{"type":"Feature","properties":{"a":' + '{"a":' * 5_000, "nested too deeply"),
        ('{"type":"FeatureCollection","features":[],"features":[]}', "twice"),
        ('{"type":"FeatureCollection","features":[]}', "not one row"),
        ('{"type":"FeatureCollection"}', "not GeoJSON"),
        ('{"type":"Point","coordinates":[1,2]}', "not GeoJSON"),
        ('[{"x": 1}]', "not GeoJSON"),
        ('{"a": "' + "x" * 3_000_000, "breaks off"),
    ],
)
def test_broken_json_is_refused_with_its_place(refusal: Refusal, text: str, reason: str) -> None:
    assert reason in refusal(text).message


def test_a_feature_larger_than_what_is_read_at_once_is_whole(read: Reader) -> None:
    ring = [[index / 1e5, 1.0] for index in range(60_000)]
    line = {"type": "LineString", "coordinates": ring}
    text = collection({"type": "Feature", "properties": {"a": "x"}, "geometry": line}, feature({}))
    found = read(text)
    assert len(shape_of(found.rows[0]).coords) == len(ring)
    assert len(found.rows) == 2


def crs(name: str) -> dict[str, object]:
    return {"type": "name", "properties": {"name": name}}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("urn:ogc:def:crs:EPSG::4490", "EPSG:4490"),
        ("EPSG:4529", "EPSG:4529"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84"),
    ],
)
def test_the_old_crs_member_is_heeded(read: Reader, name: str, expected: str) -> None:
    assert read(collection(feature({"a": 1}), crs=crs(name))).table.crs == expected


@pytest.mark.parametrize(
    "member", [{"type": "link", "properties": {"href": "http://x"}}, crs("mine"), "EPSG:4490"]
)
def test_a_crs_that_is_no_epsg_name_is_refused(refusal: Refusal, member: object) -> None:
    assert "crs member" in refusal(collection(feature({"a": 1}), crs=member)).message


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('{"type":"Topology","objects":{}}', "TopoJSON"),
        ('{"geometryType":"esriGeometryPoint","features":[{"attributes":{}}]}', "Esri JSON"),
    ],
)
def test_other_json_is_named(refusal: Refusal, text: str, name: str) -> None:
    error = refusal(text)
    assert isinstance(error, UnknownFormat)
    assert name in error.message


def test_too_many_different_properties_are_refused(
    refusal: Refusal, tight: Callable[..., Limits]
) -> None:
    text = collection(*(feature({f"p{number}": 1}) for number in range(20)))
    assert "different properties" in refusal(text, tight(max_columns=10)).message
