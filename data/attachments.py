"""Papers from outside that are kept and handed out, never opened here (附件): what they are.

Only the bytes that say what a file is are looked at, in this process: its first bytes, the list of
a package's members, and its lists of relations, each read up to a limit. A paper that would fetch
something from elsewhere when it is opened is refused, and so is one with macros.
"""

import io
import lzma
import re
import zipfile
import zlib
from typing import Final, NamedTuple

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from data.errors import FileTooLarge, InvalidFile, UnknownFormat

MAX_ATTACHMENT_BYTES: Final = 50_000_000
_MAX_UNPACKED_BYTES: Final = 200_000_000
_MAX_MEMBERS: Final = 2_000
_MAX_RELATIONS_BYTES: Final = 1_000_000
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MAGIC: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_PACKAGES: Final = (
    ("word/document.xml", _DOCX),
    ("xl/workbook.xml", _XLSX),
    ("ofd.xml", "application/ofd"),
)
_BROKEN: Final = (
    zipfile.BadZipFile,
    NotImplementedError,
    EOFError,
    ValueError,
    zlib.error,
    lzma.LZMAError,
    OSError,
)
"""What `zipfile` raises on a broken package: its own faults, and those of each way of packing."""
_MACROS: Final = re.compile(r"(^|/)vba(project|data)", re.IGNORECASE)
_HARMLESS: Final = re.compile(r"(https?|mailto):", re.IGNORECASE)
_HYPERLINK: Final = "/hyperlink"
_READ_EN = "DOCX, XLSX, PDF, OFD, PNG and JPEG are kept"
_READ_ZH = "可提交 DOCX、XLSX、PDF、OFD、PNG、JPEG"


class Attachment(NamedTuple):
    """What a paper is."""

    media_type: str
    size_bytes: int


def check_attachment(content: bytes, file_name: str) -> Attachment:
    """What a paper is, by its bytes.

    Args:
        content: the whole file.
        file_name: for the sentence of a refusal.

    Raises:
        InvalidFile: it is empty or broken, fetches from elsewhere, has macros or a password.
        FileTooLarge: it has more than 50 MB, or would unpack to more than 200 MB.
        UnknownFormat: it is none of the formats that are kept.
    """
    shown = file_name[:80]
    if not content:
        raise InvalidFile(f"{shown} is empty; choose another file", f"{shown} 是空文件；请重新选择")
    if len(content) > MAX_ATTACHMENT_BYTES:
        raise FileTooLarge(
            f"{shown} has more than {MAX_ATTACHMENT_BYTES // 1_000_000} MB; send it in parts",
            f"{shown} 超过 {MAX_ATTACHMENT_BYTES // 1_000_000} MB；请压缩图片或分卷提交",
        )
    for magic, media_type in _MAGIC:
        if content.startswith(magic):
            return Attachment(media_type, len(content))
    if content.startswith(b"PK\x03\x04"):
        return Attachment(_package(content, shown), len(content))
    old = content.startswith(b"\xd0\xcf\x11\xe0")
    raise UnknownFormat(
        f"{shown} is {'an old or locked Office file' if old else 'of no kept format'}; {_READ_EN}",
        f"{shown} {'是旧版或加密的 Office 文件' if old else '格式不支持'}；{_READ_ZH}",
    )


def _package(content: bytes, shown: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_members(members, shown)
            media_type = _kind(members, shown)
            for member in members:
                if member.filename.lower().endswith(".rels"):
                    _check_relations(archive, member, shown)
    except _BROKEN as error:
        raise InvalidFile(
            f"{shown} is not whole, or damaged; save it again",
            f"{shown} 不完整或已损坏；请重新保存",
        ) from error
    return media_type


def _check_members(members: list[zipfile.ZipInfo], shown: str) -> None:
    unpacked = sum(member.file_size for member in members)
    if len(members) > _MAX_MEMBERS or unpacked > _MAX_UNPACKED_BYTES:
        raise FileTooLarge(
            f"{shown} would unpack to {unpacked:,} bytes in {len(members):,} parts; send less",
            f"{shown} 解压后过大（{unpacked:,} 字节，{len(members):,} 个部件）；请精简后提交",
        )
    names = [member.filename.casefold() for member in members]
    if len(set(names)) != len(names):
        raise InvalidFile(
            f"{shown} holds one part twice; save it again", f"{shown} 内有重名部件；请重新保存"
        )
    if any(member.flag_bits & 1 for member in members):
        raise InvalidFile(
            f"{shown} is locked by a password; send it without one",
            f"{shown} 设有密码；请取消密码后提交",
        )
    if any(_MACROS.search(member.filename) for member in members):
        raise InvalidFile(
            f"{shown} has macros; save it without them", f"{shown} 含有宏；请另存为不含宏的文件"
        )


def _kind(members: list[zipfile.ZipInfo], shown: str) -> str:
    names = {member.filename.casefold() for member in members}
    found = next((media_type for part, media_type in _PACKAGES if part in names), None)
    if found is None:
        raise UnknownFormat(
            f"{shown} is a zip file of no kept format; {_READ_EN}",
            f"{shown} 格式不支持；{_READ_ZH}",
        )
    return found


def _check_relations(archive: zipfile.ZipFile, member: zipfile.ZipInfo, shown: str) -> None:
    """Refuse whatever an office program would fetch on opening: pictures, templates, objects."""
    with archive.open(member) as stream:
        text = stream.read(_MAX_RELATIONS_BYTES + 1)
    if len(text) > _MAX_RELATIONS_BYTES:
        raise FileTooLarge(
            f"{shown}: its list of relations is too long", f"{shown} 的关系表过长；请重新保存"
        )
    try:
        root = fromstring(text)
    except (ParseError, DefusedXmlException) as error:
        raise InvalidFile(
            f"{shown} is damaged, or made to break programs; save it again",
            f"{shown} 已损坏或为恶意构造；请重新保存",
        ) from error
    for relation in root:
        if relation.get("TargetMode", "").lower() != "external":
            continue
        target = relation.get("Target", "")
        is_link = relation.get("Type", "").endswith(_HYPERLINK)
        if not (is_link and _HARMLESS.match(target)):
            raise InvalidFile(
                f"{shown} refers to something outside itself ({target[:60]!r}), which would be"
                " fetched when it is opened; embed it or remove it",
                f"{shown} 引用了外部内容（{target[:60]!r}），打开时会向外获取；请嵌入或删除后提交",
            )
