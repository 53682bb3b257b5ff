"""XLSX tables whose cells are typed: text stays text, whatever it begins with."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

_WIDEST, _NARROWEST = 48, 6
_NAME_LENGTH = 31
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_MOST_TEXT = 32_767
_MORE_ROWS = 200

Cell = str | float | int | None
TONES = {
    "fault": "#F8C9C4",
    "bad": "#F4B6AE",
    "warn": "#FFE0A3",
    "open": "#D9D2EE",
    "again": "#C9DDF2",
    "good": "#CDE8D3",
}
"""Grounds of marked cells by what they say; black text is legible on each."""
_MOST_NOTE = 2_000


@dataclass(frozen=True, slots=True)
class CellMark:
    """A cell that is pointed out: the tone of its ground, and what is said of it."""

    tone: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its name, the heads of its columns, and rows of as many cells.

    Attributes:
        choices: what is offered as a list in a column, by its place; other values are let in.
        hints: what is said when a cell of a column is entered.
        days: the columns that hold days.
        marks: cells that are pointed out, by row from 0 and column.
    """

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)
    hints: Mapping[int, str] = field(default_factory=dict)
    days: frozenset[int] = frozenset()
    marks: Mapping[tuple[int, int], CellMark] = field(default_factory=dict)


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
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            for column, title in enumerate(sheet.header):
                made.write_string(0, column, title, head)
                width = _width(title, [row[column] for row in sheet.rows])
                made.set_column(column, column, width, day if column in sheet.days else None)
                _guide(made, sheet, column)
            grounds = {
                tone: book.add_format({"bg_color": colour, "font_color": "#000000"})
                for tone, colour in TONES.items()
            }
            for line, row in enumerate(sheet.rows, start=1):
                for column, value in enumerate(row):
                    mark = sheet.marks.get((line - 1, column))
                    _write(made, line, column, value, grounds[mark.tone] if mark else None)
                    if mark and mark.note:
                        made.write_comment(line, column, mark.note[:_MOST_NOTE], _NOTE)
    return file.getvalue()


_NOTE = {"author": "Ovoo", "x_scale": 2.5, "y_scale": 1.5, "font_size": 9}


def _write(made: Worksheet, line: int, column: int, value: Cell, ground: Format | None) -> None:
    """One cell, as text or as a number; a marked one has its ground though it is blank."""
    if isinstance(value, str):
        made.write_string(line, column, value[:_MOST_TEXT], ground)
    elif value is not None:
        made.write_number(line, column, value, ground)
    elif ground is not None:
        made.write_blank(line, column, None, ground)


def _guide(made: Worksheet, sheet: Sheet, column: int) -> None:
    """Offer a column's values and say what it holds, in as many rows as the table may grow to."""
    said: dict[str, Any] = {"validate": "any"}
    if sheet.choices.get(column):
        offered = list(sheet.choices[column])
        said = {"validate": "list", "source": offered, "error_type": "information"}
    if column in sheet.hints:
        said["input_message"] = sheet.hints[column]
    if len(said) > 1:
        made.data_validation(1, column, len(sheet.rows) + _MORE_ROWS, column, said)


def _width(title: str, cells: Sequence[Cell]) -> int:
    """A column's width in characters; a Chinese one is as wide as two."""
    longest = max(
        (_columns(str(one)) for one in (title, *cells[:200]) if one is not None), default=0
    )
    return min(max(longest + 2, _NARROWEST), _WIDEST)


def _columns(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)  # noqa: PLR2004 - CJK begins
