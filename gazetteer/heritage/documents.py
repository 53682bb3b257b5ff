"""The list as people print and pass it on: DOCX and XLSX, the same bytes for the same list."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final

from data.chinese_dates import chinese_date
from data.reference import find_term

_TITLE: Final = "地名文化遗产保护名录"
_HEADS: Final = (
    ("序号", 0.6), ("名称", 1.4), ("级别", 1.1), ("批次", 1.0), ("类别", 1.2), ("所在行政区", 1.9),
    ("最早记载", 1.9), ("使用年数", 0.8), ("保护措施", 2.1), ("保护单位", 1.3), ("列入日期", 1.5),
)  # fmt: skip
_UNITS_A_SHARE: Final = 12
Entry = Mapping[str, Any]


def list_document(entries: Sequence[Entry], scope: str, day: date) -> bytes:
    """The list as DOCX.

    Args:
        entries: as `list_entries` gives them, in the order they are printed.
        scope: whose list it is, such as a division's name; empty for all of them.
        day: the day that the list states.
    """
    from data.documents import Document

    document = Document(f"{scope}{_TITLE}", day, landscape=True)
    document.line(f"截至{chinese_date(day)}，共 {len(entries)} 条", align="center")
    if entries:
        heads, widths = zip(*_HEADS, strict=True)
        rows = [_cells(number, one) for number, one in enumerate(entries, start=1)]
        document.table(heads, rows, widths)
    else:
        document.text("名录中没有条目。")
    return document.content()


def list_workbook(entries: Sequence[Entry], scope: str, day: date) -> bytes:
    """The list as XLSX; every cell is text, so that nothing in it is taken for a formula."""
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    made = datetime.combine(day, time(0, 0), UTC).replace(tzinfo=None)
    book.set_properties({"title": f"{scope}{_TITLE}", "author": "Ovoo", "created": made})
    sheet = book.add_worksheet("名录")
    head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "bg_color": "#E8EEF4"})
    cell = book.add_format({"text_wrap": True, "border": 1, "valign": "top"})
    for column, (name, share) in enumerate(_HEADS):
        sheet.set_column(column, column, share * _UNITS_A_SHARE)
        sheet.write_string(0, column, name, head)
    for number, one in enumerate(entries, start=1):
        for column, text in enumerate(_cells(number, one)):
            sheet.write_string(number, column, text, cell)
    sheet.freeze_panes(1, 2)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    book.close()
    return file.getvalue()


def _cells(number: int, one: Entry) -> tuple[str, ...]:
    record = one["first_record"] or ""
    if one["first_record_source"]:
        record = f"{record}（{one['first_record_source']}）"
    return (
        str(number),
        one["name"],
        _word("heritage_levels", one["list_level"]),
        one["batch"] or "—",
        _word("heritage_categories", one["category"]),
        one["division_path"] or one["division_code"],
        record,
        "—" if one["years_in_use"] is None else str(one["years_in_use"]),
        one["measures"] or "—",
        one["custodian"] or "—",
        chinese_date(one["listed_on"]) if one["listed_on"] else "—",
    )


def _word(table: str, code: str) -> str:
    term = find_term(table, code)
    return term.zh if term else code
