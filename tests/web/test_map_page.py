"""The map page in a real browser: layers, another day, measuring, coordinates, printing."""

import re
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import region
from browsing import NEEDED, watched_page
from playwright.sync_api import Page, expect
from serving import served
from visits import as_csv, rows

from data.store import Store, create_store
from gazetteer.tables import place_name

pytestmark = NEEDED

expect.set_options(timeout=20_000)

MONGOLIAN = "ᠪᠠᠶᠠᠨ ᠣᠪᠣᠭ᠎ᠠ"


def draw(path: Path) -> None:
    """The region, with a name in Mongolian script and one that has ended."""
    with create_store(str(path)) as store:
        region.fill(store)
        _add_names(store)


def _add_names(store: Store) -> None:
    common = {"place_id": 1, "status": "former"}
    with store.write("tests", "names") as transaction:
        transaction.insert(
            place_name,
            common | {"text": MONGOLIAN, "language": "mn-Mong", "kind": "local"},
        )
        transaction.insert(
            place_name,
            common
            | {"text": "旧敖包", "language": "zh-Hans", "kind": "former"}
            | {"valid_to": date(1990, 1, 1)},
        )


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("map") / "region.gpkg"
    draw(path)
    with served(str(path)) as running:
        yield running


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    with watched_page(address) as opened:
        yield opened


def open_at(page: Page, address: str, view: str) -> None:
    page.goto(f"{address}map#map={view}")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(600)


def click_middle(page: Page) -> None:
    box = page.locator("#map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_the_map_reads_tiles_and_no_pages_of_features(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_at(page, address, "8/41/112")
    assert [url for url in asked if "/tiles/WebMercatorQuad/" in url]
    assert not [url for url in asked if "/items" in url]


def test_a_position_is_said_in_degrees_and_in_its_zone(page: Page, address: str) -> None:
    open_at(page, address, "10/40.8/111.7")
    said = page.locator(".map-readout")
    expect(said).to_contain_text("111.70000° E, 40.80000° N · CGCS2000")
    expect(said).to_contain_text("3° zone 37 (meridian 111°)")
    expect(said).to_contain_text("X (north) 4518598.7 m")
    expect(said).to_contain_text("Y (east) 37559072.5 m")


def test_a_layer_that_is_switched_off_stays_off_by_its_link(page: Page, address: str) -> None:
    open_at(page, address, "9/41.5/112")
    box = page.get_by_role("checkbox", name="Markers")
    box.uncheck()
    expect(page).to_have_url(re.compile(r"hidden=markers"))
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("checkbox", name="Markers")).not_to_be_checked()
    expect(page.get_by_role("checkbox", name="Place names", exact=True)).to_be_checked()


def test_another_day_is_asked_for_and_kept_in_the_link(page: Page, address: str) -> None:
    open_at(page, address, "9/41.25/111.25")
    with page.expect_request(re.compile(r"datetime=1985-12-31")):
        page.get_by_label("Day", exact=True).fill("1985-12-31")
    expect(page).to_have_url(re.compile(r"day=1985-12-31"))
    expect(page.get_by_text("as they were on 1985-12-31")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(600)
    click_middle(page)
    expect(page.locator(".popup h2")).to_have_text("旧敖包")
    page.get_by_role("button", name="Now").click()
    expect(page).not_to_have_url(re.compile(r"day="))


def test_the_years_are_moved_by_the_keyboard(page: Page, address: str) -> None:
    open_at(page, address, "9/41.25/111.25")
    slider = page.get_by_label("Year")
    slider.focus()
    with page.expect_request(re.compile(r"datetime=\d{4}-12-31")):
        slider.press("ArrowLeft")
    expect(page).to_have_url(re.compile(r"day=\d{4}-12-31"))


def test_a_click_shows_the_whole_record_with_upright_mongolian(page: Page, address: str) -> None:
    open_at(page, address, "10/41.25/111.25")
    click_middle(page)
    expect(page.locator(".popup h2")).to_have_text("Bayan Oboo")
    name = page.locator(".popup .mongolian[lang='mn-Mong']").filter(has_text=MONGOLIAN).first
    expect(name).to_be_visible()
    style = name.evaluate("e => [getComputedStyle(e).writingMode, e.offsetHeight > e.offsetWidth]")
    assert style == ["vertical-lr", True]
    link = page.get_by_role("link", name=re.compile("Full record"))
    answer = page.request.get(f"{address.rstrip('/')}{link.get_attribute('href')}")
    assert answer.ok
    page.keyboard.press("Escape")


def test_a_length_is_measured_without_a_pointer(page: Page, address: str) -> None:
    open_at(page, address, "10/41/112")
    page.get_by_role("button", name="Measure").press("Enter")
    add = page.get_by_role("button", name="Add the middle")
    add.press("Enter")
    page.locator("#map").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(700)
    add.press("Enter")
    expect(page.locator(".measured")).to_have_text(re.compile(r"Length \d+\.\d+ km \(geodesic\)"))
    page.locator("#map").focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_timeout(700)
    add.press("Enter")
    expect(page.locator(".measured")).to_have_text(re.compile(r"area \d+(\.\d+)? km²"))
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".measured")).to_have_text("")


def test_while_measuring_a_click_opens_nothing(page: Page, address: str) -> None:
    open_at(page, address, "10/41.25/111.25")
    page.get_by_role("button", name="Measure").click()
    click_middle(page)
    expect(page.locator(".measured")).to_have_text("One point")
    expect(page.locator(".popup")).to_be_hidden()


def test_what_is_in_view_is_reached_as_tables(page: Page, address: str) -> None:
    open_at(page, address, "11/41.25/111.25")
    page.locator(".tool-lists").get_by_role("link", name="Place names").click()
    expect(page.get_by_text("白音敖包").first).to_be_visible()
    expect(page.get_by_text("鄂博")).to_have_count(0)


def test_a_sheet_is_printed_with_scale_north_and_day(page: Page, address: str) -> None:
    page.add_init_script(
        "window.print = () => { document.body.dataset.printed = document.body.className; }"
    )
    open_at(page, address, "9/41.25/111.25")
    page.get_by_role("button", name=re.compile("Print")).click()
    # The page's policy forbids what `wait_for_function` looks with.
    expect(page.locator("body")).to_have_attribute("data-printed", re.compile("printing"))
    expect(page.locator("body")).not_to_have_class(re.compile("printing"))
    page.evaluate("document.body.classList.add('printing')")
    page.emulate_media(media="print")
    expect(page.locator(".map-sheet")).to_contain_text("printed")
    for part in (".map-north", ".ol-scale-line", "#map canvas"):
        expect(page.locator(part).first).to_be_visible()
    expect(page.locator(".panel-work")).to_be_hidden()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.evaluate("document.body.classList.remove('printing')")


def test_a_sheet_is_printed_to_scale(page: Page, address: str) -> None:
    page.add_init_script(
        "window.print = () => { const bar = document.querySelector('.ol-scale-line-inner');"
        " document.body.dataset.printed = `${bar.textContent} ${parseFloat(bar.style.width)}`; }"
    )
    open_at(page, address, "9/41.25/111.25")
    page.get_by_label("Scale of the print").select_option("250000")
    page.get_by_role("button", name=re.compile("Print")).click()
    expect(page.locator("body")).to_have_attribute("data-printed", re.compile("m "))
    expect(page.locator(".map-sheet")).to_contain_text("1:250,000")
    said = page.locator("body").get_attribute("data-printed") or ""
    number, unit, width_px = said.split()
    ground_m = float(number) * {"m": 1, "km": 1000}[unit]
    assert ground_m / (float(width_px) * 0.0254 / 96) == pytest.approx(250_000, rel=0.01)
    expect(page.locator("body")).not_to_have_class(re.compile("printing"))
    assert "map=9.00/41.25" in page.url


def test_a_batch_is_seen_with_and_without_its_cause(page: Page, address: str) -> None:
    page.goto(f"{address}map")
    # Every row stands as far west and north as Beijing 1954 typed as CGCS2000 would.
    shifted = [[no, f"{float(lon) - 66 / 83_800:.9f}", f"{float(lat) + 45 / 111_050:.9f}", *rest]
               for no, lon, lat, *rest in rows()]  # fmt: skip
    page.locator("input[type=file]").set_input_files(
        {"name": "批.csv", "mimeType": "text/csv", "buffer": as_csv(shifted)}
    )
    remaining = page.get_by_label("Without the cause")
    expect(remaining).to_be_visible()
    expect(page.get_by_label("As sent")).to_be_checked()
    factor = page.locator(".map-factor")
    before = factor.inner_text()
    remaining.check()
    # What is left is far shorter, so that it is drawn far longer.
    expect(factor).not_to_have_text(before)
    page.get_by_role("button", name=re.compile("Close")).first.click()
    expect(remaining).to_be_hidden()


class _Tiles(BaseHTTPRequestHandler):
    """A map service of one grey picture."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        picture = (
            b'<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256">'
            b'<rect width="256" height="256" fill="#ccd"/></svg>'
        )
        self.send_response(200)
        self.send_header("Content-Type", "image/svg+xml")
        self.send_header("Content-Length", str(len(picture)))
        self.end_headers()
        self.wfile.write(picture)

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("grid", ["mercator", "degrees"])
def test_a_base_map_of_another_host_lies_under_it(
    grid: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(tmp_path / "region.gpkg")
    asked: list[str] = []
    handler = type("Handler", (_Tiles,), {"asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as base:
        Thread(target=base.serve_forever, daemon=True).start()
        site = f"http://127.0.0.1:{base.server_address[1]}"
        monkeypatch.setenv(
            "OVOO_BASE_MAP", f"{site}/{{TileMatrix}}/{{TileRow}}/{{TileCol}}?tk={{key}}"
        )
        monkeypatch.setenv("OVOO_BASE_MAP_KEY", "abc123")
        monkeypatch.setenv("OVOO_BASE_MAP_GRID", grid)
        monkeypatch.setenv("OVOO_BASE_MAP_CREDIT", "底图来源")
        with (
            served(str(tmp_path / "region.gpkg")) as address,
            watched_page(address, [site]) as page,
        ):
            open_at(page, address, "6/41/112")
            expect(page.get_by_text("底图来源")).to_be_visible()
            policy = page.request.get(f"{address}map").headers["content-security-policy"]
            assert f"img-src 'self' data: blob: {site};" in policy
            other = page.request.get(f"{address}?f=html").headers["content-security-policy"]
            assert site not in other
        base.shutdown()
    assert asked
    assert all(re.fullmatch(r"/\d+/\d+/\d+\?tk=abc123", path) for path in asked)
