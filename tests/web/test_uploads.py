"""Uploads in parts over HTTP (tus 1.0.0), and a connection that is cut for real."""

import base64
import hashlib
import http.client
import io
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import region
from flask import Flask
from flask.testing import FlaskClient
from serving import served
from visits import as_csv, rows

from data.store import create_store
from web.app import create_app
from web.settings import Settings

TUS = {"Tus-Resumable": "1.0.0"}
PART = {**TUS, "Content-Type": "application/offset+octet-stream"}
NAME = base64.b64encode("巡查.csv".encode()).decode()
CONTENT = as_csv(rows())


def begin(client: FlaskClient, content: bytes = CONTENT) -> str:
    """The path of a new upload."""
    headers = {**TUS, "Upload-Length": str(len(content)), "Upload-Metadata": f"filename {NAME}"}
    answer = client.post("/uploads", headers=headers)
    assert answer.status_code == 201
    return urlsplit(answer.headers["Location"]).path


def test_what_is_spoken_is_said(client: FlaskClient) -> None:
    for path in ("/uploads", "/uploads/x"):
        answer = client.options(path)
        assert answer.status_code == 204
        assert answer.headers["Tus-Version"] == "1.0.0"
        assert set(answer.headers["Tus-Extension"].split(",")) >= {"creation", "expiration"}
        assert answer.headers["Tus-Max-Size"] == "50000000"
        for method in answer.headers["Allow"].split(", "):
            assert client.open(path, method=method).status_code != 405
        assert client.put(path).status_code == 405


def test_a_file_in_parts_is_one_submission_like_the_file_at_once(client: FlaskClient) -> None:
    path, half = begin(client), len(CONTENT) // 2
    first = client.patch(path, data=CONTENT[:half], headers={**PART, "Upload-Offset": "0"})
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(half))
    seen = client.head(path, headers=TUS)
    assert seen.headers["Upload-Offset"] == str(half)
    assert seen.headers["Upload-Length"] == str(len(CONTENT))
    assert seen.headers["Cache-Control"] == "no-store"
    assert "GMT" in seen.headers["Upload-Expires"]
    again = client.patch(path, data=CONTENT[:half], headers={**PART, "Upload-Offset": "0"})
    assert again.status_code == 409
    assert client.post(f"/submissions?upload={path.rsplit('/', 1)[1]}").status_code == 409
    rest = {**PART, "Upload-Offset": str(half)}
    assert client.patch(path, data=CONTENT[half:], headers=rest).status_code == 204
    taken = [client.post(f"/submissions?upload={path.rsplit('/', 1)[1]}") for _ in range(2)]
    reports = [one.get_json() for one in taken]
    assert [one.status_code for one in taken] == [201, 201]
    assert reports[0]["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert reports[0]["file_name"] == "巡查.csv"
    whole = client.post("/submissions", data={"file": (io.BytesIO(CONTENT), "b.csv")})
    assert {one["id"] for one in (*reports, whole.get_json())} == {reports[0]["id"]}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 412),
        ({"Tus-Resumable": "0.2.2", "Upload-Length": "5"}, 412),
        (TUS, 400),
        ({**TUS, "Upload-Length": "-1"}, 400),
        ({**TUS, "Upload-Length": "0"}, 400),
        ({**TUS, "Upload-Length": "5", "Upload-Metadata": "filename %%"}, 400),
        ({**TUS, "Upload-Length": "50000001"}, 413),
        ({**TUS, "Upload-Length": "2000000000"}, 413),
    ],
)
def test_what_is_no_announcement_is_refused(
    client: FlaskClient, headers: Mapping[str, str], status: int
) -> None:
    answer = client.post("/uploads", headers=headers)
    assert answer.status_code == status
    assert answer.headers["Tus-Resumable"] == "1.0.0"


def test_what_is_no_part_is_refused(client: FlaskClient) -> None:
    path = begin(client)
    for headers, status in (
        ({**PART}, 400),
        ({**TUS, "Upload-Offset": "0", "Content-Type": "text/plain"}, 415),
        ({**PART, "Tus-Resumable": "2.0.0", "Upload-Offset": "0"}, 412),
        ({**PART, "Upload-Offset": "7"}, 409),
    ):
        assert client.patch(path, data=b"x", headers=headers).status_code == status
    longer = {**PART, "Upload-Offset": "0"}
    assert client.patch(path, data=CONTENT + b"x", headers=longer).status_code == 409
    assert client.head(path, headers=TUS).headers["Upload-Offset"] == "0"
    assert client.get(path).get_json()["offset"] == 0
    assert client.delete(path, headers=TUS).status_code == 204
    assert client.head(path, headers=TUS).status_code == 404
    assert client.patch("/uploads/none", data=b"x", headers=longer).status_code == 404


def test_a_stranger_sends_nothing(closed_app: Flask) -> None:
    client = closed_app.test_client()
    assert client.post("/uploads", headers={**TUS, "Upload-Length": "5"}).status_code == 401


def test_the_limit_of_the_server_holds(filled: object) -> None:
    client = create_app(filled, Settings(max_upload_bytes=100)).test_client()  # type: ignore[arg-type]
    headers = {**TUS, "Upload-Length": "101"}
    assert client.post("/uploads", headers=headers).status_code == 413


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    path = tmp_path / "region.gpkg"
    with create_store(str(path)) as store:
        region.fill(store)
    with served(str(path)) as running:
        yield running


def test_a_connection_cut_in_the_middle_costs_one_part(address: str) -> None:
    """A part is cut off half-way by closing the socket; the next goes on where the last whole one
    ended."""
    place = urlsplit(address)
    host, port = str(place.hostname), int(place.port or 0)

    def ask(method: str, path: str, body: bytes, headers: dict[str, str]) -> dict[str, str]:
        connection = http.client.HTTPConnection(host, port, timeout=20)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        told = {**dict(answer.getheaders()), "body": answer.read().decode()}
        connection.close()
        return told

    length = {"Upload-Length": str(len(CONTENT)), "Upload-Metadata": f"filename {NAME}"}
    path = urlsplit(ask("POST", "/uploads", b"", {**TUS, **length})["Location"]).path
    ask("PATCH", path, CONTENT[:200], {**PART, "Upload-Offset": "0"})
    with socket.create_connection((host, port), timeout=20) as raw:
        head = "".join(f"{name}: {value}\r\n" for name, value in PART.items())
        raw.sendall(
            f"PATCH {path} HTTP/1.1\r\nHost: {host}\r\n{head}Upload-Offset: 200\r\n"
            f"Content-Length: {len(CONTENT) - 200}\r\n\r\n".encode()
        )
        raw.sendall(CONTENT[200:300])
    assert ask("HEAD", path, b"", TUS)["Upload-Offset"] == "200"
    ask("PATCH", path, CONTENT[200:], {**PART, "Upload-Offset": "200"})
    sent = ask("POST", f"/submissions?upload={path.rsplit('/', 1)[1]}", b"", {})
    assert hashlib.sha256(CONTENT).hexdigest() in sent["body"]
    assert '"in_place":5' in sent["body"]
