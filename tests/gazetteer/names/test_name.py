import pytest

from data.errors import InvalidValue
from gazetteer.names import clean_name, parse_language

NNBSP, MVS = "\u202f", "\u180e"


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
    assert clean_name(text) == text


def test_text_is_nfc_and_plain_blanks_at_the_ends_go() -> None:
    assert clean_name("　Hu\u0304he\u0301 ") == "Hūhé"


@pytest.mark.parametrize("text", ["", "   ", "\ud800呼", "呼\n和", "名" * 201])
def test_what_cannot_be_a_name_is_refused_with_a_way_out(text: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        clean_name(text)
    assert refusal.value.field == "name"
    assert refusal.value.way_out
    assert refusal.value.zh
