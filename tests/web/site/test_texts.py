import re
from pathlib import Path

import pytest

from boundary import INSPECTIONS, LINES, MARKERS, sheet_columns
from data import Collection
from gazetteer import DIVISIONS, PLACES
from web.site import TEMPLATES, spoken, translate
from web.site.field_texts import FIELD
from web.site.helpers import script_texts
from web.site.public_texts import PUBLIC
from web.site.texts import ACCOUNTS, PAGES, SHARED, SOURCES, TABLES

SCRIPTS = Path(__file__).resolve().parents[3] / "web" / "frontend" / "src"
# Keys made of a family and a code, in templates (`~`) and in the script (`${}`).
CODED = {
    "collection", "condition", "kind", "level", "map", "material", "method", "match", "pass",
    "problem", "property", "report", "state", "status", "value", "verdict", "account", "role",
    "nav", "figure", "door", "theme", "confidence", "language", "repair_state", "round_state",
    "part", "position", "sensor", "azimuth", "visit_state", "visit_told", "visit_need", "nofix",
}  # fmt: skip


def keys_in(folder: Path, pattern: str, expression: str) -> set[str]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob(pattern))]
    return {key for text in texts for key in re.findall(expression, text)}


IN_TEMPLATES = keys_in(TEMPLATES, "*.html", r"\b(?:t|cell)\('([a-z_0-9]+(?:\.[a-z_0-9]+)?)'\s*[,)]")
IN_TEMPLATES |= keys_in(
    TEMPLATES.parents[1],
    "*/*.py",
    r"(?<!>>> )(?:translate|page_text)\(\s*\"([a-z_0-9]+\.[a-z_0-9]+)\"",
)
# Keys of the heads of a table, and those that a list of keys walks through.
IN_TEMPLATES |= {
    key
    for heads in keys_in(TEMPLATES, "*.html", r"heads\(\(([^)]*)\)\)")
    for key in re.findall(r"'([a-z_0-9.]+)'", heads)
}
IN_TEMPLATES |= {"page.language"}  # the name of a language, in the switch
IN_SCRIPT = keys_in(SCRIPTS, "**/*.ts", r"\b(?:t|cell)\(\s*\"([a-z_0-9]+(?:\.[a-z_0-9]+)?)\"")
IN_SCRIPT |= keys_in(SCRIPTS, "*.ts", r"\? \"([a-z]+\.[a-z_]+)\" : \"[a-z]+\.[a-z_]+\"")


def test_keys_are_found_at_all() -> None:
    assert {"page.skip", "report.fault"} <= IN_TEMPLATES
    assert {"report.fault", "map.factor", "value.yes"} <= IN_SCRIPT


@pytest.mark.parametrize("key", sorted(IN_TEMPLATES))
def test_every_key_of_the_templates_and_views_has_a_text(key: str) -> None:
    assert SOURCES.get(key, "").strip()


@pytest.mark.parametrize("key", sorted(IN_SCRIPT))
def test_every_key_of_the_script_is_handed_to_it(key: str) -> None:
    own = {one.partition(".")[0] for one in FIELD}
    handed = [script_texts(lang) | script_texts(lang, own) for lang in spoken().tags]
    assert all(texts.get(key) for texts in handed)


def test_no_text_is_left_over() -> None:
    used = IN_TEMPLATES | IN_SCRIPT
    left = {
        key
        for key in {*PAGES, *SHARED, *ACCOUNTS, *PUBLIC, *FIELD} - used
        if key.split(".")[0] not in CODED
    }
    assert left == set()


def test_a_key_stands_in_one_table() -> None:
    assert len(SOURCES) == sum(len(table) for table in TABLES.values())


@pytest.mark.parametrize("collection", [DIVISIONS, PLACES, LINES, MARKERS, INSPECTIONS])
def test_every_published_property_has_a_text(collection: Collection) -> None:
    names = {one.name for one in collection.properties}
    assert {name for name in names if f"property.{name}" not in SHARED} == set()


@pytest.mark.parametrize("lang", spoken().tags)
def test_every_field_of_a_marker_sheet_has_a_text(lang: str) -> None:
    fields = {name for name, _, _ in sheet_columns() if not name.startswith("tie")}
    assert {
        name for name in fields if translate(f"property.{name}", lang).startswith("prop")
    } == set()


def test_an_unknown_code_shows_as_it_came() -> None:
    assert translate("verdict.unheard_of", "zh") == "verdict.unheard_of"


def test_any_other_language_reads_chinese() -> None:
    assert translate("verdict.displaced", "fr") == "移位"
