"""The caller's end of reading a photograph: starts the process, waits, believes nothing it says."""

import os
import signal
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import orjson

from data.errors import FileTooLarge, InvalidFile, UnknownFormat
from data.work_folders import read_left, work_folder

MOST_PICTURE_BYTES = 40_000_000
MOST_PIXELS = 120_000_000
"""What the largest cameras of today give; a flood of pixels is refused by its header."""
_PUBLIC_SIDE_PX = 2048
_SECONDS = 30
_MEMORY_BYTES = 1_200_000_000
_PROGRAM = Path(__file__).with_name("child.py")
_ERRORS = {error.code: error for error in (InvalidFile, FileTooLarge, UnknownFormat)}


@dataclass(frozen=True, slots=True)
class Picture:
    """What a photograph is.

    Attributes:
        public: a JPEG copy, upright, at most 2,048 pixels a side, with nothing but the picture.
        kind: JPEG, PNG or WEBP.
        width_px, height_px: of the original, upright.
        taken_at: when the camera says, ISO 8601 without zone (the camera's own clock), or None.
        lon, lat: where the camera says, degrees of WGS 84, or None.
        bearing_deg: where it looked, degrees from north, or None.
    """

    public: bytes
    kind: str
    width_px: int
    height_px: int
    taken_at: str | None
    lon: float | None
    lat: float | None
    bearing_deg: float | None


def read_picture(content: bytes) -> Picture:
    """Read a photograph.

    Raises:
        FileTooLarge: too many bytes or pixels.
        UnknownFormat: it is no JPEG, PNG or WebP.
        InvalidFile: it cannot be decoded.
    """
    if len(content) > MOST_PICTURE_BYTES:
        raise FileTooLarge(
            f"the photograph has more than {MOST_PICTURE_BYTES} bytes; send a smaller one",
            f"照片超过 {MOST_PICTURE_BYTES // 1_000_000} MB；请缩小后重新上传",
        )
    with work_folder("picture") as folder, tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        file.seek(0)
        said = _run(file.fileno(), folder)
        copy = None if "code" in said else read_left(folder / "public.jpg", MOST_PICTURE_BYTES)
        if copy is None:
            raise _refusal(said)
        return _picture(said, copy)


def _run(descriptor: int, folder: Path) -> dict[str, Any]:
    order = {
        "descriptor": descriptor,
        "folder": str(folder),
        "most_pixels": MOST_PIXELS,
        "side_px": _PUBLIC_SIDE_PX,
        "memory_bytes": _MEMORY_BYTES,
        "seconds": _SECONDS,
    }
    packages = dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))
    command = [sys.executable, "-I", "-S", str(_PROGRAM), orjson.dumps(order).decode(), *packages]
    with subprocess.Popen(  # noqa: S603 - one fixed program, without a shell
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={"LANG": "C.UTF-8", "TMPDIR": str(folder), "HOME": str(folder)},
        pass_fds=(descriptor,),
        start_new_session=True,
    ) as child:
        try:
            output, _ = child.communicate(timeout=2 * _SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            return {}
    try:
        said = orjson.loads(output)
    except orjson.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}


def _refusal(said: dict[str, Any]) -> InvalidFile:
    kind = _ERRORS.get(str(said.get("code")), InvalidFile)
    return kind(
        str(said.get("en") or "the photograph cannot be decoded; export it again as JPEG"),
        str(said.get("zh") or "照片无法解码；请重新导出为 JPEG"),
    )


def _picture(said: dict[str, Any], public: bytes) -> Picture:
    lon, lat = _degrees(said.get("lon"), 180.0), _degrees(said.get("lat"), 90.0)
    taken_at = said.get("taken_at")
    return Picture(
        public=public,
        kind=str(said.get("kind")),
        width_px=_pixels(said.get("width_px")),
        height_px=_pixels(said.get("height_px")),
        taken_at=taken_at if isinstance(taken_at, str) else None,
        lon=lon if lat is not None else None,
        lat=lat if lon is not None else None,
        bearing_deg=_degrees(said.get("bearing_deg"), 360.0),
    )


def _pixels(value: object) -> int:
    if not isinstance(value, int) or not 0 < value <= MOST_PIXELS:
        raise _refusal({})
    return value


def _degrees(value: object, most: float) -> float | None:
    if isinstance(value, int | float) and isfinite(value) and abs(value) <= most:
        return float(value)
    return None
