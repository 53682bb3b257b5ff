"""Bodies that come compressed: unpacked within limits, or refused with what is taken."""

import gzip
import io
import zlib

import pytest
from flask import Flask
from flask.testing import FlaskClient

from data import FileTooLarge, InvalidValue
from web.coded_bodies import Unpacked

PROBLEM = "application/problem+json"
GZIP = {"Content-Encoding": "gzip"}


def unpacked(packed: bytes, most: int = -1) -> bytes:
    return Unpacked(io.BytesIO(packed)).read(most) or b""


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "x-gzip"])
def test_a_packed_body_is_read_as_the_one_it_holds(client: FlaskClient, coding: str) -> None:
    asked = '{"text": "白音敖包"}'.encode()
    kind = "application/json"
    plain = client.post("/check-text", data=asked, content_type=kind)
    packed = client.post(
        "/check-text",
        data=gzip.compress(asked),
        content_type=kind,
        headers={"Content-Encoding": coding},
    )
    told = [{**one.get_json(), "request_id": ""} for one in (plain, packed)]
    assert told[0] == told[1]
    assert packed.status_code == plain.status_code == 200


def test_a_packed_form_with_a_file_is_read(client: FlaskClient) -> None:
    form = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        b"marker_no,lon,lat\nx,111,41\n\r\n--x--\r\n"
    )
    kind = "multipart/form-data; boundary=x"
    plain = client.post("/submissions", data=form, content_type=kind)
    packed = client.post("/submissions", data=gzip.compress(form), content_type=kind, headers=GZIP)
    same = [{**one.get_json(), "replayed": None, "received_at": None} for one in (plain, packed)]
    assert same[0]["file_name"] == same[1]["file_name"] == "a.csv"
    assert same[0]["sha256"] == same[1]["sha256"]


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "deflate", "nothing"])
def test_another_coding_is_refused_with_what_is_taken(client: FlaskClient, coding: str) -> None:
    answer = client.post("/names/check", data=b"{}", headers={"Content-Encoding": coding})
    assert (answer.status_code, answer.content_type) == (415, PROBLEM)
    assert answer.headers["Accept-Encoding"] == "gzip"
    assert answer.get_json()["type"].endswith("/wrong-coding")


def test_a_body_that_says_it_is_as_it_is_is_read(client: FlaskClient) -> None:
    sent = {"Content-Encoding": "identity", "Content-Type": "application/json"}
    assert client.post("/names/check", data=b"{", headers=sent).status_code == 400


@pytest.mark.parametrize(
    "body",
    [b"{}", gzip.compress(b"{}")[:-4], gzip.compress(b"{}") + b"{}", b"\x1f\x8b"],
    ids=["not packed", "cut off", "more behind it", "a beginning alone"],
)
def test_what_is_no_whole_gzip_is_refused(client: FlaskClient, body: bytes) -> None:
    sent = GZIP | {"Content-Type": "application/json"}
    answer = client.post("/names/check", data=body, headers=sent)
    assert (answer.status_code, answer.content_type) == (400, PROBLEM)
    assert answer.get_json()["field"] == "Content-Encoding"


def test_an_empty_body_stays_empty() -> None:
    assert unpacked(b"") == b""


def test_several_members_are_one_stream() -> None:
    assert unpacked(gzip.compress(b"a" * 70_000) + gzip.compress(b"b")) == b"a" * 70_000 + b"b"


@pytest.mark.parametrize("size", [1, 7, 65_536])
def test_it_is_unpacked_piece_by_piece(size: int) -> None:
    text = bytes(range(256)) * 40
    stream, found = Unpacked(io.BytesIO(gzip.compress(text))), b""
    while piece := stream.read(size):
        assert len(piece) <= size
        found += piece
    assert found == text


def test_what_unpacks_to_more_than_its_share_is_refused_before_it_is_whole() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1_000_000)
    packed = b"".join([*(packer.compress(zeros) for _ in range(200)), packer.flush()])
    source = io.BytesIO(packed)
    with pytest.raises(FileTooLarge):
        Unpacked(source).readall()
    assert 0 < source.tell() < len(packed)


def test_what_unpacks_to_more_than_a_body_may_have_is_refused(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 100_000
    body = gzip.compress(b'{"names": "' + bytes(range(32, 127)) * 3_000 + b'"}')
    assert len(body) < 100_000
    sent = GZIP | {"Content-Type": "application/json"}
    answer = app.test_client().post("/names/check", data=body, headers=sent)
    assert (answer.status_code, answer.content_type) == (413, PROBLEM)


def test_a_stream_that_is_cut_off_is_no_end() -> None:
    with pytest.raises(InvalidValue):
        unpacked(gzip.compress(b"a" * 1000)[:-9])
