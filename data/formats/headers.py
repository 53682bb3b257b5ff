"""Where the column names stand: titles above them are passed over, by known names."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from data.errors import Fault
from data.formats.cells import clean
from data.formats.fields import fold_name, known_spellings
from data.formats.reading import note

_ROWS_LOOKED_AT = 20
_NAMES_NEEDED = 2

NumberedCells = tuple[int, list[str]]


def known_names(cells: Iterable[str]) -> int:
    """How many of the cells are spellings of fields that this program knows."""
    known = known_spellings()
    return sum(any(form in known for form in fold_name(cell)) for cell in cells if cell)


def split_header(
    rows: Iterator[NumberedCells],
) -> tuple[NumberedCells, Iterator[NumberedCells], tuple[Fault, ...]] | None:
    """The header row, the rows below it and what to say; None where nothing is filled in.

    The header is the row among the first twenty with most known names, two at least; else the
    first that is not blank.
    """
    front = [(number, clean(cells)) for number, cells in islice(rows, _ROWS_LOOKED_AT)]
    filled = [index for index, (_, cells) in enumerate(front) if any(cells)]
    if not filled:
        return None
    best = max(filled, key=lambda index: (known_names(front[index][1]), -index))
    if known_names(front[best][1]) < _NAMES_NEEDED:
        best = filled[0]
    skipped = [front[index] for index in filled if index < best]
    number, cells = front[best]
    while cells and not cells[-1]:
        cells.pop()
    return (number, cells), chain(front[best + 1 :], rows), _title_note(skipped)


def _title_note(skipped: list[NumberedCells]) -> tuple[Fault, ...]:
    if not skipped:
        return ()
    title = " ".join(cell for _, cells in skipped for cell in cells if cell)[:120]
    return (
        note(
            "title-rows",
            title,
            f"表头上方的 {len(skipped)} 行标题已跳过",
            f"{len(skipped)} title row{'s' if len(skipped) > 1 else ''} above the column names"
            " passed over",
        ),
    )
