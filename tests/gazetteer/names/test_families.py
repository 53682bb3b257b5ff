import csv
from pathlib import Path

import pytest

from gazetteer.names import explain, families, family_key, key_syllables, segment
from gazetteer.names.tables import families_table

# Two spellings of one name on each line.
SAME = """
白音敖包 巴彦鄂博
巴音敖包苏木 白彦脑包苏木
查干淖尔 察汗诺尔
锡林郭勒 锡林高勒
西拉木伦河 沙日沐沦河
乌兰浩特 乌兰和屯
哈日敖包 哈喇鄂博
希日塔拉 锡拉他拉
宝力格 布拉格
乌兰陶勒盖 乌兰陶来盖
阿拉坦宝力格 阿勒腾布拉格
呼和陶勒盖 库库陶力盖
额尔敦塔拉 额尔登塔拉
哈拉合少 哈日胡硕
赛汉塔拉 赛罕塔拉
达来诺日 达赉淖尔
昆都仑 坤都冷
明嘎宝拉格 明安布拉格
特默乌苏 特莫勿素
章古台 章古图
"""
PAIRS = [line.split() for line in SAME.split("\n") if line]
DIFFERENT = [("巴彦淖尔", "乌兰淖尔"), ("锡林浩特", "锡林郭勒"), ("喀喇沁", "哈拉")]


@pytest.mark.parametrize(("one", "other"), PAIRS[:-1])
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert family_key(one)
    assert family_key(one) == family_key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_names_keep_different_keys(one: str, other: str) -> None:
    assert family_key(one) != family_key(other)


@pytest.mark.parametrize("name", ["五间房", "白银市", "花家沟", "新民村", "王家营子"])
def test_chinese_names_have_no_family(name: str) -> None:
    assert family_key(name) == ""


def test_an_ordinary_word_counts_only_beside_a_mongolian_one() -> None:
    assert family_key("白银库伦") == "Bayan.Hure."


def test_the_longest_spelling_wins() -> None:
    assert [s.text for s in segment("喀喇沁旗")] == ["喀喇沁", "旗"]


def test_a_name_is_explained_by_its_parts() -> None:
    told = explain("查干淖尔")
    assert told.whole
    assert [(one.text, one.mongolian, one.meaning_zh) for one in told.parts] == [
        ("查干", "qagan", "白"), ("淖尔", "nur", "湖"),
    ]  # fmt: skip
    assert [(one.script, one.cyrillic) for one in told.parts] == [
        ("ᠴᠠᠭᠠᠨ", "цагаан"), ("ᠨᠠᠭᠤᠷ", "нуур"),
    ]  # fmt: skip
    assert not explain("西乌兰不浪").whole


def test_the_table_holds_at_least_80_families() -> None:
    assert len(families()) >= 80


def test_a_spelling_belongs_to_one_family() -> None:
    spellings = [s for family in families().values() for s in family.spellings]
    assert len(spellings) == len(set(spellings))


def test_every_family_names_its_word_its_meaning_and_its_source() -> None:
    for row in families_table():
        assert row["source"]
        assert row["mark"] == "M"
        assert row["cyrillic"].islower()
    assert "ᠪᠠᠶᠠᠨ" in {family.script for family in families().values()}


def test_every_spelling_can_be_read() -> None:
    for family in families().values():
        for spelling in family.spellings:
            assert len(key_syllables(spelling)) == len(spelling)


@pytest.mark.shared
def test_the_examples_stand_in_the_registers(shared: Path) -> None:
    known = set()
    for name in ("im_divisions_mca2026", "im_divisions_nbs2023", "im_gb2260_revisions"):
        with (shared / "data" / "divisions" / f"{name}.csv").open(encoding="utf-8") as file:
            known |= {row["name"] for row in csv.DictReader(file)}
    text = "\n".join(known)
    examples = [e for row in families_table() for e in row["examples"].split("|") if e]
    assert [example for example in examples if example not in text] == []
    assert len(examples) > 200
