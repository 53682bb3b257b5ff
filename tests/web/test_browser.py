"""The map page in a real browser: look, search, drop a file, see verdicts, commit."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import region
from browsing import CHROMIUM, NEEDED, SWITCHES, watched_page
from playwright.sync_api import Page, expect, sync_playwright
from serving import served
from visits import as_csv, moved_rows

from data.store import create_store

pytestmark = NEEDED


# A busy machine draws late; what is waited for must still come.
expect.set_options(timeout=20_000)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A server of its own on the drawn region."""
    path = tmp_path / "region.gpkg"
    with create_store(str(path)) as store:
        region.fill(store)
    with served(str(path)) as running:
        yield running


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    """The map page, watched."""
    with watched_page(address) as opened:
        opened.goto(f"{address}map")
        yield opened


def test_the_map_is_drawn(page: Page) -> None:
    canvas = page.locator("canvas").first
    expect(canvas).to_be_visible()
    page.wait_for_load_state("networkidle")
    colours = canvas.evaluate(
        "c => new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size"
    )
    assert colours > 10


def test_a_name_is_found_and_shown(page: Page) -> None:
    box = page.get_by_role("combobox", name=re.compile("place name"))
    hits = page.get_by_role("listbox").get_by_role("option")
    box.fill("bayan")
    expect(hits.first).to_contain_text(re.compile("巴彦淖尔|白音敖包"))
    box.press("ArrowDown")
    box.press("Enter")
    expect(hits).to_have_count(0)


def test_a_file_is_checked_shown_and_committed(page: Page, address: str) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": "巡查.csv", "mimeType": "text/csv", "buffer": as_csv(moved_rows())}
    )
    row = page.get_by_role("row", name=re.compile("9901002Q"))
    expect(row).to_contain_text("displaced")
    expect(row).to_contain_text("2.00 m")
    with page.expect_response(re.compile("/commit")) as committed:
        page.get_by_role("button", name=re.compile("commit", re.IGNORECASE)).click()
    assert committed.value.status == 200
    expect(page.get_by_text(re.compile("committed", re.IGNORECASE)).first).to_be_visible()
    answer = page.request.get(f"{address}collections/markers/items?verdict=displaced&f=json")
    assert answer.json()["features"][0]["properties"]["marker_no"] == "9901002Q"


def test_a_bad_file_says_what_is_wrong(page: Page) -> None:
    with page.expect_response(re.compile("/submissions")) as answer:
        page.locator("input[type=file]").set_input_files(
            {"name": "x.csv", "mimeType": "text/csv", "buffer": "甲,乙\n1,2\n".encode()}
        )
    assert answer.value.status == 422
    expect(page.get_by_text(re.compile("marker_no")).first).to_be_visible()


def test_without_script_searching_and_sending_work(address: str, tmp_path: Path) -> None:
    file = tmp_path / "巡查.csv"
    file.write_bytes(as_csv(moved_rows()))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        page = browser.new_context(java_script_enabled=False, locale="zh-CN").new_page()
        page.goto(address)
        page.locator("form[action*=search] input[name=q]").first.fill("王爷庙")
        page.locator("form[action*=search] button").first.click()
        expect(page.get_by_text("乌兰浩特").first).to_be_visible()
        page.goto(f"{address}map")
        page.locator("input[type=file]").set_input_files(str(file))
        page.locator("form[action*=submissions] button").first.click()
        expect(page.get_by_role("row", name=re.compile("9901002Q"))).to_contain_text("移位")
        browser.close()


def test_the_front_page_suggests_and_leads_to_the_entry(page: Page, address: str) -> None:
    page.goto(address)
    box = page.get_by_role("combobox")
    box.fill("王爷")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("乌兰浩特")
    expect(option).to_contain_text("王爷庙")
    box.press("ArrowDown")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/collections/places/items/\d+\?lang=en$"))
    page.go_back()
    page.get_by_role("combobox").fill("鄂博")
    page.get_by_role("combobox").press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q="))
