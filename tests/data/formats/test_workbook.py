import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter

from data.errors import FileTooLarge, InvalidFile
from data.formats import Limits

from .conftest import Read

Reader = Callable[..., Read]
Refusal = Callable[..., InvalidFile]


def workbook(fill: Callable[[Any], None]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    fill(book)
    book.close()
    return out.getvalue()


def sheet(book: Any, rows: list[list[object]], name: str | None = None) -> Any:
    made = book.add_worksheet(name)
    for number, row in enumerate(rows):
        made.write_row(number, 0, row)
    return made


HEAD: list[object] = ["界桩编号", "经度", "登记时间"]


def test_numbers_dates_and_formulas_come_as_text(read: Reader) -> None:
    def fill(book: Any) -> None:
        made = sheet(book, [HEAD, ["1521001Q", 111.75000000000001], [7, -0.1]])
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        made.write_datetime(1, 2, dt.datetime(2024, 5, 3), day)  # noqa: DTZ001 - a cell has no zone
        made.write_datetime(2, 2, dt.datetime(2024, 5, 3, 10, 30), day)  # noqa: DTZ001
        made.write_formula(3, 0, "=1+1", None, 2)
        made.write_boolean(3, 1, True)

    found = read(workbook(fill))
    assert found.table.format == "xlsx"
    assert found.cells == [
        ("1521001Q", "111.75", "2024-05-03"),
        ("7", "-0.1", "2024-05-03T10:30:00"),
        ("2", "true", ""),
    ]
    assert [row.number for row in found.rows] == [2, 3, 4]
    assert not found.notes


def test_the_first_sheet_that_is_not_empty_is_read_and_said(read: Reader) -> None:
    def fill(book: Any) -> None:
        book.add_worksheet("说明")
        sheet(book, [HEAD, ["hidden", 1, 2]], "旧").hide()
        sheet(book, [HEAD, ["1", 2, 3]], "数据")
        sheet(book, [HEAD, ["2", 2, 3]], "附表")

    content = workbook(fill)
    found = read(content)
    assert found.table.layer == "数据"
    assert found.notes == {"sheet-chosen"}
    named = read(content, layer="附表")
    assert named.cells == [("2", "2", "3")]
    assert not named.notes


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(refusal: Refusal) -> None:
    error = refusal(workbook(lambda book: sheet(book, [HEAD, ["1", 2, 3]], "数据")), layer="x")
    assert "数据" in error.message
    assert "数据" in error.zh


def test_titles_are_passed_over_and_rows_keep_their_numbers(read: Reader) -> None:
    def fill(book: Any) -> None:
        made = sheet(book, [[], [], ["测量单位：某测绘院"], HEAD, ["1", 2, 3]])
        made.merge_range("A1:C2", "界桩成果表")

    found = read(workbook(fill))
    assert found.table.columns == tuple(HEAD)
    assert [row.number for row in found.rows] == [5]
    assert found.notes == {"title-rows"}
    assert not found.faults


def test_merged_cells_are_faults_of_each_row_with_their_range(read: Reader) -> None:
    def fill(book: Any) -> None:
        made = sheet(book, [HEAD, ["1", 2, "x"], ["2", 2, "y"], ["3", 2, "z"], ["4", 5, 6]])
        made.merge_range("B2:B4", "111.75")

    found = read(workbook(fill))
    assert found.faults == [("merged-cells", number, "经度") for number in (2, 3, 4)]
    assert found.rows[0].faults[0].value == "B2:B4"


def test_merged_cells_in_the_header_are_said(read: Reader) -> None:
    def fill(book: Any) -> None:
        made = sheet(book, [[*HEAD, "", "纬度"], ["1", 2, 3, 4, 5]])
        made.merge_range("C1:D1", "登记时间")

    found = read(workbook(fill))
    assert found.notes == {"merged-header"}
    assert found.table.columns == (*HEAD, "", "纬度")


def test_error_values_and_codes_stored_as_numbers_are_faults(read: Reader) -> None:
    def fill(book: Any) -> None:
        made = sheet(book, [["地名代码", "标准名称"], [150102001000200001234, "敖包"]])
        made.write_formula(2, 1, "=1/0", None, "#DIV/0!")

    found = read(workbook(fill))
    assert found.faults == [("digits-lost", 2, "地名代码"), ("error-cell", 3, "标准名称")]
    assert found.rows[0].cells[0] == "150102001000200000000"


def test_a_cell_far_below_is_refused_in_words_and_not_in_memory(refusal: Refusal) -> None:
    def fill(book: Any) -> None:
        made = sheet(book, [HEAD, ["1", 2, 3]])
        made.write("IA1048576", "x")

    error = refusal(workbook(fill))
    assert isinstance(error, FileTooLarge)
    assert "row 1,048,576" in error.message


def test_dimensions_that_hide_from_the_scan_meet_the_memory_limit(refusal: Refusal) -> None:
    content = workbook(lambda book: sheet(book, [HEAD, ["1", 2, 3]]))
    huge = (
        b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<x:sheetData><x:row r='1'><x:c r='A1' t='str'><x:v>x</x:v></x:c></x:row>"
        b"<x:row r='1048576'><x:c r='XFD1048576' t='str'><x:v>x</x:v></x:c></x:row>"
        b"</x:sheetData></x:worksheet>"
    )
    assert isinstance(refusal(replaced(content, "xl/worksheets/sheet1.xml", huge)), FileTooLarge)


def replaced(content: bytes, name: str, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as made:
        for item in old.namelist():
            made.writestr(item, new if item == name else old.read(item))
    return out.getvalue()


@pytest.mark.parametrize(
    ("part", "new"),
    [
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"),
        ("xl/workbook.xml", b"not xml"),
        (
            "xl/workbook.xml",
            (
                b'<!DOCTYPE w [<!ENTITY a "b">]><workbook><sheets><sheet name="&a;"/></sheets>'
                b"</workbook>"
            ),
        ),
    ],
)
def test_a_workbook_whose_parts_are_broken_is_refused(
    refusal: Refusal, part: str, new: bytes
) -> None:
    content = workbook(lambda book: sheet(book, [HEAD, ["1", 2, 3]]))
    error = refusal(replaced(content, part, new))
    assert "damaged" in error.message or "empty" in error.message


@pytest.mark.parametrize("rows", [[], [HEAD]])
def test_empty_workbooks_and_headers_only_are_refused(
    refusal: Refusal, rows: list[list[object]]
) -> None:
    error = refusal(workbook(lambda book: sheet(book, rows)))
    assert "empty" in error.message or "not one row" in error.message


def test_the_limit_of_rows_holds(refusal: Refusal, tight: Callable[..., Limits]) -> None:
    content = workbook(lambda book: sheet(book, [HEAD, *([["1", 2, 3]] * 20)]))
    assert "more than 10 rows" in refusal(content, tight(max_rows=10)).message


def test_a_table_that_does_not_begin_in_the_first_cell_keeps_its_row_numbers(
    read: Reader,
) -> None:
    def fill(book: Any) -> None:
        made = book.add_worksheet()
        made.write_row("C5", HEAD)
        made.write_row("C6", ["1", 2, 3])

    found = read(workbook(fill))
    assert [row.number for row in found.rows] == [6]
    assert found.rows[0].cells == ("", "", "1", "2", "3")
