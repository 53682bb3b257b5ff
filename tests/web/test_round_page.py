"""The page of a joint inspection: both sides' observations stand side by side."""

import pytest
from flask.testing import FlaskClient
from visits import as_csv, moved_rows, rows

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
