"""A Shapefile in a zip: unpacked by our own hand under our own names, read through fiona."""

import codecs
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from zipfile import ZipFile, ZipInfo

from data.errors import Fault, InvalidFile
from data.formats.archives import open_archive, read_member, refuse_nested, unpack_member
from data.formats.dbf import guess_codec
from data.formats.fiona_rows import crs_text, open_layer, rows
from data.formats.reading import RawRow, Reading, Request, note

_PARTS = (".shp", ".shx", ".dbf", ".prj")
_OPTIONAL = ".cpg"
_SMALL_BYTES = 65_536
_MAGIC = b"\x00\x00\x27\x0a"
# Bytes pass through this encoding unchanged, so that each cell can be decoded, or named.
_TRANSPARENT = "ISO-8859-1"
_CUT_REASONS = {"unexpected end of data", "incomplete multibyte sequence"}


def read(request: Request) -> Reading:
    """The only Shapefile in the zip, or the one the layer names."""
    with open_archive(request) as archive:
        refuse_nested(archive)
        name, parts, others = _chosen(archive, request.layer)
        _check_parts(parts, request.crs)
        said = _codec_said(archive, parts)
        shape = _unpack(archive, parts, request)
    codec, codec_note = said or guess_codec(shape.with_suffix(".dbf"))
    collection = open_layer(shape, "ESRI Shapefile", encoding=_TRANSPARENT)
    raw = list(collection.schema["properties"])
    crs = crs_text(collection) if ".prj" in parts else None
    if crs is None and request.crs is None:
        raise _no_crs("has a .prj that is not understood", "的 .prj 无法识别")
    return Reading(
        "shapefile",
        [_decoded(column, codec)[0] for column in raw],
        _rows(rows(collection, raw), raw, codec),
        crs=crs or request.crs,
        encoding=codec.upper(),
        layer=name,
        has_geometry=True,
        notes=(*codec_note, *others),
    )


def _chosen(
    archive: ZipFile, wanted: str | None
) -> tuple[str, dict[str, ZipInfo], tuple[Fault, ...]]:
    """The name of a Shapefile, its parts by suffix, and what to say of the rest."""
    layers: dict[str, dict[str, ZipInfo]] = {}
    for member in archive.infolist():
        path = PurePosixPath(member.filename)
        if path.suffix.lower() in {*_PARTS, _OPTIONAL}:
            key = str(path.with_suffix("")).casefold()
            layers.setdefault(key, {})[path.suffix.lower()] = member
    found = {
        PurePosixPath(parts[".shp"].filename).stem: parts
        for parts in layers.values()
        if ".shp" in parts
    }
    names = list(found)
    if wanted is not None and wanted not in found:
        raise InvalidFile(
            f"it has no Shapefile {wanted!r}; it has {', '.join(names)}",
            f"没有名为“{wanted}”的 Shapefile；现有：{'、'.join(names)}",
        )
    name = wanted or names[0]
    return name, found[name], _others_note(name, names)


def _others_note(name: str, names: list[str]) -> tuple[Fault, ...]:
    others = [item for item in names if item != name]
    if not others:
        return ()
    return (
        note(
            "layer-chosen",
            name,
            f"读取了“{name}”；其余未读：{'、'.join(others)}",
            f"{name!r} was read; not read: {', '.join(others)}",
        ),
    )


def _check_parts(parts: dict[str, ZipInfo], crs: str | None) -> None:
    missing = [part for part in _PARTS[:3] if part not in parts]
    if missing:
        shown = " ".join(missing)
        raise InvalidFile(
            f"the Shapefile lacks {shown}; put .shp, .shx, .dbf and .prj into the zip",
            f"Shapefile 缺少 {shown}；请将 .shp、.shx、.dbf、.prj 一起压缩",
        )
    if ".prj" not in parts and crs is None:
        raise _no_crs("has no .prj", "缺少 .prj")


def _no_crs(en: str, zh: str) -> InvalidFile:
    return InvalidFile(
        f"the Shapefile {en}, so its reference system is not known; add the .prj to the zip, or"
        " give the system when sending (crs)",
        f"Shapefile {zh}，坐标系未知；请将 .prj 加入压缩文件，或在提交时指定 crs",
    )


def _codec_said(
    archive: ZipFile, parts: dict[str, ZipInfo]
) -> tuple[str, tuple[Fault, ...]] | None:
    """The encoding that the .cpg names, if Python knows it."""
    if _OPTIONAL not in parts:
        return None
    text = read_member(archive, parts[_OPTIONAL], _SMALL_BYTES)
    name = text.decode("ascii", "ignore").strip().strip("\x00").lower()
    known = {"65001": "utf-8", "936": "gb18030", "cp936": "gb18030", "54936": "gb18030"}
    try:
        codec = codecs.lookup(known.get(name, name)).name
    except (LookupError, ValueError):
        return None
    # GB18030 reads all that GBK and GB 2312 write, and the characters that were added since.
    return ("gb18030" if codec in {"gbk", "gb2312"} else codec), ()


def _unpack(archive: ZipFile, parts: dict[str, ZipInfo], request: Request) -> Path:
    shape = request.work_dir / "table.shp"
    room = request.limits.max_unpacked_bytes
    for suffix in _PARTS:
        if suffix in parts:
            target = shape.with_suffix(suffix)
            room -= unpack_member(archive, parts[suffix], target, room, request.limits)
    with shape.open("rb") as stream:
        if stream.read(len(_MAGIC)) != _MAGIC:
            raise InvalidFile(
                "the .shp in the zip is no Shapefile; export it again",
                "压缩文件内的 .shp 不是 Shapefile；请重新导出",
            )
    return shape


def _decoded(text: str, codec: str) -> tuple[str, bool]:
    """A text that came through unchanged bytes; whether it could be read whole."""
    if text.isascii():
        return text, True
    content = text.encode(_TRANSPARENT)
    try:
        return content.decode(codec), True
    except UnicodeDecodeError as error:
        # A field of fixed width may cut its last character in two.
        cut = error.reason in _CUT_REASONS
        return content.decode(codec, "ignore" if cut else "replace"), False


def _rows(found: Iterator[RawRow], columns: list[str], codec: str) -> Iterator[RawRow]:
    for number, cells, wkb, faults in found:
        decoded = [_decoded(cell, codec) for cell in cells]
        for column, (text, whole) in zip(columns, decoded, strict=True):
            if not whole:
                name = _decoded(column, codec)[0]
                faults.append(_cut_fault(number, name, text, codec))
        yield number, [text for text, _ in decoded], wkb, faults


def _cut_fault(number: int, name: str, text: str, codec: str) -> Fault:
    return Fault(
        "undecodable-cell",
        number,
        name,
        text[:80],
        f"内容无法按 {codec.upper()} 完整读取（可能因字段长度被截断）；请用更长的字段重新导出，"
        "或补上正确的 .cpg",
        f"it cannot be read whole as {codec.upper()} (perhaps cut at the width of its field);"
        " export with a wider field, or add the right .cpg",
    )
