"""Health, readiness and metrics tell the truth; each answer and each line has its request's id."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import region
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from data import standing
from data.store import Store, create_store
from web.app import create_app
from web.observing import take_slot
from web.observing.logs import JsonLines, TextLines, request_id, told
from web.settings import Settings


def checks(client: FlaskClient) -> dict[str, bool]:
    return {one["name"]: one["ok"] for one in client.get("/ready").get_json()["checks"]}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Store]:
    with create_store(str(tmp_path / "office.gpkg")) as store:
        region.fill(store)
        yield store


def client_of(store: Store, **settings: Any) -> FlaskClient:
    return create_app(store, Settings(**settings)).test_client()


def test_a_sound_service_is_ready(client: FlaskClient, filled: Store) -> None:
    assert client.get("/health").get_json() == {"status": "alive"}
    answer = client.get("/ready")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "ready")
    assert answer.headers["Cache-Control"] == "no-store"
    expected = {"store", "journal", "writable"} | ({"disk"} if filled.embedded else set())
    assert checks(client) == dict.fromkeys(expected, True)


def test_a_full_disk_is_told(office: Store) -> None:
    client = client_of(office, min_free_bytes=10**18)
    answer = client.get("/ready")
    assert (answer.status_code, answer.get_json()["status"]) == (503, "not-ready")
    assert checks(client)["disk"] is False
    assert client.get("/health").status_code == 200


def test_a_broken_chain_is_told(office: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "_NEWEST", 2)
    with office.engine.connect() as connection:
        for (name,) in connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal'"
        ).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.execute(text("UPDATE journal SET actor = 'x' WHERE sequence = 3"))
        connection.commit()
    answer = client_of(office).get("/ready")
    assert answer.status_code == 503
    said = {one["name"]: one["said"] for one in answer.get_json()["checks"]}
    assert "journal entry 3 is broken" in said["journal"]


def test_a_cut_tail_is_told(office: Store) -> None:
    with office.engine.connect() as connection:
        connection.execute(text("UPDATE store_meta SET value = '4:00' WHERE key = 'journal_head'"))
        connection.commit()
    assert checks(client_of(office))["journal"] is False


def test_every_stretch_of_the_journal_is_proved_in_turn(
    office: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "_STRETCH", 3)
    watch = standing.StoreWatch(office, standing.WatchLimits(0))
    proved = set()
    for _ in range(20):
        assert all(one.ok for one in watch.run())
        proved.add(watch._proved.sequence)
    with office.read() as connection:
        entries = connection.scalar(text("SELECT count(*) FROM journal"))
    assert {3, 6, 9, entries} <= proved


def test_a_read_only_file_is_told(office: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing.os, "access", lambda *_: False)
    assert checks(client_of(office))["writable"] is False


def test_a_store_that_is_gone_is_told_and_does_not_stop_health(
    office: Store, tmp_path: Path
) -> None:
    client = client_of(office)
    office.close()
    (tmp_path / "office.gpkg").write_bytes(b"no store" * 1000)
    assert client.get("/health").status_code == 200
    assert client.get("/ready").status_code == 503
    assert checks(client)["store"] is False


def test_others_are_told_whether_but_not_why(client: FlaskClient) -> None:
    for asked in (
        {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}},
        {"headers": {"X-Forwarded-For": "192.0.2.7"}},
    ):
        answer = client.get("/ready", **asked)
        assert answer.status_code == 200
        assert all(one.keys() == {"name", "ok"} for one in answer.get_json()["checks"])
        assert client.get("/metrics", **asked).status_code == 403
    for path in ("/health", "/ready", "/metrics"):
        refused = client.post(path)
        assert (refused.status_code, refused.mimetype) == (405, "application/problem+json")
        assert refused.get_json()["status"] == 405
        asked = client.options(path)
        assert (asked.status_code, asked.headers["Allow"]) == (200, "GET, HEAD, OPTIONS")
    assert client.head("/health").data == b""


LINE = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+')


def test_metrics_are_counted(client: FlaskClient) -> None:
    def counted(family: str, status: str) -> float:
        said = client.get("/metrics").text
        found = re.search(rf'total{{family="{family}",status="{status}"}} (\d+)', said)
        return float(found[1]) if found else 0.0

    before = counted("collections", "2xx"), counted("other", "4xx")
    for address in ("/collections/places/items?limit=1", "/collections", "/no-such-address"):
        assert client.get(address).data
    assert counted("collections", "2xx") == before[0] + 2
    assert counted("other", "4xx") == before[1] + 1
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = [line for line in answer.text.splitlines() if not line.startswith("# ")]
    assert all(LINE.fullmatch(line) for line in lines), lines
    told = {kind: set(re.findall(rf"# {kind} (\w+) ", answer.text)) for kind in ("HELP", "TYPE")}
    families = {re.sub(r"_(bucket|sum|count)$", "", re.split(r"[{ ]", one)[0]) for one in lines}
    assert told["HELP"] == told["TYPE"] >= families
    assert 'ovoo_ready{check="store"} 1' in lines
    assert any(line.startswith("ovoo_journal_entries ") for line in lines)


def test_the_memory_of_each_process_is_told(client: FlaskClient) -> None:
    take_slot(7)
    try:
        said = client.get("/metrics").text
    finally:
        take_slot(0)
    found = re.search(r'ovoo_worker_resident_memory_bytes\{worker="7"\} (\d+)', said)
    assert found is not None
    assert int(found[1]) > 10_000_000


def test_each_answer_has_an_id(client: FlaskClient) -> None:
    ids = {client.get("/collections").headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3
    sent = {"X-Request-ID": "office-7.4711"}
    assert client.get("/no-such", headers=sent).headers["X-Request-ID"] == "office-7.4711"
    forged = {"X-Request-ID": "a b<script>"}
    assert client.get("/", headers=forged).headers["X-Request-ID"] != "a b<script>"


def test_what_is_notable_has_a_line(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="ovoo.request"):
        assert client.get("/collections").data
        assert client.post("/welcome/a-secret?x=y", headers={"X-Request-ID": "forms-0001"}).data
    (record,) = caplog.records
    said = json.loads(JsonLines().format(record))
    assert (said["method"], said["path"], said["request_id"]) == (
        "POST",
        "/welcome/…",
        "forms-0001",
    )
    assert {"time", "level", "status", "duration_ms", "remote"} <= said.keys()


def test_a_line_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        logging.getLogger("x").info("name\n%s", "forged line", extra=told(path="/\n/"))
    mark = request_id.set("r-1")
    line = JsonLines().format(caplog.records[0])
    request_id.reset(mark)
    assert "\n" not in line
    assert json.loads(line)["message"] == "name\nforged line"
    assert json.loads(line)["request_id"] == "r-1"


def test_a_line_for_people_tells_what_the_record_tells() -> None:
    record = logging.LogRecord("ovoo.request", logging.ERROR, "", 0, "request", (), None)
    record.__dict__ |= told(path="/x\nERROR y", status=503)
    line = TextLines().format(record)
    assert line.endswith('ERROR ovoo.request: request path="/x\\nERROR y" status=503')
    assert "\n" not in line
