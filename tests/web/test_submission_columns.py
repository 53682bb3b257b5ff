"""Naming the columns of an inspection file over HTTP."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from visits import HEADER, as_csv, rows

STRANGE = ["桩", "甲", "乙", *HEADER[3:]]
NAMED = {"桩": "marker_no", "甲": "lon", "乙": "lat"}


def send(client: FlaskClient, header: list[str] | None = None) -> int:
    answer = client.post("/submissions?file_name=a.csv", data=as_csv(rows(), header))
    problem = answer.get_json()
    return int(problem.get("id") or problem["submission"])


def test_columns_are_named_as_the_file_is_sent(client: FlaskClient) -> None:
    content = as_csv(rows(), STRANGE)
    refused = client.post("/submissions?file_name=a.csv", data=content)
    assert refused.status_code == 422
    form = {
        "file": (io.BytesIO(content), "a.csv"),
        "map": [f"{column}={field}" for column, field in NAMED.items()],
    }
    sent = client.post("/submissions", data=form)
    assert sent.status_code == 201
    report = sent.get_json()
    assert (report["id"], report["mapping"]) == (refused.get_json()["submission"], NAMED)
    assert report["summary"] == {"in_place": 5}
    again = client.post(
        "/submissions", data=content,
        query_string={"map": '{"桩": "marker_no", "甲": "lon", "#3": "lat"}'},
    )  # fmt: skip
    assert again.get_json()["mapping"] == {"桩": "marker_no", "甲": "lon", "#3": "lat"}
    assert again.get_json()["summary"] == {"in_place": 5}


@pytest.mark.parametrize(
    "said", ["lon", '{"甲": 3}', "[1]", "{", '["甲"]', "甲=nothing", '{"甲": {"a": "b"}}']
)
def test_what_is_no_mapping_is_refused(client: FlaskClient, said: str) -> None:
    asked = {"map": said, "lang": "en"}
    answer = client.post("/submissions", data=as_csv(rows()), query_string=asked)
    assert answer.status_code == 400
    assert "map" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    "said", [["甲=lon", "甲=lat"], ['{"甲": "lon", "甲": "lat"}'], ['{"甲": "lon"}', "甲=lat"]]
)
def test_a_column_is_named_once(client: FlaskClient, said: list[str]) -> None:
    form = {"file": (io.BytesIO(as_csv(rows(), STRANGE)), "a.csv"), "map": said}
    answer = client.post("/submissions?lang=en", data=form)
    assert answer.status_code == 400
    assert "甲=lon, 甲=lat" in answer.get_json()["detail"]


def test_columns_are_named_afterwards(client: FlaskClient) -> None:
    identity = send(client, STRANGE)
    answer = client.post(f"/submissions/{identity}/columns", json={"mapping": NAMED})
    assert answer.get_json()["summary"] == {"in_place": 5}
    back = client.post(f"/submissions/{identity}/columns", json={"mapping": {}})
    assert back.get_json()["state"] == "refused"
    for body in ({}, {"mapping": []}, {"mapping": {"甲": "x"}}, {"other": 1}):
        refused = client.post(f"/submissions/{identity}/columns", json=body)
        assert refused.status_code in {400, 422}
    assert client.post("/submissions/999/columns", json={"mapping": {}}).status_code == 404


def test_the_page_offers_the_fields_and_takes_the_choice(client: FlaskClient) -> None:
    identity = send(client, STRANGE)
    page = client.get(f"/submissions/{identity}?f=html&lang=en").get_data(as_text=True)
    assert '<details class="panel columns" id="columns" open>' in page
    names = re.findall(r'select name="(column-\d+)"', page)
    assert len(names) == len(HEADER)
    chosen = dict.fromkeys(names, "-") | {
        "column-1": "marker_no", "column-2": "lon", "column-3": "lat", "column-4": "crs",
        "column-7": "condition",
    }  # fmt: skip
    html = {"Accept": "text/html"}
    answer = client.post(f"/submissions/{identity}/columns?lang=en", data=chosen, headers=html)
    assert answer.status_code == 303
    report = client.get(f"/submissions/{identity}").get_json()
    assert report["mapping"]["甲"] == "lon"
    assert report["mapping"]["检查人"] == "-"
    assert "坐标系" not in report["mapping"]
    assert [one["field"] for one in report["columns"]][4] is None


def test_what_was_sent_lately_is_listed_with_templates(client: FlaskClient) -> None:
    identity = send(client)
    (one,) = client.get("/submissions").get_json()["submissions"]
    assert (one["id"], one["state"], one["file_name"]) == (identity, "preview", "a.csv")
    page = client.get("/submissions?f=html").get_data(as_text=True)
    assert "inspection-template.xlsx" in page
    assert f"/submissions/{identity}" in page


def test_one_reads_ones_own_files_only(closed_app: Flask) -> None:
    assert closed_app.test_client().get("/submissions").status_code == 401
