"""Names and divisions from files: every field kept, codes found, nothing invented."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from files import write_csv, write_geojson, write_geopackage, write_shapefile
from sqlalchemy import select

from data.errors import FaultsFound
from data.formats import fields_of
from data.geometry import point_xy
from data.loading import Loaded, LoadOptions, load_file
from data.reference import place_sheet
from data.store import Store, create_store
from gazetteer.containing import Containing
from gazetteer.loading import divisions_loader, names_loader
from gazetteer.name_rows import language_of
from gazetteer.tables import division, place, place_extra, place_name

FULL_NAME = {
    "name": "白音敖包",
    "place_code": "15052610520000000001",
    "romanization": "Bayan Oboo",
    "category_code": "13400",
    "category_name": "山地",
    "status": "曾用",
    "heritage": "是",
    "division_code": "990101",
    "division_name": "某地",
    "lon": "111.25",
    "lat": "41.25",
    "x_north": "4568367.514",
    "y_east": "37520954.128",
    "crs": "CGCS2000",
    "name_mong": "ᠪᠠᠶᠠᠨ ᠣᠪᠣᠭ᠎ᠠ",
    "alias": "敖包山、鄂博山",
    "short_name": "白敖",
    "former_name": "白音鄂博",
    "meaning": "富饶的敖包",
    "origin": "因山上有敖包得名",
    "history": "清代设",
    "description": "山丘",
    "valid_from": "1954年3月6日",
    "valid_to": "2001",
    "source": "地名普查",
    "id": "77",
    "remark": "石堆",
    "licence": "CC0",
    "synthetic": "是",
}
EXTRAS = {
    **{field.code: f"{field.zh} 77" for field in place_sheet() if field.home == "extra"},
    "division_name": "某地",
    "province_name": "某省",
    "city_name": "某市",
    "gdm": '{"type":"MultiPoint","coordinates":[[111.25,41.25],[111.5,41.5]]}',
    "pdm": "面",
}
"""Fields of the sheet, and of the national record, that no column holds."""
NOT_IN_ONE_ROW = {"lpf", "more"}
FULL_DIVISION = {
    "code": "990101",
    "name": "东旗",
    "level": "县级",
    "parent_code": "990100",
    "romanization": "Dong Banner",
    "seat": "白音敖包",
    "valid_from": "1980-01-01",
    "valid_to": "2020-12-31",
    "source": "drawn for a test",
    "licence": "CC0",
    "synthetic": "是",
}


def load(store: Store, path: Path, **options: Any) -> Loaded:
    return load_file(store, names_loader(), path, "tester", LoadOptions(**options))


def load_divisions(store: Store, path: Path, **options: Any) -> Loaded:
    return load_file(store, divisions_loader(), path, "tester", LoadOptions(**options))


def one(store: Store, table: Any) -> dict[str, Any]:
    with store.read() as connection:
        return dict(connection.execute(select(table)).mappings().one())


def test_a_linked_feature_that_is_no_json_is_a_fault(store: Store, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ["名称", "lpf"], [["敖包", "{not json"]])
    with pytest.raises(FaultsFound) as found:
        load(store, path)
    assert [fault.column for fault in found.value.faults] == ["lpf"]


def linked(**members: Any) -> str:
    """A feature as this program exports one, with other members."""
    own = {f"ovoo:{name}": value for name, value in members.items() if name != "names"}
    properties = {"title": "敖包", "ovoo:status": "unverified"} | own
    names = {"names": members["names"]} if "names" in members else {}
    return json.dumps({"type": "Feature", "properties": properties} | names, ensure_ascii=False)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"lpf": linked(status="sure")}, "status"),
        ({"lpf": linked(status=None)}, "status"),
        ({"lpf": linked(division_code="1501")}, "lpf"),
        ({"lpf": linked(names=[{"toponym": "脑包", "ovoo:kind": "nickname"}])}, "kind"),
        ({"more": '{"names":[{"text":"脑包","language":"zh-Hans","kind":"nickname"}]}'}, "more"),
        ({"lpf": linked(names=[{"toponym": "脑包", "lang": "zh_CN"}])}, "language"),
        ({"more": '{"names":[{"text":"脑包","language":"zh_CN","kind":"alias"}]}'}, "more"),
        ({"gdm": '{"type":"MultiPoint","coordinates":[[4112500,541250]]}'}, "gdm"),
    ],
)
def test_what_a_cell_of_json_says_is_held_against_the_tables(
    store: Store, tmp_path: Path, cells: dict[str, str], column: str
) -> None:
    path = write_csv(tmp_path / "a.csv", ["名称", *cells], [["敖包", *cells.values()]])
    with pytest.raises(FaultsFound) as found:
        load(store, path)
    assert [fault.column for fault in found.value.faults] == [column]


def test_a_word_of_a_linked_feature_becomes_its_code(store: Store, tmp_path: Path) -> None:
    alias = {"toponym": "脑包", "ovoo:kind": "别名", "lang": "ZH-hans"}
    feature = linked(status="标准", names=[alias])
    load(store, write_csv(tmp_path / "a.csv", ["名称", "lpf"], [["敖包", feature]]))
    assert one(store, place)["status"] == "standard"
    assert one(store, place_name)["kind"] == "alias"
    assert one(store, place_name)["language"] == "zh-Hans"


def test_every_field_of_a_name_is_kept(store: Store, tmp_path: Path) -> None:
    whole = FULL_NAME | EXTRAS
    assert set(whole) | NOT_IN_ONE_ROW == {field.name for field in fields_of("names")}
    load(store, write_csv(tmp_path / "a.csv", list(whole), [list(whole.values())]))
    row = one(store, place)
    assert point_xy(row.pop("geom")) == pytest.approx((111.25, 41.25), abs=1e-6)
    assert row == {
        "id": 1,
        "version": 1,
        "name": "白音敖包",
        "place_code": "15052610520000000001",
        "romanization": "Bayan Oboo",
        "romanization_mark": "as-loaded",
        "category_code": "134",
        "status": "former",
        "heritage": True,
        "division_code": "990101",
        "valid_from": date(1954, 3, 6),
        "valid_to": date(2001, 1, 1),
        "meaning": "富饶的敖包",
        "origin": "因山上有敖包得名",
        "history": "清代设",
        "description": "山丘",
        "remark": "石堆",
        "source": "地名普查",
        "source_id": "77",
        "licence": "CC0",
        "synthetic": True,
    }
    with store.read() as connection:
        beside = connection.execute(select(place_extra.c.field, place_extra.c.text)).all()
    typed = {"valid_from": "1954年3月6日", "valid_to": "2001"}
    assert dict(map(tuple, beside)) == EXTRAS | typed
    with store.read() as connection:
        names = connection.execute(
            select(place_name.c.text, place_name.c.kind, place_name.c.language).order_by(
                place_name.c.id
            )
        ).all()
    assert list(map(tuple, names)) == [
        ("白音敖包", "standard", "zh-Hans"),
        ("Bayan Oboo", "standard", "zh-Latn-pinyin"),
        ("敖包山", "alias", "zh-Hans"),
        ("鄂博山", "alias", "zh-Hans"),
        ("白敖", "short", "zh-Hans"),
        ("白音鄂博", "former", "zh-Hans"),
        ("ᠪᠠᠶᠠᠨ ᠣᠪᠣᠭ᠎ᠠ", "standard", "mn-Mong"),
    ]


@pytest.mark.parametrize(
    ("column", "written", "kept"),
    [
        ("类别代码", "134", "134"),
        ("类别代码", "13400", "134"),
        ("类别名称", "山地", "134"),
        ("类别名称", "mountains", "134"),
        ("类别代码", "99999", "99999"),
        ("类别名称", "烽火台遗址", "烽火台遗址"),
    ],
)
def test_a_category_becomes_its_code_or_stays_as_written(
    store: Store, tmp_path: Path, column: str, written: str, kept: str
) -> None:
    path = write_csv(tmp_path / "a.csv", ("名称", column), [("敖包", written)])
    notes = load(store, path).notes
    assert one(store, place)["category_code"] == kept
    known = kept == "134"
    assert any(note.code == "unknown-category" for note in notes) is not known


def test_a_name_is_standard_only_where_the_file_says_so(store: Store, tmp_path: Path) -> None:
    load(store, write_csv(tmp_path / "a.csv", ("标准名称",), [("敖包",)]))
    notes = load(store, write_csv(tmp_path / "b.csv", ("名称", "状态"), [("鄂博", "")])).notes
    with store.read() as connection:
        rows = connection.execute(select(place.c.name, place.c.status).order_by(place.c.id)).all()
    assert list(map(tuple, rows)) == [("敖包", "standard"), ("鄂博", "unverified")]
    assert any(note.code == "status-assumed" for note in notes)


def test_an_unknown_status_is_a_fault(store: Store, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ("名称", "状态"), [("敖包", "大概")])
    with pytest.raises(FaultsFound) as caught:
        load(store, path)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [(2, "状态")]


def test_a_division_is_found_by_place_and_a_given_code_is_left_alone(
    filled: Store, tmp_path: Path
) -> None:
    header = ("标准名称", "行政区划代码", "经度", "纬度")
    rows = [
        ("甲", "", "111.5", "41.5"),
        ("乙", "990202", "111.5", "41.5"),
        ("丙", "", "112.0", "40.5"),  # on a border
        ("丁", "", "113.5", "40.5"),  # in the neighbouring county
        ("戊", "", "100.0", "40.5"),  # in none
        ("己", "", "", ""),
    ]
    loaded = load(filled, write_csv(tmp_path / "a.csv", header, rows))
    with filled.read() as connection:
        found = connection.execute(
            select(place.c.name, place.c.division_code)
            .where(place.c.source.is_(None))
            .order_by(place.c.id)
        ).all()
    assert dict(map(tuple, found)) == {
        "甲": "990101",
        "乙": "990202",
        "丙": "990201",
        "丁": "980101",
        "戊": None,
        "己": None,
    }
    (note,) = [note for note in loaded.notes if note.code == "division-by-place"]
    assert note.value == "3"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("东旗", "990101"),
        ("上盟东旗", "990101"),
        ("试验区 上盟 东旗", "990101"),
        ("西镇", None),
    ],
)
def test_a_division_is_found_by_name_or_its_name_is_kept(
    filled: Store, tmp_path: Path, words: str, code: str | None
) -> None:
    path = write_csv(tmp_path / "a.csv", ("名称", "所在行政区"), [("敖包", words)])
    load(filled, path)
    with filled.read() as connection:
        row = connection.execute(select(place).where(place.c.source.is_(None))).one()
        kept = connection.scalars(select(place_extra.c.text)).all()
    assert (row.division_code, row.remark) == (code, None)
    assert kept == [words]


def test_a_name_of_two_divisions_names_none(filled: Store) -> None:
    with filled.write("tester", "a homonym") as transaction:
        transaction.insert(division, {"code": "990203", "name": "东旗", "level": "county"})
    with filled.read() as connection:
        rows = Containing(connection).fill(
            [{"division_name": "东旗", "division_code": None, "geom": None, "remark": None}]
        )
    assert rows == [{"division_code": None, "geom": None, "remark": None}]


@pytest.mark.parametrize("code", ["99", "99010", "9901011", "内蒙古", "990101 ", "９９０１０１"])
def test_a_division_code_has_its_digits(store: Store, tmp_path: Path, code: str) -> None:
    path = write_csv(tmp_path / "a.csv", ("名称", "行政区划代码"), [("敖包", code)])
    if code.strip() == "990101":
        assert load(store, path).written == 1
        return
    with pytest.raises(FaultsFound, match="1 fault"):
        load(store, path)


def test_every_field_of_a_division_is_kept(store: Store, tmp_path: Path) -> None:
    assert set(FULL_DIVISION) == {field.name for field in fields_of("divisions")}
    square = shapely.box(111, 41, 112, 42)
    load_divisions(
        store,
        write_geojson(
            tmp_path / "a.geojson", list(FULL_DIVISION), [list(FULL_DIVISION.values())], [square]
        ),
    )
    row = one(store, division)
    assert shapely.from_wkb(row.pop("geom")).equals(square)
    assert row == {
        "id": 1,
        "version": 1,
        "code": "990101",
        "name": "东旗",
        "level": "county",
        "parent_code": "990100",
        "romanization": "Dong Banner",
        "romanization_mark": "as-loaded",
        "seat": "白音敖包",
        "in_region": True,
        "valid_from": date(1980, 1, 1),
        "valid_to": date(2020, 12, 31),
        "source": "drawn for a test",
        "licence": "CC0",
        "synthetic": True,
    }


def test_level_and_parent_follow_from_the_code(store: Store, tmp_path: Path) -> None:
    rows = [("990000", "试验区"), ("990100", "上盟"), ("990101", "东旗"), ("990101001", "某镇")]
    load_divisions(store, write_csv(tmp_path / "a.csv", ("行政区划代码", "名称"), rows))
    with store.read() as connection:
        found = connection.execute(
            select(division.c.code, division.c.level, division.c.parent_code).order_by("code")
        ).all()
    assert list(map(tuple, found)) == [
        ("990000", "region", None),
        ("990100", "prefecture", "990000"),
        ("990101", "county", "990100"),
        ("990101001", "township", "990101"),
    ]


AREA = shapely.box(111.0, 41.0, 111.1, 41.1)
PLANE_AREA = shapely.transform(AREA, lambda xy: (xy - [111, 41]) * [84_000, 111_000] + [5e5, 45e5])


@pytest.mark.parametrize("system", ["EPSG:4490", "EPSG:4326", "EPSG:4546"])
def test_polygons_arrive_in_the_stores_system(store: Store, tmp_path: Path, system: str) -> None:
    shape = PLANE_AREA if system == "EPSG:4546" else AREA
    path = write_geopackage(
        tmp_path / "a.gpkg", ("代码", "名称"), [("990101", "东旗")], [shape], system
    )
    load_divisions(store, path)
    west, south, east, north = shapely.from_wkb(one(store, division)["geom"]).bounds
    assert (west, south) == pytest.approx((111.0, 41.0), abs=0.5)
    assert (east - west, north - south) == pytest.approx((0.1, 0.1), abs=0.005)


def test_a_shapefile_of_polygons_in_gauss_kruger_with_zone_prefix(
    store: Store, tmp_path: Path
) -> None:
    shape = shapely.transform(PLANE_AREA, lambda xy: np.add(xy, [37e6, 0]))
    path = write_shapefile(
        tmp_path / "a.zip", ("code", "name"), [("990101", "东旗")], [shape], "EPSG:4525"
    )
    load_divisions(store, path)
    west, south, *_ = shapely.from_wkb(one(store, division)["geom"]).bounds
    assert (west, south) == pytest.approx((111.0, 40.6), abs=0.1)


def test_another_datum_is_refused_once_for_the_whole_file(store: Store, tmp_path: Path) -> None:
    rows = [("990101", "东旗"), ("990102", "西旗"), ("990103", "南旗")]
    path = write_geopackage(tmp_path / "a.gpkg", ("代码", "名称"), rows, [AREA] * 3, "EPSG:4610")
    with pytest.raises(FaultsFound) as caught:
        load_divisions(store, path)
    (fault,) = caught.value.faults
    assert (fault.code, fault.row) == ("not-comparable", 1)
    assert "2 more rows" in fault.en
    assert "另有 2 行" in fault.zh


def test_a_polygon_that_crosses_itself_is_a_fault(store: Store, tmp_path: Path) -> None:
    bow = shapely.Polygon([(111, 41), (112, 42), (112, 41), (111, 42)])
    path = write_geopackage(tmp_path / "a.gpkg", ("代码", "名称"), [("990101", "东旗")], [bow])
    with pytest.raises(FaultsFound) as caught:
        load_divisions(store, path)
    assert "111.5 41.5" in caught.value.faults[0].en


def test_points_are_no_divisions(store: Store, tmp_path: Path) -> None:
    path = write_geopackage(
        tmp_path / "a.gpkg", ("代码", "名称"), [("990101", "东旗")], [shapely.Point(111, 41)]
    )
    with pytest.raises(FaultsFound) as caught:
        load_divisions(store, path)
    assert caught.value.faults[0].code == "geometry-kind"


def test_a_division_stands_once_for_each_beginning(store: Store, tmp_path: Path) -> None:
    header = ("代码", "名称", "设立日期")
    rows = [("990101", "东县", "1950"), ("990101", "东旗", "1980")]
    load_divisions(store, write_csv(tmp_path / "a.csv", header, rows))
    again = write_csv(tmp_path / "b.csv", header, [("990101", "东旗", "1980-01-01")])
    with pytest.raises(FaultsFound) as caught:
        load_divisions(store, again)
    assert [fault.code for fault in caught.value.faults] == ["already-registered"]


def test_a_region_abroad_is_loaded_in_its_own_system(tmp_path: Path) -> None:
    with create_store(str(tmp_path / "s.gpkg"), "EPSG:4326") as store:
        path = write_geojson(
            tmp_path / "a.geojson", ("name",), [("Ben Nevis",)], [shapely.Point(-5.0035, 56.7969)]
        )
        load(store, path)
        assert point_xy(one(store, place)["geom"]) == (-5.0035, 56.7969)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("敖包", "zh-Hans"),
        ("ᠣᠪᠣᠭ᠎ᠠ", "mn-Mong"),
        ("Овоо", "und-Cyrl"),
        ("Ovoo", "und-Latn"),
        ("7", "und"),
    ],
)
def test_the_language_is_what_the_script_allows(text: str, language: str) -> None:
    assert language_of(text) == language
