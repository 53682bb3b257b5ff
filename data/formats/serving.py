"""The reading process: lock in, recognise, read, clean, and send the rows on.

Standard output carries frames of `data.formats.wire`: one `head`, then `rows`, then `end`; or one
`error` at any place. Nothing else is written there, whatever a library prints.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from data.errors import Fault, FileTooLarge, InvalidFile
from data.formats import registry
from data.formats.cells import clean, unfit, without_unfit
from data.formats.confinement import confine
from data.formats.limits import Limits
from data.formats.reading import RawRow, Reading, Request
from data.formats.wire import MAX_FRAME_BYTES, fault_to_wire, pack

_ROWS_PER_FRAME = 500
_BYTES_PER_FRAME = 256 * 1024


def serve(order: str) -> int:
    """Do with the file that the order (JSON) names what it says, and send what comes of it."""
    wanted = json.loads(order)
    request = _request(wanted)
    with os.fdopen(os.dup(1), "wb") as out:
        _silence_standard_output()
        # Made before memory can be short.
        no_memory = _error_frame(_too_much_memory(request.limits))
        guards = confine(request.limits, request.work_dir, request.descriptor)
        try:
            _WORK[wanted.get("work", "table")](request, guards, out)
        except InvalidFile as error:
            out.write(_error_frame(error))
        except MemoryError:
            out.write(no_memory)
    return 0


def _send_table(request: Request, guards: tuple[str, ...], out: BinaryIO) -> None:
    _send(registry.read(request), request.limits, guards, out)


def _send_pieces(request: Request, guards: tuple[str, ...], out: BinaryIO) -> None:
    from data.formats.documents.sending import send_pieces

    send_pieces(request, guards, out)


def _send_marked(request: Request, guards: tuple[str, ...], out: BinaryIO) -> None:
    from data.formats.documents.sending import send_marked

    send_marked(request, guards, out)


_WORK: Mapping[str, Callable[[Request, tuple[str, ...], BinaryIO], None]] = {
    "table": _send_table,
    "pieces": _send_pieces,
    "mark": _send_marked,
}
"""What a reading process may be told to do: read a table, read a document's text, mark one."""


def _request(order: dict[str, Any]) -> Request:
    return Request(
        descriptor=order["descriptor"],
        work_dir=Path(order["work_dir"]),
        limits=Limits(**order["limits"]),
        layer=order["layer"],
        crs=order["crs"],
    )


def _silence_standard_output() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _error_frame(error: InvalidFile) -> bytes:
    return pack({"t": "error", "code": error.code, "en": error.message, "zh": error.zh})


def _too_much_memory(limits: Limits) -> FileTooLarge:
    mib = limits.memory_bytes // (1024 * 1024)
    return FileTooLarge(
        f"reading it needs more than {mib} MiB of memory; split the file, and in a workbook delete"
        " what stands far below or beside the table",
        f"读取该文件所需内存超过 {mib} MiB；请拆分文件；若为工作簿，请删除远离表格的内容",
    )


def _send(reading: Reading, limits: Limits, guards: tuple[str, ...], out: BinaryIO) -> None:
    columns = clean([without_unfit(name) for name in reading.columns])
    _check_columns(columns, limits)
    rows = _cleaned(reading.rows, columns, limits)
    first = next(rows, None)
    if first is None:
        raise InvalidFile(
            "it has column names and not one row of data; fill in the rows and send it again",
            "只有表头，没有数据行；请填写数据后重新提交",
        )
    head = {
        "t": "head",
        "format": reading.format,
        "columns": columns,
        "crs": reading.crs,
        "encoding": reading.encoding,
        "layer": reading.layer,
        "has_geometry": reading.has_geometry,
        "notes": [fault_to_wire(item) for item in reading.notes],
        "guards": guards,
    }
    out.write(pack(head))
    out.flush()
    _send_rows(chain((first,), rows), out)


def _send_rows(rows: Iterator[RawRow], out: BinaryIO) -> None:
    batch: list[list[Any]] = []
    size = count = 0
    for number, cells, wkb, faults in rows:
        shape = wkb.hex() if wkb else None
        batch.append([number, cells, shape, [fault_to_wire(item) for item in faults]])
        size += len(shape or "") + sum(map(len, cells))
        count += 1
        if len(batch) == _ROWS_PER_FRAME or size > _BYTES_PER_FRAME:
            out.write(_rows_frame(batch))
            batch, size = [], 0
    if batch:
        out.write(_rows_frame(batch))
    out.write(pack({"t": "end", "rows": count}))


def _rows_frame(batch: list[list[Any]]) -> bytes:
    frame = pack({"t": "rows", "rows": batch})
    if len(frame) > MAX_FRAME_BYTES:
        row = batch[-1][0]
        raise FileTooLarge(
            f"row {row} is longer than {MAX_FRAME_BYTES // (1024 * 1024)} MiB; simplify its shape",
            f"第 {row} 行超过 {MAX_FRAME_BYTES // (1024 * 1024)} MiB；请简化其图形",
        )
    return frame


def _check_columns(columns: list[str], limits: Limits) -> None:
    if len(columns) > limits.max_columns:
        raise FileTooLarge(
            f"it has {len(columns)} columns and {limits.max_columns} are read; delete the columns"
            " that are not needed",
            f"共有 {len(columns)} 列，最多读取 {limits.max_columns} 列；请删除不需要的列",
        )


def _cleaned(rows: Iterator[RawRow], columns: list[str], limits: Limits) -> Iterator[RawRow]:
    """The rows as they are sent: clean text, one cell a column, wholly blank rows left out."""
    count, width, longest = 0, len(columns), limits.max_cell_chars
    for number, raw, wkb, faults in rows:
        cells = clean(raw)
        if not any(cells) and wkb is None and not faults:
            continue
        count += 1
        if count > limits.max_rows:
            raise _too_many_rows(limits)
        if len(cells) != width:
            cells = _fitted(cells, width, number, faults)
        if width and max(map(len, cells)) > longest:
            raise _too_long(number, columns, cells, longest)
        if unfit("".join(cells)):
            cells = _mended(cells, columns, number, faults)
        yield number, cells, wkb, faults


def _too_many_rows(limits: Limits) -> FileTooLarge:
    return FileTooLarge(
        f"it has more than {limits.max_rows:,} rows; split it into several files",
        f"超过 {limits.max_rows:,} 行；请拆分为多个文件",
    )


def _too_long(number: int, columns: list[str], cells: list[str], longest: int) -> FileTooLarge:
    column = next(name for name, cell in zip(columns, cells, strict=True) if len(cell) > longest)
    return FileTooLarge(
        f"row {number}, column {column[:80]}: a cell of more than {longest:,} characters; shorten"
        " it, or look for a quotation mark that is opened and never closed",
        f"第 {number} 行“{column[:80]}”列的内容超过 {longest:,} 个字符；请缩短，"
        "或检查是否有未闭合的引号",
    )


def _fitted(cells: list[str], width: int, number: int, faults: list[Fault]) -> list[str]:
    extra = [cell for cell in cells[width:] if cell]
    if extra:
        faults.append(
            Fault(
                "extra-cells",
                number,
                None,
                "|".join(extra)[:200],
                f"本行比表头多出 {len(extra)} 个有内容的单元格；请检查分隔符，"
                "含分隔符的内容需加引号",
                f"it has {len(extra)} filled cells more than there are column names; check the"
                " separators, and put a cell that holds one in quotation marks",
            )
        )
    return cells[:width] + [""] * (width - len(cells))


def _mended(cells: list[str], columns: list[str], number: int, faults: list[Fault]) -> list[str]:
    for name, cell in zip(columns, cells, strict=True):
        if character := unfit(cell):
            shown = f"U+{ord(character):04X}"
            faults.append(
                Fault(
                    "unfit-character",
                    number,
                    name,
                    shown,
                    f"含有不可用的字符 {shown}；请删除后重新填写",
                    f"it holds the character {shown}, which no text may hold; type it again"
                    " without it",
                )
            )
    return [without_unfit(cell) for cell in cells]
