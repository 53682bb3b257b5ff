"""Documents: read in any format, every finding in its place, marks where it stands."""

import io
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest

from data.errors import InvalidFile, InvalidValue
from data.store import Store
from gazetteer.checker import check_document, check_pasted, marked_copy, marked_html

WRONG = "哲里木盟科尔沁区"
Write = Callable[[str, bytes], Path]


def word() -> bytes:
    made = docx.Document()
    made.add_paragraph("第一段没有地名。")
    paragraph = made.add_paragraph("寄往")
    for part in ("哲里", "木盟科", "尔沁区"):
        paragraph.add_run(part).bold = True
    paragraph.add_run("民政局。")
    table = made.add_table(2, 2)
    table.cell(1, 1).text = f"地址：{WRONG}"
    made.sections[0].header.paragraphs[0].text = WRONG
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def sheet() -> bytes:
    book = openpyxl.Workbook()
    book.active["B3"] = f"寄往{WRONG}"
    book.create_sheet("二")["C5"] = "呼和皓特市"
    book["二"]["C6"] = "=1+1"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def places(register: Store, path: Path) -> list[tuple[str, int, str]]:
    report = check_document(register, path).as_json()
    return [(one["place_zh"], one["offset"], one["text"]) for one in report["findings"]]


def test_a_word_document(register: Store, written: Write) -> None:
    assert places(register, written("a.docx", word())) == [
        ("第2段", 2, WRONG),
        ("表1第2行第2列", 3, WRONG),
        ("页眉第1段", 0, WRONG),
    ]


def test_a_workbook(register: Store, written: Write) -> None:
    assert places(register, written("a.xlsx", sheet())) == [
        ("工作表“Sheet”B3", 2, WRONG),
        ("工作表“二”C5", 0, "呼和皓特市"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_in_any_encoding(register: Store, written: Write, encoding: str) -> None:
    content = f"第一行。\r\n\r\n各旗县，寄往{WRONG}。\r\n".encode(encoding)
    assert places(register, written("a.txt", content)) == [("第3行", 6, WRONG)]


def test_the_marked_word_document_keeps_its_text_and_says_why(
    register: Store, written: Write
) -> None:
    path = written("a.docx", word())
    checked = check_document(register, path)
    marked = docx.Document(io.BytesIO(marked_copy(checked, path)))
    before = docx.Document(str(path))
    assert [p.text for p in marked.paragraphs] == [p.text for p in before.paragraphs]
    shaded = [r for r in marked.paragraphs[1].runs if r._r.xpath("./w:rPr/w:shd")]
    assert "".join(run.text for run in shaded) == WRONG
    assert all(run.bold for run in shaded)
    assert [comment.text.splitlines()[0] for comment in marked.comments] == [
        "应为：通辽市科尔沁区"
    ] * 2
    header = marked.sections[0].header.paragraphs[0].runs[0]
    assert header._r.xpath("./w:rPr/w:shd")


def test_the_marked_workbook_keeps_its_cells_and_says_why(register: Store, written: Write) -> None:
    path = written("a.xlsx", sheet())
    checked = check_document(register, path)
    book = openpyxl.load_workbook(io.BytesIO(marked_copy(checked, path, "en")))
    cell = book["Sheet"]["B3"]
    assert cell.value == f"寄往{WRONG}"
    assert cell.comment.text.startswith("standard: 通辽市科尔沁区")
    assert cell.fill.fgColor.rgb == "00FFC7CE"
    assert book["二"]["C6"].value == "=1+1"


def test_a_text_is_marked_as_a_page_and_nothing_in_it_is_markup(register: Store) -> None:
    checked = check_pasted(register, f"<script>alert(1)</script>{WRONG}<img onerror=x>")
    page = marked_html(checked)
    assert "<script>" not in page
    assert "<img" not in page
    assert f">{WRONG}</mark><ins>通辽市科尔沁区</ins>" in page


def test_a_text_cannot_be_marked_as_a_document(register: Store, written: Write) -> None:
    path = written("a.txt", WRONG.encode())
    with pytest.raises(InvalidFile, match="DOCX and XLSX only"):
        marked_copy(check_document(register, path), path)


def test_two_marks_in_one_run(register: Store, written: Write) -> None:
    made = docx.Document()
    made.add_paragraph("从呼和皓特市到鄂尔多丝市，再到通辽市。")
    content = io.BytesIO()
    made.save(content)
    path = written("b.docx", content.getvalue())
    marked = docx.Document(io.BytesIO(marked_copy(check_document(register, path), path)))
    runs = [run.text for run in marked.paragraphs[0].runs if run.text]
    assert runs == ["从", "呼和皓特市", "到", "鄂尔多丝市", "，再到通辽市。"]


@pytest.mark.parametrize("text", ["", " \n\u3000"])
def test_nothing_to_check_is_refused(register: Store, text: str) -> None:
    with pytest.raises(InvalidValue, match="paste the text"):
        check_pasted(register, text)


def test_a_long_text_is_checked_in_blocks_with_true_offsets(register: Store) -> None:
    line = "各旗县区要提高认识，加强领导，抓好落实，确保按时完成任务。"
    count = 520_000 // len(line)
    checked = check_pasted(register, "\n".join([line] * count + [f"寄往{WRONG}"]))
    (found,) = checked.as_json()["findings"]
    assert (found["place"]["number"], found["offset"], found["text"]) == (count + 1, 2, WRONG)
