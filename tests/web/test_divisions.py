"""Divisions in time over HTTP."""

import json
import re
from typing import Any

import pytest
from division_events import ESTABLISH, RENAME, SPLIT, TO_CITY, TRANSFER
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
        "L704 Art 15": "2025-01-31",
        "L704 Art 17": "2024-04-01",
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
        (f"/division-events?cursor=2024-03-01_{9 * 10**30}", 400),
        ("/division-events?overdue=perhaps", 400),
        ("/division-events?since=2024", 400),
    ],
)
def test_bad_questions_are_refused(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_another_site_cannot_apply(client: FlaskClient) -> None:
    answer = client.post("/division-events", json={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


PAGE = {"Accept": "text/html"}
FORM = {
    "event.kind": "更名", "event.effective_on": "2024-03-01", "event.approved_on": "2024-01-31",
    "event.document": "国函〔2024〕1号", "event.authority": "国务院", "event.source": "测试",
    "event.changes.0.old": "990101", "event.changes.0.new.code": "990101",
    "event.changes.0.new.name": "东敖包旗", "event.changes.0.new.takes_rest": "",
    "event.changes.1.old": "", "event.below": "named",
}  # fmt: skip


def page_of(client: FlaskClient, path: str, form: dict[str, str], status: int) -> str:
    answer = client.post(path, data=form, headers=PAGE)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def test_a_change_is_shown_by_a_form_before_it_is_applied_and_settled(client: FlaskClient) -> None:
    page = page_of(client, "/division-events/preview?lang=en", FORM, 200)
    assert "Nothing has been written yet" in page
    assert "东西线" in page
    assert client.get("/division-events").get_json()["events"] == []
    found = re.search(r'name="basis" value="([^"]+)"', page)
    assert found is not None
    applied = FORM | {"basis": found[1]}
    assert page_of(client, "/division-events", applied, 303) == ""
    assert client.get("/divisions/990101").get_json()["states"][-1]["name"] == "东敖包旗"
    again = page_of(client, "/division-events", applied, 409)
    assert "该变更已登记为第 1 号事件" in again
    assert 'value="东敖包旗"' in again
    early = {"version": "1", "completed_on": "2020-01-01"}
    assert 'id="settle-completed_on-said"' in page_of(
        client, "/division-events/1/settle", early, 400
    )
    done = {"version": "1", "completed_on": "2024-04-01"}
    assert page_of(client, "/division-events/1/settle", done, 303) == ""


def test_what_is_wrong_with_a_change_stands_beside_its_field(client: FlaskClient) -> None:
    wrong = FORM | {"event.effective_on": "?", "event.changes.0.new.code": "12"}
    page = page_of(client, "/division-events/preview", wrong, 422)
    assert 'id="event-event.effective_on-said"' in page
    assert 'id="event-event.changes.0.new.code-said"' in page
    lacking = FORM | {"event.document": ""}
    page = page_of(client, "/division-events/preview", lacking, 200)
    assert "不能办理" in page
    assert 'name="basis"' not in page


def test_an_outline_is_pasted_into_the_form(client: FlaskClient) -> None:
    outline = SPLIT["changes"][1]["new"]["outline"]
    form = FORM | {"event.kind": "split", "event.changes.0.old": "990201"}
    form |= {"event.changes.0.new.code": "990201", "event.changes.0.new.name": ""}
    form |= {"event.changes.1.old": "990201", "event.changes.1.new.code": "990203"}
    form |= {"event.changes.1.new.name": "新旗", "event.changes.1.new.outline": json.dumps(outline)}
    assert 'name="basis"' in page_of(client, "/division-events/preview", form, 200)
    form["event.changes.1.new.outline"] = "{"
    page = page_of(client, "/division-events/preview", form, 422)
    assert 'id="event-event.changes.1.new.outline-said"' in page
