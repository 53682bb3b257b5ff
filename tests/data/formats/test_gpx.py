"""GPX as surveyors' devices write it, and as attackers do."""

import time
from collections.abc import Callable

import pytest

from data.errors import FileTooLarge, InvalidFile
from data.formats import Limits, map_table

from .conftest import Read, shape_of

Reader = Callable[..., Read]
Refusal = Callable[..., InvalidFile]


def gpx(inside: str, before: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<gpx version="1.1" creator="x"'
        ' xmlns="http://www.topografix.com/GPX/1/1" xmlns:g="urn:garmin">'
        f"<metadata><name>出工</name></metadata>{inside}</gpx>"
    )


def waypoint(lon: float, lat: float, inside: str = "") -> str:
    return f'<wpt lat="{lat}" lon="{lon}">{inside}</wpt>'


TRACK = "<trk><name>路</name><trkseg>{}</trkseg></trk>"
TRACK_POINT = '<trkpt lat="41.{0}" lon="112.{0}"><ele>1</ele></trkpt>'


def test_waypoints_are_rows_with_their_values(read: Reader) -> None:
    found = read(
        gpx(
            waypoint(
                112,
                41.2,
                "<ele>1203.5</ele><time>2026-05-03T01:02:03Z</time>"
                "<name>9901001Q</name><cmt>看</cmt><desc>桩身完好</desc><sym>Flag</sym>"
                "<extensions><g:a><g:Depth>2</g:Depth></g:a></extensions>",
            )
            + waypoint(112.5, 41.4, "<name>二</name><desc>同</desc><cmt>同</cmt>")
        )
    )
    assert (found.table.format, found.table.layer, found.table.crs) == (
        "gpx", "waypoints", "OGC:CRS84",
    )  # fmt: skip
    rows = [dict(zip(found.table.columns, cells, strict=True)) for cells in found.cells]
    assert rows[0] == {
        "name": "9901001Q", "ele": "1203.5", "time": "2026-05-03T01:02:03Z", "symbol": "Flag",
        "description": "看；桩身完好", "Depth": "2",
    }  # fmt: skip
    assert rows[1]["description"] == "同"
    assert shape_of(found.rows[0]).wkt == "POINT (112 41.2)"


def test_a_label_is_a_markers_number_where_no_column_is(read: Reader) -> None:
    table = read(gpx(waypoint(112, 41, "<name>9901001Q</name><time>2026-05-03</time>"))).table
    assert map_table("inspections", table).column_of("marker_no") == "name"
    assert map_table("inspections", table).column_of("observed_at") == "time"
    assert map_table("markers", table).column_of("marker_no") == "name"
    assert map_table("names", table).column_of("name") == "name"
    forced = map_table("inspections", table, {"name": "remark"})
    assert forced.column_of("marker_no") is None


def test_tracks_beside_waypoints_are_counted_and_passed_over(read: Reader) -> None:
    track = TRACK.format("".join(TRACK_POINT.format(i) for i in range(9)))
    found = read(gpx(waypoint(112, 41) + track + track))
    assert len(found.rows) == 1
    assert found.notes == {"layer-chosen"}
    assert [note.value for note in found.table.notes] == ["waypoints"]
    assert "tracks × 2" in found.table.notes[0].en


@pytest.mark.parametrize("layer", [None, "tracks"])
def test_tracks_alone_are_lines(read: Reader, layer: str | None) -> None:
    segment = "".join(TRACK_POINT.format(i) for i in range(3))
    two = f"<trk><name>路</name><trkseg>{segment}</trkseg><trkseg>{segment}</trkseg></trk>"
    found = read(gpx(two), layer=layer)
    assert found.table.columns == ("name",)
    assert shape_of(found.rows[0]).wkt == (
        "MULTILINESTRING ((112 41, 112.1 41.1, 112.2 41.2), (112 41, 112.1 41.1, 112.2 41.2))"
    )


def test_routes_are_lines_too(read: Reader) -> None:
    points = "".join(f'<rtept lat="41" lon="{lon}"/>' for lon in (111, 112))
    found = read(gpx(waypoint(1, 1) + f"<rte><name>线</name>{points}</rte>"), layer="routes")
    assert shape_of(found.rows[0]).wkt == "MULTILINESTRING ((111 41, 112 41))"


@pytest.mark.parametrize("place", ['lat="x" lon="112"', 'lat="91" lon="112"', 'lon="112"', ""])
def test_a_place_that_is_none_is_a_fault_of_its_row(read: Reader, place: str) -> None:
    found = read(gpx(f"<wpt {place}><name>a</name></wpt>" + waypoint(112, 41, "<name>b</name>")))
    assert found.faults == [("bad-geometry", 1, None)]
    assert found.rows[1].geometry is not None


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (gpx(""), "no waypoint"),
        (gpx("<wpt lat='1' lon='1'>"), "breaks off"),
        (gpx(waypoint(1, 1), "<!DOCTYPE gpx [<!ENTITY a 'b'>]>"), "document type"),
        (gpx("<extensions>" * 70 + "</extensions>" * 70), "nested deeper"),
    ],
)
def test_what_is_no_gpx_is_refused(refusal: Refusal, content: str, word: str) -> None:
    assert word in refusal(content).message


def test_an_unknown_layer_is_refused(refusal: Refusal) -> None:
    assert "waypoints, routes, tracks" in refusal(gpx(waypoint(1, 1)), layer="x").message


def test_more_points_than_may_be_are_refused(
    refusal: Refusal, tight: Callable[..., Limits]
) -> None:
    track = TRACK.format(TRACK_POINT.format(1) * 41)
    error = refusal(gpx(waypoint(112, 41) + track), tight(max_rows=2))
    assert isinstance(error, FileTooLarge)
    assert "more than 40 points" in error.message


def test_a_million_points_end_in_words(refusal: Refusal) -> None:
    content = gpx(TRACK.format('<trkpt lat="41" lon="112"/>' * 1_000_001))
    started = time.monotonic()
    error = refusal(content)
    assert time.monotonic() - started < 60
    assert "points" in error.message or "seconds" in error.message


def test_a_long_track_beside_waypoints_needs_no_memory(
    read: Reader, tight: Callable[..., Limits]
) -> None:
    track = TRACK.format(TRACK_POINT.format(1) * 100_000)
    found = read(gpx(waypoint(112, 41) + track), tight(memory_bytes=200 * 1024 * 1024))
    assert len(found.rows) == 1
