import csv
from itertools import combinations
from pathlib import Path

import pytest

from gazetteer.names import (
    mongolian_key,
    mongolian_near_key,
    mongolian_skeleton,
    search_keys,
    within_one_edit,
)

NNBSP, FVS1, MVS = "\u202f", "\u180b", "\u180e"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ᠣᠷᠳᠣᠰ", "ᠣᠷᠳᠤᠰ"),
        ("ᠥᠪᠥᠷ", "ᠦᠪᠦᠷ"),
        ("ᠬᠣᠲᠠ", "ᠬᠣᠳᠠ"),
        ("ᠮᠣᠩᠭᠣᠯ ᠤᠨ", f"ᠮᠣᠩᠭ{FVS1}ᠤᠯ{NNBSP}ᠤᠨ"),
        ("ᠬᠠᠷᠠ", f"ᠬᠠᠷ{MVS}ᠠ"),
    ],
)
def test_encodings_of_one_printed_word_have_one_key(one: str, other: str) -> None:
    assert mongolian_key(one) == mongolian_key(other)


def test_an_unwritten_inner_vowel_changes_the_key_but_not_the_skeleton() -> None:
    one, other = "ᠥᠪᠡᠷᠲᠡᠭᠨ", "ᠥᠪᠡᠷᠲᠡᠭᠡᠨ"
    assert mongolian_key(one) != mongolian_key(other)
    assert mongolian_skeleton(one) == mongolian_skeleton(other) != ""


def test_a_short_word_has_no_skeleton() -> None:
    assert mongolian_skeleton("ᠬᠣᠲᠠ") == ""


def found_in_first_pass(query: str, stored: str) -> bool:
    asked, kept = search_keys(query), search_keys(stored)
    if kept.folded.startswith(asked.folded) or asked.folded.startswith(kept.folded):
        return True
    return asked.skeleton != "" and asked.skeleton == kept.skeleton


@pytest.mark.shared
def test_the_fixture_of_real_names(shared: Path) -> None:
    path = shared / "data" / "gazetteer" / "im_mongolian_script_names.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 27
    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        groups.setdefault(row["name_zh"], []).append(row)
    pairs = [pair for group in groups.values() for pair in combinations(group, 2)]
    assert len(pairs) == 6
    for one, other in pairs:
        first = found_in_first_pass(one["name_mong"], other["name_mong"])
        misspelt = "misspelt" in one["note"] + other["note"]
        assert first is not misspelt, one["name_zh"]
        if misspelt:
            near = [mongolian_near_key(row["name_mong"]) for row in (one, other)]
            assert within_one_edit(*near)


@pytest.mark.shared
def test_no_two_names_of_the_fixture_are_confused(shared: Path) -> None:
    path = shared / "data" / "gazetteer" / "im_mongolian_script_names.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for one, other in combinations(rows, 2):
        if one["name_zh"] != other["name_zh"]:
            keys = search_keys(one["name_mong"]), search_keys(other["name_mong"])
            assert keys[0].folded != keys[1].folded
            assert not keys[0].skeleton or keys[0].skeleton != keys[1].skeleton
