import os
from collections import Counter
from pathlib import Path

import pytest

from data.reference import (
    categories,
    category,
    division,
    division_authorities,
    division_clocks,
    division_history,
    divisions,
    former_names,
    line_names,
    neighbours,
    short_names,
)

REPOSITORY = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("OVOO_SHARED", REPOSITORY.parent / "shared"))
COUNTY_KINDS = ("自治旗", "旗", "县", "市", "区")


def test_the_region_has_12_prefectures_and_103_counties() -> None:
    levels = Counter(row.level for row in divisions())
    assert levels == {"region": 1, "prefecture": 12, "county": 103}


def test_the_counties_are_of_the_published_kinds() -> None:
    kinds = Counter(
        next(kind for kind in COUNTY_KINDS if row.name.endswith(kind))
        for row in divisions()
        if row.level == "county"
    )
    assert kinds == {"区": 23, "市": 11, "县": 17, "旗": 49, "自治旗": 3}


def test_nine_prefectures_are_cities_and_three_are_leagues() -> None:
    ends = Counter(row.name[-1] for row in divisions() if row.level == "prefecture")
    assert ends == {"市": 9, "盟": 3}


def test_codes_follow_the_pattern_of_gb2260() -> None:
    for row in divisions():
        pair = {"region": (0, 6), "prefecture": (2, 4), "county": (4, 6)}[row.level]
        assert row.code[pair[1] :] == "0" * (6 - pair[1]) if row.level != "region" else True
        if row.level == "county":
            assert row.parent_code == row.code[:4] + "00"
            number = int(row.code[4:])
            kind = row.name[-1]
            if kind == "区" or (kind == "市" and division(row.parent_code).name[-1] == "盟"):  # type: ignore[union-attr]
                assert 1 <= number <= 20
            elif kind == "市":
                assert 81 <= number <= 99
            else:
                assert 21 <= number <= 80
        if row.level == "prefecture":
            number = int(row.code[2:4])
            assert 21 <= number <= 50 if row.name.endswith("盟") else 1 <= number <= 20


def test_no_code_and_no_name_within_a_prefecture_occurs_twice() -> None:
    rows = divisions()
    assert len({row.code for row in rows}) == len(rows)
    assert len({(row.parent_code, row.name) for row in rows}) == len(rows)


def test_romanization_marks_are_counted_as_in_the_note() -> None:
    marks = Counter(row.romanization_mark for row in divisions())
    assert marks == {"agreed": 98, "adapted": 6, "one-copy": 6, "memory": 6}


@pytest.mark.parametrize(
    ("code", "romanization", "mark"),
    [
        ("150100", "Hohhot Shi", "agreed"),
        ("150203", "Hondlon Qu", "adapted"),
        ("150105", "Saihan Qu", "one-copy"),
        ("150703", "Jalai Nur Qu", "memory"),
        ("152529", "Zhengxiangbai (Xulun Hobot Qagan) Qi", "agreed"),
    ],
)
def test_romanizations_carry_their_mark(code: str, romanization: str, mark: str) -> None:
    found = division(code)
    assert found is not None
    assert (found.romanization, found.romanization_mark) == (romanization, mark)


def test_an_unknown_division_is_none() -> None:
    assert division("999999") is None


def test_history_leads_to_codes_that_are_in_force() -> None:
    known = {row.code: row.name for row in divisions()}
    changes = division_history()
    moved = {change.old_code: change.new_code for change in changes}
    for change in changes:
        code = change.new_code
        while code not in known:
            code = moved[code]
        assert change.old_code not in known or change.old_code == change.new_code


def test_former_names_are_followed_through_every_change() -> None:
    assert [change.old_name for change in former_names("150404")] == ["郊区", "赤峰县"]
    assert [change.old_name for change in former_names("150502")] == ["通辽市", "通辽县"]
    assert former_names("150102") == ()


def test_the_law_of_division_changes_is_data() -> None:
    assert {rule.article for rule in division_authorities()} >= {
        "L704 Art 6",
        "L704 Art 8",
        "L704 Art 17",
    }
    assert [(rule.months, rule.extension_months) for rule in division_clocks()] == [(12, 6), (1, 0)]


def test_categories_form_a_tree_of_prefixes() -> None:
    for row in categories():
        assert row.code.startswith(row.parent_code)
        assert len(row.parent_code) == len(row.code) - 1
        assert row.code5 == row.code.ljust(5, "0")


def test_a_category_is_found_short_and_padded() -> None:
    assert category("222") == category("22200") is not None
    assert category("23213") is not None
    assert category("99") is None


def test_eight_provinces_adjoin_the_region() -> None:
    rows = neighbours()
    assert len(rows) == 8
    assert "".join(row.short_character for row in rows) == "冀晋辽吉黑陕甘宁"
    assert short_names()["150000"] == "蒙"
    assert short_names()["640000"] == "宁"


def test_line_names_hold_the_characters_of_both_sides_in_ascending_order_of_province() -> None:
    characters = short_names()
    for row in line_names():
        assert row.name == f"{characters[row.party_a]}{characters[row.party_b]}线"
        if row.level == "province":
            assert row.party_a < row.party_b
            assert row.code == row.party_a[:2] + row.party_b[:2]


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not beside the project")
def test_codes_and_names_agree_with_the_ministrys_list() -> None:
    import csv

    with (SHARED / "data/divisions/im_divisions_mca2026.csv").open(encoding="utf-8") as file:
        listed = {
            (row["code"][:6], row["name"]) for row in csv.DictReader(file) if row["level"] < "4"
        }
    assert {(row.code, row.name) for row in divisions()} == listed
