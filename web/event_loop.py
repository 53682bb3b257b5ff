"""Waitress's event loop, answering the shortest requests itself; threads answer the others.

A store takes one writer at a time, so that whoever wants to write may wait long where many do.
Requests that may write therefore have threads of their own: no reader waits behind them, nor who
sends a text or names by POST to be told something of them.
"""

import re
import threading
from collections import deque
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, cast

from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ThreadedTaskDispatcher, WSGITask
from waitress.utilities import build_http_date

from web.at_once import AT_ONCE, NotAtOnceError
from web.reads_by_post import READS_BY_POST
from web.transport import Headers

MayBeAnswered = Callable[[str, str], bool]
"""Whether the loop may try a GET request, by its path and its query."""
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_BODILESS: Final = frozenset({"204", "304"})


class LoopDispatcher(ThreadedTaskDispatcher):
    """Hands requests to threads, but for those that the loop may try itself.

    Made in the loop's own thread.

    Args:
        may_be_answered: which these are.
        threads: how many threads answer the others that read; half as many answer what may write.
    """

    def __init__(self, may_be_answered: MayBeAnswered, threads: int) -> None:
        super().__init__()
        self._may_be_answered = may_be_answered
        self._loop: Final = threading.get_ident()
        self._waiting: deque[Any] = deque()
        self._writers: Final = ThreadedTaskDispatcher()
        self.set_thread_count(threads)
        self._writers.set_thread_count(max(1, threads // 2))

    @property
    def in_loop(self) -> bool:
        """Whether this is the loop's own thread."""
        return threading.get_ident() == self._loop

    def add_task(self, task: Any) -> None:
        """Take a channel whose first request is to be answered."""
        # A client that does not take what it was sent must not make the loop wait for it.
        if self.in_loop and not task.total_outbufs_len and self._may_try(task.requests[0]):
            self._waiting.append(task)
        elif _only_reads(task.requests[0]):
            super().add_task(task)
        else:
            self._writers.add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: int = 5) -> bool:  # noqa: FBT001, FBT002 - as inherited
        """End the threads of both kinds."""
        ended: bool = super().shutdown(cancel_pending, timeout)
        return self._writers.shutdown(cancel_pending, timeout) and ended

    def _may_try(self, request: Any) -> bool:
        return (
            request.error is None
            and request.command == "GET"
            and self._may_be_answered(request.path, request.query)
        )

    def answer_waiting(self) -> None:
        """Answer what the loop has kept for itself."""
        while self._waiting:
            channel = self._waiting.popleft()
            request = channel.requests[0]
            request.at_once = True
            try:
                channel.service()
            except NotAtOnceError:  # nothing of it is answered yet
                request.at_once = False
                super().add_task(channel)


def _only_reads(request: Any) -> bool:
    if request.error is not None:  # refused at once, before it is known what it asks
        return True
    return request.command in _READING or (
        request.command == "POST" and request.path in READS_BY_POST
    )


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
            and not self.connection_close
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


class LoopTask(WSGITask):
    """A request that knows whether the loop itself answers it, and then answers in one piece."""

    request: Any
    channel: Any

    def execute(self) -> None:
        """Answer the request: in the loop with one call of the system, where nothing ends there."""
        if self.request.at_once and self.version == "1.1" and not _ends(self.request):
            self._answer_whole()
        else:
            super().execute()

    def build_response_header(self) -> Any:
        """The head of an answer; what has no body by its status is whole with it.

        Waitress would end the connection behind it, and a map's next tile needs a new one.
        """
        if self.status[:3] in _BODILESS and self.version == "1.1" and not _ends(self.request):
            return head_of(self.status, self.response_headers, 0, int(self.start_time))
        return super().build_response_header()

    def get_environment(self) -> dict[str, Any]:
        """The request as the application sees it."""
        environ: dict[str, Any] = super().get_environment()
        environ[AT_ONCE] = self.request.at_once
        return environ

    def _answer_whole(self) -> None:
        """What is answered at once is whole when it begins: its head and body are sent together.

        Waitress's own way prepares for answers that come in pieces, which takes as long as reading
        a feature.
        """
        begun: list[Any] = []

        def start_response(status: str, headers: Headers, _exc_info: Any = None) -> None:
            begun[:] = status, headers

        body = b"".join(self.channel.server.application(self.get_environment(), start_response))
        status, headers = begun
        head = head_of(status, headers, len(body), int(self.start_time))
        self.complete = self.wrote_header = True
        self.channel.send_whole(head + body)


def head_of(status: str, headers: Sequence[tuple[str, str]], length: int, second: int) -> bytes:
    """The head of a whole answer that leaves the connection open.

    Args:
        status: the status line's code and words.
        headers: as the application gives them.
        length: of the body, in bytes.
        second: now, seconds since 1970.

    Raises:
        ValueError: a header would be more than one.
    """
    lines = [f"HTTP/1.1 {status}", f"Date: {_http_date(second)}"]
    lines += [f"{name}: {value}" for name, value in headers]
    if status[:3] not in _BODILESS and all(name != "Content-Length" for name, _ in headers):
        lines.append(f"Content-Length: {length}")
    head = "\r\n".join(lines)
    if head.count("\n") >= len(lines) or head.count("\r") >= len(lines):
        raise ValueError(f"a line break within a header: {headers}")
    return f"{head}\r\n\r\n".encode("latin-1")


_http_date = lru_cache(maxsize=2)(build_http_date)
"""Of a second: the same for all answers within it."""


def _ends(request: Any) -> bool:
    """Whether the client asks that the connection ends with the answer."""
    return "close" in request.headers.get("CONNECTION", "").lower()


class LoopChannel(HTTPChannel):
    """A connection whose shortest requests are answered as soon as they have been read."""

    task_class = LoopTask
    parser_class = LoopRequest

    def send_whole(self, data: bytes) -> None:
        """Send an answer from the loop; what the client does not take yet waits for it."""
        if not self.connected:
            raise ClientDisconnected
        sent = self.send(data, do_close=False)
        if sent < len(data):
            self.write_soon(data[sent:])

    def received(self, data: bytes) -> bool:
        """Take what the client has sent."""
        taken: bool = super().received(data)
        _dispatcher(self).answer_waiting()
        return taken


def _dispatcher(channel: HTTPChannel) -> LoopDispatcher:
    return cast("LoopDispatcher", channel.server.task_dispatcher)


def wake_from_threads_only(server: Any) -> None:
    """Spare the loop the signals that it would send to itself."""
    wake, dispatcher = server.pull_trigger, server.task_dispatcher

    def pull_trigger() -> None:
        if not dispatcher.in_loop:
            wake()

    server.pull_trigger = pull_trigger
