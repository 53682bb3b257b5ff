"""Applications over HTTP: the whole way, the downloads, and what is refused."""

import io
import re
from collections.abc import Callable
from typing import Any

import naming_cases as cases
import pytest
from flask.testing import FlaskClient

from data import Actor, Store
from data.reference import cited
from web import accounts
from web.api import approvals as addresses

BODY = {
    "kind": "naming",
    "class": "street",
    "in": "990101",
    "name": "丁香路",
    "romanization": "Dīngxiāng Lù",
    "reasons": "新建道路",
    "position": "东起人民路",
    "extent": "长 1850 米",
    "nature": "次干路",
    "applied_on": "2026-03-01",
}
Act = Callable[..., Any]


@pytest.fixture
def act(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Act:
    """Send something in somebody's name on the day of the tests."""
    monkeypatch.setattr(addresses, "today", lambda: cases.TODAY)

    def send(who: Actor, path: str, body: Any = None, status: int = 200) -> Any:
        monkeypatch.setattr(accounts, "OPERATOR", who)
        answer = client.get(path) if body is None else client.post(path, json=body)
        assert answer.status_code == status, answer.get_data(as_text=True)
        assert "no-store" in answer.headers["Cache-Control"]
        return answer.get_json(force=True)

    return send


def test_the_whole_way(act: Act, client: FlaskClient) -> None:
    case = act(cases.EDITOR, "/approvals", BODY, 201)
    own = f"/approvals/{case['id']}"
    assert [s["step"] for s in act(cases.EDITOR, own)["next"]] == ["amend", "withdraw"]
    asked = {"version": case["version"], "name": "紫丁香路"}
    case = act(cases.EDITOR, f"{own}/amendment", asked)
    case = act(cases.APPROVER, f"{own}/acceptance", {"version": case["version"]})
    answers = cases.ANSWERS
    decision = {"version": case["version"], "approved": True, "decided_on": "2026-03-05"}
    decision |= {"number": cases.NUMBER, "answers": answers}
    case = act(cases.APPROVER, f"{own}/decision", decision)
    assert (case["state"], case["due_on"]) == ("approved", "2026-03-20")
    sent = {"version": case["version"], "done_on": "2026-03-06", "number": "1号"}
    case = act(cases.APPROVER, f"{own}/filing", sent)
    case = act(cases.UPPER, f"{own}/filing-acceptance", {"version": case["version"]})
    told = {"version": case["version"], "medium": "东旗人民政府网站"}
    case = act(cases.APPROVER, f"{own}/announcement", told)
    assert case["state"] == "closed"
    place = client.get(f"/collections/places/items/{case['place_id']}").get_json(force=True)
    assert place["properties"]["name"] == "紫丁香路"
    for one in case["documents"]:
        answer = client.get(one["href"])
        assert answer.data.startswith(b"PK")
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_filing_back_reminder_and_withdrawal(
    act: Act, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = cases.approved(filled)
    own = f"/approvals/{identity}"
    case = act(cases.APPROVER, own)
    case = act(cases.APPROVER, f"{own}/filing", {"version": case["version"]})
    wanted = {"version": case["version"], "note": "缺少申请书"}
    case = act(cases.UPPER, f"{own}/filing-return", wanted)
    assert case["filing_state"] == "returned"
    late = cases.date(2026, 4, 2)
    monkeypatch.setattr(addresses, "today", lambda: late)
    (first, *_) = act(cases.UPPER, "/approvals/clocks?state=overdue")["clocks"]
    assert (first["id"], first["days_left"]) == (identity, -13)
    case = act(cases.UPPER, f"{own}/reminder", {"version": case["version"], "note": "请办理"})
    assert "reminder" in {one["document"] for one in case["documents"]}
    other = cases.applied(filled, cases.replace(cases.STREET, name="别路"))
    case = act(cases.EDITOR, f"/approvals/{other}/withdrawal", {"version": 1, "note": "不再申请"})
    assert case["state"] == "withdrawn"


def test_a_place_tells_the_successor_of_its_former_name(client: FlaskClient, filled: Store) -> None:
    old = cases.street(filled)
    cases.approved(filled, cases.renaming(old))
    names = client.get(f"/collections/places/items/{old}").get_json(force=True)["properties"][
        "names"
    ]
    told = {name["text"]: name["successor"] for name in names}
    assert (told["旧街"], told["丁香路"]) == ("丁香路", None)


def test_experts_over_http(act: Act, filled: Store) -> None:
    one = {"name": "（专家甲）", "fields": ["历史"], "division_code": "990101"}
    expert = act(cases.APPROVER, "/experts", one, 201)
    changed = act(cases.APPROVER, f"/experts/{expert['id']}", one | {"version": 1, "title": "教授"})
    assert (changed["version"], changed["title"]) == (2, "教授")
    assert "name" not in act(cases.VIEWER, f"/experts/{expert['id']}")
    listed = act(cases.VIEWER, "/experts?field=history&limit=1")
    assert "（专家甲）" not in str(listed)
    identity = cases.accepted(filled)
    asked = {"version": cases.version(filled, identity), "expert_id": expert["id"]}
    case = act(cases.APPROVER, f"/approvals/{identity}/invitations", asked)
    said = {"version": case["version"], "expert_id": expert["id"], "vote": "for", "opinion": "好"}
    case = act(cases.APPROVER, f"/approvals/{identity}/opinions", said)
    assert case["votes"]["for"] == 1
    act(cases.APPROVER, "/experts?available_on=x", status=400)
    act(cases.ELSEWHERE, "/experts", one, 403)


def test_papers_come_and_go_as_they_were(
    act: Act, client: FlaskClient, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = cases.applied(filled)
    monkeypatch.setattr(accounts, "OPERATOR", cases.EDITOR)
    own = f"/approvals/{identity}/papers"
    form = {"file": (io.BytesIO(cases.PDF), "../../示意图.pdf"), "kind": "map"}
    answer = client.post(own, data=form)
    assert answer.status_code == 201
    (paper,) = answer.get_json(force=True)["papers"]
    assert (paper["file_name"], paper["media_type"]) == ("示意图.pdf", "application/pdf")
    got = client.get(paper["href"])
    assert got.data == cases.PDF
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    raw = client.post(f"{own}?kind=other&file_name=a.pdf&title=补充", data=cases.PDF)
    assert raw.get_json(force=True)["papers"][1]["title"] == "补充"
    for content, status in ((b"", 422), (b"GIF89a", 415), (b"PK\x03\x04", 422)):
        assert client.post(f"{own}?kind=map&file_name=a", data=content).status_code == status
    flood = client.post(f"{own}?kind=map&file_name=a.docx", data=bytes(60_000_000))
    assert flood.status_code == 413
    monkeypatch.setattr(accounts, "OPERATOR", cases.ELSEWHERE)
    assert client.get(paper["href"]).status_code == 403
    assert client.get(f"{own}/999").status_code == 403


def test_a_list_with_filters_and_pages(act: Act, filled: Store) -> None:
    for number in range(3):
        cases.applied(filled, cases.replace(cases.STREET, name=f"丁香{'一二三'[number]}路"))
    first = act(cases.EDITOR, "/approvals?limit=2&state=applied")
    assert [case["name"] for case in first["approvals"]] == ["丁香三路", "丁香二路"]
    (following,) = [link["href"] for link in first["links"] if link["rel"] == "next"]
    rest = act(cases.EDITOR, following.replace("http://localhost", ""))
    assert [case["name"] for case in rest["approvals"]] == ["丁香一路"]
    assert act(cases.EDITOR, "/approvals?overdue=true")["approvals"] == []
    act(cases.EDITOR, "/approvals?state=x", status=400)
    act(cases.EDITOR, "/approvals?overdue=x", status=400)
    act(cases.EDITOR, "/approvals?colour=red", status=400)
    act(cases.EDITOR, "/approvals/clocks?cursor=x", status=400)
    act(cases.STRANGER, "/approvals", status=403)


def test_refusals_have_their_status_and_code(act: Act, filled: Store) -> None:
    def code(answer: Any) -> str:
        return str(answer["type"]).rsplit("/", 1)[-1]

    memorial = BODY | {"class": "memorial", "name": "丁香纪念馆"}
    assert code(act(cases.EDITOR, "/approvals", memorial, 422)) == "no-authority"
    lacking = {"kind": "naming", "class": "street", "in": "990101", "name": "丁香路"}
    faults = act(cases.EDITOR, "/approvals", lacking, 422)["errors"]
    assert {f["column"] for f in faults} == {"reasons", "position", "extent", "nature"}
    assert code(act(cases.VIEWER, "/approvals", BODY, 403)) == "forbidden"
    identity = cases.accepted(filled)
    own = f"/approvals/{identity}/decision"
    stale = {"version": 1, "approved": True, "number": "1号"}
    assert code(act(cases.APPROVER, own, stale, 409)) == "conflict"
    seen = {"version": cases.version(filled, identity), "approved": True, "number": "1号"}
    assert code(act(cases.APPROVER, own, seen, 422)) == "missing-paper"
    early = seen | {"decided_on": "2020-01-01"}
    assert act(cases.APPROVER, own, early, 400)["field"] == "decided_on"
    wrong = seen | {"answers": {"x": 1}}
    assert act(cases.APPROVER, own, wrong, 400)["field"] == "answers.x"
    filing = f"/approvals/{identity}/filing"
    assert code(act(cases.APPROVER, filing, {"version": seen["version"]}, 409)) == "wrong-step"
    cases.street(filled, "丁香路")
    refused = act(cases.APPROVER, own, seen | {"answers": cases.ANSWERS}, 422)
    assert code(refused) == "name-refused"
    assert refused["errors"][0]["code"] == "same-name"
    act(cases.APPROVER, "/approvals/999", status=404)
    act(cases.APPROVER, f"/approvals/{identity}/documents/decision", status=404)


def test_a_page_for_people(
    client: FlaskClient, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = cases.applied(filled)
    monkeypatch.setattr(accounts, "OPERATOR", cases.APPROVER)
    for path in ("/approvals", f"/approvals/{identity}", "/approvals/clocks", "/experts"):
        page = client.get(path, headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert page.content_type.startswith("text/html")


@pytest.mark.parametrize(
    ("lang", "word"), [("zh", "您现在可以办理"), ("en", "Steps that you may take")]
)
def test_a_case_has_a_page(act: Act, client: FlaskClient, lang: str, word: str) -> None:
    case = act(cases.EDITOR, "/approvals", BODY | {"reasons": "<b>新建</b>"}, 201)
    answer = client.get(f"/approvals/{case['id']}?lang={lang}", headers={"Accept": "text/html"})
    page = answer.get_data(as_text=True).split("<main")[1]
    assert answer.status_code == 200
    assert word in page
    for one in (*case["next"], *case["check"]["findings"], *case["check"]["manual"]):
        assert one[lang] in page
        assert cited(one["article"], lang) in page  # type: ignore[arg-type]
    assert not re.search(r"L\d{3} Art", page)
    assert lang == "en" or " Art " not in page
    for one in case["documents"]:
        assert f"/approvals/{case['id']}/documents/{one['document']}" in page
    assert "<b>" not in page
