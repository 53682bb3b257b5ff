"""Plain text: each line that is not blank is a piece."""

from collections.abc import Iterator

from data.errors import InvalidFile
from data.formats.documents.pieces import LINE, Found, RawPiece
from data.formats.encodings import open_text
from data.formats.reading import Request


def read(request: Request) -> Found:
    """The lines of a text file in any encoding of Chinese."""
    with request.open() as stream:
        if b"\x00\x00" in stream.read(4096):
            raise InvalidFile(
                "it is no text but data of some program; send a TXT, DOCX, XLSX or PDF",
                "不是文本而是程序数据；请提交 TXT、DOCX、XLSX 或 PDF",
            )
    text, encoding = open_text(request)
    return Found("txt", _lines(text), encoding.notes)


def _lines(text: Iterator[str]) -> Iterator[RawPiece]:
    for number, line in enumerate(text, 1):
        for part in line.splitlines():
            if part.strip():
                yield RawPiece(LINE, number, "", "", part)
