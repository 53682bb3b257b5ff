"""The dashboard: its figures are those of the register, its charts have tables and CSV."""

import pytest
from flask.testing import FlaskClient
from visits import as_csv, moved_rows

HTML = {"Accept": "text/html"}


def inspect(client: FlaskClient) -> None:
    sent = client.post("/submissions?file_name=x.csv", data=as_csv(moved_rows()))
    identity = sent.get_json(force=True)["id"]
    assert client.post(f"/submissions/{identity}/commit").status_code == 200


def parts_of(
    client: FlaskClient, address: str = "/dashboard"
) -> dict[str, list[dict[str, object]]]:
    document = client.get(address).get_json(force=True)
    return {one["key"]: one["rows"] for one in document["parts"]}


def test_figures_and_tables_follow_an_inspection(client: FlaskClient) -> None:
    before = client.get("/dashboard").get_json(force=True)
    assert before["figures"]["markers"] == 5
    assert before["figures"]["moved"] == 0
    inspect(client)
    after = client.get("/dashboard").get_json(force=True)
    assert after["figures"]["moved"] == 1
    parts = parts_of(client)
    upper = next(row for row in parts["markers"] if row["division"] == "上盟")
    assert (upper["displaced"], upper["total"]) == (1, 5)
    assert sum(int(str(row["total"])) for row in parts["verdicts"]) >= 1
    assert parts["risk"][0]["displaced"] == 1
    assert parts["risk"][0]["points"] == 5


def test_a_division_sees_its_own_lines(client: FlaskClient) -> None:
    assert parts_of(client, "/dashboard?within=990101")["markers"][0]["total"] == 5
    assert "markers" not in parts_of(client, "/dashboard?within=990200")
    assert client.get("/dashboard?within=000000").status_code == 400


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_chart_has_its_table_and_csv(client: FlaskClient, lang: str) -> None:
    inspect(client)
    text = client.get(f"/dashboard?lang={lang}", headers=HTML).get_data(as_text=True)
    charts, tables = text.count("<svg"), text.count("<table>")
    assert 1 <= charts <= tables
    for key in parts_of(client):
        assert f"/dashboard.csv?part={key}" in text
        answer = client.get(f"/dashboard.csv?part={key}&lang={lang}")
        assert answer.content_type.startswith("text/csv")
        assert answer.data.startswith(b"\xef\xbb\xbf")
        assert len(answer.data.decode().splitlines()) > 1


def test_an_unknown_part_is_refused(client: FlaskClient) -> None:
    assert client.get("/dashboard.csv?part=nothing").status_code == 400
