"""What a file's name promises and its bytes do not keep: the true cause, in words.

A file is read by its bytes alone (`data.formats.sniffing`). Where that fails, or finds mere text
under the name of a workbook, its sender is told what the name says and what the bytes are.
"""

import os
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from data.errors import Fault
from data.formats.reading import note
from data.formats.sniffing import KNOWN_OTHERS

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_ZIP_END: Final = b"PK\x05\x06"
_HEAD_BYTES, _TAIL_BYTES = 4_096, 65_557
_BINARY: Final = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1a\x1b\x1e")
_WORKBOOK: Final = (
    "an Excel workbook", "Excel 工作簿",
    "open it in the program that made it, save it as .xlsx (or as CSV UTF-8) and send that",
    "请用原软件打开，另存为 .xlsx（或“CSV UTF-8”）后重新提交",
)  # fmt: skip
_PROMISES: Final[dict[str, tuple[tuple[bytes, ...], tuple[str, str, str, str]]]] = {
    ".xlsx": (_ZIP, _WORKBOOK),
    ".xlsm": (_ZIP, _WORKBOOK),
    ".gpkg": (
        (b"SQLite format 3\x00",),
        (
            "a GeoPackage", "GeoPackage",
            "export it from the GIS again, as GeoPackage, and send that",
            "请从 GIS 软件重新导出为 GeoPackage 后提交",
        ),
    ),
    ".kmz": (
        _ZIP,
        (
            "a KMZ (zipped KML)", "KMZ（压缩的 KML）",
            "save it again as KMZ, or send the KML itself", "请重新保存为 KMZ，或直接提交 KML",
        ),
    ),
    ".zip": (
        _ZIP,
        (
            "a zip file", "zip 压缩文件",
            "put the .shp, .shx, .dbf and .prj into one zip file again and send that",
            "请将 .shp、.shx、.dbf、.prj 重新压缩为一个 zip 后提交",
        ),
    ),
}  # fmt: skip
_LOOKS: Final = (
    (_ZIP, "a zip file", "zip 压缩文件"),
    (
        (b"SQLite format 3\x00",),
        "an SQLite database, as a GeoPackage is", "SQLite 数据库（如 GeoPackage）",
    ),
    ((b"<!doctype html", b"<html"), "a web page (HTML)", "网页（HTML）"),
    ((b"<?xml", b"<"), "XML", "XML"),
    ((b"{", b"["), "JSON", "JSON"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BrokenPromise:
    """The true cause in both languages, and what the bytes look like."""

    en: str
    zh: str
    looks: str

    def as_note(self, kind: str) -> Fault:
        """What is to be noted where the file could be read as another format."""
        return note(
            "name-differs", self.looks,
            f"{self.zh.partition('；')[0]}；已按内容（{kind}）读取",
            f"{self.en.partition(';')[0]}; it was read as what it is ({kind})",
        )  # fmt: skip


def broken_promise(descriptor: int, name: str) -> BrokenPromise | None:
    """What a file's name says that its bytes are not; None where they fit, or it says nothing.

    Args:
        descriptor: the open file.
        name: its sender's name for it.
    """
    promise = _PROMISES.get(PurePath(name).suffix.lower())
    if promise is None:
        return None
    magic, (en, zh, way_en, way_zh) = promise
    head = os.pread(descriptor, _HEAD_BYTES, 0)
    if any(head.startswith(other) for other, _, _ in KNOWN_OTHERS):
        # What that is, and what to do, is said already.
        return None
    if head.startswith(magic):
        if magic is not _ZIP or _has_end(descriptor):
            return None
        looks = ("a zip file that is cut off or damaged", "不完整或已损坏的压缩文件")
    else:
        looks = _looks(head)
    return BrokenPromise(
        f"its name says {en}, but its content is {looks[0]}; {way_en}",
        f"文件名表明是 {zh}，但内容是：{looks[1]}；{way_zh}", looks[0],
    )  # fmt: skip


def _has_end(descriptor: int) -> bool:
    """Whether the end of a zip file's list of members is there; a file cut off has none."""
    size = os.fstat(descriptor).st_size
    start = max(0, size - _TAIL_BYTES)
    return _ZIP_END in os.pread(descriptor, size - start, start)


def _looks(head: bytes) -> tuple[str, str]:
    if not head.strip(b"\x00"):
        return "nothing but zero bytes", "全为零字节"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for magic, en, zh in _LOOKS:
        if text.startswith(magic) or head.startswith(magic):
            return en, zh
    if not _BINARY.intersection(head) or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "plain text", "纯文本"
    return (
        "bytes of no kind that is known here: damaged, cut off or encrypted",
        "无法识别的数据（可能已损坏、被截断或加密）",
    )
