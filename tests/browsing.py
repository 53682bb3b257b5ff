"""A real browser for tests: Debian's Chromium, a page that tells every trouble."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, Response, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
AXE = ROOT / "web/frontend/node_modules/axe-core/axe.min.js"
OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe-core that a dark screen may break where a light one does not."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHROMIUM = shutil.which("chromium")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NEEDED = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(
        not (ROOT / "web/static/map/map.js").exists(), reason="the map page is not built"
    ),
]
"""What a module of such tests is marked with."""


LEFT = "net::ERR_ABORTED"
"""What a browser says of a request whose page was left."""


@contextmanager
def watched_page(
    address: str, elsewhere: Sequence[str] = (), lang: str = "en-US"
) -> Iterator[Page]:
    """A page that fails the test on any script error or failed or foreign request.

    Args:
        address: the service's own.
        elsewhere: other addresses that may be asked.
        lang: the reader's language.
    """
    troubles: list[str] = []
    known = (address, *elsewhere, "data:", "blob:")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale=lang)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda m: troubles.append(m.text) if _is_fault(m) else None)
        page.on(
            "response",
            lambda r: troubles.append(f"{r.status}: {r.url}") if _is_refusal(r) else None,
        )
        page.on(
            "requestfailed",
            # A page that is left stops what it was still asking for.
            lambda r: None if r.failure == LEFT else troubles.append(f"failed: {r.url}"),
        )
        page.on(
            "request",
            lambda r: None if r.url.startswith(known) else troubles.append(f"elsewhere: {r.url}"),
        )
        yield page
        browser.close()
    assert troubles == []


def _is_fault(message: ConsoleMessage) -> bool:
    # Chromium repeats every refused request here; `_is_refusal` looks at those.
    return message.type == "error" and not message.text.startswith("Failed to load resource")


def _is_refusal(answer: Response) -> bool:
    return answer.status >= 400 and not answer.url.endswith("/submissions")


SETTLED = "() => Promise.all(document.getAnimations().map((one) => one.finished))"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def dark_barriers(page: Page) -> list[str]:
    """What `barriers` finds of a page that it has looked at, once the screen turns dark."""
    page.emulate_media(color_scheme="dark")
    page.evaluate(SETTLED)
    found = _broken(page, {"type": "rule", "values": OF_COLOURS})
    page.emulate_media(color_scheme="light")
    return [f"dark: {one}" for one in found]


def barriers(page: Page) -> list[str]:
    """The rules of axe-core that a page breaks, each with its first place."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return _broken(page, {"type": "tag", "values": RULES})


def _broken(page: Page, rules: dict[str, Any]) -> list[str]:
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    found: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]
