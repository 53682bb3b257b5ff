"""Marker sheets and tables of markers: what is given out can be loaded again."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from files import write_csv
from pictures import jpeg
from sqlalchemy import select

from boundary.marker_tables import marker_line, marker_signatory
from boundary.markers import (
    line_results,
    marker_sheet,
    results_docx,
    results_xlsx,
    sheets_docx,
    sheets_xlsx,
)
from boundary.markers.loading import markers_loader
from boundary.markers.sheets import RESULT_FIELDS, heading, sheet_fields
from boundary.tables import marker, witness_object
from data.geometry import point_xy
from data.loading import LoadOptions, load_file
from data.pictures import read_picture
from data.store import Store, create_store

NOW = datetime(2026, 11, 23, tzinfo=UTC)
FULL = {
    "界桩编号": "1521001A", "界桩代码": "D1", "界桩名称": "一号", "空间数据标识码": "S1",
    "界线代码": "1521", "界线名称": "蒙辽线", "界桩等级": "省级", "界桩类型": "同号双立 A",
    "面数": "三面型", "界桩材质": "石质", "物联网": "物联网", "经度": "111.75",
    "纬度": "40.84", "坐标系": "CGCS2000", "高程": "1234.5", "高程基准": "1985国家高程基准",
    "测量方法": "静态", "测量日期": "1997-08-05", "管理方": "甲旗", "所在地1": "甲地",
    "所在地2": "", "所在地3": "丙地", "位置描述": "山脊", "方位物1名称": "独立树",
    "方位物1方位角": "45.5", "方位物1方位角类型": "磁方位角", "方位物1距离": "20.5",
    "方位物3名称": "水井", "方位物3距离": "31", "甲方": "150000", "乙方": "210000",
    "甲方技术人员": "甲技", "甲方签字日期": "1997-08-06", "托管": "是", "托管单位": "林场",
    "登记时间": "1997-08-08", "变更历史记录": "=2012", "交会界线": "1522；1523",
    "图幅号": "K-49", "备注": "+备注",
}  # fmt: skip


def load(store: Store, path: Path) -> None:
    load_file(store, markers_loader(), path, "tester", LoadOptions())


def contents(store: Store) -> list[Any]:
    with store.read() as connection:
        rows = [dict(row) for row in connection.execute(select(marker)).mappings()]
        for row in rows:
            row["geom"] = pytest.approx(point_xy(row["geom"]), abs=2e-9)
            row.pop("coordinate_text")
        return [
            rows,
            *(
                [tuple(row) for row in connection.execute(select(table).order_by(table.c.id))]
                for table in (witness_object, marker_signatory, marker_line)
            ),
        ]


@pytest.mark.parametrize("codes", [False, True])
def test_a_sheet_given_out_and_loaded_is_the_same_record(
    store: Store, tmp_path: Path, *, codes: bool
) -> None:
    load(store, write_csv(tmp_path / "a.csv", list(FULL), [list(FULL.values())]))
    with store.read() as connection:
        sheet = marker_sheet(connection, 1, store.crs)
    path = tmp_path / "b.xlsx"
    path.write_bytes(sheets_xlsx([sheet], codes=codes))
    with create_store(str(tmp_path / "second.gpkg")) as second:
        load(second, path)
        # An approximate position stands for itself in one of the two only.
        known, again = contents(store), contents(second)
        for row in again[0]:
            row["geom"] = row["geom"].expected
        assert again == known


def test_cells_are_text_and_headed_by_name_or_code(filled: Store) -> None:
    with filled.read() as connection:
        rows = line_results(connection, "9901", filled.crs)
    book = openpyxl.load_workbook(io.BytesIO(results_xlsx(rows, codes=True)))
    table = [[cell.value for cell in row] for row in book["界桩成果表"]]
    assert table[0][0] == "JZBH"
    assert {"ZZB", "HZB", "JD", "WD", "GC"} <= set(table[0])
    assert [row[0] for row in table[1:]] == [
        "9901001Q", "9901002Q", "9901003A", "9901003B", "9901004Q",
    ]  # fmt: skip
    assert heading(sheet_fields(["marker_no"])[0]) == "界桩编号"
    assert len(table[0]) == len(RESULT_FIELDS)


def test_x_is_north_and_y_is_east_with_the_zone(store: Store, tmp_path: Path) -> None:
    load(store, write_csv(tmp_path / "a.csv", list(FULL), [list(FULL.values())]))
    with store.read() as connection:
        values = marker_sheet(connection, 1, store.crs).values
    assert values["x_north"] == "4523075.654"
    assert values["y_east"] == "37563254.000"


def test_a_formula_in_a_field_stays_text(store: Store, tmp_path: Path) -> None:
    load(store, write_csv(tmp_path / "a.csv", list(FULL), [list(FULL.values())]))
    with store.read() as connection:
        sheet = marker_sheet(connection, 1, store.crs)
    book = openpyxl.load_workbook(io.BytesIO(sheets_xlsx([sheet])))
    cells = [cell for row in book.active for cell in row]
    assert [cell.value for cell in cells if str(cell.value).startswith(("=", "+"))] == [
        "=2012", "+备注",
    ]  # fmt: skip
    assert all(cell.data_type != "f" for cell in cells)


def texts(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_form_has_every_field_and_the_pictures(store: Store, tmp_path: Path) -> None:
    load(store, write_csv(tmp_path / "a.csv", list(FULL), [list(FULL.values())]))
    with store.read() as connection:
        sheet = marker_sheet(connection, 1, store.crs)
    public = read_picture(jpeg()).public
    version = {"happened_on": "2012-07-01", "kind": "replace", "parties": ["150000", "210000"]}
    version |= {"witness": None, "agreement": None, "survey_method": "静态"}
    content = sheets_docx(
        [sheet], {1: [version]}, {1: [(public, "东面")]}, NOW, {"150000": "内蒙古自治区"}
    )
    said = texts(content)
    for label in (
        "界桩编号",
        "空间标识码",
        "方位物",
        "位置描述",
        "技术人员",
        "勘界办人员",
        "托管单位",
    ):
        assert label in said
    for value in ("1521001A", "111°45′00.0000″", "4523075.654", "独立树", "45°30′00″",
                  "甲技", "1997-08-06", "更换", "内蒙古自治区（150000）", "东面"):  # fmt: skip
        assert value in said, value
    assert len(docx.Document(io.BytesIO(content)).inline_shapes) == 2


def test_a_table_of_markers_as_a_document(filled: Store) -> None:
    with filled.read() as connection:
        rows = line_results(connection, "9901", filled.crs)
    said = texts(results_docx("东西线", rows, NOW))
    assert "东西线界桩成果表" in said
    assert "共 5 颗" in said
    assert "合成示例" in said


def test_a_number_that_an_ended_marker_bore_is_said(filled: Store, tmp_path: Path) -> None:
    from datetime import date

    with filled.write("t", "end one") as transaction:
        transaction.update(marker, 1, 1, {"valid_to": date(2020, 1, 1)})
    header = ("界桩编号", "界线代码", "经度", "纬度")
    path = write_csv(tmp_path / "a.csv", header, [("9901001Q", "9901", "112.0", "41.25")])
    loaded = load_file(filled, markers_loader(), path, "tester", LoadOptions())
    (note,) = [one for one in loaded.notes if one.code == "number-reused"]
    assert "9901001Q" in note.zh
