import csv
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.errors import FaultsFound, InvalidValue
from data.formats import (
    RECORDS,
    Field,
    Row,
    Table,
    fields_of,
    map_columns,
    map_table,
    parse_override,
    parse_overrides,
)
from data.formats.fields import fold_name, known_spellings

TABLE = Path(fields_of.__code__.co_filename).parents[1] / "reference" / "fields.csv"
EVERY_FIELD = [field for record in RECORDS for field in fields_of(record)]
KINDS = {"text", "number", "angle", "date", "code", "flag", "choice"}
REQUIRED = {"yes", "no", "position", "marker or position", "sign or position"}
WKT = (
    'PROJCS["CGCS2000 / 3-degree Gauss-Kruger zone 37",GEOGCS["China Geodetic Coordinate System'
    ' 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101]],PRIMEM["Greenwich",0],'
    'UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",111],'
    'PARAMETER["scale_factor",1],PARAMETER["false_easting",37500000],PARAMETER["false_northing",0],'
    'UNIT["metre",1]]'
)


def row(*cells: str, point: tuple[float, float] | None = None) -> Row:
    return Row(2, cells, shapely.to_wkb(shapely.Point(point)) if point else None)


def codes(record: str, *columns: str, **how: object) -> list[str]:
    return [fault.code for fault in map_columns(record, columns, **how).faults]  # type: ignore[arg-type]


# --- The table of spellings


@pytest.mark.parametrize("field", EVERY_FIELD, ids=lambda field: f"{field.record}.{field.name}")
def test_every_field_says_its_kind_spellings_and_source(field: Field) -> None:
    assert field.kind in KINDS
    assert field.required in REQUIRED
    assert field.zh
    assert field.en
    assert field.source
    assert all(spelling == spelling.strip() for spelling in field.spellings)


@pytest.mark.parametrize("record", RECORDS)
def test_every_spelling_belongs_to_one_field_of_its_record(record: str) -> None:
    owners: dict[str, str] = {}
    for field in fields_of(record):
        for spelling in field.spellings:
            for form in fold_name(spelling):
                assert owners.setdefault(form, field.name) == field.name


@pytest.mark.parametrize("record", RECORDS)
def test_every_spelling_of_every_field_is_recognised(record: str) -> None:
    for field in fields_of(record):
        for spelling in field.spellings:
            assert field.name in map_columns(record, [spelling]).fields


def test_the_letter_codes_are_those_of_the_registers() -> None:
    found = {(field.record, field.short_code): field.name for field in EVERY_FIELD}
    for short, name in {
        "JZBH": "marker_no",
        "JXDM": "line_code",
        "ZZB": "x_north",
        "HZB": "y_east",
        "JD": "lon",
        "WD": "lat",
        "GC": "height_m",
        "WZMS": "position_description",
        "YHFWWFWJ": "tie1_azimuth",
    }.items():
        assert found["markers", short] == name
    for short, name in {"DMDM": "place_code", "BZMC": "name", "DMDHY": "meaning"}.items():
        assert found["names", short] == name


def test_the_table_is_plain_csv() -> None:
    with TABLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(EVERY_FIELD)
    assert len({(row["record"], row["field"]) for row in rows}) == len(rows)


def test_an_unknown_record_is_refused() -> None:
    with pytest.raises(InvalidValue, match="choose one"):
        fields_of("people")


@given(st.text(max_size=30))
def test_folding_never_fails_and_folds_once(name: str) -> None:
    for form in fold_name(name):
        assert form
    assert all(isinstance(spelling, str) for spelling in known_spellings())


# --- Matching


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("经度", "lon"),
        (" 经 度 ", "lon"),
        ("经度(°)", "lon"),
        ("经度°", "lon"),
        ("经度（E）", "lon"),
        ("＊经度", "lon"),
        ("ＬＯＮ", "lon"),
        ("Longitude [deg]", "lon"),
        ("高程（米）", "height"),
        ("高程\n(m)", "height"),
        ("纵坐标（X）", "x_north"),
        ("Y坐标", "y_east"),
        ("MARKER-NO.", "marker_no"),
        ("1号方位物名称", "tie1_name"),
        ("二号方位物方位角", "tie2_azimuth"),
        ("SHFWWJL", "tie3_distance"),
        ("observed at", "observed_at"),
    ],
)
def test_column_names_are_recognised_as_people_write_them(column: str, field: str) -> None:
    assert map_columns("inspections", [column]).fields == {field: 0}


def test_cells_are_keyed_by_field_and_other_columns_are_noted() -> None:
    found = map_columns("markers", ["界桩编号", "", "我的列", "经度", "纬度"])
    assert not found.faults
    assert [(note.code, note.column) for note in found.notes] == [("unread-column", "我的列")]
    assert found.cells(row("1521001Q", "", "x", "111", "40")) == {
        "marker_no": "1521001Q",
        "lon": "111",
        "lat": "40",
    }
    assert found.column_of("lon") == "经度"
    assert found.column_of("height_m") is None
    found.check()


def test_an_override_outranks_every_spelling() -> None:
    columns = ["名称", "os_name", "经度"]
    found = map_columns("names", columns, {"os_name": "name"})
    assert found.column_of("name") == "os_name"
    assert "duplicate-column" not in [fault.code for fault in found.faults]


def test_two_columns_for_one_field_are_a_fault_that_shows_both() -> None:
    found = map_columns("names", ["标准名称", "地名"])
    assert [fault.code for fault in found.faults] == ["duplicate-column"]
    assert found.faults[0].value == "标准名称 (A) | 地名 (B)"
    with pytest.raises(FaultsFound):
        found.check()


def test_a_missing_column_names_what_was_found_and_the_likeliest_slip() -> None:
    fault = map_columns("markers", ["界桩编好", "经度", "纬度"]).faults[0]
    assert fault.code == "missing-column"
    assert "marker_no" in fault.en
    assert "界桩编好=marker_no" in fault.en
    assert "界桩编好=marker_no" in fault.zh
    assert fault.value == "界桩编好, 经度, 纬度"


@pytest.mark.parametrize(
    ("record", "columns", "expected"),
    [
        ("names", ["拼音"], ["missing-column"]),
        ("divisions", ["名称"], ["missing-column"]),
        ("lines", ["备注"], ["missing-column"]),
        ("markers", ["界桩编号"], ["missing-column"]),
        ("markers", ["界桩编号", "经度"], ["missing-column"]),
        ("markers", ["界桩编号", "纵坐标", "横坐标"], []),
        ("markers", ["界桩编号", "经度", "纬度", "X"], []),
        ("inspections", ["备注"], ["missing-column"]),
        ("inspections", ["桩号"], []),
        ("inspections", ["坐标"], []),
        ("inspections", ["经度", "纬度"], []),
        ("inspections", ["经度"], ["missing-column"]),
    ],
)
def test_what_a_record_cannot_do_without(
    record: str, columns: list[str], expected: list[str]
) -> None:
    assert codes(record, *columns) == expected


@pytest.mark.parametrize("column", ["名称", "nonsense"])
def test_overrides_of_what_does_not_exist_are_faults(column: str) -> None:
    found = codes("names", "名称", overrides={column: "nmae", "nonesuch": "name"})
    assert found == ["unknown-field", "unknown-column"]


def test_a_column_that_is_named_for_two_fields_is_a_fault() -> None:
    (fault,) = map_columns("names", ("名称", "甲"), {"甲": "meaning", "#2": "origin"}).faults
    assert (fault.code, fault.column, fault.value) == ("column-twice", "甲", "meaning | origin")
    for sentence in (fault.zh, fault.en):
        assert all(word in sentence for word in ("甲", "meaning", "origin"))
    assert codes("names", "名称", "甲", overrides={"甲": "meaning", "#2": "meaning"}) == []


def test_two_columns_that_are_named_for_one_field_are_a_fault() -> None:
    (fault,) = map_columns("names", ("名称", "甲", "乙"), {"甲": "origin", "乙": "origin"}).faults
    assert (fault.code, fault.value) == ("duplicate-column", "甲 (B) | 乙 (C)")
    assert "origin" in fault.en


def test_a_name_that_the_file_has_twice_is_not_picked_from() -> None:
    columns = ("名称", "甲", "甲")
    (fault,) = map_columns("names", columns, {"甲": "origin"}).faults
    assert (fault.code, fault.column) == ("duplicate-column", "甲")
    for sentence in (fault.zh, fault.en):
        assert "#2=origin" in sentence
    assert map_columns("names", columns, {"#3": "origin"}).fields == {"name": 0, "origin": 2}


def test_one_column_is_said_once() -> None:
    assert parse_overrides(["甲=lon", "乙=lat"]) == {"甲": "lon", "乙": "lat"}
    with pytest.raises(InvalidValue, match="甲=lon, 甲=lat") as refused:
        parse_overrides(["甲=lon", "甲=lat"])
    assert "甲=lon, 甲=lat" in refused.value.zh


@pytest.mark.parametrize(
    ("text", "expected"),
    [("桩号=marker_no", ("桩号", "marker_no")), ("a=b = lon", ("a=b", "lon"))],
)
def test_an_override_is_divided_at_its_last_equals_sign(
    text: str, expected: tuple[str, str]
) -> None:
    assert parse_override(text) == expected


@pytest.mark.parametrize("text", ["", "a", "=a", "a=", " = "])
def test_an_override_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="COLUMN=FIELD"):
        parse_override(text)


# --- Positions from geometry


def test_a_point_fills_longitude_latitude_and_the_system() -> None:
    found = map_columns("markers", ["桩号"], has_geometry=True, crs="OGC:CRS84")
    assert not found.faults
    assert found.cells(row("1", point=(111.75, 40.8))) == {
        "marker_no": "1",
        "lon": "111.750000000",
        "lat": "40.800000000",
        "crs": "OGC:CRS84",
    }
    assert found.cells(row("1")) == {"marker_no": "1", "crs": "OGC:CRS84"}


@pytest.mark.parametrize("crs", ["EPSG:4525", WKT])
def test_a_projected_point_fills_easting_and_northing(crs: str) -> None:
    found = map_columns("markers", ["桩号"], has_geometry=True, crs=crs)
    cells = found.cells(row("1", point=(37563272.5, 4518101.25)))
    assert (cells["x_north"], cells["y_east"]) == ("4518101.2500", "37563272.5000")
    assert cells["crs"] == crs


@pytest.mark.parametrize(
    ("crs", "fields"),
    [
        ("国家2000", {"lon", "lat"}),
        ("国家2000 3度带 中央子午线111", {"x_north", "y_east"}),
        ("西安80 3度带", {"x_north", "y_east"}),
    ],
)
def test_a_system_in_words_says_what_a_points_numbers_are(crs: str, fields: set[str]) -> None:
    found = map_columns("markers", ["桩号"], has_geometry=True, crs=crs)
    assert not found.faults
    assert set(found.cells(row("1", point=(1.0, 2.0)))) == {"marker_no", "crs", *fields}


@pytest.mark.parametrize("crs", ["EPSG:999999", "EPSG:99999", "地方坐标系", 'LOCAL_CS["x"]'])
def test_a_system_that_nobody_knows_is_a_fault_of_the_file(crs: str) -> None:
    found = map_columns("markers", ["桩号"], has_geometry=True, crs=crs)
    assert [(fault.code, fault.value) for fault in found.faults] == [("unknown-crs", crs)]
    with pytest.raises(FaultsFound):
        found.check()


def test_the_files_own_position_columns_come_before_its_geometry() -> None:
    columns = ["桩号", "经度", "纬度"]
    found = map_columns("markers", columns, has_geometry=True, crs="EPSG:4490")
    cells = found.cells(row("1", "111°45′", "40°48′", point=(1.0, 2.0)))
    assert (cells["lon"], cells["lat"]) == ("111°45′", "40°48′")


def test_half_a_position_beside_a_geometry_is_not_one() -> None:
    found = map_columns("markers", ["桩号", "经度"], has_geometry=True, crs="EPSG:4490")
    assert not found.faults
    assert found.cells(row("1", "5", point=(111.0, 40.0)))["lon"] == "111.000000000"


def test_a_system_that_was_told_fills_blank_cells_only() -> None:
    columns = ("桩号", "经度", "纬度", "坐标系")
    table = Table("csv", columns, iter(()), crs="EPSG:4610")
    found = map_table("inspections", table)
    assert found.cells(row("1", "111", "40", ""))["crs"] == "EPSG:4610"
    assert found.cells(row("1", "111", "40", "CGCS2000"))["crs"] == "CGCS2000"


def test_lines_and_areas_give_no_point() -> None:
    found = map_columns("lines", ["名称"], has_geometry=True, crs="EPSG:4490")
    line = Row(1, ("蒙辽线",), shapely.to_wkb(shapely.LineString([(0, 0), (1, 1)])))
    assert found.cells(line) == {"name": "蒙辽线"}


def test_a_column_is_left_unread_or_named_by_its_place() -> None:
    columns = ["桩号", "", "经度", "经度", "纬度"]
    found = map_columns("inspections", columns, {"桩号": "-", "#2": "marker_no", "#4": "-"})
    assert dict(found.fields) == {"marker_no": 1, "lon": 2, "lat": 4}
    assert not found.faults
    assert [note.column for note in found.notes] == ["桩号", "经度"]
    for place in ("#0", "#6", "#x"):
        (fault,) = map_columns("inspections", columns[:1], {place: "lon"}).faults
        assert fault.code == "unknown-column"


def test_a_label_that_a_person_leaves_unread_numbers_no_marker() -> None:
    found = map_columns(
        "inspections", ["name"], {"name": "-"}, has_geometry=True, crs="OGC:CRS84", labelled=True
    )
    assert "marker_no" not in found.fields
