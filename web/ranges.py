"""Parts of a file (RFC 9110, 14): what a Range header asks for, and the answer with it."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import BinaryIO, Final

from flask import Response
from werkzeug.http import parse_range_header

from web.problems import plain_problem

UNIT: Final = "bytes"
MOST_PARTS: Final = 8
"""Who asks for more parts at once is sent the whole."""
_PIECE_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes of a file from `start` on, up to `stop`, which is not among them."""

    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start

    def said(self, size: int) -> str:
        """The part as Content-Range says it, of a file of `size` bytes."""
        return f"{UNIT} {self.start}-{self.stop - 1}/{size}"


def wanted_parts(header: str, size: int) -> tuple[Part, ...] | None:
    """The parts that a Range header asks for; none where the file has none of them.

    Args:
        header: as it was sent; empty where none was.
        size: the file's length in bytes.

    Returns:
        None where the whole is to be sent: nothing is asked, or in a form that may be passed over
        (another unit, parts that overlap or come in no order, too many of them).

    >>> wanted_parts("bytes=0-3,-2", 10)
    (Part(start=0, stop=4), Part(start=8, stop=10))
    >>> wanted_parts("bytes=10-", 10), wanted_parts("lines=1-2", 10)
    ((), None)
    """
    asked = parse_range_header(header)
    if asked is None or asked.units != UNIT or len(asked.ranges) > MOST_PARTS:
        return None
    found = (_part(start, stop, size) for start, stop in asked.ranges)
    return tuple(part for part in found if len(part) > 0)


def _part(start: int, stop: int | None, size: int) -> Part:
    if start < 0:
        return Part(max(size + start, 0), size)
    return Part(min(start, size), size if stop is None else min(stop, size))


def holds(condition: str, tag: str) -> bool:
    """Whether an If-Range still holds: it names this strong tag, or there is none (13.1.5)."""
    return not condition or condition.strip() == f'"{tag}"'


def answer(response: Response, file: BinaryIO, asked: str) -> Response:
    """A file or the parts of it that are asked for.

    Args:
        response: with the file's headers.
        file: closed with the answer.
        asked: the Range header; empty for the whole.
    """
    size = os.fstat(file.fileno()).st_size
    parts = wanted_parts(asked, size)
    if parts is not None and not parts:
        file.close()
        refused = plain_problem(416)
        refused.headers["Content-Range"] = f"{UNIT} */{size}"
        return refused
    response.call_on_close(file.close)
    if parts is None:
        response.response, response.content_length = _sent(file, [Part(0, size)]), size
        return response
    response.status_code = 206
    if len(parts) == 1:
        response.headers["Content-Range"] = parts[0].said(size)
        response.response, response.content_length = _sent(file, parts), len(parts[0])
        return response
    return _several(response, file, parts, size)


def _several(response: Response, file: BinaryIO, parts: Sequence[Part], size: int) -> Response:
    """Several parts as one body (RFC 9110, 14.6)."""
    boundary = token_hex(16)
    kind = response.content_type
    heads = [
        f"\r\n--{boundary}\r\nContent-Type: {kind}\r\nContent-Range: {one.said(size)}\r\n\r\n"
        for one in parts
    ]
    end = f"\r\n--{boundary}--\r\n"

    response.content_type = f"multipart/byteranges; boundary={boundary}"
    response.response = _sent(file, parts, heads, end)
    response.content_length = sum(len(head) for head in heads) + sum(map(len, parts)) + len(end)
    return response


def _sent(
    file: BinaryIO, parts: Sequence[Part], heads: Sequence[str] = ("",), end: str = ""
) -> Iterator[bytes]:
    with file:
        for head, part in zip(heads, parts, strict=True):
            yield head.encode()
            yield from _read(file, part)
        yield end.encode()


def _read(file: BinaryIO, part: Part) -> Iterator[bytes]:
    file.seek(part.start)
    left = len(part)
    while left:
        piece = file.read(min(left, _PIECE_BYTES))
        left -= len(piece)
        yield piece
