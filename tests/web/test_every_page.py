"""Every page in a real browser: no barrier (axe-core), no script fault, nothing from elsewhere.

axe-core checks what can be checked of WCAG 2.2 A and AA by rule; it is a development dependency of
`web/frontend` and is evaluated in the page, past its content policy.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import region
from browsing import AXE, LEFT, WIDER, barriers, dark_barriers
from division_events import RENAME
from flask.testing import FlaskClient
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from serving import served
from sqlalchemy import select
from visits import HEADER, as_csv, moved_rows, rows
from werkzeug.test import TestResponse

from data.geometry import point_wkb
from data.store import Store, create_store
from gazetteer.signs import sign
from gazetteer.tables import place
from web.app import create_app

CHROMIUM = shutil.which("chromium")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MOST_BYTES_OF_HOME = 300_000
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONES = (390, 320)
BROKEN = """<!doctype html><html lang="en"><title>broken</title><style>
p { color: #222; background: #fff; transition: color 0.2s; min-width: 400px }
@media (prefers-color-scheme: dark) { p { color: #333; background: #111 } }
</style><main><h1>broken</h1><p>hard to read where it is dark</p><input></main></html>"""
PAGES = (
    "/", "/map", "/search", "/search?q=鄂博", "/search?q=zzzz", "/collections",
    "/collections/places", "/collections/places/items", "/collections/places/items/1",
    "/collections/inspections/items/1", "/divisions/990100", "/divisions/990101", "/lines",
    "/lines/1", "/lines/1/course", "/lines/1/checks", "/markers/2", "/markers/2/status",
    "/heritage",
    "/heritage/1", "/heritage/1/story", "/heritage/coverage", "/dashboard",
    "/dashboard?within=990100", "/check-text", "/report-problem", "/report-problem/status",
    "/problem-reports", "/problem-reports/1", "/work",
    "/rounds", "/rounds/1", "/rounds/1/visits", "/field", "/repairs", "/repairs/1", "/statistics",
    "/indicators", "/approvals", "/approvals/new", "/approvals/clocks", "/approvals/1", "/experts",
    "/experts/1", "/submissions",
    "/submissions/1", "/submissions/1/receipt", "/submissions/3", "/submissions/4",
    "/conflicts", "/markers/3/conflict", "/markers/2/conflict",
    "/sign-inspections", "/sign-inspections/1", "/sign-inspections/2", "/sign-repairs",
    "/sign-repairs/1", "/division-events", "/division-events/new",
    "/division-events/1", "/rounds/new", "/rounds/2", "/rounds/calendar",
    "/administration", "/administration/backups", "/administration/rules",
    "/administration/journal", "/accounts",
    "/sign-in", "/api", "/conformance", "/where?lon=111.5&lat=41.5",
)  # fmt: skip

APPLICATION = {
    "kind": "naming", "class": "street", "in": "990101", "name": "丁香路", "reasons": "新建道路",
    "position": "东起人民路", "extent": "长 1850 米", "nature": "次干路", "name_mong": "ᠪᠠᠶᠠᠨ",
}  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(not AXE.exists(), reason="npm packages are not installed"),
]


def fill(store: Store) -> None:
    """The drawn region, and a record of each kind that pages show."""
    region.fill(store)
    client = create_app(store).test_client()
    with store.read() as connection:
        oboo = connection.scalars(select(place.c.id).where(place.c.name == "白音敖包")).one()
    sent = client.post("/submissions?file_name=x.csv", data=as_csv(moved_rows())).get_json()
    damaged = [[*row[:5], "2026-05-10", "损坏", "乙", "S2"] for row in rows()[2:3]]
    other = client.post("/submissions?file_name=y.csv", data=as_csv(damaged)).get_json()
    turned = [[row[0], row[2], row[1], *row[3:]] for row in rows()]
    strange = ["甲", "乙", *HEADER[2:]]
    for header in (HEADER, strange):
        client.post("/submissions?file_name=z.csv", data=as_csv(turned, header))
    answers = [
        client.post(f"/submissions/{sent['id']}/commit"),
        client.post(f"/submissions/{other['id']}/commit"),
        client.post(
            "/report-problem", json={"kind": "other", "told": "测试", "lon": 112, "lat": 41}
        ),
        client.post("/lines/1/findings", json={"kind": "other", "text": "便道"}),
        client.post("/rounds/past", json={"lines": [1], "completed_on": "2020-05-01"}),
        client.post(
            "/heritage",
            json={"place_id": oboo, "list_level": "banner", "category": "minority"}
            | {"first_record": "志", "first_record_source": "志书", "first_record_year": 1700},
        ),
        client.post("/heritage/1/story", json={"version": 0, "text": "# 来历\n一段**故事**"}),
        client.post("/approvals", json=APPLICATION),
        client.post("/experts", json={"name": "（专家甲）", "fields": ["历史"]}),
        client.post("/rounds", json={"lines": [1], "teams": [{"party": "990101"}]}),
        *change_of_divisions(client),
        *order_of_a_sign(store, client),
    ]
    assert {one.status_code for one in answers} <= {200, 201}, [one.text for one in answers]


def change_of_divisions(client: FlaskClient) -> list[TestResponse]:
    basis = client.post("/division-events/preview", json={"event": RENAME}).get_json()["basis"]
    return [client.post("/division-events", json={"event": RENAME, "basis": basis})]


def order_of_a_sign(store: Store, client: FlaskClient) -> list[TestResponse]:
    with store.write("tests", "a sign") as transaction:
        row = {"sign_no": "S1", "name": "白音敖包", "place_id": 1, "division_code": "990101"}
        transaction.insert(sign, row | {"geom": point_wkb(111.25, 41.25), "text_han": "白音敖包"})
    found = "标志编号,标志状况,检查日期\nS1,损坏,2026-05-03\n".encode()
    sent = client.post("/sign-inspections?file_name=x.csv", data=found)
    client.post("/sign-inspections?file_name=y.csv", data="牌子\nS1\n".encode())
    return [sent, client.post(f"/sign-inspections/{sent.get_json()['id']}/commit")]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("pages") / "region.gpkg"
    with create_store(str(path)) as store:
        fill(store)
    with served(str(path)) as running:
        yield running.rstrip("/")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield opened
        opened.close()


def watched(page: Page, address: str) -> list[str]:
    """What goes wrong on a page, as it goes wrong."""
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
    page.on(
        "requestfailed",
        # A page that is left may stop asking.
        lambda r: None if r.failure == LEFT else troubles.append(f"failed: {r.url}"),
    )
    page.on(
        "response", lambda r: troubles.append(f"{r.status}: {r.url}") if r.status >= 400 else None
    )
    own = (address, "data:", "blob:")
    page.on(
        "request",
        lambda r: None if r.url.startswith(own) else troubles.append(f"elsewhere: {r.url}"),
    )
    return troubles


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_has_a_barrier_or_a_fault(browser: Browser, address: str, language: str) -> None:
    """A page is loaded once, seen light, in Chinese also dark, in English as narrow as phones.

    Colours are the same in both languages; words are longest in English.
    """
    context = browser.new_context(
        viewport=DESK, color_scheme="light", locale={"zh": "zh-CN", "en": "en-US"}[language],
    )  # fmt: skip
    page = context.new_page()
    troubles = watched(page, address)
    found: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    for path in PAGES:
        page.goto(f"{address}{path}", wait_until="load")
        broken = barriers(page)
        if page.locator("h1").count() != 1:
            broken.append("not one h1")
        if page.locator("html").get_attribute("lang") != {"zh": "zh-CN", "en": "en"}[language]:
            broken.append("another language")
        if language == "en":
            broken += too_wide(page)
        else:
            broken += dark_barriers(page)
        broken += troubles
        troubles.clear()
        titles[path] = page.title()
        if broken:
            found[path] = broken
    context.close()
    assert found == {}
    assert all(title.strip() for title in titles.values())


def too_wide(page: Page) -> list[str]:
    """The widths of phones that a page does not fit into."""
    wide = []
    for width in PHONES:
        page.set_viewport_size({"width": width, "height": 800})
        if (over := page.evaluate(WIDER)) > 0:
            wide.append(f"{over} px wider than {width}")
    page.set_viewport_size(DESK)
    return wide


def test_what_every_page_is_held_to_is_found_where_it_is_broken(browser: Browser) -> None:
    page = browser.new_page(viewport=DESK, color_scheme="light")
    page.set_content(BROKEN)
    light, dark, wide = barriers(page), dark_barriers(page), too_wide(page)
    page.close()
    assert [one for one in light if one.startswith("color-contrast")] == []
    assert [one for one in light if one.startswith("label")]
    assert [one for one in dark if one.startswith("dark: color-contrast")]
    assert [one[-3:] for one in wide] == ["390", "320"]


def test_the_answer_of_a_text_check_has_no_barrier(browser: Browser, address: str) -> None:
    page = browser.new_page(locale="zh-CN")
    troubles = watched(page, address)
    page.goto(f"{address}/check-text")
    page.locator("textarea").fill("王爷庙镇驻地在乌兰浩特，Bayan Oboo 在北。")
    page.locator("button[value=report]").click()
    page.locator("mark").first.wait_for()
    assert barriers(page) == []
    assert troubles == []
    page.close()


def test_the_front_page_is_light(browser: Browser, address: str) -> None:
    page = browser.new_page(locale="zh-CN")
    sizes: list[int] = []
    page.on("requestfinished", lambda r: sizes.append(sum_of(r.sizes())))
    page.goto(address, wait_until="networkidle")
    page.close()
    assert 0 < sum(sizes) <= MOST_BYTES_OF_HOME


def sum_of(sizes: Any) -> int:
    return int(sizes["responseBodySize"] + sizes["responseHeadersSize"])


def test_the_keyboard_goes_from_the_skip_link_through_the_head_to_the_search(
    browser: Browser, address: str
) -> None:
    page = browser.new_page(viewport=DESK, locale="en-US")
    page.goto(address)
    order = []
    for _ in range(14):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.textContent.trim().slice(0, 40)"))
        if page.evaluate("document.activeElement.id") == "q":
            break
    assert order[0] == "Skip to the content"
    assert [one for one in order if one in {"Home", "Map", "Names", "Boundaries", "Heritage"}] == [
        "Home", "Map", "Names", "Boundaries", "Heritage",
    ]  # fmt: skip
    assert page.evaluate("document.activeElement.id") == "q"
    page.goto(address)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()


def test_a_theme_is_chosen_without_a_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, color_scheme="light", locale="en-US")
    page = context.new_page()
    page.goto(f"{address}/lines")
    page.get_by_role("button", name="Dark").click()
    assert page.url == f"{address}/lines"
    assert page.locator("html").get_attribute("data-theme") == "dark"
    context.close()


def test_a_problem_is_reported_handled_and_followed_without_a_script(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    picture = tmp_path / "标志.jpg"
    Image.new("RGB", (120, 80), "teal").save(picture)
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/markers/2")
    page.get_by_role("link", name="反映问题").first.click()
    page.get_by_label("问题类型").select_option("marker_damaged")
    page.get_by_label("情况说明").fill("界桩断成两截")
    page.get_by_label("照片").set_input_files(picture)
    page.get_by_role("button", name="提交").click()
    code = page.locator(".tracking-code").inner_text().strip()
    page.goto(f"{address}/problem-reports")
    page.get_by_role("row", name="界桩断成两截").get_by_role("link").click()
    page.get_by_label("办理状态").select_option("settled")
    page.get_by_label("答复").fill("已会同相邻方修复")
    page.get_by_role("button", name="保存").click()
    page.goto(f"{address}/report-problem/status")
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查询办理情况").click()
    assert "已会同相邻方修复" in page.locator("main").inner_text()
    context.close()
