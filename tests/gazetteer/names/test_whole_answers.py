"""What is answered to the last letter: refusals, scores, streets, names that no rule foresees."""

from collections.abc import Callable

import pytest

from data.errors import InvalidValue
from gazetteer.names import clean_name, parse_language
from gazetteer.names.keys import folded_key
from gazetteer.names.near import within_one_edit
from gazetteer.names.pinyin import split_syllables
from gazetteer.names.romanize import FeatureKind, suggest_pinyin
from gazetteer.names.short_forms import short_form, short_form_probe

MANY = "x" * 50 + " y"


@pytest.mark.parametrize(
    ("act", "field", "value", "said", "zh"),
    [
        (
            lambda: parse_language(MANY),
            "language",
            MANY,
            (
                "not a language tag of BCP 47; write one such as zh-Hans, mn-Mong, mn-Cyrl or"
                " zh-Latn-pinyin"
            ),
            f"“{'x' * 40}”不是 BCP 47 语言标记；请写作 zh-Hans、mn-Mong、mn-Cyrl 等",
        ),
        (
            lambda: clean_name("甲\n乙", "alias"),
            "alias",
            "甲\n乙",
            (
                "control characters such as line breaks are no part of a name; write the name on"
                " one line"
            ),
            "名称中不能有换行等控制字符；请写在一行内（所给：甲\\n乙）",
        ),
    ],
    ids=["language", "control"],
)
def test_a_refusal_says_field_value_rule_and_way_out(
    act: Callable[[], object], field: str, value: str, said: str, zh: str
) -> None:
    with pytest.raises(InvalidValue) as refusal:
        act()
    assert (refusal.value.field, refusal.value.value) == (field, value)
    assert refusal.value.message.endswith(f": {said}")
    assert refusal.value.zh == zh


@pytest.mark.parametrize(
    ("short", "full", "score", "places"),
    [
        ("东乌旗", "东乌珠穆沁旗", 1.0, (0, 1, 5)),
        # Two of three characters head a part; three of six are skipped to reach the other.
        ("东沁旗", "东乌珠穆沁旗", 0.6, (0, 4, 5)),
        ("东珠沁旗", "东乌珠穆沁旗", 0.567, (0, 2, 4, 5)),
        ("达特旗", "达拉特旗", 0.7, (0, 2, 3)),
        ("达安旗", "达尔罕茂明安联合旗", 0.622, (0, 5, 8)),
        # A character that stands twice is taken where it heads a part, else the first.
        ("阿阿旗", "阿巴阿巴嘎旗", 1.0, (0, 2, 5)),
        ("阿阿旗", "阿阿阿阿旗", 1.0, (0, 1, 4)),
        # Just two thirds as long, and one character more.
        ("乌旗", "乌兰旗", 1.0, (0, 2)),
        ("巴右旗", "巴林右旗", 1.0, (0, 2, 3)),
    ],
)
def test_how_a_short_form_is_scored(
    short: str, full: str, score: float, places: tuple[int, ...]
) -> None:
    found = short_form(short, full)
    assert found is not None
    assert (found.score, found.places) == (score, places)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("乌兰旗", "乌兰旗"),
        ("巴林右旗", "巴林右旗"),
        ("东乡", "东大青山"),
        ("东特旗", "东乌珠穆沁旗"),
        ("巴尔", "巴彦淖尔"),
        ("乌乌旗", "乌兰旗"),
        ("锡勒郭盟", "锡林郭勒盟"),
    ],
)
def test_what_is_no_short_form(short: str, full: str) -> None:
    assert short_form(short, full) is None


@pytest.mark.parametrize(
    ("full", "probe"),
    [("巴彦乡", "巴乡"), ("巴乡", ""), ("大青山", ""), ("巴彦", ""), ("锡林郭勒盟", "锡盟")],
)
def test_which_names_may_have_short_forms(full: str, probe: str) -> None:
    assert short_form_probe(full) == probe


@pytest.mark.parametrize(
    ("name", "kind", "written"),
    [
        ("经五路", None, "Jīng 5 Lù"),
        ("经十路", FeatureKind.STREET, "Jīng 10 Lù"),
        ("纬十二路", None, "Wěi 12 Lù"),
        ("纬二十街", FeatureKind.STREET, "Wěi 20 Jiē"),
        ("经二三路", FeatureKind.STREET, "Jīng 23 Lù"),
        ("三环路", None, "3 Huánlù"),
        ("二十三环路", None, "23 Huánlù"),
        ("东经五街", FeatureKind.STREET, "Dōngjīng 5 Jiē"),
        ("三环路", FeatureKind.VILLAGE, "Sānhuánlù"),
        ("花儿沟", None, "Huārgōu"),
        ("那儿花儿", None, "Nà'érhuār"),
        ("一儿", None, "Yīr"),
        ("儿", None, "Ér"),
        ("女儿河", None, "Nǚ'ér Hé"),
        ("西安·东", None, "Xī'āndōng"),
        ("沟（东）", None, "Gōudōng"),
        ("A区", None, "A Qū"),
        ("3号", None, "3hào"),
    ],
)
def test_how_a_name_is_written(name: str, kind: FeatureKind | None, written: str) -> None:
    suggested = suggest_pinyin(name, kind)
    assert suggested.text == written
    assert suggested.method == "pinyin by the rules of 1984"
    assert suggested.notes == ()


@pytest.mark.parametrize(
    ("written", "count", "syllables"),
    [
        ("xian", 1, ("xian",)),
        ("xi'an", 2, ("xi", "an")),
        ("pingan", 2, ("pin", "gan")),
        ("dalian", 2, ("da", "lian")),
        ("xieo", 2, ()),
        ("bae", 2, ()),
        ("baa", 2, ()),
    ],
)
def test_a_syllable_with_a_vowel_first_follows_an_apostrophe(
    written: str, count: int, syllables: tuple[str, ...]
) -> None:
    assert split_syllables(written, count) == syllables


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("包头", "包头", True),
        ("包头", "包头市", True),
        ("包头", "大包头市", False),
        ("包头市区", "包市头区", True),
        ("包头市区", "包市头县", False),
        ("包头", "鹿城", False),
        ("甲", "乙", True),
        ("", "甲", True),
        ("甲乙丙", "乙甲丁", False),
    ],
)
def test_one_edit_and_no_more(one: str, other: str, near: bool) -> None:  # noqa: FBT001
    assert within_one_edit(one, other) is near
    assert within_one_edit(other, one) is near


@pytest.mark.parametrize(
    ("text", "key"),
    [("錫林郭勒盟", "锡林郭勒盟"), ("Höh Hot", "hohhot"), ("ᠣᠷᠳᠣᠰ", "ᠣᠷᠲᠣᠰ"), ("10 號", "10号")],
)
def test_the_folded_key(text: str, key: str) -> None:
    assert folded_key(text) == key
