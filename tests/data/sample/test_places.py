from collections import Counter

import pytest

from data.sample import NamedPoint, Sample
from data.sample.places import category_of, choose_name
from data.sample.tags import is_code, language_tag


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("呼和浩特", "zh-Hans"),
        ("烏海市", "zh-Hant"),
        ("乌海", "zh-Hans"),
        ("ᠬᠥᠬᠡᠬᠣᠲᠠ", "mn-Mong"),
        ("Хөх хот", "und-Cyrl"),
        ("Hūhéhàotè", "und-Latn"),
        ("フフホト市", "ja"),
        ("후허하오터 시", "ko"),
        ("هوهوت", "und-Arab"),
        ("མཁར་སྔོན", "und-Tibt"),
        ("乌海 Wuhai", "und"),
        ("満州里", "und-Hani"),
        ("123", "und"),
    ],
)
def test_a_name_is_tagged_by_its_letters_and_no_further(text: str, tag: str) -> None:
    assert language_tag(text) == tag


def test_airport_codes_are_no_names() -> None:
    assert is_code("HET")
    assert not is_code("Ud")
    assert not is_code("乌海")


@pytest.mark.parametrize(
    ("name", "others", "chosen"),
    [
        ("Hohhot", ("呼和浩特", "呼和浩特市", "呼市"), "呼和浩特"),
        ("Wuhai", ("乌海", "乌海市", "海勃湾", "烏海市"), "乌海"),
        ("Xinli", ("杭锦旗", "锡尼", "锡尼镇"), "锡尼镇"),
        ("Ulan", ("鄂托克旗",), "鄂托克旗"),
        ("Mujiayingzi", ("Mujiayingzi",), "Mujiayingzi"),
    ],
)
def test_the_chinese_name_of_a_seat_is_its_own_before_its_divisions(
    name: str, others: tuple[str, ...], chosen: str
) -> None:
    taken = {"呼和浩特市", "乌海市", "杭锦旗", "鄂托克旗"}
    assert choose_name(NamedPoint("1", name, 0, 0, others), taken) == chosen


@pytest.mark.parametrize(
    ("name", "code"), [("锡尼镇", "221"), ("前进村", "222"), ("扎兰屯", "22"), ("Plain", "22")]
)
def test_a_settlement_has_the_category_its_name_tells(name: str, code: str) -> None:
    assert category_of(name) == code


def test_divisions_and_points_inside_the_region_are_places(sample: Sample) -> None:
    kinds = Counter(row.category_code for row in sample.places)
    assert kinds == {"212": 1, "213": 2, "214": 4, "22": 2}
    assert [row.source_id for row in sample.places[-2:]] == ["3", "12"]


def test_places_count_from_one_and_names_point_at_them(sample: Sample) -> None:
    assert [row.id for row in sample.places] == list(range(1, len(sample.places) + 1))
    heads = [row for row in sample.place_names if row.kind == "standard"]
    assert {row.place_id for row in heads} == {row.id for row in sample.places}


def test_a_division_stands_inside_its_outline(sample: Sample) -> None:
    shapes = {row.code: row.geom for row in sample.divisions}
    for place in sample.places:
        assert shapes[place.division_code].contains(place.geom)


def test_only_divisions_are_standard_names(sample: Sample) -> None:
    statuses = {row.category_code[:2]: row.status for row in sample.places}
    assert statuses == {"21": "standard", "22": "unverified"}
    assert not any(row.heritage for row in sample.places)


def test_every_other_name_of_a_point_is_kept_with_language_and_kind(sample: Sample) -> None:
    place = sample.places[-1]
    found = {row.text: (row.language, row.kind) for row in sample.place_names if row.place_id == 9}
    assert place.id == 9
    assert found == {
        "乌海": ("zh-Hans", "standard"),
        "Wuhai": ("und-Latn", "variant"),
        "烏海": ("zh-Hant", "variant"),
        "Ухай": ("und-Cyrl", "foreign"),
        "东旗": ("zh-Hans", "alias"),
        "ᠬᠥᠬᠡ": ("mn-Mong", "local"),
    }
