"""A piece of a document's text and where it stands, as the reading process sends it."""

from collections.abc import Iterable
from dataclasses import dataclass

from data.errors import Fault

PARAGRAPH, TABLE, HEADER, FOOTER, NOTE, BOX = (
    "paragraph",
    "table",
    "header",
    "footer",
    "note",
    "box",
)
CELL, PAGE, LINE = "cell", "page", "line"


@dataclass(frozen=True, slots=True)
class RawPiece:
    """One paragraph, cell, line or page.

    Attributes:
        kind: what it is, one of the names above.
        number: its number in its kind, from 1; of a table the table's.
        within: the sheet's name; of a table's cell `row,column`.
        cell: of a workbook the cell, such as `B7`.
        text: its text, in which marks are counted.
    """

    kind: str
    number: int
    within: str
    cell: str
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """A document as its reader found it; `pieces` are drawn once.

    `external` counts references to things outside the file, none of which is followed.
    """

    format: str
    pieces: Iterable[RawPiece]
    notes: tuple[Fault, ...] = ()
    external: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """What is to be marked: characters `start` to `end` of a piece, counted from 0.

    `colour` is six hexadecimal digits; `note` what the comment says.
    """

    piece: int
    start: int
    end: int
    colour: str
    note: str
