"""Zip files from outside: looked over before a byte is unpacked, unpacked by our own hand."""

import os
import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from data.errors import FileTooLarge, InvalidFile
from data.formats.limits import Limits
from data.formats.reading import Request

_END = b"PK\x05\x06"
_END_SIZE, _COMMENT_MAX = 22, 65_535
_ENTRY_ROOM = 1_024
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CHUNK = 1024 * 1024
_NESTED = re.compile(r"\.(zip|kmz|gz|bz2|xz|zst|7z|rar|tar|tgz)$", re.IGNORECASE)
_NESTED_MAGIC = (b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")
_VIRTUAL_MAGIC = (b"<OGRVRTDataSource", b"<VRTDataset")


@contextmanager
def open_archive(request: Request) -> Iterator[zipfile.ZipFile]:
    """The zip file, its list of members found harmless; members are read with `read_member`."""
    with request.open() as stream:
        _check_directory_size(stream.fileno(), request.limits)
        try:
            with zipfile.ZipFile(stream) as archive:
                _check_members(archive.infolist(), request.limits)
                yield archive
        except (zipfile.BadZipFile, NotImplementedError, EOFError, struct.error) as error:
            raise _broken() from error


def _broken() -> InvalidFile:
    return InvalidFile(
        "this zip file is not whole, or damaged; make it again and send it again",
        "压缩文件不完整或已损坏；请重新压缩后再提交",
    )


def _check_directory_size(descriptor: int, limits: Limits) -> None:
    """Refuse a list of members that would fill the memory, before it is read."""
    size = os.fstat(descriptor).st_size
    tail = min(size, _END_SIZE + _COMMENT_MAX)
    end = os.pread(descriptor, tail, size - tail)
    at = end.rfind(_END)
    if at < 0 or len(end) - at < _END_SIZE:
        raise _broken()
    count, directory_bytes = struct.unpack_from("<HI", end, at + 10)
    most = max(limits.max_members * _ENTRY_ROOM, 64 * _ENTRY_ROOM)
    if count > limits.max_members or directory_bytes > most:
        raise _too_many(limits)


def _too_many(limits: Limits) -> FileTooLarge:
    return FileTooLarge(
        f"the zip file holds more than {limits.max_members:,} files; keep only those of one"
        " data set in it",
        f"压缩文件内超过 {limits.max_members:,} 个文件；请只保留一个数据集的文件",
    )


def _check_members(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if not members:
        raise InvalidFile("the zip file is empty", "压缩文件是空的")
    if len(members) > limits.max_members:
        raise _too_many(limits)
    for member in members:
        _check_member(member)
    names = [member.filename.casefold() for member in members]
    if len(set(names)) != len(names):
        raise InvalidFile(
            "the zip file holds one name twice; make it again from a folder",
            "压缩文件内有重名文件；请从文件夹重新压缩",
        )
    if sum(member.file_size for member in members) > limits.max_unpacked_bytes:
        raise too_much_unpacked(limits)


def too_much_unpacked(limits: Limits) -> FileTooLarge:
    """What is said when the unpacked bytes pass the limit."""
    mib = limits.max_unpacked_bytes // (1024 * 1024)
    return FileTooLarge(
        f"unpacked, the zip file holds more than {mib} MiB; split the data",
        f"解压后超过 {mib} MiB；请拆分数据",
    )


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.filename
    kind = stat.S_IFMT(member.external_attr >> 16)
    reasons = (
        (
            _leaves_folder(member.orig_filename) or _leaves_folder(name),
            "has a name that points outside its folder",
            "的路径指向文件夹之外",
        ),
        (
            kind not in {0, stat.S_IFREG, stat.S_IFDIR},
            "is a link or a device, not a file",
            "是链接或设备，不是普通文件",
        ),
        (member.flag_bits & _ENCRYPTED, "is locked by a password", "设有密码"),
        (
            member.compress_type not in _METHODS,
            "is packed by a method other than deflate",
            "未使用 deflate 方式压缩",
        ),
    )
    for refused, en, zh in reasons:
        if refused:
            raise InvalidFile(
                f"the zip file is refused: a member, {name[:80]!r}, {en}; make it again with"
                " plain files only",
                f"压缩文件被拒绝：其中的 {name[:80]!r} {zh}；请只用普通文件重新压缩",
            )


def _leaves_folder(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return (
        name.startswith(("/", "\\"))
        or ".." in parts
        or "\0" in name
        or bool(re.match(r"[A-Za-z]:", name))
    )


def refuse_nested(archive: zipfile.ZipFile) -> None:
    """Refuse an archive inside the archive, and a virtual data set that points elsewhere."""
    for member in archive.infolist():
        if member.is_dir():
            continue
        with archive.open(member) as stream:
            head = stream.read(512)
        name = member.filename
        if _NESTED.search(name) or head.startswith(_NESTED_MAGIC):
            raise InvalidFile(
                f"the zip file holds another archive, {name[:80]!r}; put the files themselves in",
                f"压缩文件内还有压缩文件 {name[:80]!r}；请直接放入数据文件",
            )
        if name.lower().endswith(".vrt") or any(mark in head for mark in _VIRTUAL_MAGIC):
            raise InvalidFile(
                f"the zip file holds a virtual data set (VRT), {name[:80]!r}, which points to"
                " other data and is never followed; send the data itself",
                f"压缩文件内有虚拟数据集（VRT）{name[:80]!r}，它指向其他数据，不予读取；"
                "请提交数据本身",
            )


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit_bytes: int) -> bytes:
    """A small member's bytes; `FileTooLarge` where it has more than the limit."""
    with archive.open(member) as stream:
        content = stream.read(limit_bytes + 1)
    if len(content) > limit_bytes:
        raise FileTooLarge(
            f"{member.filename[:80]!r} inside the zip file has more than {limit_bytes:,} bytes",
            f"压缩文件内的 {member.filename[:80]!r} 超过 {limit_bytes:,} 字节",
        )
    return content


def unpack_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, room_bytes: int, limits: Limits
) -> int:
    """Write a member to a path of our own choosing; the bytes written, counted as they come."""
    written = 0
    with archive.open(member) as stream, target.open("xb") as out:
        while chunk := stream.read(_CHUNK):
            written += len(chunk)
            if written > room_bytes:
                raise too_much_unpacked(limits)
            out.write(chunk)
    return written
