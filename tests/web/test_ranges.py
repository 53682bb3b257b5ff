"""Exports that are read in parts (RFC 9110, 14): what is sent, and that readers can use it."""

import email

import pyogrio
import pytest
import region
from flask.testing import FlaskClient
from serving import served

from boundary.tables import marker
from data.geometry import point_wkb
from data.store import Store, create_store
from web.api import exports
from web.app import create_app
from web.kept_files import KeptFiles
from web.ranges import Part, holds, wanted_parts
from web.settings import ACCOUNTS, OPEN, Settings

FGB = "/collections/markers/export?f=fgb"
RANGED = [FGB, "/collections/places/export?f=parquet"]


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", None),
        ("bytes=0-9", (Part(0, 10),)),
        ("bytes=5-", (Part(5, 100),)),
        ("bytes=-7", (Part(93, 100),)),
        ("bytes=-500", (Part(0, 100),)),
        ("bytes=90-500", (Part(90, 100),)),
        ("bytes=0-0, 50-59, -1", (Part(0, 1), Part(50, 60), Part(99, 100))),
        ("bytes=0-9, 100-", (Part(0, 10),)),
        ("bytes=100-", ()),
        ("bytes=-0", None),
        ("bytes=9-0", None),
        ("bytes=0-9,5-20", None),
        ("bytes=" + ",".join(f"{n}-{n}" for n in range(0, 18, 2)), None),
        ("lines=1-2", None),
        ("bytes 1-2", None),
        ("bytes=x", None),
    ],
)
def test_what_a_range_asks_for(header: str, found: tuple[Part, ...] | None) -> None:
    assert wanted_parts(header, 100) == found


def test_an_empty_file_has_no_part() -> None:
    assert wanted_parts("bytes=0-", 0) == ()
    assert wanted_parts("bytes=-5", 0) == ()


@pytest.mark.parametrize(
    ("condition", "still"),
    [
        ("", True),
        ('"a"', True),
        ('W/"a"', False),
        ('"b"', False),
        ("Fri, 27 Nov 2026 10:00:00 GMT", False),
    ],
)
def test_if_range_is_compared_strongly(condition: str, *, still: bool) -> None:
    assert holds(condition, "a") is still


@pytest.mark.parametrize("address", RANGED)
def test_a_part_is_a_part_of_the_whole(client: FlaskClient, address: str) -> None:
    whole = client.get(address)
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert int(whole.headers["Content-Length"]) == len(whole.data)
    assert not whole.headers["ETag"].startswith("W/")
    part = client.get(address, headers={"Range": "bytes=10-99"})
    assert (part.status_code, part.data) == (206, whole.data[10:100])
    assert part.headers["Content-Range"] == f"bytes 10-99/{len(whole.data)}"
    assert part.headers["Content-Length"] == "90"
    assert part.headers["ETag"] == whole.headers["ETag"]
    assert part.content_type == whole.content_type


def test_several_parts_come_as_one_body(client: FlaskClient) -> None:
    whole = client.get(FGB).data
    answer = client.get(FGB, headers={"Range": "bytes=0-7, -4"})
    assert answer.status_code == 206
    assert "Content-Range" not in answer.headers
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    head = f"Content-Type: {answer.content_type}\r\n\r\n".encode()
    parts = email.message_from_bytes(head + answer.data).get_payload()
    told = [(one["Content-Range"], one.get_payload(decode=True)) for one in parts]  # type: ignore[union-attr, index]
    size = len(whole)
    assert told == [
        (f"bytes 0-7/{size}", whole[:8]),
        (f"bytes {size - 4}-{size - 1}/{size}", whole[-4:]),
    ]
    assert {one.get_content_type() for one in parts} == {"application/flatgeobuf"}  # type: ignore[union-attr]


def test_what_the_file_does_not_have_is_refused(client: FlaskClient) -> None:
    size = len(client.get(FGB).data)
    answer = client.get(FGB, headers={"Range": f"bytes={size}-"})
    assert (answer.status_code, answer.content_type) == (416, "application/problem+json")
    assert answer.headers["Content-Range"] == f"bytes */{size}"


def test_other_formats_are_sent_whole(client: FlaskClient) -> None:
    for form in ("gpkg", "csv"):
        address = f"/collections/markers/export?f={form}"
        answer = client.get(address, headers={"Range": "bytes=0-9"})
        assert answer.status_code == 200
        assert "Accept-Ranges" not in answer.headers


def test_if_range_gives_the_whole_where_the_data_have_changed(
    client: FlaskClient, filled: Store
) -> None:
    first = client.get(FGB)
    asked = {"Range": "bytes=0-9", "If-Range": first.headers["ETag"]}
    assert client.get(FGB, headers=asked).status_code == 206
    with filled.write("tests", "one more") as transaction:
        transaction.insert(marker, {"marker_no": "new", "geom": point_wkb(112.5, 41.5)})
    again = client.get(FGB, headers=asked)
    assert (again.status_code, len(again.data) > len(first.data)) == (200, True)
    assert again.headers["ETag"] != first.headers["ETag"]


def test_a_file_is_made_once_while_it_is_fetched(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    pieces = exports.export_pieces
    monkeypatch.setattr(exports, "export_pieces", lambda *a: made.append(1) or pieces(*a))  # type: ignore[func-returns-value]
    monkeypatch.setattr(exports, "_kept", KeptFiles())
    told = client.head(FGB)
    assert (told.headers["Accept-Ranges"], "Content-Length" in told.headers) == ("bytes", False)
    for start in range(0, 30, 10):
        asked = {"Range": f"bytes={start}-{start + 9}"}
        assert client.get(FGB, headers=asked).status_code == 206
    assert made == [1]
    size = len(client.get(FGB).data)
    assert client.head(FGB).headers["Content-Length"] == str(size)
    client.get(f"{FGB}&bbox=111,41,112,42")
    assert made == [1, 1]


@pytest.mark.parametrize("address", RANGED)
def test_the_same_data_are_the_same_bytes_whoever_makes_the_file(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    first = client.get(address)
    monkeypatch.setattr(exports, "_kept", KeptFiles())
    again = client.get(address)
    assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])


def test_readers_of_other_rights_have_files_of_their_own(filled: Store) -> None:
    """The operator's file lies ready when somebody asks who may not read positions."""
    told = []
    for access in (OPEN, ACCOUNTS, OPEN):
        answer = create_app(filled, Settings(access=access)).test_client().get(FGB)
        assert answer.status_code == 200
        told.append((answer.headers["ETag"], answer.data))
    operator, public, again = told
    assert operator == again
    assert public[0] != operator[0]
    assert public[1] != operator[1]


def test_what_is_written_meanwhile_is_kept_under_no_tag(
    client: FlaskClient, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = exports.export_pieces

    def slow(*asked: object) -> object:
        yield from pieces(*asked)  # type: ignore[arg-type]
        with filled.write("tests", "one more") as transaction:
            transaction.insert(marker, {"marker_no": "new", "geom": point_wkb(112.5, 41.5)})

    monkeypatch.setattr(exports, "export_pieces", slow)
    answer = client.get(FGB, headers={"Range": "bytes=0-9"})
    assert (answer.status_code, "ETag" in answer.headers) == (200, False)
    monkeypatch.setattr(exports, "export_pieces", pieces)
    assert client.get(FGB).data != answer.data


def test_files_that_are_kept_take_no_more_room_than_they_may() -> None:
    kept = KeptFiles(most_bytes=100)
    with kept.keep("a", [b"a" * 60]) as first:
        kept.keep("b", [b"b" * 60]).close()
        assert (kept.find("a"), kept.size("a"), kept.size("b")) == (None, None, 60)
        assert first.read() == b"a" * 60
    with kept.keep("c", [b"c" * 200]) as large:
        assert large.read() == b"c" * 200
    assert kept.find("c") is None
    assert kept.find("b") is None

    def broken() -> object:
        yield b"d"
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - any fault of a disk
        kept.keep("d", broken())  # type: ignore[arg-type]
    assert kept.find("d") is None
    kept.keep("e", [b"e"]).close()
    kept.forget("e")
    assert kept.find("e") is None


def test_gdal_reads_a_box_of_the_export_over_http(store_url: str) -> None:
    with create_store(store_url) as store:
        region.fill(store)
        with store.write("tests", "many") as transaction:
            for n in range(3000):
                place = point_wkb(100 + n % 60 / 10, 38 + n // 60 / 10)
                transaction.insert(marker, {"marker_no": f"m{n}", "geom": place})
    with served(store_url) as address:
        path = f"/vsicurl/{address}collections/markers/export?f=fgb"
        found = pyogrio.read_dataframe(path, bbox=(102.05, 40.05, 102.15, 40.15))
    assert found["marker_no"].tolist() == ["m1281"]
