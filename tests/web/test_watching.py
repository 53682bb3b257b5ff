"""The server's loop looks at what happens, not at every connection that is open."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from serving import ASK, answered, connected, present, running

from web import serve, watching
from web.event_loop import LoopChannel


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often the loop has asked a connection what it waits for."""
    asked = [0]
    readable = LoopChannel.readable

    def counted(self: LoopChannel) -> Any:
        asked[0] += 1
        return readable(self)

    monkeypatch.setattr(LoopChannel, "readable", counted)
    return asked


@pytest.fixture(params=["loop", "thread"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    with running(present(), lambda _path, _query: request.param == "loop") as port:
        yield port


def test_connections_at_rest_are_not_looked_at(looks: list[int], port: int) -> None:
    with ExitStack() as stack:
        for _ in range(200):
            answered(connected(port, stack))
        client = connected(port, stack)
        before = looks[0]
        for _ in range(500):
            answered(client)
        # Each answer is a few looks at the one that asks; all are looked at once a second.
        assert looks[0] - before < 500 * 20


def test_a_connection_that_was_at_rest_isanswered(port: int) -> None:
    with ExitStack() as stack:
        clients = [connected(port, stack) for _ in range(20)]
        for _ in range(3):
            for client in clients:
                assert answered(client).startswith(b"HTTP/1.1 200 ")


def test_a_connection_may_have_the_number_of_one_that_has_ended(port: int) -> None:
    for _ in range(50):
        with ExitStack() as stack:
            for client in [connected(port, stack) for _ in range(4)]:
                answered(client)


@pytest.mark.parametrize("in_loop", [True, False])
def test_answers_go_on_when_their_client_takes_them(in_loop: bool) -> None:  # noqa: FBT001
    body = b"x" * 900_000
    number = 12

    def app(_environ: dict[str, Any], start: Any) -> list[bytes]:
        start("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    with running(app, lambda _path, _query: in_loop) as port, ExitStack() as stack:
        client = connected(port, stack)
        client.sendall(ASK * number)
        with client.makefile("rb") as stream:
            for _ in range(number):
                assert b"HTTP/1.1 200 OK\r\n" in list(iter(stream.readline, b"\r\n"))
                assert stream.read(len(body)) == body


def test_what_a_thread_ends_is_closed_at_once() -> None:
    with running(present(), lambda _path, _query: False) as port, ExitStack() as stack:
        client = connected(port, stack)
        client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        with client.makefile("rb") as stream:
            assert stream.read().endswith(b"here")


def test_a_thread_that_answers_long_is_noticed_when_it_has() -> None:
    may_go_on = threading.Event()
    app = present()
    app.add_url_rule("/long", "long", lambda: str(may_go_on.wait(20)))
    with running(app, lambda path, _query: path == "/") as port, ExitStack() as stack:
        slow, quick = connected(port, stack), connected(port, stack)
        slow.sendall(b"GET /long HTTP/1.1\r\nHost: a\r\n\r\n")
        for _ in range(50):
            answered(quick)
        may_go_on.set()
        slow.settimeout(20)
        received = b""
        while not received.endswith(b"True"):
            received += slow.recv(65536)
        assert answered(slow).startswith(b"HTTP/1.1 200 ")


def test_who_is_at_rest_makes_room_where_no_more_are_let_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching, "_LOOK_AT_ALL_S", 0.05)
    monkeypatch.setattr(watching, "_AT_REST_S", 0.02)
    monkeypatch.setattr(serve, "_CONNECTIONS", 20)
    with running(present(), lambda _path, _query: True) as port, ExitStack() as stack:
        clients = [connected(port, stack) for _ in range(60)]
        for client in clients:
            assert answered(client).startswith(b"HTTP/1.1 200 ")
        assert clients[0].recv(1) == b""  # the first has been at rest for longest


def test_who_asks_is_not_ended_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_LOOK_AT_ALL_S", 0.05)
    monkeypatch.setattr(watching, "_AT_REST_S", 0.02)
    monkeypatch.setattr(serve, "_CONNECTIONS", 6)
    may_go_on = threading.Event()
    app = present()
    app.add_url_rule("/long", "long", lambda: str(may_go_on.wait(20)))
    with running(app, lambda _path, _query: False) as port, ExitStack() as stack:
        slow = connected(port, stack)
        slow.sendall(b"GET /long HTTP/1.1\r\nHost: a\r\n\r\n")
        half = connected(port, stack)
        half.sendall(ASK[:20])
        for client in [connected(port, stack) for _ in range(12)]:
            answered(client)
        may_go_on.set()
        received = b""
        while not received.endswith(b"True"):
            received += slow.recv(65536)
        half.sendall(ASK[20:])
        assert half.recv(65536).startswith(b"HTTP/1.1 200 ")
