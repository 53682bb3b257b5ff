"""Inspection files in a real browser: from the drop to the receipt, and when it goes wrong."""

import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import region
from browsing import CHROMIUM, NEEDED, SWITCHES, barriers, watched_page
from pictures import jpeg
from playwright.sync_api import Page, Route, expect, sync_playwright
from serving import served
from visits import HEADER, VISIT, as_csv, rows

from boundary.diagnosis.fingerprints import Ground, fingerprint
from data.coordinates import CGCS2000, LocalFrame
from data.store import create_store

pytestmark = NEEDED
PREVIEWED = re.compile(r"/submissions/\d+")

expect.set_options(timeout=20_000)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A server of its own on the drawn region."""
    path = tmp_path / "region.gpkg"
    with create_store(str(path)) as store:
        region.fill(store)
    with served(str(path)) as running:
        yield running


def in_beijing_1954() -> list[list[str]]:
    """A visit whose positions are in Beijing 1954 and said to be in CGCS2000."""
    table = []
    for number, lon, lat in region.MARKERS:
        home = LocalFrame.at(lon, lat)
        nothing = np.array([np.nan])
        ground = Ground(home, nothing, np.array([2026.4]), nothing, CGCS2000)
        known = fingerprint("beijing54", ground)
        assert known is not None
        there = home.moved(np.asarray(known[0][0], float)[None, :])
        table.append([number, f"{there[0][0]:.9f}", f"{there[1][0]:.9f}", *VISIT])
    return table


def drop(page: Page, name: str, content: bytes) -> None:
    """Drop a file on the area, as a hand would."""
    transfer = page.evaluate_handle(
        """([name, text]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([text], name, {type: "text/csv"}));
            return transfer;
        }""",
        [name, content.decode("utf-8-sig")],
    )
    page.dispatch_event("#inspection", "drop", {"dataTransfer": transfer})


def choose(page: Page, file: Path | tuple[str, bytes]) -> None:
    """Choose a file and send the form."""
    if isinstance(file, Path):
        page.locator("#file").set_input_files(file)
    else:
        name, content = file
        known = {"name": name, "mimeType": "text/csv", "buffer": content}
        page.locator("#file").set_input_files(known)  # type: ignore[arg-type]
    page.get_by_role("button", name="Check").click()


def test_a_datum_error_from_the_drop_to_the_receipt(address: str) -> None:
    table = in_beijing_1954()
    table[1][1], table[1][2] = table[1][2], table[1][1]
    with watched_page(address) as page:
        page.goto(f"{address}submissions")
        drop(page, "巡查.csv", as_csv(table))
        page.wait_for_url(PREVIEWED)
        expect(page.locator(".findings")).to_contain_text(re.compile("Beijing"))
        expect(page.locator(".findings")).to_contain_text("46.4 m west and 40.9 m south")
        page.locator("#columns summary").click()
        expect(page.get_by_label("Column 经度 is")).to_have_value("lon")
        expect(page.locator("figure.drawing img")).to_be_visible()
        proposals = page.locator("#proposals")
        expect(proposals.locator("del").first).to_have_text(table[1][1])
        proposals.get_by_role("checkbox").first.check()
        proposals.get_by_label("On what ground").fill("compared with the field book")
        proposals.get_by_role("button").click()
        expect(page.get_by_text("Confirmed corrections")).to_be_visible()
        expect(page.locator(".corrections")).to_contain_text("compared with the field book")
        assert page.request.get(f"{address}collections/inspections/items?f=json").json()[
            "features"
        ] == []  # fmt: skip
        page.get_by_role("button", name=re.compile("Commit")).click()
        page.get_by_role("link", name="Receipt").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Receipt")
        receipt = page.request.get(f"{page.url.split('?')[0]}?f=json").json()
        expect(page.locator("main")).to_contain_text(receipt["journal"]["hash"])
        assert (
            receipt["sha256"]
            == hashlib.sha256(as_csv(table).removeprefix(b"\xef\xbb\xbf")).hexdigest()
        )
        assert (receipt["rows"], receipt["corrections"]) == (5, 1)
        with page.expect_download() as saved:
            page.get_by_role("link", name=re.compile("Annotated workbook")).click()
        book = openpyxl.load_workbook(io.BytesIO(Path(saved.value.path()).read_bytes()))
        assert book["Rows"].cell(3, 3).value == table[1][1]
        assert any("Beijing" in str(line[1].value) for line in book["About the file"])


def test_columns_that_were_mistaken_are_corrected(address: str) -> None:
    with watched_page(address) as page:
        page.goto(f"{address}submissions")
        choose(page, ("a.csv", as_csv(rows(), ["桩", "甲", "乙", *HEADER[3:]])))
        page.wait_for_url(PREVIEWED)
        expect(page.locator(".faults")).to_contain_text("marker_no")
        for column, field in (("桩", "marker_no"), ("甲", "lat"), ("乙", "lon")):
            page.get_by_label(f"Column {column} is").select_option(field)
        page.get_by_role("button", name="Read the file again so").click()
        expect(page.locator(".chips")).to_contain_text("resubmit 5")
        page.locator("#columns summary").click()
        page.get_by_label("Column 甲 is").select_option("lon")
        page.get_by_label("Column 乙 is").select_option("lat")
        page.get_by_role("button", name="Read the file again so").click()
        expect(page.locator(".chips")).to_contain_text("in place 5")
        expect(page.locator("#columns .tag")).to_have_count(3)


def large() -> bytes:
    """A file of more than two parts: the drawn visit, with long columns that are no field."""
    more = range(60)
    table = [[*row, *("文" * 3_000 for _ in more)] for row in rows()]
    return as_csv(table, [*HEADER, *(f"甲{number}" for number in more)])


def test_a_lost_connection_costs_one_part(address: str) -> None:
    content = large()
    cut: list[str] = []
    sent: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method == "PATCH" and len(cut) < 2 and "PATCH" in sent:
            cut.append(route.request.headers["upload-offset"])
            route.abort("connectionreset")
        else:
            sent.append(route.request.method)
            route.continue_()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        page = browser.new_page(locale="en-US")
        page.route("**/uploads/**", lose)
        page.goto(f"{address}submissions")
        choose(page, ("大.csv", content))
        page.wait_for_url(PREVIEWED)
        assert cut == ["1000000", "1000000"]
        assert sent.count("HEAD") == 3
        identity = page.url.rsplit("/", 1)[1].split("?")[0]
        report = page.request.get(f"{address}submissions/{identity}?f=json").json()
        assert report["sha256"] == hashlib.sha256(content).hexdigest()
        assert report["summary"] == {"in_place": 5}
        listed = page.request.get(f"{address}submissions?f=json").json()["submissions"]
        assert len(listed) == 1
        browser.close()


def test_a_file_goes_on_after_the_page_was_left(address: str, tmp_path: Path) -> None:
    # A browser knows a file again by its name, size and last change.
    path = tmp_path / "大.csv"
    offsets: list[str] = []
    path.write_bytes(large())

    def refuse(route: Route) -> None:
        if route.request.method == "PATCH":
            offsets.append(route.request.headers["upload-offset"])
            if len(offsets) == 2:
                return  # it hangs until the page is left
        route.continue_()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        page = browser.new_page(locale="en-US")
        page.route("**/uploads/**", refuse)
        page.goto(f"{address}submissions")
        choose(page, path)
        expect(page.locator("progress")).to_have_attribute("value", "1000000")
        page.goto(f"{address}submissions")
        expect(page.locator("#upload-status")).to_contain_text("choose the same file again")
        choose(page, path)
        page.wait_for_url(PREVIEWED)
        assert offsets[:3] == ["0", "1000000", "1000000"]
        browser.close()


def test_without_a_script_a_file_is_sent_corrected_and_committed(address: str) -> None:
    table = rows()
    table[1][1], table[1][2] = table[1][2], table[1][1]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        page = browser.new_context(java_script_enabled=False, locale="en-US").new_page()
        page.goto(f"{address}submissions")
        choose(page, ("a.csv", as_csv(table)))
        page.locator("#proposals").get_by_role("checkbox").check()
        page.locator("#proposals").get_by_role("button").click()
        expect(page.locator(".chips")).to_contain_text("in place 5")
        page.get_by_role("button", name=re.compile("Commit")).click()
        page.get_by_role("link", name="Receipt").click()
        expect(page.locator("main")).to_contain_text("Hash of the entry")
        browser.close()


def test_conflicting_reports_are_compared_and_decided(address: str) -> None:
    with watched_page(address) as page:
        for day, surveyor, condition in (
            ("2026-05-03", "甲", "完好"),
            ("2026-05-10", "乙", "损坏"),
        ):
            table = [[*rows()[2][:5], day, condition, surveyor, f"S{day}"]]
            sent = page.request.post(
                f"{address}submissions?file_name={surveyor}.csv", data=as_csv(table)
            ).json()
            page.request.post(f"{address}submissions/{sent['id']}/commit")
        page.goto(f"{address}conflicts")
        page.get_by_role("link", name="9901003A").click()
        expect(page.locator(".reports .panel")).to_have_count(2)
        expect(page.locator(".reports")).to_contain_text("乙.csv")
        expect(page.locator(".notice")).to_contain_text("the condition")
        page.get_by_label("The report of 10 May 2026 by 乙 holds").check()
        page.get_by_label("Reason").fill("the photograph shows the crack")
        page.get_by_role("button", name="Keep the decision").click()
        expect(page.locator(".notice")).to_contain_text("Nothing is open now")
        expect(page.locator(".timeline")).to_contain_text("the photograph shows the crack")
        page.goto(f"{address}markers/3")
        expect(page.locator(".entry-marks")).to_contain_text("damaged")
        page.goto(f"{address}conflicts")
        expect(page.get_by_text("No reports contradict each other.")).to_be_visible()


def test_dropped_photographs_find_their_markers(address: str) -> None:
    with watched_page(address) as page:
        page.goto(f"{address}submissions")
        files = [list(jpeg(lon=112.0, lat=41.4)), list(jpeg(lon=None))]
        transfer = page.evaluate_handle(
            """files => {
                const transfer = new DataTransfer();
                const names = ["IMG_1.jpg", "9901004Q.jpg"];
                files.forEach((bytes, place) => transfer.items.add(
                    new File([new Uint8Array(bytes)], names[place], {type: "image/jpeg"})));
                return transfer;
            }""",
            files,
        )
        page.dispatch_event("#inspection", "drop", {"dataTransfer": transfer})
        page.wait_for_url(re.compile("/photos"))
        expect(page.get_by_role("row", name=re.compile("IMG_1.jpg"))).to_contain_text("9901002Q")
        assert barriers(page) == []
        page.get_by_role("link", name="9901004Q").click()
        expect(page.locator(".pictures img")).to_have_count(1)
