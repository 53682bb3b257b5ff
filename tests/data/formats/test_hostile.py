"""Files made to make a server fetch, fill its memory, or write where it should not."""

import io
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from data.errors import FileTooLarge, InvalidFile, UnknownFormat
from data.formats import Limits

from .conftest import Read

Reader = Callable[..., Read]
Refusal = Callable[..., InvalidFile]

VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/{url}/a.json'
    "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
)
RASTER_VRT = (
    '<VRTDataset rasterXSize="1" rasterYSize="1"><VRTRasterBand><SimpleSource><SourceFilename>'
    "/vsicurl/{url}/a.tif</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
)
WFS = "<OGRWFSDataSource><URL>{url}/wfs</URL></OGRWFSDataSource>"
OAPIF = '{"links":[{"rel":"data","href":"{url}/collections"}],"title":"x"}'
ESRI = '{"exceededTransferLimit":true,"geometryType":"esriGeometryPoint","features":[]}'
GMLAS = '<a xmlns:xsi="x" xsi:schemaLocation="a {url}/a.xsd"><b/></a>'


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.shp"])
@pytest.mark.parametrize("text", [VRT, RASTER_VRT, WFS, OAPIF, ESRI, GMLAS])
def test_no_name_makes_a_pointer_be_followed(
    refusal: Refusal, canary: tuple[str, list[str]], name: str, text: str
) -> None:
    url, asked = canary
    assert isinstance(refusal(text.replace("{url}", url), name=name), UnknownFormat)
    assert asked == []


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def test_pointers_inside_zips_are_not_followed(
    refusal: Refusal, canary: tuple[str, list[str]]
) -> None:
    url, asked = canary
    virtual = VRT.replace("{url}", url).encode()
    for content in (
        zipped(("a.vrt", virtual)),
        zipped(("a.shp", virtual), ("a.shx", b""), ("a.dbf", b"")),
        zipped(("a.kml", virtual)),
    ):
        assert "VRT" in refusal(content).message
    assert asked == []


@pytest.mark.parametrize(
    "name", ["../a.shp", "/etc/a.shp", "a/../../b.shp", "C:\\a.shp", "..\\a.shp", "\\a.shp"]
)
def test_names_that_leave_the_folder_are_refused(refusal: Refusal, name: str) -> None:
    content = zipped(("x" * len(name), b"1"))
    assert "outside" in refusal(content.replace(b"x" * len(name), name.encode())).message


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_links_and_devices_are_refused(refusal: Refusal, kind: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        member = zipfile.ZipInfo("a.shp")
        member.external_attr = (kind | 0o777) << 16
        archive.writestr(member, "/etc/passwd")
    assert "link or a device" in refusal(out.getvalue()).message


def test_many_members_are_refused_before_they_are_listed(refusal: Refusal) -> None:
    content = zipped(*((f"{number}.txt", b"") for number in range(20_000)))
    assert isinstance(refusal(content), FileTooLarge)
    # The count at the end of the file may lie; the size of the list still tells.
    end = content.rindex(b"PK\x05\x06")
    lying = content[: end + 8] + struct.pack("<HH", 1, 1) + content[end + 12 :]
    assert isinstance(refusal(lying), FileTooLarge)


def test_a_zip_bomb_is_refused_by_what_it_declares(refusal: Refusal) -> None:
    content = zipped(("a.shp", b"0" * 250_000_000))
    assert len(content) < 1_000_000
    assert "unpacked" in refusal(content).message


def test_a_zip_bomb_that_declares_little_unpacks_no_more_than_that(
    refusal: Refusal, tmp_path: Path
) -> None:
    content = zipped(("a.kml", b"<kml>" + b" " * 250_000_000))
    declared = struct.pack("<I", 250_000_005)
    assert content.count(declared) == 2
    error = refusal(content.replace(declared, struct.pack("<I", 100)))
    assert "not whole, or damaged" in error.message or "breaks off" in error.message


def test_overlapping_members_are_refused_by_their_sum(refusal: Refusal) -> None:
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(b"0" * 10_000_000) + packed.flush()
    crc = zlib.crc32(b"0" * 10_000_000)
    sizes = struct.pack("<III", crc, len(body), 10_000_000)
    local = b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0" + sizes + struct.pack("<HH", 5, 0)
    central = b""
    for number in range(100):
        name = f"{number:05d}".encode()
        central += b"PK\x01\x02\x14\0\x14\0\0\0\x08\0\0\0\0\0" + sizes
        central += struct.pack("<HHHHHII", 5, 0, 0, 0, 0, 0, 0) + name
    file = local + b"00000" + body
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 100, 100, len(central), len(file), 0)
    assert "unpacked" in refusal(file + central + end).message


@pytest.mark.parametrize("cut", [10, 200, -10])
def test_a_cut_zip_is_refused(refusal: Refusal, cut: int) -> None:
    content = zipped(("a.shp", os.urandom(500)))[:cut]
    assert "not whole" in refusal(content).message


def test_locked_oddly_packed_doubled_and_empty_zips_are_refused(refusal: Refusal) -> None:
    plain = zipped(("a.shp", b"1"))
    locked = bytearray(plain)
    locked[plain.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in refusal(bytes(locked)).message
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.shp", b"1")
    assert "deflate" in refusal(out.getvalue()).message
    doubled = zipped(("a.shp", b"1"), ("b.shp", b"2")).replace(b"b.shp", b"A.SHP")
    assert "twice" in refusal(doubled).message
    assert "empty" in refusal(zipped()).message


def test_zips_and_archives_of_other_things_are_named(refusal: Refusal) -> None:
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:gz"):
        pass
    assert "gzip" in refusal(tar.getvalue()).message
    assert "another archive" in refusal(zipped(("a.zip", zipped(("b", b""))))).message
    assert "no Shapefile, KML or workbook" in refusal(zipped(("readme.txt", b"hello"))).message


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".xls"),
        (b"\x00\x00\x27\x0a" + bytes(96), ".shp"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"PAR1" + bytes(40), "Parquet"),
        (b"<html><body>login</body></html>", "<html>"),
        (b'<?xml version="1.0"?><osm version="0.6"/>', "<osm>"),
    ],
)
def test_formats_that_are_not_read_are_named(refusal: Refusal, content: bytes, word: str) -> None:
    error = refusal(content)
    assert isinstance(error, UnknownFormat)
    assert word in error.message
    assert "GeoPackage" in error.message
    assert "可读取" in error.zh


def test_folders_pipes_missing_and_large_files_are_refused(
    refusal: Refusal, tight: Callable[..., Limits], tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    assert "not a file" in refusal(tmp_path).message
    assert "not a file" in refusal(pipe).message
    assert "No such file" in refusal(tmp_path / "missing.csv").message
    large = tmp_path / "large.csv"
    with large.open("wb") as stream:
        stream.truncate(2 * 1024**3)
    assert isinstance(refusal(large), FileTooLarge)


def test_a_name_with_control_characters_is_shown_without_them(refusal: Refusal) -> None:
    path_name = "a.csv"
    assert refusal(b"\n", name=path_name).message.startswith("a.csv: ")
