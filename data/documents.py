"""DOCX documents of the few parts that official papers need; the same bytes every time.

A4 in one of two looks: a letter (公文: text in 仿宋, indented) or a report (text in 宋体, small
tables); titles in 黑体. A program without these fonts takes its own. No date of making goes in but
the one given, so that what a document says decides its hash.

python-docx takes 6 MB: rooms that a command without documents needs import `Document` where they
make one.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

import docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from data.formats.cells import without_unfit

_HEADING, _LATIN, _MONGOLIAN = "黑体", "Times New Roman", "Mongolian Baiti"
_A4_CM = (21.0, 29.7)
_UPRIGHT_CM = 3.2
_LONGEST_PROPERTY = 255
"""Characters that a document's property may have."""
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_MONGOLIAN_BLOCK: Final = range(0x1800, 0x18B0)


@dataclass(frozen=True, slots=True)
class Look:
    """How a document is set: fonts, sizes in points, margins in centimetres.

    Attributes:
        font: of the text.
        title_pt, text_pt, form_pt, table_pt, note_pt: sizes; forms and tables have their own.
        margins_cm: left, right, top, bottom.
        indented: whether paragraphs begin two characters in, as letters do.
        shade: behind heads of tables and labels of forms, as RRGGBB; None for none.
    """

    font: str
    title_pt: float
    text_pt: float
    form_pt: float
    table_pt: float
    note_pt: float
    margins_cm: Mapping[str, float]
    indented: bool
    shade: str | None


LETTER: Final = Look(
    "仿宋", 20.0, 14.0, 11.0, 11.0, 10.0,
    {"left": 2.7, "right": 2.6, "top": 3.2, "bottom": 2.8}, indented=True, shade=None,
)  # fmt: skip
REPORT: Final = Look(
    "宋体", 18.0, 10.5, 10.5, 9.0, 9.0,
    dict.fromkeys(("left", "right", "top", "bottom"), 2.2), indented=False, shade="E8EEF4",
)  # fmt: skip


class Document:
    """One document in the making.

    Args:
        title: printed at its head and kept in its properties.
        made_on: the day or the moment that its properties name.
        landscape: whether pages lie.
        look: that of a letter or of a report.
    """

    def __init__(
        self,
        title: str,
        made_on: date | datetime,
        *,
        landscape: bool = False,
        look: Look = LETTER,
    ) -> None:
        self._document, self._look = docx.Document(), look
        self._set_page(landscape=landscape)
        self._set_fonts()
        title = plain(without_unfit(title))
        properties = self._document.core_properties
        # Word keeps times in UTC without saying so.
        moment = made_on if isinstance(made_on, datetime) else datetime.combine(made_on, time(0, 0))
        made = (moment.astimezone(UTC) if moment.tzinfo else moment).replace(tzinfo=None)
        properties.created = properties.modified = made
        properties.title, properties.author = title[:_LONGEST_PROPERTY], "Ovoo"
        properties.comments = ""
        paragraph = self._document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(14)
        self._run(paragraph, title, look.title_pt, _HEADING)
        self._number_pages()

    @property
    def width_cm(self) -> float:
        """The width between the margins."""
        section = self._document.sections[0]
        sides = self._look.margins_cm["left"] + self._look.margins_cm["right"]
        return float(section.page_width or 0) / float(Cm(1)) - sides

    def heading(self, text: str, level: int = 1) -> None:
        """A heading of level 1 to 3, which stands in a program's outline."""
        self._document.add_heading(plain(text), level)

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
        self._run(paragraph, text, self._look.text_pt, _HEADING if heading else self._look.font)

    def text(self, text: str) -> None:
        """A paragraph; a letter's is indented by two characters."""
        paragraph = self._document.add_paragraph()
        if self._look.indented:
            paragraph.paragraph_format.first_line_indent = Pt(2 * self._look.text_pt)
        paragraph.paragraph_format.space_after = Pt(4)
        self._run(paragraph, text, self._look.text_pt, self._look.font)

    def note(self, text: str) -> None:
        """A small remark."""
        self._run(self._document.add_paragraph(), text, self._look.note_pt, self._look.font)

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
                self._fill(row.cells[place], text, self._look.form_pt, head=place % 2 == 0)
            if any(is_mongolian(text) for text in texts):
                row.height = Cm(_UPRIGHT_CM)
        self._gap()

    def table(
        self,
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float] = (),
        *,
        small: bool = True,
    ) -> None:
        """A table whose header repeats on every page.

        Args:
            header: the heads of the columns.
            rows: as many cells each.
            widths: shares of the page's width; equal where none are given.
            small: in the print of tables; else in that of forms.
        """
        size_pt = self._look.table_pt if small else self._look.form_pt
        made = self._table(len(rows) + 1, len(header), widths)
        for cell, text in zip(made.rows[0].cells, header, strict=True):
            self._fill(cell, text, size_pt, head=True)
        mark = OxmlElement("w:tblHeader")
        made.rows[0]._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - no public way
        for row, texts in zip(list(made.rows)[1:], rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                self._fill(cell, text, size_pt, head=False)
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
            self._run(below, caption, self._look.note_pt, self._look.font)

    def new_page(self) -> None:
        """Begin a page."""
        self._document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def content(self) -> bytes:
        """The document's bytes: the same for the same content."""
        file = io.BytesIO()
        self._document.save(file)
        return _repacked(file.getvalue())

    def _set_page(self, *, landscape: bool) -> None:
        section = self._document.sections[0]
        width, height = _A4_CM[::-1] if landscape else _A4_CM
        section.page_width, section.page_height = Cm(width), Cm(height)
        for side, margin in self._look.margins_cm.items():
            setattr(section, f"{side}_margin", Cm(margin))

    def _set_fonts(self) -> None:
        normal = self._document.styles["Normal"]
        normal.font.name, normal.font.size = _LATIN, Pt(self._look.text_pt)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), self._look.font)
        language = OxmlElement("w:lang")
        language.set(qn("w:eastAsia"), "zh-CN")
        normal.element.rPr.append(language)
        for level in (1, 2, 3):
            style = self._document.styles[f"Heading {level}"]
            style.font.name = _LATIN
            style.font.color.rgb = None
            style.element.rPr.rFonts.set(qn("w:eastAsia"), _HEADING)

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

    def _fill(self, cell: _Cell, text: str, size_pt: float, *, head: bool) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        self._run(paragraph, text, size_pt, _HEADING if head else self._look.font)
        if head and self._look.shade:
            _shade(cell, self._look.shade)
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


def _turn(cell: _Cell) -> None:
    # A name is one column of text, so the order of columns, which programs differ in, is no matter.
    direction = OxmlElement("w:textDirection")
    direction.set(qn("w:val"), "tbRl")
    cell._tc.get_or_add_tcPr().append(direction)  # noqa: SLF001 - python-docx cannot turn text


def _shade(cell: _Cell, color: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", color)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - python-docx cannot shade


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
