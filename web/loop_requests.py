"""Requests as the event loop reads them: what a connection sends again and again is read once."""

import re
from typing import Any, Final, NamedTuple

from waitress.parser import HTTPRequestParser


class PlainRequest(NamedTuple):
    """A GET request that came whole and alone, and whose headers were read before.

    Attributes:
        uri, path, query: what it asks for, as it was sent.
        block: its headers as they were sent, with the empty line.
    """

    uri: str
    path: str
    query: str
    block: bytes


def plain_request(data: bytes) -> PlainRequest | None:
    """The request that some bytes are; None where they have to be read one by one.

    Headers that were read before and found to say nothing of how a connection goes on stand for
    the whole of what follows the first line: a second request behind them makes them others.
    """
    line, _, block = data.partition(b"\r\n")
    plain = _PLAIN_LINE.fullmatch(line) if block in _plain_blocks else None
    if plain is None:
        return None
    uri = plain[1].decode("ascii")
    path, _, query = uri.partition("?")
    return PlainRequest(uri, path, query, block)


class LoopRequest(HTTPRequestParser):
    """A request as it was sent.

    A client sends the same headers with every request of a connection. Those that Waitress has
    read before, and found to announce no body and no end, are not read again: of a browser's, that
    takes as long as answering.

    Attributes:
        at_once: whether the loop itself is answering it.
    """

    at_once = False
    first_line: Any
    command: Any
    version: Any
    path: str
    query: str
    request_uri: Any
    url_scheme: Any

    def parse_header(self, header_plus: bytes) -> None:
        """Read the first line and the headers."""
        line, _, block = header_plus.partition(b"\r\n")
        plain = _PLAIN_LINE.fullmatch(line)
        known = _plain_blocks.get(block) if plain else None
        if plain is None or known is None:
            super().parse_header(header_plus)
            if plain is not None and self._is_plain(block):
                if len(_plain_blocks) >= _MOST_BLOCKS:  # whoever fills them holds up nobody
                    _plain_blocks.clear()
                _plain_blocks[block] = dict(self.headers)
            return
        self.first_line, self.headers = line, dict(known)
        self.command, self.version, self.url_scheme = "GET", "1.1", self.adj.url_scheme
        self.request_uri = plain[1].decode("ascii")
        self.path, _, self.query = self.request_uri.partition("?")
        self.proxy_scheme = self.proxy_netloc = self.fragment = ""

    def _is_plain(self, block: bytes) -> bool:
        """Whether headers say nothing of how the request goes on, and may be remembered."""
        return (
            len(block) <= _LONGEST_BLOCK
            and not (self.connection_close or ends(self))
            and _NOT_PLAIN.isdisjoint(self.headers)
        )


_PLAIN_LINE: Final = re.compile(
    rb"GET (/(?:[\w.~-][\w.~/-]*)?(?:\?[!-\"$-~]*)?) HTTP/1\.1", re.ASCII
)
"""A path that is written as it is meant, and a query."""
_NOT_PLAIN: Final = frozenset(
    {
        "CONTENT_LENGTH",
        "TRANSFER_ENCODING",
        "EXPECT",
        "UPGRADE",
        "AUTHORIZATION",
        "COOKIE",
        "PROXY_AUTHORIZATION",
    }
)
"""Headers of which a request with them is always read whole: they change how it goes on, or are
somebody's secret, which is not kept longer than the request."""
_LONGEST_BLOCK: Final = 1_000
_MOST_BLOCKS: Final = 1_000
_plain_blocks: dict[bytes, dict[str, str]] = {}


def ends(request: Any) -> bool:
    """Whether the client asks that the connection ends with the answer."""
    return "close" in request.headers.get("CONNECTION", "").lower()
