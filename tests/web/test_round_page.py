"""The page of a joint inspection: both sides' observations stand side by side."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from visits import as_csv, moved_rows, rows

from boundary.tables import line
from data.store import Store

HTML = {"Accept": "text/html"}


@pytest.fixture
def contradicted(client: FlaskClient) -> int:
    """A round in which one side found the second marker displaced, the other in place."""
    sent = {"lines": [1], "name": "第一轮联检", "number": 1, "kind": "regular"}
    answer = client.post("/rounds", json=sent)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    identity = int(answer.get_json()["id"])
    for side, table in (("990101", moved_rows()), ("990102", rows())):
        for row in table:
            row[-2] = f"{side}组"
        file = client.post(f"/submissions?file_name={side}.csv", data=as_csv(table)).get_json()
        assert client.post(f"/submissions/{file['id']}/commit").status_code == 200
        taken = client.post(
            f"/rounds/{identity}/files", json={"submission": file["id"], "side": side}
        )
        assert taken.status_code == 200, taken.get_data(as_text=True)
    return identity


@pytest.mark.parametrize(("lang", "word"), [("zh", "互相矛盾"), ("en", "contradict each other")])
def test_contradicting_reports_stand_side_by_side(
    client: FlaskClient, contradicted: int, lang: str, word: str
) -> None:
    found = client.get(f"/rounds/{contradicted}").get_json()
    page = client.get(f"/rounds/{contradicted}?lang={lang}", headers=HTML).get_data(as_text=True)
    body = page.split("<main")[1]
    assert found["progress"]["conflict"] >= 1
    assert word in body
    for one in found["observations"]:
        assert one["marker_no"] in body
    assert "990101组" in body
    assert "990102组" in body
    assert body.count("<tr>") == len(found["observations"]) + len(found["route"]) + 2


def test_a_round_is_led_by_forms_from_its_plan_to_its_filing(client: FlaskClient) -> None:
    def send(path: str, form: dict[str, object], status: int = 303) -> str:
        answer = client.post(path, data=form, headers=HTML)
        page = answer.get_data(as_text=True)
        assert answer.status_code == status, page
        return answer.headers.get("Location") or page

    offered = client.get("/rounds/new?line=1", headers=HTML).get_data(as_text=True)
    assert 'value="1" checked' in offered
    plan = {"kind": "special", "teams.0.party": "990101", "teams.0.leader": "甲"}
    refused = send("/rounds", plan, 400)
    assert 'id="plan-lines-said"' in refused
    assert 'value="甲"' in refused
    assert 'id="plan-event-said"' in send("/rounds", plan | {"lines": "1"}, 400)
    own = send("/rounds", plan | {"lines": "1", "kind": "regular"})
    teams = client.get(own).get_json()["teams"]
    assert [(one["party"], one["leader"]) for one in teams] == [("990101", "甲")]
    for side, table in (("990101", moved_rows()), ("990102", rows())):
        file = client.post(f"/submissions?file_name={side}.csv", data=as_csv(table)).get_json()
        client.post(f"/submissions/{file['id']}/commit")
        assert send(f"{own}/files", {"submission": str(file["id"]), "side": side}) == own
    page = client.get("/rounds", headers=HTML).get_data(as_text=True)
    assert "矛盾 1" in page
    assert "核定" in send(f"{own}/signatures", {"party": "990101", "name": "某"}, 409)
    agreed = {"marker": "2", "condition": "intact", "verdict": "in_place"}
    assert "各方同意人" in send(f"{own}/decisions", agreed | {"agreed_by": ["某", ""]}, 409)
    send(f"{own}/decisions", agreed | {"agreed_by": ["某", "另一人"]})
    for party in ("990101", "990102"):
        send(f"{own}/signatures", {"party": party, "name": "某", "role": "局长"})
    assert "批准机关" in send(f"{own}/filing", {"filed_with": ""}, 409)
    send(f"{own}/filing", {"filed_with": "自治区人民政府", "filing_no": "1号"})
    shown = client.get(own, headers=HTML).get_data(as_text=True)
    assert "已备案" in shown
    assert 'class="fields"' not in shown


def test_an_earlier_round_is_recorded_by_a_form(client: FlaskClient) -> None:
    sent = {"lines": "1", "number": "1", "completed_on": "2022-05-01"}
    answer = client.post("/rounds/past", data=sent, headers=HTML)
    assert answer.status_code == 303
    calendar = client.get("/rounds/calendar", headers=HTML).get_data(as_text=True)
    assert '<time datetime="2027-05-01">05-01</time>' in calendar
    refused = client.post("/rounds/past", data={"lines": "1"}, headers=HTML)
    assert 'id="past-completed_on-said"' in refused.get_data(as_text=True)


def test_the_calendar_is_that_of_the_last_write(client: FlaskClient, filled: Store) -> None:
    def due() -> list[str]:
        (one,) = client.get("/rounds/calendar?years=1").get_json()["lines"]
        return list(one["due"])

    before = due()
    assert due() == before
    with filled.write("tests", "an approval") as transaction:
        transaction.update(line, 1, 1, {"approved_on": date(1990, 5, 28)})
    assert due() == ["1995-05-28"]
    assert before != ["1995-05-28"]
