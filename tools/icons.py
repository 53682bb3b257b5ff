"""Draw the icons of the installable page from the cairn: `python tools/icons.py`.

Needs Debian's Chromium. A maskable icon keeps what matters within the inner circle of 80 % of its
side, since each system cuts it to a shape of its own (W3C Web Application Manifest).
"""

from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
CAIRN = ROOT / "web/static/cairn.svg"
ICONS = ROOT / "web/static/icons"
PAPER = "#f6f4ee"
SIZES = {"icon-192": (192, 0.80), "icon-512": (512, 0.80), "maskable-512": (512, 0.58)}
"""Side in pixels, and the share of it that the cairn takes."""
ROUNDED = 0.18
"""The radius of the corners of icons that are shown as they are, by their side."""


def main() -> None:
    """Draw them."""
    ICONS.mkdir(parents=True, exist_ok=True)
    svg = CAIRN.read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (side, share) in SIZES.items():
            page = browser.new_page(viewport={"width": side, "height": side})
            corner = 0 if name.startswith("maskable") else ROUNDED * side
            page.set_content(
                f"<style>body{{margin:0;background:transparent}}div{{width:{side}px;height:{side}px;"
                f"display:grid;place-items:center;background:{PAPER};border-radius:{corner}px}}"
                f"svg{{width:{share * side}px}}</style><div>{svg}</div>"
            )
            path = ICONS / f"{name}.png"
            page.screenshot(path=path, omit_background=True)
            Image.open(path).quantize(128).save(path, optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
