"""Every page, rendered without a server in both languages."""

import re
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from jinja2 import Environment, FileSystemLoader, select_autoescape
from jinja2.runtime import Context

from web.site import TEMPLATES, install, navigation, spoken, translate
from web.site.helpers import other_formats

EVIL = "<img src=x onerror=alert(1)>\"'"
POINT = {"type": "Point", "coordinates": [111.7, 40.8]}
MARKER = {
    "type": "Feature",
    "id": 5,
    "geometry": POINT,
    "properties": {
        "marker_no": "1521001Q",
        "verdict": "displaced",
        "condition": "intact",
        "remark": EVIL,
        "synthetic": True,
    },
    "links": [{"rel": "collection", "href": "/collections/markers"}],
}
PLACE = {
    **MARKER,
    "properties": {
        "name": EVIL,
        "heritage": True,
        "names": [
            {"text": "ᠣᠪᠣᠭ᠎ᠠ", "language": "mn-Mong", "kind": "local", "status": "standard"},
            {"text": EVIL, "language": "zh-Hans", "kind": "former", "valid_to": "1990-01-01"},
        ],
    },
}
RESULT = {
    "row": 2,
    "marker_id": 5,
    "marker_no": "1521001Q",
    "match": "nearest",
    "condition": "intact",
    "verdict": "displaced",
    "distance_m": 1.834,
    "bearing_deg": 78.2,
    "tolerance_m": 0.3,
    "tolerance_source": EVIL,
    "mdd_m": 0.22,
    "synthetic": True,
    "zh": f"已超限差{EVIL}",
    "en": f"beyond tolerance {EVIL}",
    "proposal": {"zh": "重报", "en": "resubmit"},
}
UNMATCHED = {
    **dict.fromkeys(RESULT),
    "row": 3,
    "match": "none",
    "verdict": "resubmit",
    "zh": "写反了",
    "en": "swapped",
}
REPORT = {
    "id": 12,
    "state": "preview",
    "sha256": "ab" * 32,
    "file_name": EVIL,
    "received_at": "2026-05-01T00:00:00Z",
    "sent_by": EVIL,
    "row_count": 2,
    "summary": {"displaced": 1, "resubmit": 1},
    "faults": [{"code": "x", "row": None, "column": None, "value": EVIL, "zh": "坏", "en": "bad"}],
    "findings": [{"code": "shift", "zh": "整体偏移", "en": "one shift"}],
    "results": [RESULT, UNMATCHED],
}
HIT = {
    "type": "Feature",
    "geometry": POINT,
    "properties": {
        "name": EVIL,
        "matched": "呼市",
        "pass": "fuzzy",
        "division_path": ["内蒙古自治区", EVIL],
        "category_name": None,
        "heritage": True,
        "status": "former",
    },
}
COLLECTION = {
    "id": "markers",
    "title": EVIL,
    "description": EVIL,
    "extent": {"spatial": {"bbox": [[97.0, 37.0, 126.0, 53.0]]}},
    "crs": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"],
    "links": [{"rel": "items", "href": "/collections/markers/items", "type": "text/html"}],
}
PROBLEM = {
    "title": "Bad",
    "status": 422,
    "detail": EVIL,
    "errors": [{"row": 3, "column": "经度", "value": EVIL, "rule": "a number", "hint": EVIL}],
}
SELF = {"rel": "self", "href": "http://localhost/collections/markers/items?limit=2"}
NEXT = {"rel": "next", "href": "http://localhost/collections/markers/items?f=json&after=2"}
PAGES: list[tuple[str, dict[str, Any]]] = [
    ("map.html", {"links": []}),
    ("home.html", {"links": []}),
    ("home.html", {"figures": [{"key": "places", "value": 265800, "address": "/search"}]}),
    ("conformance.html", {"conformsTo": ["http://www.opengis.net/spec/core"]}),
    ("collections.html", {"collections": [COLLECTION, {"id": "bare"}]}),
    ("collection.html", COLLECTION),
    ("collection.html", {"id": "bare"}),
    ("items.html", {"features": [MARKER, PLACE], "links": [SELF, NEXT], "numberMatched": 5}),
    ("items.html", {"features": []}),
    ("item.html", MARKER),
    ("item.html", PLACE),
    ("item.html", {"id": 1, "geometry": None, "properties": {}}),
    ("search.html", {"features": [HIT]}),
    ("search.html", {"features": []}),
    ("submission.html", REPORT),
    ("submission.html", {**REPORT, "state": "committed", "results": [], "faults": []}),
    ("problem.html", PROBLEM),
    ("problem.html", {"title": "Not Found", "status": 404}),
    ("document.html", {"name": EVIL, "rows": [{"a": EVIL}], "part": {"deep": {"b": [PLACE]}}}),
    ("document.html", {"links": [SELF]}),
]


def render(
    template: str,
    doc: dict[str, Any],
    lang: str,
    address: str = "/x?q=呼市&limit=2",
    theme: str = "auto",
) -> str:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape())
    install(environment)
    path, _, query = address.partition("?")
    frame = {"nav": navigation(("administrator",), path), "here": path, "theme": theme}
    arguments = dict(pair.split("=") for pair in query.split("&") if pair)
    return environment.get_template(template).render(
        doc=doc,
        lang=lang,
        t=partial(translate, tag=lang),
        title="标题",
        **frame,
        alternate=[{"href": f"{path}?f=json", "type": "application/json", "title": "JSON"}],
        request=SimpleNamespace(full_path=address, path=path, args=arguments, method="GET"),
    )


@pytest.mark.parametrize("lang", spoken().tags)
@pytest.mark.parametrize(("template", "doc"), PAGES)
def test_every_page_is_safe_and_whole(template: str, doc: dict[str, Any], lang: str) -> None:
    page = render(template, doc, lang)
    assert page.rstrip().endswith("</html>")
    assert f'<html lang="{"en" if lang == "en" else "zh-CN"}" ' in page
    assert "<img src=x" not in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize("lang", spoken().tags)
@pytest.mark.parametrize(("template", "doc"), PAGES)
def test_no_page_needs_an_exception_of_the_content_policy(
    template: str, doc: dict[str, Any], lang: str
) -> None:
    page = render(template, doc, lang)
    tags = re.findall(r"<[a-z][^>]*>", page)
    assert not [
        tag for tag in tags if re.search(r"\s(style|on[a-z]+)=", re.sub(r'"[^"]*"', '""', tag))
    ]
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)", page)
    loaded = re.findall(r'<(?:script|link|img)[^>]*?(?:src|href)="([^"]*)"', page)
    assert loaded
    assert all(address.startswith("/") and not address.startswith("//") for address in loaded)


@pytest.mark.parametrize("sheet", sorted((TEMPLATES.parents[1] / "static").glob("*.css")))
def test_no_rule_of_a_style_sheet_swallows_the_next(sheet: Path) -> None:
    depth = [0]
    for sign in re.findall("[{}]", sheet.read_text(encoding="utf-8")):
        depth.append(depth[-1] + (1 if sign == "{" else -1))
    assert min(depth) == depth[-1] == 0


@pytest.mark.parametrize(("template", "doc"), PAGES)
def test_english_pages_link_to_english_pages(template: str, doc: dict[str, Any]) -> None:
    page = render(template, doc, "en")
    links = re.findall(r'<a class="brand" href="([^"]*)"', page)
    assert links == ["/?lang=en"]


def test_chinese_that_was_chosen_is_kept() -> None:
    assert '<a class="brand" href="/?lang=zh"' in render("home.html", {}, "zh", "/?lang=zh")
    assert '<a class="brand" href="/"' in render("home.html", {}, "zh", "/")


def test_the_other_language_keeps_the_query() -> None:
    page = render("search.html", {"features": []}, "zh")
    assert 'href="/x?q=%E5%91%BC%E5%B8%82&amp;limit=2&amp;lang=en"' in page


def test_a_report_answered_to_a_post_has_its_own_address_in_the_other_language() -> None:
    assert 'href="/submissions/12?lang=en"' in render("submission.html", REPORT, "zh")


def test_the_report_says_what_was_decided() -> None:
    assert "/commit" not in render("submission.html", REPORT, "en")
    page = render("submission.html", {**REPORT, "may_commit": True}, "en")
    for text in ("1.83 m → 78° ENE", "0.30 m", "0.22 m", "displaced", "by nearest marker"):
        assert text in page
    assert 'action="/submissions/12/commit?lang=en"' in page


def test_a_committed_report_offers_nothing_to_commit() -> None:
    page = render("submission.html", {**REPORT, "state": "committed"}, "zh")
    assert "/commit" not in page
    assert "回执编号 12" in page


def test_a_page_names_itself_as_data_and_not_as_a_page() -> None:
    page = {"href": "/x?f=html", "type": "text/html"}
    request = SimpleNamespace(full_path="/x?q=1&f=html", method="GET")
    found = other_formats(cast("Context", {"alternate": [page], "request": request}))
    assert [one["href"] for one in found] == ["/x?q=1&f=json"]
    posted = {"alternate": [page], "request": SimpleNamespace(method="POST")}
    assert other_formats(cast("Context", posted)) == []


def test_next_pages_are_pages() -> None:
    doc = {"features": [MARKER], "links": [SELF, NEXT]}
    page = render("items.html", doc, "en")
    assert (
        'href="http://localhost/collections/markers/items?after=2&amp;f=html&amp;lang=en"' in page
    )
    assert 'href="/collections/markers/items/5?lang=en"' in page


def test_mongolian_names_stand_upright_and_say_their_language() -> None:
    assert '<span class="mongolian" lang="mn-Mong">ᠣᠪᠣᠭ᠎ᠠ</span>' in render("item.html", PLACE, "zh")


def test_synthetic_records_say_so() -> None:
    assert "合成示例数据 synthetic" in render("item.html", MARKER, "zh")
    assert "合成示例数据 synthetic" in render("submission.html", REPORT, "zh")


def test_the_forms_work_without_a_script() -> None:
    page = render("map.html", {}, "en", "/map")
    assert '<form id="upload" class="upload" action="/submissions?lang=en" method="post"' in page
    assert 'enctype="multipart/form-data"' in page
    assert '<input type="hidden" name="f" value="html">' in page
    assert '<noscript><link rel="stylesheet" href="/static/noscript.css"></noscript>' in page


def test_the_page_that_is_read_is_marked_in_the_navigation() -> None:
    page = render("home.html", {}, "en", "/")
    assert '<a href="/?lang=en" aria-current="page">Home</a>' in page
    page = render("item.html", MARKER, "zh", "/markers/5")
    assert '<a href="/lines" aria-current="true">界线</a>' in page


@pytest.mark.parametrize(
    ("theme", "media"),
    [("auto", "screen and (prefers-color-scheme: dark)"), ("dark", "screen"), ("light", None)],
)
def test_the_dark_sheet_is_linked_for_whom_wants_it(theme: str, media: str | None) -> None:
    page = render("home.html", {}, "zh", "/", theme)
    assert ("dark.css" in page) is (media is not None)
    assert media is None or f'href="/static/dark.css" media="{media}"' in page
    assert page.count('aria-pressed="true"') == 1
    assert f'value="{theme}" aria-pressed="true"' in page
