"""A DOCX document with the few parts that official papers need: headings, tables, pictures.

Pages are A4; Chinese text stands in 宋体, which every office program here has or replaces.
"""

import io
from collections.abc import Sequence
from datetime import datetime

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from data.formats.cells import without_unfit

_EAST_ASIAN, _HEADINGS, _LATIN = "宋体", "黑体", "Times New Roman"
_A4_CM = (21.0, 29.7)
_MARGIN_CM = 2.2
_SIZE_PT, _SMALL_PT, _TITLE_PT = 10.5, 9.0, 18.0
_SHADE = "E8EEF4"
_LONGEST_PROPERTY = 255
"""Characters that a document's property may have."""


class Document:
    """One document in the making.

    Args:
        title: printed at its head and kept in its properties.
        made_at: when it was made.
        landscape: whether pages lie.
    """

    def __init__(self, title: str, made_at: datetime, *, landscape: bool = False) -> None:
        self._document = docx.Document()
        self._small = False
        self._set_page(landscape=landscape)
        self._set_fonts()
        title = without_unfit(title)
        properties = self._document.core_properties
        properties.title, properties.author = title[:_LONGEST_PROPERTY], "Ovoo 敖包"
        properties.comments = ""
        # Word keeps times in UTC without saying so.
        properties.created = properties.modified = made_at.replace(tzinfo=None)
        paragraph = self._document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(10)
        run = paragraph.add_run(title)
        run.bold = True
        run.font.size = Pt(_TITLE_PT)
        _set_font(run, _HEADINGS)
        self._number_pages()

    @property
    def width_cm(self) -> float:
        """The width between the margins."""
        section = self._document.sections[0]
        return float((section.page_width or 0) - 2 * Cm(_MARGIN_CM)) / float(Cm(1))

    def _set_page(self, *, landscape: bool) -> None:
        section = self._document.sections[0]
        width, height = _A4_CM[::-1] if landscape else _A4_CM
        section.page_width, section.page_height = Cm(width), Cm(height)
        for side in ("left", "right", "top", "bottom"):
            setattr(section, f"{side}_margin", Cm(_MARGIN_CM))

    def _set_fonts(self) -> None:
        normal = self._document.styles["Normal"]
        normal.font.name, normal.font.size = _LATIN, Pt(_SIZE_PT)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), _EAST_ASIAN)
        language = OxmlElement("w:lang")
        language.set(qn("w:eastAsia"), "zh-CN")
        normal.element.rPr.append(language)
        for level in (1, 2, 3):
            style = self._document.styles[f"Heading {level}"]
            style.font.name = _LATIN
            style.font.color.rgb = None
            style.element.rPr.rFonts.set(qn("w:eastAsia"), _HEADINGS)

    def _number_pages(self) -> None:
        footer = self._document.sections[0].footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            run = footer.add_run()
            part = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                part.set(qn("w:fldCharType"), kind)
            else:
                part.text = text
            run._r.append(part)  # noqa: SLF001 - python-docx has no fields of its own

    def heading(self, text: str, level: int = 1) -> None:
        """A heading of level 1 to 3."""
        self._document.add_heading(plain(text), level)

    def text(self, text: str, *, small: bool = False) -> None:
        """A paragraph."""
        run = self._document.add_paragraph().add_run(plain(text))
        if small:
            run.font.size = Pt(_SMALL_PT)

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
            small: in small print.
        """
        made = self._new_table(len(rows) + 1, len(header), widths)
        self._fill(made.rows[0].cells, header, head=True, small=small)
        _repeat(made)
        for row, cells in zip(list(made.rows)[1:], rows, strict=True):
            self._fill(row.cells, cells, head=False, small=small)
        self._gap()

    def form(self, rows: Sequence[Sequence[str]], widths: Sequence[float] = ()) -> None:
        """A form: in each row label and value alternate; a last value fills its row.

        Args:
            rows: label, value, label, value …
            widths: shares of the page's width for the columns of the longest row.
        """
        columns = max(len(row) for row in rows)
        made = self._new_table(len(rows), columns, widths)
        for row, texts in zip(made.rows, rows, strict=True):
            cells = list(row.cells)
            if len(texts) < columns:
                cells[len(texts) - 1].merge(cells[-1])
            for place, text in enumerate(texts):
                self._fill([row.cells[place]], [text], head=place % 2 == 0, small=False)
        self._gap()

    def picture(self, content: bytes, width_cm: float, caption: str = "") -> None:
        """A picture in the middle of the page, with what it shows."""
        paragraph = self._document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = bool(caption)
        paragraph.add_run().add_picture(io.BytesIO(content), width=Cm(width_cm))
        if caption:
            below = self._document.add_paragraph()
            below.alignment = WD_ALIGN_PARAGRAPH.CENTER
            below.add_run(plain(caption)).font.size = Pt(_SMALL_PT)

    def new_page(self) -> None:
        """Begin a page."""
        self._document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def content(self) -> bytes:
        """The document's bytes."""
        file = io.BytesIO()
        self._document.save(file)
        return file.getvalue()

    def _gap(self) -> None:
        self._document.add_paragraph().paragraph_format.space_after = Pt(2)

    def _new_table(self, rows: int, columns: int, widths: Sequence[float]) -> Table:
        made: Table = self._document.add_table(rows, columns)
        made.style = "Table Grid"
        made.alignment = WD_TABLE_ALIGNMENT.CENTER
        made.autofit = False
        shares = list(widths) or [1.0] * columns
        for place, share in enumerate(shares):
            width = Cm(self.width_cm * share / sum(shares))
            made.columns[place].width = width  # LibreOffice reads it here, Word in the cells
            for cell in made.columns[place].cells:
                cell.width = width
        return made

    def _fill(
        self, cells: Sequence[_Cell], texts: Sequence[str], *, head: bool, small: bool
    ) -> None:
        for cell, text in zip(cells, texts, strict=True):
            paragraph: Paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            run = paragraph.add_run(plain(text))
            run.font.size = Pt(_SMALL_PT if small else _SIZE_PT)
            if head:
                _set_font(run, _HEADINGS)
                _shade(cell)


def plain(text: str) -> str:
    r"""Text as XML can hold it: no control characters but line breaks and tabs.

    >>> plain("a\x00b\x0bc")
    'abc'
    """
    return "".join(c for c in text if c in "\n\t" or (c >= " " and c not in "\ufffe\uffff"))


def _set_font(run: Run, name: str) -> None:
    run.font.name = _LATIN
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001 - no public way
    fonts.set(qn("w:eastAsia"), name)


def _shade(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", _SHADE)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - python-docx cannot shade


def _repeat(table: Table) -> None:
    properties = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 - no public way
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    properties.append(mark)
