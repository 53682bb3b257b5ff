"""The annotated workbook and the receipt over HTTP."""

import io

import openpyxl
from flask.testing import FlaskClient
from visits import as_csv, moved_rows

HTML = {"Accept": "text/html"}


def send(client: FlaskClient) -> int:
    answer = client.post("/submissions?file_name=巡查.csv", data=as_csv(moved_rows()))
    return int(answer.get_json()["id"])


def test_the_workbook_is_a_file_to_save(client: FlaskClient) -> None:
    identity = send(client)
    answer = client.get(f"/submissions/{identity}/annotated.xlsx?lang=en")
    assert answer.status_code == 200
    assert "annotated.xlsx" in answer.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data))["Rows"]
    assert "displaced" in [cell.value for cell in sheet[3]]
    assert client.get("/submissions/999/annotated.xlsx").status_code == 404
    unreadable = client.post("/submissions?file_name=x.pdf", data=b"%PDF-1.7 \x00")
    other = unreadable.get_json()["submission"]
    assert client.get(f"/submissions/{other}/annotated.xlsx").status_code == 404


def test_the_receipt_comes_with_the_commit(client: FlaskClient) -> None:
    identity = send(client)
    path = f"/submissions/{identity}/receipt"
    assert client.get(path).status_code == 409
    client.post(f"/submissions/{identity}/commit")
    given = client.get(path).get_json()
    assert (given["submission"], given["inspections"]) == (identity, 5)
    assert given["verdicts"] == {"in_place": 4, "displaced": 1}
    page = client.get(f"{path}?lang=en", headers=HTML).get_data(as_text=True)
    assert given["sha256"] in page
    assert given["journal"]["hash"] in page
    report = client.get(f"/submissions/{identity}?lang=en", headers=HTML).get_data(as_text=True)
    assert f"{path}?lang=en" in report
    assert f"/submissions/{identity}/annotated.xlsx" in report
