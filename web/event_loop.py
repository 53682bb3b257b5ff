"""Waitress's event loop, answering the shortest requests itself; threads answer the others.

A store takes one writer at a time, so that whoever wants to write may wait long where many do.
Requests that may write therefore have threads of their own: no reader waits behind them, nor who
sends a text or names by POST to be told something of them.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from functools import lru_cache
from io import BytesIO
from typing import Any, Final, cast

from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.task import ThreadedTaskDispatcher, WSGITask
from waitress.utilities import build_http_date

from web.at_once import AT_ONCE, NotAtOnceError
from web.loop_requests import LoopRequest, PlainRequest, ends, plain_request
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
        self.may_be_answered: Final = may_be_answered
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
        untried = self.in_loop and not task.tried and not task.total_outbufs_len
        if untried and self._may_try(task.requests[0]):
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
            and self.may_be_answered(request.path, request.query)
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


class LoopTask(WSGITask):
    """A request that knows whether the loop itself answers it, and then answers in one piece."""

    request: Any
    channel: Any

    def execute(self) -> None:
        """Answer the request: in the loop with one call of the system, where nothing ends there."""
        if self.request.at_once and self.version == "1.1" and not ends(self.request):
            self._answer_whole()
        else:
            super().execute()

    def build_response_header(self) -> Any:
        """The head of an answer; what has no body by its status is whole with it.

        Waitress would end the connection behind it, and a map's next tile needs a new one.
        """
        if self.status[:3] in _BODILESS and self.version == "1.1" and not ends(self.request):
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


class LoopChannel(HTTPChannel):
    """A connection whose shortest requests are answered as soon as they have been read.

    Attributes:
        tried: whether the request that is being read was left unanswered by the loop already.
    """

    task_class = LoopTask
    parser_class = LoopRequest
    tried = False
    _known_block = b""
    _known_environ: dict[str, Any]

    def send_whole(self, data: bytes) -> None:
        """Send an answer from the loop; what the client does not take yet waits for it."""
        if not self.connected:
            raise ClientDisconnected
        sent = self.send(data, do_close=False)
        if sent < len(data):
            self.write_soon(data[sent:])
            self.current_outbuf_count = self.adj.outbuf_high_watermark  # the next has its own

    def received(self, data: bytes) -> bool:
        """Take what the client has sent."""
        plain = plain_request(data) if self._rests() else None
        dispatcher = _dispatcher(self)
        if plain is not None and dispatcher.may_be_answered(plain.path, plain.query):
            if self._answer(plain, data):
                return True
            self.tried = True  # a thread answers it, or tells its fault
        try:
            taken: bool = super().received(data)
        finally:
            self.tried = False
        dispatcher.answer_waiting()
        return taken

    def _rests(self) -> bool:
        """Whether nothing is asked, sent or ended on the connection."""
        return not (
            self.requests
            or self.request
            or self.total_outbufs_len
            or self.will_close
            or self.close_when_flushed
        )

    def _answer(self, plain: PlainRequest, data: bytes) -> bool:
        """Answer a plain request without a parser and a task, which take as long as reading."""
        begun: list[Any] = []
        server: Any = self.server

        def start_response(status: str, headers: Headers, _exc_info: Any = None) -> None:
            begun[:] = status, headers

        try:
            body = b"".join(server.application(self._environ(plain, data), start_response))
            status, headers = begun
            head = head_of(status, headers, len(body), int(self.last_activity))
        except (NotAtOnceError, Exception):  # noqa: BLE001 - told by the thread that tries again
            return False
        try:
            self.send_whole(head + body)
        except (ClientDisconnected, OSError):
            self.close_when_flushed = True
        return True

    def _environ(self, plain: PlainRequest, data: bytes) -> dict[str, Any]:
        """The request as the application sees it: but for its first line as the one before."""
        if self._known_block != plain.block:
            request: Any = self.parser_class(self.adj)
            request.received(data)
            request.at_once = True
            self._known_environ = self.task_class(self, request).get_environment()
            self._known_block = plain.block
        return self._known_environ | {
            "PATH_INFO": plain.path,
            "QUERY_STRING": plain.query,
            "REQUEST_URI": plain.uri,
            "wsgi.input": BytesIO(),
        }


def _dispatcher(channel: HTTPChannel) -> LoopDispatcher:
    return cast("LoopDispatcher", channel.server.task_dispatcher)


def wake_from_threads_only(server: Any) -> None:
    """Spare the loop the signals that it would send to itself."""
    wake, dispatcher = server.pull_trigger, server.task_dispatcher

    def pull_trigger() -> None:
        if not dispatcher.in_loop:
            wake()

    server.pull_trigger = pull_trigger
