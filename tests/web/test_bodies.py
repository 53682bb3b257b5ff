"""Both ways to read a body refuse the same things."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from web.bodies import body, json_body

KINDS, ASKED = "/approvals", "/rounds"
"""An address that states the kinds of its members, and one that asks member by member."""


@pytest.mark.parametrize("address", [KINDS, ASKED])
@pytest.mark.parametrize(
    "sent",
    [
        "{", "[]", "7", '"a"', '{"kind": NaN}', '{"kind": 1e999}', '{"kind": -Infinity}',
        '{"kind": "a", "kind": "b"}', '{"kind": "\\ud800"}', b'{"kind": "\xff"}',
        '{"kind":' + "[" * 100_000, '{"kind": {"a": 1, "a": 2}}', '{"nothing": 1}',
        '{"kind": ' + "9" * 5000 + "}", '{"kind": "a\\u0000b"}', '{"kind": "a\\u0007b"}',
        '{"kind": ["a"]}', '{"kind": true}', '{"kind": "' + "a" * 20_001 + '"}',
    ],
)  # fmt: skip
def test_what_is_no_member_is_refused(client: FlaskClient, address: str, sent: str | bytes) -> None:
    answer = client.post(address, data=sent, content_type="application/json")
    assert answer.status_code in {400, 422}, answer.text[:200]
    assert answer.content_type == "application/problem+json"


def test_texts_are_kept_composed_and_without_blanks_around(app: Flask) -> None:
    given = {"reason": " Cafe\u0301\u3000", "note": "\u3000 "}
    with app.test_request_context("/", method="POST", json=given):
        fields = body(("reason", "note"))
        assert (fields.text("reason"), fields.text("note")) == ("Café", None)
        assert json_body({"reason": "text", "note": "text"})["reason"] == "Café"


def test_a_part_of_a_form_without_a_name_is_refused_as_an_unknown_one(client: FlaskClient) -> None:
    form = b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    assert client.post("/rounds", data=form, content_type=kind).status_code == 400
