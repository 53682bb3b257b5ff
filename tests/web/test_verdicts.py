"""Corrections, causes and pictures over HTTP."""

import pytest
from flask.testing import FlaskClient
from visits import as_csv, rows


def send(client: FlaskClient) -> int:
    table = rows()
    table[1][1], table[1][2] = table[1][2], table[1][1]
    answer = client.post("/submissions?file_name=a.csv", data=as_csv(table))
    assert answer.status_code == 201
    return int(answer.get_json()["id"])


def test_a_proposal_is_confirmed_and_taken_back(client: FlaskClient) -> None:
    identity = send(client)
    path = f"/submissions/{identity}/corrections"
    confirmed = client.post(path, json={"rows": [3], "reason": "field book"})
    assert confirmed.status_code == 200
    (one,) = confirmed.get_json()["corrections"]
    assert (one["row"], one["derived_row"], one["reason"]) == (3, 7, "field book")
    page = client.get(f"/submissions/{identity}?f=html&lang=en").get_data(as_text=True)
    assert "Confirmed corrections" in page
    assert f"/submissions/{identity}/picture.svg" in page
    back = client.post(path, json={"rows": [3], "withdraw": True})
    assert back.get_json()["corrections"] == []


@pytest.mark.parametrize("sent", [{"rows": []}, {"rows": ["x"]}, {"rows": [2]}, {}])
def test_what_is_no_proposal_is_refused(client: FlaskClient, sent: dict[str, object]) -> None:
    identity = send(client)
    answer = client.post(f"/submissions/{identity}/corrections", json=sent)
    assert answer.status_code in {400, 422}
    assert client.post("/submissions/999/corrections", json={"rows": [3]}).status_code == 404


def test_a_cause_that_was_not_found_cannot_be_confirmed(client: FlaskClient) -> None:
    identity = send(client)
    answer = client.post(f"/submissions/{identity}/causes", json={"cause": "beijing54"})
    assert answer.status_code in {400, 422}


@pytest.mark.parametrize(
    ("ending", "media", "start"),
    [("svg", "image/svg+xml", b"<?xml"), ("png", "image/png", b"\x89PNG")],
)
def test_pictures_are_served(client: FlaskClient, ending: str, media: str, start: bytes) -> None:
    identity = send(client)
    for path in (f"/submissions/{identity}/picture.{ending}", f"/markers/1/picture.{ending}"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.mimetype == media
        assert answer.data.startswith(start)
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert b"<style" not in answer.data
        assert b' style="' not in answer.data
    assert client.get(f"/markers/999/picture.{ending}").status_code == 404
