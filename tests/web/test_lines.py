"""Lines and markers over HTTP: pages, papers, acts, photographs, refusals, on both stores."""

import io
from typing import Any

import docx
import openpyxl
import pytest
from flask.testing import FlaskClient
from pictures import jpeg
from PIL import Image

BOTH = ["990101", "990102"]


def test_a_line_has_its_page_in_json_and_html(client: FlaskClient) -> None:
    listed = client.get("/lines?party=990101").get_json()
    assert [one["name"] for one in listed["lines"]] == ["东西线"]
    page = client.get("/lines/1").get_json()
    assert page["line"]["code"] == "9901"
    assert len(page["markers"]) == 5
    html = client.get("/lines/1?f=html").get_data(as_text=True)
    assert "东西线" in html
    assert "9901003B" in html
    for link in page["links"]:
        assert client.get(link["href"]).status_code == 200, link


def test_lists_go_on_by_key(client: FlaskClient) -> None:
    assert client.get("/lines?limit=1").get_json()["links"][-1]["rel"] == "self"
    assert client.get("/lines?cursor=1").get_json()["lines"] == []
    assert client.get("/lines?color=red").status_code == 400


def test_sections_are_put_and_their_faults_told(client: FlaskClient) -> None:
    wrong = {"version": 1, "sections": [{"kind": "墙"}, {"kind": "线状地物"}]}
    refused = client.put("/lines/1/sections", json=wrong)
    assert refused.status_code == 422
    assert [one["row"] for one in refused.get_json()["errors"]] == [1, 2]
    right = {"version": 1, "sections": [{"kind": "界桩", "state": "争议", "length_m": 100.5}]}
    assert client.put("/lines/1/sections", json=right).get_json()["version"] == 2
    assert client.get("/lines/1").get_json()["line"]["state"] == "disputed"
    assert client.put("/lines/1/sections", json=right).status_code == 409
    odd = {"version": 2, "sections": [{"kind": "界桩", "colour": "red"}]}
    assert client.put("/lines/1/sections", json=odd).get_json()["field"] == "colour"


def test_documents_findings_and_agreements(client: FlaskClient) -> None:
    sent = {"kind": "勘界协议书", "title": "协议", "file": (io.BytesIO(b"%PDF-1.7"), "协议.pdf")}
    made = client.post("/lines/1/documents", data=sent)
    assert made.status_code == 201
    answer = client.get(made.headers["Location"])
    assert answer.data == b"%PDF-1.7"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "sandbox" in answer.headers.getlist("Content-Security-Policy")[0]
    bare = client.post(
        "/lines/1/documents", json={"kind": "批复", "title": "批复", "number": "1号"}
    )
    assert client.get(bare.headers["Location"]).status_code == 404
    finding = client.post("/lines/1/findings", json={"kind": "河流改道", "text": "北移"})
    settled = f"/findings/{finding.get_json()['id']}/settle"
    assert client.post(settled, json={"settlement": "按原线"}).status_code == 200
    assert (
        client.post(settled, json={"settlement": "按原线"})
        .get_json()["type"]
        .endswith("wrong-state")
    )
    agreement = {"title": "平安边界协议", "signed_on": "2024-05-01", "number": "平1号"}
    assert client.post("/lines/1/safe-boundaries", json=agreement).status_code == 201
    page = client.get("/lines/1").get_json()
    assert page["safe_boundaries"][0]["documents"][0]["number"] == "平1号"
    assert len(page["documents"]) == 2


@pytest.mark.parametrize(
    ("path", "sent", "field"),
    [
        ("/lines/1/findings", {"kind": "河流改道"}, "text"),
        ("/lines/1/findings", {"kind": "改道", "text": "x"}, "kind"),
        ("/lines/1/findings", {"kind": "河流改道", "text": "x", "found_on": "昨天"}, "found_on"),
        ("/lines/1/safe-boundaries", {"title": "x", "valid_to": "2024"}, "valid_to"),
        ("/lines/1/documents", {"title": "x"}, "kind"),
        ("/lines/1/documents", {"kind": "批复", "title": "x", "y": 1}, "y"),
        ("/markers/1/acts", {"kind": "修复"}, "version"),
        ("/markers/1/acts", {"kind": "修复", "version": "x"}, "version"),
        ("/markers/1/acts", {"kind": 5, "version": 1}, "kind"),
        ("/markers/1/acts", {"kind": "修复", "version": 1, "parties": [1]}, "parties"),
        ("/markers/1/acts", {"kind": "修复", "version": 1, "sigma_m": "nan"}, "sigma_m"),
        ("/markers/1/relocation", {"version": 1}, "lon"),
    ],
)
def test_a_bad_field_is_named(
    client: FlaskClient, path: str, sent: dict[str, Any], field: str
) -> None:
    answer = client.post(path, json=sent)
    assert (answer.status_code, answer.get_json()["field"]) == (400, field)


def test_papers_are_files(client: FlaskClient) -> None:
    answer = client.get("/markers/1/sheet.docx")
    assert docx.Document(io.BytesIO(answer.data)).paragraphs[0].text == "界桩登记表"
    assert "UTF-8''9901001Q" in answer.headers["Content-Disposition"]
    for path, sheet in (
        ("/markers/1/sheet.xlsx", "界桩登记表"),
        ("/lines/1/results.xlsx", "界桩成果表"),
    ):
        book = openpyxl.load_workbook(io.BytesIO(client.get(path).data))
        assert book.sheetnames == [sheet]
    assert client.get("/markers/1/sheet.json").get_json()["sheet"]["marker_no"] == "9901001Q"
    assert len(client.get("/lines/1/results.json").get_json()["markers"]) == 5
    assert client.get("/lines/1/results.exe").status_code == 404


def test_an_act_lacks_nothing_or_is_refused(client: FlaskClient) -> None:
    act = {"kind": "修复", "version": 1, "happened_on": "2026-06-01"}
    refused = client.post("/markers/1/acts", json=act, headers={"Accept-Language": "zh"})
    assert refused.status_code == 409
    assert refused.get_json()["type"].endswith("not-lawful")
    assert "990101" in refused.get_json()["detail"]
    assert client.post("/markers/1/acts", json=act | {"parties": BOTH}).status_code == 201
    page = client.get("/markers/1").get_json()
    assert [one["kind"] for one in page["history"]] == ["repair"]


def test_a_relocation_leads_to_the_new_record(client: FlaskClient) -> None:
    form = {
        "version": "1", "happened_on": "2026-06-01", "parties": "990101，990102",
        "agreement": "变1号", "survey_method": "静态", "surveyed_on": "2026-05-30",
        "lon": "112.0005", "lat": "41.2", "document_title": "变更协议",
        "file": (io.BytesIO(b"paper"), "a.pdf"),
    }  # fmt: skip
    made = client.post("/markers/1/relocation", data=form)
    assert made.status_code == 201, made.get_data(as_text=True)
    new = client.get(made.headers["Location"]).get_json()
    assert new["history"][0]["documents"][0]["title"] == "变更协议"
    assert client.get("/markers/1").get_json()["valid_to"] == "2026-06-01"
    position = client.get("/collections/markers/items/1").get_json()["geometry"]["coordinates"]
    assert position == [112.0, 41.2]


def test_a_photograph_is_shown_without_the_cameras_notes(client: FlaskClient) -> None:
    sent = {"file": (io.BytesIO(jpeg()), "../../桩.jpg"), "claimed_on": "2020-01-01"}
    made = client.post("/markers/1/photos", data=sent)
    assert made.status_code == 201
    said = made.get_json()
    assert said["file_name"] == "桩.jpg"
    assert [one["code"] for one in said["findings"]] == ["other_time"]
    shown = client.get(made.headers["Location"])
    assert shown.content_type == "image/jpeg"
    assert not Image.open(io.BytesIO(shown.data)).getexif()
    assert client.post("/markers/1/photos", data={"caption": "x"}).status_code == 400
    text = {"file": (io.BytesIO(b"MZ"), "a.jpg")}
    assert client.post("/markers/1/photos", data=text).status_code == 415


def test_pages_of_other_sites_may_not_write(client: FlaskClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    for path in ("/lines/1/findings", "/markers/1/acts"):
        assert client.post(path, json={}, headers=headers).status_code == 403


@pytest.mark.parametrize("path", ["/lines/99", "/markers/99", "/photos/9", "/documents/9"])
def test_what_is_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
