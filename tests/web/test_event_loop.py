"""The event loop answers the shortest requests itself; everything else goes to a thread."""

import socket
import threading
import time
from contextlib import ExitStack, closing
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from serving import running
from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser

from data.geometry import point_wkb
from data.store import Store
from gazetteer.tables import place
from web import loop_requests
from web.app import create_app
from web.at_once import leave_it
from web.event_loop import LoopChannel, head_of
from web.loop_requests import LoopRequest, plain_request
from web.settings import Settings

PAGE = "/collections/places/items?bbox=100,30,125,55&limit=3"


def asked(port: int, *paths: str) -> list[bytes]:
    """Status lines and bodies of requests sent all at once over one connection."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as connection:
        sent = [f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n" for path in paths]
        connection.sendall("".join(sent).encode())
        stream = connection.makefile("rb")
        return [_answer(stream) for _ in paths]


def _answer(stream: Any) -> bytes:
    status, length = stream.readline().split(b" ", 1)[1].strip(), 0
    while (line := stream.readline().strip()) != b"":
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    return bytes(status + b" " + stream.read(length))


class Threads:
    """An application around another, which notes in which thread each path was answered."""

    def __init__(self, application: Any) -> None:
        self._application = application
        self.by_path: dict[str, list[str]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        seen = self.by_path.setdefault(environ["PATH_INFO"], [])
        seen.append("loop" if environ["ovoo.at_once"] else "thread")
        return self._application(environ, start_response)


@pytest.mark.parametrize(
    ("path", "where"),
    [
        (PAGE, ["loop"]),
        ("/collections/places/items/1", ["loop"]),
        ("/collections/places/items/99", ["loop", "thread"]),  # refused by the house
        ("/collections/places/items?limit=3&offset=2", ["thread"]),
        ("/collections/places/items?limit=1000", ["thread"]),
        ("/collections/places/items?name=a", ["thread"]),
        ("/collections/divisions/items?limit=3", ["thread"]),  # each may be large
        ("/conformance", ["thread"]),
    ],
)
def test_what_is_short_is_answered_in_the_loop(filled: Store, path: str, where: list[str]) -> None:
    app = create_app(filled)
    threads = Threads(app)
    with running(threads) as port:
        answer = asked(port, path)[0]
    assert threads.by_path[path.partition("?")[0]] == where
    expected = app.test_client().get(path, headers={"Host": "a"})
    assert answer[:3].decode() == str(expected.status_code)
    if expected.status_code == 200 and "items" in path:
        assert b'"type":"Feature' in answer


def test_a_search_is_answered_in_the_loop_once_the_divisions_are_read(filled: Store) -> None:
    texts = ("旗", "白音", "bayan", "nothing-like-this", "旗")
    threads = Threads(create_app(filled))
    with running(threads) as port:
        told = [asked(port, f"/search?q={quote(text)}&limit=2")[0] for text in texts]
    # The first waits for the divisions; of the fourth, the second pass is wanted.
    expected = ["loop", "thread", "loop", "loop", "loop", "thread", "loop"]
    assert threads.by_path["/search"] == expected
    plain = create_app(filled, Settings(kept_answers_bytes=0)).test_client()
    for text, answer in zip(texts, told, strict=True):
        within = plain.get(f"/search?q={quote(text)}&limit=2", headers={"Host": "a"})
        assert answer == b"200 OK " + within.data


def test_a_tile_is_answered_in_the_loop_once_it_is_made(filled: Store) -> None:
    threads = Threads(create_app(filled))
    tile = "/collections/places/tiles/WebMercatorQuad/0/0/0"
    with running(threads) as port:
        first, again = (asked(port, tile) for _ in range(2))
        # Of a server the loop asks the marks where they come in a moment: else it tries later.
        until = time.monotonic() + 20
        while not filled.embedded and threads.by_path[tile][-1] != "loop":
            assert time.monotonic() < until
            time.sleep(0.1)
            again = asked(port, tile)
    assert first == again
    assert threads.by_path[tile][:2] == ["loop", "thread"]
    assert threads.by_path[tile][-1] == "loop"
    assert not filled.embedded or len(threads.by_path[tile]) == 3


def test_a_tile_in_the_loop_shows_a_write_at_once(filled: Store) -> None:
    tile = "/collections/places/tiles/WebMercatorQuad/12/1531/3312"  # shows all of its points
    with running(create_app(filled)) as port:
        for number in range(1, 40):
            with filled.write("tests", "a place") as transaction:
                geom = point_wkb(111.1 + number / 1000, 41.25)
                name = {"name": f"新{number}", "status": "standard", "geom": geom}
                transaction.insert(place, name)
            for _ in range(3):
                assert f"新{number}".encode() in asked(port, tile)[0]


def test_an_answer_without_a_body_leaves_the_connection_open(filled: Store) -> None:
    empty = "/collections/places/tiles/WebMercatorQuad/12/1/1"  # made by a thread
    with running(create_app(filled, Settings())) as port:
        first, second = asked(port, f"{empty}?f=mvt", "/collections/places/items/1")
    assert (first, second[:3]) == (b"204 No Content ", b"200")


def test_the_loop_sends_header_and_body_in_one_piece(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[bytes] = []
    send = LoopChannel.send

    def sending(channel: Any, data: bytes, **how: Any) -> Any:
        sent.append(bytes(data))
        return send(channel, data, **how)

    monkeypatch.setattr(LoopChannel, "send", sending)
    with running(create_app(filled)) as port:
        answer = asked(port, PAGE)[0]
    assert len(sent) == 1
    assert sent[0].startswith(b"HTTP/1.1 200 OK")
    assert sent[0].endswith(answer.removeprefix(b"200 OK "))


def test_requests_sent_together_are_answered_in_their_order(filled: Store) -> None:
    paths = [PAGE, "/conformance", "/collections/places/items/1", PAGE, "/conformance"] * 20
    with running(create_app(filled)) as port:
        answers = asked(port, *paths)
    assert all(answer.startswith(b"200 ") for answer in answers)
    assert [b"conformsTo" in answer for answer in answers] == [
        path == "/conformance" for path in paths
    ]


def test_who_takes_no_answers_does_not_stop_the_loop() -> None:
    """The loop never waits for room: what a client leaves lying is a thread's concern."""
    body = b"x" * 1_000_000
    app = Flask("large")
    app.add_url_rule("/large", view_func=lambda: body)
    with (
        running(app, lambda _path, _query: True) as port,
        closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as idle,
    ):
        idle.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n" * 100)
        for _ in range(3):
            assert asked(port, "/large")[0] == b"200 OK " + body


def test_a_thread_that_works_does_not_hold_up_the_loop() -> None:
    may_go_on = threading.Event()

    def slow() -> str:
        return str(may_go_on.wait(20))

    app = Flask("slow")
    app.add_url_rule("/slow", view_func=slow)
    app.add_url_rule("/quick", view_func=lambda: "quick")
    with running(app, lambda path, _query: path == "/quick") as port:
        waiting: list[bytes] = []
        busy = [
            threading.Thread(target=lambda: waiting.extend(asked(port, "/slow"))) for _ in range(2)
        ]
        for thread in busy:
            thread.start()
        assert asked(port, "/quick") == [b"200 OK quick"]  # both threads are waiting
        may_go_on.set()
        for thread in busy:
            thread.join(20)
    assert waiting == [b"200 OK True"] * 2


def test_who_reads_does_not_wait_behind_who_writes() -> None:
    may_go_on, begun = threading.Event(), threading.Semaphore(0)

    def write() -> str:
        begun.release()
        return str(may_go_on.wait(20))

    app = Flask("writes")
    app.add_url_rule("/write", methods=["POST", "PUT"], view_func=write)
    app.add_url_rule("/read", view_func=lambda: "read")
    with running(app, lambda _path, _query: False) as port, ExitStack() as stack:
        writers = [
            stack.enter_context(closing(socket.create_connection(("127.0.0.1", port), timeout=20)))
            for _ in range(6)  # more than there are threads of either kind
        ]
        for number, writer in enumerate(writers):
            method = "PUT" if number % 2 else "POST"
            writer.sendall(f"{method} /write HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        assert begun.acquire(timeout=20)
        assert asked(port, "/read", "/read") == [b"200 OK read"] * 2
        may_go_on.set()
        assert [_answer(one.makefile("rb")) for one in writers] == [b"200 OK True"] * 6


def test_a_hundred_and_fifty_clients_stay_and_each_is_answered() -> None:
    app = Flask("many")
    app.add_url_rule("/", view_func=lambda: "here")
    with running(app, lambda _path, _query: True) as port, ExitStack() as stack:
        for _ in range(150):
            client = socket.create_connection(("127.0.0.1", port), timeout=20)
            stack.enter_context(closing(client))
            client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert _answer(client.makefile("rb")) == b"200 OK here"


def test_what_fails_in_the_loop_is_an_answer_too() -> None:
    def broken(environ: dict[str, Any], _start: Any) -> list[bytes]:
        raise ValueError(environ["PATH_INFO"])

    def left(environ: dict[str, Any], start: Any) -> list[bytes]:
        leave_it(environ)
        start("200 OK", [("Content-Length", "4")])
        return [b"left"]

    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        return (broken if environ["PATH_INFO"] == "/broken" else left)(environ, start)

    with running(app, lambda _path, _query: True) as port:
        assert asked(port, "/broken")[0].startswith(b"500 ")
        assert asked(port, "/left") == [b"200 OK left"]


def test_a_position_is_found_in_the_loop_once_the_outlines_are_read(filled: Store) -> None:
    """A write, and a day that was, send the next one to a thread."""
    threads = Threads(create_app(filled))
    today, then = "/where?lon=111.26&lat=41.25", "/where?lon=111.26&lat=41.25&as_of=1970-01-01"
    with running(threads) as port:
        first, again, *_ = [asked(port, one)[0] for one in (today, today, then, today)]
        assert first == again
        with filled.write("tests", "a place") as transaction:
            transaction.insert(place, {"name": "新村", "status": "standard"})
        asked(port, today)
    loop, thread = "loop", "thread"
    assert threads.by_path["/where"] == [loop, thread, loop, loop, thread, loop, loop, thread]


def test_what_is_sent_again_reaches_the_application_as_it_did_at_first() -> None:
    seen: list[dict[str, Any]] = []

    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        seen.append(environ | {"read": environ["wsgi.input"].read()})
        start("200 OK", [])
        return [b"here"]

    first, second, third = "/a?b=1", "/a?b=1", "/c/d?e=%20f"
    with (
        running(app, lambda _path, _query: True) as port,
        closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as connection,
    ):
        stream = connection.makefile("rb")
        for path in (first, second, third):
            request = f"GET {path} HTTP/1.1\r\nHost: a\r\nX-As-Before: yes\r\n\r\n"
            connection.sendall(request.encode())
            assert _answer(stream) == b"200 OK here"

    for environ in seen:
        del environ["wsgi.input"]
    assert seen[0] == seen[1]
    differing = {"PATH_INFO": "/c/d", "QUERY_STRING": "e=%20f", "REQUEST_URI": third}
    assert seen[2] == seen[0] | differing


def test_known_headers_that_come_in_pieces_or_before_others_are_read_as_they_are() -> None:
    app = Flask("pieces")
    app.add_url_rule("/<name>", view_func=lambda name: name)
    request = "GET /{} HTTP/1.1\r\nHost: a\r\nX-In-Pieces: yes\r\n\r\n"
    with (
        running(app, lambda _path, _query: True) as port,
        closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as connection,
    ):
        stream = connection.makefile("rb")
        whole = request.format("one").encode()
        for sent in (whole, whole, whole[:20], whole[20:] + whole, whole * 2 + whole[:-1], b"\n"):
            connection.sendall(sent)
            time.sleep(0.05)  # each arrives on its own
        assert [_answer(stream) for _ in range(7)] == [b"200 OK one"] * 7


def test_what_the_loop_has_tried_once_a_thread_answers() -> None:
    tried: list[tuple[str, bool]] = []

    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        tried.append((environ["PATH_INFO"], environ["ovoo.at_once"]))
        if environ["PATH_INFO"] == "/broken":
            raise ValueError(environ["PATH_INFO"])
        if environ["PATH_INFO"] == "/long":
            leave_it(environ)
        start("200 OK", [("Content-Length", "4")])
        return [b"here"]

    with running(app, lambda _path, _query: True) as port:
        for path, status in (("/short", b"200"), ("/long", b"200"), ("/broken", b"500")):
            assert asked(port, path)[0].startswith(status)
    assert tried[-5:] == [
        ("/short", True),
        *(("/long", True), ("/long", False)),
        *(("/broken", True), ("/broken", False)),
    ]


@pytest.mark.parametrize("connection", ["close", "keep-alive, close"])
def test_who_asks_for_the_end_of_the_connection_gets_it(connection: str) -> None:
    app = Flask("ends")
    app.add_url_rule("/", view_func=lambda: "here")
    request = f"GET / HTTP/1.1\r\nHost: a\r\nConnection: {connection}\r\n\r\n".encode()
    assert plain_request(request) is None
    with running(app, lambda _path, _query: True) as port:
        for _ in range(2):
            with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as client:
                client.sendall(request)
                stream = client.makefile("rb")
                assert _answer(stream) == b"200 OK here"
                if connection == "close":
                    assert stream.read() == b""
    assert plain_request(request) is None


def read_by(parser: type[Any], raw: bytes) -> dict[str, Any]:
    """What a parser makes of one request."""
    request = parser(Adjustments())
    request.received(raw)
    names = ("path", "query", "headers", "command", "version", "url_scheme", "request_uri")
    more = ("connection_close", "content_length", "expect_continue", "completed", "fragment")
    return {name: getattr(request, name) for name in (*names, *more)}


@pytest.mark.parametrize(
    "line",
    [
        "GET / HTTP/1.1",
        "GET /search?q=%E6%95%96&within=http://a/b?c:d HTTP/1.1",
        "GET /a%20b?c HTTP/1.1",
        "GET //a/b HTTP/1.1",
        "GET /a?b#c HTTP/1.1",
        "GET http://a/b?c HTTP/1.1",
        "GET /a HTTP/1.0",
        "POST /a HTTP/1.1",
    ],
)
@pytest.mark.parametrize(
    "headers",
    [
        "Host: a\r\nAccept: x\r\nAccept: y\r\n",
        "Host: a\r\nConnection: close\r\n",
        "Host: a\r\nContent-Length: 0\r\n",
        "Host: a\r\nCookie: b=c\r\n",
    ],
)
def test_headers_read_before_are_read_in_the_same_way(line: str, headers: str) -> None:
    raw = f"{line}\r\n{headers}\r\n".encode()

    expected = read_by(HTTPRequestParser, raw)

    assert read_by(LoopRequest, raw) == expected
    assert read_by(LoopRequest, raw) == expected


def test_a_secret_is_not_remembered() -> None:
    read_by(LoopRequest, b"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer hidden\r\n\r\n")

    assert not any(b"hidden" in block for block in loop_requests._plain_blocks)


def test_a_line_break_in_a_header_is_not_sent() -> None:
    with pytest.raises(ValueError, match="line break"):
        head_of("200 OK", [("A", "b\r\nC: d")], 3, 0)


def test_a_whole_answer_says_how_long_it_is() -> None:
    assert head_of("200 OK", [("A", "b")], 3, 0) == (
        b"HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nA: b\r\n"
        b"Content-Length: 3\r\n\r\n"
    )
    assert b"Content-Length" not in head_of("304 Not Modified", [], 0, 0)


def test_headers_of_ever_other_kinds_do_not_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loop_requests, "_MOST_BLOCKS", 3)
    monkeypatch.setattr(loop_requests, "_plain_blocks", known := {})

    for number in range(10):
        read_by(LoopRequest, f"GET / HTTP/1.1\r\nHost: a\r\nReferer: {number}\r\n\r\n".encode())

    assert 0 < len(known) <= 3
    assert any(b"Referer: 9" in block for block in known)
