"""A table read, answered row by row, and written back with the answers beside its own columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from data.cells import Cells
from data.errors import InvalidValue
from data.formats import LOAD_LIMITS, map_table, open_table
from data.formats.writing.plain import plain_table

_AT_ONCE = 2_000
Answers = Callable[[Sequence[Cells]], Sequence[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class AnnotateOptions:
    """How a table is read and written.

    Attributes:
        overrides: the file's column → field, said by a person.
        layer: the sheet or layer, where the file has several.
        crs: the reference system, where the file names none.
        replace: whether a file that is there already may be replaced.
    """

    overrides: Mapping[str, str] = field(default_factory=dict)
    layer: str | None = None
    crs: str | None = None
    replace: bool = False


def annotate(
    path: Path,
    out: Path,
    record: str,
    added: Sequence[str],
    answers: Answers,
    options: AnnotateOptions,
    told: Callable[[int], None] = lambda _rows: None,
) -> int:
    """Write a table back with more columns; returns the number of its rows.

    Args:
        path: the table, in any format that is read.
        out: where to, ending in `.csv` or `.xlsx`; whole or not at all.
        record: whose fields its columns are matched to.
        added: titles of the columns that come behind its own.
        answers: the cells of those columns for some rows.
        options: how.
        told: is told now and then how many rows are done.

    Raises:
        InvalidFile: the table cannot be read.
        InvalidValue: the file to write is the one to read, is there already, or of no such format.
        FaultsFound: a column that is needed is missing.
    """
    _check_target(path, out, options)
    rows = 0
    with open_table(path, limits=LOAD_LIMITS, layer=options.layer, crs=options.crs) as table:
        columns = map_table(record, table, options.overrides)
        columns.check()
        places = _place_titles(table.has_geometry, columns.fields)
        with plain_table(out, [*table.columns, *places, *added]) as write:
            while part := list(islice(table.rows, _AT_ONCE)):
                cells = [Cells(row, columns, options.crs) for row in part]
                for one, said in zip(cells, answers(cells), strict=True):
                    own = [one.cells.get(name, "") for name in places]
                    write([*one.row.cells, *own, *said])
                rows += len(part)
                told(rows)
    return rows


def _place_titles(has_geometry: bool, fields: Mapping[str, int]) -> list[str]:  # noqa: FBT001
    """A geometry of a file becomes two columns of the table."""
    known = {"lon", "lat", "x_north", "y_east"} & {*fields}
    return ["lon", "lat"] if has_geometry and not known else []


def _check_target(path: Path, out: Path, options: AnnotateOptions) -> None:
    if out.exists() and (out.samefile(path) or not options.replace):
        raise InvalidValue(
            "out", out.name, "that file is there already", "give another name, or --replace",
            f"“{out.name}”已存在；请换一个文件名，或加 --replace",
        )  # fmt: skip
