"""Tables of names, matched and written back."""

import csv
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from data.annotating import AnnotateOptions
from data.errors import FaultsFound, InvalidValue
from data.store import Store
from gazetteer.reconciliation.table import ADDED, MatchOptions, match_table
from ovoo import cli

TITLES = ["序号", "地名", "所在旗县", "经度", "纬度"]
ROWS = [
    ["1", "白音敖包", "", "", ""],
    ["2", "巴彦鄂博", "东旗", "111.25", "41.25"],
    ["3", "=cmd|' /C calc'!A0", "", "", ""],
    ["4", "乌兰浩特", "火星", "", ""],
    ["5", "鄂博", "", "east", "41"],
    ["6", "", "", "", ""],
    ["7", "字" * 500, "", "", ""],
    ["8", "😀", "", "", ""],
]


def written(folder: Path) -> Path:
    path = folder / "names.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([TITLES, *ROWS])
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_table_comes_back_with_codes_scores_and_reasons(
    filled: Store, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    told: list[int] = []
    counted = match_table(
        filled, written(tmp_path), out, MatchOptions(), AnnotateOptions(), told.append
    )
    found = read(out)
    assert list(found[0]) == [*TITLES, *ADDED]
    assert told == [8]
    assert sum(counted.values()) == len(found) == 8
    first, family, formula, unknown, nowhere, blank, long, emoji = found
    assert (first["ovoo_match"], first["ovoo_id"], first["ovoo_name"]) == (
        "已匹配", "places/1", "白音敖包",
    )  # fmt: skip
    assert first["ovoo_division"] == "试验区 › 上盟 › 东旗"
    assert float(first["ovoo_score"]) > 95
    assert family["ovoo_match"] == "待确认"
    assert family["ovoo_id"] == ""
    assert "places/1 白音敖包" in family["ovoo_candidates"]
    assert formula["地名"].startswith("'=cmd")
    assert formula["ovoo_match"] == "未找到"
    assert "火星" in unknown["ovoo_reason"]
    assert unknown["ovoo_name"] == "乌兰浩特"
    assert "east" in nowhere["ovoo_reason"]
    assert nowhere["ovoo_match"] == "已匹配"
    assert (blank["ovoo_match"], emoji["ovoo_match"]) == ("未找到", "未找到")
    assert "200" in long["ovoo_reason"]


def test_a_division_and_a_class_for_every_row(filled: Store, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("name\n鄂博\n东旗\n", encoding="utf-8")
    match = MatchOptions(within="990200", category="place", language="en")
    match_table(filled, table, tmp_path / "o.csv", match, AnnotateOptions())
    first, second = read(tmp_path / "o.csv")
    assert (first["ovoo_match"], first["ovoo_id"]) == ("matched", "places/4")
    assert "in the stated division" in first["ovoo_reason"]
    assert second["ovoo_match"] == "not found"
    with pytest.raises(InvalidValue, match="火星"):
        match_table(
            filled, table, tmp_path / "p.csv", MatchOptions(within="火星"), AnnotateOptions()
        )


def test_a_workbook_in_and_out_with_its_columns_named(filled: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["编", "俗称"], [1, "白音敖包"], [2, "=1+1"]):
        sheet.append(row)
    sheet["B3"].data_type = "s"
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(FaultsFound):
        match_table(
            filled, tmp_path / "t.xlsx", tmp_path / "o.xlsx", MatchOptions(), AnnotateOptions()
        )
    named = AnnotateOptions({"俗称": "name"})
    match_table(filled, tmp_path / "t.xlsx", tmp_path / "o.xlsx", MatchOptions(), named)
    answered = openpyxl.load_workbook(tmp_path / "o.xlsx").active
    assert answered is not None
    cells = [list(row) for row in answered.iter_rows()]
    assert [cell.value for cell in cells[1][:4]] == ["1", "白音敖包", "已匹配", "places/1"]
    assert cells[2][1].value == "=1+1"
    assert not any(cell.data_type == "f" for row in cells for cell in row)


@pytest.mark.usefixtures("filled")
def test_the_command(store_url: str, tmp_path: Path) -> None:
    table = written(tmp_path)
    asked = ["match", str(table), "--store", store_url]
    run = CliRunner().invoke(cli, asked)
    assert run.exit_code == 0, run.output
    assert "8 rows: 3 matched, 1 doubtful, 4 without candidates" in run.output
    assert len(read(tmp_path / "names-matched.csv")) == 8
    run = CliRunner().invoke(cli, [*asked, "--json", "--replace", "--column", "地名"])
    counted = json.loads(run.output.splitlines()[-1])
    assert (counted["rows"], counted["matched"]) == (8, 3)
    assert isinstance(CliRunner().invoke(cli, asked).exception, InvalidValue)
