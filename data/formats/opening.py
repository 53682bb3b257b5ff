"""Open a file from outside as a table. The only way in."""

import os
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from data.errors import Fault, FileTooLarge, InvalidFile
from data.formats.limits import UPLOAD_LIMITS, Limits
from data.formats.process import ReadingProcess
from data.formats.promises import BrokenPromise, broken_promise
from data.formats.registry import FORMATS
from data.formats.table import Row, Table
from data.formats.wire import fault_from_wire
from data.work_folders import work_folder

_NAME_CHARS = 120
_FAULTS_MAX = 10_000
_COLUMNS_OF_A_TABLE = 2


@contextmanager
def open_table(
    path: str | os.PathLike[str],
    *,
    limits: Limits = UPLOAD_LIMITS,
    file_name: str | None = None,
    layer: str | None = None,
    crs: str | None = None,
) -> Iterator[Table]:
    """Read a file in a process of its own; rows stream while the block lasts.

    Args:
        path: the file, a regular one.
        limits: how much is read before the reader stops.
        file_name: its sender's name for it, used in sentences only; never to open anything.
        layer: the sheet of a workbook or the layer of a GeoPackage or zip to read.
        crs: the reference system to assume where the file has positions and names none.

    Raises:
        UnknownFormat: the bytes are of no format that is read.
        FileTooLarge: a limit is passed; also while rows are drawn.
        InvalidFile: the file is empty, damaged, refused, or took too long; also while rows
            are drawn.
    """
    name = shown_name(file_name or Path(path).name)
    with (
        named(name),
        opened_file(path, limits) as descriptor,
        work_folder("read") as work_dir,
        closing(ReadingProcess(descriptor, work_dir, limits, layer, crs)) as process,
    ):
        yield _kept(_first(process, limits, name, descriptor), broken_promise(descriptor, name))


def _first(process: ReadingProcess, limits: Limits, name: str, descriptor: int) -> Table:
    """The table, or the true cause where the bytes are not what the file's name says."""
    try:
        return _table(process, limits, name)
    except FileTooLarge:
        raise
    except InvalidFile as error:
        if promise := broken_promise(descriptor, name):
            raise type(error)(promise.en, promise.zh) from error
        raise


def _kept(table: Table, promise: BrokenPromise | None) -> Table:
    """A table with a note where its file's name says something else.

    Raises:
        InvalidFile: it is text without columns, which nobody meant to be a table.
    """
    if promise is None:
        return table
    if table.format == "csv" and len(table.columns) < _COLUMNS_OF_A_TABLE:
        raise InvalidFile(promise.en, promise.zh)
    return replace(table, notes=(promise.as_note(table.format), *table.notes))


def shown_name(name: str) -> str:
    """A sender's name for a file, fit for a sentence."""
    plain = "".join(character for character in name if character.isprintable())
    return plain if len(plain) <= _NAME_CHARS else f"{plain[:_NAME_CHARS]}…"


@contextmanager
def named(name: str) -> Iterator[None]:
    """Begin every sentence about the file with its name, once."""
    try:
        yield
    except InvalidFile as error:
        if error.message.startswith(f"{name}: "):
            raise
        raise type(error)(f"{name}: {error.message}", f"{name}：{error.zh}") from error


@contextmanager
def opened_file(path: str | os.PathLike[str], limits: Limits) -> Iterator[int]:
    """A regular file within the limit of bytes, open; its descriptor."""
    try:
        # Without blocking: a pipe of that name would keep the caller waiting for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise InvalidFile(
            f"{reason}; check the path", f"无法打开（{reason}）；请检查路径"
        ) from error
    try:
        _check_file(os.fstat(descriptor), limits)
        yield descriptor
    finally:
        os.close(descriptor)


def _check_file(found: os.stat_result, limits: Limits) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise InvalidFile("it is a folder or a device, not a file", "不是普通文件")
    if found.st_size == 0:
        raise InvalidFile(
            "it is empty (0 bytes); check the export and send it again",
            "文件是空的（0 字节）；请检查导出步骤后重新提交",
        )
    if found.st_size > limits.max_file_bytes:
        mib = limits.max_file_bytes // (1024 * 1024)
        raise FileTooLarge(
            f"it has {found.st_size:,} bytes and {mib} MiB are read at most; split it",
            f"文件为 {found.st_size:,} 字节，最多读取 {mib} MiB；请拆分",
        )


def _table(process: ReadingProcess, limits: Limits, name: str) -> Table:
    match process.frame():
        case {
            "t": "head",
            "format": str(kind),
            "columns": list(columns),
            "crs": str() | None as crs,
            "encoding": str() | None as encoding,
            "layer": str() | None as layer,
            "has_geometry": bool(has_geometry),
            "notes": list(notes),
            "guards": list(guards),
        } if kind in FORMATS and len(columns) <= limits.max_columns and _texts(columns):
            return Table(
                kind,
                tuple(columns),
                _rows(process, len(columns), limits, name),
                crs,
                encoding,
                layer,
                has_geometry,
                faults_from(notes),
                tuple(map(str, guards)),
            )
    raise disbelieved()


def disbelieved() -> InvalidFile:
    """The refusal of what no reading process of ours sends."""
    return InvalidFile(
        "the reader gave back what no reader gives; the file is made to break programs",
        "读取结果异常；该文件可能为恶意构造",
    )


def _texts(values: list[Any]) -> bool:
    return set(map(type, values)) <= {str}


def faults_from(items: list[Any]) -> tuple[Fault, ...]:
    """The notes that a reading process sends."""
    if len(items) > _FAULTS_MAX:
        raise disbelieved()
    try:
        return tuple(map(fault_from_wire, items))
    except ValueError as error:
        raise disbelieved() from error


def _rows(process: ReadingProcess, width: int, limits: Limits, name: str) -> Iterator[Row]:
    count = 0
    with named(name):
        while True:
            match process.frame():
                case {"t": "rows", "rows": list(items)}:
                    count += len(items)
                    if count > limits.max_rows:
                        raise disbelieved()
                    for item in items:
                        yield _row(item, width, limits.max_cell_chars)
                case {"t": "end", "rows": int(sent)} if sent == count:
                    return
                case _:
                    raise disbelieved()


def _row(item: Any, width: int, longest: int) -> Row:
    match item:
        case [int(number), list(cells), str() | None as shape, list(faults)]:
            fits = len(cells) == width and _texts(cells)
            if fits and (not cells or max(map(len, cells)) <= longest):
                return Row(
                    number,
                    tuple(cells),
                    _geometry(shape),
                    faults_from(faults) if faults else (),
                )
    raise disbelieved()


def _geometry(shape: str | None) -> bytes | None:
    if shape is None:
        return None
    try:
        return bytes.fromhex(shape)
    except ValueError as error:
        raise disbelieved() from error
