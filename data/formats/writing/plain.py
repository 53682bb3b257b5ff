"""A table as it came, with columns more: CSV or XLSX, every cell a text that nothing calculates."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from data.errors import InvalidValue
from data.formats.cells import without_unfit
from data.formats.formulas import guarded

_NUMBER: Final = re.compile(r"[-+]?\d+(?:\.\d+)?")
_MOST_ROWS, _MOST_CHARS = 1_048_576, 32_767
Write = Callable[[Sequence[str]], None]


@contextmanager
def plain_table(path: Path, titles: Sequence[str]) -> Iterator[Write]:
    """Write a table row by row; the file is there when the block ends, whole, or not at all.

    Args:
        path: ending in `.csv` or `.xlsx`.
        titles: of the columns.

    Raises:
        InvalidValue: another ending; more rows than a sheet holds.
    """
    make = _WRITERS.get(path.suffix.lower())
    if make is None:
        raise InvalidValue(
            "out", path.name, "a table is written as CSV or XLSX", "end the name in .csv or .xlsx",
            f"“{path.name}”：表格可写为 CSV 或 XLSX；文件名请以 .csv 或 .xlsx 结尾",
        )  # fmt: skip
    half = path.with_name(f".{path.name}.part")
    try:
        with make(half) as write:
            write(titles)
            yield write
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def cell_text(text: str) -> str:
    """A text as a cell of a CSV that no spreadsheet calculates; numbers stay as they are.

    >>> cell_text("-12.5"), cell_text("-1+1"), cell_text("敖包")
    ('-12.5', "'-1+1", '敖包')
    """
    plain = without_unfit(text)
    return plain if _NUMBER.fullmatch(plain) else guarded(plain)


@contextmanager
def _delimited(path: Path) -> Iterator[Write]:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        yield lambda cells: writer.writerow([cell_text(cell) for cell in cells])


@contextmanager
def _workbook(path: Path) -> Iterator[Write]:
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        yield _Rows(sheet).write


class _Rows:
    """Writes rows one below the other."""

    def __init__(self, sheet: Any) -> None:
        self._sheet, self._number = sheet, 0

    def write(self, cells: Sequence[str]) -> None:
        """The next row; every cell a text."""
        if self._number >= _MOST_ROWS:
            raise InvalidValue(
                "out", "xlsx", f"a sheet holds {_MOST_ROWS:,} rows and there are more",
                "write a .csv", f"一个工作表最多容纳 {_MOST_ROWS:,} 行；请写为 .csv",
            )  # fmt: skip
        for column, cell in enumerate(cells):
            if len(cell) > _MOST_CHARS:
                raise _too_long(self._number + 1, len(cell))
            if cell:
                self._sheet.write_string(self._number, column, without_unfit(cell))
        self._number += 1


def _too_long(row: int, size: int) -> InvalidValue:
    return InvalidValue(
        "out", "xlsx", f"row {row} has a cell of {size:,} characters, a workbook's hold"
        f" {_MOST_CHARS:,}", "write a .csv",
        f"第 {row} 行有 {size:,} 个字符的单元格，超过工作簿上限 {_MOST_CHARS:,}；请写为 .csv",
    )  # fmt: skip


_WRITERS = {".csv": _delimited, ".xlsx": _workbook}
