"""Waitress's event loop, answering the shortest requests itself; threads answer the others.

A store takes one writer at a time, so that whoever wants to write may wait long where many do.
Requests that may write therefore have threads of their own: no reader waits behind them.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, cast

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ThreadedTaskDispatcher, WSGITask

from web.at_once import AT_ONCE, NotAtOnceError

MayBeAnswered = Callable[[str, str], bool]
"""Whether the loop may try a GET request, by its path and its query."""
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


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
        elif task.requests[0].command in _READING:
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
            try:
                channel.service()
            except NotAtOnceError:  # nothing of it is answered yet
                super().add_task(channel)


class LoopTask(WSGITask):
    """A request that knows whether the loop itself answers it."""

    def get_environment(self) -> dict[str, Any]:
        """The request as the application sees it."""
        environ: dict[str, Any] = super().get_environment()
        environ[AT_ONCE] = _dispatcher(self.channel).in_loop
        return environ

    def write(self, data: bytes) -> None:
        """Send a piece of the body, and the header with the first."""
        if self.wrote_header or not _dispatcher(self.channel).in_loop:
            super().write(data)
            return
        with cast("LoopChannel", self.channel).gathering():
            super().write(data)


class LoopChannel(HTTPChannel):
    """A connection whose shortest requests are answered as soon as they have been read."""

    task_class = LoopTask
    parser_class = HTTPRequestParser
    _gathered: list[bytes] | None = None

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """Send what is written inside in one piece: each takes as long as reading a feature."""
        pieces: list[bytes] = []
        self._gathered = pieces
        try:
            yield
        finally:
            self._gathered = None
        super().write_soon(b"".join(pieces))

    def write_soon(self, data: Any) -> int:
        """Send bytes, or keep them until all have come that are sent together."""
        if self._gathered is not None:
            self._gathered.append(data)
            return len(data)
        sent: int = super().write_soon(data)
        return sent

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
