"""Photographs that are sent together and find their markers."""

import io

import pytest
from flask.testing import FlaskClient
from pictures import jpeg

from boundary import match_photo
from data.errors import InvalidValue, UnknownFormat
from data.store import Store


def found(store: Store, name: str, content: bytes) -> tuple[str, str]:
    with store.read() as connection:
        match = match_photo(connection, name, content)
    return match.marker_no, match.by


def test_a_number_in_the_name_decides(filled: Store) -> None:
    far = jpeg(lon=112.0, lat=41.8)
    assert found(filled, "9901002Q 北面.jpg", far) == ("9901002Q", "number")
    assert found(filled, "IMG_0001-9901003a.JPG", jpeg()) == ("9901003A", "number")


def test_else_the_camera_tells_where_one_marker_is_near(filled: Store) -> None:
    assert found(filled, "IMG_1.jpg", jpeg(lon=112.0002, lat=41.4)) == ("9901002Q", "place")
    # Two markers stand 83 m apart; half-way between them neither is clearly the nearest.
    assert found(filled, "IMG_2.jpg", jpeg(lon=112.0001, lat=41.6)) == ("9901003A", "place")
    for lon, lat in ((112.0005, 41.6), (112.01, 41.4), (0.0, 0.0)):
        with pytest.raises(InvalidValue, match="which marker"):
            found(filled, "IMG_3.jpg", jpeg(lon=lon, lat=lat))
    with pytest.raises(InvalidValue, match="which marker"):
        found(filled, "9901002Q 9901003A.jpg", jpeg())
    with pytest.raises(UnknownFormat):
        found(filled, "a.jpg", b"no picture")


def test_several_are_kept_and_each_says_what_became_of_it(client: FlaskClient) -> None:
    files = [
        (io.BytesIO(jpeg(lon=112.0, lat=41.4)), "9901002Q.jpg"),
        (io.BytesIO(jpeg(lon=None)), "nothing.jpg"),
        (io.BytesIO(b"text"), "text.jpg"),
    ]
    answer = client.post("/photos?lang=en", data={"file": files, "claimed_on": "2026-05-03"})
    assert answer.status_code == 201
    kept, unknown, broken = answer.get_json()["photos"]
    assert (kept["marker_no"], kept["by"]) == ("9901002Q", "number")
    assert "which marker" in unknown["fault"]["en"]
    assert broken["fault"]["code"] == "unknown-format"
    photos = client.get("/markers/2").get_json()["photos"]
    assert [one["file_name"] for one in photos] == ["9901002Q.jpg"]
    again = [(io.BytesIO(jpeg(lon=None)), "nothing.jpg")]
    page = client.post("/photos?lang=en", data={"file": again}, headers={"Accept": "text/html"})
    assert page.status_code == 422
    assert "which marker" in page.get_data(as_text=True)
    assert client.post("/photos", data={}).status_code == 400
