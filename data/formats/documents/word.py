"""Word documents: every paragraph with its place, in the body, tables, headers, notes and boxes.

Fields' instructions and deleted text are no text. Nothing that the document refers to is opened.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from data.errors import FileTooLarge, InvalidFile
from data.formats.archives import open_archive
from data.formats.documents.pieces import (
    BOX,
    FOOTER,
    HEADER,
    NOTE,
    PARAGRAPH,
    TABLE,
    Found,
    RawPiece,
)
from data.formats.reading import Request

_P, _T = qn("w:p"), qn("w:t")
_PARTS: Final = {"header+xml": HEADER, "footer+xml": FOOTER, "notes+xml": NOTE}
# Not in what a reader sees: deleted and moved text, and the second form of a text box.
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED: Final = frozenset({qn("w:del"), qn("w:moveFrom"), _FALLBACK})
_BREAKS: Final = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_XML_BYTES: Final = 48 * 1024 * 1024
_EXTERNAL: Final = b'TargetMode="External"'
BROKEN: Final = (
    SyntaxError, PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, AttributeError,
    TypeError, NotImplementedError, EOFError,
)  # fmt: skip
"""What python-docx and its parser (SyntaxError) raise at a document that is not whole."""


@dataclass(frozen=True, slots=True)
class Bit:
    """A run's element that carries characters `start` to `end` of its paragraph."""

    element: Any
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its place, its text and what carries it; `body` where comments may stand."""

    piece: RawPiece
    bits: tuple[Bit, ...]
    body: bool


def read(request: Request) -> Found:
    """The paragraphs of a document."""
    external = _look_over(request)
    document = open_document(request)
    return Found("docx", (one.piece for one in paragraphs(document)), (), external)


def open_document(request: Request) -> Any:
    """The document by python-docx; `InvalidFile` where it is not whole."""
    with request.open() as stream:
        try:
            return Document(stream)
        except BROKEN as error:
            raise broken_document() from error


def broken_document() -> InvalidFile:
    """The refusal of a document that cannot be read."""
    return InvalidFile(
        "the document is damaged or no .docx; open it in a word processor and save it as .docx"
        " again",
        "文档已损坏或不是 .docx；请用文字处理软件打开后重新另存为 .docx",
    )


def _look_over(request: Request) -> int:
    """Refuse declarations and oversized parts; count the references to the outside."""
    external = 0
    with open_archive(request) as archive:
        for member in archive.infolist():
            name = member.filename.lower()
            if not name.endswith((".xml", ".rels")):
                continue
            if member.file_size > _XML_BYTES:
                raise FileTooLarge(
                    f"its text takes more than {_XML_BYTES // 1024**2} MiB; split the document",
                    f"正文超过 {_XML_BYTES // 1024**2} MiB；请拆分文档",
                )
            with archive.open(member) as stream:
                content = stream.read()
            if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                raise broken_document()
            external += content.count(_EXTERNAL) if name.endswith(".rels") else 0
    return external


def paragraphs(document: Any) -> Iterator[Paragraph]:
    """Every paragraph with text, the body's first, always in the same order."""
    yield from _in(document.element, PARAGRAPH, body=True)
    parts = sorted(document.part.package.iter_parts(), key=lambda part: str(part.partname))
    for part in parts:
        kind = next((k for ending, k in _PARTS.items() if part.content_type.endswith(ending)), None)
        if kind:
            yield from _in(tree_of(part), kind, body=False)


def tree_of(part: Any) -> Any:
    """The XML of a part; one that python-docx does not know is parsed once and kept."""
    element = getattr(part, "element", None)
    if element is None:
        element = part.element = parse_xml(part.blob)
    return element


def _in(root: Any, kind: str, *, body: bool) -> Iterator[Paragraph]:
    tables: dict[Any, int] = {}
    counts: dict[str, int] = {}
    for element in root.iter(_P):
        place = _place(element, kind, tables)
        if place is None:
            continue
        where, within, number = place
        if where != TABLE:
            number = counts[where] = counts.get(where, 0) + 1
        bits = tuple(_bits(element))
        text = "".join(_text(bit.element) for bit in bits)
        if text.strip():
            piece = RawPiece(where, number, within, "", text)
            yield Paragraph(piece, bits, body and where != BOX)


def _place(element: Any, kind: str, tables: dict[Any, int]) -> tuple[str, str, int] | None:
    """What a paragraph is part of: kind, row and column, number of the table."""
    cell = None
    for above in element.iterancestors():
        if above.tag in _SKIPPED:
            return None
        name = above.tag.rpartition("}")[2]
        if name == "txbxContent":
            return BOX, "", 0
        if name == "tc" and cell is None:
            cell = above
    if cell is None or kind != PARAGRAPH:
        return kind, "", 0
    row = cell.getparent()
    table = row.getparent()
    number = tables.setdefault(table, len(tables) + 1)
    return TABLE, f"{_rank(row)},{_rank(cell)}", number


def _rank(element: Any) -> int:
    """The place of an element among its like, from 1."""
    return 1 + sum(1 for _ in element.itersiblings(element.tag, preceding=True))


def _bits(paragraph: Any) -> Iterator[Bit]:
    at = 0
    for element in paragraph.iter(_T, *_BREAKS):
        if not _belongs(element, paragraph):
            continue
        size = len(_text(element))
        yield Bit(element, at, at + size)
        at += size


def _belongs(element: Any, paragraph: Any) -> bool:
    """Whether an element of text is the paragraph's own and not of a box inside it."""
    for above in element.iterancestors():
        if above is paragraph:
            return True
        if above.tag in _SKIPPED or above.tag == _P:
            return False
    return False


def _text(element: Any) -> str:
    return _BREAKS.get(element.tag) or (element.text or "")
