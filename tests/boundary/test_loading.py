"""Lines and markers from files: reference positions as surveyed, witnesses, lengths, levels."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from files import write_csv, write_geojson, write_geopackage, write_shapefile, write_xlsx
from sqlalchemy import select

from boundary.lines.loading import lines_loader
from boundary.marker_tables import marker_line, marker_signatory
from boundary.markers.loading import markers_loader
from boundary.tables import line, marker, witness_object
from data.errors import FaultsFound
from data.formats import fields_of
from data.geometry import point_xy
from data.loading import Loaded, LoadOptions, load_file
from data.reference import tolerance_class
from data.store import Store

FULL_MARKER = {
    "marker_no": "1521001Q",
    "marker_code": "KJ001",
    "line_code": "1521",
    "line_name": "兴锡线",
    "level": "市级",
    "kind": "单立",
    "faces": "双面型",
    "material": "花岗岩",
    "lon": "111°45′00.00000″",
    "lat": "40°50′24.00000″",
    "x_north": "4523075.654",
    "y_east": "37563254.000",
    "crs": "CGCS2000",
    "height_m": "1,234.5",
    "height_datum": "1985国家高程基准",
    "accuracy_class": "A",
    "sigma_m": "0.03",
    "tolerance_m": "0.15",
    "tolerance_source": "联检方案",
    "survey_method": "静态GNSS",
    "surveyed_on": "1997-08-05",
    "managing_party": "甲方",
    "location1": "甲地",
    "location2": "",
    "location3": "丙地",
    "position_description": "山脊",
    "tie1_name": "独立树",
    "tie1_azimuth": "45°30′",
    "tie1_azimuth_kind": "磁方位角",
    "tie1_distance": "20.5",
    "tie2_name": "水井",
    "tie2_azimuth": "370",
    "tie2_azimuth_kind": "真",
    "tie2_distance": "30 m",
    "tie3_name": "房角",
    "tie3_azimuth": "359.5",
    "tie3_azimuth_kind": "坐标方位角",
    "tie3_distance": "４０",
    "sequence": "1",
    "other_lines": "1522；1523",
    "sheet_no": "K-49-12",
    "smart": "物联网",
    "party_a": "152200",
    "party_b": "152500",
    "party_c": "220800",
    "technician_a": "甲技",
    "official_a": "甲办",
    "signed_on_a": "1997-08-06",
    "technician_b": "",
    "official_b": "乙办",
    "signed_on_b": "",
    "technician_c": "丙技",
    "official_c": "丙办",
    "signed_on_c": "1997年8月7日",
    "custody": "是",
    "custody_unit": "林场",
    "registered_on": "1997-08-08",
    "change_history": "2012 年原址更换",
    "marker_name": "一号桩",
    "spatial_id": "SP01",
    "remark": "完好",
}
FULL_LINE = {
    "name": "兴锡线",
    "code": "1521",
    "level": "市级",
    "party_a": "152200",
    "party_b": "152500",
    "party_c": "220800",
    "approving_authority": "自治区人民政府",
    "length_km": "12.5公里",
    "approved_on": "1998-03-01",
    "start_point": "三省交界点",
    "end_point": "河口",
    "markers_stated": "20",
    "single_stated": "14",
    "double_stated": "6",
    "triple_stated": "0",
    "state": "未定界",
    "disputed": "否",
    "remark": "无",
    "source": "联合勘定协议书",
    "licence": "内部资料",
    "synthetic": "否",
}
CURVE = shapely.LineString([(111, 41), (111, 42)])
METRES_41_TO_42 = 111_050.0  # a degree of the meridian about 41.5° N, GRS 80


def load(store: Store, path: Path, **options: Any) -> Loaded:
    return load_file(store, markers_loader(), path, "tester", LoadOptions(**options))


def load_lines(store: Store, path: Path, **options: Any) -> Loaded:
    return load_file(store, lines_loader(), path, "tester", LoadOptions(**options))


def one(store: Store, table: Any) -> dict[str, Any]:
    with store.read() as connection:
        return dict(connection.execute(select(table)).mappings().one())


def test_every_field_of_a_marker_is_kept(store: Store, tmp_path: Path) -> None:
    assert set(FULL_MARKER) == {field.name for field in fields_of("markers")}
    load(store, write_csv(tmp_path / "a.csv", list(FULL_MARKER), [list(FULL_MARKER.values())]))
    row = one(store, marker)
    assert point_xy(row.pop("geom")) == pytest.approx((111.75, 40.84), abs=1e-8)
    assert {name: value for name, value in row.items() if value is not None} == {
        "id": 1,
        "version": 1,
        "marker_no": "1521001Q",
        "marker_code": "KJ001",
        "line_code": "1521",
        "line_name": "兴锡线",
        "level": "prefecture",
        "kind": "Q",
        "faces": 2,
        "material": "stone",
        "accuracy_class": "A",
        "sigma_m": 0.03,
        "tolerance_m": 0.15,
        "tolerance_source": "联检方案",
        "survey_method": "静态GNSS",
        "surveyed_on": date(1997, 8, 5),
        "coordinate_text": "111°45′00.00000″, 40°50′24.00000″, 4523075.654, 37563254.000",
        "crs_text": "CGCS2000",
        "height_m": 1234.5,
        "height_datum": "1985国家高程基准",
        "managing_party": "甲方",
        "location": "甲地；；丙地",
        "position_description": "山脊",
        "remark": "完好",
        "sequence": 1,
        "sheet_no": "K-49-12",
        "smart": True,
        "party_a": "152200",
        "party_b": "152500",
        "party_c": "220800",
        "custody": True,
        "custody_unit": "林场",
        "registered_on": date(1997, 8, 8),
        "change_history": "2012 年原址更换",
        "marker_name": "一号桩",
        "spatial_id": "SP01",
        "status_open": False,
        "synthetic": False,
    }
    with store.read() as connection:
        signed = connection.execute(select(marker_signatory).order_by(marker_signatory.c.id)).all()
        met = connection.scalars(select(marker_line.c.line_code)).all()
    assert [tuple(one)[2:-1] for one in signed] == [
        ("a", "甲技", "甲办", date(1997, 8, 6)),
        ("b", None, "乙办", None),
        ("c", "丙技", "丙办", date(1997, 8, 7)),
    ]
    assert met == ["1522", "1523"]
    with store.read() as connection:
        ties = connection.execute(select(witness_object).order_by(witness_object.c.ordinal)).all()
    assert [tuple(tie)[2:-1] for tie in ties] == [
        (1, "独立树", 45.5, "magnetic", 20.5),
        (2, "水井", 10.0, "true", 30.0),
        (3, "房角", 359.5, "grid", 40.0),
    ]


HEADER = ("界桩编号", "经度", "纬度", "坐标系")
PLANE = ("界桩编号", "纵坐标", "横坐标", "坐标系")


@pytest.mark.parametrize(
    ("header", "typed"),
    [
        (HEADER, ("111.75", "40.84", "CGCS2000")),
        (HEADER, ("111.75", "40.84", "")),
        (HEADER, ("东经111度45分0秒", "北纬40度50分24秒", "国家2000")),
        (PLANE, ("4523075.654", "563254.000", "CGCS2000 3度带 中央子午线111")),
        (PLANE, ("4523075.654", "37563254.000", "CGCS2000")),
        (PLANE, ("4 523 075,654", "37 563 254,000", "EPSG:4525")),
        (("界桩编号", "X", "Y", "坐标系"), ("4523075.654", "563254.000", "EPSG:4546")),
    ],
)
def test_positions_in_every_way_of_the_stores_datum(
    store: Store, tmp_path: Path, header: tuple[str, ...], typed: tuple[str, ...]
) -> None:
    load(store, write_xlsx(tmp_path / "a.xlsx", header, [("1521001Q", *typed)]))
    row = one(store, marker)
    assert point_xy(row["geom"]) == pytest.approx((111.75, 40.84), abs=1e-8)
    assert row["coordinate_text"] == f"{typed[0]}, {typed[1]}"
    assert row["crs_text"] == (typed[2] or None)


@pytest.mark.parametrize(
    ("typed", "code", "column", "said"),
    [
        (("111.75", "40.84", "西安80"), "not-comparable", "坐标系", "Xian 1980"),
        (("111.75", "40.84", "北京54"), "not-comparable", "坐标系", "Beijing 1954"),
        (("111.75", "40.84", "WGS84"), "not-comparable", "坐标系", "epoch"),
        (("111.75", "40.84", "GCJ02"), "not-comparable", "坐标系", "never converted"),
        (("111.75", "40.84", "某坐标系"), "invalid-value", "坐标系", "no known reference"),
        (("111.75", "", ""), "invalid-value", "纬度", "two coordinates"),
        (("", "", ""), "missing", "经度", "needs its position"),
        (("111.75", "140.84", ""), "invalid-value", "纬度", "between"),
    ],
)
def test_what_is_no_reference_position_is_a_fault(
    store: Store, tmp_path: Path, typed: tuple[str, ...], code: str, column: str, said: str
) -> None:
    with pytest.raises(FaultsFound) as caught:
        load(store, write_csv(tmp_path / "a.csv", HEADER, [("1521001Q", *typed)]))
    (fault,) = caught.value.faults
    assert (fault.code, fault.row, fault.column) == (code, 2, column)
    assert said in fault.en
    assert fault.zh != fault.en


def test_a_geojson_of_markers_needs_its_system_stated(store: Store, tmp_path: Path) -> None:
    point = shapely.Point(111.75, 40.84)
    path = write_geojson(tmp_path / "a.geojson", ("界桩编号",), [("1521001Q",)], [point])
    with pytest.raises(FaultsFound) as caught:
        load(store, path)
    assert "--crs" in caught.value.faults[0].en
    load(store, path, crs="EPSG:4490")
    assert point_xy(one(store, marker)["geom"]) == (111.75, 40.84)


@pytest.mark.parametrize("kind", ["geopackage", "shapefile"])
def test_markers_from_gis_files_in_a_plane_system(store: Store, tmp_path: Path, kind: str) -> None:
    write = {"geopackage": write_geopackage, "shapefile": write_shapefile}[kind]
    point = shapely.Point(563254.0, 4523075.654)
    path = tmp_path / ("a.gpkg" if kind == "geopackage" else "a.zip")
    write(path, ("JZBH",), [("1521001Q",)], [point], "EPSG:4546")
    load(store, path)
    row = one(store, marker)
    assert point_xy(row["geom"]) == pytest.approx((111.75, 40.84), abs=1e-8)
    assert row["coordinate_text"].startswith("4523075.65")


def test_the_tolerance_of_a_class_stands_in_where_none_is_given(
    store: Store, tmp_path: Path
) -> None:
    header = ("界桩编号", "经度", "纬度", "精度等级")
    load(store, write_csv(tmp_path / "a.csv", header, [("1521001Q", "111.75", "40.84", "B")]))
    row, known = one(store, marker), tolerance_class("B")
    assert known is not None
    assert (row["sigma_m"], row["tolerance_m"]) == (known.sigma_m, known.tolerance_m)
    assert row["tolerance_source"] == known.source


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("方位物1磁方位角", "magnetic"),
        ("方位物1坐标方位角", "grid"),
        ("方位物1方位角", None),
    ],
)
def test_an_azimuth_is_of_the_kind_that_its_column_says(
    store: Store, tmp_path: Path, column: str, kind: str | None
) -> None:
    header = ("界桩编号", "经度", "纬度", "方位物1名称", column, "方位物1距离")
    rows = [("1521001Q", "111.75", "40.84", "水井", "45", "20")]
    load(store, write_csv(tmp_path / "a.csv", header, rows))
    assert one(store, witness_object)["azimuth_kind"] == kind


def test_every_field_of_a_line_is_kept(store: Store, tmp_path: Path) -> None:
    assert set(FULL_LINE) == {field.name for field in fields_of("lines")}
    load_lines(
        store,
        write_geojson(tmp_path / "a.geojson", list(FULL_LINE), [list(FULL_LINE.values())], [CURVE]),
    )
    row = one(store, line)
    assert shapely.from_wkb(row.pop("geom")).equals(shapely.MultiLineString([CURVE]))
    assert {name: value for name, value in row.items() if value is not None} == {
        "id": 1,
        "version": 1,
        "name": "兴锡线",
        "code": "1521",
        "level": "prefecture",
        "party_a": "152200",
        "party_b": "152500",
        "party_c": "220800",
        "approving_authority": "自治区人民政府",
        "length_m": 12500.0,
        "length_basis": "agreed",
        "approved_on": date(1998, 3, 1),
        "start_point": "三省交界点",
        "end_point": "河口",
        "markers_stated": 20,
        "single_stated": 14,
        "double_stated": 6,
        "triple_stated": 0,
        "state": "undetermined",
        "state_source": "联合勘定协议书",
        "remark": "无",
        "source": "联合勘定协议书",
        "licence": "内部资料",
        "synthetic": False,
    }


def test_a_length_is_measured_on_the_ellipsoid(store: Store, tmp_path: Path) -> None:
    path = write_geopackage(
        tmp_path / "a.gpkg", ("界线名称", "界线等级"), [("兴锡线", "市级")], [CURVE]
    )
    load_lines(store, path)
    assert one(store, line)["length_m"] == pytest.approx(METRES_41_TO_42, abs=50)


@pytest.mark.parametrize(
    ("parties", "level"),
    [
        (("150100", "220800"), "province"),
        (("152200", "152500"), "prefecture"),
        (("152221", "152222"), "county"),
        (("152221001", "152221002"), "township"),
    ],
)
def test_the_level_is_that_at_which_the_parties_differ(
    store: Store, tmp_path: Path, parties: tuple[str, str], level: str
) -> None:
    path = write_geojson(
        tmp_path / "a.geojson", ("name", "甲方代码", "乙方代码"), [("某线", *parties)], [CURVE]
    )
    load_lines(store, path)
    assert one(store, line)["level"] == level


def test_a_line_without_level_parties_or_shape_is_a_fault(store: Store, tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "a.geojson", ("name",), [("某线",)], [None])
    with pytest.raises(FaultsFound) as caught:
        load_lines(store, path)
    assert [(fault.code, fault.column) for fault in caught.value.faults] == [
        ("missing", "geometry"),
        ("missing", "level"),
    ]
