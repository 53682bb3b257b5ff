"""Indicators and publications over HTTP."""

import pytest
from flask.testing import FlaskClient


def test_indicators_and_their_report(client: FlaskClient) -> None:
    found = client.get("/indicators?as_of=2024-06-01&stage=mid").get_json()
    assert found["stage"] == "mid"
    by_code = {one["code"]: one for one in found["indicators"]}
    assert by_code["heritage_lists"]["target"] == 0.5
    (report,) = [one["href"] for one in found["links"] if "/report?" in one["href"]]
    answer = client.get(report)
    assert answer.status_code == 200
    assert answer.data[:2] == b"PK"
    assert "evaluation-mid-2024-06-01.docx" in answer.headers["Content-Disposition"]
    page = client.get("/indicators?f=html").get_data(as_text=True)
    assert "规划指标" in page


def test_publications_are_recorded_and_listed(client: FlaskClient) -> None:
    body = {"kind": "chronicle", "division_code": "990100", "title": "上盟地名志"}
    made = client.post("/publications", json=body | {"published_on": "2024-01-01"})
    assert made.status_code == 201
    listed = client.get("/publications?division=990100").get_json()["publications"]
    assert [one["title"] for one in listed] == ["上盟地名志"]
    assert client.post("/publications", json=body).status_code == 400


@pytest.mark.parametrize(
    "query", ["stage=start", "as_of=now", "within=999999", "since=2099-01-01", "by=x"]
)
def test_bad_questions_are_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/indicators?{query}").status_code == 400
    assert client.get(f"/indicators/report?{query}").status_code == 400
