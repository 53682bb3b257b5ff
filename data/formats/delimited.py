"""CSV and TSV (RFC 4180 and what office programs make of it)."""

import csv
from collections.abc import Iterator
from io import TextIOWrapper

from data.errors import Fault, FileTooLarge, InvalidFile
from data.formats.encodings import open_text
from data.formats.formulas import unguarded
from data.formats.headers import NumberedCells, known_names, split_header
from data.formats.limits import Limits
from data.formats.reading import RawRow, Reading, Request, note
from data.formats.wkt_column import WktColumn

_DELIMITERS = ",;\t"
_SAMPLE_CHARS = 65_536
_SAMPLE_ROWS = 30
_LINE_CHARS = 4 * 1024 * 1024
_NAMES = {",": ("逗号", "comma"), ";": ("分号", "semicolon"), "\t": ("制表符", "tab")}
_SEPARATOR_LINE = "sep="


def read(request: Request) -> Reading:
    """A delimited text file; its rows stream, and a broken one is a fault of that row."""
    stream, encoding = open_text(request)
    delimiter, first_line = _separator(stream)
    csv.field_size_limit(request.limits.max_cell_chars + 1)
    numbered = _records(stream, delimiter, first_line, request.limits)
    faulty: dict[int, Fault] = {}
    cells = ((number, row) for number, row in _without_faults(numbered, faulty))
    found = split_header(cells)
    if found is None:
        raise InvalidFile(
            "it holds nothing but blanks; check the export", "文件只有空白；请检查导出步骤"
        )
    (_, columns), rest, notes = found
    said = () if delimiter == "," else (_delimiter_note(delimiter),)
    crs, shapes = request.crs, WktColumn.among(columns)
    if shapes is not None:
        stated, rest = shapes.crs(rest)
        crs = stated or crs
        columns = columns[: shapes.at] + columns[shapes.at + 1 :]
    return Reading(
        "csv",
        columns,
        _rows(rest, faulty, stream, shapes, crs),
        crs=crs,
        encoding=encoding.label,
        has_geometry=shapes is not None,
        notes=(*encoding.notes, *said, *notes),
    )


def _delimiter_note(delimiter: str) -> Fault:
    zh, en = _NAMES[delimiter]
    return note("delimiter", en, f"列以{zh}分隔", f"columns are separated by a {en}")


def _separator(stream: TextIOWrapper) -> tuple[str, int]:
    """The separator, and how many lines at the top only name it (`sep=;`, an Excel habit)."""
    sample = stream.read(_SAMPLE_CHARS)
    stream.seek(0)
    first = sample.split("\n", 1)[0].strip().lower()
    if first.startswith(_SEPARATOR_LINE) and first[4:] in {",", ";"}:
        return first[4:], 1
    return max(_DELIMITERS, key=lambda delimiter: _fit(sample, delimiter)), 0


def _fit(sample: str, delimiter: str) -> tuple[int, bool, float, int]:
    """How well a separator fits: known names, more than one column, even rows, columns."""
    lines = sample.splitlines(keepends=True)
    if len(sample) == _SAMPLE_CHARS and len(lines) > 1:
        lines.pop()
    rows = []
    try:
        for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=True):
            rows.append(row)
            if len(rows) == _SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    widths = [len(row) for row in rows if row]
    if not widths:
        return 0, False, 0.0, 0
    usual = max(widths, key=widths.count)
    names = max(known_names(row) for row in rows)
    return names, usual > 1, widths.count(usual) / len(widths), usual


def _lines(stream: TextIOWrapper) -> Iterator[str]:
    while line := stream.readline(_LINE_CHARS):
        if len(line) == _LINE_CHARS:
            raise FileTooLarge(
                f"a line has more than {_LINE_CHARS:,} characters; is this a table of rows?",
                f"某一行超过 {_LINE_CHARS:,} 个字符；请确认文件是逐行的表格",
            )
        yield line


def _records(
    stream: TextIOWrapper, delimiter: str, skipped_lines: int, limits: Limits
) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Rows with the number a spreadsheet gives them; an error in the place of a broken one."""
    lines = _lines(stream)
    for _ in range(skipped_lines):
        next(lines)
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    number = skipped_lines
    while True:
        number += 1
        try:
            row = next(reader)
            yield number, [unguarded(cell) if cell[:1] == "'" else cell for cell in row]
        except StopIteration:
            return
        except csv.Error as error:
            _check_end(error, number, limits)
            yield number, error


def _check_end(error: csv.Error, number: int, limits: Limits) -> None:
    if "unexpected end of data" in str(error):
        raise InvalidFile(
            f"row {number}: a quotation mark is opened and never closed; close it, or write it"
            " twice where it is part of the text",
            f"第 {number} 行有引号未闭合；请补上引号，引号本身是内容时请写两个",
        ) from error
    if "field larger" in str(error):
        raise FileTooLarge(
            f"row {number}: a cell of more than {limits.max_cell_chars:,} characters; shorten it,"
            " or look for a quotation mark that is opened and never closed",
            f"第 {number} 行有单元格超过 {limits.max_cell_chars:,} 个字符；请缩短，"
            "或检查是否有未闭合的引号",
        ) from error


def _without_faults(
    records: Iterator[tuple[int, list[str] | csv.Error]], faulty: dict[int, Fault]
) -> Iterator[NumberedCells]:
    for number, row in records:
        if isinstance(row, list):
            yield number, row
        else:
            faulty[number] = _quote_fault(number)
            yield number, []


def _quote_fault(number: int) -> Fault:
    return Fault(
        "broken-quotes",
        number,
        None,
        "",
        "引号使用有误，本行未读取；含引号的内容需整体加引号，内部引号写两个",
        "its quotation marks do not fit, so the row was not read; quote the whole cell and write"
        " a quotation mark inside it twice",
    )


def _rows(
    rest: Iterator[NumberedCells],
    faulty: dict[int, Fault],
    stream: TextIOWrapper,
    shapes: WktColumn | None,
    crs: str | None,
) -> Iterator[RawRow]:
    with stream:
        for number, cells in rest:
            fault = faulty.pop(number, None) if faulty else None
            faults = [fault] if fault else []
            yield shapes.row(number, cells, crs, faults) if shapes else (
                number, cells, None, faults,
            )  # fmt: skip
