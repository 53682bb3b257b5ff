"""Everything that a query asks for leaves, page after page, on both stores."""

import json
import math
from collections.abc import Iterator
from dataclasses import replace

import pytest
import region
from shapely import Point

from boundary import LINES, MARKERS
from boundary.tables import marker
from data import export
from data.asking import ItemsQuery
from data.coordinates import CGCS2000, gauss_kruger_forward
from data.errors import InvalidValue, NotComparable
from data.formats.writing import FORMATS, Record
from data.formats.writing.layer import point_of
from data.geometry import Box, point_wkb
from data.store import Store
from gazetteer import PLACES

WHOLE = ItemsQuery()


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "PAGE", 2)


def numbers_of(store: Store, query: ItemsQuery) -> list[str]:
    with store.read_long() as connection:
        layer = export.layer_of(connection, MARKERS, store.crs)
        batches = list(export.read_batches(connection, MARKERS, layer, query))
    assert all(len(batch) <= 2 for batch in batches)
    return [str(record.values[0]) for batch in batches for record in batch.records]


def test_every_page_is_read_whatever_the_limit(filled: Store) -> None:
    expected = sorted(number for number, *_ in region.MARKERS)
    assert sorted(numbers_of(filled, WHOLE)) == expected
    assert sorted(numbers_of(filled, replace(WHOLE, limit=1, offset=3))) == expected


def test_a_box_and_a_filter_hold(filled: Store) -> None:
    box = Box(111.9, 41.5, 112.1, 41.9)
    assert sorted(numbers_of(filled, replace(WHOLE, box=box))) == [
        "9901003A",
        "9901003B",
        "9901004Q",
    ]
    one = replace(WHOLE, filters={"marker_no": "9901003A"})
    assert numbers_of(filled, one) == ["9901003A"]


def test_values_and_positions_are_the_registers_own(filled: Store) -> None:
    with filled.read_long() as connection:
        layer = export.layer_of(connection, MARKERS, filled.crs)
        (first, *_) = export.read_batches(connection, MARKERS, layer, WHOLE)
    names = [attribute.name for attribute in layer.attributes]
    known = dict(zip(names, first.records[0].values, strict=True))
    assert known["tolerance_m"] == 0.2
    assert known["synthetic"] is True
    assert known["source"] is None
    assert point_of(first.records[0].wkb) == (112.0, 41.2)
    assert (layer.name, layer.kind, layer.crs) == ("markers", "POINT", "EPSG:4490")


def test_an_export_sees_one_state_of_the_store(filled: Store) -> None:
    with filled.read_long() as connection:
        layer = export.layer_of(connection, MARKERS, filled.crs)
        batches = export.read_batches(connection, MARKERS, layer, WHOLE)
        found = [record.values[0] for record in next(batches).records]
        with filled.write("tests", "meanwhile") as transaction:
            new = {"marker_no": "new", "geom": point_wkb(112.5, 41.5)}
            transaction.insert(marker, new)
        found += [record.values[0] for batch in batches for record in batch.records]
    assert sorted(found) == sorted(number for number, *_ in region.MARKERS)
    assert "new" in numbers_of(filled, WHOLE)


def moved_points(store: Store, crs: str) -> list[tuple[float, float]]:
    with store.read_long() as connection:
        layer = export.layer_of(connection, MARKERS, store.crs)
        batches = export.read_batches(connection, MARKERS, layer, WHOLE)
        changed, batches = export.moved(layer, batches, crs)
        assert changed.crs == crs
        points = [point_of(record.wkb) for batch in batches for record in batch.records]
    return [point for point in points if point]


def test_positions_leave_in_another_system_of_the_datum(filled: Store) -> None:
    # 3° zone 37, central meridian 111°: 112° E lies east of it.
    (first, *_) = moved_points(filled, "EPSG:4546")
    east, north = gauss_kruger_forward(112.0, 41.2, 111.0, CGCS2000.datum.ellipsoid)
    assert first == pytest.approx((float(east), float(north)), abs=0.0001)
    (prefixed, *_) = moved_points(filled, "EPSG:4525")
    assert prefixed == pytest.approx((first[0] + 37_000_000, first[1]), abs=0.0001)


def test_wgs84_is_given_with_the_same_numbers(filled: Store) -> None:
    assert moved_points(filled, "EPSG:4326")[0] == (112.0, 41.2)
    north_m = 6_378_137 * math.asinh(math.tan(math.radians(41.2)))
    expected = (math.radians(112.0) * 6_378_137, north_m)
    assert moved_points(filled, "EPSG:3857")[0] == pytest.approx(expected, abs=0.001)


def test_another_datum_is_refused(filled: Store) -> None:
    with pytest.raises(NotComparable, match="different datums"):
        moved_points(filled, "EPSG:4610")


def system_for(store: Store, name: str, crs: str | None) -> str:
    with store.read_long() as connection:
        layer = export.layer_of(connection, LINES, store.crs)
        return export.wanted_system(connection, LINES, layer, FORMATS[name], crs)


def test_a_drawing_is_in_metres_of_the_zone_around_it(filled: Store) -> None:
    assert system_for(filled, "gpkg", None) == "EPSG:4490"
    assert system_for(filled, "dxf", None) == "EPSG:4546"
    assert system_for(filled, "dxf", "国家2000 3度带 中央子午线114 EPSG:4547"[-9:]) == "EPSG:4547"
    with pytest.raises(InvalidValue, match="EPSG code"):
        system_for(filled, "dxf", "国家2000 3度带 中央子午线114")


def test_only_wanted_records_go_on(filled: Store) -> None:
    def keep(records: list[Record]) -> Iterator[bool]:
        return [str(record.values[0]).endswith("Q") for record in records]

    with filled.read_long() as connection:
        layer = export.layer_of(connection, MARKERS, filled.crs)
        batches = export.read_batches(connection, MARKERS, layer, WHOLE)
        found = [
            json.loads(feature)["properties"]["marker_no"]
            for batch in export.selected(layer, batches, keep)
            for feature in batch.features
        ]
    assert sorted(found) == ["9901001Q", "9901002Q", "9901004Q"]


def test_shapes_of_lines_come_as_they_are(filled: Store) -> None:
    with filled.read_long() as connection:
        layer = export.layer_of(connection, LINES, filled.crs)
        (batch,) = export.read_batches(connection, LINES, layer, WHOLE)
        (record,) = batch.records
    assert record.wkb is not None
    import shapely

    assert shapely.from_wkb(record.wkb).wkt == "MULTILINESTRING ((112 41, 112 42))"
    assert Point(112, 41).intersects(shapely.from_wkb(record.wkb))


def test_an_empty_layer_leaves_empty(store: Store) -> None:
    with store.read_long() as connection:
        layer = export.layer_of(connection, PLACES, store.crs)
        batches = export.read_batches(connection, PLACES, layer, WHOLE)
        assert [len(batch) for batch in batches] == [0]
