"""DOCX documents: the same bytes for the same content, and nothing that breaks them."""

import io
import zipfile
from datetime import date

import docx
import pytest
from PIL import Image

from data.documents import Document, chinese_date, plain


def made(title: str = "关于“丁香路”命名的公告") -> bytes:
    document = Document(title, date(2026, 3, 5))
    document.line("东旗人民政府：")
    document.text("现予公告。")
    document.form([("名称", "丁香路", "蒙古文", "ᠯᠢᠰᠢ ᠵᠠᠮ"), ("位置", "东起人民路")], (1, 2, 1, 2))
    document.table(("序号", "名称"), [("1", "丁香路")], (1, 4))
    file = io.BytesIO()
    Image.new("RGB", (20, 10), "white").save(file, "PNG")
    document.picture(file.getvalue(), 4, "图 1")
    document.note("说明")
    return document.content()


def test_the_same_content_is_the_same_bytes() -> None:
    assert made() == made()
    assert made() != made("别的公告")


def test_it_opens_again_and_says_when_it_was_made() -> None:
    opened = docx.Document(io.BytesIO(made()))
    assert opened.core_properties.title == "关于“丁香路”命名的公告"
    assert opened.core_properties.created is not None
    assert opened.core_properties.created.date() == date(2026, 3, 5)
    assert [t.rows[0].cells[0].text for t in opened.tables] == ["名称", "序号"]


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
