"""What CONTRIBUTING and docs/architecture.md name is there; recipes are short, rooms are named."""

import re
from pathlib import Path

import pytest

from web.catalogue import COLLECTIONS

ROOT = Path(__file__).resolve().parents[1]
RECIPES = {
    title: text
    for title, _, text in (
        part.partition("\n")
        for part in re.split(
            r"^## ", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), flags=re.MULTILINE
        )
    )
    if title.startswith("Add ")
}
MOST_STEPS = 10
PLACES = ["", "web", "data", "data/migrations/versions", "boundary/diagnosis"]
"""Where a file that a recipe names by its name alone may lie."""
FLOORS = ("gazetteer", "boundary")


def named(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_has_ten_steps_at_most(title: str) -> None:
    steps = [int(number) for number in re.findall(r"^(\d+)\. ", RECIPES[title], re.MULTILINE)]
    assert steps == list(range(1, len(steps) + 1))
    assert 1 <= len(steps) <= MOST_STEPS


@pytest.mark.parametrize("title", RECIPES)
def test_the_files_that_a_recipe_names_are_there(title: str) -> None:
    for name in named(RECIPES[title]):
        if not re.fullmatch(r"[\w./*-]+(?:/|\.(?:py|csv|md|po))", name):
            continue
        # FAMILY, 000N, what: a name that whoever follows the recipe gives.
        pattern = re.sub(r"FAMILY|v000N_what", "*", name)
        places = [*PLACES, *FLOORS, "data/reference"]
        assert any(any(ROOT.glob(f"{place}/{pattern}".lstrip("/"))) for place in places), name


@pytest.mark.parametrize("title", RECIPES)
def test_the_words_of_code_that_a_recipe_names_are_there(title: str) -> None:
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("data", "gazetteer", "boundary", "web", "tests/boundary/simulation")
        for kind in ("*.py", "*.csv")
        for path in (ROOT / folder).rglob(kind)
    )
    for name in named(RECIPES[title]):
        word = re.match(r"(?:[\w]+\.)*(\w{4,})(?:\(|$)", name)
        if word is not None:
            assert re.search(rf"\b{word[1]}\b", source), name


def test_the_name_of_a_collection_is_one_word() -> None:
    """The quick doors know addresses by it."""
    assert [name for name in COLLECTIONS if not re.fullmatch("[a-z]+", name)] == []


ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
HOUSE = ("data", "gazetteer", "boundary", "web")


def test_the_rooms_that_the_architecture_names_are_there() -> None:
    paths = [
        name for name in named(ARCHITECTURE) if re.fullmatch(r"[\w./*]+", name) and "/" in name
    ]
    assert paths
    assert [name for name in paths if not any(ROOT.glob(name.strip("/")))] == []


def test_every_folder_of_a_floor_has_its_line_in_the_architecture() -> None:
    folders = [
        f"{floor}/{folder.name}/"
        for floor in HOUSE
        for folder in (ROOT / floor).iterdir()
        if folder.is_dir() and folder.name != "__pycache__"
    ]
    assert [folder for folder in folders if f"`{folder}" not in ARCHITECTURE] == []
