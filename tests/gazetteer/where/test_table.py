"""Tables of positions, answered: CSV and XLSX in and out, faults beside their rows."""

import csv
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from data.annotating import AnnotateOptions
from data.errors import FaultsFound, InvalidValue
from data.store import Store
from gazetteer.where.table import ADDED, PlaceOptions, place_table
from ovoo import cli

ROWS = [
    ["点号", "经度", "纬度"],
    ["=HYPERLINK(1)", "111.5", "41.5"],
    ["-5", "111°30′", "40°30′"],
    ["C", "abc", "41"],
    ["D", "", ""],
    ["E", "100", "30"],
]


def csv_table(folder: Path) -> Path:
    path = folder / "points.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(ROWS)
    return path


def xlsx_table(folder: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ROWS:
        sheet.append(row)
    sheet["A2"].data_type = "s"
    book.save(folder / "points.xlsx")
    return folder / "points.xlsx"


def read(path: Path) -> list[list[str]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("make", [csv_table, xlsx_table])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_same_table_comes_back_with_divisions(
    filled: Store, tmp_path: Path, make: object, suffix: str
) -> None:
    table = make(tmp_path)  # type: ignore[operator]
    out = tmp_path / f"out{suffix}"
    told: list[int] = []
    rows = place_table(filled, table, out, PlaceOptions(), AnnotateOptions(), told.append)
    assert (rows, told) == (5, [5])
    titles, *found = read(out)
    assert titles == [*ROWS[0], *ADDED]
    formula = "'=HYPERLINK(1)" if suffix == ".csv" else "=HYPERLINK(1)"
    assert found[0] == [formula, "111.5", "41.5", "990101", "试验区 › 上盟 › 东旗", "", "", ""]
    assert found[1][:4] == ["-5", "111°30′", "40°30′", "990201"]
    assert found[2][3] == ""
    assert "abc" in found[2][-1]
    assert found[3][-1] == "没有坐标"
    assert found[4][3:] == ["", "", "", "", ""]


def test_nothing_is_written_over_and_nothing_is_half_written(filled: Store, tmp_path: Path) -> None:
    table = csv_table(tmp_path)
    with pytest.raises(InvalidValue, match="already"):
        place_table(filled, table, table, PlaceOptions(), AnnotateOptions(replace=True))
    out = tmp_path / "out.csv"
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(InvalidValue, match="already"):
        place_table(filled, table, out, PlaceOptions(), AnnotateOptions())
    assert out.read_text(encoding="utf-8") == "mine"
    place_table(filled, table, out, PlaceOptions(), AnnotateOptions(replace=True))
    assert len(read(out)) == 6
    with pytest.raises(InvalidValue, match=r"\.csv or \.xlsx"):
        place_table(filled, table, tmp_path / "out.pdf", PlaceOptions(), AnnotateOptions())
    nameless = tmp_path / "nameless.csv"
    nameless.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(FaultsFound):
        place_table(filled, nameless, tmp_path / "n.csv", PlaceOptions(), AnnotateOptions())
    assert {path.name for path in tmp_path.glob("*.part")} == set()
    assert not (tmp_path / "n.csv").exists()


def test_points_of_a_geojson_file(filled: Store, tmp_path: Path) -> None:
    table = tmp_path / "points.geojson"
    table.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"n":"a"},'
        '"geometry":{"type":"Point","coordinates":[111.5,41.5]}}]}',
        encoding="utf-8",
    )
    place_table(filled, table, tmp_path / "o.csv", PlaceOptions(), AnnotateOptions())
    titles, row = read(tmp_path / "o.csv")
    assert titles[:3] == ["n", "lon", "lat"]
    assert (row[0], float(row[1]), float(row[2]), row[3]) == ("a", 111.5, 41.5, "990101")


@pytest.mark.usefixtures("filled")
def test_the_command(store_url: str, tmp_path: Path) -> None:
    table = csv_table(tmp_path)
    run = CliRunner().invoke(cli, ["where", "--file", str(table), "--store", store_url])
    assert run.exit_code == 0, run.output
    assert len(read(tmp_path / "points-placed.csv")) == 6
    run = CliRunner().invoke(cli, ["where", "111.25", "41°15′", "--store", store_url])
    assert "位于试验区 › 上盟 › 东旗" in run.output
    assert "白音敖包" in run.output
    run = CliRunner().invoke(cli, ["where", "111.25", "41.25", "--json", "--store", store_url])
    assert '"inside": "990101"' in run.output
    assert CliRunner().invoke(cli, ["where", "--store", store_url]).exit_code == 2
