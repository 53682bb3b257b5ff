"""The page of one's own work: what waits for whom, by role and division."""

from collections.abc import Mapping
from typing import Any

import pytest
from closed_house import furnish, open_house
from flask import Flask
from flask.testing import FlaskClient
from visits import as_csv, moved_rows

from data import Store

HTML = {"Accept": "text/html"}
Known = Mapping[str, Mapping[str, str]]


@pytest.fixture
def house(store: Store) -> tuple[Flask, Known, dict[str, int]]:
    ids = furnish(store)
    app, known = open_house(store)
    return app, known, ids


def lists_of(app: Flask, headers: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    answer = app.test_client().get("/work", headers=dict(headers))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    return {one["list"]: one["tasks"] for one in answer.get_json()["lists"]}


def test_each_reader_has_the_work_of_the_own_roles_and_divisions(
    house: tuple[Flask, Known, dict[str, int]],
) -> None:
    app, known, ids = house
    approver = lists_of(app, known["approver@own"])
    (case,) = approver["approvals"]
    assert case["href"].endswith(f"/approvals/{ids['approval']}")
    assert case["detail"] == "退回补正、受理"
    assert case["may_act"] is True
    assert case["who"] == {
        "roles": ["approver"], "division_code": "990100", "division_name": "上盟",
    }  # fmt: skip
    (repair,) = approver["repairs"]
    assert repair["who"]["division_code"] == "990101"
    assert repair["may_act"] is False
    (sign,) = approver["signs"]
    assert (sign["overdue"], sign["may_act"]) == (True, True)
    editor = lists_of(app, known["editor@own"])
    assert "approvals" not in editor
    assert [one["may_act"] for one in editor["repairs"] + editor["rounds"]] == [True, True]
    viewer = lists_of(app, known["viewer@own"])
    assert {"submissions", "reports", "rounds", "approvals"}.isdisjoint(viewer)
    assert [one["may_act"] for one in viewer["repairs"]] == [False]
    other = lists_of(app, known["approver@other"])
    assert {"approvals", "repairs", "rounds", "signs", "submissions"}.isdisjoint(other)


def test_who_has_not_signed_in_has_no_work(house: tuple[Flask, Known, dict[str, int]]) -> None:
    assert house[0].test_client().get("/work").status_code == 401


def test_what_was_sent_waits_until_it_is_committed_or_handled(client: FlaskClient) -> None:
    assert "submissions" not in client.get("/work").get_json()["counts"]
    sent = client.post("/submissions?file_name=x.csv", data=as_csv(moved_rows())).get_json()
    told = {"kind": "other", "told": "界桩旁堆土", "lon": 112, "lat": 41}
    assert client.post("/report-problem", json=told).status_code == 201
    work = client.get("/work?lang=en").get_json()
    lists = {one["list"]: one for one in work["lists"]}
    (file,) = lists["submissions"]["tasks"]
    assert (file["title"], file["may_act"]) == ("x.csv", True)
    assert file["who"]["roles"] == ["editor", "approver"]
    assert "界桩旁堆土" in lists["reports"]["tasks"][0]["detail"]
    assert client.post(f"/submissions/{sent['id']}/commit").status_code == 200
    after = client.get("/work").get_json()
    assert "submissions" not in after["counts"]
    assert after["counts"]["repairs"] == 1  # the displaced marker wants a repair


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_says_the_same_and_links_each(client: FlaskClient, lang: str) -> None:
    client.post("/submissions?file_name=<b>x.csv", data=as_csv(moved_rows()))
    work = client.get(f"/work?lang={lang}").get_json()
    page = client.get(f"/work?lang={lang}", headers=HTML).get_data(as_text=True)
    tasks = [task for one in work["lists"] for task in one["tasks"]]
    assert tasks
    for task in tasks:
        path = task["href"].removeprefix("http://localhost")
        assert path in page
        assert client.get(path, headers=HTML).status_code == 200
    assert "<b>x" not in page
    assert "{" not in page.split("<main")[1].split("</main>")[0]


def test_a_long_list_says_that_there_is_more(client: FlaskClient) -> None:
    for number in range(22):
        rows = moved_rows()
        rows[0][-2] = f"组{number}"
        client.post(f"/submissions?file_name={number}.csv", data=as_csv(rows))
    lists = {one["list"]: one for one in client.get("/work").get_json()["lists"]}
    assert len(lists["submissions"]["tasks"]) == 20
    assert lists["submissions"]["more"] is True
    assert "20" in client.get("/work", headers=HTML).get_data(as_text=True)
