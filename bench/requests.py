"""Requests per second over kept-open loopback connections, without a client library."""

import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import cycle
from selectors import EVENT_READ, DefaultSelector
from urllib.parse import quote

_WARM_UP = 50
_PIECE_BYTES = 65536


@dataclass(frozen=True, slots=True)
class Rate:
    """What was measured: requests per second, median and percentiles in milliseconds."""

    per_second: float
    median_ms: float
    p95_ms: float
    p99_ms: float
    body_bytes: int


def measure(
    port: int,
    paths: Sequence[str],
    seconds: float = 2.0,
    connections: int = 1,
    headers: str = "",
    warm_up: int = _WARM_UP,
) -> Rate:
    """Ask for the paths in turn for some seconds; every answer must be a 200.

    `headers` are further lines of each request, each with its end; `warm_up` questions are asked
    before the clock starts.
    """
    for path in paths[:warm_up]:
        with closing(_Client(port, [path], headers)) as client:
            _ask_all(client, 1)
    with ExitStack() as stack:
        selector = stack.enter_context(DefaultSelector())
        begin = time.perf_counter()
        clients = [
            stack.enter_context(closing(_Client(port, paths[n::connections] or paths, headers)))
            for n in range(connections)
        ]
        for client in clients:
            selector.register(client.connection, EVENT_READ, client)
            client.ask()
        while selector.get_map():
            for key, _ in selector.select():
                client = key.data
                if not client.take():
                    continue
                if time.perf_counter() - begin < seconds:
                    client.ask()
                else:
                    selector.unregister(client.connection)
        whole_s = time.perf_counter() - begin  # the last answers may come after the end
    return _rate([one for client in clients for one in client.answers], whole_s)


class _Client:
    """One connection that asks again as soon as it was answered.

    One thread has all of them: threads of one client would wait for each other, and their wait
    would be told as the server's.
    """

    def __init__(self, port: int, paths: Sequence[str], headers: str) -> None:
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answers: list[tuple[float, int]] = []
        """Seconds and bytes of each answer."""
        self._paths, self._headers = cycle(paths), headers
        self._path, self._data, self._began = "", b"", 0.0

    def ask(self) -> None:
        """Send the next question."""
        self._path, self._data = next(self._paths), b""
        self._began = time.perf_counter()
        path = quote(self._path, safe="/?&=,%")
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{self._headers}\r\n"
        self.connection.sendall(request.encode())
        if hasattr(socket, "TCP_QUICKACK"):
            # A server that sends its answer in two pieces would wait 40 ms for the first's notice.
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

    def take(self) -> bool:
        """Take what has come; whether it is the whole answer."""
        piece = self.connection.recv(_PIECE_BYTES)
        if not piece:
            raise RuntimeError(f"{self._path}: the connection has ended")
        self._data += piece
        head, found, body = self._data.partition(b"\r\n\r\n")
        if not found or len(body) < (length := _length(self._path, head, body)):
            return False
        self.answers.append((time.perf_counter() - self._began, length))
        return True

    def close(self) -> None:
        """End the connection."""
        self.connection.close()


def measure_once(port: int, paths: Sequence[str]) -> Rate:
    """Ask for each path once, in turn, over one connection."""
    with closing(_Client(port, paths, "")) as client:
        _ask_all(client, len(paths))
    return _rate(client.answers, sum(took for took, _ in client.answers))


def _ask_all(client: _Client, number: int) -> None:
    for _ in range(number):
        client.ask()
        while not client.take():
            pass


def _rate(answers: Sequence[tuple[float, int]], whole_s: float) -> Rate:
    """The rate of answers, each its seconds and bytes."""
    times = sorted(took for took, _ in answers)
    return Rate(
        per_second=len(times) / whole_s,
        median_ms=times[len(times) // 2] * 1000,
        p95_ms=times[int(len(times) * 0.95)] * 1000,
        p99_ms=times[int(len(times) * 0.99)] * 1000,
        body_bytes=sum(length for _, length in answers) // len(answers),
    )


def _length(path: str, head: bytes, body: bytes) -> int:
    """The bytes of an answer's body, by its head.

    Raises:
        RuntimeError: it is not a 200, nor an empty tile's 204.
    """
    status = head.split(b" ", 2)[1]
    if status == b"204":
        return 0
    if status != b"200":
        raise RuntimeError(f"{path}: {head[:200]!r} {body[:300]!r}")
    lines = head.lower().split(b"\r\n")
    return int(next(one for one in lines if one.startswith(b"content-length")).split(b":")[1])
