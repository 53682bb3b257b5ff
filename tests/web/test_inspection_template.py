"""The workbook of a line: what is offered, and that it comes back without a fault."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from region import MARKERS
from visits import HEADER, as_csv, moved_rows

from data.formats import fields_of
from data.reference import terms

ADDRESS = "/lines/1/inspection-template.xlsx"
LISTS = {
    "坐标系": "datums",
    "测量方法": "methods",
    "界桩状况": "conditions",
    "高程基准": "height_datums",
}

OTHERWISE = {"检查日期": "巡查时间", "检查人": "巡查人"}
"""Heads of the visits that the workbook calls otherwise."""


def opened(client: FlaskClient) -> Any:
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def send(client: FlaskClient, book: Any) -> dict[str, Any]:
    file = io.BytesIO()
    book.save(file)
    answer = client.post("/submissions?file_name=filled.xlsx", data=file.getvalue())
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return dict(answer.get_json())


def test_it_holds_the_numbers_under_known_heads_and_no_position(client: FlaskClient) -> None:
    (sheet,) = opened(client).worksheets
    heads = [cell.value for cell in sheet[1]]
    known = {spelling for field in fields_of("inspections") for spelling in field.spellings}
    assert set(heads) <= known
    assert len(heads) == len(set(heads))
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == [number for number, _, _ in MARKERS]
    assert {cell for row in rows for cell in row[1:]} == {None}


def test_its_words_are_those_of_the_tables(client: FlaskClient) -> None:
    (sheet,) = opened(client).worksheets
    heads = [cell.value for cell in sheet[1]]
    offered = {
        heads[next(iter(one.sqref.ranges)).min_col - 1]: one.formula1.strip('"').split(",")
        for one in sheet.data_validations.dataValidation
        if one.type == "list"
    }
    wanted = {head: [term.zh for term in terms(table)] for head, table in LISTS.items()}
    assert offered == wanted | {"检查方": ["990101", "990102"]}


@pytest.mark.parametrize("crs", [term.zh for term in terms("datums")])
@pytest.mark.parametrize("method", ["网络RTK", "手持GPS"])
def test_filled_in_it_comes_back_without_a_fault(
    client: FlaskClient, crs: str, method: str
) -> None:
    book = opened(client)
    (sheet,) = book.worksheets
    column = {cell.value: cell.column for cell in sheet[1]}
    for row, (_, lon, lat) in enumerate(MARKERS, start=2):
        for head, value in (
            ("经度", round(lon, 9)), ("纬度", round(lat, 9)), ("坐标系", crs), ("测量方法", method),
            ("精度", 0.02), ("巡查时间", date(2026, 5, 3)), ("界桩状况", "完好"),
            ("巡查人", "一组"), ("检查方", "990101"), ("测段", "S1"),
            ("高程基准", "1985国家高程基准"), ("高程", 1203.4),
        ):  # fmt: skip
            sheet.cell(row, column[head]).value = value
    report = send(client, book)
    assert (report["faults"], report["row_count"]) == ([], len(MARKERS))
    assert [one["match"] for one in report["results"]] == ["number"] * len(MARKERS)


def test_filled_in_it_is_judged_like_any_other_file(client: FlaskClient) -> None:
    book = opened(client)
    (sheet,) = book.worksheets
    column = {cell.value: cell.column for cell in sheet[1]}
    for row, cells in enumerate(moved_rows(), start=2):
        for head, text in zip(HEADER, cells, strict=True):
            sheet.cell(row, column[OTHERWISE.get(head, head)]).value = text
    wanted = client.post("/submissions?file_name=x.csv", data=as_csv(moved_rows())).get_json()
    verdicts = [one["verdict"] for one in wanted["results"]]
    assert "displaced" in verdicts
    assert [one["verdict"] for one in send(client, book)["results"]] == verdicts


@pytest.mark.parametrize("condition", [term.zh for term in terms("conditions")])
def test_every_condition_that_is_offered_is_understood(client: FlaskClient, condition: str) -> None:
    book = opened(client)
    (sheet,) = book.worksheets
    column = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, column["界桩状况"]).value = condition
    sheet.cell(2, column["巡查时间"]).value = date(2026, 5, 3)
    sheet.delete_rows(3, 10)
    report = send(client, book)
    assert (report["faults"], report["row_count"]) == ([], 1)


def test_a_line_that_is_not_there_has_none(client: FlaskClient) -> None:
    assert client.get("/lines/987654/inspection-template.xlsx").status_code == 404
