"""In the confined process: open a photograph, read what the camera wrote, write the public copy."""

import json
import os
import re
import warnings
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import isfinite
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from data.formats.confinement import confine
from data.formats.limits import Limits

_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 85
_EXIF_TIME = "%Y:%m:%d %H:%M:%S"
_ORIENTATION_TURNS = frozenset({5, 6, 7, 8})
_DIGITS = re.compile(r"\d{4}:\d{2}:\d{2} \d{2}:\d{2}:\d{2}")


@dataclass(frozen=True, slots=True)
class _Refused(Exception):
    code: str
    en: str
    zh: str


def serve(order: str) -> int:
    """Read the photograph that the order (JSON) names; JSON on standard output, a copy beside."""
    asked = json.loads(order)
    limits = Limits(
        max_unpacked_bytes=200_000_000,
        cpu_seconds=asked["seconds"],
        memory_bytes=asked["memory_bytes"],
    )
    folder, descriptor = Path(asked["folder"]), asked["descriptor"]
    Image.init()
    confine(limits, folder, descriptor)
    try:
        said = _read(descriptor, folder, asked["most_pixels"], asked["side_px"])
    except _Refused as refused:
        said = {"code": refused.code, "en": refused.en, "zh": refused.zh}
    except (OSError, SyntaxError, ValueError, MemoryError, EOFError):
        said = {"code": "invalid-file"}
    os.write(1, json.dumps(said).encode())
    return 0


def _read(descriptor: int, folder: Path, most_pixels: int, side_px: int) -> dict[str, Any]:
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # the header is judged below, before a pixel is decoded
    with os.fdopen(os.dup(descriptor), "rb") as file:
        try:
            image = Image.open(file, formats=_FORMATS)
        except UnidentifiedImageError:
            raise _Refused(
                "unknown-format",
                "the file is no JPEG, PNG or WebP picture; export it as JPEG",
                "不是 JPEG、PNG 或 WebP 图片；请导出为 JPEG 后上传（HEIC 请先转换）",
            ) from None
        width, height = image.size
        if width * height > most_pixels:
            raise _Refused(
                "file-too-large",
                f"the picture has {width} x {height} pixels, more than {most_pixels}; reduce it",
                f"图片为 {width}×{height} 像素，超过 {most_pixels} 像素；请缩小后上传",
            )
        written = _written(image)
        _copy(image, folder / "public.jpg", side_px)
        turned = written.pop("turned")
        size = (height, width) if turned else (width, height)
        return {"kind": image.format, "width_px": size[0], "height_px": size[1], **written}


def _copy(image: Image.Image, path: Path, side_px: int) -> None:
    """The picture alone, upright, smaller: a new image that no metadata came along with."""
    if image.format == "JPEG":
        image.draft("RGB", (side_px, side_px))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((side_px, side_px))
    if "A" in upright.getbands() or "transparency" in upright.info:
        rgba = upright.convert("RGBA")
        plain = Image.new("RGB", rgba.size, "white")
        plain.paste(rgba, mask=rgba.getchannel("A"))
    else:
        plain = Image.new("RGB", upright.size)
        plain.paste(upright.convert("RGB"))
    plain.save(path, "JPEG", quality=_QUALITY)


def _written(image: Image.Image) -> dict[str, Any]:
    """What the camera wrote of time and place; None for what is missing or broken."""
    found: dict[str, Any] = dict.fromkeys(("taken_at", "lon", "lat", "bearing_deg"))
    found["turned"] = False
    # A camera's notes are of any quality; what cannot be read is missing, the picture stands.
    with suppress(OSError, SyntaxError, ValueError, TypeError, KeyError, ZeroDivisionError):
        exif = image.getexif()
        found["turned"] = exif.get(ExifTags.Base.Orientation) in _ORIENTATION_TURNS
        detail = exif.get_ifd(ExifTags.IFD.Exif)
        found["taken_at"] = _time(
            detail.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
        )
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        found["lat"] = _angle(gps, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "S")
        found["lon"] = _angle(gps, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "W")
        found["bearing_deg"] = _number(gps.get(ExifTags.GPS.GPSImgDirection))
    return found


def _time(value: object) -> str | None:
    found = _DIGITS.match(str(value or ""))
    if found is None:
        return None
    with suppress(ValueError):
        return datetime.strptime(found[0], _EXIF_TIME).isoformat()  # noqa: DTZ007 - a camera's clock
    return None


def _angle(gps: dict[int, Any], tag: int, reference: int, negative: str) -> float | None:
    parts = [_number(part) for part in gps.get(tag) or ()]
    if not parts or None in parts:
        return None
    degrees = sum((part or 0.0) / 60.0**place for place, part in enumerate(parts))
    return -degrees if str(gps.get(reference, "")).upper().startswith(negative) else degrees


def _number(value: object) -> float | None:
    if value is None:
        return None
    with suppress(ValueError, TypeError, ZeroDivisionError, OverflowError):
        number = float(Fraction(str(value)) if "/" in str(value) else value)  # type: ignore[arg-type]
        return number if isfinite(number) else None
    return None
