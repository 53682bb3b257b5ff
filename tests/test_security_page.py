"""`SECURITY.md` names its tests: each of them exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


def test_the_page_names_tests() -> None:
    assert len(NAMED) > 60


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED)))
def test_each_named_test_exists(file: str, name: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert re.search(rf"^def {name}\(", text, re.MULTILINE), f"{file} has no {name}"


def test_every_row_of_its_tables_names_a_test() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")]
    unproved = [
        row for row in rows if "tests/" not in row and not row.startswith(("| threat", "| item"))
    ]
    assert unproved == []


def test_what_it_links_to_exists() -> None:
    for target in re.findall(r"\]\(([\w/.-]+)\)", PAGE):
        assert (ROOT / target).exists(), target
