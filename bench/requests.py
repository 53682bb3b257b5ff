"""Requests per second over one or more kept-open loopback connections, without a client library."""

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import quote

_WARM_UP = 50


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
        _ask(_connect(port), path, headers)
    times: list[float] = []
    sizes: list[int] = []
    begin = time.perf_counter()
    stop = begin + seconds

    def run(own: Sequence[str]) -> None:
        connection = _connect(port)
        for path in cycle(own):
            start = time.perf_counter()
            if start > stop:
                return
            sizes.append(_ask(connection, path, headers))
            times.append(time.perf_counter() - start)

    threads = [
        threading.Thread(target=run, args=(paths[n::connections],)) for n in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole_s = time.perf_counter() - begin  # the last answers may come after the end
    times.sort()
    return Rate(
        per_second=len(times) / whole_s,
        median_ms=times[len(times) // 2] * 1000,
        p95_ms=times[int(len(times) * 0.95)] * 1000,
        p99_ms=times[int(len(times) * 0.99)] * 1000,
        body_bytes=sum(sizes) // len(sizes),
    )


def measure_once(port: int, paths: Sequence[str]) -> Rate:
    """Ask for each path once, in turn, over one connection."""
    connection = _connect(port)
    times, sizes = [], []
    for path in paths:
        start = time.perf_counter()
        sizes.append(_ask(connection, path))
        times.append(time.perf_counter() - start)
    whole_s = sum(times)
    times.sort()
    return Rate(
        per_second=len(times) / whole_s,
        median_ms=times[len(times) // 2] * 1000,
        p95_ms=times[int(len(times) * 0.95)] * 1000,
        p99_ms=times[int(len(times) * 0.99)] * 1000,
        body_bytes=sum(sizes) // len(sizes),
    )


def _connect(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _ask(connection: socket.socket, path: str, headers: str = "") -> int:
    connection.sendall(
        f"GET {quote(path, safe='/?&=,%')} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n".encode()
    )
    if hasattr(socket, "TCP_QUICKACK"):
        # A server that sends its answer in two pieces would wait 40 ms for the first to be noticed.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    status = head.split(b" ", 2)[1]
    if status == b"204":  # an empty tile
        return 0
    if status != b"200":
        raise RuntimeError(f"{path}: {head[:200]!r} {body[:300]!r}")
    length = int(
        next(x for x in head.split(b"\r\n") if x.lower().startswith(b"content-length")).split(b":")[
            1
        ]
    )
    received = len(body)
    while received < length:
        received += len(connection.recv(65536))
    return length
