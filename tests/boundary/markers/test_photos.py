"""Photographs: read in confinement, compared with the claim, published without notes."""

import io
import struct
import zlib
from datetime import date

import pytest
from pictures import jpeg
from PIL import Image
from sqlalchemy import func, select

from boundary.marker_tables import photo
from boundary.markers import Claim, add_photo, photos_of, read_photo
from data.actors import Actor, Grant, Role
from data.errors import FileTooLarge, Forbidden, InvalidFile, InvalidValue, UnknownFormat
from data.pictures import read_picture
from data.store import Store
from data.stored_files import read_file

SENDER = Actor("巡查", frozenset({Grant(Role.SURVEYOR, "990101")}))
DAY = date(2026, 5, 3)


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 64))


def codes(record: dict[str, object]) -> list[str]:
    return [one["code"] for one in record["findings"]]  # type: ignore[attr-defined]


def test_the_public_copy_is_the_picture_alone() -> None:
    found = read_picture(jpeg(orientation=6, size=(4000, 3000)))
    assert (found.width_px, found.height_px) == (3000, 4000)
    assert found.taken_at == "2026-05-03T10:20:30"
    assert (found.lon, found.lat, found.bearing_deg) == pytest.approx((112.0, 41.2, 90.0))
    public = Image.open(io.BytesIO(found.public))
    assert public.size == (1536, 2048)
    assert not public.getexif()
    for secret in (b"ACME", b"SERIAL", b"2026:05", b"Exif", b"GPS"):
        assert secret not in found.public


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_of_picture_are_read(kind: str) -> None:
    assert read_picture(jpeg(kind=kind)).kind == kind


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", UnknownFormat),
        (b"GIF89a" + b"\0" * 100, UnknownFormat),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", UnknownFormat),
        (jpeg()[:2000], InvalidFile),
        (png_header(60_000, 60_000), FileTooLarge),
        (png_header(4_000, 4_000), InvalidFile),
    ],
)
def test_what_is_no_picture_is_refused(content: bytes, error: type[InvalidFile]) -> None:
    with pytest.raises(error) as caught:
        read_picture(content)
    assert caught.value.zh != caught.value.message


def test_broken_notes_of_a_camera_are_no_notes() -> None:
    found = read_picture(jpeg(taken="0000:00:00 00:00:00", lon=None))
    assert (found.taken_at, found.lon) == (None, None)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (jpeg(), []),
        (jpeg(taken=None), ["no_time"]),
        (jpeg(taken="2026:05:04 00:10:00"), []),
        (jpeg(taken="2025:05:03 10:00:00"), ["other_time"]),
        (jpeg(lon=None), ["no_position"]),
        (jpeg(lon=112.01), ["other_place"]),
        (jpeg(taken=None, lon=None), ["no_time", "no_position"]),
    ],
)
def test_time_and_place_are_compared_with_the_claim(
    filled: Store, content: bytes, expected: list[str]
) -> None:
    kept = add_photo(filled, SENDER, 1, content, Claim("a.jpg", DAY))
    assert codes(kept) == expected
    with filled.read() as connection:
        assert [codes(one) for one in photos_of(connection, 1)] == [expected]


def test_the_original_is_kept_untouched_and_once(filled: Store) -> None:
    content = jpeg()
    first = add_photo(filled, SENDER, 1, content, Claim("a.jpg", DAY, "东面"))
    again = add_photo(filled, SENDER, 1, content, Claim("b.jpg", DAY))
    other = add_photo(filled, SENDER, 2, content, Claim("c.jpg", DAY))
    assert first == again
    assert codes(other) == ["other_place", "used_elsewhere"]
    with filled.read() as connection:
        assert connection.scalar(select(func.count()).select_from(photo)) == 2
        assert read_file(connection, first["sha256"]) == content
        public = read_file(connection, read_photo(connection, first["id"])["public_sha256"])
    assert public != content


def test_strangers_and_wrong_inspections_are_refused(filled: Store) -> None:
    stranger = Actor("外人", frozenset({Grant(Role.SURVEYOR, "990201")}))
    with pytest.raises(Forbidden):
        add_photo(filled, stranger, 1, jpeg(), Claim("a.jpg"))
    with pytest.raises(InvalidValue, match="inspection_id"):
        add_photo(filled, SENDER, 1, jpeg(), Claim("a.jpg", inspection_id=7))
    with filled.read() as connection:
        assert photos_of(connection, 1) == []
