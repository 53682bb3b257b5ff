"""What reading a file gives: a table with its columns, and rows that stream."""

from collections.abc import Iterator
from dataclasses import dataclass

from data.errors import Fault


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file, as text.

    `number` counts as a spreadsheet does (the header of a file without title rows is 1) for
    CSV and XLSX, and from 1 for the features of other formats. `cells` has one text per
    column, NFC, without blanks at its ends. `geometry` is ISO WKB in the table's reference
    system, x (east, longitude) before y (north, latitude), with z where the file has one.
    `faults` are those of the row's own shape; values are judged by whoever knows the fields.
    """

    number: int
    cells: tuple[str, ...]
    geometry: bytes | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A file being read; `rows` can be drawn once, while the file is open.

    `columns` are as the file has them, in its order; names may be empty or occur twice.
    `crs` is "EPSG:n", "OGC:CRS84" or WKT: what the file says of its geometries, else what its
    reader was told; None where neither says. `encoding` and `layer` (or sheet) are named where
    the format has them. `notes` are things to be said to the reader of a report, such as a
    guessed encoding. `guards` name what confined the process that reads.
    """

    format: str
    columns: tuple[str, ...]
    rows: Iterator[Row]
    crs: str | None = None
    encoding: str | None = None
    layer: str | None = None
    has_geometry: bool = False
    notes: tuple[Fault, ...] = ()
    guards: tuple[str, ...] = ()
