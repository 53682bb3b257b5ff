"""`POST /names/check`."""

from flask.testing import FlaskClient


def test_a_name_is_checked(client: FlaskClient) -> None:
    asked = {"name": "白音敖包", "class": "natural-village", "in": "990101"}
    found = client.post("/names/check", json=asked).get_json()
    assert (found["class"], found["division_path"]) == ("natural-village", "试验区 › 上盟 › 东旗")
    assert found["findings"][0]["zh"]
    assert found["manual"]


def test_a_page_shows_it(client: FlaskClient) -> None:
    asked = {"name": "巴黎路", "class": "street", "in": "东旗"}
    page = client.post("/names/check?f=html&lang=en", json=asked).get_data(as_text=True)
    assert "foreign-name" in page


def test_every_wrong_member_is_told_at_once(client: FlaskClient) -> None:
    answer = client.post("/names/check", json={"name": 7, "class": "street", "at": "x"})
    assert answer.status_code == 422
    assert {e["column"] for e in answer.get_json(force=True)["errors"]} == {"name", "in", "at"}


def test_one_wrong_member_is_named(client: FlaskClient) -> None:
    for body, field in (
        ({"name": "甲路", "class": "street"}, "in"),
        ({"name": "甲路", "class": "space", "in": "990101"}, "class"),
        ({"name": "甲路", "class": "street", "in": "1"}, "in"),
        ({"name": "甲路", "class": "street", "in": "990101", "measures": {"x": "y"}}, "measures.x"),
    ):
        answer = client.post("/names/check", json=body)
        assert (answer.status_code, answer.get_json(force=True)["field"]) == (400, field)


def test_what_is_no_json_is_refused(client: FlaskClient) -> None:
    for body in (b"{", b"[]", b'"x"', b"\xff"):
        answer = client.post("/names/check", data=body, content_type="application/json")
        assert (answer.status_code, answer.get_json(force=True)["field"]) == (400, "body")


def test_another_site_may_not_ask(client: FlaskClient) -> None:
    answer = client.post("/names/check", json={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
