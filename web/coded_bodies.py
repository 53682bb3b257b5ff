"""Bodies that come compressed (RFC 9110, 8.4): unpacked as they are read, no further than a limit.

What nobody reads is never unpacked; a body that was sent as gzip is to its reader as one that was
not. Another coding is refused with what is taken.
"""

import io
import zlib
from collections.abc import Callable
from typing import IO, Final

from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wsgi import get_input_stream

from data import FileTooLarge, InvalidValue
from web.errors import WrongCoding

TAKEN: Final = "gzip"
_NAMES: Final = frozenset({TAKEN, "x-gzip"})
"""RFC 9110, 8.4.1.3: a recipient takes the second for the first."""
_GZIP_WINDOW_BITS: Final = 31
_PIECE_BYTES: Final = 64 * 1024
FREE_BYTES: Final = 1_000_000
MOST_TIMES: Final = 50
"""So many times its length a body may unpack to, beyond the first million bytes. GeoJSON of regular
shapes has twenty; what has more is made to fill memory."""


def install(app: Flask) -> None:
    """Unpack bodies before anything else of a request is looked at."""
    app.before_request(_unpack)


def _unpack() -> None:
    environ = request.environ
    said = environ.get("HTTP_CONTENT_ENCODING", "").strip().lower()
    if said in {"", "identity"}:
        return
    if said not in _NAMES:
        raise WrongCoding(said, TAKEN)
    packed = get_input_stream(environ, max_content_length=request.max_content_length)
    environ["wsgi.input"] = Unpacked(packed, lambda: request.max_content_length)
    environ["wsgi.input_terminated"] = True  # its length is not known before it is read
    environ.pop("CONTENT_LENGTH", None)
    del environ["HTTP_CONTENT_ENCODING"]


class Unpacked(io.RawIOBase):
    """A stream of the bytes that a stream of gzip holds, of one member or several.

    Reading it raises `InvalidValue` where the stream is broken or cut off, `FileTooLarge` where it
    unpacks to more than its share, and `RequestEntityTooLarge` where to more than a body may have.

    Args:
        packed: read to its end and left open.
        most: how many bytes a body may have; None for any number. Asked as it is read, for a view
            sets its own.
    """

    def __init__(self, packed: IO[bytes], most: Callable[[], int | None] = lambda: None) -> None:
        self._packed, self._most = packed, most
        self._inflater = zlib.decompressobj(_GZIP_WINDOW_BITS)
        self._rest = b""
        self._taken = self._given = 0

    def readable(self) -> bool:
        """It is read alone."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill a buffer; how many bytes it has, 0 at the end."""
        piece = self._piece(len(buffer))
        buffer[: len(piece)] = piece
        self._given += len(piece)
        if self._given > FREE_BYTES + MOST_TIMES * self._taken:
            raise FileTooLarge(
                f"the body unpacks to more than {MOST_TIMES} times its length: send it as it is",
                f"压缩的正文解开后超过其长度的 {MOST_TIMES} 倍；请不压缩直接发送",
            )
        most = self._most()
        # Whoever reads by a limit stops there, and would take the beginning for the whole.
        if most is not None and self._given >= most and self._piece(1):
            raise RequestEntityTooLarge
        return len(piece)

    def _piece(self, most: int) -> bytes:
        """The next bytes, at most so many; none at the end."""
        while True:
            packed = self._rest or self._packed.read(_PIECE_BYTES)
            self._taken += 0 if self._rest else len(packed)
            if not packed and (self._inflater.eof or not self._taken):
                return b""
            if self._inflater.eof:
                self._inflater = zlib.decompressobj(_GZIP_WINDOW_BITS)
            piece = self._inflated(packed, most)
            self._rest = self._inflater.unconsumed_tail or self._inflater.unused_data
            if piece:
                return piece
            if not packed:
                raise _broken("it ends in the middle")

    def _inflated(self, packed: bytes, most: int) -> bytes:
        try:
            return self._inflater.decompress(packed, most)
        except zlib.error as error:
            raise _broken(str(error)) from None


def _broken(what: str) -> InvalidValue:
    return InvalidValue(
        "Content-Encoding", TAKEN, f"the body is no whole gzip ({what})", "send it anew",
        "正文不是完整的 gzip 数据；请重新发送",
    )  # fmt: skip
