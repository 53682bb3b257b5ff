"""Reports that contradict each other over HTTP and on the page."""

import io
import re

from flask.testing import FlaskClient
from pictures import jpeg
from visits import VISIT, as_csv, rows

HTML = {"Accept": "text/html"}


def send(client: FlaskClient, day: str, surveyor: str, condition: str) -> None:
    table = [[*rows()[2][:3], *VISIT[:2], day, condition, surveyor, f"S{day}"]]
    sent = client.post(f"/submissions?file_name={surveyor}.csv", data=as_csv(table)).get_json()
    assert client.post(f"/submissions/{sent['id']}/commit").status_code == 200


def conflicting(client: FlaskClient) -> None:
    send(client, "2026-05-03", "甲", "完好")
    send(client, "2026-05-10", "乙", "损坏")


def test_a_conflict_is_listed_shown_and_decided(client: FlaskClient) -> None:
    assert client.get("/conflicts").get_json()["markers"] == []
    conflicting(client)
    (one,) = client.get("/conflicts").get_json()["markers"]
    path = one["href"].removeprefix("http://localhost")
    shown = client.get(path).get_json()
    assert shown["may_decide"]
    assert [report["condition"] for report in shown["reports"]] == ["damaged", "intact"]
    compared = [report["id"] for report in shown["reports"]]
    told = {"outcome": "holds", "report": compared[0], "reason": "照片", "compared": compared}
    for wrong in ({}, told | {"outcome": "maybe"}, told | {"compared": ["x"]}, told | {"more": 1}):
        assert client.post(path, json=wrong).status_code in {400, 422}
    assert client.post(path, json=told | {"compared": compared[:1]}).status_code == 409
    done = client.post(path, json=told)
    assert (done.status_code, done.get_json()["state"]) == (201, "damaged")
    assert done.get_json()["decisions"][0]["reason"] == "照片"
    assert client.post(path, json=told).status_code == 409
    assert client.get("/markers/999/conflict").status_code == 404


def test_the_page_decides_without_a_script(client: FlaskClient) -> None:
    conflicting(client)
    listed = client.get("/conflicts?lang=en", headers=HTML).get_data(as_text=True)
    assert "/markers/3/conflict" in listed
    page = client.get("/markers/3/conflict?lang=en", headers=HTML).get_data(as_text=True)
    values = re.findall(r'name="outcome" value="([^"]+)"', page)
    assert len(values) == 3
    form = {
        "outcome": values[0], "reason": "field photographs",
        "compared": re.findall(r'name="compared" value="([^"]+)"', page)[0],
    }  # fmt: skip
    answer = client.post("/markers/3/conflict?lang=en", data=form, headers=HTML)
    assert answer.headers["Location"] == "/markers/3/conflict?lang=en"
    after = client.get("/markers/3/conflict?lang=en", headers=HTML).get_data(as_text=True)
    assert "field photographs" in after
    assert 'name="outcome"' not in after


def test_photographs_stand_beside_the_report_of_their_visit(client: FlaskClient) -> None:
    conflicting(client)
    for day in ("2026-05-10", "2025-01-01"):
        sent = {"file": (io.BytesIO(jpeg()), f"{day}.jpg"), "claimed_on": day, "caption": day}
        assert client.post("/markers/3/photos", data=sent).status_code == 201
    reports = client.get("/markers/3/conflict").get_json()["reports"]
    assert [[one["caption"] for one in report["photos"]] for report in reports] == [
        ["2026-05-10"], [],
    ]  # fmt: skip
    assert "taken_lon" not in reports[0]["photos"][0]
    page = client.get("/markers/3/conflict", headers=HTML).get_data(as_text=True)
    assert page.count('<img src="/photos/') == 1


def test_it_waits_on_the_page_of_work(client: FlaskClient) -> None:
    conflicting(client)
    lists = {one["list"]: one["tasks"] for one in client.get("/work").get_json()["lists"]}
    (task,) = lists["conflicts"]
    assert task["href"].endswith("/markers/3/conflict")
    assert task["may_act"]
