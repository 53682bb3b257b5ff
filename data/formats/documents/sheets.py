"""Workbooks: every cell of text with its place, of all sheets."""

from collections.abc import Iterator

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum

from data.errors import FileTooLarge
from data.formats.cells import column_letters
from data.formats.documents.pieces import CELL, Found, RawPiece
from data.formats.reading import Request
from data.formats.workbook import BROKEN_WORKBOOK, checked_sheet
from data.formats.workbook_scan import broken_workbook, external_links, sheet_facts


def read(request: Request) -> Found:
    """The cells of a workbook that hold text."""
    facts = sheet_facts(request)
    try:
        book = CalamineWorkbook.from_path(request.path(".xlsx"))
        names = [one.name for one in book.sheets_metadata if one.typ is SheetTypeEnum.WorkSheet]
        sheets = [(name, checked_sheet(book, name, facts, request.limits)) for name in names]
    except BROKEN_WORKBOOK as error:
        raise broken_workbook() from error
    return Found("xlsx", _cells(sheets, request), (), external_links(request))


def _cells(sheets: list[tuple[str, CalamineSheet]], request: Request) -> Iterator[RawPiece]:
    longest = request.limits.max_cell_chars
    for name, sheet in sheets:
        left = sheet.start[1] if sheet.start else 0
        # Rows come from the sheet's top, but their cells only from the first column in use.
        for row, values in enumerate(sheet.iter_rows(), 1):
            for column, value in enumerate(values, left + 1):
                if type(value) is str and value.strip():
                    cell = f"{column_letters(column)}{row}"
                    if len(value) > longest:
                        raise FileTooLarge(
                            f"cell {cell} holds more than {longest:,} characters",
                            f"单元格 {cell} 超过 {longest:,} 个字符",
                        )
                    yield RawPiece(CELL, row, name, cell, value)
