"""Who takes none of an address's formats is told so; nobody else is."""

import pytest
from flask.testing import FlaskClient

ITEMS, ITEM = "/collections/places/items", "/collections/places/items/1"
ADDRESSES = ["/", "/conformance", "/collections", ITEMS, ITEM, "/api", "/search?q=敖包"]
CLIENTS = {
    "Chrome": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
    "curl": "*/*",
    "GDAL": "application/geo+json, application/json",
    "QGIS, of the description": "application/vnd.oai.openapi+json;version=3.0, application/json",
    "of schemas": "application/schema+json",
    "any of one family": "application/*",
    "any text": "text/*",
    "pages": "text/html",
    "nothing": "",
}


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("name", CLIENTS)
def test_every_client_has_what_there_is(client: FlaskClient, address: str, name: str) -> None:
    assert client.get(address, headers={"Accept": CLIENTS[name]}).status_code == 200


@pytest.mark.parametrize("address", [*ADDRESSES, "/collections/places/schema"])
@pytest.mark.parametrize("accepted", ["application/x-unknown", "image/png, application/xml"])
def test_who_takes_none_of_them_is_told_so(
    client: FlaskClient, address: str, accepted: str
) -> None:
    asked = {"Accept": accepted, "Accept-Language": "en"}
    refused = client.get(address, headers=asked)
    assert (refused.status_code, refused.content_type) == (406, "application/problem+json")
    assert "Accept" in refused.headers["Vary"]
    assert "application/json" in refused.get_json()["detail"]
    assert "ETag" not in refused.headers
    assert client.head(address, headers=asked).status_code == 406


@pytest.mark.parametrize(
    ("address", "accepted", "media_type"),
    [
        (ITEMS, "text/csv", "text/csv; charset=utf-8"),
        (ITEMS, "application/geo+json-seq", "application/geo+json-seq"),
        (f"{ITEMS}?f=json", "application/x-unknown", "application/geo+json"),
    ],
)
def test_what_is_there_or_chosen_is_given(
    client: FlaskClient, address: str, accepted: str, media_type: str
) -> None:
    answer = client.get(address, headers={"Accept": accepted})
    assert (answer.status_code, answer.content_type) == (200, media_type)


def test_what_has_one_form_alone_is_given(client: FlaskClient) -> None:
    asked = {"Accept": "application/x-protobuf"}
    tile = "/collections/places/tiles/WebMercatorQuad/0/0/0"
    assert client.get(tile, headers=asked).status_code == 200


def test_a_refusal_is_told_whatever_its_reader_takes(client: FlaskClient) -> None:
    asked = {"Accept": "application/x-unknown"}
    assert client.get("/nothing", headers=asked).status_code == 404
    assert client.post("/names/check", json={}, headers=asked).status_code != 406
