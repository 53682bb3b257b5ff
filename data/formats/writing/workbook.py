"""XLSX: one sheet, every text a typed text cell, which no spreadsheet calculates."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from data.errors import InvalidValue
from data.formats.cells import without_unfit
from data.formats.writing.delimited import plain_text, position_names, wkt
from data.formats.writing.layer import Batches, Layer, Record, point_of
from data.geometry import POINT

_MOST_ROWS, _MOST_CHARS = 1_048_576, 32_767
_WIDEST, _NARROWEST = 40, 8
_SHEET_NAME_CHARS = 31


def write(layer: Layer, batches: Batches, path: Path) -> None:
    """One workbook.

    Raises:
        InvalidValue: more records, or a longer text, than a sheet holds.
    """
    import xlsxwriter

    titles = [column.name for column in layer.columns] + position_names(layer)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(layer.zh[:_SHEET_NAME_CHARS] or layer.name)
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(titles):
            sheet.set_column(column, column, max(_NARROWEST, min(_WIDEST, 2 * len(title))))
        _write_row(sheet, 0, titles, titles)
        number = 0
        for batch in batches:
            for record in batch.records:
                number += 1
                _write_row(sheet, number, titles, _row(layer, record))


def _row(layer: Layer, record: Record) -> list[Any]:
    own = [record.id] if layer.id_name else []
    cells = [*own, *record.values]
    if layer.kind is None:
        return cells
    if layer.kind != POINT:
        return [*cells, wkt(record.wkb), layer.crs if record.wkb else None]
    point = point_of(record.wkb)
    return [*cells, *(point or (None, None)), layer.crs if point else None]


def _write_row(sheet: Any, number: int, titles: Sequence[str], cells: Sequence[Any]) -> None:
    if number >= _MOST_ROWS:
        raise InvalidValue(
            "format", "xlsx", f"a sheet holds {_MOST_ROWS - 1:,} records and there are more",
            "export them as CSV, or by parts",
            f"一个工作表最多容纳 {_MOST_ROWS - 1:,} 条记录；请导出为 CSV 或分批导出",
        )  # fmt: skip
    for column, cell in enumerate(cells):
        if isinstance(cell, bool):
            sheet.write_string(number, column, "true" if cell else "false")
        elif isinstance(cell, int | float):
            sheet.write_number(number, column, cell)
        elif cell is not None:
            _write_text(sheet, number, column, titles[column], without_unfit(plain_text(cell)))


def _write_text(sheet: Any, number: int, column: int, title: str, text: str) -> None:
    if len(text) > _MOST_CHARS:
        raise InvalidValue(
            title, text[:40], f"row {number + 1} holds {len(text):,} characters and a cell of a"
            f" workbook {_MOST_CHARS:,}", "export it as CSV or GeoPackage",
            f"第 {number + 1} 行“{title}”有 {len(text):,} 个字符，超过单元格上限"
            f" {_MOST_CHARS:,}；请导出为 CSV 或 GeoPackage",
        )  # fmt: skip
    sheet.write_string(number, column, text)
