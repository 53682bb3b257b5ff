from pathlib import Path

import pytest

from data.errors import FaultsFound, InvalidValue
from data.reference import TERM_TABLES, condition, conditions, find_term, terms


@pytest.mark.parametrize("table", TERM_TABLES)
def test_each_word_of_a_term_finds_that_term_and_no_other(table: str) -> None:
    for term in terms(table):
        for word in (term.code, term.zh, term.en, *term.synonyms):
            assert find_term(table, word) == term


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("完好", "intact"),
        ("完好无损", "intact"),
        (" 良 好 ", "intact"),
        ("Intact", "intact"),
        ("损毁", "damaged"),
        ("不醒目", "inscription_unclear"),
        ("移动", "displaced"),
        ("疑似移位", "suspected_displaced"),
        ("丢失", "lost"),
        ("报废", "scrapped"),
        ("未找到", "not_found"),
        ("ｎｏｔ　ｆｏｕｎｄ", "not_found"),
        ("无法到达", "unreachable"),
    ],
)
def test_conditions_are_understood_as_people_write_them(text: str, code: str) -> None:
    found = condition(text)
    assert found is not None
    assert found.code == code


def test_a_word_nobody_listed_is_not_guessed() -> None:
    assert condition("差不多") is None
    assert condition("") is None


def test_conditions_are_the_nine_codes_in_order() -> None:
    assert [term.code for term in conditions()] == [
        "intact",
        "damaged",
        "inscription_unclear",
        "displaced",
        "suspected_displaced",
        "lost",
        "scrapped",
        "not_found",
        "unreachable",
    ]


def test_each_folder_has_words_of_its_own(tmp_path: Path) -> None:
    own = tmp_path / "materials.csv"
    own.write_text("code,zh,en,synonyms,mark,source\nwood,木,wood,,M,own\n", encoding="utf-8")
    assert find_term("materials", "石质", tmp_path) is None
    assert find_term("materials", "木", tmp_path) is not None
    assert find_term("materials", "木") != find_term("materials", "木", tmp_path)


def test_one_word_for_two_terms_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "materials.csv").write_text(
        "code,zh,en,synonyms,mark,source\nstone,石,stone,岩,M,own\nrock,岩,rock,,M,own\n",
        encoding="utf-8",
    )
    with pytest.raises(FaultsFound) as caught:
        find_term("materials", "石", tmp_path)
    assert [fault.row for fault in caught.value.faults] == [3]


def test_an_unknown_vocabulary_is_refused() -> None:
    with pytest.raises(InvalidValue, match="no such table of terms"):
        find_term("colours", "红")
