from datetime import date

import pytest

from data.errors import InvalidValue
from data.reference import terms
from gazetteer.names import Name, NameKind, NameStatus, clean_name, parse_language, script_of

NNBSP, MVS = "\u202f", "\u180e"


@pytest.mark.parametrize(
    ("text", "script", "language"),
    [
        ("呼和浩特", "Hans", "zh-Hans"),
        ("锡林郭勒盟", "Hans", "zh-Hans"),
        ("錫林郭勒盟", "Hant", "zh-Hant"),
        ("ᠬᠥᠬᠡᠬᠣᠲᠠ", "Mong", "mn-Mong"),
        ("Хөх хот", "Cyrl", "mn-Cyrl"),
        ("Hohhot", "Latn", "zh-Latn-pinyin"),
        ("Hūhéhàotè Shì", "Latn", "zh-Latn-pinyin"),
        ("1203", "Zyyy", "und"),
    ],
)
def test_script_and_language_come_from_the_text(text: str, script: str, language: str) -> None:
    name = Name.parse(text)
    assert (name.script, name.language) == (script, language)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ZH-HANS", "zh-Hans"),
        ("mn-mong", "mn-Mong"),
        ("zh-latn-PINYIN", "zh-Latn-pinyin"),
        ("mn-Mong-cn", "mn-Mong-CN"),
        ("evn", "evn"),
        ("zh-x-old", "zh-x-old"),
    ],
)
def test_language_tags_are_kept_in_their_customary_case(written: str, kept: str) -> None:
    assert parse_language(written) == kept


@pytest.mark.parametrize(
    "tag", ["", "Chinese (simplified)", "zh_CN", "z", "zh-", "中文", "mn-Cyrſ"]
)
def test_what_is_no_language_tag_is_refused(tag: str) -> None:
    with pytest.raises(InvalidValue, match="language"):
        parse_language(tag)


def test_mongolian_is_stored_as_entered_with_its_narrow_space() -> None:
    text = f"ᠰᠢᠯᠢ{NNBSP}ᠶᠢᠨ ᠭᠣᠣᠯ{MVS}ᠠ{NNBSP}"
    assert Name.parse(text).text == text


def test_text_is_nfc_and_plain_blanks_at_the_ends_go() -> None:
    assert clean_name("　Hu\u0304he\u0301 ") == "Hūhé"


@pytest.mark.parametrize("text", ["", "   ", "\ud800呼", "呼\n和", "名" * 201])
def test_what_cannot_be_a_name_is_refused_with_a_way_out(text: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        Name.parse(text)
    assert refusal.value.field == "name"
    assert refusal.value.way_out
    assert refusal.value.zh


def test_a_tag_that_names_another_script_is_refused() -> None:
    with pytest.raises(InvalidValue, match="written in Hani"):
        Name.parse("呼和浩特", "mn-Mong")


@pytest.mark.parametrize("tag", ["zh-Hans", "zh-Hant", "zh", "ja"])
def test_characters_of_both_standards_fit_either_tag(tag: str) -> None:
    assert Name.parse("呼和浩特", tag).language == tag


def test_a_name_ends_after_it_begins() -> None:
    with pytest.raises(InvalidValue, match="valid_to"):
        Name.parse("哲里木盟", valid_from=date(1999, 1, 1), valid_to=date(1999, 1, 1))


@pytest.mark.parametrize(
    ("day", "holds"),
    [(date(1998, 12, 31), True), (date(1999, 1, 13), False), (date(1900, 1, 1), False)],
)
def test_a_name_holds_from_its_first_day_to_the_day_before_its_end(day: date, holds: bool) -> None:  # noqa: FBT001
    name = Name.parse("哲里木盟", valid_from=date(1949, 5, 1), valid_to=date(1999, 1, 13))
    assert name.holds_on(day) is holds


def test_kinds_and_statuses_are_those_of_the_code_tables() -> None:
    assert {kind.value for kind in NameKind} == {term.code for term in terms("name_kinds")}
    assert {s.value for s in NameStatus} == {term.code for term in terms("name_statuses")}


@pytest.mark.parametrize(("field", "value"), [("kind", "nickname"), ("status", "approved")])
def test_unknown_kinds_and_statuses_are_refused(field: str, value: str) -> None:
    with pytest.raises(InvalidValue, match=field):
        Name.parse("包头市", **{field: value})  # type: ignore[arg-type]


def test_a_mixed_text_takes_the_script_of_most_letters() -> None:
    assert script_of("Hohhot 呼和") == "Latn"
