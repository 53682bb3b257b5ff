"""Open a document from outside as pieces of text, and mark what was found in it (文档)."""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from data.errors import Fault, InvalidFile
from data.formats.documents.pieces import (
    BOX,
    CELL,
    FOOTER,
    HEADER,
    LINE,
    NOTE,
    PAGE,
    PARAGRAPH,
    TABLE,
    Mark,
)
from data.formats.documents.sending import MARKED_FILE, MARKS_FILE
from data.formats.limits import UPLOAD_LIMITS, Limits
from data.formats.opening import disbelieved, faults_from, named, opened_file, shown_name
from data.formats.process import ReadingProcess
from data.work_folders import read_left, work_folder

DOCUMENT_FORMATS: Final = ("txt", "docx", "xlsx", "pdf")
MARKED_FORMATS: Final = ("docx", "xlsx")
"""The formats whose text is read, and those in which marks can be made."""
_KINDS: Final = {
    PARAGRAPH: ("第{number}段", "paragraph {number}"),
    TABLE: ("表{number}第{row}行第{column}列", "table {number}, row {row}, column {column}"),
    HEADER: ("页眉第{number}段", "header, paragraph {number}"),
    FOOTER: ("页脚第{number}段", "footer, paragraph {number}"),
    NOTE: ("脚注第{number}段", "notes, paragraph {number}"),
    BOX: ("文本框第{number}段", "text box, paragraph {number}"),
    CELL: ("工作表“{within}”{cell}", "sheet {within}, {cell}"),
    PAGE: ("第{number}页", "page {number}"),
    LINE: ("第{number}行", "line {number}"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece of text stands in its document.

    Attributes:
        kind: paragraph, table, header, footer, note, box, cell, page or line.
        number: its number in its kind, from 1; of a table's cell the table's.
        within: the sheet's name; of a table's cell `row,column`.
        cell: of a workbook the cell, such as `B7`.
    """

    kind: str
    number: int
    within: str = ""
    cell: str = ""

    def said(self, language: str) -> str:
        """The place in words, `zh` or `en`.

        >>> Place("paragraph", 3).said("zh"), Place("cell", 7, "名录", "B7").said("en")
        ('第3段', 'sheet 名录, B7')
        """
        words = _KINDS[self.kind][0 if language == "zh" else 1]
        row, _, column = self.within.partition(",")
        return words.format(
            number=self.number, within=self.within, cell=self.cell, row=row, column=column
        )

    def as_json(self) -> dict[str, Any]:
        """The place for programs."""
        if self.kind == TABLE:
            row, _, column = self.within.partition(",")
            where = {"table": self.number, "row": int(row), "column": int(column)}
            return {"kind": self.kind, **where}
        if self.kind == CELL:
            return {"kind": self.kind, "sheet": self.within, "cell": self.cell}
        return {"kind": self.kind, "number": self.number}


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, cell, line or page: where it stands and its text."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A document's text.

    Attributes:
        format: one of `DOCUMENT_FORMATS`.
        pieces: its text in order.
        notes: what is to be said of the file, such as a guessed encoding.
        external: how many references to things outside the file it has; none was followed.
        guards: what confined the process that read it.
    """

    format: str
    pieces: tuple[Piece, ...]
    notes: tuple[Fault, ...] = ()
    external: int = 0
    guards: tuple[str, ...] = ()


def read_document(
    path: str | os.PathLike[str], *, limits: Limits = UPLOAD_LIMITS, file_name: str | None = None
) -> DocumentText:
    """Read a document's text in a process of its own.

    Args:
        path: the file, a regular one.
        limits: how much is read before the reader stops.
        file_name: its sender's name for it, used in sentences only.

    Raises:
        UnknownFormat: it is none of `DOCUMENT_FORMATS`.
        FileTooLarge: a limit is passed.
        InvalidFile: it is empty, damaged, locked, or took too long.
    """
    with _process(path, limits, file_name, "pieces", ()) as (process, _):
        match process.frame():
            case {
                "t": "document",
                "format": str(kind),
                "notes": list(notes),
                "external": int(external),
                "guards": list(guards),
            } if kind in DOCUMENT_FORMATS:
                pieces = tuple(_pieces(process, limits))
                told = tuple(map(str, guards))
                return DocumentText(kind, pieces, faults_from(notes), external, told)
        raise disbelieved()


def mark_document(
    path: str | os.PathLike[str],
    marks: Sequence[Mark],
    *,
    limits: Limits = UPLOAD_LIMITS,
    file_name: str | None = None,
) -> bytes:
    """A copy of a DOCX or XLSX with marks: coloured text and comments.

    Args:
        path: the file.
        marks: what to mark, pieces counted as `read_document` gives them, from 0.
        limits: see `read_document`.
        file_name: see `read_document`.

    Raises:
        InvalidFile: it is neither, or cannot be marked.
    """
    with _process(path, limits, file_name, "mark", apart(marks)) as (process, work_dir):
        match process.frame():
            case {"t": "marked", "bytes": int()}:
                return _marked(work_dir / MARKED_FILE, limits)
        raise disbelieved()


def apart(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """The marks in order, those that overlap made one with both notes."""
    merged: list[Mark] = []
    for one in sorted(marks, key=lambda m: (m.piece, m.start, m.end)):
        last = merged[-1] if merged else None
        if last and last.piece == one.piece and one.start < last.end:
            note = f"{last.note}\n{one.note}"
            end = max(last.end, one.end)
            merged[-1] = Mark(last.piece, last.start, end, last.colour, note)
        else:
            merged.append(one)
    return tuple(merged)


@contextmanager
def _process(
    path: str | os.PathLike[str],
    limits: Limits,
    file_name: str | None,
    work: str,
    marks: Sequence[Mark],
) -> Iterator[tuple[ReadingProcess, Path]]:
    with (
        named(shown_name(file_name or Path(path).name)),
        opened_file(path, limits) as descriptor,
        work_folder("read") as work_dir,
    ):
        (work_dir / MARKS_FILE).write_bytes(orjson.dumps([astuple(one) for one in marks]))
        with closing(ReadingProcess(descriptor, work_dir, limits, work=work)) as process:
            yield process, work_dir


def _pieces(process: ReadingProcess, limits: Limits) -> Iterator[Piece]:
    count = characters = 0
    while True:
        match process.frame():
            case {"t": "pieces", "pieces": list(items)}:
                for item in items:
                    piece = _piece(item)
                    count += 1
                    characters += len(piece.text)
                    if characters > limits.max_text_chars:
                        raise disbelieved()
                    yield piece
            case {"t": "end", "pieces": int(sent)} if sent == count:
                return
            case _:
                raise disbelieved()


def _piece(item: Any) -> Piece:
    match item:
        case [str(kind), int(number), str(within), str(cell), str(text)] if kind in _KINDS:
            if kind != TABLE or all(part.isdigit() for part in within.split(",")):
                return Piece(Place(kind, number, within, cell), text)
    raise disbelieved()


def _marked(path: Path, limits: Limits) -> bytes:
    """The copy that the child has made, if it is a file and not too large."""
    content = read_left(path, limits.max_unpacked_bytes)
    if content is None:
        raise InvalidFile("the marked copy cannot be made", "无法生成批注副本")
    return content
