"""The program's catalogues are whole and current; an office's is taken as far as it is good."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import format_date, get_locale, get_timezone, gettext, pgettext

import web.site.catalogues as installed
from data import InvalidFile, InvalidValue
from web import locales
from web.negotiation import page_language, preferred_language
from web.site import OWN, extraction, speak, spoken, translate
from web.site.catalogues import FILE, Entry, read_entries
from web.site.texts import SOURCES

OWN_FILES = extraction.files_in(OWN)
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'


def entry(key: str, text: str, source: str | None = None, flags: str = "") -> str:
    lines = [f"#, {flags}"] * bool(flags)
    lines += [f'msgctxt "{key}"', f'msgid "{source or SOURCES[key]}"', f'msgstr "{text}"']
    return "\n".join(lines) + "\n"


def write(folder: Path, locale: str, *entries: str) -> Path:
    file = folder / locale / FILE
    file.parent.mkdir(parents=True)
    file.write_text("\n".join([HEAD, *entries]), encoding="utf-8")
    return file


@pytest.fixture(autouse=True)
def _own_languages() -> Iterator[None]:
    yield
    speak("")


def test_english_is_a_catalogue_of_the_program() -> None:
    assert [file.parents[1].name for file in OWN_FILES] == ["en"]


@pytest.mark.parametrize("file", OWN_FILES, ids=lambda file: file.parents[1].name)
def test_a_catalogue_of_the_program_is_whole(file: Path) -> None:
    count = extraction.count(file)
    assert extraction.is_whole(count), f"`make texts`, then translate what is missing: {count}"
    assert count.translated == len(SOURCES)


def test_template_and_catalogues_are_as_the_tables_are_now(tmp_path: Path) -> None:
    for file in [OWN / "messages.pot", *OWN_FILES]:
        copy = tmp_path / file.relative_to(OWN)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    assert list(extraction.update(tmp_path)) == [], "run `make texts`"


def test_a_catalogue_has_the_key_as_context_and_the_chinese_as_its_source() -> None:
    with OWN_FILES[0].open("rb") as file:
        found = read_po(file).get("检查记录模板", context="line.template")
    assert found is not None
    assert found.string == "Template for inspections"


@pytest.mark.parametrize(
    ("one", "fault"),
    [
        (Entry("upload.row", "第 {row} 行", "мөр {row}"), ""),
        (Entry("upload.row", "第 {row} 行", "мөр {line}"), "places"),
        (Entry("upload.row", "第 {row} 行", "мөр"), "places"),
        (Entry("upload.row", "第 {row} 行", "мөр {row} {}"), "places"),
        (Entry("upload.row", "第 {row} 行", " "), "untranslated"),
        (Entry("upload.row", "第 {row} 行", "мөр {row}", fuzzy=True), "fuzzy"),
        (Entry("upload.row", "{row} 行", "мөр {row}"), "changed"),
        (Entry("upload.rows", "第 {row} 行", "мөр {row}"), "unknown"),
    ],
)
def test_an_entry_is_used_where_nothing_is_wrong_with_it(one: Entry, fault: str) -> None:
    assert one.fault == fault


def test_what_an_office_translates_is_spoken_and_the_rest_is_chinese(tmp_path: Path) -> None:
    write(
        tmp_path,
        "mn",
        entry("nav.map", "Газрын зураг"),
        entry("nav.home", "Нүүр", flags="fuzzy"),
        entry("upload.row", "мөр {line}"),
    )
    speak(str(tmp_path))
    assert spoken().tags == ("zh", "en", "mn")
    said = {key: translate(key, "mn") for key in ("nav.map", "nav.home", "upload.row")}
    assert said == {"nav.map": "Газрын зураг", "nav.home": "首页", "upload.row": "第 {row} 行"}
    assert (spoken().of("mn").name, spoken().of("zh").name) == ("монгол", "中文")


def test_a_language_names_itself(tmp_path: Path) -> None:
    write(tmp_path, "mn_Mong", entry("page.language", "ᠮᠣᠩᠭᠣᠯ"))
    speak(str(tmp_path))
    assert (spoken().tags[-1], spoken().of("mn-Mong").name) == ("mn-Mong", "ᠮᠣᠩᠭᠣᠯ")


def test_an_office_has_other_words_for_what_the_program_says(tmp_path: Path) -> None:
    write(tmp_path, "en", entry("nav.map", "Chart"))
    write(tmp_path, "zh", entry("nav.map", "图"))
    speak(str(tmp_path))
    assert [translate("nav.map", tag) for tag in spoken().tags] == ["图", "Chart"]
    assert translate("nav.home", "en") == "Home"


def test_a_folder_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="no folder"):
        speak(str(tmp_path / "none"))
    write(tmp_path, "klingon", entry("nav.map", "x"))
    with pytest.raises(InvalidValue, match="named for a language"):
        speak(str(tmp_path))
    write(tmp_path / "other", "mn").write_bytes("这不是译文目录".encode("gb18030"))
    with pytest.raises(InvalidFile, match="no gettext catalogue"):
        speak(str(tmp_path / "other"))


def test_a_text_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path, "mn", entry("nav.map", "Газрын зураг"))
    speak(str(tmp_path))
    assert translate("nav.map", "mn") == "Газрын зураг"
    monkeypatch.setattr(installed, "read_entries", None)
    file.unlink()
    speak(str(tmp_path))
    assert translate("nav.map", "mn") == "Газрын зураг"


def test_a_language_is_begun_and_brought_up_to_date(tmp_path: Path) -> None:
    file = extraction.begin(tmp_path, "mn")
    assert extraction.count(file).untranslated == len(SOURCES)
    with pytest.raises(InvalidValue, match="--update"):
        extraction.begin(tmp_path, "mn")
    text = file.read_text(encoding="utf-8")
    old = entry("nav.map", "").replace('msgstr ""\n', "")
    assert old in text
    changed = entry("nav.map", "Зураг", source="旧图").rstrip("\n")
    gone = entry("nav.gone", "Байхгүй", source="没有了")
    file.write_text(text.replace(f'{old}msgstr ""', changed) + "\n" + gone, encoding="utf-8")
    assert extraction.count(file).changed == extraction.count(file).unknown == 1
    assert list(extraction.update(tmp_path)) == [tmp_path / "messages.pot", file]
    count = extraction.count(file)
    assert (count.fuzzy, count.changed, count.unknown, count.obsolete) == (1, 0, 0, 0)
    kept = next(one for one in read_entries(file) if one.key == "nav.map")
    assert kept == Entry("nav.map", SOURCES["nav.map"], "Зураг", fuzzy=True)
    assert list(extraction.update(tmp_path)) == []


@pytest.mark.parametrize(
    ("address", "accepted", "tag", "register"),
    [
        ("/", "", "zh", "zh"),
        ("/", "en-GB,en;q=0.9,zh;q=0.1", "en", "en"),
        ("/", "mn-CN,mn;q=0.9,en;q=0.5", "mn", "zh"),
        ("/", "fr", "zh", "zh"),
        ("/?lang=mn", "en", "mn", "zh"),
        ("/?lang=zh-CN", "en", "zh", "zh"),
        ("/?lang=fr", "en", "en", "en"),
    ],
)
def test_flask_babel_selects_among_the_languages_that_are_installed(
    tmp_path: Path, address: str, accepted: str, tag: str, register: str
) -> None:
    write(tmp_path, "mn", entry("nav.map", "Газрын зураг"))
    app = Flask(__name__)
    locales.install(app, str(tmp_path))
    with app.test_request_context(address, headers={"Accept-Language": accepted}):
        assert (page_language(), str(get_locale())) == (tag, tag)
        assert pgettext("nav.map", "地图") == translate("nav.map", tag)
        assert gettext("没有这一条") == "没有这一条"
        assert str(get_timezone()) == "Asia/Shanghai"
        assert format_date(None) != ""
    if "?" not in address:
        assert preferred_language(accepted) == register
