"""DOCX documents: the same bytes for the same content, and nothing that breaks them."""

import io
import zipfile
from datetime import UTC, date, datetime

import docx
import pytest
from PIL import Image

from data.chinese_dates import chinese_date
from data.documents import LETTER, REPORT, Document, Look, plain


def made(title: str = "关于“丁香路”命名的公告", look: Look = LETTER) -> bytes:
    document = Document(title, date(2026, 3, 5), look=look)
    document.heading("一、名称")
    document.line("东旗人民政府：")
    document.text("现予公告。")
    document.form([("名称", "丁香路", "蒙古文", "ᠯᠢᠰᠢ ᠵᠠᠮ"), ("位置", "东起人民路")], (1, 2, 1, 2))
    document.table(("序号", "名称"), [("1", "丁香路")], (1, 4))
    file = io.BytesIO()
    Image.new("RGB", (20, 10), "white").save(file, "PNG")
    document.picture(file.getvalue(), 4, "图 1")
    document.note("说明")
    document.new_page()
    document.table(("序号",), [("2",)], small=False)
    return document.content()


@pytest.mark.parametrize("look", [LETTER, REPORT])
def test_the_same_content_is_the_same_bytes(look: Look) -> None:
    assert made(look=look) == made(look=look)
    assert made(look=look) != made("别的公告", look)


def test_a_letter_and_a_report_look_different() -> None:
    letter, report = (docx.Document(io.BytesIO(made(look=look))) for look in (LETTER, REPORT))
    assert [one.text for one in letter.paragraphs] == [one.text for one in report.paragraphs]
    for opened, font, indented, shaded in (
        (letter, "仿宋", True, False), (report, "宋体", False, True),
    ):  # fmt: skip
        (text,) = [one for one in opened.paragraphs if one.text == "现予公告。"]
        assert (text.paragraph_format.first_line_indent is not None) == indented
        assert f'w:eastAsia="{font}"' in text._element.xml
        head = opened.tables[1].rows[0].cells[0]._tc.xml
        assert ("w:shd" in head) == shaded
        assert 'w:val="tbRl"' in opened.tables[0].rows[0].cells[3]._tc.xml  # Mongolian is upright


def test_the_moment_of_making_is_kept_in_utc() -> None:
    moment = datetime(2026, 5, 3, 12, 30, tzinfo=UTC)
    opened = docx.Document(io.BytesIO(Document("a", moment, look=REPORT).content()))
    assert opened.core_properties.created == moment


def test_a_title_may_be_of_any_characters_and_length() -> None:
    opened = docx.Document(
        io.BytesIO(Document("a\x00b\x0bc" + "长" * 400, date(2026, 5, 3)).content())
    )
    assert opened.paragraphs[0].text.startswith("a�b�c长")
    assert len(opened.core_properties.title) == 255  # what a document's property may have


def test_it_opens_again_and_says_when_it_was_made() -> None:
    opened = docx.Document(io.BytesIO(made()))
    assert opened.core_properties.title == "关于“丁香路”命名的公告"
    assert opened.core_properties.created is not None
    assert opened.core_properties.created.date() == date(2026, 3, 5)
    assert [t.rows[0].cells[0].text for t in opened.tables] == ["名称", "序号", "序号"]


def test_it_refers_to_nothing_outside() -> None:
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        for name in archive.namelist():
            if name.endswith(".rels"):
                assert b'TargetMode="External"' not in archive.read(name)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "\ufffe", "<w:p/>&", "=1+1"])
def test_no_text_breaks_it(text: str) -> None:
    document = Document(text, date(2026, 1, 1))
    document.text(text)
    document.form([("a", text)])
    opened = docx.Document(io.BytesIO(document.content()))
    assert opened.tables[0].rows[0].cells[1].text == plain(text)


def test_a_blank_date_is_filled_in_by_hand() -> None:
    assert "年" in chinese_date(None)
