"""A DOCX document (公文) of the few parts that letters and forms need; the same bytes every time.

A4, titles in 黑体 and text in 仿宋 as offices here print them; a program without these fonts takes
its own. No date of making goes in but the one given, so that what a document says decides its hash.
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final

import docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

_BODY, _HEADING, _LATIN, _MONGOLIAN = "仿宋", "黑体", "Times New Roman", "Mongolian Baiti"
_A4_CM = (21.0, 29.7)
_MARGINS_CM: Final = {"left": 2.7, "right": 2.6, "top": 3.2, "bottom": 2.8}
_TITLE_PT, _BODY_PT, _TABLE_PT, _NOTE_PT = 20.0, 14.0, 11.0, 10.0
_UPRIGHT_CM = 3.2
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_MONGOLIAN_BLOCK: Final = range(0x1800, 0x18B0)


class Document:
    """One document in the making.

    Args:
        title: printed at its head and kept in its properties.
        dated_on: the day that its properties name.
        landscape: whether pages lie.
    """

    def __init__(self, title: str, dated_on: date, *, landscape: bool = False) -> None:
        self._document = docx.Document()
        self._set_page(landscape=landscape)
        self._set_fonts()
        properties = self._document.core_properties
        made = datetime.combine(dated_on, time(0, 0), UTC).replace(tzinfo=None)
        properties.created = properties.modified = made
        properties.title, properties.author, properties.comments = plain(title)[:250], "Ovoo", ""
        paragraph = self._document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(14)
        self._run(paragraph, title, _TITLE_PT, _HEADING)
        self._number_pages()

    @property
    def width_cm(self) -> float:
        """The width between the margins."""
        section = self._document.sections[0]
        sides = _MARGINS_CM["left"] + _MARGINS_CM["right"]
        return float(section.page_width or 0) / float(Cm(1)) - sides

    def line(self, text: str, *, align: str = "left", heading: bool = False) -> None:
        """A line without indent: an addressee, a signature, a document's number.

        Args:
            text: the line.
            align: left, center or right.
            heading: whether it stands in the font of headings.
        """
        paragraph = self._document.add_paragraph()
        paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align.upper())
        paragraph.paragraph_format.space_after = Pt(4)
        paragraph.paragraph_format.keep_with_next = heading
        self._run(paragraph, text, _BODY_PT, _HEADING if heading else _BODY)

    def text(self, text: str) -> None:
        """A paragraph, indented by two characters as letters are."""
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.first_line_indent = Pt(2 * _BODY_PT)
        paragraph.paragraph_format.space_after = Pt(4)
        self._run(paragraph, text, _BODY_PT, _BODY)

    def note(self, text: str) -> None:
        """A small remark below a table."""
        self._run(self._document.add_paragraph(), text, _NOTE_PT, _BODY)

    def form(self, rows: Sequence[Sequence[str]], widths: Sequence[float] = ()) -> None:
        """A form: label and value alternate in each row; a short row's last value fills it.

        A value in Mongolian script stands upright.

        Args:
            rows: label, value, label, value …
            widths: shares of the page's width for the columns of the longest row.
        """
        columns = max(len(row) for row in rows)
        made = self._table(len(rows), columns, widths)
        for row, texts in zip(made.rows, rows, strict=True):
            cells = list(row.cells)
            if len(texts) < columns:
                cells[len(texts) - 1].merge(cells[-1])
            for place, text in enumerate(texts):
                self._fill(row.cells[place], text, head=place % 2 == 0)
            if any(is_mongolian(text) for text in texts):
                row.height = Cm(_UPRIGHT_CM)
        self._gap()

    def table(
        self, header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float] = ()
    ) -> None:
        """A table whose header repeats on every page.

        Args:
            header: the heads of the columns.
            rows: as many cells each.
            widths: shares of the page's width; equal where none are given.
        """
        made = self._table(len(rows) + 1, len(header), widths)
        for cell, text in zip(made.rows[0].cells, header, strict=True):
            self._fill(cell, text, head=True)
        mark = OxmlElement("w:tblHeader")
        made.rows[0]._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - no public way
        for row, texts in zip(list(made.rows)[1:], rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                self._fill(cell, text, head=False)
        self._gap()

    def picture(self, content: bytes, width_cm: float, caption: str = "") -> None:
        """A picture in the middle of the page, with what it shows below."""
        paragraph = self._document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = bool(caption)
        paragraph.add_run().add_picture(io.BytesIO(content), width=Cm(width_cm))
        if caption:
            below = self._document.add_paragraph()
            below.alignment = WD_ALIGN_PARAGRAPH.CENTER
            self._run(below, caption, _NOTE_PT, _BODY)

    def content(self) -> bytes:
        """The document's bytes: the same for the same content."""
        file = io.BytesIO()
        self._document.save(file)
        return _repacked(file.getvalue())

    def _set_page(self, *, landscape: bool) -> None:
        section = self._document.sections[0]
        width, height = _A4_CM[::-1] if landscape else _A4_CM
        section.page_width, section.page_height = Cm(width), Cm(height)
        for side, margin in _MARGINS_CM.items():
            setattr(section, f"{side}_margin", Cm(margin))

    def _set_fonts(self) -> None:
        normal = self._document.styles["Normal"]
        normal.font.name, normal.font.size = _LATIN, Pt(_BODY_PT)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), _BODY)

    def _number_pages(self) -> None:
        footer = self._document.sections[0].footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            part = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                part.set(qn("w:fldCharType"), kind)
            else:
                part.text = text
            footer.add_run()._r.append(part)  # noqa: SLF001 - python-docx has no fields of its own

    def _run(self, paragraph: Paragraph, text: str, size_pt: float, font: str) -> None:
        run = paragraph.add_run(plain(text))
        run.font.size = Pt(size_pt)
        run.font.name = _MONGOLIAN if is_mongolian(text) else _LATIN
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001

    def _table(self, rows: int, columns: int, widths: Sequence[float]) -> Table:
        made: Table = self._document.add_table(rows, columns)
        made.style = "Table Grid"
        made.alignment = WD_TABLE_ALIGNMENT.CENTER
        made.autofit = False
        shares = list(widths) or [1.0] * columns
        for place, share in enumerate(shares):
            width = Cm(self.width_cm * share / sum(shares))
            made.columns[place].width = width
            for cell in made.columns[place].cells:
                cell.width = width
        return made

    def _fill(self, cell: _Cell, text: str, *, head: bool) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        self._run(paragraph, text, _TABLE_PT, _HEADING if head else _BODY)
        if is_mongolian(text):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            _turn(cell)

    def _gap(self) -> None:
        self._document.add_paragraph().paragraph_format.space_after = Pt(0)


def is_mongolian(text: str) -> bool:
    """Whether a text has Mongolian script, which stands upright, columns from left to right.

    >>> is_mongolian("ᠬᠥᠬᠡᠬᠣᠲᠠ"), is_mongolian("呼和浩特")
    (True, False)
    """
    return any(ord(letter) in _MONGOLIAN_BLOCK for letter in text)


def plain(text: str) -> str:
    r"""Text as XML can hold it: no control characters but line breaks and tabs.

    >>> plain("a\x00b\x0bc")
    'abc'
    """
    kept = (c for c in text if c in "\n\t" or (c >= " " and not "\ud800" <= c <= "\udfff"))
    return "".join(c for c in kept if c not in "\ufffe\uffff")


def chinese_date(day: date | None) -> str:
    """A day as letters write it; a blank to fill in where there is none.

    >>> chinese_date(date(2026, 5, 3))
    '2026年5月3日'
    """
    return f"{day.year}年{day.month}月{day.day}日" if day else "　　年　月　日"


def _turn(cell: _Cell) -> None:
    # A name is one column of text, so the order of columns, which programs differ in, is no matter.
    direction = OxmlElement("w:textDirection")
    direction.set(qn("w:val"), "tbRl")
    cell._tc.get_or_add_tcPr().append(direction)  # noqa: SLF001 - python-docx cannot turn text


def _repacked(content: bytes) -> bytes:
    """The same package without the time at which it was packed."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as packed,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as again,
    ):
        # The list of content types comes first, as office programs expect it.
        for name in packed.namelist():
            member: Any = zipfile.ZipInfo(name, _ZIP_EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            again.writestr(member, packed.read(name))
    return file.getvalue()
