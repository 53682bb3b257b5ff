"""Records by any code over HTTP."""

from flask.testing import FlaskClient

CODE = "91330100799655058B"


def test_a_code_is_given_found_and_ended(client: FlaskClient) -> None:
    body = {"scheme": "uscc", "value": CODE, "place_id": 1, "source": "证书"}
    made = client.post("/identifiers", json=body)
    assert made.status_code == 201
    again = client.post("/identifiers", json=body | {"place_id": 2})
    assert again.status_code == 409
    (match,) = client.get(f"/identifiers/{CODE}").get_json()["matches"]
    (record,) = match["records"]
    assert record["name"] == "白音敖包"
    assert client.get(f"/lookup?code={CODE}").get_json()["matches"] == [match]
    ended = client.post(
        f"/identifiers/{made.get_json()['id']}/end",
        json={"version": record["version"], "ended_on": "2024-01-01"},
    )
    assert ended.get_json()["valid_to"] == "2024-01-01"
    page = client.get("/lookup?code=990101", headers={"Accept": "text/html"})
    assert "东旗" in page.get_data(as_text=True)


def test_bad_codes_are_refused_or_explained(client: FlaskClient) -> None:
    wrong = {"scheme": "uscc", "value": CODE[:-1] + "C", "place_id": 1}
    answer = client.post("/identifiers", json=wrong)
    assert answer.status_code == 400
    assert "校验码应为“B”" in answer.get_json()["detail"]
    (match,) = client.get(f"/identifiers/{wrong['value']}").get_json()["matches"]
    assert "校验码" in match["fault"]["zh"]
    assert client.get("/lookup?code=").get_json()["matches"] == []
    assert client.post("/identifiers/9/end", json={"version": 1}).status_code == 404
