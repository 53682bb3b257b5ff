"""标准地名录: a division's list of names as XLSX or DOCX, the same bytes for the same register."""

import io
from datetime import datetime, time

from data.chinese_dates import chinese_date
from gazetteer.volumes.entries import Book, Entry, category_words

HEADER = ("序号", "标准名称", "罗马字母拼写", "类别", "所在行政区", "经度, 纬度", "少数民族文字")
_WIDTHS = (6, 22, 28, 16, 18, 22, 18)
_SHARES = (0.07, 0.2, 0.22, 0.13, 0.16, 0.22)
_STANDARD = "standard"
_RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def standard_entries(book: Book) -> list[Entry]:
    """The entries whose names are standard, in the book's order."""
    return [one for one in book.entries if one.status == _STANDARD]


def list_xlsx(book: Book) -> bytes:
    """The list as a workbook; every cell is text, so that no name is a formula."""
    import xlsxwriter

    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    day = datetime.combine(book.as_of, time(0, 0))
    made.set_properties({"title": _title(book), "author": "Ovoo", "created": day})
    sheet = made.add_worksheet("标准地名录")
    head = made.add_format({"bold": True, "bg_color": "#E2EDF4", "border": 1, "text_wrap": True})
    cell = made.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    sheet.merge_range(
        0, 0, 0, len(HEADER) - 1, _title(book), made.add_format({"bold": True, "font_size": 16})
    )
    sheet.write_row(1, 0, HEADER, head)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    for row, texts in enumerate(_rows(book), 2):
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, cell)
    sheet.freeze_panes(2, 0)
    sheet.autofilter(1, 0, max(1, len(standard_entries(book)) + 1), len(HEADER) - 1)
    sheet.repeat_rows(0, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    made.close()
    return file.getvalue()


def list_docx(book: Book) -> bytes:
    """The list as a document."""
    from data.documents import Document

    document = Document(_title(book), book.as_of)
    document.line(f"截至 {chinese_date(book.as_of)}", align="center")
    document.table(HEADER[:-1], [row[:-1] for row in _rows(book)], _SHARES)
    document.note("拼写后带 * 者为汉语拼音推算，登记中没有拼写。")
    return document.content()


def _title(book: Book) -> str:
    return f"{book.division.name}标准地名录"


def _rows(book: Book) -> list[list[str]]:
    words = category_words()
    return [
        [
            str(number),
            _safe(one.name),
            _safe(one.romanization) + ("*" if one.computed else ""),
            words.get(one.category_code, one.category_code),
            book.divisions.get(one.division_code, one.division_code),
            one.position,
            one.mongolian,
        ]
        for number, one in enumerate(standard_entries(book), 1)
    ]


def _safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula, whatever it is saved as."""
    return f"'{text}" if text.startswith(_RISKY) else text
