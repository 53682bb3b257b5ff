"""Forms of pages beside JSON: the same acts, the same refusals, said where they belong."""

import io
from typing import Any

import naming_cases as cases
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from data import Actor, Store
from gazetteer.approvals.cases import papers_of
from web import accounts
from web.api import approvals as addresses
from web.bodies import body, json_body
from web.form_fields import nested

PAGE = {"Accept": "text/html"}
FORM = {
    "kind": "naming", "class": "street", "in": "990101", "name": "丁香路", "reasons": "新建道路",
    "position": "东起人民路", "extent": "长 1850 米", "nature": "次干路", "lon": "111.25",
    "lat": "41.25", "place_id": "", "applied_on": "2026-03-01",
}  # fmt: skip


@pytest.fixture(autouse=True)
def as_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "today", lambda: cases.TODAY)
    act_as(monkeypatch, cases.EDITOR)


def act_as(monkeypatch: pytest.MonkeyPatch, who: Actor) -> None:
    monkeypatch.setattr(accounts, "OPERATOR", who)


@pytest.mark.parametrize(
    ("fields", "members"),
    [
        ([("a", " "), ("b", "x")], {"b": "x"}),
        ([("t.1.p", "2"), ("t.0.p", "1"), ("t.2.p", "")], {"t": [{"p": "1"}, {"p": "2"}]}),
        ([("o.a", "1"), ("o.b", "2")], {"o": {"a": "1", "b": "2"}}),
        ([("l", "1"), ("l", "2"), ("csrf_token", "z")], {"l": ["1", "2"]}),
        ([("a.b.c.d.e.f.g", "1")], {"a": {"b": {"c": {"d": {"e": {"f.g": "1"}}}}}}),
    ],
)
def test_the_names_of_fields_tell_their_places(
    fields: list[tuple[str, str]], members: dict[str, Any]
) -> None:
    assert nested(fields) == members


def test_a_field_that_is_a_text_and_a_group_is_told_once(app: Flask) -> None:
    sent = MultiDict([("a", "1"), ("a.b", "2")])
    with app.test_request_context("/", method="POST", data=sent):
        assert body(("a",)).values["a"] == ["1", "2"]


def test_the_texts_of_a_form_are_read_by_their_kinds(app: Flask) -> None:
    kinds = {"n": "integer", "x": "number", "y": "flag", "d": "date", "t": "texts", "o": "object"}
    sent = {"n": " 7 ", "x": "0.5", "y": "true", "d": "2026-03-01", "t": "a", "o.b": "c"}
    with app.test_request_context("/", method="POST", data=sent):
        found = json_body(kinds)
    assert found == {
        "n": 7, "x": 0.5, "y": True, "d": cases.APPLIED, "t": ("a",), "o": {"b": "c"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"), [("lon", "nan"), ("lon", "x"), ("place_id", "1.5"), ("applied_on", "gestern")]
)
def test_what_is_not_of_its_kind_is_said_beside_its_field(
    client: FlaskClient, name: str, text: str
) -> None:
    answer = client.post("/approvals", data=FORM | {name: text}, headers=PAGE)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert f'id="apply-{name}-said"' in page
    assert f'value="{text}"' in page
    assert 'value="丁香路"' in page
    assert client.post("/approvals", data=FORM | {name: text}).get_json(force=True)["field"] == name


def test_a_browser_is_led_to_the_page_and_a_program_gets_the_record(client: FlaskClient) -> None:
    answer = client.post("/approvals?lang=en", data=FORM, headers=PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/approvals/1?lang=en")
    made = client.post("/approvals", data=FORM | {"name": "别路"})
    assert (made.status_code, made.get_json(force=True)["name"]) == (201, "别路")


def test_json_that_is_called_a_form_is_still_json(client: FlaskClient) -> None:
    text = '{"kind": "naming", "class": "street"}'
    answer = client.post("/approvals", data=text, content_type="application/x-www-form-urlencoded")
    assert answer.get_json(force=True)["field"] == "in"


def test_papers_come_with_the_application_or_nothing_is_kept(
    client: FlaskClient, filled: Store
) -> None:
    def sent(content: bytes) -> Any:
        files = [(io.BytesIO(b""), ""), (io.BytesIO(content), "../图.pdf")]
        form = FORM | {"paper_kind": ["plan", "map"], "paper": files}
        return client.post("/approvals", data=form, headers=PAGE)

    refused = sent(b"GIF89a")
    assert refused.status_code == 415
    assert 'role="alert"' in refused.get_data(as_text=True)
    assert "所选文件须重新选择：../图.pdf" in refused.get_data(as_text=True)
    assert client.get("/approvals").get_json()["approvals"] == []
    assert sent(cases.PDF).status_code == 303
    with filled.read() as connection:
        (paper,) = papers_of(connection, 1)
    assert (paper["kind"], paper["file_name"]) == ("map", "图.pdf")


def test_a_form_that_came_too_late_is_shown_with_the_record_as_it_is(
    client: FlaskClient, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = cases.accepted(filled)
    act_as(monkeypatch, cases.APPROVER)
    sent = {"version": "1", "number": "东政发〔2026〕9号", "approved": "true"}
    answer = client.post(f"/approvals/{identity}/decision?lang=en", data=sent, headers=PAGE)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "somebody has acted on it" in page
    assert "东政发〔2026〕9号" in page
    assert f'name="version" value="{cases.version(filled, identity)}"' in page
    assert f'href="/approvals/{identity}?lang=zh"' in page


def test_whoever_may_not_act_gets_the_problem_and_no_form(
    client: FlaskClient, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = cases.applied(filled)
    for who, step in ((cases.VIEWER, "acceptance"), (cases.ELSEWHERE, "acceptance")):
        act_as(monkeypatch, who)
        answer = client.post(f"/approvals/{identity}/{step}", data={"version": "1"}, headers=PAGE)
        assert answer.status_code == 403
        assert '<form class="fields"' not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["/approvals/99/decision", "/repairs/99/assign", "/rounds/99/signatures", "/experts/99"]
)
def test_a_form_about_nothing_is_told_that_there_is_nothing(client: FlaskClient, path: str) -> None:
    answer = client.post(path, data={"version": "x"}, headers=PAGE)
    assert answer.status_code == 404
    assert 'class="fields"' not in answer.get_data(as_text=True)


def test_an_expert_with_an_account_answers_without_a_role_to_act(
    client: FlaskClient, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    expert = {"name": "（专家甲）", "fields": ["历史"], "division_code": "990101"}
    act_as(monkeypatch, cases.APPROVER)
    made = client.post("/experts", json=expert | {"account": cases.VIEWER.name}).get_json()
    identity = cases.accepted(filled)
    act_as(monkeypatch, cases.VIEWER)
    own = f"/approvals/{identity}"
    assert client.get(own).get_json()["next"] == []
    act_as(monkeypatch, cases.APPROVER)
    asked = {"version": cases.version(filled, identity), "expert_id": made["id"]}
    assert client.post(f"{own}/invitations", data=asked).status_code == 200
    act_as(monkeypatch, cases.VIEWER)
    case = client.get(own).get_json()
    assert [one["step"] for one in case["next"]] == ["opine"]
    assert (case["opinions"][0]["own"], "name" in case["opinions"][0]) == (True, False)
    page = client.get(own, headers=PAGE).get_data(as_text=True)
    assert 'id="opinion"' in page
    said = {
        "version": str(case["version"]),
        "expert_id": made["id"],
        "vote": "for",
        "opinion": "好",
    }
    answer = client.post(f"{own}/opinions", data=said, headers=PAGE)
    assert answer.status_code == 303
    assert client.get(own).get_json()["votes"]["for"] == 1


def test_the_form_of_an_application_knows_the_place_it_is_about(
    client: FlaskClient, filled: Store
) -> None:
    old = cases.street(filled)
    page = client.get(f"/approvals/new?place={old}", headers=PAGE).get_data(as_text=True)
    assert "现名：旧街" in page
    assert '<option value="renaming" selected>' in page
    assert client.get("/approvals/new?place=999", headers=PAGE).status_code == 404
    assert "in" in client.get("/approvals/new").get_json()["fields"]


def test_an_expert_is_entered_and_changed_by_a_form(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    act_as(monkeypatch, cases.APPROVER)
    form = {"name": "（专家甲）", "division_code": "990101", "conflicts": "990102\r\n某单位"}
    refused = client.post("/experts", data=form, headers=PAGE)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 400
    assert 'id="expert-fields-said"' in page
    assert "某单位" in page
    form |= {"fields": ["history", "law"], "retired": "false"}
    made = client.post("/experts", data=form, headers=PAGE)
    assert (made.status_code, made.headers["Location"]) == (303, "/experts/1")
    known = client.get("/experts/1").get_json()
    assert (known["fields"], known["conflicts"]) == (["history", "law"], "990102|某单位")
    changed = form | {"version": "1", "fields": "mongolian", "retired": "true"}
    assert client.post("/experts/1", data=changed, headers=PAGE).status_code == 303
    known = client.get("/experts/1").get_json()
    assert (known["fields"], known["retired"]) == (["mongolian"], True)
    act_as(monkeypatch, cases.VIEWER)
    assert "某单位" not in client.get("/experts/1", headers=PAGE).get_data(as_text=True)
    assert "（专家甲）" not in client.get("/experts", headers=PAGE).get_data(as_text=True)
