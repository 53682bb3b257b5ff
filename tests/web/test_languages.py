"""An office's own language: one catalogue in a folder, and every page offers and speaks it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from web.site import extraction, speak

TEXTS = {"nav.map": "Газрын зураг", "page.language": "Монгол", "page.find": "Хайх"}
HTML = {"Accept": "text/html"}


@pytest.fixture
def reader(client: FlaskClient, tmp_path: Path) -> Iterator[FlaskClient]:
    file = extraction.begin(tmp_path, "mn")
    text = file.read_text(encoding="utf-8")
    for key, said in TEXTS.items():
        entry = re.compile(rf'(msgctxt "{re.escape(key)}"\nmsgid "[^"]*"\nmsgstr )""')
        text = entry.sub(lambda found, said=said: f'{found[1]}"{said}"', text)
    file.write_text(text, encoding="utf-8")
    speak(str(tmp_path))
    yield client
    speak("")


@pytest.mark.parametrize("path", ["/", "/map", "/search", "/lines", "/work", "/field", "/heritage"])
def test_a_page_speaks_what_was_translated_and_chinese_else(reader: FlaskClient, path: str) -> None:
    answer = reader.get(f"{path}?lang=mn", headers=HTML)
    assert answer.status_code == 200
    assert '<html lang="mn"' in answer.text
    assert "工作" in answer.text
    assert ("Газрын зураг" in answer.text) is (path != "/field")  # whose head has no map
    for tag, name in (("zh", "中文"), ("en", "English")):
        assert re.search(
            rf'href="{path}\?lang={tag}" hreflang="[^"]+" lang="[^"]+">{name}<', answer.text
        )


def test_a_page_offers_every_other_language_by_its_own_name(reader: FlaskClient) -> None:
    page = reader.get("/?lang=en", headers=HTML).text
    assert 'href="/?lang=mn" hreflang="mn" lang="mn">Монгол<' in page
    assert ">English<" not in page


def test_a_browser_of_that_language_needs_no_parameter(reader: FlaskClient) -> None:
    page = reader.get("/", headers=HTML | {"Accept-Language": "mn-MN,mn;q=0.9,en;q=0.5"}).text
    assert '<html lang="mn"' in page
    assert 'href="/map?lang=mn"' in page


def test_what_the_register_says_itself_is_chinese_there(reader: FlaskClient) -> None:
    problem = reader.get("/nowhere?lang=mn").get_json(force=True)
    assert problem["title"] == "未找到"
    shell = reader.get("/field/worker.js").text
    assert "/field?lang=mn" in shell


def test_the_classes_of_a_division_are_named_there_too(reader: FlaskClient) -> None:
    page = reader.get("/divisions/990101?lang=mn", headers=HTML).text
    counted = re.findall(r'<tr><td>([^<]*)</td><td class="number">', page)
    assert counted
    assert all(counted)


def test_a_language_that_is_not_installed_is_refused_with_those_that_are(
    reader: FlaskClient,
) -> None:
    answer = reader.get("/?lang=fr", headers={"Accept-Language": "en"})
    assert answer.status_code == 400
    assert "zh, zh-CN, zh-Hans, en, mn" in answer.get_json(force=True)["detail"]
