"""The protection lists over HTTP."""

import io
from typing import Any

import naming_cases as cases
import pytest
from flask.testing import FlaskClient
from PIL import Image

from data import Store
from web import accounts


def body(place_id: int) -> dict[str, Any]:
    return {
        "place_id": place_id,
        "list_level": "banner",
        "category": "county",
        "first_record": "旧唐书",
        "first_record_source": "地理志",
        "first_record_year": 713,
        "measures": "立碑保护",
        "evidence": [
            {"criterion": "seat", "since_year": 713, "evidence": "置县", "source": "旧唐书"},
            {"criterion": "name", "since_year": 980, "evidence": "沿用", "source": "九域志"},
        ],
    }


def test_the_whole_way(client: FlaskClient, filled: Store) -> None:
    place_id = cases.street(filled)
    entry = client.post("/heritage", json=body(place_id)).get_json(force=True)
    own = f"/heritage/{entry['id']}"
    decided = {"version": 1, "document": "1号", "batch": "第一批"}
    entry = client.post(f"{own}/listing", json=decided).get_json(force=True)
    assert (entry["state"], [c["met"] for c in entry["criteria"]]) == ("listed", [True, True])
    place = client.get(f"/collections/places/items/{place_id}").get_json(force=True)
    assert place["properties"]["heritage"] is True
    changed = client.post(f"{own}/change", json={"version": 2, "custodian": "东旗"})
    assert changed.get_json(force=True)["custodian"] == "东旗"
    assert client.post(f"{own}/inspections", json={"condition": "kept"}).status_code == 201
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "blue").save(file, "PNG")
    shown = client.post(f"{own}/pictures?title=街口", data=file.getvalue()).get_json(force=True)
    picture = client.get(shown["pictures"][0]["href"])
    assert (picture.content_type, picture.data[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    listed = client.get("/heritage?division=990101&level=banner").get_json(force=True)
    assert [one["name"] for one in listed["entries"]] == ["旧街"]
    for kind in ("docx", "xlsx"):
        got = client.get(f"/heritage/list.{kind}?division=990101")
        assert got.data.startswith(b"PK")
        assert got.headers["Content-Disposition"].startswith("attachment")
    covered = client.get("/heritage/coverage").get_json(force=True)
    assert (covered["with_list"], covered["listed"]) == (1, 1)
    items = client.get("/collections/heritage/items?state=listed").get_json(force=True)
    assert items["numberReturned"] == 1
    gone = client.post(f"{own}/removal", json={"version": 3, "reason": "拆除"})
    assert gone.get_json(force=True)["state"] == "removed"
    for path in ("/heritage", own, "/heritage/coverage"):
        assert client.get(path, headers={"Accept": "text/html"}).status_code == 200


def test_refusals(client: FlaskClient, filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    place_id = cases.street(filled)
    for change, field in (
        ({"list_level": "x"}, "list_level"),
        ({"evidence": [{"height": 1}]}, "evidence.height"),
        ({"evidence": [{"since_year": True}]}, "evidence.since_year"),
        ({"evidence": "x"}, "evidence"),
    ):
        answer = client.post("/heritage", json=body(place_id) | change)
        assert (answer.status_code, answer.get_json(force=True)["field"]) == (400, field)
    lacking = client.post("/heritage", json=body(place_id) | {"first_record_year": 0})
    assert lacking.status_code == 422
    assert client.post("/heritage", json=body(9999)).status_code == 404
    bare = client.post("/heritage", json=body(place_id) | {"evidence": [], "measures": ""})
    own = f"/heritage/{bare.get_json(force=True)['id']}"
    decided = {"version": 1, "document": "1号", "batch": "第一批"}
    refused = client.post(f"{own}/listing", json=decided)
    assert refused.status_code == 422
    assert refused.get_json(force=True)["type"].endswith("not-listable")
    assert client.post(f"{own}/listing", json=decided | {"version": 7}).status_code == 409
    assert client.post(f"{own}/pictures?title=x", data=b"x").status_code == 415
    assert client.get("/heritage?category=x").status_code == 400
    assert client.get("/heritage/999").status_code == 404
    monkeypatch.setattr(accounts, "OPERATOR", cases.VIEWER)
    assert client.post(f"{own}/listing", json=decided).status_code == 403


HTML = {"Accept": "text/html"}


def test_a_listed_name_has_its_page_and_a_story(client: FlaskClient, filled: Store) -> None:
    entry = client.post("/heritage", json=body(cases.street(filled))).get_json(force=True)
    own = f"/heritage/{entry['id']}"
    client.post(f"{own}/listing", json={"version": 1, "document": "1号", "batch": "第一批"})
    assert "还没有人写下" in client.get(own, headers=HTML).get_data(as_text=True)
    form = client.get(f"{own}/story", headers=HTML).get_data(as_text=True)
    assert 'name="version" value="0"' in form
    told = "# 旧街\n\n**商号**云集。<script>alert(1)</script>"
    written = client.post(f"{own}/story", data={"version": "0", "text": told}, headers=HTML)
    assert (written.status_code, written.headers["Location"]) == (303, own)
    text = client.get(own, headers=HTML).get_data(as_text=True)
    assert "<h3>旧街</h3>" in text
    assert "<strong>商号</strong>" in text
    assert "<script>alert" not in text
    again = client.post(f"{own}/story", json={"version": 0, "text": "x"})
    assert again.status_code == 409
    changed = client.post(f"{own}/story", json={"version": 1, "text": "另写"}).get_json(force=True)
    assert (changed["story"]["text"], changed["story"]["version"]) == ("另写", 2)


def test_the_gallery_has_filters(client: FlaskClient, filled: Store) -> None:
    entry = client.post("/heritage", json=body(cases.street(filled))).get_json(force=True)
    listed = {"version": 1, "document": "1号", "batch": "第一批"}
    client.post(f"/heritage/{entry['id']}/listing", json=listed)
    blank = "f=html&level=&state=listed&division="
    shown = client.get(f"/heritage?category=county&{blank}").get_data(as_text=True)
    assert f'href="/heritage/{entry["id"]}"' in shown
    assert "千年古县" in shown
    other = client.get(f"/heritage?category=town&{blank}").get_data(as_text=True)
    assert "没有符合条件的名录条目" in other


def test_who_does_not_keep_the_list_writes_no_story(
    client: FlaskClient, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = client.post("/heritage", json=body(cases.street(filled))).get_json(force=True)
    monkeypatch.setattr(accounts, "OPERATOR", accounts.ANONYMOUS)
    own = f"/heritage/{entry['id']}/story"
    assert client.post(own, json={"version": 0, "text": "x"}).status_code == 401
