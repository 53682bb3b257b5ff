"""A real server for tests: as a program of its own, or within the tests' process."""

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from flask import Flask
from waitress.wasyncore import close_all

from web.at_once import may_be_answered
from web.serve import make_server
from web.settings import Settings
from web.sharing import Share, Shares

ROOT = Path(__file__).resolve().parents[1]
ASK = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
_HERE = b"here"


@contextmanager
def served(store: str, workers: int = 1, access: str = "auto") -> Iterator[str]:
    """The address of a server on a store, ending in a slash."""
    settings = {"OVOO_STORE": store, "PORT": "0", "OVOO_WORKERS": str(workers)}
    settings["OVOO_ACCESS"] = access
    process = subprocess.Popen(
        [sys.executable, "-m", "ovoo", "serve"],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        found = re.search(r"http://\S+/", process.stdout.readline())
        assert found is not None
        yield found[0]
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdout.close()


@contextmanager
def running(app: Any, at_once: Any = may_be_answered, threads: int = 2) -> Iterator[int]:
    """A server's event loop in a thread of its own; yields its port."""
    with listening() as door, answering(door, app, at_once, threads, Shares(1).of(0)):
        yield door.getsockname()[1]


@contextmanager
def listening() -> Iterator[socket.socket]:
    """A socket on which servers may answer, several of them too."""
    door = socket.create_server(("127.0.0.1", 0), backlog=200)
    door.setblocking(False)
    with door:
        yield door


@contextmanager
def answering(
    door: socket.socket, app: Any, at_once: Any, threads: int, share: Share
) -> Iterator[Any]:
    """A server's event loop in a thread of its own, on a socket that may be others' too."""
    made: list[Any] = []
    ready = threading.Event()

    def run() -> None:
        made.append(make_server(app, door, Settings(threads=threads), at_once, share))
        ready.set()
        made[0].run()

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(10)
    try:
        yield made[0]
    finally:
        with suppress(OSError):  # awake for another reason, the loop may end before it is woken
            made[0].trigger.pull_trigger(lambda: close_all(made[0]._map))
        thread.join(10)
        made[0].task_dispatcher.shutdown()
        assert not thread.is_alive()


def present() -> Flask:
    """An application that says at `/` that it is here."""
    app = Flask("present")
    app.add_url_rule("/", view_func=_HERE.decode)
    return app


def connected(port: int, stack: ExitStack) -> socket.socket:
    """A connection that ends with the stack."""
    client = socket.create_connection(("127.0.0.1", port), timeout=20)
    return stack.enter_context(closing(client))


def answered(client: socket.socket) -> bytes:
    """The whole answer of `present` to one more question on a connection."""
    client.sendall(ASK)
    received = b""
    while not received.endswith(_HERE):
        part = client.recv(65536)
        assert part, received
        received += part
    return received
