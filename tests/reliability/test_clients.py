"""Clients that vanish, dawdle or send nonsense: the server goes on for everybody else."""

import socket
import threading
import time
from contextlib import suppress

from killable import Server
from sqlalchemy import func, select

from boundary.tables import submission
from data.store import Store

ITEMS = "/collections/places/items"


def raw(server: Server, text: bytes) -> socket.socket:
    """A connection on which something was sent."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    connection.sendall(text)
    return connection


def test_an_upload_that_breaks_off_leaves_nothing(server: Server, filled: Store) -> None:
    edge = "----ovoo"
    head = (
        "POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n"
        f"Content-Type: multipart/form-data; boundary={edge}\r\n\r\n--{edge}\r\n"
        'Content-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    )
    for _ in range(12):
        raw(server, head.encode() + b"1,2,3\n" * 50).close()
    assert server.ask("GET", ITEMS)[0] == 200
    with filled.read() as connection:
        assert connection.scalar(select(func.count()).select_from(submission)) == 0


def test_clients_that_go_in_the_middle_of_an_answer(server: Server) -> None:
    asked = f"GET {ITEMS}?f=csv HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    for _ in range(20):
        connection = raw(server, asked)
        connection.recv(10)
        connection.close()
    assert server.ask("GET", ITEMS)[0] == 200


def test_slow_clients_hold_nobody_up(server: Server) -> None:
    """More of them than there are threads: none holds one before its request is whole."""
    slow = [raw(server, b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ") for _ in range(40)]
    began = time.monotonic()
    for connection in slow:
        connection.sendall(b"z")
    assert server.ask("GET", ITEMS)[0] == 200
    assert time.monotonic() - began < 10
    for connection in slow:
        connection.close()


NONSENSE = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET / HTTP/9.9\r\n\r\n",
    b"BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /collections/places/items?bbox=a HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /collections/places/items?filter=((((((( HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST /submissions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
)


def test_a_flood_of_bad_requests_starves_nobody(server: Server) -> None:
    stop = threading.Event()

    def flood() -> None:
        while not stop.is_set():
            for text in NONSENSE:
                with suppress(OSError), raw(server, text) as connection:
                    connection.recv(100)

    floods = [threading.Thread(target=flood) for _ in range(6)]
    for one in floods:
        one.start()
    try:
        asked = (f"{ITEMS}?limit={1 + number % 9}" for number in range(60))
        statuses = [server.ask("GET", path, timeout_s=20)[0] for path in asked]
    finally:
        stop.set()
        for one in floods:
            one.join()
    assert statuses == [200] * 60
    said = server.ask("GET", "/ready")[2]
    assert said["status"] == "ready"
