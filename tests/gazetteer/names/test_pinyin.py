import pytest

from gazetteer.names import key_syllables, tone_syllables
from gazetteer.names.pinyin import split_syllables
from gazetteer.names.tables import generics_table, pinyin_exceptions_table

# Names that a dictionary of common words reads wrongly, and their reading.
HARD = """
单县 shan xian | 洪洞 hong tong | 涡阳 guo yang | 珲春 hun chun | 浚县 xun xian | 筠连 jun lian
郭勒 guo le | 锡林郭勒盟 xi lin guo le meng | 高勒 gao le | 阿勒腾席热镇 a le teng xi re zhen
准格尔旗 zhun ge er qi | 扎兰屯 zha lan tun | 扎赉特 zha lai te | 克什克腾旗 ke shi ke teng qi
商都县 shang du xian | 上都镇 shang du zhen | 昆都仑区 kun du lun qu | 敕勒川 chi le chuan
长顺镇 chang shun zhen | 长治 chang zhi | 长子县 zhang zi xian | 朝阳镇 chao yang zhen
朝鲁吐镇 chao lu tu zhen | 泊尔江海子 bo er jiang hai zi | 苏泊淖尔 su bo nao er
诃额伦街道 he e lun jie dao | 喀喇沁 ka la qin | 额尔古纳 e er gu na | 圐圙 ku lue
赵家窝堡 zhao jia wo pu | 太行山 tai hang shan | 六安 lu an | 台州 tai zhou | 乐亭 lao ting
乐陵 lao ling | 天台 tian tai | 荥经 ying jing | 繁峙 fan shi | 大城县 dai cheng xian
阆中 lang zhong | 什邡 shi fang | 华阴 hua yin | 漯河 luo he | 番禺 pan yu | 东莞 dong guan
奇乾乡 qi qian xiang | 牤牛沟 mang niu gou | 萝卜沟 luo bo gou | 素卜 su bu | 女儿河 nu er he
"""


@pytest.mark.parametrize(
    ("name", "reading"),
    [line.strip().split(" ", 1) for line in HARD.replace("\n", "|").split("|") if line.strip()],
)
def test_place_names_are_read_as_places(name: str, reading: str) -> None:
    assert " ".join(key_syllables(name)) == reading


def test_a_traditional_character_keeps_the_reading_of_its_word() -> None:
    assert tone_syllables("準格爾") == tone_syllables("准格尔")


def test_numerals_and_latin_letters_are_syllables_of_their_own() -> None:
    assert key_syllables("g10高速") == ("g10", "gao", "su")


def test_unread_characters_leave_no_syllable() -> None:
    assert key_syllables("包☆头") == ("bao", "tou")


@pytest.mark.parametrize(
    ("written", "count", "syllables"),
    [
        ("Zìzhìqū", 3, ("zì", "zhì", "qū")),
        ("Kǒu'àn", 2, ("kǒu", "àn")),
        ("Dáwò'ěrzú", 4, ("dá", "wò", "ěr", "zú")),
        ("Wěiyuánhuì", 3, ("wěi", "yuán", "huì")),
        ("Qí", 2, ()),
    ],
)
def test_written_pinyin_is_cut_into_syllables(
    written: str, count: int, syllables: tuple[str, ...]
) -> None:
    assert split_syllables(written, count) == syllables


def test_each_generic_term_has_one_syllable_for_each_character() -> None:
    for row in generics_table():
        assert split_syllables(row["pinyin"], len(row["generic"])), row["generic"]


def test_each_exception_reads_every_character_and_names_its_source() -> None:
    for row in pinyin_exceptions_table():
        assert len(row["reading"].split()) == len(row["text"]), row["text"]
        assert row["source"]


def test_character_rows_hold_one_character() -> None:
    single = [row for row in pinyin_exceptions_table() if row["scope"] != "phrase"]
    assert all(len(row["text"]) == 1 for row in single)
