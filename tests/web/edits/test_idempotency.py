"""A POST that is sent again is done once."""

import io
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from visits import as_csv, rows

from data import Store
from data.kept_answers import KEPT_FOR, KeptAnswer, claim, keep

PLACES = "/collections/places/items"
DRAFT = {"type": "Feature", "geometry": None, "properties": {"name": "新泉"}}
KEY = {"Idempotency-Key": "7f9c2ba4-e88f-11e4-8c8e-0002a5d5c51b"}


def count(client: FlaskClient, name: str) -> int:
    found = client.get(PLACES, query_string={"name": name}).get_json(force=True)
    return len(found["features"])


def test_a_retry_gets_the_first_answer(client: FlaskClient) -> None:
    first = client.post(PLACES, json=DRAFT, headers=KEY)
    again = client.post(PLACES, json=DRAFT, headers=KEY)
    assert (first.status_code, first.headers["Location"]) == (201, again.headers["Location"])
    assert (again.status_code, again.data) == (201, first.data)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert count(client, "新泉") == 1
    other = client.post(PLACES, json=DRAFT, headers={"Idempotency-Key": "another"})
    assert other.status_code == 201
    assert count(client, "新泉") == 2


def test_a_key_belongs_to_one_request(client: FlaskClient) -> None:
    client.post(PLACES, json=DRAFT, headers=KEY)
    body = {**DRAFT, "properties": {"name": "旧泉"}}
    answer = client.post(PLACES, json=body, headers=KEY)
    assert answer.status_code == 422
    assert answer.get_json()["type"].endswith("/problems/key-reused")
    assert count(client, "旧泉") == 0
    assert client.post(PLACES, json=DRAFT, headers={"Idempotency-Key": "一"}).status_code == 400
    elsewhere = client.post("/collections/signs/items", json=DRAFT, headers=KEY)
    assert elsewhere.status_code == 422  # no sign number: the request was looked at
    assert elsewhere.get_json()["type"].endswith("/problems/faults-found")


def test_a_refusal_of_the_request_itself_is_kept_too(client: FlaskClient) -> None:
    body = {**DRAFT, "properties": {}}
    first = client.post(PLACES, json=body, headers=KEY)
    again = client.post(PLACES, json=body, headers=KEY)
    assert (first.status_code, again.status_code) == (422, 422)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.content_type == "application/problem+json"


def test_files_sent_again_with_other_boundaries_are_one_request(client: FlaskClient) -> None:
    def send() -> tuple[int, bytes]:
        file = {"file": (io.BytesIO(as_csv(rows())), "a.csv")}
        answer = client.post("/submissions", data=file, headers=KEY)
        return answer.status_code, answer.data

    assert send() == send()
    other = {"file": (io.BytesIO(as_csv(rows()) + b"\n"), "a.csv")}
    assert client.post("/submissions", data=other, headers=KEY).status_code == 422


def test_two_at_once_do_it_once(app: Flask) -> None:
    barrier, found = threading.Barrier(4), []

    def send() -> None:
        barrier.wait()
        found.append(app.test_client().post(PLACES, json=DRAFT, headers=KEY).status_code)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert set(found) <= {201, 409}
    assert 201 in found
    assert count(app.test_client(), "新泉") == 1


def test_nobodys_answer_is_given_to_another(
    house: Flask, signed: Callable[[str], dict[str, str]]
) -> None:
    client = house.test_client()
    body = {**DRAFT, "properties": {"name": "新泉", "division_code": "990101"}}
    assert client.post(PLACES, json=body, headers=KEY).status_code == 401
    refused = client.post(PLACES, json=body, headers={**KEY, **signed("lower")})
    assert refused.status_code == 403
    made = client.post(PLACES, json=body, headers={**KEY, **signed("upper")})
    assert made.status_code == 201


@pytest.mark.parametrize("age", [timedelta(0), KEPT_FOR + timedelta(seconds=1)])
def test_answers_are_forgotten(store: Store, age: timedelta) -> None:
    now = datetime(2026, 5, 3, tzinfo=UTC)
    assert claim(store, "k", "r", now) is None
    waiting = claim(store, "k", "r", now)
    assert waiting is not None
    assert waiting.status is None
    answer = KeptAnswer("r", 201, (("Location", "/x"),), b"{}")
    keep(store, "k", answer)
    assert claim(store, "k", "r", now + age) == (answer if not age else None)
