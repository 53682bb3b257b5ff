"""Files to read, and a server that must never be asked for anything."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from data.errors import InvalidFile
from data.formats import UPLOAD_LIMITS, Limits, Row, Table, open_table


@dataclass(frozen=True)
class Read:
    """A table with all of its rows drawn."""

    table: Table
    rows: list[Row]

    @property
    def cells(self) -> list[tuple[str, ...]]:
        return [row.cells for row in self.rows]

    @property
    def notes(self) -> set[str]:
        return {note.code for note in self.table.notes}

    @property
    def faults(self) -> list[tuple[str, int | None, str | None]]:
        return [(fault.code, fault.row, fault.column) for row in self.rows for fault in row.faults]


def shape_of(row: Row) -> BaseGeometry:
    shape = shapely.from_wkb(row.geometry)
    assert shape is not None
    return shape


def read_file(
    path: Path, limits: Limits = UPLOAD_LIMITS, layer: str | None = None, crs: str | None = None
) -> Read:
    with open_table(path, limits=limits, layer=layer, crs=crs) as table:
        return Read(table, list(table.rows))


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Read]:
    """Write bytes or text to a file of a telling name and read it."""

    def write_and_read(
        content: bytes | str | Path,
        limits: Limits = UPLOAD_LIMITS,
        layer: str | None = None,
        crs: str | None = None,
        name: str = "upload.bin",
    ) -> Read:
        if isinstance(content, Path):
            return read_file(content, limits, layer, crs)
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_file(path, limits, layer, crs)

    return write_and_read


@pytest.fixture
def refusal(read: Callable[..., Read]) -> Callable[..., InvalidFile]:
    """Read a file that must be refused, and give the error; it must be fit to be shown."""

    def refused(
        content: bytes | str | Path, limits: Limits = UPLOAD_LIMITS, **how: str
    ) -> InvalidFile:
        with pytest.raises(InvalidFile) as caught:
            read(content, limits, **how)
        error = caught.value
        name = content.name if isinstance(content, Path) else how.get("name", "upload.bin")
        assert error.message.startswith(f"{name}: ")
        assert error.zh.startswith(f"{name}：")
        for text in (error.message, error.zh):
            assert "/tmp" not in text  # noqa: S108 - the very thing that must not be told
            assert "/proc" not in text
            assert "ovoo-work-" not in text
            assert "Traceback" not in text
        return error

    return refused


@pytest.fixture
def canary() -> Iterator[tuple[str, list[str]]]:
    """The address of a loopback server, and the list of what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    # The short interval is what closing the server waits for.
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def tight() -> Callable[..., Limits]:
    """The limits of uploads with some of them drawn closer."""
    return lambda **closer: replace(UPLOAD_LIMITS, **closer)
