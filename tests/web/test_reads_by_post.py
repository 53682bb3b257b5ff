"""What only reads although it is sent by POST waits for no writer."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any, Final

import pytest
from division_events import RENAME
from flask import Flask
from serving import running

from data.store import Store
from web.app import create_app
from web.reads_by_post import READS_BY_POST

BODIES: Final[dict[str, dict[str, Any]]] = {
    "/check-text": {"data": {"text": "白音敖包在东旗。"}},
    "/division-events/preview": {"json": {"event": RENAME}},
    "/line-changes/preview": {"json": {"event": RENAME}},
    "/names/check": {"json": {"name": "甲路", "class": "street", "in": "990101"}},
    "/preferences": {"data": {"theme": "dark", "back": "/"}},
    "/reconcile": {"data": {"queries": '{"q0": {"query": "东旗"}}'}},
    "/reconcile/v1/extend": {"json": {"ids": ["places/1"], "properties": [{"id": "name"}]}},
    "/reconcile/v1/match": {
        "json": {"queries": [{"conditions": [{"matchType": "name", "propertyValue": "东旗"}]}]}
    },
    "/report-problem/status": {"json": {"code": "ABCD-EFGH"}},
}


def test_each_of_them_has_a_question_here() -> None:
    assert BODIES.keys() == READS_BY_POST


@pytest.mark.parametrize("path", sorted(READS_BY_POST))
def test_none_of_them_begins_a_write(
    filled: Store, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = create_app(filled).test_client()

    @contextmanager
    def locked(_store: Store) -> Iterator[None]:
        raise AssertionError(f"{path} asks for the writer's lock")
        yield

    monkeypatch.setattr(Store, "locked", locked)
    answer = client.post(path, **BODIES[path])
    expected = {"/preferences": 303, "/report-problem/status": 404}.get(path, 200)
    assert answer.status_code == expected, answer.get_data(as_text=True)


def test_they_are_answered_while_writers_wait() -> None:
    """Of two threads for readers there is one for writers, and it is taken."""
    let_go = threading.Event()
    app = Flask("waiting")
    app.add_url_rule(
        "/submissions", "waits", view_func=lambda: str(let_go.wait(20)), methods=["POST"]
    )
    app.add_url_rule("/check-text", "tells", view_func=lambda: "told", methods=["POST"])
    with running(app, lambda _path, _query: False) as port, ThreadPoolExecutor() as others:
        writers = [others.submit(_sent, port, "/submissions") for _ in range(3)]
        try:
            assert _sent(port, "/check-text") == b"told"
            assert not any(one.done() for one in writers)
        finally:
            let_go.set()
        assert [one.result() for one in writers] == [b"True"] * 3


def _sent(port: int, path: str) -> bytes:
    connection = HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        connection.request("POST", path, b"{}", {"Content-Type": "application/json"})
        return connection.getresponse().read()
    finally:
        connection.close()
