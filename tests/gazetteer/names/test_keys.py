import csv
import gzip
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.names import (
    NearSound,
    explain,
    family_key,
    fold,
    folded_key,
    grams,
    mongolian_near_key,
    search_keys,
    shape_key,
    short_form,
    split_name,
    suggest_pinyin,
    within_one_edit,
)

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=60) | st.text(
    st.sampled_from("呼和浩特市旗ᠠᠪᠣ\u202f\u180eХөHh '\"%_*()\ud800\udc00😀一二三十儿路经"),
    max_size=30,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ｈｏｈｈｏｔ", "hohhot"),
        ("呼和浩特", "呼和 浩特"),
        ("內蒙古自治區", "内蒙古自治区"),
        ("宝格达音髙勒苏木", "宝格达音高勒苏木"),
        ("Hūhéhàotè", "huhehaote"),
        ("Lu’an", "luan"),
        ("Хөх хот", "ХӨХ-ХОТ"),
        ("Öbür mongγol", "obur monggol"),
        ("Čiŋ šüi hė", "cing sui he"),
        ("扎赉诺尔（矿区）", "扎赉诺尔矿区"),
    ],
)
def test_what_readers_take_for_one_text_folds_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(ANY_TEXT)
def test_the_key_for_sorting_is_the_folded_one(text: str) -> None:
    assert folded_key(text) == search_keys(text).folded


@given(st.text(st.characters(codec="ascii"), max_size=40))
def test_plain_letters_fold_alone_as_they_do_beside_others(text: str) -> None:
    """They go a shorter way, which must lead to the same key."""
    assert fold(text) == fold(text + "Ж").removesuffix("ж")
    assert search_keys(text).script == ("Latn" if any(map(str.isalpha, text)) else "Zyyy")


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("呼和浩特", "huhehaote", "hhht"),
        ("錫林郭勒盟", "xilinguolemeng", "xlglm"),
        ("额尔古纳市", "eergunashi", "eegns"),
        ("旅顺", "lushun", "ls"),
        ("第10村", "di10cun", "d1c"),
    ],
)
def test_pinyin_and_initials(name: str, pinyin: str, initials: str) -> None:
    keys = search_keys(name)
    assert (keys.pinyin, keys.initials) == (pinyin, initials)


@pytest.mark.parametrize(
    "query", ["hu he hao te", "Huhehaote", "hū hé hào tè", "ＨＵＨＥＨＡＯＴＥ"]
)
def test_pinyin_of_a_query_meets_the_key_of_the_name(query: str) -> None:
    assert search_keys(query).folded == search_keys("呼和浩特").pinyin


def test_grams_hold_every_short_substring() -> None:
    assert grams("白云鄂", 3) == ("白", "云", "鄂", "白云", "云鄂", "白云鄂")


SHORT = """
东乌旗 东乌珠穆沁旗 | 西乌旗 西乌珠穆沁旗 | 达茂旗 达尔罕茂明安联合旗 | 锡盟 锡林郭勒盟
阿左旗 阿拉善左旗 | 阿右旗 阿拉善右旗 | 阿盟 阿拉善盟 | 兴安盟 兴安盟 | 呼市 呼和浩特市
科右前旗 科尔沁右翼前旗 | 科左后旗 科尔沁左翼后旗 | 莫旗 莫力达瓦达斡尔族自治旗
鄂前旗 鄂托克前旗 | 新左旗 新巴尔虎左旗 | 陈旗 陈巴尔虎旗 | 巴盟 巴彦淖尔盟
土左旗 土默特左旗 | 察右后旗 察哈尔右翼后旗 | 阿旗 阿鲁科尔沁旗 | 伊旗 伊金霍洛旗
克旗 克什克腾旗 | 准旗 准格尔旗 | 达旗 达拉特旗 | 乌前旗 乌拉特前旗 | 苏右旗 苏尼特右旗
"""


@pytest.mark.parametrize(
    ("short", "full"),
    [pair.split() for pair in SHORT.replace("\n", "|").split("|") if pair.strip()],
)
def test_everyday_short_forms(short: str, full: str) -> None:
    if short == full:
        assert short_form(short, full) is None
        return
    found = short_form(short, full)
    assert found is not None
    assert found.score >= 0.8
    assert "".join(full[place] for place in found.places) == short
    assert search_keys(full).short_probe == short[0] + short[-1]


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("乌旗", "东乌珠穆沁旗"),
        ("东乌市", "东乌珠穆沁旗"),
        ("包头", "包头市"),
        ("锡林郭勒", "锡林郭勒盟"),
    ],
)
def test_what_loses_its_head_or_its_generic_term_is_no_short_form(short: str, full: str) -> None:
    assert short_form(short, full) is None


def test_a_short_form_of_part_heads_scores_above_another() -> None:
    good, poor = short_form("阿左旗", "阿拉善左旗"), short_form("阿善旗", "阿拉善左旗")
    assert good is not None
    assert poor is not None
    assert good.score > poor.score


@pytest.mark.parametrize(
    ("one", "other", "mergers"),
    [
        ("扎兰屯", "杂兰屯", ("zh/z",)),
        ("商都", "桑都", ("zh/z",)),
        ("林西", "玲西", ("n/ng",)),
        ("宁城", "林成", ("n/ng", "l/n")),
        ("惠安", "肥安", ("f/h",)),
    ],
)
def test_near_sounds_meet_as_configured(one: str, other: str, mergers: tuple[str, ...]) -> None:
    sounds = NearSound(mergers)
    assert search_keys(one).sound(sounds) == search_keys(other).sound(sounds)
    assert search_keys(one).sound(NearSound(())) != search_keys(other).sound(NearSound(()))


def test_look_alikes_fold_to_one_shape() -> None:
    assert shape_key("毫州") == shape_key("亳州")
    assert shape_key("包头") != shape_key("汕头")


@given(st.text("呼和浩特市ab", min_size=2, max_size=8), st.data())
def test_every_single_edit_is_one(key: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(key) - 1))
    letter = data.draw(st.sampled_from("盟旗x"))
    edited = data.draw(
        st.sampled_from(
            [
                key[:place] + letter + key[place:],
                key[:place] + key[place + 1 :],
                key[:place] + letter + key[place + 1 :],
                key[:place] + key[place : place + 2][::-1] + key[place + 2 :],
            ]
        )
    )
    assert within_one_edit(key, edited)


@given(st.text("呼和浩特", max_size=6), st.text("呼和浩特", max_size=6))
def test_one_edit_is_symmetric(one: str, other: str) -> None:
    assert within_one_edit(one, other) == within_one_edit(other, one)


@given(ANY_TEXT)
def test_no_text_breaks_the_keys(text: str) -> None:
    keys = search_keys(text)
    keys.grams()
    for key in (keys.folded, keys.pinyin, keys.initials, keys.skeleton, keys.family, keys.sound()):
        key.encode("utf-8")
    assert search_keys(text) == keys
    mongolian_near_key(text)
    shape_key(keys.folded)
    explain(keys.folded)
    split_name(keys.folded)
    suggest_pinyin(text)


@given(ANY_TEXT)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY_TEXT, ANY_TEXT)
def test_a_short_form_is_found_where_it_says(short: str, full: str) -> None:
    found = short_form(short, full)
    if found:
        assert "".join(full[place] for place in found.places) == short


@given(st.text("巴彦白音敖包鄂博淖尔旗村", max_size=12), st.text("巴彦敖包", max_size=4))
def test_a_family_key_begins_with_that_of_its_first_words(head: str, tail: str) -> None:
    whole = family_key(head + tail)
    assert (whole != "") or not family_key(head)


@pytest.mark.shared
def test_keys_of_the_regions_size_in_good_time(shared: Path) -> None:
    path = shared / "data" / "divisions" / "cn_division_names_nbs2023.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        names = [row["name"] for _, row in zip(range(26_580), csv.DictReader(file), strict=False)]
    search_keys(names[0])
    start = time.process_time()
    for name in names:
        search_keys(name).grams()
    # A tenth of the region's 265,800 names in a tenth of the 25 s set for all of them.
    assert time.process_time() - start < 2.5
