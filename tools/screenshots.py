"""Take the pictures of the documentation from the sample region: `python tools/screenshots.py`.

Needs Debian's Chromium and a store built by `make run` (or OVOO_STORE).
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs/images"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def main() -> None:
    """Serve the store, send a sample file, take the pictures."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ovoo", "serve"],
        cwd=ROOT,
        env={**os.environ, "PORT": "0"},
        stdout=subprocess.PIPE,
        text=True,
    )
    found = re.search(r"http://\S+/", process.stdout.readline() if process.stdout else "")
    if found is None:
        sys.exit("the server did not start")
    try:
        take(found[0])
    finally:
        process.terminate()
        process.wait(timeout=20)


def take(address: str) -> None:
    """The map with a report of one moved marker."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=SWITCHES)
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN")
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.locator("input[type=file]").set_input_files(ROOT / "var/samples/one-moved.csv")
        page.get_by_role("row", name=re.compile("超过限差")).first.click()
        page.wait_for_timeout(3000)
        page.screenshot(path=IMAGES / "map.png")
        browser.close()


if __name__ == "__main__":
    main()
