"""A surveyor's file back as a workbook, and the receipt of a committed one."""

import io
from datetime import date

import openpyxl
import pytest
from sqlalchemy import select
from visits import as_csv, rows

from boundary import (
    annotated_workbook,
    commit,
    confirm_corrections,
    name_columns,
    preview,
    read_submission,
    receipt,
    receive,
)
from data import verify
from data.errors import Conflict, NotFound
from data.store import Store
from data.tables import journal

TODAY = date(2026, 11, 23)


def annotated(store: Store, identity: int, language: str = "zh") -> openpyxl.Workbook:
    with store.read() as connection:
        report = read_submission(connection, identity)
        content = annotated_workbook(connection, report, language)  # type: ignore[arg-type]
    return openpyxl.load_workbook(io.BytesIO(content))


def faulty() -> list[list[str]]:
    """Row 3 with exchanged axes, row 4 with no number in a cell, row 5 with a formula."""
    table = rows()
    table[1][1], table[1][2] = table[1][2], table[1][1]
    table[2][1] = "百一十二"
    table[3][7] = '=HYPERLINK("http://x","y")'
    return table


def test_faulty_cells_are_coloured_and_told(filled: Store) -> None:
    identity = receive(filled, as_csv(faulty()), "a.csv", "巡查一组")
    report = preview(filled, identity, TODAY)
    book = annotated(filled, identity)
    sheet = book["逐行结论"]
    assert [cell.value for cell in sheet[1]][:3] == ["行号", "界桩编号", "经度"]
    fault = next(one for one in report["faults"] if one["row"] == 4)
    cell = sheet.cell(4, 3)
    assert cell.value == "百一十二"
    assert cell.fill.fgColor.rgb == "FFF8C9C4"
    assert fault["zh"] in cell.comment.text
    assert sheet.cell(2, 3).comment is None
    verdict = next(c for c in sheet[1] if c.value == "【结论】").column
    assert [sheet.cell(row, verdict).value for row in range(2, 7)] == [
        "在位", "请更正重报", "无法判定", "在位", "在位",
    ]  # fmt: skip
    assert sheet.cell(2, verdict).fill.fgColor.rgb != sheet.cell(3, verdict).fill.fgColor.rgb
    proposal = next(c for c in sheet[1] if c.value == "【改正建议】").column
    assert "112.000000000" in sheet.cell(3, proposal).value
    told = next(c for c in sheet[1] if c.value == "【问题】").column
    assert sheet.cell(4, told).value == fault["zh"]


def test_text_is_never_a_formula(filled: Store) -> None:
    identity = receive(filled, as_csv(faulty()), "=1+1.csv", "=cmd")
    preview(filled, identity, TODAY)
    book = annotated(filled, identity, "en")
    for sheet in book:
        kinds = {cell.data_type for line in sheet for cell in line if cell.value is not None}
        assert kinds <= {"s", "n"}
    assert book["Rows"].cell(5, 9).value.startswith("=HYPERLINK")


def test_a_confirmed_correction_stands_beside_the_text_that_came(filled: Store) -> None:
    identity = receive(filled, as_csv(faulty()), "a.csv", "巡查一组")
    preview(filled, identity, TODAY)
    confirm_corrections(filled, identity, [3], "甲", "手簿", TODAY)
    book = annotated(filled, identity)
    sheet = book["逐行结论"]
    assert sheet.cell(3, 3).value == "41.400000000"
    values = [cell.value for cell in sheet[3]]
    assert "在位" in values
    assert any("已确认" in str(value) for value in values)
    assert sheet.max_row == 6
    assert any("第 3 行" in str(line[0].value) for line in book["整批说明"])


def test_a_file_refused_for_its_columns_is_annotated_too(filled: Store) -> None:
    identity = receive(filled, b"\xef\xbb\xbf" + "甲,乙\n1,2\n".encode(), "a.csv", "x")
    preview(filled, identity, TODAY)
    book = annotated(filled, identity)
    assert [cell.value for cell in book["逐行结论"][2]][:3] == [2, "1", "2"]
    assert any(line[0].value == "全文件问题" for line in book["整批说明"])
    other = receive(filled, b"%PDF-1.7 \x00\x01", "a.pdf", "x")
    preview(filled, other, TODAY)
    with pytest.raises(NotFound):
        annotated(filled, other)


def test_a_receipt_is_given_for_what_was_committed(filled: Store) -> None:
    content = as_csv(rows())
    identity = receive(filled, content, "a.csv", "巡查一组 (127.0.0.1)")
    name_columns(filled, identity, {"检查人": "-"}, "甲", TODAY)
    with filled.read() as connection, pytest.raises(Conflict, match="not committed"):
        receipt(connection, read_submission(connection, identity))
    commit(filled, identity, "审核", TODAY)
    with filled.read() as connection:
        given = receipt(connection, read_submission(connection, identity))
        entry = connection.execute(
            select(journal.c.after, journal.c.actor).where(
                journal.c.sequence == given["journal"]["sequence"]
            )
        ).one()
        verify(connection, given["journal"]["hash"])
    assert (given["rows"], given["inspections"], given["verdicts"]) == (5, 5, {"in_place": 5})
    assert (given["sent_by"], given["committed_by"]) == ("巡查一组", "审核")
    assert given["size_bytes"] == len(content)
    assert given["mapping"] == {"检查人": "-"}
    assert entry.actor == "审核"
    assert given["report_sha256"] in entry.after
    assert '"committed"' in entry.after
