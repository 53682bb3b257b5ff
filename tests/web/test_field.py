"""The addresses of the page for the field: what is taken along, what is sent, and how often."""

import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from closed_house import furnish, open_house
from flask.testing import FlaskClient
from pictures import jpeg
from sqlalchemy import func, select

from boundary import fieldwork
from boundary.field_tables import field_visit
from boundary.tables import inspection, marker, submission
from data import Actor, Forbidden, Grant, Role, Store
from web.app import create_app

NUMBER = "3f0b1c1e-0000-4000-8000-0000000000{:02x}"
HTML = {"Accept": "text/html"}


def visit(place: int = 1, **changes: Any) -> dict[str, Any]:
    """A visit to the second marker of the drawn region, three metres off, as a phone tells it."""
    now = datetime.now(UTC)
    said = {
        "client_id": NUMBER.format(place), "marker_id": 2, "condition": "intact",
        "observed_at": now.isoformat(timespec="seconds"), "lon": 112.00003, "lat": 41.4,
        "accuracy_95_m": 6.4, "fixed_at": now.isoformat(timespec="seconds"), "surveyor": "甲",
    }  # fmt: skip
    return {name: value for name, value in (said | changes).items() if value is not None}


@pytest.fixture
def count(filled: Store) -> Callable[..., int]:
    def of(table: Any) -> int:
        with filled.read() as connection:
            return int(connection.scalar(select(func.count()).select_from(table)) or 0)

    return of


@pytest.fixture
def planned(client: FlaskClient) -> int:
    answer = client.post("/rounds", json={"lines": [1], "name": "第一轮", "number": 1})
    return int(answer.get_json()["id"])


def test_a_visit_is_received_judged_and_answered(client: FlaskClient, filled: Store) -> None:
    answer = client.post("/field/inspections", json=visit())
    said = answer.get_json()
    assert answer.status_code == 201, said
    assert (said["client_id"], said["state"], said["repeated"]) == (
        NUMBER.format(1), "preview", False,
    )  # fmt: skip
    # A phone proves no displacement; how far it was off is told all the same. The plate has moved
    # some decimetres between the epochs of the device's system and the register's.
    assert said["result"]["verdict"] in {"in_place", "cannot_tell"}
    assert said["result"]["distance_m"] == pytest.approx(2.51, abs=0.9)
    assert said["result"]["zh"]
    assert said["result"]["en"]
    report = client.get(f"/submissions/{said['submission']}").get_json()
    assert (report["row_count"], report["notes"], report["faults"]) == (1, [], [])
    with filled.read() as connection:
        kept = connection.execute(select(field_visit)).one()
    assert (kept.accuracy_95_m, kept.marker_id) == (6.4, 2)
    assert kept.submission_id == said["submission"]


def test_the_stated_accuracy_stays_with_the_inspection(client: FlaskClient, filled: Store) -> None:
    said = client.post("/field/inspections", json=visit()).get_json()
    assert client.post(f"/submissions/{said['submission']}/commit").status_code == 200
    with filled.read() as connection:
        (raw, method, grade) = connection.execute(
            select(inspection.c.raw, inspection.c.method, inspection.c.grade)
        ).one()
    cells = json.loads(raw)
    assert (cells["accuracy_95_m"], cells["crs"]) == ("6.4", "WGS84")
    assert (method, grade) == ("手机", "phone")


def test_what_is_sent_again_is_the_same_even_after_days(
    client: FlaskClient, count: Callable[..., int]
) -> None:
    client.post("/field/inspections", json=visit())
    with time_machine.travel(datetime.now(UTC) + timedelta(days=9)):
        sent = visit(2)
        one = client.post("/field/inspections", json=sent).get_json()
    with time_machine.travel(datetime.now(UTC) + timedelta(days=40)):
        answer = client.post("/field/inspections", json=sent)
    assert answer.status_code == 200
    assert answer.get_json() == one | {"repeated": True}
    assert count(submission) == count(field_visit) == 2


def test_it_is_the_same_after_it_was_committed(
    client: FlaskClient, count: Callable[..., int]
) -> None:
    sent = visit()
    one = client.post("/field/inspections", json=sent).get_json()
    client.post(f"/submissions/{one['submission']}/commit")
    again = client.post("/field/inspections", json=sent)
    assert again.status_code == 200
    assert again.get_json()["state"] == "committed"
    assert again.get_json()["submission"] == one["submission"]
    client.post(f"/submissions/{one['submission']}/commit")
    assert count(inspection) == 1


def test_another_visit_under_the_same_number_changes_nothing(
    client: FlaskClient, count: Callable[..., int]
) -> None:
    sent = visit()
    assert client.post("/field/inspections", json=sent).status_code == 201
    other = client.post("/field/inspections", json=sent | {"condition": "damaged"})
    assert other.status_code == 409
    assert NUMBER.format(1) in other.get_json()["detail"]
    assert count(submission) == 1


def test_a_server_that_was_stopped_between_the_steps_goes_on(
    client: FlaskClient, filled: Store, count: Callable[..., int]
) -> None:
    sent = visit()
    one = client.post("/field/inspections", json=sent).get_json()
    with filled.write("tests", "as if stopped") as transaction:
        row = transaction.connection.execute(select(field_visit)).one()
        transaction.update(field_visit, row.id, row.version, {"submission_id": None})
    again = client.post("/field/inspections", json=sent).get_json()
    assert again["submission"] == one["submission"]
    with filled.read() as connection:
        assert connection.execute(select(field_visit)).one().submission_id == one["submission"]
    assert count(submission) == 1


def test_it_is_the_same_though_the_register_has_changed(
    client: FlaskClient, filled: Store, count: Callable[..., int]
) -> None:
    sent = visit()
    one = client.post("/field/inspections", json=sent).get_json()
    with filled.write("tests", "give it another line") as transaction:
        transaction.update(marker, 2, 1, {"line_code": "9902"})
    again = client.post("/field/inspections", json=sent)
    assert again.status_code == 200
    assert again.get_json()["submission"] == one["submission"]
    assert count(submission) == 1


def test_a_refused_visit_says_why_and_keeps_nothing(
    client: FlaskClient, count: Callable[..., int]
) -> None:
    wrong = visit(condition="好像坏了", tie1_distance_m=-1)
    answer = client.post("/field/inspections", json=wrong)
    assert answer.status_code == 422
    told = {one["column"]: one["zh"] for one in answer.get_json()["errors"]}
    assert set(told) == {"condition", "tie1_distance_m"}
    assert "好像坏了" in told["condition"]
    assert count(submission) == count(field_visit) == 0
    assert client.post("/field/inspections", json=visit()).status_code == 201


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"marker_id": 99}, 404),
        ({"round_id": 99}, 404),
        ({"client_id": None}, 400),
        ({"lon": "112"}, 400),
        ({"colour": "red"}, 400),
    ],
)
def test_what_does_not_fit_is_refused(
    client: FlaskClient, changes: dict[str, Any], status: int
) -> None:
    assert client.post("/field/inspections", json=visit(**changes)).status_code == status


def test_a_side_is_one_of_the_round(client: FlaskClient, planned: int) -> None:
    wrong = client.post("/field/inspections", json=visit(round_id=planned, side="990201"))
    assert [one["column"] for one in wrong.get_json()["errors"]] == ["side"]
    right = client.post("/field/inspections", json=visit(round_id=planned, side="990101"))
    assert right.status_code == 201


def test_photographs_follow_their_visit_to_the_inspection(client: FlaskClient) -> None:
    sent = visit()
    one = client.post("/field/inspections", json=sent).get_json()

    def photograph(place: int, number: str) -> Any:
        content = jpeg(size=(320 + place, 240))
        return client.post(
            "/markers/2/photos",
            data={"file": (io.BytesIO(content), f"{place}.jpg"), "client_id": number},
        )

    first = photograph(1, sent["client_id"])
    again = photograph(1, sent["client_id"])
    assert first.status_code == again.status_code == 201
    assert first.get_json()["id"] == again.get_json()["id"]
    assert photograph(2, NUMBER.format(9)).status_code == 400
    client.post(f"/submissions/{one['submission']}/commit")
    late = photograph(2, sent["client_id"])
    known = {row["inspection_id"] for row in client.get("/markers/2").get_json()["photos"]}
    assert late.get_json()["inspection_id"] is not None
    assert known == {late.get_json()["inspection_id"]}


def test_a_round_is_taken_along_in_the_order_of_its_tour(client: FlaskClient, planned: int) -> None:
    found = client.get(f"/rounds/{planned}/field.json").get_json()
    page = client.get(f"/rounds/{planned}").get_json()
    assert [one["id"] for one in found["markers"]] == [one["marker_id"] for one in page["route"]]
    assert [one["stop"] for one in found["markers"]] == [1, 2, 3, 4, 5]
    first = found["markers"][0]
    assert first["ties"][0]["name"] == "独立树"
    assert (first["lon"], first["tolerance_m"]) == (pytest.approx(112.0, abs=0.01), 0.2)
    assert {one["code"] for one in found["parties"]} == {"990101", "990102"}
    assert {"intact", "lost"} <= {one["code"] for one in found["conditions"]}
    assert found["crs"] == "EPSG:4490"


def test_the_page_is_the_same_for_everybody(filled: Store) -> None:
    client = create_app(filled).test_client()
    page = client.get("/field?lang=zh", headers=HTML)
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "csrf" not in text
    assert "operator" not in text
    assert "界桩外业" in text
    assert "Field inspections" in client.get("/field?lang=en", headers=HTML).get_data(as_text=True)


def test_the_worker_is_told_the_parts_and_is_another_with_each_version(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = client.get("/field/worker.js")
    assert answer.headers["Service-Worker-Allowed"] == "/field"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    told = re.match(r"self\.OVOO_SHELL = (\{.*\});\n", answer.get_data(as_text=True))
    assert told is not None
    shell = json.loads(told[1])
    assert shell["pages"] == ["/field?lang=zh", "/field?lang=en"]
    page = client.get("/field?lang=zh", headers=HTML).get_data(as_text=True)
    loaded = re.findall(r'<(?:script|link|img)[^>]*?(?:src|href)="([^"]*)"', page)
    assert loaded
    assert set(loaded) <= set(shell["files"])
    monkeypatch.setattr("web.api.field._files_version", lambda _: "another")
    assert client.get("/field/worker.js").data != answer.data


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_can_be_installed(client: FlaskClient, lang: str) -> None:
    answer = client.get(f"/field/manifest.webmanifest?lang={lang}")
    found = answer.get_json(force=True)
    assert answer.headers["Content-Type"].startswith("application/manifest+json")
    assert found["start_url"] == f"/field?lang={lang}"
    assert found["lang"] == {"zh": "zh-CN", "en": "en"}[lang]
    for icon in found["icons"]:
        assert client.get(icon["src"]).status_code == 200
    assert {one["purpose"] for one in found["icons"]} == {"any", "maskable"}


def test_who_may_take_along_and_send(store: Store) -> None:
    ids = furnish(store)
    app, known = open_house(store)
    client = app.test_client()
    body = visit(marker_id=ids["marker"], lon=112.0, lat=41.2)

    def statuses(reader: str) -> tuple[int, int, int]:
        headers = known[reader] | {"Accept": "application/json"}
        return (
            client.get("/field/session", headers=headers).status_code,
            client.get(f"/rounds/{ids['joint_round']}/field.json", headers=headers).status_code,
            client.post("/field/inspections", headers=headers, json=body).status_code,
        )

    assert statuses("anonymous") == (401, 404, 401)
    assert statuses("viewer@own") == (403, 404, 403)
    assert statuses("surveyor@other") == (200, 404, 404)
    assert statuses("surveyor@own") == (200, 200, 201)
    assert statuses("editor@own") == (200, 200, 409)  # the number is another account's
    assert client.get("/field", headers=known["viewer@own"]).status_code == 403


def send_all(client: FlaskClient, planned: int, **changes: Any) -> list[dict[str, Any]]:
    """A visit to each marker of the round."""
    places = {1: 41.2, 2: 41.4, 3: 41.6, 4: 41.6, 5: 41.8}
    answers = [
        client.post(
            "/field/inspections",
            json=visit(
                marker, marker_id=marker, round_id=planned, lat=lat,
                lon=112.001 if marker == 4 else 112.0, **changes,
            ),
        )
        for marker, lat in places.items()
    ]  # fmt: skip
    assert [one.status_code for one in answers] == [201] * 5
    return [one.get_json() for one in answers]


def test_visits_are_taken_into_their_round_at_once(
    client: FlaskClient, planned: int, count: Callable[..., int]
) -> None:
    send_all(client, planned, side="990101")
    page = f"/rounds/{planned}/visits"
    found = client.get(page).get_json()["visits"]
    assert [one["taken"] for one in found] == [None] * 5
    chosen = [one["client_id"] for one in found]
    done = client.post(page, json={"visits": chosen}).get_json()
    assert (len(done["taken"]), done["left"]) == (5, [])
    again = client.post(page, json={"visits": chosen}).get_json()
    assert again["left"] == []
    assert count(inspection) == 5
    seen = client.get(f"/rounds/{planned}").get_json()["progress"]
    assert seen["seen_by_990101"] == 5
    assert {one["taken"] for one in client.get(page).get_json()["visits"]} == {"990101"}


def test_a_visit_without_a_side_needs_one_and_strange_ones_are_refused(
    client: FlaskClient, planned: int, count: Callable[..., int]
) -> None:
    sent = send_all(client, planned)
    page = f"/rounds/{planned}/visits"
    chosen = [one["client_id"] for one in sent]
    left = client.post(page, data={"visits": chosen}).get_json()["left"]
    assert len(left) == 5
    assert count(inspection) == 0
    assert (
        len(client.post(page, data={"visits": chosen, "side": "990102"}).get_json()["taken"]) == 5
    )
    assert client.post(page, json={"visits": [NUMBER.format(99)]}).status_code == 400
    assert client.post(page, json={}).status_code == 400
    client.post(f"/rounds/{planned}/cancel", json={"reason": "重排"})
    assert client.post(page, json={"visits": chosen}).status_code == 409


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_office_sees_who_sent_what(client: FlaskClient, planned: int, lang: str) -> None:
    send_all(client, planned)
    page = f"/rounds/{planned}/visits?lang={lang}"
    text = client.get(page, headers=HTML).get_data(as_text=True)
    assert text.count('name="visits"') == 5
    chosen = {"visits": NUMBER.format(1), "side": "990101"}
    done = client.post(page, data=chosen, headers=HTML).get_data(as_text=True)
    assert {"zh": "已收入 1 条", "en": "1 taken in"}[lang] in done
    assert done.count('name="visits"') == 4


def test_another_person_commits_what_was_sent(store: Store) -> None:
    ids = furnish(store)
    app, known = open_house(store)
    client = app.test_client()
    page = f"/rounds/{ids['joint_round']}/visits"
    for place, reader in enumerate(("editor@own", "surveyor@own"), start=1):
        body = visit(
            place, marker_id=ids["marker"], round_id=ids["joint_round"], side="990101",
            lon=112.0, lat=41.2,
        )  # fmt: skip
        assert (
            client.post("/field/inspections", headers=known[reader], json=body).status_code == 201
        )
    chosen = {"visits": [NUMBER.format(1), NUMBER.format(2)]}
    for reader, status in (("viewer@own", 403), ("surveyor@own", 403), ("editor@other", 404)):
        assert client.post(page, headers=known[reader], json=chosen).status_code == status
    stranger = Actor("外人", frozenset({Grant(Role.EDITOR, "990201")}))
    with pytest.raises(Forbidden):
        fieldwork.take_in(store, stranger, ids["joint_round"], chosen["visits"], "990101")
    # Who may not take them in has not committed one on the way to the refusal.
    waiting = client.get(page, headers=known["editor@own"]).get_json()["visits"]
    assert {one["state"] for one in waiting} == {"preview"}
    done = client.post(page, headers=known["editor@own"], json=chosen).get_json()
    assert (len(done["taken"]), len(done["left"])) == (1, 1)
