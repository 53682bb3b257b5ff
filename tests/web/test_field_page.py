"""The page for the field in a real browser: without a network, closed and opened, sent once."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from browsing import CHROMIUM, NEEDED, ROOT, SWITCHES, barriers, dark_barriers
from pictures import jpeg
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright
from serving import served
from sqlalchemy import select

from boundary import rounds
from boundary.field_tables import field_visit
from boundary.marker_tables import photo
from boundary.tables import submission
from data import Actor, Grant, Role
from data.accounts import accept_invitation, open_account
from data.store import open_store

pytestmark = [
    *NEEDED,
    pytest.mark.skipif(
        not (ROOT / "web/static/field/worker.js").exists(), reason="the field page is not built"
    ),
]
PASSWORD = "three grey cairns"  # noqa: S105 - of accounts that tests make
ACCOUNTS = {
    "survey": [Grant(Role.SURVEYOR, "990100")],
    "other": [Grant(Role.SURVEYOR, "990100")],
    "viewer": [Grant(Role.VIEWER, "990100")],
}
PLACE = {"longitude": 112.00001, "latitude": 41.4, "accuracy": 6.4}
NAME = "东西线第一轮联检"
WAIT_MS = 20_000


@pytest.fixture
def house(drawn_geopackage: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a server where people sign in, with a round planned, and its store."""
    path = tmp_path / "field.gpkg"
    shutil.copyfile(drawn_geopackage, path)
    root = Actor.operator("operator")
    with open_store(str(path)) as store:
        for name, grants in ACCOUNTS.items():
            _, link = open_account(store, root, name, grants, datetime.now(UTC))
            accept_invitation(store, link, PASSWORD, datetime.now(UTC))
        rounds.plan_round(store, root, [1], {"name": NAME, "number": 1})
    with served(str(path)) as address:
        yield address, path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield opened
        opened.close()


@pytest.fixture
def tablet(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": 820, "height": 1180}, locale="zh-CN", permissions=["geolocation"],
        geolocation=PLACE, timezone_id="Asia/Shanghai",
    )  # fmt: skip
    context.set_default_timeout(WAIT_MS)
    yield context
    context.close()


def sign_in(context: BrowserContext, address: str, name: str = "survey") -> None:
    page = context.new_page()
    page.goto(f"{address}sign-in")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(re.compile(rf"^{address}(\?lang=en)?$"))
    page.close()


def sign_out(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(f"{address}account")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(re.compile(rf"^{address}(\?lang=en)?$"))
    page.close()


def taken_along(context: BrowserContext, address: str) -> Page:
    """The page with the round taken along, ready to lose the network."""
    page = context.new_page()
    page.goto(f"{address}field")
    page.get_by_role("button", name="带上").click()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible(timeout=WAIT_MS)
    expect(page.locator("#field-ready")).to_have_text("本页已可离线打开。", timeout=WAIT_MS)
    return page


@pytest.fixture
def page(house: tuple[str, Path], tablet: BrowserContext) -> Page:
    """A surveyor's page with the round taken along."""
    sign_in(tablet, house[0])
    return taken_along(tablet, house[0])


def fill(page: Page, number: str, condition: str = "完好", picture: bytes | None = None) -> None:
    """Inspect a marker from the round's list, and put it into the queue."""
    page.get_by_role("link", name=number).click()
    page.get_by_role("radio", name=condition, exact=True).check()
    page.get_by_role("button", name="取设备定位").click()
    expect(page.locator(".fix")).to_contain_text("95% 在 6.4 米内", timeout=WAIT_MS)
    if picture is not None:
        file = {"name": "界桩.jpg", "mimeType": "image/jpeg", "buffer": picture}
        page.get_by_label("拍照或选择照片").set_input_files(file)  # type: ignore[arg-type]
        expect(page.locator(".photos img")).to_be_visible(timeout=WAIT_MS)
    page.get_by_role("button", name="完成").click()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible(timeout=WAIT_MS)


def waiting(page: Page, count: int) -> None:
    expect(figure(page, "等待发送")).to_have_text(str(count), timeout=WAIT_MS)


def sent(page: Page, count: int) -> None:
    expect(figure(page, "已发送")).to_have_text(str(count), timeout=WAIT_MS)


def figure(page: Page, text: str) -> Any:
    return page.locator(".figure", has=page.get_by_text(text, exact=True)).locator("b")


def kept(path: Path) -> list[tuple[str, int, float, int]]:
    """What the server has: account, marker, stated accuracy and submission of each visit."""
    columns = (field_visit.c.account, field_visit.c.marker_id, field_visit.c.accuracy_95_m)
    with open_store(str(path)) as store, store.read() as connection:
        rows = connection.execute(
            select(*columns, field_visit.c.submission_id).order_by(field_visit.c.id)
        ).all()
        files = connection.scalars(select(submission.c.id)).all()
    assert sorted(row[3] for row in rows) == sorted(files)
    return [tuple(row) for row in rows]


def arrived(path: Path) -> int:
    """How many visits the server has made files of."""
    whole = field_visit.c.submission_id.is_not(None)
    with open_store(str(path)) as store, store.read() as connection:
        return len(connection.execute(select(field_visit.c.id).where(whole)).all())


def test_a_round_is_inspected_without_a_network_and_sent_once(
    house: tuple[str, Path], tablet: BrowserContext, page: Page
) -> None:
    address, path = house
    tablet.set_offline(True)
    page.reload()
    expect(page.locator("#field-standing")).to_have_text("离线", timeout=WAIT_MS)
    for number, picture in (("9901001Q", jpeg()), ("9901002Q", None), ("9901004Q", None)):
        fill(page, number, "损坏" if picture else "完好", picture)
    page.close()
    again = tablet.new_page()
    again.goto(f"{address}field")
    waiting(again, 3)
    expect(again.locator("progress").first).to_have_attribute("value", "3")
    assert kept(path) == []
    tablet.set_offline(False)
    sent(again, 3)
    expect(figure(again, "照片待发")).to_have_text("0", timeout=WAIT_MS)
    assert [row[:3] for row in kept(path)] == [
        ("survey", 1, 6.4), ("survey", 2, 6.4), ("survey", 5, 6.4),
    ]  # fmt: skip
    with open_store(str(path)) as store, store.read() as connection:
        (picture,) = connection.execute(select(photo)).all()
    assert (picture.marker_id, picture.file_name) == (1, "界桩.jpg")
    assert (picture.taken_lon, picture.visit_id) == (112.0, 1)  # as the camera wrote it
    again.get_by_text("已发送的 3 条").click()
    expect(again.locator(".receipt").last).to_contain_text("回执：提交 1")


def test_a_lost_answer_makes_no_second_inspection(house: tuple[str, Path], page: Page) -> None:
    _, path = house
    lost = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort("connectionreset")

    page.route("**/field/inspections", lose, times=1)
    with page.expect_event("requestfailed", lambda one: "inspections" in one.url):
        fill(page, "9901002Q")
    page.get_by_role("link", name="外业首页").click()
    waiting(page, 1)
    assert lost == [201]
    (first,) = kept(path)
    page.get_by_role("link", name="9901002Q").first.click()
    expect(page.get_by_role("button", name="改回填写")).to_have_count(0)  # the server may have it
    page.get_by_role("link", name=NAME).click()
    page.get_by_role("link", name="外业首页").click()
    page.get_by_role("button", name="现在发送").click()
    sent(page, 1)
    assert kept(path) == [first]


def test_a_refused_inspection_says_why_is_corrected_and_sent(
    house: tuple[str, Path], page: Page
) -> None:
    _, path = house
    page.get_by_role("link", name="9901002Q").click()
    page.get_by_role("radio", name="完好", exact=True).check()
    page.get_by_text("或填写仪器测得的坐标").click()
    page.get_by_label("坐标", exact=True).fill("大树东边")
    page.get_by_role("button", name="完成").click()
    expect(page.locator("#fault-method")).to_have_text("请说明坐标的测量方法")
    page.get_by_label("测量方法").select_option("network_rtk")
    page.get_by_role("button", name="完成").click()
    page.get_by_role("link", name="外业首页").click()
    expect(figure(page, "被退回")).to_have_text("1", timeout=WAIT_MS)
    assert kept(path) == []
    page.get_by_role("link", name="9901002Q").first.click()
    field = page.get_by_label("坐标", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#fault-position")).to_contain_text("大树东边")
    field.fill("112.0000012, 41.4000003")
    page.get_by_role("button", name="完成").click()
    page.get_by_role("link", name="外业首页").click()
    sent(page, 1)
    assert [row[:3] for row in kept(path)] == [("survey", 2, None)]


def test_what_is_missing_is_said_before_anything_is_queued(page: Page) -> None:
    page.get_by_role("link", name="9901001Q").click()
    page.get_by_label("至独立树").fill("很远")
    page.get_by_role("button", name="完成").click()
    expect(page.locator("#fault-condition")).to_have_text("请选择界桩状况")
    expect(page.locator("#fault-tie1_distance_m")).to_be_visible()
    expect(page.locator("#field-said")).to_contain_text("2")


def test_the_queue_belongs_to_the_account_that_made_it(
    house: tuple[str, Path], tablet: BrowserContext, page: Page
) -> None:
    address, path = house
    tablet.set_offline(True)
    fill(page, "9901002Q")
    page.close()
    tablet.set_offline(False)
    # The session ended before there was a network: nothing is lost, nothing is sent.
    cookies = tablet.cookies()
    tablet.clear_cookies()
    page = tablet.new_page()
    page.goto(f"{address}field")
    expect(page.locator("#field-notices")).to_contain_text("重新登录后发送", timeout=WAIT_MS)
    waiting(page, 1)
    page.close()
    tablet.add_cookies(cookies)  # type: ignore[arg-type]
    tablet.route("**/field/inspections", lambda route: route.abort())
    sign_out(tablet, address)
    for account in (None, "other"):
        if account:
            sign_in(tablet, address, account)
        page = tablet.new_page()
        page.goto(f"{address}field")
        expect(page.locator("#field")).to_contain_text("其他账号的 1 条未发送", timeout=WAIT_MS)
        assert "9901002Q" not in page.content()
        assert NAME not in page.locator("#field").inner_text() or account == "other"
        page.close()
    assert kept(path) == []
    sign_out(tablet, address)
    tablet.unroute("**/field/inspections")
    sign_in(tablet, address)
    page = tablet.new_page()
    page.goto(f"{address}field")
    sent(page, 1)
    assert [row[0] for row in kept(path)] == ["survey"]


def test_the_browser_sends_by_itself_while_the_page_is_closed(
    house: tuple[str, Path], tablet: BrowserContext, page: Page
) -> None:
    address, path = house
    tablet.set_offline(True)
    fill(page, "9901002Q")
    expect(page.locator("#field-standing")).to_have_text("离线", timeout=WAIT_MS)
    other = tablet.new_page()
    other.goto("about:blank")
    session = tablet.new_cdp_session(other)
    known: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: known.extend(one["registrationId"] for one in told["registrations"]),
    )
    session.send("ServiceWorker.enable")
    page.close()
    tablet.set_offline(False)
    for _ in range(100):
        if known:
            break
        other.wait_for_timeout(100)
    session.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": address.rstrip("/"), "registrationId": known[0],
            "tag": "ovoo-field-send", "lastChance": False,
        },
    )  # fmt: skip
    for _ in range(200):
        if arrived(path):
            break
        other.wait_for_timeout(100)
    assert [row[:2] for row in kept(path)] == [("survey", 2)]


def test_forgetting_everything_warns_of_what_is_unsent(tablet: BrowserContext, page: Page) -> None:
    tablet.set_offline(True)
    fill(page, "9901001Q")
    page.get_by_role("link", name="外业首页").click()
    page.get_by_role("button", name="清除本机全部内容").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("还有 1 项没有发送")
    dialog.get_by_role("button", name="取消").click()
    waiting(page, 1)
    page.get_by_role("button", name="清除本机全部内容").click()
    page.get_by_role("dialog").get_by_role("button", name="清除本机全部内容").click()
    waiting(page, 0)
    # It is said after the lists have been drawn empty.
    expect(page.get_by_text("已清除。", exact=True)).to_be_visible()
    assert "9901001Q" not in page.content()


def test_the_worker_keeps_the_page_and_nothing_of_the_register(
    house: tuple[str, Path], page: Page
) -> None:
    address, _ = house
    page.goto(f"{address}markers/2")
    page.goto(f"{address}field")
    held: dict[str, str] = page.evaluate(
        """async () => {
          const found = {};
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const one of await cache.keys()) {
              found[one.url] = await (await cache.match(one)).text();
            }
          }
          return found;
        }"""
    )
    paths = {urlsplit(one).path for one in held}
    assert {one for one in paths if not one.startswith("/static/")} == {
        "/field", "/field/manifest.webmanifest",
    }  # fmt: skip
    pages = [text for text in held.values() if "<html" in text]
    assert len(pages) == 2
    assert not any(re.search(rf"\bsurvey\b|csrf|9901002Q|{NAME}", text) for text in pages)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_screen_has_a_barrier_or_is_wider_than_a_phone(
    house: tuple[str, Path], browser: Browser, language: str
) -> None:
    address, _ = house
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme="light",
        locale={"zh": "zh-CN", "en": "en-US"}[language], permissions=["geolocation"],
        geolocation=PLACE,
    )  # fmt: skip
    troubles: list[str] = []
    sign_in(context, address)
    page = context.new_page()
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
    page.goto(f"{address}field#/take/1")
    expect(page.get_by_role("heading", name=NAME)).to_be_visible(timeout=WAIT_MS)
    found: dict[str, list[str]] = {}

    def look(screen: str) -> None:
        if broken := [*barriers(page), *dark_barriers(page), *troubles]:
            found[screen] = broken
        over = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        if page.evaluate(over):
            found[f"{screen} wide"] = []

    look("round")
    page.get_by_role("link", name="9901002Q").click()
    page.locator(".visit-form button.primary").first.click()
    page.locator(".fix b").wait_for()
    page.locator(".visit-form button[type=submit]").click()
    page.locator("#fault-condition").wait_for()
    look("form with a fault")
    page.locator("input[type=radio]").first.check()
    page.locator(".visit-form button[type=submit]").click()
    page.locator("ol.markers").wait_for()
    page.goto(f"{address}field#/")
    page.locator("details summary").last.click()
    page.locator(".receipt").wait_for()
    look("home")
    page.locator(".rows a").first.click()
    page.locator(".facts").first.wait_for()
    look("sent")
    page.goto(f"{address}field#/")
    page.locator("button.danger").click()
    page.get_by_role("dialog").wait_for()
    look("dialog")
    context.close()
    assert found == {}


def test_a_viewer_is_not_shown_the_page(house: tuple[str, Path], tablet: BrowserContext) -> None:
    address, _ = house
    sign_in(tablet, address, "viewer")
    page = tablet.new_page()
    answer = page.goto(f"{address}field")
    assert answer is not None
    assert answer.status == 403
    page.goto(address)
    assert page.get_by_role("link", name=re.compile("^外业$")).count() == 0
