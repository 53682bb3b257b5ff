"""Take the pictures of the documentation from the sample region: `python tools/screenshots.py`.

Needs Debian's Chromium. Works on a copy of a store built by `make run` (or OVOO_STORE), since a
sample file is committed for the pictures of a line and a marker.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs/images"
STORE = Path(os.environ.get("OVOO_STORE", ROOT / "var/ovoo.gpkg"))
SAMPLES = Path(os.environ.get("OVOO_SAMPLES", ROOT / "var/samples"))
SAMPLE, SHIFTED = SAMPLES / "one-moved.csv", SAMPLES / "other-datum.csv"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
QUALITY = 72
Theme = Literal["light", "dark"]
TEXT = "哲里木盟的通辽市已改名。Huhehaote 是首府，呼和浩特市郊区并入赛罕区。"
PLACE, DIVISION = "赛罕区", "150500"
APPLICATION = {
    "kind": "naming", "class": "street", "in": "150105", "name": "丁香路", "reasons": "新建道路",
    "position": "东起人民路", "extent": "长 1850 米", "nature": "次干路",
}  # fmt: skip


def main() -> None:
    """Serve a copy of the store, send a sample file, take the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "ovoo.gpkg"
        shutil.copyfile(STORE, copy)
        process = subprocess.Popen(
            [sys.executable, "-m", "ovoo", "serve"],
            cwd=ROOT,
            env={**os.environ, "PORT": "0", "OVOO_STORE": str(copy), "OVOO_WORKERS": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        found = re.search(r"http://\S+/", process.stdout.readline() if process.stdout else "")
        if found is None:
            sys.exit("the server did not start")
        try:
            take(found[0].rstrip("/"))
        finally:
            process.terminate()
            process.wait(timeout=20)


def take(address: str) -> None:
    """Every picture: light and dark, on a desk and on a phone."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=SWITCHES)
        take_map(browser, address)
        page = opened(browser)
        marker, line = found_marker(page, address)
        place = page.request.get(f"{address}/search?q={PLACE}&f=json").json()["features"][0]["id"]
        for name, path in {
            "front": "/",
            "search": "/search?q=hhht",
            "place": f"/collections/{place.replace('/', '/items/')}",
            "division": f"/divisions/{DIVISION}",
            "line": f"/lines/{line}",
            "marker": f"/markers/{marker}",
            "dashboard": "/dashboard",
        }.items():
            page.goto(f"{address}{path}", wait_until="networkidle")
            keep(page, name)
        page.goto(f"{address}/check-text")
        page.locator("textarea").fill(TEXT)
        page.locator("button[value=report]").click()
        page.locator("mark").first.wait_for()
        keep(page, "check-text")
        take_work(page, address, line)
        take_field(browser, address)
        for name, path in {"front-phone": "/", "line-phone": f"/lines/{line}"}.items():
            phone = opened(browser, 390, 780, "dark")
            phone.goto(f"{address}{path}", wait_until="networkidle")
            keep(phone, name)
        browser.close()


def opened(
    browser: Browser,
    width: int = 1280,
    height: int = 860,
    theme: Theme = "light",
) -> Page:
    """A page of that size and theme, in Chinese."""
    size: ViewportSize = {"width": width, "height": height}
    return browser.new_page(viewport=size, locale="zh-CN", color_scheme=theme)


def keep(page: Page, name: str) -> None:
    """What is seen of a page, as a small picture."""
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.save(IMAGES / f"{name}.webp", quality=QUALITY, method=6)


def take_map(browser: Browser, address: str) -> None:
    """The map with a report of one moved marker, which is then committed."""
    page = opened(browser, 1280, 800)
    page.goto(f"{address}/map", wait_until="networkidle")
    page.locator("input[type=file]").first.set_input_files(SAMPLE)
    page.get_by_role("row", name=re.compile("超过限差")).first.click()
    page.wait_for_timeout(3000)
    page.screenshot(path=IMAGES / "map.png")
    page.request.post(f"{address}/submissions/1/commit")
    page.close()


def take_work(page: Page, address: str, line: int) -> None:
    """What staff see: a file of another datum, an application, a round, administration."""
    answers = [
        page.request.post(
            f"{address}/submissions?file_name={SHIFTED.name}", data=SHIFTED.read_bytes()
        ),
        page.request.post(f"{address}/approvals", data=APPLICATION),
        page.request.post(f"{address}/rounds", data={"lines": [line]}),
    ]
    sent, case, planned = (one.json()["id"] for one in answers)
    for name, path in {
        "submission": f"/submissions/{sent}",
        "work": "/work",
        "approval": f"/approvals/{case}",
        "round": f"/rounds/{planned}",
        "administration": "/administration/rules?table=name_rules&f=html",
    }.items():
        page.goto(f"{address}{path}", wait_until="networkidle")
        keep(page, name)


def take_field(browser: Browser, address: str) -> None:
    """The field page on a tablet: a round taken along, a marker with the device position."""
    context = browser.new_context(
        viewport={"width": 820, "height": 1100}, locale="zh-CN", permissions=["geolocation"],
        geolocation={"longitude": 111.7, "latitude": 40.8, "accuracy": 4.2},
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"{address}/field", wait_until="networkidle")
    page.get_by_role("button", name="带上").first.click()
    page.locator("ol.markers a").first.wait_for()
    keep(page, "field")
    page.locator("ol.markers a").first.click()
    page.get_by_role("radio", name="完好", exact=True).check()
    page.get_by_role("button", name="取设备定位").click()
    page.locator(".fix b").wait_for()
    keep(page, "field-marker")
    context.close()


def found_marker(page: Page, address: str) -> tuple[int, int]:
    """The moved marker and its line."""
    moved = page.request.get(f"{address}/collections/markers/items?verdict=displaced").json()
    own = moved["features"][0]
    code = own["properties"]["line_code"]
    line = page.request.get(f"{address}/lines?name={code}&f=json").json()["lines"][0]
    return own["id"], line["id"]


if __name__ == "__main__":
    main()
