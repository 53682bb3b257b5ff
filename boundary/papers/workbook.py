"""XLSX tables whose cells are typed: text stays text, whatever it begins with."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter

_WIDEST, _NARROWEST = 48, 6
_NAME_LENGTH = 31
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_MOST_TEXT = 32_767

Cell = str | float | int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its name, the heads of its columns, and rows of as many cells."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """An XLSX file of some tables; text is never taken for a formula or a link."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
        for number, sheet in enumerate(sheets, start=1):
            name = sheet.name.translate(_FORBIDDEN)[:_NAME_LENGTH].strip("' ") or f"表{number}"
            made = book.add_worksheet(name)
            made.freeze_panes(1, 1)
            for column, title in enumerate(sheet.header):
                made.write_string(0, column, title, head)
                made.set_column(column, column, _width(title, [row[column] for row in sheet.rows]))
            for line, row in enumerate(sheet.rows, start=1):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        made.write_string(line, column, value[:_MOST_TEXT])
                    elif value is not None:
                        made.write_number(line, column, value)
    return file.getvalue()


def _width(title: str, cells: Sequence[Cell]) -> int:
    """A column's width in characters; a Chinese one is as wide as two."""
    longest = max(
        (_columns(str(one)) for one in (title, *cells[:200]) if one is not None), default=0
    )
    return min(max(longest + 2, _NARROWEST), _WIDEST)


def _columns(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)  # noqa: PLR2004 - CJK begins
