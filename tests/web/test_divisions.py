"""Divisions in time over HTTP."""

from typing import Any

import pytest
from division_events import ESTABLISH, RENAME, TO_CITY, TRANSFER
from flask.testing import FlaskClient


def preview(client: FlaskClient, event: dict[str, Any]) -> dict[str, Any]:
    answer = client.post("/division-events/preview", json={"event": event})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def apply(client: FlaskClient, event: dict[str, Any]) -> dict[str, Any]:
    basis = preview(client, event)["basis"]
    answer = client.post("/division-events", json={"event": event, "basis": basis})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    assert answer.headers["Location"].endswith(f"/division-events/{found['id']}")
    return found


def test_preview_apply_and_look_up(client: FlaskClient) -> None:
    seen = preview(client, TO_CITY)
    assert seen["applicable"]
    assert seen["codes"] == {"990102": ["990181"]}
    assert seen["names"] == [{"old_code": "990102", "count": 1, "to": "990181"}]
    assert seen["counts"]["codes_changed"] == 1
    assert [(one["name"], one["parties"]) for one in seen["lines"]] == [
        ("东西线", {"990102": ["990181"]})
    ]
    done = apply(client, TO_CITY)
    assert done["changes"][0]["new_code"] == "990181"
    assert {clock["article"]: clock["due_on"] for clock in done["deadlines"]} == {
        "Art 15": "2025-01-31",
        "Art 17": "2024-04-01",
    }
    then = client.get("/divisions/990102?as_of=2024-02-29").get_json()
    assert then["state"]["name"] == "西旗"
    assert then["successors"] == [{"code": "990181", "name": "西市"}]
    assert client.get("/divisions/990102?as_of=2024-03-01").get_json()["state"] is None
    page = client.get("/divisions/990102", headers={"Accept": "text/html"})
    assert "西市" in page.get_data(as_text=True)


def test_lists_are_parted_into_pages_without_loss(client: FlaskClient) -> None:
    made = [apply(client, one)["id"] for one in (TRANSFER, ESTABLISH, RENAME)]
    seen: list[int] = []
    address = "/division-events?limit=1"
    while address:
        page = client.get(address).get_json()
        seen += [one["id"] for one in page["events"]]
        address = next((one["href"] for one in page["links"] if one["rel"] == "next"), "")
    assert seen == made[::-1]
    listed = client.get("/division-events?code=990101").get_json()["events"]
    assert [one["id"] for one in listed] == made[2:]
    assert client.get("/division-events?kind=merged").get_json()["events"] == []
    assert len(client.get("/division-events?since=2024-03-01").get_json()["events"]) == 3
    assert client.get("/division-events?until=2024-02-29").get_json()["events"] == []


def test_periods_are_settled_once_and_in_order(client: FlaskClient) -> None:
    made = apply(client, TO_CITY)
    address = f"/division-events/{made['id']}/settle"
    done = {"version": made["version"], "codes_published_on": "2024-03-20"}
    settled = client.post(address, json=done).get_json()
    by_code = {clock["code"]: clock for clock in settled["deadlines"]}
    assert by_code["codes_published"]["overdue"] is False
    assert client.post(address, json=done).status_code == 409
    early = {"version": settled["version"], "completed_on": "2023-12-31"}
    assert client.post(address, json=early).status_code == 400
    assert client.post("/division-events/99/settle", json=done).status_code == 404
    extended = client.post(address, json={"version": settled["version"], "extended": True})
    due = {clock["code"]: clock["due_on"] for clock in extended.get_json()["deadlines"]}
    assert due["carried_out"] == "2025-07-31"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"event": RENAME | {"kind": "gone"}}, 422, "faults-found"),
        ({"event": {"kind": "renamed"}}, 422, "faults-found"),
        ({"event": []}, 400, "invalid-value"),
        ({}, 400, "invalid-value"),
        ({"event": RENAME, "more": 1}, 400, "invalid-value"),
    ],
)
def test_a_bad_event_is_refused(
    client: FlaskClient, body: dict[str, Any], status: int, code: str
) -> None:
    answer = client.post("/division-events/preview", json=body)
    assert answer.status_code == status
    assert answer.get_json()["type"].endswith(code)


def test_what_cannot_be_applied_is_shown_and_refused(client: FlaskClient) -> None:
    wrong = RENAME | {"document": None}
    seen = preview(client, wrong)
    assert not seen["applicable"]
    assert [fault["code"] for fault in seen["faults"]] == ["decision-missing"]
    answer = client.post("/division-events", json={"event": wrong, "basis": seen["basis"]})
    assert answer.status_code == 422
    stale = client.post("/division-events", json={"event": RENAME, "basis": "0" * 64})
    assert stale.status_code == 409
    assert client.get("/division-events").get_json()["events"] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/divisions/999999", 404),
        ("/divisions/x", 404),
        ("/divisions/990101?as_of=yesterday", 400),
        ("/divisions/990101?on=2024-01-01", 400),
        ("/division-events/7", 404),
        ("/division-events?kind=gone", 400),
        ("/division-events?cursor=x", 400),
        ("/division-events?overdue=perhaps", 400),
        ("/division-events?since=2024", 400),
    ],
)
def test_bad_questions_are_refused(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_another_site_cannot_apply(client: FlaskClient) -> None:
    answer = client.post("/division-events", json={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
