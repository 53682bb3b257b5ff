"""Papers from outside: what is kept, and what is refused before anybody opens it."""

import io
import zipfile

import docx
import pytest
from openpyxl import Workbook

from data.attachments import MAX_ATTACHMENT_BYTES, check_attachment
from data.errors import FileTooLarge, InvalidFile, UnknownFormat

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def document() -> bytes:
    file = io.BytesIO()
    made = docx.Document()
    made.add_paragraph("一份材料")
    made.save(file)
    return file.getvalue()


def workbook() -> bytes:
    file = io.BytesIO()
    Workbook().save(file)
    return file.getvalue()


def changed(name: str, content: bytes | None, *, instead: bool = False) -> bytes:
    """A document with a member added or replaced."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document())) as whole,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for member in whole.namelist():
            if not (instead and member == name):
                made.writestr(member, whole.read(member))
        if content is not None:
            made.writestr(name, content)
    return file.getvalue()


def scrambled() -> bytes:
    """A document whose first list of relations is no deflated stream."""
    content = bytearray(document())
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        at = whole.getinfo("_rels/.rels").header_offset
    lengths = content[at + 26 : at + 30]
    begins = at + 30 + int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
    content[begins : begins + 8] = b"\xff" * 8
    return bytes(content)


def relations(kind: str, target: str, mode: str = "External") -> bytes:
    return (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId99" Type="{OFFICE}/{kind}"'
        f' Target="{target}" TargetMode="{mode}"/></Relationships>'
    ).encode()


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (b"%PDF-1.7 x", "application/pdf"),
        (b"\x89PNG\r\n\x1a\nx", "image/png"),
        (b"\xff\xd8\xff\xe0x", "image/jpeg"),
        (document(), "wordprocessingml"),
        (workbook(), "spreadsheetml"),
    ],
)
def test_what_is_kept(content: bytes, media: str) -> None:
    found = check_attachment(content, "a")
    assert media in found.media_type
    assert found.size_bytes == len(content)


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("image", "http://127.0.0.1:9/p.png"),
        ("attachedTemplate", "file:///C:/evil.dotm"),
        ("oleObject", "https://127.0.0.1/x"),
        ("frame", "\\\\127.0.0.1\\share\\x"),
        ("hyperlink", "file:///etc/passwd"),
        ("hyperlink", "\\\\127.0.0.1\\share"),
    ],
)
def test_a_document_that_would_fetch_something_is_refused(kind: str, target: str) -> None:
    content = changed("word/_rels/settings.xml.rels", relations(kind, target))
    with pytest.raises(InvalidFile, match="outside itself") as caught:
        check_attachment(content, "材料.docx")
    assert "外部" in caught.value.zh


def test_a_link_that_a_reader_must_click_is_harmless() -> None:
    for target in ("https://example.invalid/", "mailto:a@example.invalid"):
        content = changed("word/_rels/settings.xml.rels", relations("hyperlink", target))
        assert check_attachment(content, "a.docx")
    inside = relations("image", "media/image1.png", "Internal")
    assert check_attachment(changed("word/_rels/settings.xml.rels", inside), "a.docx")


def test_300_megabytes_are_refused() -> None:
    with pytest.raises(FileTooLarge, match="50 MB"):
        check_attachment(bytes(300_000_000), "large.docx")
    assert MAX_ATTACHMENT_BYTES < 300_000_000


def test_300_megabytes_in_a_small_zip_are_refused() -> None:
    content = changed("word/media/flood.bin", bytes(300_000_000))
    assert len(content) < 1_000_000
    with pytest.raises(FileTooLarge, match="unpack"):
        check_attachment(content, "bomb.docx")


def test_a_lie_about_the_size_does_not_help() -> None:
    content = bytearray(changed("word/_rels/x.xml.rels", b" " * 40_000_000))
    size = (40_000_000).to_bytes(4, "little")
    while (at := content.find(size)) >= 0:
        content[at : at + 4] = (100).to_bytes(4, "little")
    with pytest.raises(InvalidFile):
        check_attachment(bytes(content), "liar.docx")


@pytest.mark.parametrize(
    "content",
    [
        changed("word/vbaProject.bin", b"x"),
        changed("word/_rels/x.xml.rels", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
        changed("word/_rels/x.xml.rels", b"<Relationships"),
        document()[:-40],
        scrambled(),
        b"PK\x03\x04 nothing",
        b"",
    ],
    ids=["macros", "entities", "broken list", "cut", "scrambled", "no zip", "empty"],
)
def test_broken_or_hostile_files_are_refused(content: bytes) -> None:
    with pytest.raises(InvalidFile):
        check_attachment(content, "a.docx")


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a",
        b"MZ\x90",
        b"\xd0\xcf\x11\xe0 old",
        b"<html>",
        changed("word/document.xml", None, instead=True),
    ],
)
def test_other_formats_are_refused_with_the_list_of_what_is_kept(content: bytes) -> None:
    with pytest.raises(UnknownFormat, match="DOCX"):
        check_attachment(content, "a.doc")


def test_too_many_parts_and_parts_twice() -> None:
    file = io.BytesIO(document())
    with zipfile.ZipFile(file, "a") as made:
        for number in range(2_001):
            made.writestr(f"word/x{number}", b"")
    with pytest.raises(FileTooLarge, match="parts"):
        check_attachment(file.getvalue(), "a.docx")
    with pytest.raises(InvalidFile, match="twice"):
        check_attachment(changed("WORD/document.xml", b"<a/>"), "a.docx")
