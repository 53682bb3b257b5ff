"""Writing the invented inspections as files to try: CSV, XLSX and GeoJSON."""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from data.sample import scenarios
from data.sample.build import DEFAULT_SEED
from data.sample.records import Sample
from data.sample.scenarios import Cells

_TITLES: Final = {
    "clean": ("一切正常", "everything in order"),
    "one-moved": ("一颗界桩移动约 1.8 米", "one marker has moved by about 1.8 m"),
    "axes-swapped": ("经纬度填反", "longitude and latitude are swapped"),
    "other-datum": (
        "北京54坐标误标为 CGCS2000",
        "Beijing 1954 coordinates said to be CGCS2000",
    ),
    "broken-rows": ("逐行的错误与少见写法", "faults and odd spellings row by row"),
    "gb18030": ("一切正常，GB18030 编码", "everything in order, in GB18030"),
}
_POSITION: Final = ("经度", "纬度")
_NUMBERS: Final = ("经度", "纬度", "纵坐标X", "横坐标Y", "距离")
_WRITTEN: Final = datetime(2025, 9, 30, tzinfo=UTC)
"""Stands in each workbook, so that the same seed writes the same bytes."""


@dataclass(frozen=True, slots=True)
class InspectionFile:
    """A written file; `story` is the same for one table in several formats."""

    path: Path
    story: str
    zh: str
    en: str


def write_inspection_files(
    sample: Sample, folder: Path, seed: int = DEFAULT_SEED
) -> tuple[InspectionFile, ...]:
    """Write every story into `folder`, which is made if it is not there.

    The same sample and seed write the same bytes.

    Raises:
        InvalidValue: the sample has no markers to inspect.
    """
    folder.mkdir(parents=True, exist_ok=True)
    moved = scenarios.index_of_moved(scenarios.chosen_markers(sample))
    sound = scenarios.visit(sample, seed)
    stories = {
        "clean": scenarios.clean(sound),
        "one-moved": scenarios.clean(scenarios.visit(sample, seed, moved)),
        "axes-swapped": scenarios.axes_swapped(sound),
        "other-datum": scenarios.other_datum(sound),
        "broken-rows": scenarios.broken(sound),
    }
    written = []
    for story, rows in stories.items():
        paths = [folder / f"{story}.csv", folder / f"{story}.xlsx"]
        _write_csv(paths[0], rows, "utf-8-sig")
        _write_xlsx(paths[1], rows)
        if _has_positions(rows):
            paths.append(folder / f"{story}.geojson")
            _write_geojson(paths[2], rows)
        written += [InspectionFile(path, story, *_TITLES[story]) for path in paths]
    path = folder / "gb18030.csv"
    _write_csv(path, stories["clean"], "gb18030")
    return (*written, InspectionFile(path, "gb18030", *_TITLES["gb18030"]))


def _write_csv(path: Path, rows: Sequence[Cells], encoding: str) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        # Lines end as spreadsheets end them.
        writer = csv.DictWriter(file, _columns(rows), lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)


def _write_xlsx(path: Path, rows: Sequence[Cells]) -> None:
    """One sheet; measured numbers as numbers, all else as text."""
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": _WRITTEN.replace(tzinfo=None)})
        sheet = book.add_worksheet("联检记录")
        columns = _columns(rows)
        sheet.write_row(0, 0, columns)
        for number, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                value = row.get(column, "")
                if column.endswith(_NUMBERS) and _is_number(value):
                    sheet.write_number(number, place, float(value))
                else:
                    sheet.write_string(number, place, value)


def _write_geojson(path: Path, rows: Sequence[Cells]) -> None:
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [float(row[name]) for name in _POSITION]},
            "properties": {name: value for name, value in row.items() if name not in _POSITION},
        }
        for row in rows
    ]
    collection = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(collection, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _columns(rows: Sequence[Cells]) -> list[str]:
    """Every column of the rows in its first order, the remark last."""
    names = dict.fromkeys(name for row in rows for name in row if name != "备注")
    return [*names, "备注"]


def _has_positions(rows: Sequence[Cells]) -> bool:
    return bool(rows) and all(_is_number(row.get(name, "")) for row in rows for name in _POSITION)


def _is_number(text: str) -> bool:
    """Whether a text is a plain decimal number; full-width digits and the like stay text."""
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()
