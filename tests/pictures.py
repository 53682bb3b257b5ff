"""Photographs as cameras make them."""

import io
from typing import Any

from PIL import ExifTags, Image


def jpeg(
    *,
    taken: str | None = "2026:05:03 10:20:30",
    lon: float | None = 112.0,
    lat: float | None = 41.2,
    size: tuple[int, int] = (640, 480),
    orientation: int = 1,
    kind: str = "JPEG",
) -> bytes:
    """A picture with the notes of a camera."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "ACME"
    exif[ExifTags.Base.Orientation] = orientation
    detail: Any = exif.get_ifd(ExifTags.IFD.Exif)
    detail[ExifTags.Base.BodySerialNumber] = "SERIAL-1234"
    if taken:
        detail[ExifTags.Base.DateTimeOriginal] = taken
    if lon is not None and lat is not None:
        gps: Any = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", _dms(lat)
        gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", _dms(lon)
        gps[ExifTags.GPS.GPSImgDirection] = 90.0
    file = io.BytesIO()
    image.save(file, kind, exif=exif)
    return file.getvalue()


def _dms(degrees: float) -> tuple[float, float, float]:
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    return float(whole), float(minutes), round(((degrees - whole) * 60 - minutes) * 60, 4)
