"""Marks in a workbook: the cell is coloured and its comment says what is wrong in it."""

import mimetypes
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from data.errors import InvalidFile
from data.formats.documents.pieces import Mark, RawPiece
from data.formats.documents.sheets import read
from data.formats.reading import Request
from data.formats.workbook_scan import broken_workbook

_AUTHOR: Final = "敖包 Ovoo"
_WIDTH, _LINE_HEIGHT, _LINE_CHARS = 320, 18, 24


def mark(request: Request, marks: Sequence[Mark], target: Path) -> None:
    """Write a copy with the marks; openpyxl keeps values, formulas and styles, not drawings."""
    load_workbook = _library()
    pieces = list(read(request).pieces)
    by_cell: dict[tuple[str, str], list[Mark]] = defaultdict(list)
    for one in marks:
        piece = _piece(pieces, one.piece)
        by_cell[piece.within, piece.cell].append(one)
    try:
        with request.open() as stream:
            book = load_workbook(stream)
        for (sheet, cell), said in by_cell.items():
            _mark(book[sheet][cell], said)
        book.save(target)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError) as error:
        raise broken_workbook() from error


def _library() -> Callable[..., Any]:
    """Open workbooks with openpyxl, as a reading process can.

    Without numpy, whose threads want more memory than it has, and without the system's table of
    media types, which it may not read.
    """
    sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]
    mimetypes.knownfiles.clear()
    from openpyxl import load_workbook

    return load_workbook


def _piece(pieces: Sequence[RawPiece], number: int) -> RawPiece:
    if not 0 <= number < len(pieces):
        raise InvalidFile("the workbook has changed", "工作簿内容已变化")
    return pieces[number]


def _mark(cell: Any, said: Sequence[Mark]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    note = "\n".join(one.note for one in said)
    if cell.comment:
        note = f"{cell.comment.text}\n{note}"
    lines = sum(1 + len(line) // _LINE_CHARS for line in note.splitlines())
    cell.comment = Comment(note, _AUTHOR, width=_WIDTH, height=(lines + 1) * _LINE_HEIGHT)
    cell.fill = PatternFill("solid", fgColor=said[0].colour)
