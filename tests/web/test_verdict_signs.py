"""Verdicts are called and drawn alike everywhere: as the table `verdicts` says."""

import re
from pathlib import Path

import pytest

from boundary.displacement_verdicts import Verdict
from boundary.verdict_marks import drawn_mark
from data.boxes import Box
from data.reference import NEVER, verdict_sign, verdict_signs
from web.pages.lines import VERDICTS
from web.site import translate
from web.tile_style import map_style

ROOT = Path(__file__).resolve().parents[2]
STATIC, FRONT = ROOT / "web/static", ROOT / "web/frontend/src"
CORNERS = {
    "circle": (0, False), "triangle": (3, False), "diamond": (4, False), "square": (4, True),
    "cross": (4, True), "ring": (0, False),
}  # fmt: skip
"""How `symbols.ts` makes each shape: corners, and whether it is turned by an eighth."""


def test_the_table_has_each_verdict_and_no_other() -> None:
    codes = [sign.code for sign in verdict_signs()]
    assert set(codes) == {verdict.value for verdict in Verdict} | {NEVER}
    assert codes[-1] == NEVER
    assert tuple(codes) == VERDICTS


@pytest.mark.parametrize("name", ["shape", "colour", "dark_colour", "zh", "en"])
def test_no_two_verdicts_look_or_are_called_alike(name: str) -> None:
    signs = verdict_signs()
    assert len({getattr(sign, name) for sign in signs}) == len(signs)


@pytest.mark.parametrize("code", VERDICTS)
def test_pages_call_a_verdict_as_reports_do(code: str) -> None:
    sign = verdict_sign(code)
    assert translate(f"verdict.{code}", "zh") == sign.zh
    assert translate(f"verdict.{code}", "en") == sign.en


@pytest.mark.parametrize("sheet", ["site.css", "dark.css"])
@pytest.mark.parametrize("code", VERDICTS)
def test_style_sheets_have_its_colours(code: str, sheet: str) -> None:
    text = (STATIC / sheet).read_text(encoding="utf-8")
    colours = re.findall(rf"--{code.replace('_', '-')}-mark: (#[0-9a-f]{{6}});", text)
    sign = verdict_sign(code)
    assert set(colours) == {sign.colour if sheet == "site.css" else sign.dark_colour}


def test_the_map_knows_the_same_verdicts_in_the_same_shapes() -> None:
    types = (FRONT / "types.ts").read_text(encoding="utf-8")
    (listed,) = re.findall(r"VERDICTS = \[(.+?)\] as const", types)
    assert {*re.findall(r'"(\w+)"', listed), NEVER} == set(VERDICTS)
    symbols = (FRONT / "symbols.ts").read_text(encoding="utf-8")
    shapes = re.findall(r"^  (\w+): \{ corners: (\d), turn_rad: (.+?)[, ]", symbols, re.MULTILINE)
    made = {code: (int(corners), turn.startswith("Math")) for code, corners, turn in shapes}
    assert made == {sign.code: CORNERS[sign.shape] for sign in verdict_signs()}


@pytest.mark.parametrize("name", ["map/map.js", "front/site.js", "field/field.js"])
def test_what_is_built_for_the_browser_has_no_other_verdict(name: str) -> None:
    """The lists of verdicts in the bundles, wherever a bundle has one."""
    built = (STATIC / name).read_text(encoding="utf-8")
    lists = re.findall(r"""\[((?:[`"']\w+[`"'],?){5,6})\]""", built)
    named = [set(re.findall(r"\w+", one)) for one in lists if "in_place" in one]
    assert named or not name.startswith("map/")
    assert all(one | {NEVER} == set(VERDICTS) for one in named)


def test_the_style_for_other_clients_has_its_colours() -> None:
    style = map_style("http://localhost/", "zh", Box(97.0, 37.0, 126.0, 53.0), "")
    (markers,) = [one for one in style["layers"] if one["id"] == "markers"]
    _, _, *pairs, never = markers["paint"]["circle-color"]
    told = dict(zip(pairs[::2], pairs[1::2], strict=True)) | {NEVER: never}
    assert told == {sign.code: sign.colour for sign in verdict_signs()}


def test_pictures_draw_each_verdict_by_a_mark_of_its_own() -> None:
    judged = [drawn_mark(sign.code) for sign in verdict_signs() if sign.code != NEVER]
    assert len({shape for _, shape in judged}) == len(judged)
