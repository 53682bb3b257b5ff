"""Documents from outside: read as they are, refused with a sentence, never followed."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pypdf import PdfWriter

from data.errors import FileTooLarge, InvalidFile, UnknownFormat
from data.formats import UPLOAD_LIMITS, Limits, Mark, mark_document, read_document

Write = Callable[[bytes], Path]
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(content: bytes) -> Path:
        path = tmp_path / "upload.bin"
        path.write_bytes(content)
        return path

    return written


def word(made: docx.document.Document) -> bytes:
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def repacked(content: bytes, **replaced: bytes) -> bytes:
    """A zip with members replaced or added; `__` stands for `/`, `_dot_` for a dot."""
    new = {n.replace("__", "/").replace("_dot_", "."): c for n, c in replaced.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as made:
        for member in old.infolist():
            made.writestr(member.filename, new.pop(member.filename, None) or old.read(member))
        for name, added in new.items():
            made.writestr(name, added)
    return out.getvalue()


def pdf(text: str | None, lock: str | None = None) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(400, 400)
    if text:
        from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 50 300 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
    if lock:
        writer.encrypt(lock, algorithm="RC4-128")
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def test_what_a_reader_does_not_see_is_no_text(write: Write) -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("看得见")
    for xml in (
        f'<w:del {nsdecls("w")} w:id="1"><w:r><w:delText>删去</w:delText></w:r></w:del>',
        f'<w:r {nsdecls("w")}><w:instrText>INCLUDETEXT "http://x/y"</w:instrText></w:r>',
        f'<w:ins {nsdecls("w")} w:id="2" w:author="a"><w:r><w:t>插入</w:t></w:r></w:ins>',
    ):
        paragraph._p.append(parse_xml(xml))
    document = read_document(write(word(made)))
    assert [piece.text for piece in document.pieces] == ["看得见插入"]


def test_references_to_the_outside_are_counted_and_never_fetched(
    write: Write, canary: tuple[str, list[str]]
) -> None:
    address, asked = canary
    made = docx.Document()
    made.add_paragraph("通辽市")
    for kind in ("attachedTemplate", "image", "hyperlink"):
        made.part.relate_to(
            f"{address}/{kind}",
            f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}",
            is_external=True,
        )
    path = write(word(made))
    document = read_document(path)
    assert document.external == 3
    assert "network" in document.guards
    mark_document(path, [Mark(0, 0, 3, "FFC7CE", "why")])
    assert asked == []


@pytest.mark.parametrize(
    ("content", "kind", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, UnknownFormat, "old Office file"),
        (b"{\\rtf1 hello}", UnknownFormat, "RTF"),
        (b"\x89PNG\r\n\x1a\n", UnknownFormat, "picture"),
        (b"%PDF-1.7 nothing else", InvalidFile, "PDF is damaged"),
        (b"\x00" * 500 + b"text", InvalidFile, "no text but data"),
        (b"   \n\n", InvalidFile, "no text"),
        (b"", InvalidFile, "empty"),
    ],
)
def test_what_is_no_document_is_refused_with_a_sentence(
    write: Write, content: bytes, kind: type[InvalidFile], sentence: str
) -> None:
    with pytest.raises(kind, match=sentence) as refused:
        read_document(write(content), file_name="通知.docx")
    assert refused.value.message.startswith("通知.docx: ")
    assert refused.value.zh.startswith("通知.docx：")


def test_an_encrypted_pdf_gets_a_sentence(write: Write) -> None:
    with pytest.raises(InvalidFile, match="encrypted") as refused:
        read_document(write(pdf("text", lock="closed")))
    assert "加密" in refused.value.zh


def test_a_pdf_of_pictures_gets_a_sentence(write: Write) -> None:
    with pytest.raises(InvalidFile, match="OCR"):
        read_document(write(pdf(None)))


def test_the_text_of_a_pdf(write: Write) -> None:
    document = read_document(write(pdf("Hohhot Shi")))
    assert [(piece.place.said("en"), piece.text) for piece in document.pieces] == [
        ("page 1", "Hohhot Shi")
    ]


def test_a_file_of_300_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.docx"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(300 * 1024 * 1024)
    with pytest.raises(FileTooLarge, match="50 MiB"):
        read_document(path)


def test_a_document_that_unpacks_to_gigabytes_is_refused(write: Write) -> None:
    part = b"<w:t>" + b" " * (60 * 1024 * 1024)
    with pytest.raises(FileTooLarge, match="split the document"):
        read_document(write(repacked(word(docx.Document()), word__document_dot_xml=part)))


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(write: Write) -> None:
    content = io.BytesIO()
    openpyxl.Workbook().save(content)
    part = b"<x>" + b" " * (210 * 1024 * 1024)
    with pytest.raises(FileTooLarge, match="unpacked"):
        read_document(write(repacked(content.getvalue(), xl__huge_dot_xml=part)))


def test_entities_are_refused(write: Write) -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        b'<w:document xmlns:w="' + W.encode() + b'"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p>'
        b"</w:body></w:document>"
    )
    with pytest.raises(InvalidFile, match="damaged"):
        read_document(write(repacked(word(docx.Document()), word__document_dot_xml=bomb)))


def test_a_file_outside_is_not_read_by_an_entity(write: Write) -> None:
    leak = (
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
        b'<w:document xmlns:w="' + W.encode() + b'"><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p>'
        b"</w:body></w:document>"
    )
    with pytest.raises(InvalidFile, match="damaged"):
        read_document(write(repacked(word(docx.Document()), word__document_dot_xml=leak)))


def test_macros_are_refused(write: Write) -> None:
    made = word(docx.Document())
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        types = archive.read("[Content_Types].xml")
    types = types.replace(
        b"wordprocessingml.document.main", b"wordprocessingml.document.macroEnabled.main"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.infolist():
            own = member.filename == "[Content_Types].xml"
            new.writestr(member.filename, types if own else old.read(member))
    with pytest.raises(InvalidFile, match="macros"):
        read_document(write(out.getvalue()))


def test_too_many_characters_are_refused(write: Write) -> None:
    limits = Limits(max_text_chars=1000)
    with pytest.raises(FileTooLarge, match="1,000 characters"):
        read_document(write("通辽市\n".encode() * 400), limits=limits)


def test_broken_documents_are_refused(write: Write) -> None:
    made = word(docx.Document())
    for content in (made[:-200], repacked(made, word__document_dot_xml=b"<not xml")):
        with pytest.raises(InvalidFile):
            read_document(write(content))


def test_marks_that_overlap_become_one(write: Write) -> None:
    made = docx.Document()
    made.add_paragraph("哲里木盟科尔沁区")
    path = write(word(made))
    marks = [Mark(0, 0, 8, "FFC7CE", "path"), Mark(0, 0, 4, "FFEB9C", "league")]
    marked = docx.Document(io.BytesIO(mark_document(path, marks)))
    (comment,) = marked.comments
    assert comment.text == "league\npath"
    assert marked.paragraphs[0].text == "哲里木盟科尔沁区"


def test_what_is_before_a_mark_in_a_run_stays_before_it(write: Write) -> None:
    made = docx.Document()
    run = made.add_paragraph().add_run("到")
    run.add_tab()
    run.add_text("通辽市的")
    run.add_break()
    run.add_text("科尔沁区。")
    path = write(word(made))
    text = read_document(path).pieces[0].text
    assert text == "到\t通辽市的\n科尔沁区。"
    start = text.index("通辽市")
    marks = [Mark(0, start, start + 9, "FFC7CE", "why")]
    marked = docx.Document(io.BytesIO(mark_document(path, marks)))
    assert marked.paragraphs[0].text == text
    shaded = [r.text for r in marked.paragraphs[0].runs if r._r.xpath("./w:rPr/w:shd")]
    assert "".join(shaded) == "通辽市的科尔沁区"


def test_the_limits_of_uploads_hold_for_documents() -> None:
    assert UPLOAD_LIMITS.max_text_chars == 1_500_000
