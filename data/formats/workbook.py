"""XLSX workbooks: one sheet, its cached values as text, merged cells and error cells named."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    XmlError,
    ZipError,
)

from data.errors import Fault, FileTooLarge, InvalidFile
from data.formats.cells import EXACT_DIGITS, value_text
from data.formats.headers import NumberedCells, split_header
from data.formats.limits import Limits
from data.formats.reading import RawRow, Reading, Request, note
from data.formats.workbook_marks import Marks
from data.formats.workbook_scan import SheetFacts, broken_workbook, sheet_facts

BROKEN_WORKBOOK = (CalamineError, ZipError, XmlError, PasswordError, OSError)
"""What the library raises at a workbook that is not whole."""
# The cell array of the library is dense: rows × columns of about this many bytes each.
_CELL_BYTES = 32
_FROM_CELLS = 1_000_000
_EXACT_BELOW = 10.0**EXACT_DIGITS


def read(request: Request) -> Reading:
    """The named sheet, or the first visible one that is not empty."""
    facts = sheet_facts(request)
    try:
        book = CalamineWorkbook.from_path(request.path(".xlsx"))
        name, sheet, notes = _chosen(book, facts, request)
        ranges = sheet.merged_cell_ranges or []
    except BROKEN_WORKBOOK as error:
        raise broken_workbook() from error
    lost: dict[int, list[int]] = {}
    found = split_header(_numbered(sheet, lost))
    if found is None:
        raise InvalidFile(f"sheet {name!r} is empty", f"工作表“{name}”是空的")
    (header, columns), rest, titles = found
    known = facts.get(name)
    marks = Marks(header, columns, ranges, known.error_cells if known else frozenset(), lost)
    return Reading(
        "xlsx",
        columns,
        _rows(rest, marks),
        crs=request.crs,
        layer=name,
        notes=(*notes, *titles, *marks.header_notes()),
    )


def _chosen(
    book: CalamineWorkbook, facts: dict[str, SheetFacts], request: Request
) -> tuple[str, CalamineSheet, tuple[Fault, ...]]:
    names = [sheet.name for sheet in book.sheets_metadata if sheet.typ is SheetTypeEnum.WorkSheet]
    if request.layer is not None:
        if request.layer not in names:
            raise InvalidFile(
                f"it has no sheet {request.layer!r}; it has {', '.join(names)}",
                f"没有名为“{request.layer}”的工作表；现有：{'、'.join(names)}",
            )
        return request.layer, checked_sheet(book, request.layer, facts, request.limits), ()
    hidden = {
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible is not SheetVisibleEnum.Visible
    }
    for name in sorted(names, key=lambda item: item in hidden):
        sheet = checked_sheet(book, name, facts, request.limits)
        if sheet.height:
            return name, sheet, _sheet_note(name, names)
    raise InvalidFile("all its sheets are empty", "所有工作表都是空的")


def _sheet_note(name: str, names: list[str]) -> tuple[Fault, ...]:
    if len(names) == 1:
        return ()
    others = [item for item in names if item != name]
    return (
        note(
            "sheet-chosen",
            name,
            f"读取了工作表“{name}”；其余未读：{'、'.join(others)}",
            f"sheet {name!r} was read; not read: {', '.join(others)}",
        ),
    )


def checked_sheet(
    book: CalamineWorkbook, name: str, facts: dict[str, SheetFacts], limits: Limits
) -> CalamineSheet:
    """A sheet, unless it reaches so far that its cells would fill the memory."""
    known = facts.get(name)
    if known:
        cells = known.last_row * known.last_column
        if known.last_column > limits.max_columns:
            raise _far_off(name, known)
        if cells > _FROM_CELLS and cells * _CELL_BYTES > limits.memory_bytes:
            raise _far_off(name, known)
    return book.get_sheet_by_name(name)


def _far_off(name: str, facts: SheetFacts) -> FileTooLarge:
    return FileTooLarge(
        f"sheet {name!r} reaches to row {facts.last_row:,} and column {facts.last_column:,}; delete"
        " the rows and columns beyond the table, or split it",
        f"工作表“{name}”延伸到第 {facts.last_row:,} 行、第 {facts.last_column:,} 列；"
        "请删除表格以外的行列，或拆分",
    )


def _numbered(sheet: CalamineSheet, lost: dict[int, list[int]]) -> Iterator[NumberedCells]:
    """Rows of text; `lost` gets row and columns of numbers longer than a double keeps."""
    # Rows come from the sheet's top, but their cells only from the first column in use.
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for number, used in enumerate(sheet.iter_rows(), 1):
        row = [*left, *used]
        yield number, [value if type(value) is str else _cell_text(value) for value in row]
        long = [
            column
            for column, value in enumerate(row, 1)
            if type(value) is float and abs(value) >= _EXACT_BELOW
        ]
        if long:
            lost[number] = long


def _cell_text(value: Any) -> str:
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date().isoformat()
    return value_text(value)


def _rows(rest: Iterator[NumberedCells], marks: Marks) -> Iterator[RawRow]:
    for number, cells in rest:
        faults = marks.of_row(number)
        yield number, cells, None, faults
