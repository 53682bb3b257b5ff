"""Upright Mongolian on a machine without such a font: it comes with the page that needs it."""

import os
from collections.abc import Iterator

import pytest
import region
from browsing import CHROMIUM, NEEDED, ROOT, SWITCHES
from playwright.sync_api import Page, sync_playwright
from serving import served

from data.store import create_store

FONT = "static/front/noto-sans-mongolian.woff2"
WITHOUT = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><selectfont><rejectfont>
<pattern><patelt name="family"><string>Noto Sans Mongolian</string></patelt></pattern>
</rejectfont></selectfont></fontconfig>"""
# What the installed fonts draw for a letter that they lack has the same width whatever the letter.
LETTERS = """() => ['\\u182A', '\\u1820', '\\u1822'].map(letter => {
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = '40px "Noto Sans Mongolian"';
  return pen.measureText(letter).width;
})"""

pytestmark = [
    *NEEDED,
    pytest.mark.skipif(not (ROOT / "web" / FONT).exists(), reason="the pages are not built"),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("font") / "region.gpkg"
    with create_store(str(path)) as store:
        region.fill(store)
    with served(str(path)) as running:
        yield running.rstrip("/")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page on a machine that has no font for Mongolian script."""
    settings = tmp_path_factory.mktemp("fonts") / "fonts.conf"
    settings.write_text(WITHOUT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=SWITCHES,
            env={**os.environ, "FONTCONFIG_FILE": str(settings)},
        )  # fmt: skip
        yield browser.new_page(viewport={"width": 1280, "height": 900}, locale="zh-CN")
        browser.close()


def fetched(page: Page, address: str) -> list[int]:
    """The statuses of the answers to requests for the font, as a page is opened."""
    found: list[int] = []
    page.on("response", lambda one: found.append(one.status) if FONT in one.url else None)
    page.goto(address, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    return found


def test_the_font_comes_only_where_the_script_stands(page: Page, address: str) -> None:
    assert fetched(page, f"{address}/lines") == []
    assert fetched(page, f"{address}/collections/places/items/1") == [200]
    assert page.evaluate("document.fonts.check('20px \"Noto Sans Mongolian\"', '\\u182A')")
    assert len(set(page.evaluate(LETTERS))) > 1


def test_its_licence_lies_beside_it(page: Page, address: str) -> None:
    answer = page.request.get(f"{address}/static/front/noto-sans-mongolian-OFL.txt")
    assert "SIL Open Font License" in answer.text()
