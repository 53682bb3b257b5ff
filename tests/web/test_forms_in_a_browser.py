"""The pages of one's work in a real browser, by forms and without a script: people who sign in
lead an application to its announcement and a repair to its closing; what may not be is refused.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import region
from browsing import CHROMIUM, NEEDED, SWITCHES
from playwright.sync_api import Browser, Page, sync_playwright
from serving import served
from visits import as_csv, rows

from boundary import commit, receive
from boundary.tables import marker
from data.accounts import accept_invitation, open_account
from data.actors import Actor, Grant, Role
from data.deadlines import today
from data.store import Store, create_store, open_store
from gazetteer.approvals import Expert, save_expert

PASSWORD = "one sentence for tests"  # noqa: S105 - of accounts that live as long as a test
PEOPLE = {
    "ed": [Grant(Role.EDITOR, "990101")],
    "ping": [Grant(Role.APPROVER, "990101")],
    "shang": [Grant(Role.APPROVER, "990100")],
    "kan": [Grant(Role.VIEWER, "990101")],
    "zhuan": [Grant(Role.VIEWER, "990101")],
}
PDF = b"%PDF-1.4 a paper of a test"

pytestmark = NEEDED


def fill(store: Store) -> None:
    """The drawn region, people who sign in, an expert, and a marker that its side manages."""
    region.fill(store)
    root = Actor.operator("root")
    for name, grants in {"root": [Grant(Role.ADMINISTRATOR)], **PEOPLE}.items():
        now = datetime.now(UTC)
        _, link = open_account(store, root, name, grants, now)
        accept_invitation(store, link, PASSWORD, now)
    save_expert(
        store, Expert("专家甲", ["历史"], "990101", account="zhuan"), Actor("root", frozenset(
            {Grant(Role.APPROVER)}))
    )  # fmt: skip
    with store.write("tests", "who manages") as transaction:
        transaction.change_many(marker, [1, 2, 3], {"managing_party": "990101"})


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("forms") / "region.gpkg")


@pytest.fixture(scope="module")
def address(path: str) -> Iterator[str]:
    with create_store(path) as store:
        fill(store)
    with served(path) as running:
        yield running.rstrip("/")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield opened
        opened.close()


@contextmanager
def as_person(browser: Browser, address: str, name: str, locale: str = "zh-CN") -> Iterator[Page]:
    """A page of somebody who has signed in, without scripts."""
    context = browser.new_context(java_script_enabled=False, locale=locale)
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    yield page
    context.close()


def fill_in(page: Page, form: str, values: dict[str, str]) -> None:
    for name, text in values.items():
        page.locator(f"#{form}-{name}").fill(text)


def said(page: Page) -> str:
    return page.locator("main").inner_text()


def test_an_application_goes_through_the_hands_of_four_people(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    drawing = tmp_path / "示意图.pdf"
    drawing.write_bytes(PDF)
    with as_person(browser, address, "ed") as page:
        page.goto(f"{address}/approvals/new")
        case = _apply(page, drawing)
    with as_person(browser, address, "ping") as page:
        page.goto(case)
        page.get_by_role("button", name="受理").click()
        page.locator("details", has=page.locator("#invitation")).locator("summary").click()
        page.locator("#invitation").get_by_role("button").click()
        assert "专家甲" in said(page)
    with as_person(browser, address, "zhuan") as page:
        page.goto(case)
        _judge(page)
    with as_person(browser, address, "ping") as page:
        page.goto(case)
        _approve(page)
        _file_and_announce(page)
    with as_person(browser, address, "shang") as page:
        page.goto(case)
        page.locator("#filing-acceptance").get_by_role("button").click()
        assert "已办结" in said(page)
        assert page.locator("form.fields").count() == 0


def _apply(page: Page, drawing: Path) -> str:
    """What is missing is said beside its field, and nothing that was typed is lost."""
    page.get_by_label("地名类别").select_option("street")
    day = (today() - timedelta(days=2)).isoformat()
    fill_in(page, "apply", {"in": "990101", "name": "丁香路", "reasons": "新", "applied_on": day})
    page.get_by_role("button", name="提交申请").click()
    assert "缺少位置" in page.locator("#apply-position-said").inner_text()
    assert page.locator("#apply-position").get_attribute("aria-invalid") == "true"
    assert page.locator("#apply-name").input_value() == "丁香路"
    rest = {"position": "东起人民路", "extent": "长 1850 米", "nature": "次干路"}
    fill_in(page, "apply", rest | {"romanization": "Dīngxiāng Lù"})
    page.locator("#paper-kind-1").select_option("map")
    page.locator("#paper-1").set_input_files(drawing)
    page.get_by_role("button", name="提交申请").click()
    case = page.url.split("#")[0]
    assert "位置示意图" in said(page)
    # One's own application is not one's own to accept.
    assert page.get_by_role("button", name="受理").count() == 0
    return case


def _judge(page: Page) -> None:
    page.locator("#opinion-vote").select_option("for")
    page.locator("#opinion").get_by_role("button").click()
    assert "请填写意见和理由" in page.locator("#opinion").inner_text()
    fill_in(page, "opinion", {"opinion": "名称与沿线植被相符"})
    page.locator("#opinion").get_by_role("button").click()
    assert "名称与沿线植被相符" in said(page)


def _approve(page: Page) -> None:
    page.get_by_role("button", name="批准", exact=True).click()
    assert "批准文号" in page.locator("#decision").inner_text()
    fill_in(page, "decision", {"number": "东政发〔2026〕3号"})
    for answer in page.locator("#decision textarea[name^='answers.']").all():
        answer.fill("规模较小，已公示")
    page.get_by_role("button", name="批准", exact=True).click()
    assert "已批准" in said(page)
    assert "还有 15 天" in said(page)


def _file_and_announce(page: Page) -> None:
    fill_in(page, "filing", {"number": "1号"})
    page.locator("#filing").get_by_role("button").click()
    fill_in(page, "announcement", {"medium": "东旗人民政府网站"})
    page.locator("#announcement").get_by_role("button").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="公告 DOCX").click()
    assert Path(download.value.path()).read_bytes().startswith(b"PK")


def test_a_viewer_is_offered_no_step_and_may_send_none(browser: Browser, address: str) -> None:
    with as_person(browser, address, "kan") as page:
        page.goto(f"{address}/approvals/1")
        assert page.locator("form.fields").count() == 0
        mark = page.locator("meta[name=csrf-token]").get_attribute("content")
        answer = page.request.post(
            f"{address}/approvals/1/withdrawal",
            form={"version": "1", "csrf_token": mark or ""}, headers={"Accept": "text/html"},
        )  # fmt: skip
        assert answer.status == 403
        page.goto(f"{address}/repairs")
        assert page.locator("form.fields").count() == 0


def test_a_form_without_its_mark_is_refused(browser: Browser, address: str) -> None:
    with as_person(browser, address, "ed") as page:
        answer = page.request.post(
            f"{address}/repairs", form={"marker_id": "1", "reason": "damaged"},
            headers={"Accept": "text/html"},
        )  # fmt: skip
        assert answer.status == 400
        assert "页面已过期" in answer.text()


def test_a_repair_is_led_from_its_order_to_its_closing(
    browser: Browser, address: str, path: str
) -> None:
    with as_person(browser, address, "ed") as page:
        page.goto(f"{address}/repairs?marker=2")
        page.locator("#order-note").fill("巡查发现断裂")
        page.get_by_role("button", name="新建修复任务").click()
        assert "/repairs/" in page.url
        page.locator("#assign-assigned_to").fill("施工队")
        page.locator("#assign").get_by_role("button").click()
        page.locator("#done-worked_by").fill("施工队")
        page.locator("#done-cost_yuan").fill("八百")
        page.locator("#done").get_by_role("button").click()
        assert "应为数字" in page.locator("#done-cost_yuan-said").inner_text()
        assert page.locator("#done-cost_yuan").input_value() == "八百"
        page.locator("#done-cost_yuan").fill("800")
        page.locator("#done").get_by_role("button").click()
        assert "邻方见证人" in page.locator("#done .refused").inner_text()
        page.locator("#done-witness").fill("邻方见证")
        page.locator("#done-witness_party").select_option("990102")
        page.locator("#done").get_by_role("button").click()
        page.locator("#close").get_by_role("button").click()
        assert "修复后的核验检查" in page.locator("#close .refused").inner_text()
        order = page.url.split("#")[0].removesuffix("/close")
        with open_store(path) as store:
            since = [[*row[:5], today().isoformat(), *row[6:]] for row in rows()]
            sent = receive(store, as_csv(since), "核验.csv", "巡查")
            commit(store, sent, "审核", today())
        page.goto(order)
        page.locator("#close").get_by_role("button").click()
        assert "已结" in said(page)
        page.locator("#incident").locator("xpath=..").locator("summary").click()
        page.locator("#incident-fine_yuan").fill("5000")
        page.locator("#incident").get_by_role("button").click()
        assert "罚款不得超过 1000 元" in page.locator("#incident-fine_yuan-said").inner_text()
        page.locator("#incident-fine_yuan").fill("500")
        page.locator("#incident").get_by_role("button").click()
        assert "500" in said(page)
