"""Frames a second while the map is dragged about: `python -m bench.panning STORE`.

A browser without a graphics card, 1280 by 800; every layer on; dragged at three zooms.
"""

import os
import sys

from playwright.sync_api import Page, sync_playwright

from bench.servers import running

_SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_VIEWS = ("5/44/112", "7/41.5/111.7", "9/41.2/111.7", "11/40.8/111.7")
_DRAGS, _STEPS = 6, 30

_COUNT = """() => {
  window.frames_seen = [];
  const tick = (now) => {
    window.frames_seen.push(now);
    window.frame_id = requestAnimationFrame(tick);
  };
  window.frame_id = requestAnimationFrame(tick);
}"""
_RESULT = """() => {
  cancelAnimationFrame(window.frame_id);
  const times = window.frames_seen;
  const gaps = times.slice(1).map((time, index) => time - times[index]).sort((a, b) => a - b);
  const at = (share) => gaps[Math.floor((gaps.length - 1) * share)];
  return {rate: 1000 * gaps.length / (times.at(-1) - times[0]), median: at(0.5), p95: at(0.95)};
}"""


def main() -> None:
    """Serve a store, drag its map, print a line for each zoom."""
    with (
        running(["-m", "ovoo", "serve"], OVOO_STORE=sys.argv[1]) as port,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=_chromium(), args=_SWITCHES)
        for view in _VIEWS:
            page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN")
            page.goto(f"http://127.0.0.1:{port}/map#map={view}")
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(1000)
            first = _drag(page)
            again = _drag(page)
            print(
                f"map at {view:16} new tiles {first} | tiles known {again} | goal 30/s", flush=True
            )
            page.close()
        browser.close()


def _chromium() -> str:
    return os.environ.get("CHROMIUM", "/usr/bin/chromium")


def _drag(page: Page) -> str:
    """Drag to and fro across the map; frames a second, and the gaps between them."""
    box = page.locator("#map").bounding_box()
    if box is None:
        raise RuntimeError("there is no map")
    left, right = box["x"] + 80, box["x"] + box["width"] - 80
    middle = box["y"] + box["height"] / 2
    page.evaluate(_COUNT)
    for turn in range(_DRAGS):
        start, end = (right, left) if turn % 2 == 0 else (left, right)
        page.mouse.move(start, middle)
        page.mouse.down()
        for step in range(1, _STEPS + 1):
            page.mouse.move(start + (end - start) * step / _STEPS, middle + 40 * (turn % 2))
        page.mouse.up()
    found = page.evaluate(_RESULT)
    if page.evaluate("location.hash") == "":
        raise RuntimeError("the map did not move")
    return (
        f"{found['rate']:3.0f}/s (median gap {found['median']:.0f} ms, 95 % {found['p95']:.0f} ms)"
    )


if __name__ == "__main__":
    main()
