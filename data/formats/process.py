"""The caller's end of a reading process: starts it, waits for it, believes nothing it says."""

import logging
import os
import selectors
import signal
import subprocess
import sys
import sysconfig
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from data.errors import FileTooLarge, InvalidFile, UnknownFormat
from data.formats.limits import Limits
from data.formats.wire import LENGTH_BYTES, MAX_FRAME_BYTES, unpack
from data.work_folders import read_left

_log = logging.getLogger(__name__)

_PROGRAM = Path(__file__).with_name("child.py")
_PIPE_BYTES = 256 * 1024
_SAID_BYTES = 2_000
_MOST_SAID_BYTES = 1024 * 1024
_ENDING_SECONDS = 1.0
_SAYINGS = "said.txt"
_ERRORS = {error.code: error for error in (InvalidFile, FileTooLarge, UnknownFormat)}
_MIB = 1024 * 1024
_DRIVERS_OUT = (
    "OGR_VRT WFS OAPIF CSW Carto AmigoCloud Elasticsearch PLSCENES NGW GMLAS GML GeoRSS"
    " GPSBabel ESRIJSON JSONFG TopoJSON SQLite MVT PMTiles OSM SVG CAD DXF XLSX ODS"
)


def _environment(work_dir: Path) -> dict[str, str]:
    """All that the reading process finds in its environment."""
    return {
        "LANG": "C.UTF-8",
        "TMPDIR": str(work_dir),
        "HOME": str(work_dir),
        "GDAL_SKIP": _DRIVERS_OUT,
        "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
        # No name ends so: nothing is ever asked of the network, even if there were one.
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".nothing-is-fetched",
        "CPL_VSIL_USE_TEMP_FILE_FOR_RANDOM_WRITE": "NO",
        "GDAL_HTTP_TIMEOUT": "1",
        "GDAL_PAM_ENABLED": "NO",
        "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO",
    }


def _command(order: str) -> list[str]:
    found = {str(Path(orjson.__file__).parents[1]): None}
    found |= dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))
    return [sys.executable, "-I", "-S", str(_PROGRAM), order, *found]


class ReadingProcess:
    """One child that reads one file; `frame` gives what it sends, `close` ends it.

    `work_dir` is an empty directory that is its own; `descriptor` the open file. `work` names
    what is done with it: see `data.formats.serving`.
    """

    def __init__(
        self,
        descriptor: int,
        work_dir: Path,
        limits: Limits,
        layer: str | None = None,
        crs: str | None = None,
        work: str = "table",
    ) -> None:
        order = {
            "work": work,
            "descriptor": descriptor,
            "work_dir": str(work_dir),
            "limits": asdict(limits),
            "layer": layer,
            "crs": crs,
        }
        self._limits = limits
        self._said = work_dir / _SAYINGS
        self._waited_seconds = 0.0
        self._buffer = bytearray()
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(  # noqa: S603 - one fixed program, without a shell
                _command(orjson.dumps(order).decode()),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=said,
                cwd=work_dir,
                env=_environment(work_dir),
                pass_fds=(descriptor,),
                start_new_session=True,
            )

    def frame(self) -> dict[str, Any]:
        """The next message; the child's own refusal and its death are raised as errors."""
        length = int.from_bytes(self._take(LENGTH_BYTES), "big")
        if length > MAX_FRAME_BYTES:
            raise self._unfit()
        try:
            message = unpack(self._take(length))
        except ValueError as error:
            raise self._unfit() from error
        if not isinstance(message, dict):
            raise self._unfit()
        if message.get("t") == "error":
            raise _refusal(message)
        return message

    def close(self) -> None:
        """End the child, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def _take(self, count: int) -> bytes:
        while len(self._buffer) < count:
            chunk = self._read()
            if not chunk:
                raise self._death()
            self._buffer += chunk
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def _read(self) -> bytes:
        """Bytes as soon as there are some; only the time spent waiting here is counted."""
        pipe = self._process.stdout
        if pipe is None:
            raise self._unfit()
        started = time.monotonic()
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            ready = selector.select(self._limits.wall_seconds - self._waited_seconds)
        self._waited_seconds += time.monotonic() - started
        if not ready or self._waited_seconds > self._limits.wall_seconds:
            raise _too_slow(self._limits.wall_seconds)
        return os.read(pipe.fileno(), _PIPE_BYTES)

    def _death(self) -> InvalidFile:
        """Why the child ended without saying so."""
        try:
            left_seconds = self._limits.wall_seconds - self._waited_seconds
            code = self._process.wait(max(left_seconds, _ENDING_SECONDS))
        except subprocess.TimeoutExpired:
            # It has nothing more to say and goes on all the same.
            return _too_slow(self._limits.wall_seconds)
        if code in {-signal.SIGXCPU, -signal.SIGKILL}:
            return _too_slow(self._limits.cpu_seconds)
        if code == -signal.SIGABRT:
            mib = self._limits.memory_bytes // _MIB
            return FileTooLarge(
                f"reading it needs more than {mib} MiB of memory, or it is damaged; split the"
                " file, or export it again",
                f"读取所需内存超过 {mib} MiB，或文件已损坏；请拆分或重新导出",
            )
        return self._unfit()

    def _unfit(self) -> InvalidFile:
        self._log_sayings()
        return InvalidFile(
            "the reader stopped on it; the file is damaged, or made to break programs: export it"
            " again",
            "读取程序因该文件中止；文件可能已损坏或为恶意构造，请重新导出",
        )

    def _log_sayings(self) -> None:
        content = read_left(self._said, _MOST_SAID_BYTES) or b""
        said = content[-_SAID_BYTES:].decode("utf-8", "replace")
        _log.warning("reading process ended with %s: %r", self._process.poll(), said)


def _too_slow(seconds: int) -> InvalidFile:
    return InvalidFile(
        f"it could not be read within {seconds} seconds; split it, or export it again",
        f"{seconds} 秒内未能读完；请拆分，或重新导出",
    )


def _refusal(message: dict[str, Any]) -> InvalidFile:
    kind = _ERRORS.get(str(message.get("code")), InvalidFile)
    return kind(str(message.get("en", "")), str(message.get("zh", "")))
