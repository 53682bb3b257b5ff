"""The encoding of a Shapefile's table where nothing says it."""

import struct
from collections.abc import Iterator
from pathlib import Path

from data.errors import Fault
from data.formats.reading import note

_HEADER, _DESCRIPTOR = 32, 32
_HEADER_END = 0x0D
_SAMPLE_BYTES = 1024 * 1024
_CANDIDATES = ("utf-8", "gb18030")


def guess_codec(path: Path) -> tuple[str, tuple[Fault, ...]]:
    """UTF-8 or GB18030, whichever reads more of the first megabyte's cells; said if guessed."""
    with path.open("rb") as stream:
        content = stream.read(_SAMPLE_BYTES)
    cells = list(_wide_cells(content))
    if not cells:
        return "utf-8", ()
    codec = min(_CANDIDATES, key=lambda name: sum(not _reads(cell, name) for cell in cells))
    label = codec.upper()
    return codec, (
        note(
            "encoding-detected",
            label,
            f"没有可用的 .cpg，属性表已按 {label} 读取；如有乱码请补上 .cpg",
            f"there is no usable .cpg and the table was read as {label}; if names look wrong, add"
            " a .cpg",
        ),
    )


def _wide_cells(content: bytes) -> Iterator[bytes]:
    """Names and text cells that hold bytes beyond ASCII."""
    if len(content) < _HEADER:
        return
    header_bytes, record_bytes = struct.unpack_from("<HH", content, 8)
    fields = []
    at = _HEADER
    while at + _DESCRIPTOR <= min(header_bytes, len(content)) and content[at] != _HEADER_END:
        name = content[at : at + 11].split(b"\x00")[0]
        fields.append((chr(content[at + 11]), content[at + 16]))
        at += _DESCRIPTOR
        if not name.isascii():
            yield name
    if not record_bytes:
        return
    for start in range(header_bytes, len(content) - record_bytes + 1, record_bytes):
        place = start + 1
        for kind, width in fields:
            cell = content[place : place + width]
            place += width
            if kind == "C" and not cell.isascii():
                yield cell.rstrip(b" \x00")


def _reads(cell: bytes, codec: str) -> bool:
    try:
        cell.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
