"""What the reading process sends of a document: its pieces, or the marked copy's size."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import BinaryIO

import orjson

from data.errors import FileTooLarge, InvalidFile
from data.formats.cells import without_unfit
from data.formats.documents.pieces import Found, Mark, RawPiece
from data.formats.documents.recognising import recognise
from data.formats.limits import Limits
from data.formats.reading import Request
from data.formats.wire import fault_to_wire, pack

MARKS_FILE, MARKED_FILE = "marks.json", "marked"
"""In the working directory: what is to be marked, and the marked copy."""
_CHARS_PER_FRAME = 100_000
_READERS = {
    "txt": "data.formats.documents.plain_text",
    "docx": "data.formats.documents.word",
    "xlsx": "data.formats.documents.sheets",
    "pdf": "data.formats.documents.portable",
}
_MARKERS = {
    "docx": "data.formats.documents.marking_word",
    "xlsx": "data.formats.documents.marking_sheets",
}


def send_pieces(request: Request, guards: tuple[str, ...], out: BinaryIO) -> None:
    """Send a document's head, then its pieces, then how many there were."""
    read: Callable[[Request], Found] = import_module(_READERS[recognise(request)]).read
    found = read(request)
    head = {
        "t": "document",
        "format": found.format,
        "notes": [fault_to_wire(one) for one in found.notes],
        "external": found.external,
        "guards": guards,
    }
    out.write(pack(head))
    count = 0
    for batch in _batches(found, request.limits):
        count += len(batch)
        out.write(pack({"t": "pieces", "pieces": batch}))
    if not count:
        raise InvalidFile("it holds no text", "文件中没有文字")
    out.write(pack({"t": "end", "pieces": count}))


def _batches(found: Found, limits: Limits) -> Iterator[list[list[str | int]]]:
    batch: list[list[str | int]] = []
    size = total = 0
    for piece in found.pieces:
        size += len(piece.text)
        total += len(piece.text)
        if total > limits.max_text_chars:
            raise FileTooLarge(
                f"it has more than {limits.max_text_chars:,} characters; split it",
                f"超过 {limits.max_text_chars:,} 个字符；请拆分",
            )
        batch.append(_wire(piece))
        if size > _CHARS_PER_FRAME:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _wire(piece: RawPiece) -> list[str | int]:
    text, within = without_unfit(piece.text), without_unfit(piece.within)
    return [piece.kind, piece.number, within, piece.cell, text]


def send_marked(request: Request, _guards: tuple[str, ...], out: BinaryIO) -> None:
    """Make the marked copy and send how large it is."""
    kind = recognise(request)
    if kind not in _MARKERS:
        raise InvalidFile("marks are made in DOCX and XLSX only", "只能在 DOCX 和 XLSX 中加批注")
    marks = [Mark(*one) for one in orjson.loads((request.work_dir / MARKS_FILE).read_bytes())]
    target = request.work_dir / MARKED_FILE
    import_module(_MARKERS[kind]).mark(request, marks, target)
    out.write(pack({"t": "marked", "format": kind, "bytes": target.stat().st_size}))
