"""How answers leave: compressed for whom asks, with the headers of every answer."""

import gzip
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from werkzeug.test import Client
from zstandard import ZstdDecompressor

from web.codings import accepts_gzip, coding_of
from web.transport import SECURITY_HEADERS, Transport

PAGE = "/collections/places/items"
DECODED = {"gzip": gzip.decompress, "zstd": ZstdDecompressor().decompress}


@pytest.mark.parametrize(
    ("accepted", "wanted"),
    [
        ("gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("GZIP;q=0.5", True),
        ("identity, *;q=0.1", True),
        ("*", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000, *", False),
        ("*;q=0", False),
        ("identity", False),
    ],
)
def test_who_accepts_gzip(accepted: str, *, wanted: bool) -> None:
    assert accepts_gzip(accepted) is wanted


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("zstd", "zstd"),
        ("ZSTD;q=0.4, gzip;q=0.3", "zstd"),
        ("gzip, zstd;q=0.5", "gzip"),
        ("zstd;q=0, *", "gzip"),
        ("*", "zstd"),
        ("gzip;q=much", "gzip"),
        ("zstd;q=٣, gzip;q=0", "zstd"),
        ("br, identity", None),
        ("*;q=0.0", None),
        ("", None),
        (f"{'x, ' * 100}gzip", "gzip"),
    ],
)
def test_the_coding_that_a_reader_likes_best(accepted: str, coding: str | None) -> None:
    assert coding_of(accepted) == coding


@pytest.mark.parametrize("coding", DECODED)
@pytest.mark.parametrize(
    "address", [PAGE, "/collections/places/items/1", "/api", "/collections", "/search?q=鄂博"]
)
def test_documents_are_compressed_for_whom_asks(
    client: FlaskClient, address: str, coding: str
) -> None:
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": coding})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == coding
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
    assert {*orjson.loads(DECODED[coding](packed.data))} == {*orjson.loads(plain.data)}
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert len(answer.headers.getlist("Vary")) == 1


@pytest.mark.parametrize("accepted", ["gzip", "zstd", "identity"])
@pytest.mark.parametrize("address", [PAGE, "/collections/places/items/1", "/api", "/collections"])
def test_head_answers_as_get_would(client: FlaskClient, address: str, accepted: str) -> None:
    """RFC 9110, 8.6 and 9.3.2: a length is that of what GET would send, or there is none."""
    asked = {"Accept-Encoding": accepted}
    told, got = client.head(address, headers=asked), client.get(address, headers=asked)
    for name in ("Content-Type", "Content-Encoding", "ETag", "Vary"):
        assert told.headers.get(name) == got.headers.get(name), name
    assert told.headers.get("Content-Length") in {None, str(len(got.data))}
    assert told.data == b""


def test_scripts_and_styles_are_compressed_and_pages_are_not(client: FlaskClient) -> None:
    browser = {"Accept-Encoding": "gzip", "Accept": "text/html"}
    assert "Content-Encoding" not in client.get("/", headers=browser).headers
    page = client.get("/", headers=browser).get_data(as_text=True)
    style = next(part for part in page.split('"') if part.endswith(".css"))
    sheet = client.get(style, headers=browser)
    assert sheet.headers["Content-Encoding"] == "gzip"
    assert sheet.headers["ETag"].startswith("W/")
    tag = {"If-None-Match": sheet.headers["ETag"]}
    with client.get(style, headers=browser | tag) as again:
        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("address", "method"),
    [("/conformance", "OPTIONS"), *((f"{PAGE}/99", one) for one in ("HEAD", "GET"))],
)
def test_what_has_no_long_body_is_left_alone(
    client: FlaskClient, address: str, method: str
) -> None:
    answer = client.open(address, method=method, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


def test_a_stream_goes_out_as_it_is_made(client: FlaskClient) -> None:
    answer = client.get(
        "/collections/places/export?f=geojsonseq", headers={"Accept-Encoding": "gzip"}
    )
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_every_answer_has_the_headers_once(client: FlaskClient) -> None:
    for address in (PAGE, "/", "/nothing", "/collections/places/items?x=1", "/static/none.js"):
        headers = client.get(address).headers
        for name, value in SECURITY_HEADERS:
            assert headers.getlist(name) == [value], (address, name)


def test_a_view_may_set_its_own() -> None:
    own = [("Content-Type", "text/plain"), ("Referrer-Policy", "no-referrer"), ("Vary", "Origin")]

    def house(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", own)
        return [b"{}"]

    headers = Client(Transport(house)).get("/").headers
    assert headers.getlist("Referrer-Policy") == ["no-referrer"]
    assert headers["Vary"] == "Origin, Accept-Encoding"


def test_each_coding_of_a_feature_has_a_tag_of_its_own(client: FlaskClient) -> None:
    """RFC 9110, 8.8.3.3: a strong tag tells bytes apart; any of them says what is known."""
    address = "/collections/places/items/1"
    told = [
        client.get(address, headers={"Accept-Encoding": one}).headers["ETag"]
        for one in ("identity", *DECODED)
    ]
    assert len(set(told)) == len(told)
    for tag in told:
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
