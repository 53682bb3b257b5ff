"""PDF documents: the text of each page, lines that were only wrapped joined again."""

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Any, Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from data.errors import InvalidFile
from data.formats.documents.pieces import PAGE, Found, RawPiece
from data.formats.reading import Request

_BROKEN: Final = (
    PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError,
    struct.error, zlib.error, AssertionError, NotImplementedError, OSError,
)  # fmt: skip
_HAN: Final = "\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff"
_SPACED: Final = re.compile(f"(?<=[{_HAN}]) +(?=[{_HAN}])")
_FULL_LINE: Final = 0.75
"""A line at least this long, beside the longest of its page, may have been wrapped."""
_EXTERNAL: Final = (b"/URI", b"/GoToR", b"/Launch", b"/SubmitForm")


def read(request: Request) -> Found:
    """The pages of a document that have text.

    Raises `InvalidFile` for one that is locked, damaged, or holds pictures of text only.
    """
    with request.open() as stream:
        external = sum(map(stream.read().count, _EXTERNAL))
    try:
        reader = PdfReader(request.path(".pdf"))
        locked = reader.is_encrypted
    except _BROKEN as error:
        raise _damaged() from error
    if locked:
        raise InvalidFile(
            "the PDF is encrypted; save a copy without a password or other protection",
            "PDF 已加密；请另存一份不带密码和其他保护的副本",
        )
    pages = list(_pages(reader))
    if not pages:
        raise InvalidFile(
            "the PDF holds no text, only pictures of it; run text recognition (OCR) on it first,"
            " or send the document it was made from",
            "PDF 中没有文字，只有图像；请先做文字识别（OCR），或提交原始文档",
        )
    return Found("pdf", pages, (), external)


def _damaged() -> InvalidFile:
    return InvalidFile(
        "the PDF is damaged; export it again",
        "PDF 已损坏；请重新导出",
    )


def _pages(reader: Any) -> Iterator[RawPiece]:
    try:
        for number, page in enumerate(reader.pages, 1):
            text = _joined(page.extract_text())
            if text.strip():
                yield RawPiece(PAGE, number, "", "", text)
    except _BROKEN as error:
        raise _damaged() from error


def _joined(text: str) -> str:
    """The lines, those that were wrapped inside a Chinese sentence made one again."""
    lines = [_SPACED.sub("", line.strip()) for line in text.splitlines()]
    longest = max(map(len, lines), default=0)
    whole = ""
    for place, line in enumerate(lines):
        wrapped = (
            place > 0
            and len(lines[place - 1]) >= longest * _FULL_LINE
            and re.search(f"[{_HAN}]$", lines[place - 1])
            and re.match(f"[{_HAN}]", line)
        )
        whole += line if wrapped or not whole else f"\n{line}"
    return whole
