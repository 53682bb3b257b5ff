"""Which encoding a text file is in, found by reading all of it once, and said."""

import codecs
from dataclasses import dataclass
from io import TextIOWrapper
from typing import BinaryIO

from data.errors import Fault, InvalidFile
from data.formats.reading import Request, note

_CHUNK = 1024 * 1024
_SAMPLE_BYTES = 65_536
# Chinese text in GB18030 passes for UTF-8 by chance for a few characters, not for so many.
_SURELY_UTF8_CHARS = 8
# Of UTF-16 text nearly all zero bytes stand on one side of the pairs; of other bytes on both.
_ONE_SIDED = 4
_WAY_OUT_EN = "save the file as UTF-8 (in Excel: 'CSV UTF-8') and send it again"
_WAY_OUT_ZH = "请将文件另存为 UTF-8（Excel 中选“CSV UTF-8”）后重新提交"


@dataclass(frozen=True, slots=True)
class Encoding:
    """Python's name of an encoding, the name to say, and what there is to say about it."""

    codec: str
    label: str
    notes: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stop:
    """Where a byte could not be read, and how many non-ASCII characters came before it."""

    position: int
    characters: int


def open_text(request: Request) -> tuple[TextIOWrapper, Encoding]:
    """The file as text, line ends untouched, and its encoding.

    Raises `InvalidFile` naming the byte where no encoding fits.
    """
    with request.open() as stream:
        encoding = detect(stream)
    return TextIOWrapper(request.open(), encoding.codec, newline=""), encoding


def detect(stream: BinaryIO) -> Encoding:
    """The encoding of a whole stream: UTF-8, UTF-16 or GB18030 (with GBK and GB 2312 in it)."""
    head = stream.read(_SAMPLE_BYTES)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _checked(stream, "utf-16", ())
    if b"\x00" in head:
        return _unmarked_utf16(stream, head)
    broken = _first_stop(stream, "utf-8")
    if broken is None:
        return Encoding("utf-8-sig", "UTF-8")
    if broken.characters >= _SURELY_UTF8_CHARS:
        raise _undecodable("UTF-8", broken.position)
    stop = _first_stop(stream, "gb18030")
    if stop is not None:
        raise _undecodable("UTF-8 / GB18030", max(broken.position, stop.position))
    return Encoding(
        "gb18030",
        "GB18030",
        (
            note(
                "encoding-detected",
                "GB18030",
                "文件不是 UTF-8，已按 GB18030（含 GBK、GB 2312）读取；如有乱码请另存为 UTF-8",
                "the file is not UTF-8 and was read as GB18030 (GBK, GB 2312); if names look wrong,"
                " save it as UTF-8",
            ),
        ),
    )


def _unmarked_utf16(stream: BinaryIO, head: bytes) -> Encoding:
    low, high = head[0::2].count(0), head[1::2].count(0)
    if max(low, high) <= _ONE_SIDED * min(low, high):
        raise _binary()
    codec = "utf-16-le" if high > low else "utf-16-be"
    said = note(
        "encoding-detected",
        "UTF-16",
        "文件没有字节序标记，已按 UTF-16 读取",
        "the file has no byte-order mark and was read as UTF-16",
    )
    if _first_stop(stream, codec) is not None:
        raise _binary()
    return Encoding(codec, "UTF-16", (said,))


def _binary() -> InvalidFile:
    return InvalidFile(
        "it is no text (it holds zero bytes and is not UTF-16): it is damaged, encrypted, or of"
        f" another kind than its name; export it again as CSV, or {_WAY_OUT_EN}",
        "不是文本（含有零字节，也不是 UTF-16）：文件可能已损坏、加密，或是改了扩展名的其他文件；"
        f"请重新导出为 CSV，或{_WAY_OUT_ZH.removeprefix('请')}",
    )


def _checked(stream: BinaryIO, codec: str, notes: tuple[Fault, ...]) -> Encoding:
    stop = _first_stop(stream, codec)
    if stop is not None:
        raise _undecodable("UTF-16", stop.position)
    return Encoding(codec, "UTF-16", notes)


def _undecodable(tried: str, position: int) -> InvalidFile:
    return InvalidFile(
        f"byte {position + 1:,} cannot be read as {tried}; {_WAY_OUT_EN}",
        f"第 {position + 1:,} 个字节无法按 {tried} 读取；{_WAY_OUT_ZH}",
    )


def _first_stop(stream: BinaryIO, codec: str) -> _Stop | None:
    """Where the stream first fails to decode, counted in bytes from 0."""
    decoder = codecs.getincrementaldecoder(codec)()
    stream.seek(0)
    read = wide = 0
    while True:
        chunk = stream.read(_CHUNK)
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            before = bytes(error.object[: error.start]).decode(codec, "ignore")
            wide += sum(not character.isascii() for character in before)
            return _Stop(read - pending + error.start, wide)
        if not chunk:
            return None
        read += len(chunk)
        if not text.isascii():
            wide += len(text) - len(text.encode("ascii", "ignore"))
