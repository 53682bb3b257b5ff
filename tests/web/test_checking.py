"""`/check-text`: a text or a file in, what is not standard out."""

import io
from pathlib import Path
from typing import Any

import docx
import pytest
from flask.testing import FlaskClient

from data.store import Store
from gazetteer.tables import division


@pytest.fixture
def client(client: FlaskClient, filled: Store, tmp_path: Path, monkeypatch: Any) -> FlaskClient:
    """A client of the drawn region with a league of the past, 旧盟, whose code 上盟 has today."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with filled.write("tests", "a league of the past") as transaction:
        from datetime import date

        old = {"code": "990100", "name": "旧盟公署", "level": "prefecture", "in_region": True}
        transaction.insert(division, old | {"valid_to": date(1999, 1, 1)})
    return client


def word(text: str) -> bytes:
    made = docx.Document()
    made.add_paragraph(text)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def findings(client: FlaskClient, **request: Any) -> list[tuple[str, str, str]]:
    answer = client.post("/check-text", **request)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [(one["kind"], one["text"], one["standard"]) for one in answer.get_json()["findings"]]


EXPECTED = [("former", "旧盟公署", "上盟")]


def test_a_text_as_json(client: FlaskClient) -> None:
    assert findings(client, json={"text": "寄往旧盟公署。"}) == EXPECTED


def test_a_text_as_the_body_in_any_encoding(client: FlaskClient) -> None:
    for encoding in ("utf-8", "gb18030"):
        body = "各旗县区要提高认识，加强领导。寄往旧盟公署。".encode(encoding)
        assert findings(client, data=body, content_type="text/plain") == EXPECTED


def test_a_text_as_a_form(client: FlaskClient) -> None:
    assert findings(client, data={"text": "寄往旧盟公署。"}) == EXPECTED


def test_a_document_as_a_form(client: FlaskClient) -> None:
    upload = (io.BytesIO(word("寄往旧盟公署。")), "通知.docx")
    assert findings(client, data={"file": upload, "text": ""}) == EXPECTED


def test_a_commented_copy(client: FlaskClient) -> None:
    for request in (
        {"query_string": {"lang": "en", "f": "marked"}, "data": {}},
        {"query_string": {"lang": "en"}, "data": {"output": "marked"}},
    ):
        upload = (io.BytesIO(word("寄往旧盟公署。")), "通知.docx")
        data = {**request.pop("data"), "file": upload}
        answer = client.post("/check-text", data=data, **request)
        assert answer.status_code == 200
        assert (
            "filename*=UTF-8''%E9%80%9A%E7%9F%A5-checked.docx"
            in answer.headers["Content-Disposition"]
        )
        comments = list(docx.Document(io.BytesIO(answer.get_data())).comments)
        assert comments[0].text.startswith("standard: 上盟")


def test_a_commented_copy_of_a_text_is_refused_with_a_sentence(client: FlaskClient) -> None:
    answer = client.post(
        "/check-text?f=marked&file_name=a.txt&lang=zh", data="旧盟公署".encode(),
        content_type="application/octet-stream",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "DOCX" in answer.get_json(force=True)["detail"]


def test_the_page_works_without_a_script(client: FlaskClient) -> None:
    form = client.get("/check-text?f=html&lang=zh").get_data(as_text=True)
    assert 'enctype="multipart/form-data"' in form
    assert 'name="text"' in form
    answer = client.post(
        "/check-text?lang=zh",
        data={"text": "<b>寄往</b>旧盟公署。"},
        headers={"Accept": "text/html"},
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "旧盟公署</mark><ins>上盟</ins>" in page
    assert "<b>寄往</b>" not in page
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"data": b"", "content_type": "text/plain"}, 400),
        ({"data": {"text": "  "}}, 400),
        ({"json": {"text": 7}}, 400),
        ({"json": {}}, 400),
        ({"json": {"text": "a", "more": 1}}, 400),
        ({"data": b"\x89PNG\r\n\x1a\n....", "content_type": "image/png"}, 415),
        ({"data": b"%PDF-1.4 broken", "content_type": "application/pdf"}, 422),
        ({"query_string": {"f": "geojson"}, "json": {"text": "a"}}, 400),
        ({"query_string": {"what": "1"}, "json": {"text": "a"}}, 400),
    ],
)
def test_bad_requests_get_a_sentence(
    client: FlaskClient, request_: dict[str, Any], status: int
) -> None:
    answer = client.post("/check-text", **request_)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert len(answer.get_json(force=True)["detail"]) > 5


def test_a_file_over_the_limit_is_refused(client: FlaskClient) -> None:
    client.application.config["MAX_CONTENT_LENGTH"] = 1000
    upload = (io.BytesIO(b"x" * 5000), "a.docx")
    assert client.post("/check-text", data={"file": upload}).status_code == 413
