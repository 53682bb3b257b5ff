import pytest

from gazetteer.names import FeatureKind, RomanizationSuggestion, suggest_pinyin

# 中地字〔1984〕17号, the rules by number as standards.md §7.1 lists them.
RULES = [
    (1, "太行山", "Tàiháng Shān"),
    (1, "江苏省", "Jiāngsū Shěng"),
    (1, "呼和浩特市", "Hūhéhàotè Shì"),
    (2, "西辽河", "Xīliáo Hé"),
    (2, "潮白新河", "Cháobái Xīnhé"),
    (2, "科尔沁左翼中旗", "Kē'ěrqìn Zuǒyì Zhōngqí"),
    (2, "莫力达瓦达斡尔族自治旗", "Mòlìdáwǎ Dáwò'ěrzú Zìzhìqí"),
    (3, "王家营子", "Wángjiāyíngzi"),
    (3, "五间房村", "Wǔjiānfángcūn"),
    (4, "黑龙江省", "Hēilóngjiāng Shěng"),
    (4, "景德镇市", "Jǐngdézhèn Shì"),
    (4, "大青山乡", "Dàqīngshān Xiāng"),
    (5, "左权县", "Zuǒquán Xiàn"),
    (6, "五指山", "Wǔzhǐ Shān"),
    (7, "1203高地", "1203 Gāodì"),
    (7, "三环路", "3 Huánlù"),
    (7, "经五路", "Jīng 5 Lù"),
    (7, "纬十二路", "Wěi 12 Lù"),
    (8, "单县", "Shàn Xiàn"),
    (10, "白云鄂博矿区", "Báiyún'èbó Kuàngqū"),
    (11, "西安市", "Xī'ān Shì"),
    (11, "六安市", "Lù'ān Shì"),
    (11, "额尔古纳市", "É'ěrgǔnà Shì"),
    (12, "盆儿胡同", "Pénr Hútòng"),
    (12, "女儿河", "Nǚ'ér Hé"),
    (12, "儿童公园", "Értóng Gōngyuán"),
]


@pytest.mark.parametrize(("rule", "name", "written"), RULES)
def test_pinyin_follows_the_rules_of_1984(rule: int, name: str, written: str) -> None:
    assert suggest_pinyin(name).text == written


def test_rule_9_tone_marks_may_be_left_out() -> None:
    assert suggest_pinyin("女儿河", tones=False).text == "Nü'er He"


def test_a_village_is_one_word_whatever_it_ends_with() -> None:
    assert suggest_pinyin("大青山", FeatureKind.VILLAGE).text == "Dàqīngshān"
    assert suggest_pinyin("大青山").text == "Dàqīng Shān"


def test_what_is_computed_is_a_suggestion_and_says_so() -> None:
    made = suggest_pinyin("锡林郭勒盟")
    assert isinstance(made, RomanizationSuggestion)
    assert "not approved" in str(made)


def test_a_character_without_a_reading_is_named() -> None:
    assert suggest_pinyin("\U00031300山").notes == ("no reading is known for \U00031300",)
